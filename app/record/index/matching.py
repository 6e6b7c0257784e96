"""The rows of an index that match a list's filters: their counts, histogram and pages."""

import heapq
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from app.dates import edtf
from app.record.filters import ListFilters, is_by_date, parse_after
from app.record.histogram_bins import BIN_MONTHS, MAX_BINS, BinSize, histogram_bins
from app.record.index.bin_bitmaps import month_of
from app.record.index.index import DateKey, Index
from app.record.index.results import BinCounts, Histogram, ListCounts
from app.record.index.rows import OPEN_END, OPEN_START, Numbers, Slots, slots_in
from app.record.index.searching import IndexSearch
from app.record.index.terms import TermCounts
from app.record.sql.conditions import WINDOW, window_of
from app.record.sql.rows import RowPosition
from app.record.terms import TermPair

Ranked = tuple[Slots, NDArray[np.float64]]
MAX_ROWS_READ_AT_ONCE = 60_000
"""Up to this number of rows, all are read; of more, only the decisive part."""


@dataclass(frozen=True, eq=False)
class CountsByKey(Mapping[str, Mapping[str, int]]):
    """Counts by key and code; each key is counted at its first access."""

    names: Sequence[str]
    count: Callable[[str], Mapping[str, int]]

    @cached_property
    def counted(self) -> dict[str, Mapping[str, int]]:
        return {}

    def __getitem__(self, key: str) -> Mapping[str, int]:
        if key not in self.counted:
            self.counted[key] = self.count(key) if key in self.names else {}
        if not self.counted[key]:
            raise KeyError(key)
        return self.counted[key]

    def __iter__(self) -> Iterator[str]:
        return (key for key in self.names if self.get(key))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class Matching:
    index: Index
    filters: ListFilters
    sets: Mapping[str, BitMap]
    """The rows that match the filter of each key."""
    search: IndexSearch

    @classmethod
    def of(cls, index: Index, filters: ListFilters, search: IndexSearch) -> "Matching":
        return cls(index, filters, index.sets(filters, search), search)

    @cached_property
    def answers(self) -> BitMap:
        return self.all_but("")

    @property
    def total(self) -> int:
        """The number of matching rows; cheaper than `counts`."""
        return len(self.answers)

    def all_but(self, key: str) -> BitMap:
        """Return the rows that match all filters except the one of `key`."""
        return reduce(
            operator.and_,
            (rows for name, rows in self.sets.items() if name != key),
            self.index.live,
        )

    # Counts -------------------------------------------------------------------------------------

    def counts(self) -> ListCounts:
        index, window = self.index, window_of(self.filters)
        but_window = self.all_but(WINDOW) if WINDOW in self.sets else self.answers
        keys = [key.key for key in self.filters.terms()]
        return ListCounts(
            total=len(self.answers),
            undated=len(but_window) - but_window.intersection_cardinality(index.dated),
            possible=but_window.intersection_cardinality(self._in_window(window, is_certain=False)),
            certain=but_window.intersection_cardinality(self._in_window(window, is_certain=True)),
            facets=CountsByKey(keys, lambda key: self._among(key).of(key)),
            within=CountsByKey(keys, self.among_answers.of),
            extent=self._date_extent(window),
            highest=lambda key, most, also: self._among(key).highest(key, most, also),
        )

    def counts_without(self) -> dict[str, int]:
        return {key: len(self.all_but(key)) for key in self.sets}

    @cached_property
    def among_answers(self) -> TermCounts:
        return self._counts_in(self.answers)

    def _among(self, key: str) -> TermCounts:
        """Return the counts of a key's codes among the rows that match all other keys."""
        if key not in self.sets:
            return self.among_answers
        return self._counts_in(self.all_but(key), is_for_one=True)

    def _counts_in(self, rows: BitMap, *, is_for_one: bool = False) -> TermCounts:
        index = self.index
        return TermCounts(index.terms, rows, index.live, index.term_counts, is_for_one)

    def _in_window(self, window: edtf.Days, *, is_certain: bool) -> BitMap:
        """Return the rows certainly or possibly in a period; the requested one is in `sets`."""
        if WINDOW in self.sets and is_certain == (self.filters["match"] == ("certain",)):
            return self.sets[WINDOW]
        return self.index.certain(window) if is_certain else self.index.possible(window)

    def _date_extent(self, window: edtf.Days) -> edtf.Days:
        first, after = self._first_day(), self._day_after_last()
        found = edtf.Days(_day(first), _day(after - 1)).common(window) if first < OPEN_END else None
        return found or edtf.Days()

    def _first_day(self) -> int:
        for rows in self._answers_by_month(self.index.bins.could["month"].begins, backwards=False):
            # Rows with an open start are in the first month, but have no first day.
            first = self.index.rows.spans.first[slots_in(rows)]
            if (earliest := int(first[first > OPEN_START].min(initial=OPEN_END))) < OPEN_END:
                return earliest
        return OPEN_END

    def _day_after_last(self) -> int:
        columns = self.index.rows.columns
        for rows in self._answers_by_month(self.index.bins.last, backwards=True):
            return int(columns.after[slots_in(rows)].max())
        return OPEN_START

    def _answers_by_month(self, sets: Mapping[int, BitMap], *, backwards: bool) -> Iterator[BitMap]:
        """Yield the matching rows month by month, or all at once if there are few."""
        if len(self.answers) <= MAX_ROWS_READ_AT_ONCE:
            yield from [self.answers] if self.answers else []
            return
        for month in sorted(sets, reverse=backwards):
            if self.answers.intersect(sets[month]):
                yield self.answers & sets[month]

    def histogram(
        self, extent: edtf.Days, least: BinSize = "month", most: int = MAX_BINS
    ) -> Histogram | None:
        """Return the histogram of the matching rows; None without an extent."""
        if not (extent.first and extent.last):
            return None
        name, days = histogram_bins(extent.first, extent.last, least, most)
        assert days[0].first
        first = int(month_of(np.array([days[0].first.toordinal()]))[0]) // BIN_MONTHS[name]
        could = self.index.bins.could[name].counts(self.answers, first, len(days))
        must = self.index.bins.must[name].counts(self.answers, first, len(days))
        return Histogram(
            name,
            [BinCounts(bar, sure, any_) for bar, sure, any_ in zip(days, must, could, strict=True)],
        )

    def by_day(self) -> dict[date | None, int]:
        """Count the matching rows by earliest possible day; None for those without one."""
        days = self.index.rows.columns.day[slots_in(self.answers)]
        found, counts = np.unique(days, return_counts=True)
        return {
            _day(day): count for day, count in zip(found.tolist(), counts.tolist(), strict=True)
        }

    # Pages --------------------------------------------------------------------------------------

    def among(self, *having: Iterable[TermPair]) -> "Matching":
        """Return the matching rows that also have a term of each group."""
        of = self.index.terms.of
        sets = {
            f"having-{no}": BitMap.union(BitMap(), *(of(*t) for t in terms))
            for no, terms in enumerate(having)
        }
        return replace(self, sets={**self.sets, **sets})

    def page(self, sort: str, after: str, limit: int) -> tuple[list[int], int]:
        """Return the `seq` of a page's rows and one more, and the number of rows to the end."""
        slots, remaining = self._page_slots(sort, after, limit)
        return self.index.rows.columns.seq[slots].tolist(), remaining

    def positions(self, sort: str, after: str, limit: int) -> tuple[list[RowPosition], int]:
        """Return the positions of a page's rows and one more, and the number of rows to the end."""
        slots, remaining = self._page_slots(sort, after, limit)
        columns = self.index.rows.columns
        seqs, numbers, days = (
            columns.seq[slots].tolist(),
            columns.number[slots].tolist(),
            columns.day[slots].tolist(),
        )
        others = (
            column[slots].tolist() for column in (columns.width, columns.added, columns.changed)
        )
        found = list(map(RowPosition, seqs, numbers, map(_day, days), *others))
        if sort == "relevance":
            ranked, ranks_of_all = self._ranked
            is_here = np.isin(ranked, slots)
            ranks = dict(zip(ranked[is_here].tolist(), ranks_of_all[is_here], strict=True))
            found = [
                position._replace(rank=ranks[slot])
                for position, slot in zip(found, slots, strict=True)
            ]
        return found, remaining

    def _page_slots(self, sort: str, after: str, limit: int) -> tuple[list[int], int]:
        if sort == "relevance":
            return self._page_by_relevance(after, limit)
        return (self._page_by_date if is_by_date(sort) else self._page_by_edition)(
            sort, after, limit
        )

    def order(self, sort: str) -> Numbers:
        """Return the `seq` of all matching rows, sorted.

        The sort is an argument, because lists that differ in nothing else share one match.
        """
        columns, slots = self.index.rows.columns, slots_in(self.answers)
        if sort == "relevance":
            return columns.seq[self._ranked[0]].astype(np.int64)
        if not is_by_date(sort):
            return columns.seq[slots[np.argsort(-self.index.by_edition(sort, slots))]].astype(
                np.int64
            )
        if len(self._tail_positions):  # without later rows, slots are in this order already
            slots = slots[
                np.lexsort((columns.number[slots], -columns.width[slots], columns.day[slots]))
            ]
        if sort[0] == "-":
            dated = np.searchsorted(columns.day[slots], OPEN_END)
            slots = np.concatenate((slots[:dated][::-1], slots[dated:][::-1]))
        return columns.seq[slots].astype(np.int64)

    def _page_by_date(self, sort: str, after: str, limit: int) -> tuple[list[int], int]:
        """Return a page by date. Undated rows come last in both directions."""
        index, backwards = self.index, sort[0] == "-"
        ends = index.sorted, len(index.tail)
        zones = (
            [((0, 0), index.dated_until), (index.dated_until, ends)]
            if backwards
            else [((0, 0), ends)]
        )
        if after:
            key = _sort_key(after, sort)
            position = (
                index.before(key) if backwards else index.before((key[0], key[1], key[2] + 1))
            )
            is_dated = key[0] < OPEN_END
            if not backwards:
                zones = [(position, ends)]
            else:
                zones = (
                    [((0, 0), position), zones[1]] if is_dated else [(index.dated_until, position)]
                )
        slots: list[int] = []
        remaining = 0
        for (start, tail_start), (end, tail_end) in zones:
            remaining += self.answers.range_cardinality(start, end)
            later = self._tail_slots[
                np.searchsorted(self._tail_positions, tail_start) : np.searchsorted(
                    self._tail_positions, tail_end
                )
            ]
            remaining += len(later)
            if (wanted := limit + 1 - len(slots)) > 0:
                earlier = self._sorted_slots(start, end, wanted, backwards)
                some = (later[::-1] if backwards else later)[:wanted].tolist()
                slots += self._merge_later(earlier, some, backwards)[:wanted]
        return slots, remaining

    def _sorted_slots(self, start: int, end: int, wanted: int, backwards: bool) -> list[int]:
        first, last = (
            self.answers.range_cardinality(0, start),
            self.answers.range_cardinality(0, end),
        )
        if backwards:
            return list(self.answers[max(first, last - wanted) : last])[::-1]
        return list(self.answers[first : min(last, first + wanted)])

    def _merge_later(self, earlier: list[int], later: list[int], backwards: bool) -> list[int]:
        if not later:
            return earlier
        return list(heapq.merge(earlier, later, key=self.index.key_at, reverse=backwards))

    @cached_property
    def _tail_positions(self) -> Slots:
        """Positions of the matching later rows in the tail, ascending."""
        later = slots_in(self.answers & self.index.later)
        return np.sort(self.index.tail_rank[later - np.uint32(self.index.sorted)])

    @cached_property
    def _tail_slots(self) -> Slots:
        return self.index.tail[self._tail_positions]

    def _page_by_edition(self, sort: str, after: str, limit: int) -> tuple[list[int], int]:
        """Return a page by the edition that added or changed a row, then by number, descending."""
        answers = slots_in(self.answers)
        keys = self.index.by_edition(sort, answers)
        if after:
            edition, number = (int(str(value)) for value in parse_after(after, sort))
            follows = keys < (edition << 32 | number)
            answers, keys = answers[follows], keys[follows]
        remaining = len(answers)
        if remaining > max(MAX_ROWS_READ_AT_ONCE, limit + 1):
            # A partition finds the highest keys without sorting all.
            pivot = remaining - limit - 1
            highest = keys >= np.partition(keys, pivot)[pivot]
            answers, keys = answers[highest], keys[highest]
        order = np.argsort(-keys)[: limit + 1]
        return [int(slot) for slot in answers[order]], remaining

    @cached_property
    def _ranked(self) -> Ranked:
        """The matching rows and their ranks, highest first; of equal ones the highest number."""
        columns, slots = self.index.rows.columns, slots_in(self.answers)
        ranks = self.search.ranks(self.filters.one("q"), columns.seq[slots].astype(np.int64))
        order = np.lexsort((-columns.number[slots], -ranks))
        return slots[order], ranks[order]

    def _page_by_relevance(self, after: str, limit: int) -> tuple[list[int], int]:
        slots, ranks = self._ranked
        if after:
            rank, number = (float(str(value)) for value in parse_after(after, "relevance"))
            numbers = self.index.rows.columns.number[slots]
            slots = slots[(ranks < rank) | ((ranks == rank) & (numbers < number))]
        return slots[: limit + 1].tolist(), len(slots)


def _sort_key(after: str, sort: str) -> DateKey:
    day, width, number = parse_after(after, sort)
    assert isinstance(width, int) and isinstance(number, int)
    return day.toordinal() if isinstance(day, date) else OPEN_END, -width, number


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if OPEN_START < ordinal < OPEN_END else None
