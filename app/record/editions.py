"""Selects the edition of a request: the newest, or one by its number or day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Integer, bindparam, func, select
from sqlalchemy.orm import Session

from app.database.sessions import DeskSession
from app.dates.day_ranges import parse_period
from app.filtering import Since
from app.record.models import RULES, CoverageCheckRow, Edition, PurgedRecord, Version


@dataclass(frozen=True)
class SelectedEdition:
    """The edition that answers a request, and the number of the newest edition."""

    no: int
    at: datetime
    newest: int

    @property
    def is_newest(self) -> bool:
        return self.no == self.newest

    def holds(self) -> ColumnElement[bool]:
        """Return the SQL condition for versions that are visible in this edition."""
        return visible_in(self.no)


def visible_in(
    no: int | ColumnElement[int], rows: type[Version | CoverageCheckRow] = Version
) -> ColumnElement[bool]:
    return (rows.opened <= no) & (rows.closed.is_(None) | (rows.closed > no))


LIVE_IN_EDITION = visible_in(bindparam("edition", type_=Integer)) & Version.is_live
"""Live versions of an edition, for a statement that is built once; binds `edition`."""

EDITION_PARAMETER = Since(
    "edition", "Edition", "The record as of an edition, or of the last edition of a UTC day."
)


class NoEditionError(LookupError):
    """The requested edition does not exist, or nothing has been published yet."""


NEWEST_EDITION = (
    select(Edition.no, Edition.at)
    .where(Edition.no <= bindparam("most"))
    .order_by(Edition.no.desc())
    .limit(1)
)
MAX_EDITION = 2**31 - 1


def select_edition(
    db: Session, query: str = "", newest: SelectedEdition | None = None
) -> SelectedEdition:
    """Return the edition of a number, or the last one of a UTC day or month; by default the newest.

    `newest` is the newest edition to select from, instead of that of the database.
    """
    if newest is None:
        row = db.execute(NEWEST_EDITION, {"most": MAX_EDITION}).first()
        if row is None:
            raise NoEditionError("nothing has been published yet")
        newest = SelectedEdition(row.no, row.at, row.no)
    if not query:
        return newest
    query = clean_edition(query)
    day = last_day_of_query(query)
    is_it = _utc_day() <= day if day else Edition.no == int(query)
    row = db.execute(NEWEST_EDITION.where(is_it), {"most": newest.no}).first()
    if row is None:
        raise NoEditionError(f"there is no edition {query}")
    return SelectedEdition(row.no, row.at, newest.no)


def clean_edition(query: str) -> str:
    """Return the number or day in its usual form. Raises NoEditionError for other text."""
    try:
        return EDITION_PARAMETER.clean(query)
    except (ValueError, OverflowError):
        raise NoEditionError(
            "an edition is a number or a UTC day, such as 12 or 2026-11-24"
        ) from None


def find_outdated_rules(db: Session) -> str:
    """Return a sentence with a remedy if older rules calculated the record; "" if not."""
    newest, rules = db.execute(NEWEST_RULES).one()
    return OLDER_RULES if newest and (rules or 0) < RULES else ""


NEWEST_RULES = select(func.max(Edition.no), func.max(Edition.rules))
OLDER_RULES = (
    "The record was calculated by the rules of an older release: run `sojourn publish --again`."
)


def count_purges(db: Session) -> int:
    """Return the number of purges that this transaction sees."""
    return db.scalar(select(func.count()).select_from(PurgedRecord)) or 0


def first_edition_since(query: str) -> ColumnElement[int]:
    """Return SQL for the number of the first edition on or after a UTC day, or the given number."""
    day = parse_period(query, None).first if last_day_of_query(query) else None
    if day is None:
        return func.coalesce(int(query))
    first = select(func.min(Edition.no)).where(_utc_day() >= day).scalar_subquery()
    return func.coalesce(first, 2_147_483_647)


def last_day_of_query(query: str) -> date | None:
    """Return the last day of a day or month; None for the number of an edition."""
    return parse_period(None, query).last if "-" in query else None


def _utc_day() -> ColumnElement[date]:
    return func.date(func.timezone("UTC", Edition.at))


# Notification -------------------------------------------------------------------------------------


EDITION_CHANNEL = "sojourn_edition"


def notify_workers(db: Session, edition: int) -> None:
    """Notify all workers of a new edition once this transaction is committed.

    Also stores the number in the session, for the response to the person who published it.
    """
    assert isinstance(db, DeskSession)  # the only session that may write the record
    db.published = edition
    db.execute(select(func.pg_notify(EDITION_CHANNEL, "")))
