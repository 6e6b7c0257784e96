"""Match rows between two states of a record.

Rows of a draft are identified by keys. A document that was read from the approved tables, or that
belongs to another draft, has keys of its own. Here its rows get the keys of the matching rows.
"""

import json
import zlib
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.approved.models import Record
from app.desk.draft_form import documents
from app.desk.draft_form.documents import ROW, Document
from app.desk.draft_form.private_values import redact
from app.desk.drafts import commands
from app.kinds.base import Form, rows_of

# Comparing with the approved state ---------------------------------------------------------------


def approved_document(db: Session, draft: Draft) -> Document | None:
    """Return the state that the draft changes; None if it introduces the record.

    This is the approved state or, of a record that was never approved, the draft that introduces
    it.
    """
    row = db.get(Record, draft.record)
    if row is not None:
        return documents.document_of(row.form)
    first = commands.open_draft(db, draft.record) if draft.base else None
    if first is None or first.id == draft.id:
        return None
    return documents.fit_to_form(commands.form_of(first), first.document)


def base_document(draft: Draft) -> Document:
    """Return the approved state that the draft was started from; empty if the record is new."""
    return (
        documents.fit_to_form(commands.form_of(draft), draft.base)
        if draft.base
        else empty_document(draft)
    )


def empty_document(draft: Draft) -> Document:
    return {name: [] if isinstance(value, list) else "" for name, value in draft.document.items()}


def is_behind(db: Session, draft: Draft) -> bool:
    """Whether the record was approved in another way since this draft was started."""
    approved, base = approved_document(db, draft), base_document(draft)
    return approved is not None and align_rows(commands.form_of(draft), approved, base) != base


def align_rows(form: type[Form], document: Document, like: Document) -> Document:
    """Return the document with its rows under the keys of the matching rows in `like`.

    Rows without a match get new keys.
    """
    changed: Document = {}
    for name, field_info in form.model_fields.items():
        if child := rows_of(field_info):
            changed[name] = _align_rows(child, document[name], like[name])
    return {**document, **changed}


def align_equal_rows(form: type[Form], document: Document, like: Document) -> Document:
    """Return another record's document; only rows with equal content get keys of `like`."""
    changed: Document = {}
    for name, field_info in form.model_fields.items():
        if child := rows_of(field_info):
            same = {repr(list(_content(row))): row[ROW] for row in like[name]}
            changed[name] = [
                {
                    **row,
                    ROW: same.get(repr(list(_content(row))))
                    or _new_row_key(child, index, row, like[name]),
                }
                for index, row in enumerate(document[name])
            ]
    return {**document, **changed}


def _align_rows(
    form: type[Form], rows: Sequence[Document], like: Sequence[Document]
) -> list[Document]:
    same = _matching_rows(form, rows, like)
    aligned_rows: list[Document] = []
    for index, row in enumerate(rows):
        other = same.get(index)
        key = other[ROW] if other else _new_row_key(form, index, row, like)
        aligned_rows.append({**(align_rows(form, row, other) if other else row), ROW: key})
    return aligned_rows


def _matching_rows(
    form: type[Form], rows: Sequence[Document], like: Sequence[Document]
) -> dict[int, Document]:
    """Match rows by id or, where rows have no ids, by equal content, then by equal position."""
    matches: dict[int, Document] = {}
    unmatched = list(like)
    has_ids = "id" in form.model_fields
    for is_same in (_has_same_id,) if has_ids else (_has_same_content, _has_same_position):
        for index, row in enumerate(rows):
            if index not in matches:
                other = next(
                    (
                        other
                        for other in unmatched
                        if is_same(row, other, index == like.index(other))
                    ),
                    None,
                )
                if other is not None:
                    matches[index] = other
                    unmatched.remove(other)
    return matches


def _has_same_id(row: Document, other: Document, _is_same_position: bool) -> bool:
    return bool(row["id"]) and row["id"] == other["id"]


def _has_same_content(row: Document, other: Document, _is_same_position: bool) -> bool:
    return list(_content(row)) == list(_content(other))


def _has_same_position(_row: Document, _other: Document, is_same_position: bool) -> bool:
    return is_same_position


def _content(row: Document) -> Iterator[object]:
    for name, value in row.items():
        if name != ROW:
            yield [list(_content(inner)) for inner in value] if isinstance(value, list) else value


def _new_row_key(form: type[Form], index: int, row: Document, like: Sequence[Document]) -> str:
    """Return the same key each time, so that a form that is sent back can refer to the row.

    Private values do not enter the hash: a guessed value could be confirmed by comparing keys.
    """
    used_keys = {other[ROW] for other in like}
    key = zlib.crc32(json.dumps([index, *_content(redact(form, row))]).encode())
    while f"{key:08x}" in used_keys:
        key = (key + 1) & 0xFFFFFFFF
    return f"{key:08x}"
