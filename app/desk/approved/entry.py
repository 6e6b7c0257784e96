"""The day by which values are judged that somebody enters: no value may be refused that was accepted before."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.dates import edtf
from app.desk.approved.draft_models import Draft
from app.desk.approved.models import Source
from app.forms import Entry
from app.record.models import Edition


def entry(db: Session) -> Entry:
    """The validation context of values that are entered into this desk now."""
    return Entry(lambda: latest_day(db))


def latest_day(db: Session) -> date:
    """The last day that has begun anywhere, by the clock and by the times of editions, drafts and sources.

    A clock that is behind would otherwise refuse dates in records and drafts that it accepted when they were entered.
    """
    moments = [
        datetime.now(UTC),
        *filter(
            None,
            (
                db.scalar(select(func.max(at)))
                for at in (Edition.at, Draft.saved_at, Source.saved_at)
            ),
        ),
    ]
    return max(edtf.latest_today(moment) for moment in moments)
