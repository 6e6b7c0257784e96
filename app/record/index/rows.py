"""The columns of an index, arrays with one entry a row, and counts of rows by bins.

The position of an entry is the row's *slot*; slots are in the order of `seq`. A new edition appends
its rows, and notes in `closed` which rows it closed. Nothing else changes.
"""

import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from app.dates import edtf

Numbers = NDArray[np.int64]
Days = NDArray[np.int32]
Slots = NDArray[np.uint32]
DateKey = tuple[int, int, int]
"""Sort key by date: day, negative width, number."""

OPEN_END = date.max.toordinal() + 1
"""The day of an open end, and the sort day of an undated row, which comes last."""
OPEN_START = date.min.toordinal() - 1
"""The day of an open start."""
NOT_CLOSED = 2**31 - 1
"""The closing edition of a row that is still open."""
EPOCH = date(1970, 1, 1).toordinal()
LEAST, MOST = date.min.toordinal(), date.max.toordinal()
NONE_FIRST, NONE_LAST = OPEN_END + 1, OPEN_START - 1
"""First and last day of a missing period: it overlaps no other."""


def bitmap(slots: NDArray[np.integer]) -> BitMap:
    """Return the bitmap of slots, without runs: intersections with runs take ten times as long."""
    # From an array of the standard library, pyroaring is ten times as fast as from a numpy array.
    values = array.array("I", slots.astype(np.uint32, copy=False).tobytes())
    return BitMap(values, optimize=False)


def bitmap_of(has: NDArray[np.bool_]) -> BitMap:
    """Return the slots at which `has` is true."""
    return bitmap(np.flatnonzero(has))


def month_of(days: Days) -> Days:
    """Return months since January 1970, negative before; open ends as the first or last month."""
    clipped = np.clip(days, LEAST, MOST).astype(np.int64) - EPOCH
    return clipped.astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)


def slots_in(rows: BitMap) -> Slots:
    return np.frombuffer(rows.to_array(), dtype=np.uint32)


@dataclass(frozen=True)
class IndexColumns:
    """One array a column."""

    seq: Numbers
    number: Days
    day: Days
    """Earliest possible day; NEVER if undated."""
    width: Days
    """Number of days within which the start may be."""
    added: Days
    changed: Days
    opened: Days
    """The first edition with the row."""
    closed: Days
    """The first edition without it; `NOT_CLOSED` if there is none yet.

    Updated in place: earlier editions give the same rows with either value.
    """
    why: Days
    """Reason of the version, as its position in `Why`."""
    first: Days
    """First possible day; `NONE_FIRST` if undated."""
    after: Days
    """Day after the last possible day or, if that is open, after the last possible start."""
    whole_first: Days
    whole_last: Days
    """First and last day of the start and end together. No period contains a row without them."""
    sure_first: Days
    sure_last: Days
    """First and last day that the row certainly covers; first > last if there is none."""

    @cached_property
    def months(self) -> dict[str, Days]:
        """The months of the last four columns."""
        names = ("whole_first", "whole_last", "sure_first", "sure_last")
        return {name: month_of(getattr(self, name)) for name in names}

    def in_edition(self, no: int) -> BitMap:
        """Return the rows of an edition."""
        return bitmap_of((self.opened <= no) & (self.closed > no))

    def certain(self, first: int, last: int) -> BitMap:
        """Return the rows that are certainly within these days."""
        contained = (self.whole_first >= first) & (self.whole_last <= last)
        covered = (self.sure_first <= last) & (self.sure_last >= first)
        return bitmap_of(contained | covered)


@dataclass(frozen=True)
class Periods:
    """Periods of rows, sorted by slot: none, one or several of each row."""

    slot: Slots
    first: Days
    last: Days

    @cached_property
    def rows(self) -> BitMap:
        """The rows with a period."""
        return bitmap(self.slot)

    def overlap(self, first: int, last: int) -> BitMap:
        """Return the rows with a period that overlaps these days, both included."""
        return bitmap(self.slot[(self.first <= last) & (self.last >= first)])


class RowOrder:
    """Identity of an order of rows, which results that name slots are cached by."""


@dataclass(frozen=True)
class IndexRows:
    columns: IndexColumns
    spans: Periods
    published: Periods
    order: RowOrder = field(default_factory=RowOrder, compare=False)
    """The same object in all editions in which a row has the same slot."""

    def __len__(self) -> int:
        return len(self.columns.seq)

    @cached_property
    def months(self) -> Periods:
        """The months of the periods."""
        of = self.spans
        return Periods(of.slot, month_of(of.first), month_of(of.last))

    @cached_property
    def _dates(self) -> NDArray[np.int64]:
        """The slots sorted by earliest possible day, less precise first, undated last."""
        columns = self.columns
        return np.lexsort((columns.number, -columns.width, columns.day))

    @cached_property
    def by_date(self) -> NDArray[np.int64]:
        """The place of each row in a list by date, in which undated rows are last."""
        found = np.empty(len(self), dtype=np.int64)
        found[self._dates] = np.arange(len(self))
        return found

    def count_before(self, key: DateKey) -> int:
        """Return the number of rows before a sort key in a list by date."""
        columns = self.columns

        def key_at(slot: int) -> DateKey:
            return int(columns.day[slot]), -int(columns.width[slot]), int(columns.number[slot])

        return bisect_left(self._dates, key, key=key_at)


