"""Connects HTML forms with pydantic forms: submitted values, errors, and fields as printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from app.documents import error_message
from app.i18n.formats import as_sentence
from app.i18n.translate import _
from app.kinds.base import Form
from app.vocabulary.code import Code

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
