"""Which rows begin and end in each month, quarter and year: what a histogram is counted by, without looking at rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from app.record.index.rows import Days, Numbers, Rows, Slots, bitmap
from app.record.sql.histogram import BIN_MONTHS, Bin

Bounds = tuple[Numbers, Numbers, Slots]
"""First and last bin of a row's stay in bins that follow each other, and the row."""
Sets = Mapping[int, BitMap]

EPOCH = date(1970, 1, 1).toordinal()
LEAST, MOST = date.min.toordinal(), date.max.toordinal()


@dataclass(frozen=True)
class Stays:
    """The rows whose stay begins in each bin, and those whose stay ends there."""

    begins: Sets
    ends: Sets

    def counts(self, among: BitMap, first: int, count: int) -> list[int]:
        """How many of some rows there are in each of so many bins: those that began by then and had not ended."""
        before = sum(_sizes(self.begins, among, None, first)) - sum(
            _sizes(self.ends, among, None, first)
        )
        found = []
        for begin, end in zip(
            _sizes(self.begins, among, first, first + count),
            _sizes(self.ends, among, first, first + count),
            strict=True,
        ):
            found.append(before + begin)
            before += begin - end
        return found

    def onward(self, more: "Stays") -> "Stays":
        return Stays(_joined(self.begins, more.begins), _joined(self.ends, more.ends))


def _sizes(sets: Sets, among: BitMap, first: int | None, end: int) -> Iterator[int]:
    """Of each bin from the first on, or of those before the end that hold anything."""
    bins = range(first, end) if first is not None else [bin for bin in sets if bin < end]
    return (among.intersection_cardinality(sets[bin]) if bin in sets else 0 for bin in bins)


def _joined(sets: Sets, more: Sets) -> Sets:
    return {
        **sets,
        **{bin: sets[bin] | rows if bin in sets else rows for bin, rows in more.items()},
    }


@dataclass(frozen=True)
class Bins:
    could: Mapping[Bin, Stays]
    must: Mapping[Bin, Stays]
    last: Sets
    """Rows by the month of the last day on which they could have happened, or of their beginning where that is open."""

    def onward(self, more: "Bins") -> "Bins":
        return Bins(
            {name: stays.onward(more.could[name]) for name, stays in self.could.items()},
            {name: stays.onward(more.must[name]) for name, stays in self.must.items()},
            _joined(self.last, more.last),
        )


def bins(rows: Rows, at: int = 0) -> Bins:
    """Of rows whose first is slot `at`."""
    months = _months(rows, at)
    ends = rows.columns.after > LEAST
    last = _grouped(
        month_of(rows.columns.after[ends] - 1), (np.flatnonzero(ends) + at).astype(np.uint32)
    )
    return Bins(
        {name: _stays(_could(months, size)) for name, size in BIN_MONTHS.items()},
        {name: _stays(_must(rows, at, size)) for name, size in BIN_MONTHS.items()},
        last,
    )


def month_of(days: Days) -> Numbers:
    """Months since January 1970, before which they are negative; a day without bound lies in the last or first."""
    clipped = np.clip(days, LEAST, MOST).astype(np.int64) - EPOCH
    return clipped.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _months(rows: Rows, at: int) -> Bounds:
    first, last, slot = rows.spans.each()
    return month_of(first), month_of(last), slot + np.uint32(at)


def _could(months: Bounds, size: int) -> tuple[Bounds, NDArray[np.bool_]]:
    """Stays in bins, and which of them go on with the row's stay before, since one bin holds parts of both."""
    first, last, slot = months
    begins, ends = first // size, last // size
    goes_on = np.zeros(len(slot), dtype=bool)
    goes_on[1:] = (slot[1:] == slot[:-1]) & (begins[1:] <= ends[:-1])
    return (begins, ends, slot), goes_on


def _must(rows: Rows, at: int, size: int) -> tuple[Bounds, NDArray[np.bool_]]:
    """What is certain in a bin lies wholly in it, or covers a day of it for certain."""
    columns = rows.columns
    is_sure = columns.sure_first <= columns.sure_last
    first = month_of(np.where(is_sure, columns.sure_first, columns.whole_first)) // size
    last = month_of(np.where(is_sure, columns.sure_last, columns.whole_last)) // size
    is_whole = (columns.whole_first >= LEAST) & (columns.whole_last <= MOST) & (first == last)
    here = np.flatnonzero(is_sure | is_whole)
    return (first[here], last[here], (here + at).astype(np.uint32)), np.zeros(len(here), dtype=bool)


def _stays(found: tuple[Bounds, NDArray[np.bool_]]) -> Stays:
    (begins, ends, slot), goes_on = found
    is_last = ~np.append(goes_on[1:], False) if len(goes_on) else goes_on
    return Stays(_grouped(begins[~goes_on], slot[~goes_on]), _grouped(ends[is_last], slot[is_last]))


def _grouped(bins: Numbers, slots: Slots) -> Sets:
    order = np.argsort(bins, kind="stable")
    bins, slots = bins[order], slots[order]
    edges: Sequence[int] = (np.flatnonzero(np.diff(bins)) + 1).tolist()
    found = {}
    for start, end in zip([0, *edges], [*edges, len(bins)], strict=True):
        if start < end:
            found[int(bins[start])] = rows = bitmap(slots[start:end])
            # Rows stand in the order of their days: those of a month are a few runs.
            rows.run_optimize()
    return found
