"""A draft's document: what was typed, exactly, in the shape of its form. Here it is read, changed, and understood.

Every value is a text, also where the form has a number or a mark, and every repeated row has a key of its own under
`row`, so that two states of a draft know which row is which. A path names a place in it as inputs and errors do:
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

from app.desk.ui.html_forms import in_words
from app.forms.base import Entry, Form, rows_of

Document = dict[str, Any]
F = TypeVar("F", bound=Form)

ROW = "row"
YES = "yes"
NUMBERS = (Decimal, int, float)
KEY = re.compile(r"[0-9a-f]{1,8}", re.ASCII)
INDEX = re.compile(r"[0-9]{1,4}", re.ASCII)
# A comma between groups of three, or a blank, of the kinds that do not break a line too: 20,000 or 20 000.
GROUPED = re.compile(r"-?[0-9]{1,3}(?:[ ,\u00a0\u202f][0-9]{3})+(?:\.[0-9]+)?")

SENT_AS = {"form": "form-of-figure"}
"""A field is a property of its form in a browser: `form` would hide from scripts to which form a button belongs."""
READ_AS = {sent: name for name, sent in SENT_AS.items()}

Understand = Callable[[type[Form], str, Document], str]
"""What a text stands for in that field of that row: the code of a place that was typed by one of its names."""


def as_typed(_form: type[Form], name: str, document: Document) -> str:
    text: str = document[name]
    return text


# From a page ------------------------------------------------------------------------------------------------------


def read(form: type[Form], posted: Mapping[str, str]) -> Document:
    """The document in the fields of a posted page, with only what the form has; what is missing is empty."""
    tree: dict[str, Any] = {}
    for path, text in posted.items():
        *above, name = READ_AS.get(path, path).split(".")
        branch = tree
        for part in above:
            deeper = branch.setdefault(part, {})
            if not isinstance(deeper, dict):
                break
            branch = deeper
        else:
            branch[name] = text
    return _read(form, tree)


def is_of(form: type[Form], posted: Mapping[str, str]) -> bool:
    """Whether a page sent any of the form's boxes, empty or not; ids alone are none."""
    sent = {READ_AS.get(path, path).partition(".")[0] for path in posted}
    return bool(sent & (form.model_fields.keys() - {"id"}))


def _read(form: type[Form], tree: Mapping[str, Any]) -> Document:
    document: Document = {}
    for name, described in form.model_fields.items():
        found = tree.get(name)
        if child := rows_of(described):
            branches = found if isinstance(found, dict) else {}
            indexes = sorted((index for index in branches if INDEX.fullmatch(index)), key=int)
            document[name] = _rows(child, [branches[index] for index in indexes])
        else:
            document[name] = clean(found) if isinstance(found, str) else ""
    return document


def _rows(form: type[Form], branches: Sequence[Any]) -> list[Document]:
    rows: dict[str, Document] = {}
    for branch in branches:
        if isinstance(branch, dict):
            key = branch.get(ROW)
            # Two rows with one key would be taken for one.
            key = (
                key
                if isinstance(key, str) and KEY.fullmatch(key) and key not in rows
                else new_key()
            )
            rows[key] = {ROW: key, **_read(form, branch)}
    return list(rows.values())


def clean(typed: str) -> str:
    """What was typed, with plain line ends (a browser sends CR LF) and without NUL, which no database keeps."""
    return (
        typed.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    )


