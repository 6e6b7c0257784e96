"""Who is editing what at the moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import WRITABLE, Draft, State
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.queue import MOST_LISTED, Queue
from app.desk.drafts.queue import counted as count_of
from app.desk.identity.models import Person, Role
from app.desk.quality.lists import Counted, counted
from app.desk.review.queues import Published, WaitingQueue, called_by_id, lately_published, waiting
from app.settings import Settings
from app.web.urls import url


@dataclass(frozen=True)
class Working:
    """A draft that somebody else is writing."""

    who: str
    title: str
    record: str
    address: str
    saved_at: datetime


@dataclass(frozen=True)
class AtWork:
    """Others' work on `desk/home/page.html`; contributors see only published editions."""

    is_editor: bool
    waiting: WaitingQueue
    ready: int
    working: Queue[Working]
    published: Sequence[Published]
    quality: Sequence[Counted] = ()
    """Quality lists that are not empty."""


def at_work(db: Session, person: Person, settings: Settings) -> AtWork:
    published = lately_published(db)
    if not person.may(Role.EDITOR):
        return AtWork(False, WaitingQueue((), 0, ""), 0, Queue((), 0), published)
    catalogue = Catalogue(db, person)
    quality = [each for each in counted(db) if each.count]
    approved = count_of(db, select(Draft).where(Draft.state == State.APPROVED))
    return AtWork(
        True, waiting(db, catalogue, settings), approved, working(db, catalogue), published, quality
    )


def working(db: Session, catalogue: Catalogue) -> Queue[Working]:
    """Return the drafts of others, for editors."""
    names = called_by_id(db)
    others = select(Draft).where(
        Draft.state.in_(WRITABLE), Draft.owner != catalogue.person.id, Draft.number > 0
    )
    others = others.order_by(Draft.saved_at.desc())
    lines = [
        Working(
            names[draft.owner],
            catalogue.title(draft.kind, draft.document),
            draft.record,
            url("draft", id=draft.id),
            draft.saved_at,
        )
        for draft in db.scalars(others.limit(MOST_LISTED))
    ]
    return Queue(lines, count_of(db, others))
