"""The document of a draft: what was typed, exactly, in the shape of its form.

Each value is a text, also for numbers and booleans. Each repeated row has a key under `row`, so
that rows of two states can be matched. A path names a field as inputs and errors do:
`citations.0.chain.1.words`.
"""

import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from app.desk.ui.html_forms import error_message
from app.i18n.translate import _
from app.kinds.base import Entry, Form, rows_of

Document = dict[str, Any]
F = TypeVar("F", bound=Form)

ROW = "row"
YES = "yes"
NUMBER_TYPES = (Decimal, int, float)
KEY = re.compile(r"[0-9a-f]{1,8}", re.ASCII)
INDEX = re.compile(r"[0-9]{1,4}", re.ASCII)
# Groups of three digits, separated by commas or (non-breaking) spaces: 20,000 or 20 000.
GROUPED_DIGITS = re.compile(r"-?[0-9]{1,3}(?:[ ,\u00a0\u202f][0-9]{3})+(?:\.[0-9]+)?")

INPUT_NAMES = {"form": "form-of-figure"}
"""Input names that differ from the field.

In browsers, an input named `form` hides its form property.
"""
FIELD_NAMES = {sent: name for name, sent in INPUT_NAMES.items()}

NameResolver = Callable[[type[Form], str, Document], str]
"""Returns the value of a typed text, such as the code of the place that it names."""


def as_typed(_form: type[Form], name: str, document: Document) -> str:
    text: str = document[name]
    return text


# From a page ------------------------------------------------------------------------------------


def read_document(form: type[Form], posted: Mapping[str, str]) -> Document:
    """Return the document of a posted form. Unknown fields are ignored, missing ones are empty."""
    tree: dict[str, Any] = {}
    for path, text in posted.items():
        *above, name = FIELD_NAMES.get(path, path).split(".")
        branch = tree
        for part in above:
            deeper = branch.setdefault(part, {})
            if not isinstance(deeper, dict):
                break
            branch = deeper
        else:
            branch[name] = text
    return _read(form, tree)


def has_fields_of(form: type[Form], posted: Mapping[str, str]) -> bool:
    """Whether a page sent any field of the form, empty or not. The id does not count."""
    sent = {FIELD_NAMES.get(path, path).partition(".")[0] for path in posted}
    return bool(sent & (form.model_fields.keys() - {"id"}))


def _read(form: type[Form], tree: Mapping[str, Any]) -> Document:
    document: Document = {}
    for name, field_info in form.model_fields.items():
        value = tree.get(name)
        if child := rows_of(field_info):
            branches = value if isinstance(value, dict) else {}
            indexes = sorted((index for index in branches if INDEX.fullmatch(index)), key=int)
            document[name] = _rows(child, [branches[index] for index in indexes])
        else:
            document[name] = clean(value) if isinstance(value, str) else ""
    return document


def _rows(form: type[Form], branches: Sequence[Any]) -> list[Document]:
    rows: dict[str, Document] = {}
    for branch in branches:
        if isinstance(branch, dict):
            key = branch.get(ROW)
            # Two rows with the same key would be treated as one.
            key = (
                key
                if isinstance(key, str) and KEY.fullmatch(key) and key not in rows
                else new_key()
            )
            rows[key] = {ROW: key, **_read(form, branch)}
    return list(rows.values())


def clean(typed: str) -> str:
    """Normalise line ends (browsers send CR LF) and replace NUL, which PostgreSQL rejects."""
    return (
        typed.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    )


