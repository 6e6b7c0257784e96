"""A person's own drafts, and the deleted ones."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import OPEN, Draft, State
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.queue import MOST_LISTED, DraftRow, Queue, counted, draft_row
from app.desk.identity.models import Person

MAX_DELETED = 10


@dataclass(frozen=True)
class Home:
    """The data of `desk/home/page.html`. `key` makes starting a draft idempotent."""

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
    deleted = own.where(Draft.state == State.DELETED).limit(MAX_DELETED)
    returned = own.where(Draft.state == State.RETURNED)
    mine = own.where(Draft.state.in_(OPEN - {State.RETURNED}))

    def listed(statement: Select[Draft]) -> Queue[DraftRow]:
        rows = [draft_row(draft, catalogue) for draft in db.scalars(statement.limit(MOST_LISTED))]
        return Queue(rows, counted(db, statement))

    return Home(
        secrets.token_hex(8),
        listed(returned),
        listed(mine),
        [draft_row(draft, catalogue) for draft in db.scalars(deleted)],
    )
