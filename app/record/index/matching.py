"""The rows of an index that match a list's filters: counts, histogram, pages and breakdowns."""

import heapq
import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from app.dates import edtf
from app.filtering import NONE
from app.record.filters import WINDOW, ListFilters, is_by_date, parse_after, window_of
from app.record.index.index import Index, TermCounts, day_bounds
from app.record.index.rows import (
    BIN_MONTHS,
    MAX_BINS,
    OPEN_END,
    OPEN_START,
    BinSize,
    Numbers,
    Slots,
    certain_bins,
    histogram_bins,
    month_of,
    possible_bins,
    slots_in,
)
from app.record.index.searching import IndexSearch
from app.record.sql.rows import RowPosition
from app.record.terms import TermPair


@dataclass(frozen=True)
class ListCounts:
    """The number of matching rows, in total and by code.

    `facets` counts the codes of a key without the key's own filter.
    """

    total: int
    undated: int
    possible: int
    certain: int
    facets: Mapping[str, Mapping[str, int]]
    within: Mapping[str, Mapping[str, int]]
    """Counts by key and code among the matching rows, for the sentence above the list."""
    extent: edtf.Days
    """First and last possible day of any matching row; an open end counts by its start."""

    def having(self, key: str, code: str) -> int:
        """Return the number of matching rows with this code."""
        return self.within.get(key, {}).get(code, 0)

    def highest(self, key: str, most: int, also: Collection[str]) -> tuple[Mapping[str, int], bool]:
        """Return the `most` codes of a key with the highest counts, and some others with a count.

        Ties with the last one are included. Also return whether these are all codes with a count.
        """
        counts = self.facets.get(key, {})
        least = min(heapq.nlargest(most, counts.values()), default=0)
        found = {code: count for code, count in counts.items() if count >= least}
        others = {code: counts[code] for code in also if code in counts}
        return {**found, **others}, len(found) == len(counts)


@dataclass(frozen=True)
class BinCounts:
    """One bin of the histogram, with the numbers of rows certainly and possibly in it."""

    days: edtf.Days
    certain: int
    possible: int


@dataclass(frozen=True)
class Histogram:
    bin: BinSize
    bars: Sequence[BinCounts]


