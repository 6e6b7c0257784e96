"""What waits for whom: drafts for a reviewer, approved ones for the next edition; who works on what, what came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, State, Weight
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.queue import MOST_LISTED, Queue
from app.desk.drafts.queue import counted as count_of
from app.desk.identity.models import Person
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
class Published:
    """An edition, with the records in which something was said anew."""

    no: int
    at: datetime
    message: str
    records: Sequence[tuple[str, str]]
    more: int


def waiting(db: Session, catalogue: Catalogue, settings: Settings) -> WaitingQueue:
    """The longest wait first; one's own last, which others decide, and of which an import hands in thousands."""
    is_own = (false() if settings.one_person_desk else wrote_in(catalogue.person)).label("is_own")
    in_review = Draft.state == State.IN_REVIEW
    all_ = select(Draft, is_own).where(in_review).order_by(is_own, Draft.saved_at, Draft.id)
    names, now = _names(db), datetime.now(UTC)
    total, oldest = db.execute(
        select(func.count(), func.min(Draft.saved_at)).where(in_review)
    ).one()
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
    all_ = (
        select(Draft)
        .where(Draft.state == State.APPROVED)
        .order_by(NAMES_FIRST, Draft.saved_at, Draft.id)
    )
    found = db.scalars(all_.limit(MOST_TOGETHER))
    lines = [
        Ready(
            id=draft.id,
            title=catalogue.title(draft.kind, draft.document),
            record=draft.record,
            kind=draft.kind,
            address=url("review", id=draft.id),
            what=_(Weight(draft.why or Weight.UPDATED).why.label)
            if draft.base
            else _(Why.ADDED.label),
            reason=draft.reason or "",
        )
        for draft in found
    ]
    return Queue(lines, count_of(db, all_))


def lately_published(db: Session) -> list[Published]:
    editions = db.scalars(select(Edition).order_by(Edition.no.desc()).limit(MOST_EDITIONS)).all()
    written = select(Version.opened, Version.id).where(
        Version.opened.in_([edition.no for edition in editions]),
        Version.why != Why.REINDEXED,
        Version.kind != "V",
    )
    records: dict[int, list[str]] = {}
    for no, id in db.execute(written.order_by(Version.seq)):
        records.setdefault(no, []).append(id)
    return [
        Published(
            edition.no,
            edition.at,
            edition.message,
            [
                (id, url("desk-record", record=id))
                for id in records.get(edition.no, [])[:MOST_RECORDS]
            ],
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
