"""What waits: drafts to review, approved drafts to publish, and the daily summary by mail."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, DraftState, Significance
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.queue import DRAFTS_PER_PAGE, DraftQueue, count_drafts
from app.desk.identity.confirmations import count_waiting
from app.desk.identity.models import Person
from app.desk.identity.notices import NoticeKind, count_unread, has_notice, notify
from app.desk.identity.roles import DeskRole
from app.desk.review.authors import has_written
from app.desk.review.commands import PUBLISH_ORDER
from app.i18n.translate import _, ngettext
from app.settings import Settings
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import Why
from app.web.urls import url

SECONDS_PER_DAY, SECONDS_PER_HOUR = 86_400, 3_600
MAX_DAYS_IN_QUEUE = 3
MAX_DRAFTS_PER_EDITION = 500


@dataclass(frozen=True)
class DraftInReview:
    """A submitted draft that waits for review, or all those of one report."""

    title: str
    record: str
    kind: str
    address: str
    by: str
    age: str
    is_old: bool
    is_own: bool
    """Whether the viewer wrote in it, and so may not decide; of a report: in all of it."""
    rows: int = 1
    """Number of drafts; more than 1 for a report."""


@dataclass(frozen=True)
class ReviewQueue(DraftQueue[DraftInReview]):
    """Submitted drafts, and how long the oldest of all has waited."""

    oldest: str


@dataclass(frozen=True)
class ApprovedDraft:
    """An approved draft that can be published."""

    id: int
    title: str
    record: str
    kind: str
    address: str
    what: str
    reason: str


def waiting(db: Session, catalogue: Catalogue, settings: Settings) -> ReviewQueue:
    """Return submitted drafts, longest wait first. Those of one report are one entry.

    The viewer's own come last: others decide on them.
    """
    is_own = false() if settings.one_person_desk else has_written(catalogue.person)
    report, since = func.coalesce(Draft.article, Draft.record), func.min(Draft.saved_at)
    entries = (
        select(
            func.min(Draft.id).label("first"),
            func.count().label("rows"),
            func.bool_and(is_own).label("is_own"),
            since.label("since"),
            report.label("report"),
        )
        .where(Draft.state == DraftState.IN_REVIEW)
        .group_by(report)
    )
    newest_last = entries.order_by("is_own", "since", "first").limit(DRAFTS_PER_PAGE)
    names, now = names_by_id(db), datetime.now(UTC)
    waits = entries.subquery()
    total, oldest = db.execute(select(func.count(), func.min(waits.c.since))).one()
    lines = []
    for entry in db.execute(newest_last).all():
        draft = db.get_one(Draft, entry.first)
        is_report = entry.rows > 1
        lines.append(
            DraftInReview(
                title=catalogue.label(entry.report)
                if is_report
                else catalogue.title(draft.kind, draft.document),
                record=entry.report if is_report else draft.record,
                kind=RecordKind.SOURCE if is_report else draft.kind,
                address=url("report-review", id=entry.report)
                if is_report
                else url("review", id=draft.id),
                by=names[draft.owner],
                age=age((now - entry.since).total_seconds()),
                is_old=(now - entry.since).days >= MAX_DAYS_IN_QUEUE,
                is_own=entry.is_own,
                rows=entry.rows,
            )
        )
    return ReviewQueue(lines, total, age((now - oldest).total_seconds()) if oldest else "")


def publish_queue(db: Session, catalogue: Catalogue) -> DraftQueue[ApprovedDraft]:
    """Return at most as many drafts as one edition may hold, after those that they refer to."""
    all_ = (
        select(Draft)
        .where(Draft.state == DraftState.APPROVED)
        .order_by(PUBLISH_ORDER, Draft.saved_at, Draft.id)
    )
    drafts = db.scalars(all_.limit(MAX_DRAFTS_PER_EDITION))
    lines = [
        ApprovedDraft(
            id=draft.id,
            title=catalogue.title(draft.kind, draft.document),
            record=draft.record,
            kind=draft.kind,
            address=url("review", id=draft.id),
            what=_(Significance(draft.why or Significance.UPDATED).why.label)
            if draft.base
            else _(Why.ADDED.label),
            reason=draft.reason or "",
        )
        for draft in drafts
    ]
    return DraftQueue(lines, count_drafts(db, all_))


def age(seconds: float) -> str:
    """Return a waiting time in its largest unit."""
    if seconds >= SECONDS_PER_DAY:
        days = int(seconds // SECONDS_PER_DAY)
        return ngettext("{count} day", "{count} days", days)
    hours = int(seconds // SECONDS_PER_HOUR)
    return ngettext("{count} hour", "{count} hours", hours) if hours else _("less than an hour")


def names_by_id(db: Session) -> dict[int, str]:
    return {person.id: person.called for person in db.scalars(select(Person))}


# Daily summary ---------------------------------------------------------------------------------


def summarise(db: Session, settings: Settings) -> int:
    """Make the summary of the day for everybody for whom something waits; return how many."""
    if not settings.smtp_url:
        return 0
    day, count = datetime.now(UTC).date().isoformat(), 0
    for person in db.scalars(select(Person).where(Person.disabled_at.is_(None))).all():
        waits = _count_waiting(db, person, settings)
        if waits and not has_notice(db, NoticeKind.SUMMARY, day, person.id):
            notify(db, NoticeKind.SUMMARY, [person.id], url("notices"), day, count=waits)
            count += 1
    return count


def _count_waiting(db: Session, person: Person, settings: Settings) -> int:
    """Count unread notices and, for editors, what waits for a decision that they may take."""
    count = count_unread(db, person)
    if not person.may(DeskRole.EDITOR):
        return count
    in_review = select(func.count()).select_from(Draft).where(Draft.state == DraftState.IN_REVIEW)
    if not settings.one_person_desk:
        in_review = in_review.where(~has_written(person))
    return count + (db.scalar(in_review) or 0) + count_waiting(db)
