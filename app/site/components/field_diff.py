"""What a change made otherwise: each public field of a record, before and after, in words."""

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
"""A form as it is stored, without its defaults."""

LONGEST = 400
"""Characters that are shown of a row: enough to know it again."""

DATES = {
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
VOCABULARIES = {
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
"""By which names the codes of a field are known; those of a term are known by its key."""
DERIVED = {"corroboration": "corroboration", "disputed": "disputed"}
"""What is worked out from all citations and printed beside the form."""


@dataclass(frozen=True)
class Difference:
    """One field; empty on the side where it says nothing."""

    field: str
    """Its name in JSON, with the id of the row it stands in."""
    title: str
    before: str
    after: str


def differences(kind: str, before: Stored, after: Stored, directory: Directory) -> list[Difference]:
    """Between two payloads of one record, in the order of its form."""
    found = list(_of_form(FORMS[kind], before.get("form", {}), after.get("form", {}), directory))
    for name, vocabulary in DERIVED.items():
        was, now = (list(payload.get(name, ())) for payload in (before, after))
        if was != now:
            labels = [
                ", ".join(directory.label(vocabulary, code) for code in codes)
                for codes in (was, now)
            ]
            found.append(Difference(name, _(TITLES[name]), *labels))
    return found


TITLES = {"corroboration": "Support", "disputed": "Disputed"}


def _of_form(
    form: type[Form], before: Stored, after: Stored, directory: Directory
) -> Iterator[Difference]:
    for name, field in form.model_fields.items():
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        child = rows_of(field)
        if child is None:
            texts = (
                _in_words(field, name, before, directory),
                _in_words(field, name, after, directory),
            )
            if texts[0] != texts[1]:
                yield Difference(name, _(field.title or ""), *texts)
        else:
            yield from _of_rows(
                child, (name, _(field.title or "")), was or [], now or [], directory
            )


def _of_rows(
    form: type[Form],
    named: tuple[str, str],
    was: Sequence[Stored],
    now: Sequence[Stored],
    directory: Directory,
) -> Iterator[Difference]:
    """Rows that have an id are the same row before and after; of others, those that went and those that came."""
    name, title = named
    before, after = ({row["id"]: row for row in rows if "id" in row} for rows in (was, now))
    for id in dict.fromkeys([*before, *after]):
        if id in before and id in after:
            for inner in _of_form(form, before[id], after[id], directory):
                yield Difference(
                    f"{name}.{id}.{inner.field}",
                    f"{title} {id}, {inner.title}",
                    inner.before,
                    inner.after,
                )
        else:
            texts = [
                _row(form, rows[id], directory) if id in rows else "" for rows in (before, after)
            ]
            yield Difference(f"{name}.{id}", f"{title} {id}", *texts)
    went = [row for row in was if "id" not in row and row not in now]
    came = [row for row in now if "id" not in row and row not in was]
    if went or came:
        texts = ["; ".join(_row(form, row, directory) for row in rows) for rows in (went, came)]
        yield Difference(name, title, *texts)


def _row(form: type[Form], row: Stored, directory: Directory) -> str:
    text = _(" · ").join(_parts(form, row, directory))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _parts(form: type[Form], row: Stored, directory: Directory) -> Iterator[str]:
    for name, field in form.model_fields.items():
        if name not in row or name == "id":
            continue
        if child := rows_of(field):
            for inner in row[name]:
                yield from _parts(child, inner, directory)
        else:
            yield _in_words(field, name, row, directory)


def _in_words(field: FieldInfo, name: str, row: Stored, directory: Directory) -> str:
    """A field as it is read: codes by their labels, dates in words."""
    value = row.get(name, field.get_default())
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    values = value if isinstance(value, list) else [value]
    return ", ".join(_word(field, name, str(each), row, directory) for each in values)


def _word(field: FieldInfo, name: str, value: str, row: Stored, directory: Directory) -> str:
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, EnumType) and issubclass(kind, Code) and value in kind.by_code():
            return _(kind.by_code()[value].label)
    if name == "code" and "key" in row:
        return directory.label(row["key"], value)
    if name in VOCABULARIES:
        return directory.label(VOCABULARIES[name], value)
    if name in DATES:
        try:
            return in_words(value)
        except edtf.BadDate:
            return value
    return value
