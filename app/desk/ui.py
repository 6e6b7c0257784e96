"""The frame of the desk's pages, and HTML forms: what was typed, errors, and fields as printed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, NamedTuple, TypeVar, get_args

from fastapi import Request
from markupsafe import Markup, escape
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from starlette.responses import RedirectResponse, Response

from app.desk.approved.store import RECORD_ID
from app.desk.identity import notices
from app.desk.identity.models import DeskRole, Person, SignIn
from app.documents import error_message
from app.i18n.formats import as_sentence
from app.i18n.translate import N_, _
from app.kinds.base import Form
from app.record.publishing.validation import MAX_REASON_CHARACTERS
from app.vocabulary.code import Code
from app.web.page import page
from app.web.state import app_state
from app.web.urls import url

C, E, A = DeskRole.CONTRIBUTOR, DeskRole.EDITOR, DeskRole.ADMIN
DOORS = (
    (N_("Reports"), (("articles", N_("Reports"), C),)),
    (
        N_("Review"),
        (("reviews", N_("Review"), E), ("confirmations", N_("Second person"), E)),
    ),
    (
        N_("Records"),
        (
            ("desk-search", N_("Find or begin"), C),
            ("bulk", N_("Bulk edit"), E),
            ("imports", N_("Import"), E),
            ("quality", N_("Quality"), E),
        ),
    ),
    (N_("Round"), (("round", N_("Round"), C),)),
    (
        N_("Settings"),
        (
            ("account", N_("Your account"), C),
            ("notices", N_("Notices"), C),
            ("feeds", N_("Watched feeds"), E),
            ("pages", N_("Pages of the site"), E),
            ("vocabulary", N_("Codes"), A),
            ("people", N_("People"), A),
            ("audit", N_("Audit log"), A),
        ),
    ),
)
"""The menu of the desk: each entry with its pages, by route, label and role."""
ID = re.compile(rf"\b{RECORD_ID.pattern}\b", re.ASCII)
MenuEntry = tuple[str, str, bool]
"""Label, address, and whether the page that is shown belongs to it."""


def desk_page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    return page(request, template, edition=None, status=status, frame=_frame(request), **context)


def see_other(request: Request, address: str, notice: str = "") -> Response:
    """Redirect after an action, and show the notice on the next page."""
    if notice:
        request.state.sign_in.notice = notice
    if "hx-request" in request.headers:
        # htmx would insert the target of a plain redirect into the current page.
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _frame(request: Request) -> dict[str, Any] | None:
    """Return what `desk/base.html` shows around a page, if somebody is signed in."""
    person: Person | None = getattr(request.state, "person", None)
    if person is None:
        return None
    sign_in: SignIn = request.state.sign_in
    notice, sign_in.notice = sign_in.notice or "", None
    here = request.url.path
    doors = [] if request.state.must_enrol else [_door(person, here, *door) for door in DOORS]
    return {
        "who": person.called,
        "role": _(DeskRole(person.role).label),
        "menu": [entry for entry, pages in doors if pages],
        # Those of the menu entry that is open, if it has several.
        "pages": next((pages for entry, pages in doors if entry[2] and len(pages) > 1), ()),
        "notice": _with_links(notice),
        "warnings": [(notices.text_of(each), each) for each in request.state.account_notices],
        "advice": notices.advice(),
        "here": here,
        "unread": request.state.unread_notices,
        "needs_second_person": not app_state(request).settings.one_person_desk,
    }


def _with_links(notice: str) -> Markup:
    """Return a notice in which each id leads to its record."""
    address = url("desk-record", record="…")

    def link(found: re.Match[str]) -> str:
        return f'<a href="{address.replace("…", found[0])}">{found[0]}</a>'

    return Markup(ID.sub(link, str(escape(notice))))  # noqa: S704 - escaped before


def _door(
    person: Person, here: str, label: str, pages: Sequence[tuple[str, str, DeskRole]]
) -> tuple[MenuEntry, list[MenuEntry]]:
    """Return an entry of the menu, and those of its pages that the person may open."""
    shown = [
        (_(title), url(name), here == url(name) or here.startswith(url(name) + "/"))
        for name, title, role in pages
        if person.may(role)
    ]
    is_open = any(is_current for _title, _address, is_current in shown)
    return (_(label), shown[0][1] if shown else "", is_open), shown


# Errors of a posted form --------------------------------------------------------------------------


REASON = "reason"
"""The id of the field of the published reason."""


class FormProblem(NamedTuple):
    """An error in a sentence, and the id of its field; "" if it is of no single field."""

    words: str
    field: str = ""


class FormProblems(list[FormProblem]):
    """The errors of a form, for its summary and beside its fields."""

    @classmethod
    def of_reasons(cls, reasons: Iterable[str]) -> "FormProblems":
        """Return what prevents an act, without fields: other records, or their states."""
        return cls(FormProblem(as_sentence(reason)) for reason in reasons)

    def of(self, field: str) -> str:
        return " ".join(each.words for each in self if each.field == field)


NO_PROBLEMS = FormProblems()


def reason_problems(reason: str, missing: str, field: str = REASON) -> list[FormProblem]:
    """Return what is wrong with a reason for readers; `missing` is the error of an empty one."""
    if not reason.strip():
        return [FormProblem(missing, field)]
    if len(reason.strip()) > MAX_REASON_CHARACTERS:
        words = _("The reason is too long. Use at most {max} characters.")
        return [FormProblem(words.format(max=MAX_REASON_CHARACTERS), field)]
    return []


# HTML forms ---------------------------------------------------------------------------------------


F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class FormFieldView:
    """A field as its template prints it.

    `kind` is an HTML input type, or `choice` for one of several.
    """

    id: str
    name: str
    title: str
    hint: str
    kind: str
    autocomplete: str
    value: str
    error: str
    is_needed: bool = True
    choices: Sequence[tuple[str, str, str]] = ()
    offers: str = ""
    """Id of the page's datalist with suggestions; "" if there is none."""

    @property
    def described_by(self) -> str:
        parts = [(self.hint, "hint"), (self.error, "error")]
        return " ".join(f"{self.id}-{part}" for words, part in parts if words)


