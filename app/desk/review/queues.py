"""What waits: drafts to review, approved drafts to publish, and the daily summary by mail."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, DraftState, Significance
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.queue import DRAFTS_PER_PAGE, DraftQueue, count_drafts
from app.desk.identity.confirmations import count_waiting
from app.desk.identity.models import DeskRole, Person
from app.desk.identity.notices import NoticeKind, count_unread, has_notice, notify
from app.desk.review.commands import IS_IN_REVIEW, PUBLISH_ORDER, has_written
from app.i18n.translate import _, ngettext
from app.settings import Settings
from app.vocabulary.record import Why
from app.web.urls import url

SECONDS_PER_DAY, SECONDS_PER_HOUR = 86_400, 3_600
MAX_DAYS_IN_QUEUE = 3
MAX_DRAFTS_PER_EDITION = 500


def waiting(db: Session, catalogue: Catalogue, settings: Settings) -> dict[str, Any]:
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
        .where(IS_IN_REVIEW)
        .group_by(report)
    )
    newest_last = entries.order_by("is_own", "since", "first").limit(DRAFTS_PER_PAGE)
    now, all_entries = datetime.now(UTC), entries.subquery()
    total, oldest = db.execute(select(func.count(), func.min(all_entries.c.since))).one()
    lines = []
    for entry in db.execute(newest_last).all():
        draft = db.get_one(Draft, entry.first)
        record, title = draft.record, catalogue.title(draft.kind, draft.document)
        address = url("review", id=draft.id)
        if entry.rows > 1:
            record, title = entry.report, catalogue.label(entry.report)
            address = url("report-review", id=entry.report)
        lines.append(
            {
                "title": title,
                "record": record,
                "address": address,
                "by": db.get_one(Person, draft.owner).called,
                "age": age((now - entry.since).total_seconds()),
                "is_old": (now - entry.since).days >= MAX_DAYS_IN_QUEUE,
                "is_own": entry.is_own,
                "rows": entry.rows,
            }
        )
    waited = age((now - oldest).total_seconds()) if oldest else ""
    return {"lines": lines, "total": total, "more": total - len(lines), "oldest": waited}


def publish_queue(db: Session, catalogue: Catalogue) -> DraftQueue[tuple[Draft, str, str]]:
    """Return approved drafts with title and type of change, after those that they refer to.

    They are at most as many as one edition may hold.
    """
    all_ = (
        select(Draft)
        .where(Draft.state == DraftState.APPROVED)
        .order_by(PUBLISH_ORDER, Draft.saved_at, Draft.id)
    )
    lines = [
        (draft, catalogue.title(draft.kind, draft.document), _(_why(draft).label))
        for draft in db.scalars(all_.limit(MAX_DRAFTS_PER_EDITION))
    ]
    return DraftQueue(lines, count_drafts(db, all_))


def _why(draft: Draft) -> Why:
    return Significance(draft.why or Significance.UPDATED).why if draft.base else Why.ADDED


def age(seconds: float) -> str:
    """Return a waiting time in its largest unit."""
    if seconds >= SECONDS_PER_DAY:
        days = int(seconds // SECONDS_PER_DAY)
        return ngettext("{count} day", "{count} days", days)
    hours = int(seconds // SECONDS_PER_HOUR)
    return ngettext("{count} hour", "{count} hours", hours) if hours else _("less than an hour")


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
    in_review = select(Draft).where(IS_IN_REVIEW)
    if not settings.one_person_desk:
        in_review = in_review.where(~has_written(person))
    return count + count_drafts(db, in_review) + count_waiting(db)
