"""Columns of the index: terms and periods of any number of rows."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.record.index.rows import RUN_LENGTH, RowSpans, Slots, TermLists, slots_in

COUNT = 5 * RUN_LENGTH
CHANCE = np.random.default_rng(1)
COUNTS = CHANCE.integers(0, 4, COUNT)
LISTS = TermLists.of(COUNTS, CHANCE.integers(0, 50, COUNTS.sum()).astype(np.uint16))


def slots_of(runs: list[tuple[int, int]]) -> Slots:
    """Return the slots of some runs."""
    found = {slot for first, length in runs for slot in range(first, min(first + length, COUNT))}
    return np.array(sorted(found), dtype=np.uint32)


@given(st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(1, 3 * RUN_LENGTH)), max_size=6))
def test_values_of_any_slots_are_equal(runs: list[tuple[int, int]]) -> None:
    slots = slots_of(runs)
    assert sorted(LISTS.values_together(slots)) == sorted(LISTS.values(slots))


periods = st.tuples(st.integers(0, 30), st.integers(0, 5)).map(
    lambda found: (found[0], found[0] + found[1])
)


@given(
    st.lists(st.lists(periods, max_size=3).map(sorted), max_size=12),
    periods,
    st.randoms(use_true_random=False),
)
def test_overlap_finds_rows_with_overlapping_period(
    rows: list[list[tuple[int, int]]], window: tuple[int, int], chance: Random
) -> None:
    """Also after reordering with some rows left out."""
    each = [(slot, *period) for slot, of_row in enumerate(rows) for period in of_row]
    slot, first, last = (
        np.array([period[at] for period in each], dtype=np.int32) for at in range(3)
    )
    spans = RowSpans.of(first, last, slot.astype(np.uint32), len(rows))

    def meets(of_row: list[tuple[int, int]]) -> bool:
        return any(first <= window[1] and last >= window[0] for first, last in of_row)

    assert slots_in(spans.overlap(*window)).tolist() == [
        slot for slot, of_row in enumerate(rows) if meets(of_row)
    ]
    assert list(zip(*(days.tolist() for days in spans.each()[::-1]), strict=True)) == [
        (slot, last, first) for slot, first, last in each
    ]
    chosen = chance.sample(range(len(rows)), len(rows) // 2 + len(rows) % 2)
    found = spans.at(np.array(chosen, dtype=np.uint32)).overlap(*window)
    assert slots_in(found).tolist() == [
        place for place, slot in enumerate(chosen) if meets(rows[slot])
    ]
