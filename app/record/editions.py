"""Selects the edition of a request: the newest, or one by its number or day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Integer, bindparam, func, select
from sqlalchemy.orm import Session

from app.dates import edtf
from app.filtering import Since
from app.record.models import Edition, Purged, Version


@dataclass(frozen=True)
class Reading:
    """The edition that answers a request, and the number of the newest edition."""

    no: int
    at: datetime
    newest: int

    @property
    def is_newest(self) -> bool:
        return self.no == self.newest

    def holds(self) -> ColumnElement[bool]:
        """Return the SQL condition for versions that are visible in this edition."""
        return held_in(self.no)


def held_in(no: int | ColumnElement[int]) -> ColumnElement[bool]:
    return (Version.opened <= no) & (Version.closed.is_(None) | (Version.closed > no))


HELD = held_in(bindparam("edition", type_=Integer)) & Version.is_live
"""Live versions of an edition, for a statement that is built once; binds `edition`."""

ASKED = Since(
    "edition", "Edition", "The record as of an edition, or of the last edition of a UTC day."
)


class NoEdition(LookupError):
    """The requested edition does not exist, or nothing has been published yet."""


NEWEST = (
    select(Edition.no, Edition.at)
    .where(Edition.no <= bindparam("most"))
    .order_by(Edition.no.desc())
    .limit(1)
)
ANY = 2**31 - 1


NEWEST_READ = "newest_read"
"""Key of a session's info: the newest edition that was read in the session."""


def reading(db: Session, query: str = "") -> Reading:
    """Return the edition of a number, or the last one of a UTC day or month; by default the newest.

    The newest is the edition of the worker's index, which `Indexes` stores in the session's info.
    The session remembers the newest edition, because pages of past editions name it too.
    """
    found = _find_edition(db, query)
    db.info[NEWEST_READ] = max(found.newest, db.info.get(NEWEST_READ, 0))
    return found


def _find_edition(db: Session, query: str) -> Reading:
    serving = db.info.get("serving")
    # This worker may not have loaded the newest edition yet. Its publisher sees it anyway.
    max_edition = max(serving.edition, db.info.get("at_least", 0)) if serving else ANY
    if serving and max_edition == serving.edition:
        newest_edition = Reading(max_edition, serving.at, max_edition)
    else:
        row = db.execute(NEWEST, {"most": max_edition}).first()
        if row is None:
            raise NoEdition("nothing has been published yet")
        newest_edition = Reading(row.no, row.at, row.no)
    if not query:
        return newest_edition
    try:
        query = ASKED.clean(query)
    except (ValueError, OverflowError):
        raise NoEdition("an edition is a number or a UTC day, such as 12 or 2026-11-24") from None
    day = last_day(query)
    if day:
        row = db.execute(NEWEST.where(_utc_day() <= day), {"most": max_edition}).first()
    else:
        row = db.execute(NEWEST.where(Edition.no == int(query)), {"most": ANY}).first()
    if row is None:
        raise NoEdition(f"there is no edition {query}")
    return Reading(row.no, row.at, max(row.no, newest_edition.no))


def count_purges(db: Session) -> int:
    """Return the number of purges that this transaction sees."""
    return db.scalar(select(func.count()).select_from(Purged)) or 0


def newest(db: Session) -> int:
    """Return the newest edition in the database, even if this worker has not loaded it yet.

    0 before the first edition.
    """
    return db.scalar(select(func.coalesce(func.max(Edition.no), 0))) or 0


def first_since(query: str) -> ColumnElement[int]:
    """Return SQL for the number of the first edition on or after a UTC day, or the given number."""
    day = edtf.window(query, None).first if last_day(query) else None
    if day is None:
        return func.coalesce(int(query))
    first = select(func.min(Edition.no)).where(_utc_day() >= day).scalar_subquery()
    return func.coalesce(first, 2_147_483_647)


def last_day(query: str) -> date | None:
    """Return the last day of a day or month; None for the number of an edition."""
    return edtf.window(None, query).last if "-" in query else None


def _utc_day() -> ColumnElement[date]:
    return func.date(func.timezone("UTC", Edition.at))
