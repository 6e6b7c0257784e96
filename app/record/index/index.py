"""The index of one kind, and the rows of an edition that filters match.

It has the rows of all editions; `at` selects an edition. The next edition has a new index that
shares unchanged parts.
"""

import operator
import weakref
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from app.caches import Cache, result_of_edition
from app.dates import edtf
from app.dates.periods import parse_period
from app.record.editions import last_day_of_query
from app.record.filters import DATE_UNITS, ListFilters
from app.record.histogram_bins import BIN_MONTHS
from app.record.index.bin_bitmaps import BinBitmaps, BinStays, certain_bins, certain_in_unit
from app.record.index.common import CommonWords
from app.record.index.rows import (
    OPEN_END,
    OPEN_START,
    IndexRows,
    Numbers,
    Slots,
    bitmap_of,
    bitmap_of_unsorted,
    slots_in,
)
from app.record.index.searching import IndexSearch
from app.record.index.terms import TermBitmaps, TermCounts, term_keys
from app.record.search import SearchGroups, SearchUnit
from app.record.sql.conditions import WINDOW, window_of
from app.record.terms import TermPair
from app.vocabulary.record import Why

SEARCHES: Cache[tuple[int, BitMap]] = Cache("searches")
"""Rows that match the words of a query: to find a common word takes longer than the rest of a list.

Results have rows of all editions. They are carried over to the next edition, until slots change.
"""
DateKey = tuple[int, int, int]
"""Sort key by date: day, negative width, number."""