def concatenate_rows(parts: Sequence[IndexRows]) -> IndexRows:
    """Append parts to the first one, which takes a tenth of a second for a million rows."""
    columns = {
        column.name: np.concatenate([getattr(part.columns, column.name) for part in parts])
        for column in fields(IndexColumns)
    }
    starts = np.cumsum([0, *map(len, parts)])

    def periods(name: str) -> Periods:
        each = [getattr(part, name) for part in parts]
        slots = [of.slot + np.uint32(at) for of, at in zip(each, starts, strict=False)]
        days = ([of.first for of in each], [of.last for of in each])
        return Periods(np.concatenate(slots), *map(np.concatenate, days))

    return IndexRows(
        IndexColumns(**columns), periods("spans"), periods("published"), parts[0].order
    )


# Histograms -------------------------------------------------------------------------------------


BinSize = Literal["month", "quarter", "year", "two-years", "five-years", "decade"]
BIN_MONTHS: dict[BinSize, int] = {
    "month": 1,
    "quarter": 3,
    "year": 12,
    "two-years": 24,
    "five-years": 60,
    "decade": 120,
}
MAX_BINS = 36


@lru_cache(500)
def histogram_bins(
    first: date, last: date, narrowest: BinSize = "month", max_bins: int = MAX_BINS
) -> tuple[BinSize, Sequence[edtf.Days]]:
    """Return the narrowest bins of which `max_bins` cover the period, or else decades."""
    begin, end = (day.year * 12 + day.month - 1 for day in (first, last))
    names = [name for name in BIN_MONTHS if BIN_MONTHS[name] >= BIN_MONTHS[narrowest]]
    name = next(
        (name for name in names if end // BIN_MONTHS[name] - begin // BIN_MONTHS[name] < max_bins),
        names[-1],
    )
    size = BIN_MONTHS[name]
    starts = range(begin // size * size, end + 1, size)
    ends = (_first_of_month(start + size) - timedelta(days=1) for start in starts)
    return name, [
        edtf.Days(_first_of_month(start), end) for start, end in zip(starts, ends, strict=True)
    ]


def _first_of_month(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


# Counts -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bins:
    """First and last bin of stays: runs of bins in which a row is."""

    first: Days
    last: Days

    def counts(self, start: int, count: int) -> list[int]:
        """Return the number of rows in `count` bins from `start`."""
        begun, ended = (
            np.bincount(np.clip(bins - start, 0, count), minlength=count + 1)
            for bins in (self.first, self.last + 1)
        )
        found: list[int] = np.cumsum(begun - ended)[:count].tolist()
        return found


def possible_bins(rows: IndexRows, among: BitMap, size: int) -> Bins:
    """Return the bins of `size` months of all periods of some rows, each once a row."""
    months = rows.months
    is_among = np.zeros(len(rows), dtype=bool)
    is_among[slots_in(among)] = True
    found = is_among[months.slot]
    slot, first, last = months.slot[found], months.first[found] // size, months.last[found] // size
    is_same = slot[1:] == slot[:-1]
    first[1:] = np.where(is_same, np.maximum(first[1:], last[:-1] + 1), first[1:])
    return Bins(first, last)


def certain_bins(
    columns: IndexColumns, among: BitMap, size: int, days: tuple[int, int] = (OPEN_START, OPEN_END)
) -> Bins:
    """Return the bins with a whole row, or with a day that it surely covers, within some days."""
    slots = slots_in(among)
    sure_first = np.maximum(columns.sure_first[slots], days[0])
    sure_last = np.minimum(columns.sure_last[slots], days[1])
    is_sure = sure_first <= sure_last
    is_within = (columns.whole_first[slots] >= max(days[0], LEAST)) & (
        columns.whole_last[slots] <= min(days[1], MOST)
    )
    months = columns.months
    begin, end = month_of(np.array(days)).tolist()
    first = np.where(
        is_sure, np.maximum(months["sure_first"][slots], begin), months["whole_first"][slots]
    )
    last = np.where(
        is_sure, np.minimum(months["sure_last"][slots], end), months["whole_last"][slots]
    )
    first, last = first // size, last // size
    has = is_sure | (is_within & (first == last))
    return Bins(first[has], last[has])


def certain_in_unit(columns: IndexColumns, first: int, last: int, months: int) -> BitMap:
    """Return the rows that are certain in a calendar unit, or in its part within these days.

    Units have 12, 6 or 1 `months`. A row that must be in the days, but in no one unit of them, is
    left out.
    """
    contained = (columns.whole_first >= max(first, LEAST)) & (columns.whole_last <= min(last, MOST))
    whole = columns.months["whole_first"] // months, columns.months["whole_last"] // months
    covered = (columns.sure_first <= last) & (columns.sure_last >= first)
    return bitmap_of((contained & (whole[0] == whole[1])) | covered)
