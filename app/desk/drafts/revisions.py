"""Revisions that a merge or a withdrawal writes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, DraftState, Merging, Revision, RevisionCause
from app.documents import document_of
from app.kinds import RecordForm


@dataclass(frozen=True)
class RevisionDetails:
    """The values that all revisions of one action share; `key` finds its drafts."""

    key: str
    by: int
    saved: RevisionCause
    edition: int
    reason: str


def save_revisions(
    db: Session, act: RevisionDetails, before: RecordForm, after: RecordForm
) -> None:
    """Save a record's state before and after as two revisions.

    Both are equal if the record was removed or restored.
    """
    old, new = document_of(before), document_of(after)
    draft = Draft(
        kind=after.id[0],
        record=after.id,
        key=f"{act.key} {after.id}",
        state=DraftState.PUBLISHED,
        owner=act.by,
        number=1,
        document=new,
        base=old,
        reason=act.reason,
    )
    db.add(draft)
    db.flush()
    first = Revision(
        draft=draft.id, number=0, by=act.by, saved=RevisionCause.BEGUN, sheet="", document=old
    )
    second = Revision(draft=draft.id, number=1, by=act.by, saved=act.saved, sheet="", document=new)
    second.reason, second.words = act.reason, str(act.edition)
    db.add_all([first, second])


def merges_involving(db: Session, record: str) -> Sequence[Merging]:
    """Return all merges that involved a record, newest first."""
    is_involved = (Merging.gone == record) | (Merging.kept == record)
    return db.scalars(select(Merging).where(is_involved).order_by(Merging.id.desc())).all()
