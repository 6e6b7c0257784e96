"""Somebody began to write what is there already: what the draft cites goes to the other, and the draft is put away."""

import secrets
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.desk.approved import public_ids
from app.desk.approved.draft_models import WRITABLE, Draft, Saved
from app.desk.draft_form import documents
from app.desk.draft_form.documents import ROW, Document
from app.desk.drafts import commands
from app.desk.identity.models import Person
from app.errors import NotNow


def add_to_twin(db: Session, draft: Draft, twin: str, by: Person) -> tuple[Draft, int]:
    """The draft of the twin, with this one's citations after its own, and at which place the first of them stands.

    Nothing else is moved: what was typed twice may differ, and who wants to compare can bring the deleted draft back.
    Raises NotNow where the twin is not there, or somebody else is changing it.
    """
    if (
        twin[:1] != draft.kind
        or twin == draft.record
        or draft.base is not None
        or draft.state not in WRITABLE
    ):
        raise NotNow
    other = commands.begin_to_change(db, by, twin, draft.article or "")
    if other is None or not commands.may_write(by, other):
        raise NotNow
    db.refresh(other, with_for_update=True)
    if other.state not in WRITABLE:
        raise NotNow
    own, moved = other.document["citations"], _as_new(db, draft.document["citations"])
    if moved:
        other.document = {**other.document, "citations": [*own, *moved]}
        commands.next_revision(db, other, by, Saved.SAVED, sheet=secrets.token_hex(8))
    commands.move(db, draft, by, commands.DELETE, words=twin)
    return other, len(own)


def _as_new(db: Session, citations: Sequence[Document]) -> list[Document]:
    """Under ids of their own, since the deleted draft keeps its; where one speaks of another it still does."""
    said = [row for row in citations if row["source"].strip() or row["paraphrase"].strip()]
    ids = {row["id"]: public_ids.take(db, "C") for row in said}
    return [
        {**row, ROW: documents.new_key(), "id": ids[row["id"]], "about": ids.get(row["about"], "")}
        for row in said
    ]
