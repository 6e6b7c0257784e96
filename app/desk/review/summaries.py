"""The daily summary of what waits for a person, mailed by `sojourn tick`."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, DraftState
from app.desk.identity.confirmations import count_waiting
from app.desk.identity.models import Person
from app.desk.identity.notices import NoticeKind, count_unread, has_notice, notify
from app.desk.identity.roles import DeskRole
from app.desk.review.authors import has_written
from app.settings import Settings
from app.web.urls import url


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
