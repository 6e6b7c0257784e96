"""The public fields that a change altered, before and after, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import EnumType
from itertools import zip_longest
from typing import get_args

from pydantic.fields import FieldInfo

from app.dates import edtf
from app.dates.wording import in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import FORMS, Form, diff
from app.kinds.base import Holds, holds, kind_named, notes, rows_of
from app.kinds.diff import DocumentDifference, FieldPath, Fields
from app.record.names.directory import Directory
from app.vocabulary.code import Code
from app.vocabulary.record import NOUN_OF_KIND

MAX_ROW_CHARACTERS = 400
"""Longer texts of a row are cut, since the reader only needs to recognise the row."""

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
    kind: str, before: Fields, after: Fields, directory: Directory
) -> list[ValueDifference]:
    """Compare two payloads of a record, in the order of its form's fields.

    Of rows without ids, those removed and those added are one difference.
    """
    form, found = FORMS[kind], []
    for each in diff.differences(form, before.get("form", {}), after.get("form", {}), key="id"):
        texts = _texts(each, directory)
        if texts[0] != texts[1] or each.kind in {"added", "removed", "replaced"}:
            found.append(ValueDifference(each.name, _title(form, each.place), *texts))
    for name, vocabulary in DERIVED.items():
        was, now = (list(payload.get(name, ())) for payload in (before, after))
        if was != now:
            labels = [
                enumerate_words(directory.label(vocabulary, code) for code in codes)
                for codes in (was, now)
            ]
            found.append(ValueDifference(name, _(TITLES[name]), *labels))
    return found


TITLES = {"corroboration": "Support", "disputed": "Disputed"}


def _title(form: type[Form], place: FieldPath) -> str:
    """Return the titles along a path: "Citations C12, What it says"."""
    titles = []
    for name, id in zip_longest(place[::2], place[1::2]):
        field = form.model_fields[name]
        title = _(field.title or "")
        titles.append(title if id is None else f"{title} {id}")
        form = rows_of(field) or form
    return enumerate_words(titles)


def _texts(each: DocumentDifference, directory: Directory) -> tuple[str, str]:
    """Return the values before and after, in words. A new order of rows is not shown."""
    match each.kind:
        case "moved":
            return "", ""
        case "changed":
            name = each.place[-1]
            field = each.form.model_fields[name]
            before, after = (_field_in_words(field, name, row, directory) for row in each.holders)
        case "replaced":
            before, after = (
                "; ".join(_row_in_words(each.form, row, directory) for row in rows)
                for rows in (each.before, each.after)
            )
        case "added" | "removed":
            before, after = (
                _row_in_words(each.form, row, directory) if row else ""
                for row in (each.before, each.after)
            )
    return before, after


def _row_in_words(form: type[Form], row: Fields, directory: Directory) -> str:
    text = _(" · ").join(_row_values(form, row, directory))
    return text if len(text) <= MAX_ROW_CHARACTERS else f"{text[: MAX_ROW_CHARACTERS - 1]}…"


def _row_values(form: type[Form], row: Fields, directory: Directory) -> Iterator[str]:
    for name, field in form.model_fields.items():
        if name not in row or name == "id":
            continue
        if child := rows_of(field):
            for inner in row[name]:
                yield from _row_values(child, inner, directory)
        else:
            yield _field_in_words(field, name, row, directory)


def _field_in_words(field: FieldInfo, name: str, row: Fields, directory: Directory) -> str:
    """Return a field for readers: labels of codes, dates in words."""
    value = row.get(name, field.get_default())
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    values = value if isinstance(value, list) else [value]
    return enumerate_words(
        _value_in_words(field, name, str(each), row, directory) for each in values
    )


def _value_in_words(
    field: FieldInfo, name: str, value: str, row: Fields, directory: Directory
) -> str:
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, EnumType) and issubclass(kind, Code) and value in kind.by_code():
            return _(kind.by_code()[value].label)
    if name == "code" and "key" in row:
        return directory.label(row["key"], value)
    if named := kind_named(field):
        return directory.label(NOUN_OF_KIND[named], value)
    if vocabulary := "language" if holds(field, Holds.LANGUAGE) else notes(field).codes:
        return directory.label(vocabulary, value)
    if holds(field, Holds.DATE):
        try:
            return in_words(value)
        except edtf.DateError:
            return value
    return value
