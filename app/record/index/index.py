"""The index of one kind, and the rows of an edition that filters match.

It has the rows of all editions; `at` selects an edition. The next edition has a new index that
shares unchanged parts.
"""

import operator
import weakref
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from app.caches import Cache
from app.dates import edtf
from app.dates.day_ranges import parse_period
from app.record.editions import last_day_of_query
from app.record.filters import DATE_UNITS, LISTS, WINDOW, ListFilters, period_of, window_of
from app.record.index.rows import (
    NOT_CLOSED,
    OPEN_END,
    OPEN_START,
    IndexRows,
    Numbers,
    Slots,
    bitmap,
    bitmap_of,
    certain_in_unit,
    slots_in,
)
from app.record.index.searching import CommonWords, IndexSearch
from app.record.search import SearchGroups, SearchUnit
from app.record.terms import TermPair

NOTHING = BitMap()
CodeCounts = Mapping[str, int]
"""Number of rows by code of one key, without zeros."""


def term_keys(kind: str) -> list[str]:
    """Return the keys of terms in an index: filters of a list, and keys that are only counted."""
    return [*(key.key for key in LISTS[kind].terms()), *LISTS[kind].COUNTED]


@dataclass(frozen=True)
class TermBitmaps:
    """The rows of each term, by key and code. Rows of all editions."""

    names: Mapping[int, TermPair] = field(default_factory=dict)
    """The terms of the list by their numbers in the database."""
    rows: Mapping[str, Mapping[str, BitMap]] = field(default_factory=dict)

    def of(self, key: str, code: str) -> BitMap:
        return self.each(key).get(code, NOTHING)

    def each(self, key: str) -> Mapping[str, BitMap]:
        """Return the rows of the codes of a key."""
        return self.rows.get(key, {})

    def any_of(self, key: str, codes: Collection[str]) -> BitMap:
        return BitMap.union(NOTHING, *(self.of(key, code) for code in codes))

    def onward(self, names: Mapping[int, TermPair], added: Mapping[int, BitMap]) -> "TermBitmaps":
        """Return the terms with more rows, by number; unchanged bitmaps are shared."""
        rows = {key: dict(codes) for key, codes in self.rows.items()}
        for number, more in added.items():
            key, code = names[number]
            rows.setdefault(key, {})[code] = self.of(key, code) | more
        return TermBitmaps(names, rows)


@dataclass(frozen=True)
class TermCounts:
    """Counts of terms in some rows. Only requested keys are counted."""

    terms: TermBitmaps
    some: BitMap

    def of(self, key: str) -> CodeCounts:
        if key not in self._by_key:
            each = (
                (code, self.some.intersection_cardinality(rows))
                for code, rows in self.terms.each(key).items()
            )
            self._by_key[key] = {code: count for code, count in each if count}
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[str, CodeCounts]:
        return {}


def bitmaps_by_number(slots: Slots, numbers: NDArray[np.integer]) -> dict[int, BitMap]:
    """Return the slots of each number, of pairs in any order."""
    pairs = np.sort(numbers.astype(np.uint64) << np.uint64(32) | slots)
    numbers, slots = pairs >> np.uint64(32), pairs.astype(np.uint32)
    edges = (np.flatnonzero(np.diff(numbers)) + 1).tolist()
    return {
        int(numbers[start]): bitmap(slots[start:end])
        for start, end in zip([0, *edges], [*edges, len(pairs)], strict=True)
        if start < end
    }


SEARCHES: Cache[BitMap] = Cache("searches")
"""Rows of all editions that match the words of a query, which PostgreSQL finds slowly."""


