"""The document of a record: the texts of its form's fields, exactly as they were typed.

Parses, validates, compares, merges and aligns documents, and words their fields, for the desk and
the public changes.

Each value is a text, also for numbers and booleans. Each repeated row has a key under `row`, so
that rows of two states can be matched. A path names a field as inputs and errors do, by the
positions of rows: `citations.0.chain.1.words`; a place names it by their keys.
"""

import json
import re
import secrets
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import EnumType
from itertools import islice
from typing import Any, Generic, Literal, NamedTuple, TypeVar, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from app.dates.edtf import parse_or_none
from app.dates.wording import in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.kinds import EventToEvent, FigureToFigure, Form, Term, is_private, public
from app.kinds.base import (
    A_CODE,
    Entry,
    Holds,
    holds,
    is_list,
    kind_named,
    notes,
    rows_of,
)
from app.kinds.layout import Part, Rows, rows_in
from app.kinds.locale_names import A_COUNTRY, A_LANGUAGE
from app.vocabulary.code import Code
from app.vocabulary.events import KIND_OF_TERM
from app.vocabulary.kinds import NOUN_OF_KIND

Document = dict[str, Any]
F = TypeVar("F", bound=Form)
Row = TypeVar("Row")

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

RowPath = tuple[str, ...]
"""Names and row keys of a row's path: `("citations", "3f0c", "chain", "0")`. The record is `()`."""


class FieldAt(NamedTuple):
    """A field that holds no rows, in its row of a document."""

    form: type[Form]
    name: str
    row: Document
    path: str
    at: RowPath

    @property
    def text(self) -> str:
        return str(self.row[self.name])

    @property
    def is_private(self) -> bool:
        return is_private(self.form.model_fields[self.name])


def fields_of(
    form: type[Form], document: Document, prefix: str = "", at: RowPath = ()
) -> Iterator[FieldAt]:
    """Yield the fields of a document and of its rows, in the order of the form; some may miss."""
    for name, field_info in form.model_fields.items():
        if name not in document:
            continue
        if child := rows_of(field_info):
            for index, row in enumerate(document[name]):
                key = (*at, name, row.get(ROW, ""))
                yield from fields_of(child, row, f"{prefix}{name}.{index}.", key)
        else:
            yield FieldAt(form, name, document, f"{prefix}{name}", at)


def with_texts(
    form: type[Form], document: Document, text: Callable[[FieldAt], str], at: RowPath = ()
) -> Document:
    """Return the document with other texts in its fields and in those of its rows."""
    changed = dict(document)
    for name in form.model_fields.keys() & document.keys():
        if child := rows_of(form.model_fields[name]):
            changed[name] = [
                with_texts(child, row, text, (*at, name, row.get(ROW, "")))
                for row in document[name]
            ]
        else:
            changed[name] = text(FieldAt(form, name, document, name, at))
    return changed


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
            if not isinstance(key, str) or not KEY.fullmatch(key) or key in rows:
                key = new_key()
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


# From a form ------------------------------------------------------------------------------------


def blank(form: type[Form], **texts: Any) -> Document:
    """Return an empty document: with defaults, and one row in each required list."""
    document = _texts(form, {}, lambda _index, _row: {})
    for name, field_info in form.model_fields.items():
        if (child := rows_of(field_info)) and field_info.is_required():
            document[name] = [blank_row(child)]
    return document | texts


def blank_row(form: type[Form], **texts: Any) -> Document:
    return {ROW: new_key(), **blank(form, **texts)}


def document_of(form: Form) -> Document:
    """Return the document of a form. Its rows have the same keys each time."""
    return _texts(type(form), dict(form), lambda index, _row: {ROW: str(index)})


def public_document(form: type[Form], published: Mapping[str, Any]) -> Document:
    """Return the document of a published form; the ids of rows are their keys, if they have one."""
    return _texts(form, published, lambda _index, row: {ROW: row["id"]} if "id" in row else {})


def fit_to_form(form: type[Form], stored: Document) -> Document:
    """Return a document stored by an earlier release in the shape of the present form."""
    return {**_key(0, stored), **_texts(form, stored, _key)}


