"""Columns of the index: periods of any number of rows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.record.index.rows import Periods, slots_in

periods = st.tuples(st.integers(0, 30), st.integers(0, 5)).map(
    lambda found: (found[0], found[0] + found[1])
)


@given(
    st.lists(st.lists(periods, max_size=3).map(sorted), max_size=12),
    periods,
)
def test_overlap_finds_rows_with_overlapping_period(
    rows: list[list[tuple[int, int]]],
    window: tuple[int, int],
) -> None:
    each = [(slot, *period) for slot, of_row in enumerate(rows) for period in of_row]
    slot, first, last = (
        np.array([period[at] for period in each], dtype=np.int32) for at in range(3)
    )
    spans = Periods(slot.astype(np.uint32), first, last)

    def meets(of_row: list[tuple[int, int]]) -> bool:
        return any(first <= window[1] and last >= window[0] for first, last in of_row)

    assert slots_in(spans.overlap(*window)).tolist() == [
        slot for slot, of_row in enumerate(rows) if meets(of_row)
    ]
