"""What people fill in to come in, to join and to look after their account."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from app.desk.identity.models import Role
from app.forms.base import Form, Line
from app.i18n.translate import N_, _

SHORTEST_PASSWORD = 12
GOOD_PASSWORD = N_(
    "At least 12 characters. Several words that do not belong together are easy to remember."
)


def _email(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", text):
        raise ValueError(_("This is not an e-mail address: it looks like name@example.org."))
    return text


def _same_letters(text: Any) -> Any:
    # One keyboard writes é as one character, another as two.
    return unicodedata.normalize("NFKC", text) if isinstance(text, str) else text


def _long_enough(text: str) -> str:
    if len(text) < SHORTEST_PASSWORD:
        raise ValueError(_("Use at least {count} characters.").format(count=SHORTEST_PASSWORD))
    return text


Email = Annotated[Line, StringConstraints(max_length=254), AfterValidator(_email)]
# Other forms drop blanks at the ends; those of a password are part of it.
Password = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, strip_whitespace=False),
    BeforeValidator(_same_letters),
]
NewPassword = Annotated[Password, AfterValidator(_long_enough)]
Called = Annotated[Line, StringConstraints(min_length=1, max_length=80)]


def _input(kind: str, autocomplete: str = "") -> dict[str, Any]:
    return {"input": kind, "autocomplete": autocomplete}


EMAIL = Field(title=N_("E-mail"), description="", json_schema_extra=_input("email", "username"))
NAME = Field(
    title=N_("Your name"),
    description=N_("As the others at the desk know you; a pseudonym will do."),
    json_schema_extra=_input("text", "nickname"),
)
NEW_PASSWORD = Field(
    title=N_("Password"),
    description=GOOD_PASSWORD,
    json_schema_extra=_input("password", "new-password"),
)
OWN_PASSWORD = Field(
    title=N_("Your password"),
    description=N_("So that nobody else can do this on a computer that you left open."),
    json_schema_extra=_input("password", "current-password"),
)
CODE = Field(
    title=N_("Code"),
    description=N_("Six digits from your app, or one of your recovery codes."),
    json_schema_extra=_input("text", "one-time-code"),
)
ROLE = Field(Role.CONTRIBUTOR, title=N_("Role"), description="", json_schema_extra=_input("choice"))
Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class SigningIn(Form):
    email: Email = EMAIL
    password: Password = Field(
        title=N_("Password"),
        description="",
        json_schema_extra=_input("password", "current-password"),
    )


class GivingCode(Form):
    code: Code = CODE


class Accepting(Form):
    """Who follows a link because the password is forgotten."""

    password: NewPassword = NEW_PASSWORD


class _Named(Form):
    name: Called = NAME


class _Addressed(Form):
    email: Email = EMAIL


class Joining(Accepting, _Named):
    """Who follows an invitation: the address is known, the name is theirs to choose."""


class BecomingFirst(Joining, _Addressed):
    """Who follows the very first link."""


class WithPassword(Form):
    """What takes one's own password: more than a browser that was left open."""

    own_password: Password = OWN_PASSWORD


class ChangingPassword(WithPassword):
    password: NewPassword = Field(
        title=N_("New password"),
        description=GOOD_PASSWORD,
        json_schema_extra=_input("password", "new-password"),
    )


class Signing(Form):
    signs_as: Annotated[Line, StringConstraints(max_length=80)] = Field(
        "",
        title=N_("Name for readers"),
        description=N_(
            "Left empty, readers see your role and no name beside the editions that you publish."
        ),
        json_schema_extra=_input("text"),
    )


class AddingPasskey(WithPassword):
    name: Called = Field(
        title=N_("Name of the passkey"),
        description=N_("Where it is kept, to tell it from others later."),
        json_schema_extra=_input("text"),
    )


class AddingFactor(WithPassword):
    secret: Annotated[str, StringConstraints(pattern=r"^[A-Z2-7]{32}$")] = Field(
        title=N_("Secret"), description="", json_schema_extra=_input("hidden")
    )
    code: Annotated[
        str,
        BeforeValidator(lambda text: text.replace(" ", "")),
        StringConstraints(pattern=r"^[0-9]{6}$"),
    ] = Field(
        title=N_("Code"),
        description=N_("The six digits that the app shows now."),
        json_schema_extra=_input("text", "one-time-code"),
    )


class Inviting(Form):
    email: Email = EMAIL
    role: Role = ROLE


class ChangingRole(Form):
    role: Role = ROLE