def _key(_index: int, row: Mapping[str, Any]) -> Document:
    return {ROW: row[ROW]} if ROW in row else {}


def _texts(
    form: type[Form], values: Mapping[str, Any], key: Callable[[int, Mapping[str, Any]], Document]
) -> Document:
    document: Document = {}
    for name, field_info in form.model_fields.items():
        if child := rows_of(field_info):
            rows = enumerate(map(dict, values.get(name) or ()))
            document[name] = [{**key(index, row), **_texts(child, row, key)} for index, row in rows]
        else:
            document[name] = _as_text(values[name]) if name in values else _default(field_info)
    return document


def _default(field_info: FieldInfo) -> str:
    return "" if field_info.is_required() else _as_text(field_info.default)


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


# Paths ------------------------------------------------------------------------------------------


def value_at(document: Document, path: str) -> Any:
    """Return the text, the row or the rows at a path. Raises LookupError if there are none."""
    value: Any = document
    for part in path.split("."):
        match value:
            case dict():
                value = value[part]
            case list() if INDEX.fullmatch(part):
                value = value[int(part)]
            case _:
                raise LookupError(path)
    return value


def rows_at(document: Document, path: str) -> list[Document]:
    """Return the rows of a path such as `citations.0.chain`. Raises LookupError."""
    rows = value_at(document, path)
    if not isinstance(rows, list):
        raise LookupError(path)
    return rows


def row_at(document: Document, path: str) -> tuple[list[Document], int]:
    """Return the list that holds a row, and the row's index. Raises LookupError."""
    rows, _dot, index = path.rpartition(".")
    if not isinstance(value_at(document, path), dict):
        raise LookupError(path)
    return rows_at(document, rows), int(index)


def set_text(document: Document, path: str, text: str) -> None:
    """Set a field, as if it had been typed. Raises LookupError."""
    at, _dot, name = path.rpartition(".")
    row = value_at(document, at) if at else document
    if name == ROW or not isinstance(row, dict) or not isinstance(row.get(name), str):
        raise LookupError(path)
    row[name] = clean(text)


def form_at(form: type[Form], path: str) -> type[Form]:
    """Return the form of the rows, or of the row, at a path or a place."""
    for name in filter(None, path.split(".")[::2]):
        form = rows_of(form.model_fields[name]) or form
    return form


def path_of(document: Document, place: Sequence[str]) -> str:
    """Return the path of a place; "" if it is gone."""
    path: list[str] = []
    value: Any = document
    for part in place:
        keys = [row[ROW] for row in value] if isinstance(value, list) else [*value]
        if part not in keys:
            return ""
        path.append(str(keys.index(part)) if isinstance(value, list) else part)
        value = value_at(document, ".".join(path))
    return ".".join(path)


# Validation -------------------------------------------------------------------------------------

