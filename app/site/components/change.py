"""The title and the changed fields of one change, for pages and feeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from app.documents import (
    Document,
    DocumentDifference,
    RowPath,
    differences,
    field_in_words,
    public_document,
    row_in_words,
)
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.kinds import FORMS, Form
from app.kinds.base import rows_of
from app.record.models import RecordState
from app.record.names.directory import Directory
from app.record.payloads import form_of
from app.record.reads.changelog import RecordChange
from app.site.components.record_title import title_parts
from app.site.components.urls import place_page_address, record_address
from app.vocabulary.record import RecordNoun, Why
from app.web.urls import url

MAX_ROW_CHARACTERS = 400
"""Longer texts of a row are cut, since the reader only needs to recognise the row."""
DERIVED = {"corroboration": N_("Support"), "disputed": N_("Disputed")}
"""Fields calculated from the citations, named as their vocabularies, with their titles."""


@dataclass(frozen=True)
class ValueDifference:
    """One changed field. `before` and `after` are empty where it has no value."""

    field: str
    """Name in JSON, preceded by the repeated row and its id."""
    title: str
    before: str
    after: str


def change_title(change: RecordChange, directory: Directory) -> str:
    if change.state == RecordState.PURGED:
        return ""
    match change.noun:
        case RecordNoun.PLACE:
            return str(form_of(change.row)["names"][0]["text"])
        case RecordNoun.CODE:
            return str(form_of(change.row)["label"])
    title, speaker, _remark = title_parts(change.row, directory)
    return (
        title
        if change.noun is not RecordNoun.ESTIMATE
        else _("{figure}; {said}").format(figure=title, said=speaker)
    )


def changed_record_address(change: RecordChange, directory: Directory) -> str:
    if change.noun is RecordNoun.CODE:
        return url("codebook")
    if change.noun is RecordNoun.PLACE:
        code = form_of(change.row)["code"]
        return place_page_address(directory, code) if code in directory.places else ""
    return record_address(change.row.id, change.row.payload["form"].get("code", ""))


def change_differences(change: RecordChange, directory: Directory) -> list[ValueDifference]:
    if change.before is None or change.why in {Why.WITHDRAWN, Why.MERGED}:
        return []
    return value_differences(change.noun.kind, change.before, change.row.payload, directory)


def value_differences(
    kind: str, before: Mapping[str, Any], after: Mapping[str, Any], directory: Directory
) -> list[ValueDifference]:
    """Compare two payloads of a record, in the order of its form's fields.

    A new order of rows is not shown. Of rows without ids, those removed and those added are one
    difference.
    """
    form, found = FORMS[kind], []

    def names(vocabulary: str, code: str) -> tuple[str, str]:
        return directory.label(vocabulary, code), ""

    def row_text(row_form: type[Form], row: Document) -> str:
        text = _(" · ").join(row_in_words(names, row_form, row, is_public=True))
        return text if len(text) <= MAX_ROW_CHARACTERS else f"{text[: MAX_ROW_CHARACTERS - 1]}…"

    def text(each: DocumentDifference, state: Any) -> str:
        if each.kind == "changed":
            return field_in_words(names, each.form, each.place[-1], state, with_code=False)
        rows = state if isinstance(state, list) else [state] if state else []
        return "; ".join(row_text(each.form, row) for row in rows)

    old, new = (public_document(form, payload.get("form", {})) for payload in (before, after))
    for each in differences(form, old, new):
        texts = [text(each, state) for state in each.holders or (each.before, each.after)]
        if each.kind != "moved" and (texts[0] != texts[1] or each.kind != "changed"):
            found.append(ValueDifference(each.name, _title(form, each.place), *texts))
    for name, title in DERIVED.items():
        was, now = (list(payload.get(name, ())) for payload in (before, after))
        if was != now:
            labels = [
                enumerate_words(directory.label(name, code) for code in codes)
                for codes in (was, now)
            ]
            found.append(ValueDifference(name, _(title), *labels))
    return found


def _title(form: type[Form], place: RowPath) -> str:
    """Return the titles along a place: "Citations C12, What it says"."""
    titles = []
    for name, id in zip_longest(place[::2], place[1::2]):
        field_info = form.model_fields[name]
        title = _(field_info.title or "")
        titles.append(title if id is None else f"{title} {id}")
        form = rows_of(field_info) or form
    return enumerate_words(titles)
