"""An index that is updated from edition to edition gives the results of SQL."""

import random
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition, select_edition
from app.record.filters import LISTS
from app.record.index import (
    Index,
    Matching,
    build_indexes,
    update_indexes,
)
from app.record.index.build import gather_common_words
from app.record.names.directory import Directories
from app.record.publishing.integrity import find_problems
from app.record.sql.rows import one_session
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_code, make_event, publish_all
from tests.support.index_queries import (
    assert_equals_oracle,
    build_index,
    random_filters,
    update_index,
)
from tests.support.oracle import Oracle
from tests.support.publisher import Publisher

ACTS = 16


def with_common_words(
    db: Session, indexes: dict[str, Index], edition: SelectedEdition
) -> dict[str, Index]:
    common = gather_common_words(one_session(db), indexes, edition, lambda _seconds: False)
    assert common
    return {kind: replace(index, common=common[kind]) for kind, index in indexes.items()}


COMMON_WORDS = ["worker", "plant", "restaur", "close", "노동"]


def test_updated_index_equals_sql_after_random_publishing(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds of queries of newest and past editions, after corrections, merges and purges.

    One worker loads each edition; another only some. Both have common words, the second not
    always.
    """
    monkeypatch.setattr("app.record.index.build.read_common_words", lambda _db: COMMON_WORDS)
    chance, names = random.Random(5), Directories()
    with desk_session(database) as desk:
        publisher = Publisher(desk, 5)
        edition = select_edition(desk)
        each = with_common_words(desk, build_indexes(desk, edition), edition)
        some = dict(each)
        for _ in range(ACTS):
            publisher.act()
            assert find_problems(desk) == []
            edition = select_edition(desk)
            each = update_indexes(desk, each, edition)
            if chance.random() < 0.4:
                some = {kind: update_index(desk, index, edition) for kind, index in some.items()}
                if chance.random() < 0.7:
                    some = with_common_words(desk, some, edition)
            if not all(index.common for index in each.values()):  # rebuilt after a purge
                each = with_common_words(desk, each, edition)
            kind = chance.choice("EEEMS")
            past = select_edition(desk, str(chance.randint(1, edition.no)))
            current = [index for index in (each[kind], some[kind]) if index.newest == edition.no]
            for asked in (edition, past):
                all_filters = random_filters(desk, asked, LISTS[kind], chance)
                indexes = [index.at(asked.no) for index in current]
                directory = names.of(desk, asked)
                oracle = Oracle(desk, asked, LISTS[kind], directory)
                assert_equals_oracle(oracle, all_filters, indexes, chance)
                rebuilt = build_index(desk, asked, kind).uses(LISTS[kind].COUNTED)
                for index in indexes:
                    assert index.uses(LISTS[kind].COUNTED) == rebuilt


def test_search_cache_is_cleared_when_names_change(desk: Session) -> None:
    """A word also finds rows by name. While names stay equal, only new rows are searched."""
    student = make_event(1, terms="place; paper student")
    publish_all(
        desk, *a_small_world(), student, make_event(2, summary="A restaurant.", citations=[])
    )
    statements = LISTS["E"].made_of({"q": ["restaurant"]}, {})

    def found(index: Index) -> int:
        oracle = Oracle(desk, select_edition(desk), LISTS["E"])
        return Matching.of(index, statements, oracle.search).counts().total

    first = build_index(desk, select_edition(desk), "E")
    assert found(first) == 1
    publish_all(desk, make_event(3, summary="Another restaurant.", citations=[]))
    second = update_index(desk, first, select_edition(desk))
    assert second.rows.order is first.rows.order, "results are cached by it"
    assert found(second) == 2
    publish_all(desk, make_code("student", "paper", label="Restaurant"))
    assert found(update_index(desk, second, select_edition(desk))) == 3


def test_two_updates_of_one_index_are_independent(desk: Session) -> None:
    """After a failed update, the rows it appended are not part of the next update."""
    publish_all(desk, *a_small_world(), *(make_event(number, citations=[]) for number in (1, 2)))
    first = build_index(desk, select_edition(desk), "E")
    publish_all(desk, make_event(3, citations=[]))
    second = update_index(desk, first, select_edition(desk))
    publish_all(desk, make_event(4, citations=[]), make_event(5, citations=[]))
    third = update_index(desk, second, select_edition(desk))
    ways = [update_index(desk, index, select_edition(desk)) for index in (second, first, second)]
    expected = [(first, 2), (second, 3), (third, 5), *((each, 5) for each in ways)]
    for index, last in expected:
        assert index.rows.columns.number.tolist() == [*range(1, last + 1)]
