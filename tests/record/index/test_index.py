"""The index in memory answers as SQL does: for every kind of row, and of that edition only."""

import random
from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy.orm import Session

from app.record.editions import reading
from app.record.filters import LISTS, EventFilters
from app.record.index import Matching, Search, build
from app.record.index.manager import Indexes
from app.record.index.rows import bitmap_of
from app.record.lists import backend
from app.record.names.directory import directory
from app.record.publishing.purge import purge
from app.record.sql import counts, histogram
from app.record.sql import rows as queries
from app.settings import Settings
from tests.conftest import desk_session, reader_session, wait_until
from tests.make import a_small_world, make_citation, make_estimate, make_event, publish_all
from tests.support.index_queries import a_question
from tests.support.record_queries import ready_indexes


@pytest.fixture(scope="module")
def record(published: Settings) -> Iterator[Session]:
    with reader_session(published) as db:
        db.info["indexes"] = ready_indexes(published)
        yield db


@pytest.mark.parametrize("kind", LISTS)
def test_it_answers_as_sql_does(record: Session, kind: str) -> None:
    edition, chance, lists = reading(record), random.Random(f"2026{kind}"), LISTS[kind]
    names = directory(record, edition)
    all_codes = counts.counts(record, edition, lists(), names).facets
    codes = {key.key: list(all_codes.get(key.key, {})) for key in lists.terms()}
    for _ in range(120):
        asked = a_question(lists, chance, codes)
        query = asked.query_string()
        counted = backend.counts(record, edition, asked, names)
        in_sql = counts.counts(record, edition, asked, names)
        for key in lists.terms():
            also = asked[key.key]
            assert counted.highest(key.key, 5, also) == in_sql.highest(key.key, 5, also), (
                query,
                key.key,
            )
        assert counted == in_sql, query
        assert backend.counts_without(record, edition, asked, names) == counts.counts_without(
            record, edition, asked, names
        ), query
        extent = counted.extent
        assert backend.histogram(record, edition, asked, names, extent) == histogram.histogram(
            record, edition, asked, names, extent
        ), query
        size = chance.choice([1, 5, 50])
        page = backend.page(record, edition, asked, names, size)
        assert page == queries.page(record, edition, asked, names, size), query
        if page.next:
            following = asked.with_(after=page.next)
            assert backend.page(record, edition, following, names, size) == queries.page(
                record, edition, following, names, size
            ), query


def test_it_is_what_answers_once_it_is_there(record: Session) -> None:
    edition = reading(record)
    index = record.info["indexes"].of(edition, "E")
    assert index is not None and index.edition == edition.no
    assert (
        len(index.live)
        == counts.counts(record, edition, EventFilters(), directory(record, edition)).total
    )


def test_a_new_edition_is_answered_in_sql_until_its_own_index_is_there(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1), make_estimate(1))
    indexes = ready_indexes(database)
    with desk_session(database) as desk:
        publish_all(desk, make_event(2, citations=[make_citation(2)]))
    with reader_session(database) as db:
        db.info["indexes"] = indexes
        edition = reading(db)
        # The first answer is right although the index is not: it is of the edition before.
        assert backend.counts(db, edition, EventFilters(), directory(db, edition)).total == 2
        wait_until(lambda: indexes.of(edition, "E"), "the index of the new edition")
        assert backend.counts(db, edition, EventFilters(), directory(db, edition)).total == 2
        past = reading(db, "1")
        with desk_session(database) as desk:
            publish_all(desk, make_event(3, citations=[make_citation(3)]))
        assert indexes.catch_up()
        assert indexes.of(past, "E") is None  # of the last two editions only
        assert backend.counts(db, past, EventFilters(), directory(db, past)).total == 1


def test_whoever_pages_on_in_an_edition_reaches_its_end_though_something_was_purged_since(
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
        db.info["indexes"] = indexes
        edition, filters = reading(db, "1"), EventFilters()
        found: list[str] = []
        while filters.one("after") or not found:
            page = backend.page(db, edition, filters, directory(db, edition), 2)
            found += [row.id for row in page.rows]
            filters = filters.with_(after=page.next)
        assert found == ["E1", "E2", "E4", "E5", "E6"]


def test_an_empty_record_has_an_empty_index(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world())
        edition = reading(desk)
        index = build(desk, edition, "M")
        filters = LISTS["M"]()
        matching = Matching.of(index, filters, Search(desk, directory(desk, edition)))
        assert matching.counts() == counts.counts(desk, edition, filters, directory(desk, edition))
        assert matching.page("-as-of", "", 10) == ([], 0)


@pytest.mark.parametrize("count", [0, 5, 65_535, 65_536, 65_537, 200_000])
@pytest.mark.parametrize("share", [0, 0.001, 0.0625, 0.5, 1])
def test_a_bitmap_of_many_slots_is_written_down_as_it_is_read(count: int, share: float) -> None:
    has = np.random.default_rng(count).random(count) < share
    rows = bitmap_of(has)
    assert rows.to_array().tolist() == np.flatnonzero(has).tolist() and len(rows) == has.sum()


def test_what_a_worker_holds_is_settled_whenever_it_was_read_anew(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[int] = []
    indexes = Indexes(lambda: reader_session(database), is_alone=True)
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
