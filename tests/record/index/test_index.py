"""The in-memory index gives the results of SQL, for every kind and only for its edition."""

import random
from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy.orm import Session

from app.record.editions import select_edition
from app.record.filters import LISTS, EventFilters
from app.record.index import IndexSearch, Matching, build_index
from app.record.index.manager import IndexManager
from app.record.index.rows import bitmap_of
from app.record.lists import backend
from app.record.lists.backend import ListSession
from app.record.names.directory import read_directory
from app.record.publishing.purge import purge
from app.record.sql import counts, histogram
from app.record.sql import rows as record_rows
from app.settings import Settings
from tests.conftest import desk_session, reader_session, wait_until
from tests.make import a_small_world, make_citation, make_estimate, make_event, publish_all
from tests.support.index_queries import some_filters
from tests.support.record_queries import ready_indexes


@pytest.fixture(scope="module")
def record(published: Settings) -> Iterator[ListSession]:
    with reader_session(published) as db:
        db.indexes = ready_indexes(published)
        yield db


@pytest.mark.parametrize("kind", LISTS)
def test_index_results_equal_sql(record: Session, kind: str) -> None:
    edition, chance, lists = select_edition(record), random.Random(f"2026{kind}"), LISTS[kind]
    names = read_directory(record, edition)
    all_codes = counts.count_list(record, edition, lists(), names).facets
    codes = {key.key: list(all_codes.get(key.key, {})) for key in lists.terms()}
    for _ in range(120):
        filters = some_filters(lists, chance, codes)
        query = filters.query_string()
        counted = backend.count_list(record, edition, filters, names)
        in_sql = counts.count_list(record, edition, filters, names)
        for key in lists.terms():
            also = filters[key.key]
            assert counted.highest(key.key, 5, also) == in_sql.highest(key.key, 5, also), (
                query,
                key.key,
            )
        assert counted == in_sql, query
        assert backend.counts_without(record, edition, filters, names) == counts.counts_without(
            record, edition, filters, names
        ), query
        extent = counted.extent
        assert backend.histogram(record, edition, filters, names, extent) == histogram.histogram(
            record, edition, filters, names, extent
        ), query
        size = chance.choice([1, 5, 50])
        page = backend.read_page(record, edition, filters, names, size)
        assert page == record_rows.read_page(record, edition, filters, names, size), query
        if page.next:
            following = filters.with_(after=page.next)
            assert backend.read_page(
                record, edition, following, names, size
            ) == record_rows.read_page(record, edition, following, names, size), query


def test_index_of_newest_edition_is_ready(record: ListSession) -> None:
    edition = select_edition(record)
    index = backend.index_of(record, edition, "E")
    assert index is not None and index.edition == edition.no
    assert (
        len(index.live)
        == counts.count_list(record, edition, EventFilters(), read_directory(record, edition)).total
    )


def test_new_edition_uses_sql_until_index_is_ready(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1), make_estimate(1))
    indexes = ready_indexes(database)
    with desk_session(database) as desk:
        publish_all(desk, make_event(2, citations=[make_citation(2)]))
    with reader_session(database) as db:
        db.indexes = indexes
        edition = select_edition(db)
        # The index is still of the edition before, but the result is right.
        assert (
            backend.count_list(db, edition, EventFilters(), read_directory(db, edition)).total == 2
        )
        wait_until(lambda: indexes.of(edition, "E"), "the index of the new edition")
        assert (
            backend.count_list(db, edition, EventFilters(), read_directory(db, edition)).total == 2
        )
        past = select_edition(db, "1")
        with desk_session(database) as desk:
            publish_all(desk, make_event(3, citations=[make_citation(3)]))
        assert indexes.catch_up()
        of_past = indexes.of(past, "E")
        assert of_past and (of_past.edition, of_past.newest) == (1, 3)
        assert backend.count_list(db, past, EventFilters(), read_directory(db, past)).total == 1


def test_paging_reaches_end_after_purge(
    database: Settings,
) -> None:
    with desk_session(database) as desk:
        publish_all(
            desk, *a_small_world(), *(make_event(number, citations=[]) for number in range(1, 7))
        )
    indexes = ready_indexes(database)
    with desk_session(database) as desk:
        purge(desk, "E3")
    with reader_session(database) as db:
        db.indexes = indexes
        edition, filters = select_edition(db, "1"), EventFilters()
        found: list[str] = []
        while filters.one("after") or not found:
            page = backend.read_page(db, edition, filters, read_directory(db, edition), 2)
            found += [row.id for row in page.rows]
            filters = filters.with_(after=page.next)
        assert found == ["E1", "E2", "E4", "E5", "E6"]


def test_index_of_empty_list_is_empty(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world())
        edition = select_edition(desk)
        index = build_index(desk, edition, "M")
        filters = LISTS["M"]()
        matching = Matching.of(index, filters, IndexSearch(desk, read_directory(desk, edition)))
        assert matching.counts() == counts.count_list(
            desk, edition, filters, read_directory(desk, edition)
        )
        assert matching.page("-as-of", "", 10) == ([], 0)


@pytest.mark.parametrize("count", [0, 5, 65_535, 65_536, 65_537, 200_000])
@pytest.mark.parametrize("share", [0, 0.001, 0.0625, 0.5, 1])
def test_bitmap_of_booleans_contains_true_positions(count: int, share: float) -> None:
    has = np.random.default_rng(count).random(count) < share
    rows = bitmap_of(has)
    assert rows.to_array().tolist() == np.flatnonzero(has).tolist() and len(rows) == has.sum()


def test_objects_are_frozen_after_each_rebuild(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[int] = []
    indexes = IndexManager(lambda: reader_session(database), is_alone=True)
    monkeypatch.setattr("app.record.index.manager._freeze_objects", lambda: settled.append(1))
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1), make_event(2))
    assert indexes.catch_up() and len(settled) == 1
    with desk_session(database) as desk:
        publish_all(desk, make_event(3))
    assert indexes.catch_up() and len(settled) == 1
    with desk_session(database) as desk:
        purge(desk, "E3")
    assert indexes.catch_up() and len(settled) == 2
