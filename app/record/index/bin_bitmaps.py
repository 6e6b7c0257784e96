"""Bitmaps of the rows that begin and end in each bin, from which histograms are counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from app.record.histogram_bins import BIN_MONTHS, BinSize
from app.record.index.rows import (
    Days,
    IndexColumns,
    IndexRows,
    Numbers,
    Slots,
    bitmap,
    bitmap_of,
)

StayBounds = tuple[Numbers, Numbers, Slots]
"""First bin, last bin and slot of each stay: a row's run of consecutive bins."""
Sets = Mapping[int, BitMap]

EPOCH = date(1970, 1, 1).toordinal()
LEAST, MOST = date.min.toordinal(), date.max.toordinal()


@dataclass(frozen=True)
class BinStays:
    """The rows with a stay that begins in each bin, and those with one that ends there."""

    begins: Sets
    ends: Sets

    def counts(self, among: BitMap, first: int, count: int) -> list[int]:
        """Count some rows in `count` bins from `first`: stays that have begun and not yet ended."""
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

    def onward(self, more: "BinStays") -> "BinStays":
        return BinStays(_merge_sets(self.begins, more.begins), _merge_sets(self.ends, more.ends))


def _sizes(sets: Sets, among: BitMap, first: int | None, end: int) -> Iterator[int]:
    """Return the number of rows in each bin from `first` to `end`; without `first`, in set bins."""
    bins = range(first, end) if first is not None else [bin for bin in sets if bin < end]
    return (among.intersection_cardinality(sets[bin]) if bin in sets else 0 for bin in bins)


def _merge_sets(sets: Sets, more: Sets) -> Sets:
    return {
        **sets,
        **{bin: sets[bin] | rows if bin in sets else rows for bin, rows in more.items()},
    }


@dataclass(frozen=True)
class BinBitmaps:
    could: Mapping[BinSize, BinStays]
    must: Mapping[BinSize, BinStays]
    last: Sets
    """Rows by the month of their last possible day or, if open, of their last possible start."""

    def onward(self, more: "BinBitmaps") -> "BinBitmaps":
        return BinBitmaps(
            {name: stays.onward(more.could[name]) for name, stays in self.could.items()},
            {name: stays.onward(more.must[name]) for name, stays in self.must.items()},
            _merge_sets(self.last, more.last),
        )


def bin_bitmaps(rows: IndexRows, at: int = 0) -> BinBitmaps:
    """Return the bins of rows, of which the first is slot `at`."""
    months = _months_of(rows, at)
    ends = rows.columns.after > LEAST
    last = _group_by_bin(
        month_of(rows.columns.after[ends] - 1), (np.flatnonzero(ends) + at).astype(np.uint32)
    )
    return BinBitmaps(
        {name: _stays_of(_possible_stays(months, size)) for name, size in BIN_MONTHS.items()},
        {name: _stays_of(_certain_stays(rows, at, size)) for name, size in BIN_MONTHS.items()},
        last,
    )


def month_of(days: Days) -> Numbers:
    """Return months since January 1970, negative before; open ends as the first or last month."""
    clipped = np.clip(days, LEAST, MOST).astype(np.int64) - EPOCH
    return clipped.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def certain_in_unit(columns: IndexColumns, first: int, last: int, months: int) -> BitMap:
    """Return the rows that are certain in a calendar unit, or in its part within these days.

    Units have 12, 6 or 1 `months`. A row that must be in the days, but in no one unit of them, is
    left out.
    """
    contained = (columns.whole_first >= max(first, LEAST)) & (columns.whole_last <= min(last, MOST))
    is_one = month_of(columns.whole_first) // months == month_of(columns.whole_last) // months
    covered = (columns.sure_first <= last) & (columns.sure_last >= first)
    return bitmap_of((contained & is_one) | covered)


def _months_of(rows: IndexRows, at: int) -> StayBounds:
    first, last, slot = rows.spans.each()
    return month_of(first), month_of(last), slot + np.uint32(at)


def _possible_stays(months: StayBounds, size: int) -> tuple[StayBounds, NDArray[np.bool_]]:
    """Return the possible stays, and which of them continue the stay before in the same bin."""
    first, last, slot = months
    begins, ends = first // size, last // size
    goes_on = np.zeros(len(slot), dtype=bool)
    goes_on[1:] = (slot[1:] == slot[:-1]) & (begins[1:] <= ends[:-1])
    return (begins, ends, slot), goes_on


def _certain_stays(rows: IndexRows, at: int, size: int) -> tuple[StayBounds, NDArray[np.bool_]]:
    """Return the certain stays: bins with the whole row, or with a day that it certainly covers."""
    columns = rows.columns
    is_sure = columns.sure_first <= columns.sure_last
    first = month_of(np.where(is_sure, columns.sure_first, columns.whole_first)) // size
    last = month_of(np.where(is_sure, columns.sure_last, columns.whole_last)) // size
    is_whole = (columns.whole_first >= LEAST) & (columns.whole_last <= MOST) & (first == last)
    slots = np.flatnonzero(is_sure | is_whole)
    return (first[slots], last[slots], (slots + at).astype(np.uint32)), np.zeros(
        len(slots), dtype=bool
    )


def certain_bins(rows: IndexRows, size: int) -> BinStays:
    """Return the bins of `size` months in which each row is certain."""
    return _stays_of(_certain_stays(rows, 0, size))


def stays_of(bounds: StayBounds) -> BinStays:
    """Return rows that each stay once, from a first to a last bin."""
    return _stays_of((bounds, np.zeros(len(bounds[0]), dtype=bool)))


def _stays_of(found: tuple[StayBounds, NDArray[np.bool_]]) -> BinStays:
    (begins, ends, slot), goes_on = found
    is_last = ~np.append(goes_on[1:], False) if len(goes_on) else goes_on
    return BinStays(
        _group_by_bin(begins[~goes_on], slot[~goes_on]), _group_by_bin(ends[is_last], slot[is_last])
    )


def _group_by_bin(bins: Numbers, slots: Slots) -> Sets:
    order = np.argsort(bins, kind="stable")
    bins, slots = bins[order], slots[order]
    edges: Sequence[int] = (np.flatnonzero(np.diff(bins)) + 1).tolist()
    found = {}
    for start, end in zip([0, *edges], [*edges, len(bins)], strict=True):
        if start < end:
            found[int(bins[start])] = rows = bitmap(slots[start:end])
            # Rows are sorted by day, so the rows of a month are a few runs.
            rows.run_optimize()
    return found
