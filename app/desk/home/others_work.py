"""Who is editing what at the moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import WRITABLE_STATES, Draft, DraftState
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.queue import DRAFTS_PER_PAGE, DraftQueue, count_drafts
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.quality.lists import CountedList, count_lists
from app.desk.review.queues import (
    PublishedEdition,
    ReviewQueue,
    names_by_id,
    recent_editions,
    waiting,
)
from app.settings import Settings
from app.web.urls import url


@dataclass(frozen=True)
class DraftInProgress:
    """A draft that somebody else is writing."""

    who: str
    title: str
    record: str
    address: str
    saved_at: datetime


@dataclass(frozen=True)
class OthersWork:
    """Others' work on `desk/home/page.html`; contributors see only published editions."""

    is_editor: bool
    waiting: ReviewQueue
    ready: int
    working: DraftQueue[DraftInProgress]
    published: Sequence[PublishedEdition]
    quality: Sequence[CountedList] = ()
    """Quality lists that are not empty."""


def others_work(db: Session, person: Person, settings: Settings) -> OthersWork:
    published = recent_editions(db)
    if not person.may(DeskRole.EDITOR):
        return OthersWork(False, ReviewQueue((), 0, ""), 0, DraftQueue((), 0), published)
    catalogue = Catalogue(db, person)
    quality = [each for each in count_lists(db) if each.count]
    approved = count_drafts(db, select(Draft).where(Draft.state == DraftState.APPROVED))
    return OthersWork(
        True, waiting(db, catalogue, settings), approved, working(db, catalogue), published, quality
    )


def working(db: Session, catalogue: Catalogue) -> DraftQueue[DraftInProgress]:
    """Return the drafts of others, for editors."""
    names = names_by_id(db)
    others = select(Draft).where(
        Draft.state.in_(WRITABLE_STATES), Draft.owner != catalogue.person.id, Draft.number > 0
    )
    others = others.order_by(Draft.saved_at.desc())
    lines = [
        DraftInProgress(
            names[draft.owner],
            catalogue.title(draft.kind, draft.document),
            draft.record,
            url("draft", id=draft.id),
            draft.saved_at,
        )
        for draft in db.scalars(others.limit(DRAFTS_PER_PAGE))
    ]
    return DraftQueue(lines, count_drafts(db, others))
