"""Which edition a reader sees: the newest, or the one asked for by its number or its day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Integer, bindparam, func, select
from sqlalchemy.orm import Session

from app.dates import edtf
from app.filtering import Since
from app.record.models import Edition, Purged, Version


@dataclass(frozen=True)
class Reading:
    """The edition that a request is answered from, fixed once, and the newest there is."""

    no: int
    at: datetime
    newest: int

    @property
    def is_newest(self) -> bool:
        return self.no == self.newest

    def holds(self) -> ColumnElement[bool]:
        """Rows as readers of this edition saw them."""
        return held_in(self.no)


def held_in(no: int | ColumnElement[int]) -> ColumnElement[bool]:
    return (Version.opened <= no) & (Version.closed.is_(None) | (Version.closed > no))


HELD = held_in(bindparam("edition", type_=Integer)) & (Version.state == "live")
"""What readers of an edition see, for a statement that is built once and run with its number."""

ASKED = Since(
    "edition", "Edition", "The record as of an edition, or of the last edition of a UTC day."
)


class NoEdition(LookupError):
    """Nothing has been published, or not yet on that day."""


NEWEST = (
    select(Edition.no, Edition.at)
    .where(Edition.no <= bindparam("most"))
    .order_by(Edition.no.desc())
    .limit(1)
)
ANY = 2**31 - 1


NEWEST_READ = "newest_read"
"""Where a session's info holds the newest edition that was read in it."""


def reading(db: Session, asked: str = "") -> Reading:
    """The edition of that number, or the last one of that UTC day or month; the newest where nothing is asked.

    The newest is that of the worker that answers, which `Indexes` puts beside the session. The session remembers it:
    a page of a past edition names the newest one, too.
    """
    found = _find_edition(db, asked)
    db.info[NEWEST_READ] = max(found.newest, db.info.get(NEWEST_READ, 0))
    return found


def _find_edition(db: Session, asked: str) -> Reading:
    serving = db.info.get("serving")
    # A newer one may be published, and on its way into this worker. Who published it sees it all the same.
    most = max(serving.edition, db.info.get("at_least", 0)) if serving else ANY
    if serving and most == serving.edition:
        newest = Reading(most, serving.at, most)
    else:
        row = db.execute(NEWEST, {"most": most}).first()
        if row is None:
            raise NoEdition("nothing has been published yet")
        newest = Reading(row.no, row.at, row.no)
    if not asked:
        return newest
    try:
        asked = ASKED.clean(asked)
    except (ValueError, OverflowError):
        raise NoEdition("an edition is a number or a UTC day, such as 12 or 2026-11-24") from None
    day = last_day(asked)
    if day:
        row = db.execute(NEWEST.where(_utc_day() <= day), {"most": most}).first()
    else:
        row = db.execute(NEWEST.where(Edition.no == int(asked)), {"most": ANY}).first()
    if row is None:
        raise NoEdition(f"there is no edition {asked}")
    return Reading(row.no, row.at, max(row.no, newest.no))


def count_purges(db: Session) -> int:
    """How often something was removed from past editions, as far as this transaction knows."""
    return db.scalar(select(func.count()).select_from(Purged)) or 0


def newest(db: Session) -> int:
    """The newest edition there is, whether or not this worker has it; 0 before anything has been published."""
    return db.scalar(select(func.coalesce(func.max(Edition.no), 0))) or 0


def first_since(asked: str) -> ColumnElement[int]:
    """The number of the first edition on or after a UTC day, or the edition named; a condition compares with it."""
    day = edtf.window(asked, None).first if last_day(asked) else None
    if day is None:
        return func.coalesce(int(asked))
    first = select(func.min(Edition.no)).where(_utc_day() >= day).scalar_subquery()
    return func.coalesce(first, 2_147_483_647)


def last_day(asked: str) -> date | None:
    """The last day of a day or month; None for the number of an edition."""
    return edtf.window(None, asked).last if "-" in asked else None


def _utc_day() -> ColumnElement[date]:
    return func.date(func.timezone("UTC", Edition.at))
