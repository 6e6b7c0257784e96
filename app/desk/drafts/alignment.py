"""Which row of one state is which of another, where they were not typed into the same draft.

Rows of a draft are known by their keys; a state that was read from the approved tables, or that stood in another draft,
has keys of its own. Here it is given those of the other wherever a row is the same.
"""

import json
import zlib
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.draft_models import Draft
from app.desk.approved.store import form_of as approved_form
from app.desk.draft_form import documents
from app.desk.draft_form.documents import ROW, Document
from app.desk.draft_form.private_values import redact
from app.desk.drafts import commands
from app.forms.base import Form, rows_of

# Behind what is published -----------------------------------------------------------------------------------------


def approved_document(db: Session, draft: Draft) -> Document | None:
    row = db.get(models.MODELS[draft.kind], draft.record)
    return documents.document_of(approved_form(row)) if row else None


def base_of(draft: Draft) -> Document:
    """The approved state from which the draft was begun; of what is new, an empty one."""
    return documents.fitting(commands.form_of(draft), draft.base) if draft.base else nothing(draft)


def nothing(draft: Draft) -> Document:
    return {name: [] if isinstance(value, list) else "" for name, value in draft.document.items()}


def is_behind(db: Session, draft: Draft) -> bool:
    """Whether the record was approved anew, by another way, since this change was begun."""
    approved, base = approved_document(db, draft), base_of(draft)
    return approved is not None and aligned(commands.form_of(draft), approved, base) != base


def aligned(form: type[Form], document: Document, like: Document) -> Document:
    """The same document, its rows under the keys that they have in `like`; those that are not there get new ones."""
    changed: Document = {}
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            changed[name] = _rows(child, document[name], like[name])
    return {**document, **changed}


def told_apart(form: type[Form], document: Document, like: Document) -> Document:
    """The document of another record, its rows under keys of `like` only where they say the very same."""
    changed: Document = {}
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            same = {repr(list(_words(row))): row[ROW] for row in like[name]}
            changed[name] = [
                {
                    **row,
                    ROW: same.get(repr(list(_words(row)))) or _key(child, index, row, like[name]),
                }
                for index, row in enumerate(document[name])
            ]
    return {**document, **changed}


def _rows(form: type[Form], rows: Sequence[Document], like: Sequence[Document]) -> list[Document]:
    same = _pairs(form, rows, like)
    found: list[Document] = []
    for index, row in enumerate(rows):
        other = same.get(index)
        key = other[ROW] if other else _key(form, index, row, like)
        found.append({**(aligned(form, row, other) if other else row), ROW: key})
    return found


def _pairs(
    form: type[Form], rows: Sequence[Document], like: Sequence[Document]
) -> dict[int, Document]:
    """By its id a row is surely the same, then by all that it says, and at last by its place among those left."""
    found: dict[int, Document] = {}
    left = list(like)
    has_ids = "id" in form.model_fields
    for is_same in (_same_id,) if has_ids else (_same_words, _same_place):
        for index, row in enumerate(rows):
            if index not in found:
                other = next(
                    (other for other in left if is_same(row, other, index == like.index(other))),
                    None,
                )
                if other is not None:
                    found[index] = other
                    left.remove(other)
    return found


def _same_id(row: Document, other: Document, _is_there: bool) -> bool:
    return bool(row["id"]) and row["id"] == other["id"]


def _same_words(row: Document, other: Document, _is_there: bool) -> bool:
    return list(_words(row)) == list(_words(other))


def _same_place(_row: Document, _other: Document, is_there: bool) -> bool:
    return is_there


def _words(row: Document) -> Iterator[object]:
    for name, value in row.items():
        if name != ROW:
            yield [list(_words(inner)) for inner in value] if isinstance(value, list) else value


def _key(form: type[Form], index: int, row: Document, like: Sequence[Document]) -> str:
    """The same each time, so that a page on which somebody chooses can name the row when it comes back.

    Private values are left out: whoever guesses one could tell by the key whether it is right.
    """
    taken = {other[ROW] for other in like}
    key = zlib.crc32(json.dumps([index, *_words(redact(form, row))]).encode())
    while f"{key:08x}" in taken:
        key = (key + 1) & 0xFFFFFFFF
    return f"{key:08x}"
