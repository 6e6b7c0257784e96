"""A person's own drafts, and the deleted ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import OPEN_STATES, Draft, DraftState
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.queue import DRAFTS_PER_PAGE, DraftQueue, DraftRow, count_drafts, draft_row
from app.desk.identity.models import Person

MAX_DELETED = 10


@dataclass(frozen=True)
class MyDrafts:
    """The drafts that `desk/home/page.html` lists."""

    returned: DraftQueue[DraftRow]
    mine: DraftQueue[DraftRow]
    deleted: Sequence[DraftRow]


def home(db: Session, person: Person) -> MyDrafts:
    catalogue = Catalogue(db, person)
    own = (
        select(Draft)
        .where(Draft.owner == person.id, Draft.number > 0)
        .order_by(Draft.saved_at.desc())
    )
    deleted = own.where(Draft.state == DraftState.DELETED).limit(MAX_DELETED)
    returned = own.where(Draft.state == DraftState.RETURNED)
    mine = own.where(Draft.state.in_(OPEN_STATES - {DraftState.RETURNED}))

    def listed(statement: Select[Draft]) -> DraftQueue[DraftRow]:
        rows = [
            draft_row(draft, catalogue) for draft in db.scalars(statement.limit(DRAFTS_PER_PAGE))
        ]
        return DraftQueue(rows, count_drafts(db, statement))

    return MyDrafts(
        listed(returned),
        listed(mine),
        [draft_row(draft, catalogue) for draft in db.scalars(deleted)],
    )