@dataclass(frozen=True)
class FilledForm(Generic[F]):
    """A submitted form. `form` is None if there are errors.

    `prefix` keeps the ids of two forms on a page apart.
    """

    of: type[F]
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: F | None = field(default=None, repr=False)
    errors: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""

    @property
    def inputs(self) -> list[FormFieldView]:
        return [self[name] for name in self.of.model_fields]

    def __getitem__(self, name: str) -> FormFieldView:
        described = self.of.model_fields[name]
        extra: Any = described.json_schema_extra or {}
        choices = _choices(described)
        kind = extra.get("input", "choice" if choices else "text")
        return FormFieldView(
            id=self.prefix + name,
            name=name,
            title=_(described.title or ""),
            hint=_(described.description) if described.description else "",
            kind=kind,
            autocomplete=extra.get("autocomplete", ""),
            # A password is never sent back to the page.
            value="" if kind == "password" else self.typed.get(name, _default(described)),
            error=self.errors.get(name, ""),
            is_needed=described.is_required(),
            choices=choices,
        )

    def but(self, name: str, error: str) -> "FilledForm[F]":
        """Return a copy with an error that was found after validation."""
        return replace(self, form=None, errors={**self.errors, name: error})


def fill(form: type[F], posted: Mapping[str, str], prefix: str = "") -> FilledForm[F]:
    typed = {name: posted[name] for name in form.model_fields if name in posted}
    try:
        return FilledForm(form, typed, form.model_validate(typed), prefix=prefix)
    except ValidationError as error:
        errors = {
            str((*each["loc"], "")[0]): as_sentence(error_message(each)) for each in error.errors()
        }
        return FilledForm(form, typed, errors=errors, prefix=prefix)


def _default(field: FieldInfo) -> str:
    return "" if field.is_required() else str(field.default or "")


def _choices(field: FieldInfo) -> Sequence[tuple[str, str, str]]:
    """Return (code, label, definition) for each choice of a field, or ()."""
    if field.annotation is bool:
        return [("", _("No"), ""), ("yes", _("Yes"), "")]
    types = [each for each in (field.annotation, *get_args(field.annotation)) if each]
    enums = [each for each in types if isinstance(each, type) and issubclass(each, Code)]
    codes = [(code.value, _(code.label), _(code.definition)) for each in enums for code in each]
    is_optional = bool(codes) and field.annotation not in enums
    return [("", _("None"), ""), *codes] if is_optional else codes
