"""Connects HTML forms with pydantic forms: submitted values, errors, and fields as printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import EnumType
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from app.i18n.translate import N_, _
from app.kinds.base import A_CODE, Form
from app.kinds.locale_names import A_COUNTRY, A_LANGUAGE

F = TypeVar("F", bound=Form)

MESSAGES_BY_TYPE = {
    "missing": N_("Fill this in."),
    "string_too_short": N_("Fill this in."),
    "string_too_long": N_("This is too long. Use at most {max_length} characters."),
    # pydantic's error code where a validator has changed the text first.
    "too_short": N_("Fill this in."),
    "too_long": N_("This is too long. Use at most {max_length} characters."),
    "string_pattern_mismatch": N_("This value is not valid. Check it."),
    "enum": N_("Choose one of these."),
    "decimal_parsing": N_("Enter a number."),
    "int_parsing": N_("Enter a whole number."),
    "float_parsing": N_("Enter a number."),
    "date_from_datetime_parsing": N_("Enter a day, such as 2026-11-24."),
    "greater_than": N_("This must be more than {gt}."),
    "greater_than_equal": N_("This must be at least {ge}."),
    "less_than_equal": N_("This must be at most {le}."),
}

MESSAGES_BY_PATTERN = {
    A_CODE: N_("Use lower-case letters from a to z, digits and hyphens, such as daily-nk."),
    A_LANGUAGE: N_("Enter the name or code of a language, such as Korean, ko or zh-Hans."),
    A_COUNTRY: N_("Enter the name or code of a country, such as China or CN."),
}
"""Error messages of fields with a pattern."""


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
        kind = extra.get("input", "text")
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
            choices=_choices(described),
            offers=extra.get("offers", ""),
        )

    def but(self, name: str, error: str) -> "FilledForm[F]":
        """Return a copy with an error that was found after validation."""
        return replace(self, form=None, errors={**self.errors, name: error})


def fill(form: type[F], posted: Mapping[str, str], prefix: str = "") -> FilledForm[F]:
    typed = {name: posted[name] for name in form.model_fields if name in posted}
    try:
        return FilledForm(form, typed, form.model_validate(typed), prefix=prefix)
    except ValidationError as error:
        errors = {str(each["loc"][0]): error_message(each) for each in error.errors()}
        return FilledForm(form, typed, errors=errors, prefix=prefix)


def error_message(error: Any) -> str:
    """Return the message of a pydantic error, for the person who fills in the form."""
    context = error.get("ctx", {})
    words = MESSAGES_BY_PATTERN.get(context.get("pattern", "")) or MESSAGES_BY_TYPE.get(
        error["type"]
    )
    return _(words).format(**context) if words else str(error["msg"]).removeprefix("Value error, ")


def _default(field: FieldInfo) -> str:
    return "" if field.is_required() else str(field.default)


def _choices(field: FieldInfo) -> Sequence[tuple[str, str, str]]:
    """Return (code, label, definition) for each choice of a field, or ()."""
    if not isinstance(field.annotation, EnumType):
        return ()
    return [(code.value, _(code.label), _(code.definition)) for code in field.annotation]
