"""Revisions of drafts that a merge writes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, Revision, Saved, State
from app.desk.approved.merge_models import Merging
from app.desk.draft_form.documents import document_of
from app.forms import RecordForm

# Revisions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """What is the same in all revisions of one merge, or of another act on several records; `key` finds them again."""

    key: str
    by: int
    saved: Saved
    edition: int
    reason: str


def keep(db: Session, act: Act, before: RecordForm, after: RecordForm) -> None:
    """What one record said before and after, as two revisions; of one that goes, or comes back, twice the same."""
    was, became = document_of(before), document_of(after)
    draft = Draft(
        kind=after.id[0],
        record=after.id,
        key=f"{act.key} {after.id}",
        state=State.PUBLISHED,
        owner=act.by,
        number=1,
        document=became,
        base=was,
        reason=act.reason,
    )
    db.add(draft)
    db.flush()
    begun = Revision(draft=draft.id, number=0, by=act.by, saved=Saved.BEGUN, sheet="", document=was)
    done = Revision(draft=draft.id, number=1, by=act.by, saved=act.saved, sheet="", document=became)
    done.reason, done.words = act.reason, str(act.edition)
    db.add_all([begun, done])


def mergings(db: Session, record: str) -> Sequence[Merging]:
    """All in which a record had a part, the newest first."""
    has_part = (Merging.gone == record) | (Merging.kept == record)
    return db.scalars(select(Merging).where(has_part).order_by(Merging.id.desc())).all()
