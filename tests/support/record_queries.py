"""Ids and counts of the record by query string, as pages read them."""

from collections.abc import Callable
from urllib.parse import parse_qsl

from sqlalchemy.orm import Session

from app.record.filters import EventFilters
from app.record.index import matching as counts
from app.record.index.manager import IndexManager
from app.record.lists import backend
from app.record.names.directory import read_directory
from app.settings import Settings
from tests.conftest import reader_session
from tests.support.indexed import select_indexed


def filters(query: str) -> EventFilters:
    """Parse a query string; fail on invalid filters."""
    found, dropped = EventFilters.from_pairs(parse_qsl(query, keep_blank_values=True))
    assert not dropped, dropped
    return found


def finder(db: Session, edition: str = "") -> Callable[[str], list[str]]:
    """Return a function from queries to the sorted ids of matching events; one index serves all."""
    selected = select_indexed(db, edition)
    names = read_directory(db, selected)

    def find(query: str) -> list[str]:
        page = backend.read_page(db, selected, filters(query), names, 1_000)
        return [row.id for row in page.rows]

    return find


def ids(db: Session, query: str = "") -> list[str]:
    return finder(db, filters(query).one("edition"))(query)


def counted(db: Session, query: str = "") -> counts.ListCounts:
    asked = filters(query)
    edition = select_indexed(db, asked.one("edition"))
    return backend.match(db, edition, asked, read_directory(db, edition)).counts()


def ready_indexes(settings: Settings) -> IndexManager:
    """Return indexes with the newest edition loaded."""
    indexes = IndexManager(lambda: reader_session(settings))
    assert indexes.catch_up()
    return indexes
