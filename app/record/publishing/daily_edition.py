"""An edition in which nothing is said anew, so that what readers are told of today is of today (rule 7)."""

from importlib.metadata import version as installed_version

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from app.record.edition_signal import tell
from app.record.models import Counter, Edition


def publish_the_day(db: Session, message: str) -> Edition | None:
    """Publishes it where the newest edition is of an earlier day (UTC); nothing before the first, or twice a day.

    Pages ask for the day of their edition and never for that of the clock: without it a quiet week would read as if it
    were still the day of the last change.
    """
    counter = db.scalars(select(Counter).with_for_update()).one()
    in_utc = cast(func.timezone("UTC", Edition.at), Date)
    is_old = in_utc < cast(func.timezone("UTC", func.now()), Date)
    if not db.scalar(select(is_old).where(Edition.no == counter.edition)):
        return None
    counter.edition += 1
    edition = Edition(no=counter.edition, message=message, release=installed_version("sojourn"))
    db.add(edition)
    db.flush()
    tell(db, edition.no)
    return edition
