"""What one sees of drafts on coming to the desk: one's own, and what was put away."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.desk.drafts.catalogue import Catalogue
from app.desk.drafts.models import OPEN, Draft, State
from app.desk.people.models import Person
from app.i18n.translate import N_, _
from app.web.urls import url

KINDS = {"E": N_("Event"), "M": N_("Figure"), "S": N_("Source"), "O": N_("Outlet"), "P": N_("Place")}
MOST_DELETED = 10
MOST_LISTED = 100
"""An import makes thousands of drafts: a page names the first of them and says how many there are."""

T = TypeVar("T")


@dataclass(frozen=True)
class Queue(Generic[T]):
    """The first of what waits, and how many there are."""

    lines: Sequence[T]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


def counted(db: Session, found: Select[Draft]) -> int:
    return db.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0


@dataclass(frozen=True)
class DraftRow:
    """A draft as a list prints it."""

    title: str
    address: str
    kind: str
    record: str
    state: str
    state_code: str
    saved_at: datetime


@dataclass(frozen=True)
class Home:
    """What `desk/home.html` prints. `key` begins one draft, however often it is sent."""

    key: str
    returned: Queue[DraftRow]
    mine: Queue[DraftRow]
    deleted: Sequence[DraftRow]


def home(db: Session, person: Person) -> Home:
    catalogue = Catalogue(db, person)
    own = select(Draft).where(Draft.owner == person.id, Draft.number > 0).order_by(Draft.saved_at.desc())
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


def draft_row(draft: Draft, catalogue: Catalogue) -> DraftRow:
    return DraftRow(
        title=catalogue.title(draft.kind, draft.document),
        address=url("draft", id=draft.id),
        kind=_(KINDS[draft.kind]),
        record=draft.record,
        state=_(State(draft.state).label),
        state_code=draft.state,
        saved_at=draft.saved_at,
    )