def flatten(form: type[Form], document: Document, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield path and text of each field and row key; `read_document` makes a document of them."""
    if ROW in document:
        yield f"{prefix}{ROW}", document[ROW]
    for name, field_info in form.model_fields.items():
        if child := rows_of(field_info):
            for index, row in enumerate(document[name]):
                yield from flatten(child, row, f"{prefix}{name}.{index}.")
        else:
            yield f"{prefix}{name}", document[name]


def fit_to_form(form: type[Form], stored: Document) -> Document:
    """Return a document stored by an earlier release in the shape of the present form."""
    document: Document = {ROW: stored[ROW]} if ROW in stored else {}
    defaults = blank(form)
    for name, field_info in form.model_fields.items():
        if child := rows_of(field_info):
            document[name] = [fit_to_form(child, row) for row in stored.get(name, [])]
        else:
            document[name] = stored.get(name, defaults[name])
    return document


# From a form ------------------------------------------------------------------------------------


def blank(form: type[Form], **texts: Any) -> Document:
    """Return an empty document: with defaults, and one row in each required list."""
    document: Document = {}
    for name, field_info in form.model_fields.items():
        if child := rows_of(field_info):
            document[name] = [blank_row(child)] if field_info.is_required() else []
        else:
            document[name] = "" if field_info.is_required() else _as_text(field_info.default)
    return document | texts


def blank_row(form: type[Form], **texts: Any) -> Document:
    return {ROW: new_key(), **blank(form, **texts)}


def document_of(form: Form) -> Document:
    """Return the document of a form. Its rows have the same keys each time."""
    document: Document = {}
    for name, field_info in type(form).model_fields.items():
        value = getattr(form, name)
        if rows_of(field_info):
            document[name] = [
                {ROW: str(index), **document_of(row)} for index, row in enumerate(value)
            ]
        else:
            document[name] = _as_text(value)
    return document


def _as_text(value: Any) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return YES
        case list():
            return ", ".join(value)
        case Decimal():
            return f"{value.normalize():f}"
    return str(value)


def new_key() -> str:
    return secrets.token_hex(4)


# Rows -------------------------------------------------------------------------------------------


def rows_at(document: Document, path: str) -> list[Document]:
    """Return the rows of a path such as `citations.0.chain`.

    Raises LookupError if there are none.
    """
    rows: Any = document
    for part in path.split("."):
        rows = (
            rows[int(part)]
            if isinstance(rows, list) and INDEX.fullmatch(part)
            else _child_of(rows, part)
        )
    if not isinstance(rows, list):
        raise LookupError(path)
    return rows


def row_at(document: Document, path: str) -> tuple[list[Document], int]:
    """Return the list that holds a row, and the row's index."""
    rows, _dot, index = path.rpartition(".")
    by_index = rows_at(document, rows)
    if not INDEX.fullmatch(index) or int(index) >= len(by_index):
        raise LookupError(path)
    return by_index, int(index)


def text_at(document: Document, path: str) -> str:
    """Return the text of a field. Raises LookupError if there is none."""
    at, _dot, name = path.rpartition(".")
    if at:
        rows, index = row_at(document, at)
        document = rows[index]
    text = document.get(name)
    if not isinstance(text, str):
        raise LookupError(path)
    return text


def set_text(document: Document, path: str, text: str) -> None:
    """Set a field, as if it had been typed."""
    at, _dot, name = path.rpartition(".")
    if at:
        rows, index = row_at(document, at)
        document = rows[index]
    if not isinstance(document.get(name), str) or name == ROW:
        raise LookupError(path)
    document[name] = clean(text)


def _child_of(rows: Any, part: str) -> Any:
    if not isinstance(rows, dict):
        raise LookupError(part)
    return rows[part]


# Validation -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ValidationResult(Generic[F]):
    """The form, or errors by path; the path "" is the whole form."""

    form: F | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def validate(
    form: type[F],
    document: Document,
    understand: NameResolver = as_typed,
    entry: Entry | None = None,
) -> ValidationResult[F]:
    """Validate a document by its form's rules.

    With `entry`, dates are also compared with today: for new entries, rather than stored ones.
    """
    try:
        return ValidationResult(
            form.model_validate(_parse_all(form, document, understand), context=entry)
        )
    except ValidationError as error:
        errors: dict[str, str] = {}
        for each in error.errors():
            # A field with two types has two errors; the first is of the likelier type.
            path, message = _path_of_error(form, each["loc"]), error_message(each)
            if each["loc"][-1:] and isinstance(each["loc"][-1], int) and not path[-1:].isdigit():
                message = _("{error} Separate values with commas.").format(error=message)
            errors.setdefault(path, message)
        return ValidationResult(errors=errors)


def _parse_all(form: type[Form], document: Document, understand: NameResolver) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, field_info in form.model_fields.items():
        if child := rows_of(field_info):
            values[name] = [_parse_all(child, row, understand) for row in document[name]]
        elif field_info.annotation is bool:
            values[name] = document[name] == YES
        elif text := understand(form, name, document):
            values[name] = _parse(field_info, text)
    return values


def _parse(field_info: FieldInfo, text: str) -> Any:
    if str(field_info.annotation).startswith("list["):
        return [part.strip() for part in re.split(r"[,;、，]", text) if part.strip()]
    return without_grouping(text) if is_number(field_info) else text


def without_grouping(text: str) -> str:
    """Return a number as typed without its thousands separators; other text as it is."""
    if GROUPED_DIGITS.fullmatch(text.strip()):
        return re.sub(r"[ ,\u00a0\u202f]", "", text)
    return text


def is_number(field_info: FieldInfo) -> bool:
    return any(kind in NUMBER_TYPES for kind in _types_in(field_info.annotation))


def _types_in(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(annotation):
        yield from _types_in(inner)


def _path_of_error(form: type[Form], location: Sequence[int | str]) -> str:
    """Return the path that an error belongs to.

    Parts of a location after the field's name only tell which rule failed.
    """
    parts: list[str] = []
    current_form: type[Form] | None = form
    for part in location:
        if isinstance(part, int) and current_form is not None:
            parts.append(str(part))
        elif isinstance(part, int) or current_form is None or part not in current_form.model_fields:
            break
        else:
            parts.append(part)
            current_form = rows_of(current_form.model_fields[part])
    return ".".join(parts)
