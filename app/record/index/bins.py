"""Counts of rows by calendar units and by the bins of histograms, which are a number of months."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from app.record.index.rows import (
    OPEN_END,
    OPEN_START,
    Days,
    IndexColumns,
    Numbers,
    RowSpans,
    Slots,
    bitmap_of,
)

EPOCH = date(1970, 1, 1).toordinal()
LEAST, MOST = date.min.toordinal(), date.max.toordinal()


def month_of(days: Days) -> Numbers:
    """Return months since January 1970, negative before; open ends as the first or last month."""
    clipped = np.clip(days, LEAST, MOST).astype(np.int64) - EPOCH
    return clipped.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


@dataclass(frozen=True)
class Bins:
    """First and last bin of stays: runs of bins in which a row is."""

    first: Numbers
    last: Numbers

    def counts(self, start: int, count: int) -> list[int]:
        """Return the number of rows in `count` bins from `start`."""
        begun, ended = (
            np.bincount(np.clip(bins - start, 0, count), minlength=count + 1)
            for bins in (self.first, self.last + 1)
        )
        found: list[int] = np.cumsum(begun - ended)[:count].tolist()
        return found


@dataclass(frozen=True)
class PossibleMonths:
    """The months of all periods of some rows, sorted by slot."""

    first: Numbers
    last: Numbers
    slot: Slots

    @staticmethod
    def of(spans: RowSpans, slots: Slots) -> "PossibleMonths":
        has = np.zeros(len(spans.first), dtype=bool)
        has[slots] = True
        first, last, slot = spans.each
        among = has[slot]
        return PossibleMonths(month_of(first[among]), month_of(last[among]), slot[among])

    def bins(self, size: int) -> Bins:
        """Return bins of `size` months. A row is once in a bin in which it has several periods."""
        first, last = self.first // size, self.last // size
        is_same = self.slot[1:] == self.slot[:-1]
        first[1:] = np.where(is_same, np.maximum(first[1:], last[:-1] + 1), first[1:])
        return Bins(first, last)


@dataclass(frozen=True)
class CertainMonths:
    """Months of rows that are within some days for certain, or cover one of them."""

    first: Numbers
    last: Numbers
    is_sure: NDArray[np.bool_]
    """Whether the row covers each of these months; otherwise it is somewhere in them."""

    @staticmethod
    def of(
        columns: IndexColumns, slots: Slots, days: tuple[int, int] = (OPEN_START, OPEN_END)
    ) -> "CertainMonths":
        sure_first = np.maximum(columns.sure_first[slots], days[0])
        sure_last = np.minimum(columns.sure_last[slots], days[1])
        whole_first, whole_last = columns.whole_first[slots], columns.whole_last[slots]
        is_sure = sure_first <= sure_last
        is_within = (whole_first >= max(days[0], LEAST)) & (whole_last <= min(days[1], MOST))
        first, last = (
            month_of(np.where(is_sure, *pair)[is_sure | is_within])
            for pair in ((sure_first, whole_first), (sure_last, whole_last))
        )
        return CertainMonths(first, last, is_sure[is_sure | is_within])

    def bins(self, size: int) -> Bins:
        """Return bins of `size` months with the whole row, or with a day that it surely covers."""
        first, last = self.first // size, self.last // size
        is_in_one = self.is_sure | (first == last)
        return Bins(first[is_in_one], last[is_in_one])


def certain_in_unit(columns: IndexColumns, first: int, last: int, months: int) -> BitMap:
    """Return the rows that are certain in a calendar unit, or in its part within these days.

    Units have 12, 6 or 1 `months`. A row that must be in the days, but in no one unit of them, is
    left out.
    """
    contained = (columns.whole_first >= max(first, LEAST)) & (columns.whole_last <= min(last, MOST))
    is_one = month_of(columns.whole_first) // months == month_of(columns.whole_last) // months
    covered = (columns.sure_first <= last) & (columns.sure_last >= first)
    return bitmap_of((contained & is_one) | covered)
