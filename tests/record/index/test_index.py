"""The in-memory index gives the results of SQL, for every kind and only for its edition; pages."""

import random

import numpy as np
import pytest
from sqlalchemy.orm import Session

from app.record.filters import LISTS, EventFilters
from app.record.lists import backend
from app.record.lists.backend import select_edition
from app.record.names.directory import read_directory
from app.record.publishing.purge import purge
from app.record.sql import rows as record_rows
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session, reader_session
from tests.make import (
    a_small_world,
    make_event,
    publish_all,
    withdraw,
)
from tests.support.index_queries import assert_equals_oracle, random_filters
from tests.support.indexed import select_indexed
from tests.support.oracle import Oracle
from tests.support.record_queries import ready_indexes


def test_index_results_equal_oracle(published: Settings) -> None:
    with reader_session(published) as record:
        edition = select_indexed(record)
        for kind, lists in LISTS.items():
            chance = random.Random(f"2026{kind}")
            asked = random_filters(record, edition, lists, chance)
            oracle = Oracle(record, edition, lists)
            assert_equals_oracle(oracle, asked, [edition.indexes[kind]], chance)


def test_purged_record_is_gone_before_indexes_are_rebuilt(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From lists and counts of every edition, also while the indexes can't be rebuilt."""
    with desk_session(database) as desk:
        publish_all(
            desk, *a_small_world(), *(make_event(number, citations=[]) for number in range(1, 7))
        )
        publish_all(desk, make_event(1, title="Corrected", citations=[]), why=Why.CORRECTED)
    indexes = ready_indexes(database)
    assert indexes.serving
    before = indexes.serving.select(1)["E"]
    with desk_session(database) as desk:
        purge(desk, "E3")
    monkeypatch.setattr("app.record.index.build.build_indexes", None)
    assert not indexes.catch_up()
    assert len(before.live) == 6  # what a request has begun with
    with reader_session(database) as db:
        db.indexes, db.serving = indexes, indexes.serving
        for no in ("1", "2"):
            edition, filters = select_edition(db, no), EventFilters()
            names = read_directory(db, edition)
            counted = backend.match(db, edition, filters, names).counts()
            assert (counted.total, sum(counted.facets["type"].values())) == (5, 5)
            found: list[str] = []
            while filters.one("after") or not found:
                page = backend.read_page(db, edition, filters, names, 2)
                found += [row.id for row in page.rows]
                filters = filters.with_(after=page.next)
            assert sorted(found) == ["E1", "E2", "E4", "E5", "E6"]


# Pages --------------------------------------------------------------------------------------------

SORTS = ("happened", "-happened", "added", "changed", "relevance")


def page(
    db: Session, sort: str, limit: int, after: str | None = "", **asked: str
) -> record_rows.ListPage:
    given = {"sort": sort, "after": after or "", **asked}
    filters = EventFilters.made_of({key: [text] for key, text in given.items() if text}, {})
    assert (filters["after"] == (after,)) is bool(after), "the filters must accept the next page"
    edition = select_indexed(db, asked.get("edition", ""))
    return backend.read_page(db, edition, filters, read_directory(db, edition), limit)


@pytest.mark.parametrize("sort", SORTS)
def test_pages_contain_every_match_once_as_do_files(published: Settings, sort: str) -> None:
    with reader_session(published) as db:
        rows = page(db, sort, 1_000, q="workers visa OR sanctions").rows
        paged: list[str] = []
        after: str | None = ""
        while after is not None:
            some = page(db, sort, 5, after, q="workers visa OR sanctions")
            paged += [row.id for row in some.rows]
            after = some.next
        assert len(paged) > 7 and paged == [row.id for row in rows]
        filed = record_rows.rows_for_file(
            np.array([row.seq for row in rows]), record_rows.one_session(db)
        )
        assert list(filed) == [
            record_rows.FileRow(
                row.id, row.payload, row.sort_day, row.last_day, row.added, row.changed
            )
            for row in rows
        ]


@pytest.mark.parametrize("sort", SORTS)
def test_pages_stay_whole_during_publishing(desk: Session, sort: str) -> None:
    """Of a past edition equal; of the newest, each row that stays is on them once."""
    events = [make_event(n, happened=f"2019-{n:02}") for n in range(1, 10)]
    publish_all(desk, *a_small_world(), *events)
    everything = [row.id for row in page(desk, sort, 100, edition="1").rows]
    first = page(desk, sort, 4, edition="1")
    publish_all(
        desk,
        make_event(10, happened="2019-01"),
        make_event(11, happened="2021"),
        make_event(3, happened="2020"),
        make_event(8, title="Edited"),
    )
    withdraw(desk, first.rows[0].id)
    rest = page(desk, sort, 100, first.next, edition="1").rows
    assert [row.id for row in [*first.rows, *rest]] == everything
    behind = [row.id for row in page(desk, sort, 100, first.next).rows]
    assert len(behind) == len({*behind})
    left = {*everything[4:]}
    assert left - {"E3", "E8"} <= {*behind} <= left | {"E3", "E8", "E10", "E11"}
