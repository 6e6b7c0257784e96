"""Asking the record as a page does: an address's query string in, ids or counts out."""

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
    """Read strictly: a test that asks for nonsense is a wrong test."""
    found, dropped = EventFilters.from_pairs(parse_qsl(query, keep_blank_values=True))
    assert not dropped, dropped
    return found


def ids(db: Session, query: str = "", limit: int = 1_000) -> list[str]:
    """The ids that an address finds, in its order."""
    asked = filters(query)
    edition = reading(db, asked.one("edition"))
    return [row.id for row in queries.page(db, edition, asked, directory(db, edition), limit).rows]


def counted(db: Session, query: str = "") -> counts.Counts:
    asked = filters(query)
    edition = reading(db, asked.one("edition"))
    return counts.counts(db, edition, asked, directory(db, edition))


def ready_indexes(settings: Settings) -> Indexes:
    """The indexes of the newest edition, read at once."""
    indexes = Indexes(lambda: reader_session(settings))
    with reader_session(settings) as db:
        wait_until(lambda: indexes.of(reading(db), "E"), "the index to be read")
    return indexes