Ranked = tuple[Slots, NDArray[np.float64]]


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
        )

    def counts_without(self) -> dict[str, int]:
        return {key: len(self.all_but(key)) for key in self.sets}

    @cached_property
    def among_answers(self) -> TermCounts:
        return self._counts_in(self.answers)

    def _among(self, key: str) -> TermCounts:
        """Return the counts of a key's codes among the rows that match all other keys."""
        return self._counts_in(self.all_but(key)) if key in self.sets else self.among_answers

    def _counts_in(self, rows: BitMap) -> TermCounts:
        index = self.index
        return index.term_counts if rows == index.live else TermCounts(index.terms, rows)

    def _in_window(self, window: edtf.Days, *, is_certain: bool) -> BitMap:
        """Return the rows certainly or possibly in a period; the requested one is in `sets`."""
        if WINDOW in self.sets and is_certain == (self.filters["match"] == ("certain",)):
            return self.sets[WINDOW]
        return self.index.certain(window) if is_certain else self.index.possible(window)

    def _date_extent(self, window: edtf.Days) -> edtf.Days:
        slots = slots_in(self.answers)
        # Rows with an open start have no first day.
        firsts = self.index.rows.columns.first[slots]
        first = int(firsts[firsts > OPEN_START].min(initial=OPEN_END))
        after = int(self.index.rows.columns.after[slots].max(initial=OPEN_START))
        found = edtf.Days(_day(first), _day(after - 1)).common(window) if first < OPEN_END else None
        return found or edtf.Days()

    def histogram(
        self, extent: edtf.Days, least: BinSize = "month", most: int = MAX_BINS
    ) -> Histogram | None:
        """Return the histogram of the matching rows; None without an extent."""
        if not (extent.first and extent.last):
            return None
        name, days = histogram_bins(extent.first, extent.last, least, most)
        assert days[0].first
        size = BIN_MONTHS[name]
        first = int(month_of(np.array([days[0].first.toordinal()]))[0]) // size
        rows, answers = self.index.rows, self.answers
        could = possible_bins(rows, answers, size).counts(first, len(days))
        must = certain_bins(rows.columns, answers, size).counts(first, len(days))
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

    def positions(self, sort: str, after: str, limit: int) -> tuple[list[RowPosition], int]:
        """Return the positions of a page's rows and one more, and the number of rows to the end."""
        slots, remaining = self._page_slots(sort, after, limit)
        columns = self.index.rows.columns
        seqs, numbers, days, widths, added, changed = (
            column[slots].tolist()
            for column in (
                *(columns.seq, columns.number, columns.day),
                *(columns.width, columns.added, columns.changed),
            )
        )
        found = list(map(RowPosition, seqs, numbers, map(_day, days), widths, added, changed))
        if sort == "relevance":
            ranked, ranks = self._ranked
            rank_of = dict(zip(ranked.tolist(), ranks.tolist(), strict=True))
            found = [
                position._replace(rank=rank_of[slot])
                for position, slot in zip(found, slots.tolist(), strict=True)
            ]
        return found, remaining

    def order(self, sort: str) -> Numbers:
        """Return the `seq` of all matching rows, sorted.

        The sort is an argument, because lists that differ in nothing else share one match.
        """
        slots, keys = self._with_keys(sort)
        return self.index.rows.columns.seq[slots[np.argsort(keys)]]

    def _page_slots(self, sort: str, after: str, limit: int) -> tuple[Slots, int]:
        slots, keys = self._with_keys(sort)
        if after:
            follows = keys >= self._first_key(sort, after)
            slots, keys = slots[follows], keys[follows]
        remaining = len(slots)
        if remaining > limit + 1:
            # A partition finds the first rows without sorting all.
            first = np.argpartition(keys, limit)[: limit + 1]
            slots, keys = slots[first], keys[first]
        return slots[np.argsort(keys)], remaining

    def _with_keys(self, sort: str) -> tuple[Slots, Numbers]:
        """Return the matching rows, and for each a number by which they are sorted."""
        if sort == "relevance":
            return self._ranked[0], np.arange(len(self.answers))
        rows, slots = self.index.rows, slots_in(self.answers)
        if is_by_date(sort):
            places, days = rows.by_date[slots], rows.columns.day[slots]
            return slots, self._date_keys(places, days, sort)
        edition = getattr(rows.columns, sort)[slots].astype(np.int64)
        # Edition and number as one integer, which sorts faster than two columns.
        return slots, -((edition << 32) | rows.columns.number[slots])

    def _date_keys(self, places: Numbers, days: NDArray[np.integer], sort: str) -> Numbers:
        """Return the sort keys of rows with these places by date; undated rows are always last.

        Newest first, rows of days after the requested period come after those of the period: what
        is "on or before" a day sorts by that day, but may be of the period.
        """
        if sort[0] != "-":
            return places
        last = day_bounds(window_of(self.filters))[1]
        group = np.where(days < OPEN_END, days > last, 2)
        return group * len(self.index.rows) - places

    def _first_key(self, sort: str, after: str) -> int:
        """Return the lowest sort key of a row behind a place in the list."""
        if is_by_date(sort):
            day, width, number = parse_after(after, sort)
            assert isinstance(width, int) and isinstance(number, int)
            key = day.toordinal() if isinstance(day, date) else OPEN_END, -width, number
            count_before = self.index.rows.count_before
            behind = (
                count_before(key) - 1 if sort[0] == "-" else count_before((*key[:2], number + 1))
            )
            return int(self._date_keys(np.array(behind), np.array(key[0]), sort))
        before, number = (float(str(value)) for value in parse_after(after, sort))
        if sort != "relevance":
            return 1 - (int(before) << 32 | int(number))
        slots, ranks = self._ranked
        numbers = self.index.rows.columns.number[slots]
        return int(np.count_nonzero((ranks > before) | ((ranks == before) & (numbers >= number))))

    @cached_property
    def _ranked(self) -> Ranked:
        """The matching rows and their ranks, highest first; of equal ones the highest number."""
        columns, slots = self.index.rows.columns, slots_in(self.answers)
        ranks = self.search.ranks(self.filters.one("q"), columns.seq[slots])
        order = np.lexsort((-columns.number[slots], -ranks))
        return slots[order], ranks[order]


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if OPEN_START < ordinal < OPEN_END else None


# Breakdowns ---------------------------------------------------------------------------------------


def counted_codes(
    matching: Matching, key: str, is_within: Callable[[str, Sequence[str]], bool]
) -> dict[str, int]:
    """Return the number of matching rows by code, most frequent first and NONE last.

    If the filter selects codes of the key, only those codes are returned that `is_within` finds in
    them, and all rows of which have a selected one. A filter can't find the others: two codes of a
    key are an "or".
    """
    filters, index = matching.filters, matching.index
    counts = matching.among_answers.of(key)
    if selected := filters[key]:
        having = index.terms.any_of(key, selected) & index.live
        own = index.term_counts.of(key)
        counts = {
            code: count
            for code, count in counts.items()
            if code in selected
            or (
                is_within(code, selected)
                and own[code] == having.intersection_cardinality(index.terms.of(key, code))
            )
        }
    excluded = filters.excluded.get(key, ())
    return dict(
        sorted(
            ((code, count) for code, count in counts.items() if code not in excluded),
            key=lambda pair: (pair[0] == NONE, -pair[1], pair[0]),
        )
    )


def used_units(matching: Matching, months: int) -> list[edtf.Days]:
    """Return the units of 12, 6 or 1 months from the first to the last with a certain row.

    At an end of the filter's period, only their part within it.
    """
    window = window_of(matching.filters)
    used = certain_bins(matching.index.rows.columns, matching.answers, months, day_bounds(window))
    if not len(used.first):
        return []
    units = (
        edtf.Days(_first_day(no * months), _first_day((no + 1) * months) - timedelta(days=1))
        for no in range(int(used.first.min()), int(used.last.max()) + 1)
    )
    return [part for unit in units if (part := unit.common(window))]


def _first_day(month: int) -> date:
    """Return the first day of a month since January 1970."""
    return date(1970 + month // 12, month % 12 + 1, 1)