@dataclass(frozen=True)
class Index:
    kind: str
    edition: int
    """The selected edition."""
    newest: int
    """The newest edition whose rows it has."""
    rows: IndexRows
    sorted: int
    """Number of slots sorted by date. Slots after them are later rows."""
    tail: Slots
    """The slots of later rows, sorted by date."""
    live: BitMap
    """The slots of rows in the selected edition."""
    terms: TermBitmaps
    bins: BinBitmaps
    editions: Sequence[tuple[int, date]]
    by_seq: Slots
    """Slots sorted by `seq`."""
    seqs: NDArray[np.integer]
    """All `seq`, ascending, in the smallest type that fits, because every search reads them."""
    newest_term: int
    """Highest number of any term when the index was read, terms of other lists included."""
    common: CommonWords | None = None
    """Rows of common words; None until they are read: then PostgreSQL finds them."""

    def at(self, edition: int) -> "Index":
        """Select an edition, up to `newest`."""
        return replace(self, edition=edition, live=self.rows.columns.in_edition(edition))

    @cached_property
    def every(self) -> BitMap:
        """The slots of all rows."""
        return BitMap(range(len(self.rows)))

    @cached_property
    def term_counts(self) -> TermCounts:
        """The counts of terms in the edition."""
        return TermCounts(self.terms, self.live, self.every)

    def having(self, key: str, code: str) -> BitMap:
        """Return the rows of the edition with a term."""
        return self.terms.of(key, code) & self.live

    def seqs_of(self, rows: BitMap) -> list[int]:
        found: list[int] = self.rows.columns.seq[slots_in(rows)].tolist()
        return found

    # Filters ------------------------------------------------------------------------------------

    def sets(self, filters: ListFilters, search: IndexSearch) -> dict[str, BitMap]:
        """Return the rows that match each key; may include rows of other editions."""
        sets: dict[str, BitMap] = {}
        for key in filters.terms():
            wanted, unwanted = filters.included.get(key.key), filters.excluded.get(key.key)
            if wanted:
                sets[key.key] = self.terms.any_of(key.key, wanted)
            if unwanted:
                sets[key.key] = sets.get(key.key, self.live) - self.terms.any_of(key.key, unwanted)
        if query := filters.one("q"):
            sets["q"] = self._matching_words(query, search)
        window = window_of(filters)
        if window != edtf.Days():
            sets[WINDOW] = (
                self.certain(window) if filters["match"] == ("certain",) else self.possible(window)
            )
        for unit in filters["vague"]:
            sets["vague"] = self.vague(window, DATE_UNITS[unit])
        for first, last in filters.PERIODS[1:]:
            days = parse_period(filters.one(first) or None, filters.one(last) or None)
            if days != edtf.Days():
                sets["published"] = self.rows.published.overlap(*day_bounds(days))
        for name in ("added_since", "changed_since"):
            for since in filters[name]:
                editions = getattr(self.rows.columns, name.removesuffix("_since"))
                sets[name] = bitmap_of(editions >= self._first_since(since))
        return sets

    def _matching_words(self, query: str, search: IndexSearch) -> BitMap:
        """Return the rows that match the words of a query."""
        groups = search.groups(query)
        known = self._rows_without_search(groups, search)
        if None not in known:
            return reduce(operator.and_, (rows for rows in known if rows is not None), self.every)
        # Editions with other names have another directory; sorted rows have another order.
        return result_of_edition(
            SEARCHES,
            (weakref.ref(self.rows.order), weakref.ref(search.directory), query),
            self.newest,
            lambda: self._search_rest(groups, known, search),
            lambda rows, since: rows | self.slots_of(search.found(groups, since)),
        )

    def _rows_without_search(
        self, groups: SearchGroups, search: IndexSearch
    ) -> Sequence[BitMap | None]:
        """Return the rows of each group of words; None if PostgreSQL has to search."""
        common = self.common
        if common is None or not common.rows:
            return [None for _group in groups]
        common.learn(groups, search)
        found = [[self._rows_of_unit(unit) for unit in group] for group in groups]
        return [
            None if None in each else BitMap.union(*(rows for rows in each if rows is not None))
            for each in found
        ]

    def _rows_of_unit(self, unit: SearchUnit) -> BitMap | None:
        """Return the rows with a common word; None if PostgreSQL has to search."""
        rows = self.common.of(unit, self.every) if self.common else None
        if rows is None or not all(key in term_keys(self.kind) for key, _code in unit.terms):
            return None
        rows = BitMap.union(rows, *(self.terms.of(key, code) for key, code in unit.terms))
        return self.every - rows if unit.is_excluded else rows

    def _rows_of_partly_known(
        self, group: Sequence[SearchUnit], search: IndexSearch
    ) -> BitMap | None:
        """Return the rows of a group with a common word: PostgreSQL searches its rare words only.

        None if no word is common, or if a word is excluded.
        """
        if len(group) == 1 or any(unit.is_excluded for unit in group):
            return None
        each = [(unit, self._rows_of_unit(unit)) for unit in group]
        sets = [rows for _unit, rows in each if rows is not None]
        rare = [unit for unit, rows in each if rows is None]
        return BitMap.union(self.slots_of(search.found([rare])), *sets) if sets else None

    def _search_rest(
        self, groups: SearchGroups, known: Sequence[BitMap | None], search: IndexSearch
    ) -> BitMap:
        known = [
            self._rows_of_partly_known(group, search) if rows is None else rows
            for group, rows in zip(groups, known, strict=True)
        ]
        rest = [group for group, rows in zip(groups, known, strict=True) if rows is None]
        sets = [rows for rows in known if rows is not None]
        if not rest:
            return reduce(operator.and_, sets, self.every)
        if any(not any(unit.is_excluded for unit in group) for group in rest):
            sets.append(self.slots_of(search.found(rest)))
        elif all(len(group) == 1 for group in rest):
            # Only exclusions: PostgreSQL finds the excluded rows without reading all others.
            sets.append(self.every - self.slots_of(search.left_out(rest)))
        else:
            sets = [self.slots_of(search.found(groups))]
        return reduce(operator.and_, sets)

    def possible(self, window: edtf.Days) -> BitMap:
        if window == edtf.Days():
            return self.dated
        return self.rows.spans.overlap(*day_bounds(window))

    def certain(self, window: edtf.Days) -> BitMap:
        if window == edtf.Days():
            return self.rows.columns.sure
        return self.rows.columns.certain(*day_bounds(window))

    def vague(self, window: edtf.Days, months: int) -> BitMap:
        """Return the rows possibly in a period that are certain in no single unit of it.

        Units are calendar years (12 months), half-years (6) or months (1).
        """
        certain = certain_in_unit(self.rows.columns, *day_bounds(window), months)
        return self.possible(window) - certain

    def certain_units(self, months: int) -> BinStays:
        """Return the calendar units of 12, 6 or 1 months in which each row is certain."""
        if months == BIN_MONTHS["year"]:
            return self.bins.must["year"]
        return self.bins.must["month"] if months == BIN_MONTHS["month"] else self._half_years

    @cached_property
    def _half_years(self) -> BinStays:
        # Histograms have none; to make them at each start would take a tenth of a second.
        return certain_bins(self.rows, DATE_UNITS["half-year"])

    @property
    def dated(self) -> BitMap:
        return self.rows.spans.dated

    def slots_of(self, seqs: NDArray[np.int64]) -> BitMap:
        """Return the slots of those `seq` that are in this index."""
        known = self.seqs
        if not len(known):
            return BitMap()
        # Sorted input keeps `searchsorted` cache-friendly.
        seqs = np.sort(seqs[seqs <= known[-1]]).astype(known.dtype)
        places = np.searchsorted(known, seqs)
        return bitmap_of_unsorted(self.by_seq[places[known[places] == seqs]])

    def _first_since(self, query: str) -> int:
        if last_day_of_query(query) is None:
            return int(query)
        day = parse_period(query, None).first
        return next((no for no, at in self.editions if day and at >= day), OPEN_END)

    # Order --------------------------------------------------------------------------------------

    def key_at(self, slot: int) -> DateKey:
        columns = self.rows.columns
        return int(columns.day[slot]), -int(columns.width[slot]), int(columns.number[slot])

    def before(self, key: DateKey) -> tuple[int, int]:
        """Return the numbers of slots before a sort key: in the sorted part and in the tail."""
        return (
            bisect_left(range(self.sorted), key, key=self.key_at),
            bisect_left(range(len(self.tail)), key, key=lambda at: self.key_at(int(self.tail[at]))),
        )

    @cached_property
    def dated_until(self) -> tuple[int, int]:
        """The numbers of dated slots, in the sorted part and in the tail."""
        return self.before(UNDATED)

    def uses(self, keys: Iterable[str]) -> dict[TermPair, int]:
        """Return the number of rows of each term of these keys, and of each reason (`why`)."""
        by_key = {
            (key, code): count for key in keys for code, count in self.term_counts.of(key).items()
        }
        return by_key | {
            ("why", why): count
            for why, count in zip(Why, self._counts_by_reason.tolist(), strict=True)
            if count
        }

    @cached_property
    def _counts_by_reason(self) -> Numbers:
        return np.bincount(self.rows.columns.why[slots_in(self.live)], minlength=len(Why))

    @cached_property
    def tail_rank(self) -> NDArray[np.int64]:
        """The position of each later slot in the tail."""
        return np.argsort(self.tail)

    @cached_property
    def later(self) -> BitMap:
        return BitMap(range(self.sorted, len(self.rows)))

    def by_edition(self, sort: str, slots: Slots) -> Numbers:
        """Return edition and number of rows as one integer, which sorts faster than two columns."""
        columns: Any = self.rows.columns
        found: Numbers = (getattr(columns, sort)[slots].astype(np.int64) << 32) | columns.number[
            slots
        ]
        return found


UNDATED: DateKey = (OPEN_END, -(2**31), 0)


def day_bounds(days: edtf.Days) -> tuple[int, int]:
    return (
        days.first.toordinal() if days.first else OPEN_START,
        days.last.toordinal() if days.last else OPEN_END,
    )
