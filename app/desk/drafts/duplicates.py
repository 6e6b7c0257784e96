"""Resolve a duplicate: move the draft's citations to the existing record and delete the draft."""

import secrets
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.desk.approved import public_ids
from app.desk.approved.draft_models import WRITABLE_STATES, Draft, RevisionCause
from app.desk.draft_form import documents
from app.desk.draft_form.documents import ROW, Document
from app.desk.drafts import commands
from app.desk.identity.models import Person
from app.errors import InvalidStateError
from app.vocabulary.kinds import RowKind


def merge_into_duplicate(db: Session, draft: Draft, twin: str, by: Person) -> tuple[Draft, int]:
    """Append this draft's citations to the other record's draft, and delete this one.

    Returns the other draft and the position of the first citation moved. Only citations are moved:
    the rest may differ, and the deleted draft can be restored for comparison. Raises
    InvalidStateError if the other record does not exist or is being changed.
    """
    if (
        twin[:1] != draft.kind
        or twin == draft.record
        or draft.base is not None
        or draft.state not in WRITABLE_STATES
    ):
        raise InvalidStateError
    other = commands.begin_to_change(db, by, twin, draft.article or "")
    if other is None or not commands.may_write(by, other):
        raise InvalidStateError
    db.refresh(other, with_for_update=True)
    if other.state not in WRITABLE_STATES:
        raise InvalidStateError
    own, moved = other.document["citations"], _copy_citations(db, draft.document["citations"])
    if moved:
        other.document = {**other.document, "citations": [*own, *moved]}
        commands.next_revision(db, other, by, RevisionCause.SAVED, sheet=secrets.token_hex(8))
    commands.move(db, draft, by, commands.DELETE, words=twin)
    return other, len(own)


def _copy_citations(db: Session, citations: Sequence[Document]) -> list[Document]:
    """Return the citations with new ids, since the deleted draft keeps its own.

    References between them are kept.
    """
    filled = [row for row in citations if row["source"].strip() or row["paraphrase"].strip()]
    ids = {row["id"]: public_ids.issue_id(db, RowKind.CITATION) for row in filled}
    return [
        {**row, ROW: documents.new_key(), "id": ids[row["id"]], "about": ids.get(row["about"], "")}
        for row in filled
    ]