A_NUMBER = N_("Enter a number, such as 20,000, 1.5 million, 2만 or 20 тысяч.")
MESSAGES_BY_TYPE = {
    "missing": N_("Fill this in."),
    "string_too_short": N_("Fill this in."),
    "string_too_long": N_("This is too long. Use at most {max_length} characters."),
    # pydantic's error code where a validator has changed the text first.
    "too_short": N_("Fill this in."),
    "too_long": N_("This is too long. Use at most {max_length} characters."),
    "string_pattern_mismatch": N_("This value is not valid. Check it."),
    "enum": N_("Choose one of these."),
    "decimal_parsing": A_NUMBER,
    "int_parsing": N_("Enter a whole number, such as 20 or 20,000."),
    "float_parsing": A_NUMBER,
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

NameResolver = Callable[[type[Form], str, Document], str]
"""Returns the value of a typed text, such as the code of the place that it names."""


@dataclass(frozen=True)
class ValidationResult(Generic[F]):
    """The form, or errors by path; the path "" is the whole form."""

    form: F | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def validate(
    form: type[F],
    document: Document,
    understand: NameResolver = lambda _form, name, row: str(row[name]),
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


def error_message(error: Any) -> str:
    """Return the message of a pydantic error, for the person who fills in the form."""
    context = error.get("ctx", {})
    words = MESSAGES_BY_PATTERN.get(context.get("pattern", "")) or MESSAGES_BY_TYPE.get(
        error["type"]
    )
    return _(words).format(**context) if words else str(error["msg"]).removeprefix("Value error, ")


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
    if is_list(field_info):
        return parts_of(text)
    return without_grouping(text) if is_number(field_info) else text


def parts_of(text: str) -> list[str]:
    """Return the values that are separated by commas or semicolons."""
    return [part.strip() for part in re.split(r"[,;、，]", text) if part.strip()]


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


# Comparing --------------------------------------------------------------------------------------

ORDER = "order"


@dataclass(frozen=True)
class DocumentDifference:
    """A field, a row, the order of rows, or all rows without a key; None if a side has no row."""

    kind: Literal["changed", "added", "removed", "moved", "replaced"]
    place: RowPath
    form: type[Form]
    """The form of the field or of the rows."""
    before: Any
    after: Any
    holders: Sequence[Document] = ()
    """The documents or rows that hold the field, before and after."""

    @property
    def name(self) -> str:
        return ".".join(self.place)


def differences(
    form: type[Form], before: Document, after: Document, at: RowPath = ()
) -> Iterator[DocumentDifference]:
    """Yield the differences in the order of the form's fields.

    Rows are matched by their keys, so that a moved row is still the same row.
    """
    for name, field_info in form.model_fields.items():
        was, now, place = before[name], after[name], (*at, name)
        if was == now:
            continue
        if child := rows_of(field_info):
            yield from _row_differences(child, was, now, place)
        else:
            yield DocumentDifference("changed", place, form, was, now, (before, after))


def _row_differences(
    form: type[Form], was: Sequence[Document], now: Sequence[Document], place: RowPath
) -> Iterator[DocumentDifference]:
    old, new = _by_key(was), _by_key(now)
    for key in dict.fromkeys([*old, *new]):
        path = (*place, key)
        if key not in new:
            yield DocumentDifference("removed", path, form, old[key], None)
        elif key not in old:
            yield DocumentDifference("added", path, form, None, new[key])
        else:
            yield from differences(form, old[key], new[key], path)
    if [each for each in old if each in new] != [each for each in new if each in old]:
        yield DocumentDifference("moved", (*place, ORDER), form, was, now)
    removed = [row for row in was if ROW not in row and row not in now]
    added = [row for row in now if ROW not in row and row not in was]
    if removed or added:
        yield DocumentDifference("replaced", place, form, removed, added)


def _by_key(rows: Sequence[Document]) -> dict[str, Document]:
    return {row[ROW]: row for row in rows if ROW in row}


# Merging ----------------------------------------------------------------------------------------

MINE, THEIRS = "mine", "theirs"


def changed_by(
    form: type[Form], began: Document, theirs: Document, mine: Document
) -> dict[str, str]:
    """Return by place who changed it: `mine`, `theirs`, or "" if both did."""
    changed = {
        side: [f"{each.name}." for each in differences(form, began, document)]
        for side, document in ((THEIRS, theirs), (MINE, mine))
    }
    sides = {}
    for each in differences(form, theirs, mine):
        place = f"{each.name}."
        by = [
            side
            for side, places in changed.items()
            if any(place.startswith(other) or other.startswith(place) for other in places)
        ]
        sides[each.name] = by[0] if len(by) == 1 else ""
    return sides


def merge_documents(
    form: type[Form],
    theirs: Document,
    mine: Document,
    sides: Mapping[str, str],
    default: str = THEIRS,
    *,
    at: RowPath = (),
) -> Document:
    """Merge two documents: where they differ, take the side of the place, or the default."""

    def is_mine(*place: str) -> bool:
        return (sides.get(".".join([*at, *place])) or default) == MINE

    document: Document = {ROW: theirs[ROW]} if ROW in theirs else {}
    for name, field_info in form.model_fields.items():
        child = rows_of(field_info)
        if child is None:
            document[name] = mine[name] if is_mine(name) else theirs[name]
            continue
        old, new = _by_key(theirs[name]), _by_key(mine[name])
        document[name] = rows = []
        for key in _merge_order(list(old), list(new), is_mine(name, ORDER)):
            if key in old and key in new:
                path = (*at, name, key)
                rows.append(merge_documents(child, old[key], new[key], sides, default, at=path))
            elif (key in new) == is_mine(name, key):
                rows.append(new[key] if key in new else old[key])
    return document


def _merge_order(old: Sequence[str], new: Sequence[str], is_new: bool) -> list[str]:
    """Return the keys of both, in the order of one.

    Keys that only the other has follow their predecessor there.
    """
    first, second = (new, old) if is_new else (old, new)
    keys = list(first)
    for index, key in enumerate(second):
        if key not in keys:
            keys.insert(keys.index(second[index - 1]) + 1 if index else 0, key)
    return keys


# Aligning rows ----------------------------------------------------------------------------------


def match_rows(
    count: int, others: Sequence[Row], *tests: Callable[[int, int, Row], bool]
) -> list[Row | None]:
    """Return which of the other rows is each of `count` rows, or None; each is used once.

    A test gets the positions of both rows, and the other row. A later test only pairs what the
    earlier ones left.
    """
    found: list[Row | None] = [None] * count
    left = dict(enumerate(others))
    for is_same in tests:
        for index in range(count):
            if found[index] is None:
                at = next((at for at, other in left.items() if is_same(index, at, other)), None)
                found[index] = None if at is None else left.pop(at)
    return found


def align_rows(
    form: type[Form], document: Document, like: Document, *, only_equal: bool = False
) -> Document:
    """Return the document with its rows under the keys of the matching rows in `like`.

    Rows match by id or, where rows have no ids, by equal content, then by position; of another
    record's document, only by equal content. Rows without a match get new keys.
    """
    aligned = dict(document)
    for name, field_info in form.model_fields.items():
        if child := rows_of(field_info):
            aligned[name] = _align_rows(child, document[name], like[name], only_equal)
    return aligned


def _align_rows(
    form: type[Form], rows: Sequence[Document], like: Sequence[Document], only_equal: bool
) -> list[Document]:
    contents = [content_of(form, row) for row in rows]

    def has_same_id(index: int, _at: int, other: Document) -> bool:
        return bool(rows[index]["id"]) and rows[index]["id"] == other["id"]

    def is_equal(index: int, _at: int, other: Document) -> bool:
        return contents[index] == content_of(form, other)

    by_id = "id" in form.model_fields and not only_equal
    tests = (has_same_id,) if by_id else (is_equal, lambda index, at, _other: index == at)
    matches = match_rows(len(rows), like, *tests[: 1 if only_equal else None])
    used = {other[ROW] for other in like}
    return [
        {**align_rows(form, row, other, only_equal=only_equal), ROW: other[ROW]}
        if other
        else {**row, ROW: _new_row_key(form, index, row, used)}
        for index, (row, other) in enumerate(zip(rows, matches, strict=True))
    ]


def content_of(form: type[Form], row: Document, *, is_public: bool = False) -> list[Any]:
    """Return the values of a row and of its rows without their keys."""
    return [
        [content_of(child, inner, is_public=is_public) for inner in row.get(name, ())]
        if (child := rows_of(field_info))
        else ("" if is_public and is_private(field_info) else row.get(name))
        for name, field_info in form.model_fields.items()
    ]


def _new_row_key(form: type[Form], index: int, row: Document, used: set[str]) -> str:
    """Return the same key each time, so that a form that is sent back can refer to the row.

    Private values do not enter the hash: a guessed value could be confirmed by comparing keys.
    """
    key = zlib.crc32(json.dumps([index, *content_of(form, row, is_public=True)]).encode())
    while f"{key:08x}" in used:
        key = (key + 1) & 0xFFFFFFFF
    return f"{key:08x}"


# Private values of a form -----------------------------------------------------------------------


class PrivateValueLossError(ValueError):
    """A row with private values has no counterpart in an import, which has no private columns."""

    def __init__(self, field: str, row: Form) -> None:
        texts = [
            str(value)
            for name in type(row).model_fields
            if (value := getattr(public(row), name)) and value != []
        ]
        super().__init__(
            f"what the desk alone knows of “{' · '.join(texts[:2])}” would be lost, since no row "
            "here is the same: change that one at the desk"
        )
        self.field = field


def add_private_values(form: F, old: F) -> F:
    """Add the private values of `old` to a form from a format without them, and validate again.

    Raises PrivateValueLossError for a row with such values that has no counterpart in the form.
    """
    both = _with_private(form, old)
    return form if both == form else type(form).model_validate(both.model_dump())


def _with_private(form: F, old: F) -> F:
    values: dict[str, Any] = {}
    for name, field_info in type(form).model_fields.items():
        now, before = getattr(form, name), getattr(old, name)
        if is_private(field_info):
            values[name] = now or before
        elif rows_of(field_info) and before:
            matches = _earlier_rows(now, before)
            for lost in before:
                if public(lost) != lost and not any(lost is each for each in matches):
                    raise PrivateValueLossError(name, lost)
            values[name] = [
                _with_private(row, match) if match else row
                for row, match in zip(now, matches, strict=True)
            ]
    return form.model_copy(update=values)


def _earlier_rows(rows: Sequence[F], old_rows: Sequence[F]) -> list[F | None]:
    """Return the previous version of each row by its id, else by its public values, or None."""

    def is_same(index: int, _at: int, old: F) -> bool:
        id = getattr(rows[index], "id", "")
        return id == getattr(old, "id", "") if id else public(rows[index]) == public(old)

    return match_rows(len(rows), old_rows, is_same)


# Words ------------------------------------------------------------------------------------------

MAX_FIELDS_IN_NAME = 2
MAX_CHARACTERS_OF_FIELD = 40
"""Limits for naming a row: fields, and characters of each."""
FIELDS_WITH_IDS = {"source": "source", "event": "event"}
LINKED: dict[type[Form], str] = {EventToEvent: "event", FigureToFigure: "estimate"}

Names = Callable[[str, str], tuple[str, str]]
"""Returns the label and the code of what a text names, by the noun of a kind of record or a list.

The code is "" where it is not to be shown.
"""


def thing_named(form: type[Form], name: str, row: Document) -> str:
    """Return the noun of the kind of record that a field of this row names; "" for none.

    Fields with several names, such as the regions of a place, take codes only.
    """
    if form is Term:
        kind = KIND_OF_TERM.get(row["key"]) if name == "code" else None
        return NOUN_OF_KIND[kind].value if kind else ""
    if name == "to":
        return LINKED[form]
    field_info = form.model_fields[name]
    if is_list(field_info):
        return ""
    kind = kind_named(field_info)
    return NOUN_OF_KIND[kind].value if kind else FIELDS_WITH_IDS.get(name, "")


def code_list(form: type[Form], name: str, row: Document) -> str:
    """Return the growing list whose codes a field takes; "" for other fields."""
    if form is Term and name == "code":
        return "" if row["key"] in KIND_OF_TERM else str(row["key"])
    return notes(form.model_fields[name]).codes


def codes_of(field_info: FieldInfo) -> type[Code] | None:
    """Return the closed list of codes that a field takes; None for other fields."""
    types = (field_info.annotation, *get_args(field_info.annotation))
    return next(
        (each for each in types if isinstance(each, EnumType) and issubclass(each, Code)), None
    )


def field_in_words(
    names: Names, form: type[Form], name: str, row: Document, *, with_code: bool = True
) -> str:
    """Return a field's value in words, with its code, id or date; "" if it is empty."""
    field_info, text = form.model_fields[name], row[name].strip()
    if field_info.annotation is bool:
        return _("yes") if text == YES else _("no")
    found = []
    for value in parts_of(text) if is_list(field_info) else [text] * bool(text):
        label, code = _label_and_code(names, form, name, row, value)
        if with_code and code and code != label:
            label = _("{label} ({code})").format(label=label, code=code)
        found.append(label)
    return enumerate_words(found)


def _label_and_code(
    names: Names, form: type[Form], name: str, row: Document, text: str
) -> tuple[str, str]:
    field_info = form.model_fields[name]
    vocabulary = thing_named(form, name, row) or code_list(form, name, row)
    if not vocabulary and (kind := kind_named(field_info)):
        vocabulary = NOUN_OF_KIND[kind].value
    if vocabulary or holds(field_info, Holds.LANGUAGE):
        return names(vocabulary or "language", text)
    if holds(field_info, Holds.DATE):
        return date_in_words(text), text
    codes = codes_of(field_info)
    member = codes.by_code().get(text) if codes else None
    return _(member.label) if member else text, ""


def date_in_words(text: str) -> str:
    """Return a date in words; text that is no date as it is."""
    return in_words(text) if parse_or_none(text) else text


def row_in_words(
    names: Names, form: type[Form], row: Document, *, is_public: bool = False
) -> Iterator[str]:
    """Yield the values of a row and of its rows in words; readers see no ids, codes or defaults."""
    for each in fields_of(form, row):
        default = _default(each.form.model_fields[each.name])
        if each.text and not (is_public and (each.name == "id" or each.text == default)):
            yield field_in_words(names, each.form, each.name, each.row, with_code=not is_public)


def name_of_row(names: Names, form: type[Form], row: Document) -> str:
    """Name a row by the field that its form chooses, or its first values: "Place · Dandong"."""
    chosen = [name for name in form.NAMED_BY if row[name]][:1] or [
        name
        for name, field_info in form.model_fields.items()
        if name != "id" and not rows_of(field_info) and not is_private(field_info) and row[name]
    ]
    values = (_shorten(field_in_words(names, form, name, row, with_code=False)) for name in chosen)
    return _(" · ").join(islice(values, MAX_FIELDS_IN_NAME))


def _shorten(text: str) -> str:
    return (
        text
        if len(text) <= MAX_CHARACTERS_OF_FIELD
        else f"{text[: MAX_CHARACTERS_OF_FIELD - 1].rstrip()}…"
    )


def titled_rows(listed: Rows, rows: Sequence[Document]) -> Iterator[tuple[int, str]]:
    """Yield position and title, such as “Place 2”, of the rows that a part of a form shows."""
    titles, counts = {each.code: each.row for each in listed.buttons}, Counter[str]()
    for at, row in enumerate(rows):
        if listed.only is None or row[listed.by] in listed.only:
            kind = _(titles.get(row.get(listed.by, "")) or listed.row)
            counts[kind] += 1
            yield at, _("{what} {number}").format(what=kind, number=counts[kind])


def title_of(form: type[Form], document: Document, path: str, names: Names | None = None) -> str:
    """Return the titles along a path, as the form shows them: “Citation 2, What it says”.

    With `names`, rows that hold the field also get a name.
    """
    titles, steps = [], path.split(".") if path else []
    parts: Sequence[Part] = [part for section in form.SECTIONS for part in section.parts]
    while len(steps) > 1:
        name, index, *steps = steps
        field_info, at = form.model_fields[name], int(index)
        shown = {
            number: title
            for listed in rows_in(parts)
            if listed.name == name
            for number, title in titled_rows(listed, document[name])
        }
        title = shown.get(at) or f"{_(field_info.title or '')} {at + 1}"
        form, document = rows_of(field_info) or form, document[name][at]
        parts = form.parts_of(document)
        if names and steps:
            row = name_of_row(names, form, document)
            title = _("{number}: {row}").format(number=title, row=row)
        titles.append(title)
    # The title of a term's row says already what its code is.
    fields = (name for name in steps if not (form is Term and name == "code"))
    return enumerate_words([*titles, *(_(form.model_fields[name].title or "") for name in fields)])


def title_of_place(
    form: type[Form], place: RowPath, *states: Document, names: Names | None = None
) -> str:
    """Return the titles along a place, in the first of the states that has it."""
    is_order = place[-1:] == (ORDER,)
    fields = place[:-1] if is_order else place
    found = ((state, path) for state in states if (path := path_of(state, fields)))
    title = next((title_of(form, state, path, names) for state, path in found), "")
    return enumerate_words([title, _("Order")]) if is_order else title


def errors_in_words(form: type[Form], errors: Mapping[str, str], document: Document) -> list[str]:
    """Return each error with the title of its field."""
    found = []
    for path, error in errors.items():
        title = title_of(form, document, path)
        found.append(f"{title}: {error}" if title else error)
    return found
