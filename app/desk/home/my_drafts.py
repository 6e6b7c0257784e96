"""What one sees of drafts on coming to the desk: one's own, and what was put away."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import OPEN, Draft, State
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.queue import MOST_LISTED, DraftRow, Queue, counted, draft_row
from app.desk.identity.models import Person

MOST_DELETED = 10


@dataclass(frozen=True)
class Home:
    """What `desk/home/page.html` prints. `key` begins one draft, however often it is sent."""

    key: str
    returned: Queue[DraftRow]
    mine: Queue[DraftRow]
    deleted: Sequence[DraftRow]


def home(db: Session, person: Person) -> Home:
    catalogue = Catalogue(db, person)
    own = (
        select(Draft)
        .where(Draft.owner == person.id, Draft.number > 0)
        .order_by(Draft.saved_at.desc())
    )
    deleted = own.where(Draft.state == State.DELETED).limit(MOST_DELETED)
    returned = own.where(Draft.state == State.RETURNED)
    mine = own.where(Draft.state.in_(OPEN - {State.RETURNED}))

    def listed(some: Select[Draft]) -> Queue[DraftRow]:
        rows = [draft_row(draft, catalogue) for draft in db.scalars(some.limit(MOST_LISTED))]
        return Queue(rows, counted(db, some))

    return Home(
        secrets.token_hex(8),
        listed(returned),
        listed(mine),
        [draft_row(draft, catalogue) for draft in db.scalars(deleted)],
    )
