"""Publishes an empty edition a day, so that ages on pages are those of today (rule 7)."""

from importlib.metadata import version as installed_version

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from app.record.edition_signal import notify_workers
from app.record.models import Edition, EditionCounter


def publish_daily_edition(db: Session, message: str) -> Edition | None:
    """Publish an empty edition if the newest one is of an earlier UTC day; otherwise return None.

    Pages calculate ages from the day of their edition, not from the clock. Without daily editions,
    a week without changes would look like the day of the last change.
    """
    counter = db.scalars(select(EditionCounter).with_for_update()).one()
    in_utc = cast(func.timezone("UTC", Edition.at), Date)
    is_old = in_utc < cast(func.timezone("UTC", func.now()), Date)
    if not db.scalar(select(is_old).where(Edition.no == counter.edition)):
        return None
    counter.edition += 1
    edition = Edition(no=counter.edition, message=message, release=installed_version("sojourn"))
    db.add(edition)
    db.flush()
    notify_workers(db, edition.no)
    return edition
