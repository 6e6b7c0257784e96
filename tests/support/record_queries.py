"""Ids and counts of the record by query string, as pages read them."""

from urllib.parse import parse_qsl

from sqlalchemy.orm import Session

from app.record.editions import reading
from app.record.filters import EventFilters
from app.record.index.manager import Indexes
from app.record.names.directory import directory
from app.record.sql import counts
from app.record.sql import rows as queries
from app.settings import Settings
from tests.conftest import reader_session, wait_until


def filters(query: str) -> EventFilters:
    """Parse a query string; fail on invalid filters."""
    found, dropped = EventFilters.from_pairs(parse_qsl(query, keep_blank_values=True))
    assert not dropped, dropped
    return found


def ids(db: Session, query: str = "", limit: int = 1_000) -> list[str]:
    """Return the ids of matching events, sorted."""
    asked = filters(query)
    edition = reading(db, asked.one("edition"))
    return [row.id for row in queries.page(db, edition, asked, directory(db, edition), limit).rows]


def counted(db: Session, query: str = "") -> counts.Counts:
    asked = filters(query)
    edition = reading(db, asked.one("edition"))
    return counts.counts(db, edition, asked, directory(db, edition))


def ready_indexes(settings: Settings) -> Indexes:
    """Return indexes with the newest edition loaded."""
    indexes = Indexes(lambda: reader_session(settings))
    with reader_session(settings) as db:
        wait_until(lambda: indexes.of(reading(db), "E"), "the index to be read")
    return indexes