def flat(form: type[Form], document: Document, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Path and text of every field, the keys of rows among them: what a page has to send for `read` to give it back."""
    if ROW in document:
        yield f"{prefix}{ROW}", document[ROW]
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            for index, row in enumerate(document[name]):
                yield from flat(child, row, f"{prefix}{name}.{index}.")
        else:
            yield f"{prefix}{name}", document[name]


def fitting(form: type[Form], kept: Document) -> Document:
    """A document that was kept under an earlier release, in the shape that its form has now."""
    document: Document = {ROW: kept[ROW]} if ROW in kept else {}
    empty = blank(form)
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            document[name] = [fitting(child, row) for row in kept.get(name, [])]
        else:
            document[name] = kept.get(name, empty[name])
    return document


# From a form ------------------------------------------------------------------------------------------------------


def blank(form: type[Form], **texts: Any) -> Document:
    """A document in which nothing was typed: defaults, and one row wherever one is needed."""
    document: Document = {}
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            document[name] = [blank_row(child)] if described.is_required() else []
        else:
            document[name] = "" if described.is_required() else _typed(described.default)
    return document | texts


def blank_row(form: type[Form], **texts: Any) -> Document:
    return {ROW: new_key(), **blank(form, **texts)}


def document_of(form: Form) -> Document:
    """A form as if somebody had typed it. Its rows have the same keys each time."""
    document: Document = {}
    for name, described in type(form).model_fields.items():
        value = getattr(form, name)
        if rows_of(described):
            document[name] = [
                {ROW: str(index), **document_of(row)} for index, row in enumerate(value)
            ]
        else:
            document[name] = _typed(value)
    return document


def _typed(value: Any) -> str:
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


# Rows -------------------------------------------------------------------------------------------------------------


def rows_at(document: Document, path: str) -> list[Document]:
    """The rows that a path such as `citations.0.chain` names. A path that names none raises LookupError."""
    rows: Any = document
    for part in path.split("."):
        rows = (
            rows[int(part)]
            if isinstance(rows, list) and INDEX.fullmatch(part)
            else _branch(rows, part)
        )
    if not isinstance(rows, list):
        raise LookupError(path)
    return rows


def row_at(document: Document, path: str) -> tuple[list[Document], int]:
    """The rows among which that row stands, and its place there."""
    rows, _dot, index = path.rpartition(".")
    found = rows_at(document, rows)
    if not INDEX.fullmatch(index) or int(index) >= len(found):
        raise LookupError(path)
    return found, int(index)


def text_at(document: Document, path: str) -> str:
    """What stands in one field. A path that names none raises LookupError."""
    at, _dot, name = path.rpartition(".")
    if at:
        rows, index = row_at(document, at)
        document = rows[index]
    text = document.get(name)
    if not isinstance(text, str):
        raise LookupError(path)
    return text


def put(document: Document, path: str, text: str) -> None:
    """Sets one field, as if it had been typed."""
    at, _dot, name = path.rpartition(".")
    if at:
        rows, index = row_at(document, at)
        document = rows[index]
    if not isinstance(document.get(name), str) or name == ROW:
        raise LookupError(path)
    document[name] = clean(text)


def _branch(rows: Any, part: str) -> Any:
    if not isinstance(rows, dict):
        raise LookupError(part)
    return rows[part]


# What it means ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Checked(Generic[F]):
    """A document as its form, or what is wrong with it: sentences by path; "" is the whole."""

    form: F | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def check(
    form: type[F], document: Document, understand: Understand = as_typed, entry: Entry | None = None
) -> Checked[F]:
    """What the document says, if it says anything: names are understood, and the form's own rules hold.

    With `entry` dates are also compared with today: for what is entered now, rather than stored.
    """
    try:
        return Checked(form.model_validate(_values(form, document, understand), context=entry))
    except ValidationError as error:
        errors: dict[str, str] = {}
        for each in error.errors():
            # A field that takes one of two things has two errors; the first speaks of the more likely.
            errors.setdefault(_path(form, each["loc"]), in_words(each))
        return Checked(errors=errors)


def _values(form: type[Form], document: Document, understand: Understand) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            values[name] = [_values(child, row, understand) for row in document[name]]
        elif described.annotation is bool:
            values[name] = document[name] == YES
        elif text := understand(form, name, document):
            values[name] = _value(described, text)
    return values


def _value(described: FieldInfo, text: str) -> Any:
    if str(described.annotation).startswith("list["):
        return [part.strip() for part in re.split(r"[,;、，]", text) if part.strip()]
    if is_number(described) and GROUPED.fullmatch(text.strip()):
        return re.sub(r"[ ,\u00a0\u202f]", "", text)
    return text


def is_number(described: FieldInfo) -> bool:
    return any(kind in NUMBERS for kind in _kinds(described.annotation))


def _kinds(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(annotation):
        yield from _kinds(inner)


def _path(form: type[Form], location: Sequence[int | str]) -> str:
    """Where an error belongs. What follows a field's name in it tells only by which rule the field failed."""
    parts: list[str] = []
    here: type[Form] | None = form
    for part in location:
        if isinstance(part, int):
            parts.append(str(part))
        elif here is None or part not in here.model_fields:
            break
        else:
            parts.append(part)
            here = rows_of(here.model_fields[part])
    return ".".join(parts)
