"""Forms of signing in, joining, and changing one's account."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from app.desk.identity.models import DeskRole
from app.i18n.translate import N_, _
from app.kinds.base import Form, Line

MIN_PASSWORD_CHARACTERS = 12
PASSWORD_HINT = N_("At least 12 characters. Several unrelated words are easy to remember.")


def _normalise_email(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", text):
        raise ValueError(_("This is not an e-mail address. Enter one such as name@example.org."))
    return text


def _normalise_unicode(text: Any) -> Any:
    # Some keyboards write é as one character, others as two.
    return unicodedata.normalize("NFKC", text) if isinstance(text, str) else text


def _check_length(text: str) -> str:
    if len(text) < MIN_PASSWORD_CHARACTERS:
        raise ValueError(
            _("Use at least {count} characters.").format(count=MIN_PASSWORD_CHARACTERS)
        )
    return text


Email = Annotated[Line, StringConstraints(max_length=254), AfterValidator(_normalise_email)]
# Other fields strip surrounding blanks; in a password they count.
Password = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, strip_whitespace=False),
    BeforeValidator(_normalise_unicode),
]
NewPassword = Annotated[Password, AfterValidator(_check_length)]
DisplayName = Annotated[Line, StringConstraints(min_length=1, max_length=80)]


def _field(title: str, kind: str, autocomplete: str = "", hint: str = "") -> Any:
    extra: Any = {"input": kind, "autocomplete": autocomplete}
    return Field(title=title, description=hint, json_schema_extra=extra)


EMAIL = _field(N_("E-mail"), "email", "username")
NAME = _field(
    N_("Your name"), "text", "nickname", N_("Shown to others at the desk. A pseudonym is fine.")
)
NEW_PASSWORD = _field(N_("Password"), "password", "new-password", PASSWORD_HINT)
OWN_PASSWORD = _field(
    N_("Your password"), "password", "current-password", N_("Confirms that it is you.")
)
ROLE = Field(DeskRole.CONTRIBUTOR, title=N_("Role"), description="")
Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class SignInForm(Form):
    email: Email = EMAIL
    password: Password = _field(N_("Password"), "password", "current-password")


class SecondFactorForm(Form):
    code: Code = _field(
        N_("Code"),
        "text",
        "one-time-code",
        N_("Six digits from your app, or one of your recovery codes."),
    )


class NewPasswordForm(Form):
    """A new password, set with a link."""

    password: NewPassword = NEW_PASSWORD


class _NameForm(Form):
    name: DisplayName = NAME


class _EmailForm(Form):
    email: Email = EMAIL


class JoinForm(NewPasswordForm, _NameForm):
    """An invited person's name and password. The address is known."""


class FirstPersonForm(JoinForm, _EmailForm):
    """The first person's address, name and password."""


class OwnPasswordForm(Form):
    """Repeats the password, as a protection where a browser was left open."""

    own_password: Password = OWN_PASSWORD


class ChangePasswordForm(OwnPasswordForm):
    password: NewPassword = _field(N_("New password"), "password", "new-password", PASSWORD_HINT)


class SignatureForm(Form):
    signs_as: Annotated[Line, StringConstraints(max_length=80)] = Field(
        "",
        title=N_("Name shown to readers"),
        description=N_("If empty, readers see only your role beside your editions."),
    )


class AddPasskeyForm(OwnPasswordForm):
    name: DisplayName = _field(
        N_("Name of the passkey"), "text", hint=N_("Where it is stored, such as “Phone”.")
    )


class AddAppForm(OwnPasswordForm):
    secret: Annotated[str, StringConstraints(pattern=r"^[A-Z2-7]{32}$")] = _field(
        N_("Secret"), "hidden"
    )
    code: Annotated[
        str,
        BeforeValidator(lambda text: text.replace(" ", "")),
        StringConstraints(pattern=r"^[0-9]{6}$"),
    ] = _field(N_("Code"), "text", "one-time-code", N_("The six digits that the app shows now."))


class InviteForm(Form):
    email: Email = EMAIL
    role: DeskRole = ROLE


class ChangeRoleForm(Form):
    role: DeskRole = ROLE
