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
from app.desk.review.queues import Published, WaitingQueue, _names, lately_published, waiting
from app.settings import Settings
from app.web.urls import url


@dataclass(frozen=True)
class Working:
    """What somebody is writing at the moment."""

    who: str
    title: str
    record: str
    address: str
    saved_at: datetime


@dataclass(frozen=True)
class AtWork:
    """What `desk/home/page.html` prints of others' work; who is no editor sees of it what readers see."""

    is_editor: bool
    waiting: WaitingQueue
    ready: int
    working: Queue[Working]
    published: Sequence[Published]
    quality: Sequence[Counted] = ()
    """The quality lists that have lines."""


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
    """What others are writing, for editors, who may look at all of it."""
    names = _names(db)
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
