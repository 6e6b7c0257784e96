"""Counts of rows by calendar units and by the bins of histograms, which are a number of months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import numpy as np
from pyroaring import BitMap

from app.dates import edtf
from app.record.index.rows import (
    LEAST,
    MOST,
    OPEN_END,
    OPEN_START,
    Days,
    IndexColumns,
    IndexRows,
    bitmap_of,
    month_of,
    slots_in,
)

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
