"""Publishes an empty edition a day, so that ages on pages are those of today (rule 7)."""

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from app.record.edition_signal import notify_workers
from app.record.models import Edition
from app.record.publishing.next_edition import lock_counter, next_edition


def publish_daily_edition(db: Session, message: str) -> Edition | None:
    """Publish an empty edition if the newest one is of an earlier UTC day; otherwise return None.

    Pages calculate ages from the day of their edition, not from the clock. Without daily editions,
    a week without changes would look like the day of the last change.
    """
    counter = lock_counter(db)
    in_utc = cast(func.timezone("UTC", Edition.at), Date)
    is_old = in_utc < cast(func.timezone("UTC", func.now()), Date)
    if not db.scalar(select(is_old).where(Edition.no == counter.edition)):
        return None
    edition = next_edition(db, counter, message)
    notify_workers(db, edition.no)
    return edition
