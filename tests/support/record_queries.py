"""Ids and counts of the record by query string, as pages read them."""

from urllib.parse import parse_qsl

from sqlalchemy.orm import Session

from app.record.editions import select_edition
from app.record.filters import EventFilters
from app.record.index.manager import IndexManager
from app.record.names.directory import read_directory
from app.record.sql import counts
from app.record.sql import rows as record_rows
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
    edition = select_edition(db, asked.one("edition"))
    return [
        row.id
        for row in record_rows.read_page(
            db, edition, asked, read_directory(db, edition), limit
        ).rows
    ]


def counted(db: Session, query: str = "") -> counts.ListCounts:
    asked = filters(query)
    edition = select_edition(db, asked.one("edition"))
    return counts.count_list(db, edition, asked, read_directory(db, edition))


def ready_indexes(settings: Settings) -> IndexManager:
    """Return indexes with the newest edition loaded."""
    indexes = IndexManager(lambda: reader_session(settings))
    with reader_session(settings) as db:
        wait_until(lambda: indexes.of(select_edition(db), "E"), "the index to be read")
    return indexes
