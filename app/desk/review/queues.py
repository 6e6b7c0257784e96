"""What waits for whom: drafts for a reviewer, approved ones for the next edition; who works on what, what came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from app.desk.drafts.catalogue import Catalogue
from app.desk.drafts.home import MOST_LISTED, Queue
from app.desk.drafts.home import counted as count_of
from app.desk.drafts.models import WRITABLE, Draft, State, Weight
from app.desk.people.models import Person, Role
from app.desk.quality.lists import Counted, counted
from app.desk.review.commands import NAMES_FIRST, wrote_in
from app.i18n.translate import _, ngettext
from app.record.models import Edition, Version
from app.settings import Settings
from app.vocabulary.record import Why
from app.web.urls import url

SECONDS_A_DAY, SECONDS_AN_HOUR = 86_400, 3_600
DAYS_THAT_ARE_LONG = 3
MOST_EDITIONS, MOST_RECORDS = 5, 10
MOST_TOGETHER = 500


@dataclass(frozen=True)
class Waiting:
    """A draft that was handed in and waits for somebody to look at it."""

    title: str
    record: str
    kind: str
    address: str
    by: str
    age: str
    is_old: bool
    is_own: bool
    """Whether whoever looks at the list wrote in it, and so can't decide."""


@dataclass(frozen=True)
class WaitingQueue(Queue[Waiting]):
    """Those that wait, and how long the oldest of all has waited, which need not be among the first."""

    oldest: str


@dataclass(frozen=True)
class Ready:
    """An approved draft that the next edition may bring."""

    id: int
    title: str
    record: str
    kind: str
    address: str
    what: str
    reason: str


@dataclass(frozen=True)
class Working:
    """What somebody is writing at the moment."""

    who: str
    title: str
    record: str
    address: str
    saved_at: datetime


@dataclass(frozen=True)
class Published:
    """An edition, with the records in which something was said anew."""

    no: int
    at: datetime
    message: str
    records: Sequence[tuple[str, str]]
    more: int


@dataclass(frozen=True)
class AtWork:
    """What `desk/home.html` prints of others' work; who is no editor sees of it what readers see."""

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
    return AtWork(True, waiting(db, catalogue, settings), approved, working(db, catalogue), published, quality)


def waiting(db: Session, catalogue: Catalogue, settings: Settings) -> WaitingQueue:
    """The longest wait first; one's own last, which others decide, and of which an import hands in thousands."""
    is_own = (false() if settings.one_person_desk else wrote_in(catalogue.person)).label("is_own")
    in_review = Draft.state == State.IN_REVIEW
    all_ = select(Draft, is_own).where(in_review).order_by(is_own, Draft.saved_at, Draft.id)
    names, now = _names(db), datetime.now(UTC)
    total, oldest = db.execute(select(func.count(), func.min(Draft.saved_at)).where(in_review)).one()
    lines = [
        Waiting(
            title=catalogue.title(draft.kind, draft.document),
            record=draft.record,
            kind=draft.kind,
            address=url("review", id=draft.id),
            by=names[draft.owner],
            age=age((now - draft.saved_at).total_seconds()),
            is_old=(now - draft.saved_at).days >= DAYS_THAT_ARE_LONG,
            is_own=own,
        )
        for draft, own in db.execute(all_.limit(MOST_LISTED)).all()
    ]
    return WaitingQueue(lines, total, age((now - oldest).total_seconds()) if oldest else "")


def ready(db: Session, catalogue: Catalogue) -> Queue[Ready]:
    """As many as are published together, and what they name before them; what is left is there again."""
    all_ = select(Draft).where(Draft.state == State.APPROVED).order_by(NAMES_FIRST, Draft.saved_at, Draft.id)
    found = db.scalars(all_.limit(MOST_TOGETHER))
    lines = [
        Ready(
            id=draft.id,
            title=catalogue.title(draft.kind, draft.document),
            record=draft.record,
            kind=draft.kind,
            address=url("review", id=draft.id),
            what=_(Weight(draft.why or Weight.UPDATED).why.label) if draft.base else _(Why.ADDED.label),
            reason=draft.reason or "",
        )
        for draft in found
    ]
    return Queue(lines, count_of(db, all_))


def working(db: Session, catalogue: Catalogue) -> Queue[Working]:
    """What others are writing, for editors, who may look at all of it."""
    names = _names(db)
    others = select(Draft).where(Draft.state.in_(WRITABLE), Draft.owner != catalogue.person.id, Draft.number > 0)
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


def lately_published(db: Session) -> list[Published]:
    editions = db.scalars(select(Edition).order_by(Edition.no.desc()).limit(MOST_EDITIONS)).all()
    written = select(Version.opened, Version.id).where(
        Version.opened.in_([edition.no for edition in editions]), Version.why != Why.REINDEXED, Version.kind != "V"
    )
    records: dict[int, list[str]] = {}
    for no, id in db.execute(written.order_by(Version.seq)):
        records.setdefault(no, []).append(id)
    return [
        Published(
            edition.no,
            edition.at,
            edition.message,
            [(id, url("desk-record", record=id)) for id in records.get(edition.no, [])[:MOST_RECORDS]],
            max(0, len(records.get(edition.no, [])) - MOST_RECORDS),
        )
        for edition in editions
    ]


def age(seconds: float) -> str:
    """How long something waits, in the one unit that says it best."""
    if seconds >= SECONDS_A_DAY:
        days = int(seconds // SECONDS_A_DAY)
        return ngettext("{count} day", "{count} days", days)
    hours = int(seconds // SECONDS_AN_HOUR)
    return ngettext("{count} hour", "{count} hours", hours) if hours else _("less than an hour")


def _names(db: Session) -> dict[int, str]:
    return {person.id: person.called for person in db.scalars(select(Person))}
