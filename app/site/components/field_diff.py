"""The public fields that a change altered, before and after, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import EnumType
from typing import Any, get_args

from pydantic.fields import FieldInfo

from app.dates import edtf
from app.dates.wording import in_words
from app.forms import FORMS, Form
from app.forms.base import rows_of
from app.i18n.translate import _
from app.record.names.directory import Directory
from app.vocabulary.code import Code

Stored = Mapping[str, Any]
"""A stored form. Fields with their default value are missing."""

MAX_ROW_CHARACTERS = 400
"""Longer texts of a row are cut, since the reader only needs to recognise the row."""

DATE_FIELDS = {
    "happened",
    "within",
    "deadline",
    "published",
    "said",
    "as_of",
    "period",
    "read_on",
    "date",
}
VOCABULARY_OF_FIELD = {
    "type": "type",
    "outlet": "outlet",
    "belongs_to": "outlet",
    "parent": "place",
    "regions": "place",
    "language": "language",
    "languages": "language",
    "quote_language": "language",
    "instrument": "instrument",
}
"""The vocabulary of each field that holds codes. A term has its vocabulary in `key`."""
DERIVED = {"corroboration": "corroboration", "disputed": "disputed"}
"""Fields calculated from the citations, with their vocabularies."""


@dataclass(frozen=True)
class ValueDifference:
    """One changed field. `before` and `after` are empty where it has no value."""

    field: str
    """Name in JSON, preceded by the repeated row and its id."""
    title: str
    before: str
    after: str


def differences(
    kind: str, before: Stored, after: Stored, directory: Directory
) -> list[ValueDifference]:
    """Compare two payloads of a record, in the order of its form's fields."""
    found = list(
        _form_differences(FORMS[kind], before.get("form", {}), after.get("form", {}), directory)
    )
    for name, vocabulary in DERIVED.items():
        was, now = (list(payload.get(name, ())) for payload in (before, after))
        if was != now:
            labels = [
                ", ".join(directory.label(vocabulary, code) for code in codes)
                for codes in (was, now)
            ]
            found.append(ValueDifference(name, _(TITLES[name]), *labels))
    return found


TITLES = {"corroboration": "Support", "disputed": "Disputed"}


def _form_differences(
    form: type[Form], before: Stored, after: Stored, directory: Directory
) -> Iterator[ValueDifference]:
    for name, field in form.model_fields.items():
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        child = rows_of(field)
        if child is None:
            texts = (
                _field_in_words(field, name, before, directory),
                _field_in_words(field, name, after, directory),
            )
            if texts[0] != texts[1]:
                yield ValueDifference(name, _(field.title or ""), *texts)
        else:
            yield from _row_differences(
                child, (name, _(field.title or "")), was or [], now or [], directory
            )


def _row_differences(
    form: type[Form],
    row_field: tuple[str, str],
    was: Sequence[Stored],
    now: Sequence[Stored],
    directory: Directory,
) -> Iterator[ValueDifference]:
    """Compare repeated rows: by id where they have one, else as removed and added rows."""
    name, title = row_field
    before, after = ({row["id"]: row for row in rows if "id" in row} for rows in (was, now))
    for id in dict.fromkeys([*before, *after]):
        if id in before and id in after:
            for inner in _form_differences(form, before[id], after[id], directory):
                yield ValueDifference(
                    f"{name}.{id}.{inner.field}",
                    f"{title} {id}, {inner.title}",
                    inner.before,
                    inner.after,
                )
        else:
            texts = [
                _row_in_words(form, rows[id], directory) if id in rows else ""
                for rows in (before, after)
            ]
            yield ValueDifference(f"{name}.{id}", f"{title} {id}", *texts)
    removed = [row for row in was if "id" not in row and row not in now]
    added = [row for row in now if "id" not in row and row not in was]
    if removed or added:
        texts = [
            "; ".join(_row_in_words(form, row, directory) for row in rows)
            for rows in (removed, added)
        ]
        yield ValueDifference(name, title, *texts)


def _row_in_words(form: type[Form], row: Stored, directory: Directory) -> str:
    text = _(" · ").join(_row_values(form, row, directory))
    return text if len(text) <= MAX_ROW_CHARACTERS else f"{text[: MAX_ROW_CHARACTERS - 1]}…"


def _row_values(form: type[Form], row: Stored, directory: Directory) -> Iterator[str]:
    for name, field in form.model_fields.items():
        if name not in row or name == "id":
            continue
        if child := rows_of(field):
            for inner in row[name]:
                yield from _row_values(child, inner, directory)
        else:
            yield _field_in_words(field, name, row, directory)


def _field_in_words(field: FieldInfo, name: str, row: Stored, directory: Directory) -> str:
    """Return a field for readers: labels of codes, dates in words."""
    value = row.get(name, field.get_default())
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    values = value if isinstance(value, list) else [value]
    return ", ".join(_value_in_words(field, name, str(each), row, directory) for each in values)


def _value_in_words(
    field: FieldInfo, name: str, value: str, row: Stored, directory: Directory
) -> str:
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, EnumType) and issubclass(kind, Code) and value in kind.by_code():
            return _(kind.by_code()[value].label)
    if name == "code" and "key" in row:
        return directory.label(row["key"], value)
    if name in VOCABULARY_OF_FIELD:
        return directory.label(VOCABULARY_OF_FIELD[name], value)
    if name in DATE_FIELDS:
        try:
            return in_words(value)
        except edtf.DateError:
            return value
    return value
