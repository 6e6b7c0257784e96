"""Checks of the index by `sojourn doctor`: a sentence for each kind of damage."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pyroaring import BitMap
from sqlalchemy.orm import Session

from app.record.editions import select_edition
from app.record.index import Index, build_index, update_index
from app.record.index import doctor as index_doctor
from app.record.index.doctor import broken_invariants, find_problems
from tests.make import a_small_world, make_estimate, make_event, publish_all, withdraw


@pytest.fixture
def later(desk: Session) -> Index:
    """An updated index, with later rows and a closed one."""
    publish_all(
        desk,
        *a_small_world(),
        *(make_event(n, happened=f"2019-0{n}", citations=[]) for n in range(1, 5)),
    )
    before = build_index(desk, select_edition(desk), "E")
    publish_all(
        desk,
        make_event(5, happened="2019-01-05", citations=[]),
        make_event(6, happened="", citations=[]),
    )
    withdraw(desk, "E2")
    return update_index(desk, before, select_edition(desk))


def test_doctor_finds_no_problem_after_publishing(desk: Session, later: Index) -> None:
    publish_all(desk, make_estimate(1))
    assert list(find_problems(desk)) == []
    assert list(broken_invariants(later)) == []


def with_columns(index: Index, **columns: Any) -> Index:
    return replace(index, rows=replace(index.rows, columns=replace(index.rows.columns, **columns)))


DAMAGES: dict[str, Callable[[Index], Index]] = {
    "holds rows that it knows nothing of": lambda index: replace(
        index, live=index.live | BitMap([99])
    ),
    "is not in the order of dates": lambda index: replace(index, tail=index.tail[::-1]),
    "has lost rows that came later": lambda index: replace(index, tail=index.tail[:1]),
    "holds a row twice": lambda index: with_columns(
        index, seq=np.full_like(index.rows.columns.seq, 7)
    ),
    "counts other rows for a term than answer to it": lambda index: replace(
        index, terms=replace(index.terms, rows=[BitMap(), *index.terms.rows[1:]])
    ),
    "has rows that begin in a bar of the histogram and never end": lambda index: replace(
        index,
        bins=replace(
            index.bins,
            could={**index.bins.could, "year": replace(index.bins.could["year"], ends={})},
        ),
    ),
}


@pytest.mark.parametrize("breach", DAMAGES)
def test_each_broken_invariant_has_sentence(later: Index, breach: str) -> None:
    assert breach in list(broken_invariants(DAMAGES[breach](later)))


def test_index_that_differs_from_sql_is_reported(
    desk: Session, later: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Like the index of a worker that missed the last edition."""
    missed = build_index(desk, select_edition(desk, "1"), "E")
    monkeypatch.setattr(index_doctor, "update_index", lambda _db, _before, _edition: missed)
    found = [
        sentence
        for sentence in find_problems(desk)
        if sentence.startswith("The index of events, brought forward, ")
    ]
    assert any("counts otherwise than the database" in sentence for sentence in found)
    assert any("draws another histogram" in sentence for sentence in found)
    assert any("sorts otherwise than the database (by -happened)" in sentence for sentence in found)