@dataclass(frozen=True)
class Index:
    kind: str
    edition: int
    """The selected edition."""
    newest: int
    """The newest edition whose rows it has."""
    rows: IndexRows
    live: BitMap
    """The slots of rows in the selected edition."""
    terms: TermBitmaps
    editions: Sequence[tuple[int, date]]
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
        return TermCounts(self.terms, self.live)

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
            days = period_of(filters, first, last)
            if days != edtf.Days():
                sets["published"] = self.rows.published.overlap(*day_bounds(days))
        for name in ("added_since", "changed_since"):
            for since in filters[name]:
                editions = getattr(self.rows.columns, name.removesuffix("_since"))
                sets[name] = bitmap_of(editions >= self._first_since(since))
        return sets

    def _matching_words(self, query: str, search: IndexSearch) -> BitMap:
        """Return the rows that match the words of a query; PostgreSQL finds those not common."""
        groups = search.groups(query)
        sets, together = [self.every], []
        for group in groups:
            known = [self._rows_of_unit(unit) for unit in group]
            rest = [unit for unit, rows in zip(group, known, strict=True) if rows is None]
            wanted = [unit for unit in rest if not unit.is_excluded]
            if wanted == group:  # one statement for all of these: each word narrows the others
                together.append(wanted)
                continue
            found = [rows for rows in known if rows is not None]
            found += [self._search([wanted], search)] if wanted else []
            found += [self._search([[unit]], search) for unit in rest if unit.is_excluded]
            sets.append(BitMap.union(*found))
        sets += [self._search(together, search)] if together else []
        return reduce(operator.and_, sets)

    def _search(self, groups: SearchGroups, search: IndexSearch) -> BitMap:
        """Return the rows of groups of wanted words, or of one excluded word."""
        # Editions with other names have another directory; rebuilt rows have other slots.
        order, directory = weakref.ref(self.rows.order), weakref.ref(search.directory)
        rows = SEARCHES.of(
            (order, directory, self.newest, repr(groups)),
            lambda: self.slots_of(search.found(groups)),
        )
        return self.every - rows if groups[0][0].is_excluded else rows

    def _rows_of_unit(self, unit: SearchUnit) -> BitMap | None:
        """Return the rows with a common word; None if PostgreSQL has to search."""
        rows = self.common.of(unit, self.every) if self.common else None
        if rows is None:
            return None
        # Rows of a kind have no terms of keys that don’t filter it.
        rows = BitMap.union(rows, *(self.terms.of(key, code) for key, code in unit.terms))
        return self.every - rows if unit.is_excluded else rows

    def possible(self, window: edtf.Days) -> BitMap:
        if window == edtf.Days():
            return self.dated
        return self.rows.spans.overlap(*day_bounds(window))

    def certain(self, window: edtf.Days) -> BitMap:
        if window == edtf.Days():
            return self.rows.columns.certain(OPEN_START, OPEN_END)
        return self.rows.columns.certain(*day_bounds(window))

    def vague(self, window: edtf.Days, months: int) -> BitMap:
        """Return the rows possibly in a period that are certain in no single unit of it.

        Units are calendar years (12 months), half-years (6) or months (1).
        """
        certain = certain_in_unit(self.rows.columns, *day_bounds(window), months)
        return self.possible(window) - certain

    @property
    def dated(self) -> BitMap:
        return self.rows.spans.rows

    def slots_of(self, seqs: Numbers) -> BitMap:
        """Return the slots of those `seq` that are in this index."""
        known = self.rows.columns.seq
        seqs = np.sort(seqs)
        places = np.searchsorted(known, seqs)
        return bitmap(places[np.append(known, NOT_CLOSED)[places] == seqs])

    def _first_since(self, query: str) -> int:
        if last_day_of_query(query) is None:
            return int(query)
        day = parse_period(query, None).first
        return next((no for no, at in self.editions if day and at >= day), OPEN_END)

    def uses(self, keys: Iterable[str]) -> dict[TermPair, int]:
        """Return the number of rows of each term of these keys."""
        return {
            (key, code): count for key in keys for code, count in self.term_counts.of(key).items()
        }


def day_bounds(days: edtf.Days) -> tuple[int, int]:
    return (
        days.first.toordinal() if days.first else OPEN_START,
        days.last.toordinal() if days.last else OPEN_END,
    )
