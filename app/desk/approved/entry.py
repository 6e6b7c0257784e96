"""The date by which entered values are validated.

A value that was accepted before must stay valid, even if the clock goes back.
"""

from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.dates import edtf
from app.desk.approved.draft_models import Draft
from app.desk.approved.models import Record
from app.kinds import Entry
from app.record.models import Edition


def entry_context(db: Session) -> Entry:
    """Return the validation context of values that are entered at the desk now."""
    return Entry(lambda: latest_day(db))


def latest_day(db: Session) -> date:
    """Return the latest current date anywhere, by the clock and by stored times.

    Stored times of editions, drafts and records count because a slow clock would otherwise reject
    dates that were accepted earlier.
    """
    moments = [
        datetime.now(UTC),
        *filter(
            None,
            (
                db.scalar(select(func.max(at)))
                for at in (Edition.at, Draft.saved_at, Record.saved_at)
            ),
        ),
    ]
    return max(edtf.latest_today(moment) for moment in moments)
