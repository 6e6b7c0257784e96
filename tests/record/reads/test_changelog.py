"""The changelog: pages, read edition by edition, equal the file, which is sorted at once."""

from itertools import product

import pytest
from sqlalchemy.orm import Session

from app.record.filters import ChangeFilters, MirrorFilters
from app.record.names.directory import read_directory
from app.record.reads import changelog
from app.record.sql.rows import one_session
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.indexed import select_indexed
from tests.support.publisher import Publisher

ASKED = [
    {},
    {"what": ["event"]},
    {"what": ["source", "code"]},
    {"why": ["corrected", "withdrawn"]},
    {"why": ["reindexed"]},
    {"place": ["place-4"]},
    {"q": ["restaurant"], "what": ["event"]},
    {"id": ["E2"]},
    {"since": ["9"]},
    {"since": ["4"], "what": ["estimate", "event"], "edition": ["14"]},
]


@pytest.mark.parametrize("lists", [ChangeFilters, MirrorFilters])
def test_changelog_pages_equal_file(database: Settings, lists: type[ChangeFilters]) -> None:
    with desk_session(database) as desk:
        publisher = Publisher(desk, 11)
        for _ in range(7):
            publisher.add()
        for act in (
            publisher.correct,
            publisher.tidy,
            publisher.redate_a_source,
            publisher.withdraw,
            publisher.merge,
        ):
            act()
        for act in (
            publisher.purge,
            publisher.bring_back,
            publisher.rename,
            publisher.purge,
            publisher.correct,
        ):
            act()
        for included, order in product(ASKED, ("newest", "oldest")):
            filters = lists.made_of({**included, "sort": [order]}, {})
            expected = _told(desk, filters)
            assert _paged(desk, filters, 3) == expected, filters
            edition = select_indexed(desk, filters.one("edition"))
            assert changelog.count_changes(
                desk, edition, filters, read_directory(desk, edition)
            ).total == len(expected), filters
        assert len(expected) > 10


def _told(db: Session, filters: ChangeFilters) -> list[tuple[int, int]]:
    edition = select_indexed(db, filters.one("edition"))
    seqs = changelog.find_changes(db, edition, filters, read_directory(db, edition))
    found = changelog.stream_changes(seqs, filters, one_session(db))
    return [(change.edition.no, change.row.seq or 0) for change in found]


def _paged(db: Session, filters: ChangeFilters, limit: int) -> list[tuple[int, int]]:
    edition = select_indexed(db, filters.one("edition"))
    found: list[tuple[int, int]] = []
    while True:
        page = changelog.read_changes(db, edition, filters, read_directory(db, edition), limit)
        found += [(change.edition.no, change.row.seq or 0) for change in page.rows]
        if page.next is None:
            return found
        filters = filters.with_(after=page.next)
