"""The rows of each term: a bitmap of slots for every filter value of a list, and counts of them."""

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from app.record.filters import LISTS
from app.record.index.rows import (
    RUN_LENGTH,
    SLOTS_PER_CONTAINER,
    Numbers,
    Slots,
    TermLists,
    are_consecutive,
    bitmap,
    slots_in,
)
from app.record.terms import TermPair

NOTHING = BitMap()
NONE = -1
SHARED_LIST = 0
"""The list shared by keys with few codes. Each key with many codes has its own list."""
MAX_CODES_IN_SHARED_LIST = 200
"""Maximum number of codes of a key in the shared list.

Of thousands of codes, most have few rows, and reading rows is faster than intersecting each bitmap.
"""

# Measured costs of the two ways to count, in units of reading one term of a row.
ROW_COST = 7
"""Cost of a row that is not in a run of consecutive slots, without its terms."""
RUN_SPEEDUP = 4
"""Speedup of rows in runs of consecutive slots."""
CONTAINER_COST = 50
"""Cost of the intersection with a container of bits or runs."""
LIST_CONTAINER_COST = 15
"""Fixed cost of the intersection with a container that is a list of slots."""
SLOTS_PER_COST_UNIT = 5
"""Slots of such a list looked up at the cost of one unit."""

CodeCounts = Mapping[str, int]
"""Number of rows by code of one key, without zeros."""


def term_keys(kind: str) -> list[str]:
    """Return the keys of terms in an index: filters of a list, and keys that are only counted."""
    return [*(key.key for key in LISTS[kind].terms()), *LISTS[kind].COUNTED]


@dataclass(frozen=True)
class ListTerms:
    """The terms of a list. A term's position in `names` is its *place*."""

    names: Sequence[TermPair]
    numbers: NDArray[np.int32]
    """Numbers of the terms in the database, ascending."""
    counted: frozenset[str] = frozenset()
    """Keys without a facet: the index has the rows of a term, but not the terms of a row."""
    wide: Sequence[str] = ()
    """Keys with more than MAX_CODES_IN_SHARED_LIST codes."""

    def list_of(self, key: str) -> int:
        if key in self.wide:
            return 1 + self.wide.index(key)
        return self.of_counted if key in self.counted else SHARED_LIST

    @property
    def of_counted(self) -> int:
        """The number of the last list, which is dropped after building."""
        return 1 + len(self.wide)

    @property
    def lists(self) -> range:
        return range(self.of_counted + 1)

    @cached_property
    def listed(self) -> NDArray[np.int8]:
        """The list of each term."""
        return np.array([self.list_of(key) for key, _code in self.names], dtype=np.int8)

    @cached_property
    def places(self) -> Sequence[Numbers]:
        """The places of each list's terms. A list stores a term as its position among them."""
        return [np.flatnonzero(self.listed == list_) for list_ in self.lists]

    @cached_property
    def within(self) -> Numbers:
        """The position of each term among the terms of its list."""
        found = np.empty(len(self.names), dtype=np.int64)
        for places in self.places:
            found[places] = np.arange(len(places))
        return found

    @cached_property
    def codes(self) -> list[int]:
        """The number of terms of each list."""
        return list(map(len, self.places))

    @cached_property
    def of_key(self) -> Mapping[str, Numbers]:
        """The places of each key's terms."""
        found: dict[str, list[int]] = {}
        for place, (key, _code) in enumerate(self.names):
            found.setdefault(key, []).append(place)
        return {key: np.array(places) for key, places in found.items()}


@dataclass(frozen=True)
class TermBitmaps:
    """The rows of each term as bitmaps, by place; and the terms of each row as lists.

    Rows of all editions.
    """

    words: ListTerms
    rows: Sequence[BitMap]
    lists: Sequence[TermLists]
    sizes: Numbers
    """Number of rows of each term."""

    @property
    def names(self) -> Sequence[TermPair]:
        return self.words.names

    @cached_property
    def places(self) -> Mapping[TermPair, int]:
        return {name: place for place, name in enumerate(self.names)}

    def of(self, key: str, code: str) -> BitMap:
        place = self.places.get((key, code))
        return NOTHING if place is None else self.rows[place]

    def each(self, key: str) -> Iterator[tuple[str, BitMap]]:
        """Yield the codes of a key with their rows."""
        for place in self.words.of_key.get(key, np.zeros(0, dtype=np.int64)).tolist():
            yield self.names[place][1], self.rows[place]

    def any_of(self, key: str, codes: Sequence[str]) -> BitMap:
        return BitMap.union(NOTHING, *(self.of(key, code) for code in codes))

    def counts_of(self, places: Numbers, counts: Numbers) -> CodeCounts:
        """Return counts by code, without zeros."""
        some = counts > 0
        codes = (self.names[place][1] for place in places[some].tolist())
        return dict(zip(codes, counts[some].tolist(), strict=True))

    def onward(
        self, words: ListTerms, added: Mapping[int, BitMap], lists: Sequence[TermLists]
    ) -> "TermBitmaps":
        """Return the terms with more rows; unchanged bitmaps are shared."""
        rows = [*self.rows, *[NOTHING] * (len(words.names) - len(self.rows))]
        sizes = np.append(self.sizes, np.zeros(len(rows) - len(self.rows), dtype=np.int64))
        for place, more in added.items():
            rows[place] = rows[place] | more
            sizes[place] += len(more)
        return TermBitmaps(words, rows, lists, sizes)


@dataclass(frozen=True)
class TermCounts:
    """Counts of terms in some rows, by reading the rows or by intersecting bitmaps, as is faster.

    Only requested keys are counted; of a key with thousands of codes, only the highest.
    """

    terms: TermBitmaps
    some: BitMap
    whole: BitMap
    """Rows that include `some`: those of the edition, or of all editions."""
    of_whole: "TermCounts | None" = None
    """The counts in the edition; None if `whole` has the rows of all editions."""
    is_for_one: bool = False
    """Whether only one key is counted: then reading rows is faster only for few rows."""

    def of(self, key: str) -> CodeCounts:
        places = self.terms.words.of_key.get(key)
        if places is None:
            return {}
        return self.terms.counts_of(places, self.by_place(key, places))

    def by_place(self, key: str, places: Numbers) -> Numbers:
        """Return the counts of a key's terms, in the order of `places`."""
        if key not in self._counts_by_key:
            self._counts_by_key[key] = self._counts(key, places)
        return self._counts_by_key[key]

    @cached_property
    def _counts_by_key(self) -> dict[str, Numbers]:
        return {}

    def largest(self, key: str, places: Numbers) -> tuple[list[int], list[int]]:
        """Return the places of a key's terms, those with most rows first, and their counts."""
        if key not in self._largest_by_key:
            counts = self.by_place(key, places)
            order = np.argsort(-counts)
            self._largest_by_key[key] = places[order].tolist(), counts[order].tolist()
        return self._largest_by_key[key]

    @cached_property
    def _largest_by_key(self) -> dict[str, tuple[list[int], list[int]]]:
        return {}

    def highest(self, key: str, most: int, also: Collection[str]) -> tuple[CodeCounts, bool]:
        """Implement `TopCodes`."""
        places = self.terms.words.of_key.get(key)
        if places is None:
            return {}, True
        # The fewer rows there are, the more codes have to be counted to find the highest.
        codes_to_count = min(len(places), most * len(self.whole) // max(1, len(self.some)))
        if (
            self._is_whole
            or key not in self.terms.words.wide
            or self._is_by_row(key, codes_to_count)
        ):
            counts = self.by_place(key, places)
            min_count = max(1, int(np.partition(counts, -most)[-most])) if len(counts) > most else 1
            found = self.terms.counts_of(places, np.where(counts >= min_count, counts, 0))
            are_all = not ((counts > 0) & (counts < min_count)).any()
        else:
            found, are_all = self._highest_by_term(key, places, most)
        named = {
            code: self.some.intersection_cardinality(self.terms.of(key, code)) for code in also
        }
        return {**found, **{code: count for code, count in named.items() if count}}, are_all

    def _highest_by_term(self, key: str, places: Numbers, most: int) -> tuple[CodeCounts, bool]:
        """Count terms by descending total, until the total is below the lowest count to return."""
        rows = self.terms.rows
        found: list[tuple[int, str]] = []
        highest: list[int] = []
        ordered = zip(*(self.of_whole or self).largest(key, places), strict=True)
        for place, size in ordered:
            if len(highest) == most and size < highest[0]:
                break
            if count := self.some.intersection_cardinality(rows[place]):
                found.append((count, self.terms.names[place][1]))
                (heapq.heappush if len(highest) < most else heapq.heappushpop)(highest, count)
        else:
            place = NONE
        min_count = highest[0] if len(highest) == most else 1
        top = {code: count for count, code in found if count >= min_count}
        left = [place, *(place for place, _size in ordered)] if place != NONE else []
        return top, len(top) == len(found) and not any(
            self.some.intersect(rows[place]) for place in left
        )

    @cached_property
    def _is_whole(self) -> bool:
        return len(self.some) == len(self.whole)

    @cached_property
    def _is_most(self) -> bool:
        """Whether the rows are more than half of all: then the others are counted instead."""
        return 2 * len(self.some) > len(self.whole)

    @cached_property
    def _rows_to_read(self) -> BitMap:
        return self.whole - self.some if self._is_most else self.some

    @cached_property
    def _slots(self) -> Slots:
        return slots_in(self._rows_to_read)

    @cached_property
    def _rows_in_runs(self) -> int:
        """Number of the rows that are in runs of consecutive slots."""
        return RUN_LENGTH * int(np.count_nonzero(are_consecutive(self._slots)))

    @cached_property
    def _counts_by_list(self) -> dict[int, Numbers]:
        return {}

    def _counts(self, key: str, places: Numbers) -> Numbers:
        if self._is_whole:
            return self._totals(key, places)
        counts = self._counts_of_rows_to_read(key, places)
        return self._totals(key, places) - counts if self._is_most else counts

    def _totals(self, key: str, places: Numbers) -> Numbers:
        """Return the counts in `whole`."""
        return self.of_whole.by_place(key, places) if self.of_whole else self.terms.sizes[places]

    def _counts_of_rows_to_read(self, key: str, places: Numbers) -> Numbers:
        list_ = self.terms.words.list_of(key)
        if not self._is_by_row(
            key, len(places) if self.is_for_one else self.terms.words.codes[list_]
        ):
            rows, some = self.terms.rows, self._rows_to_read
            return np.array(
                [some.intersection_cardinality(rows[place]) for place in places.tolist()]
            )
        if list_ not in self._counts_by_list:
            self._counts_by_list[list_] = self.terms.lists[list_].tally(
                self._slots, self.terms.words.codes[list_]
            )
        counts: Numbers = self._counts_by_list[list_][self.terms.words.within[places]]
        return counts

    def _is_by_row(self, key: str, codes: int) -> bool:
        list_ = self.terms.words.list_of(key)
        if list_ == self.terms.words.of_counted:
            return False
        some, lists = self._rows_to_read, self.terms.lists[list_]
        held, terms = some.get_statistics(), len(lists.value) / max(1, len(lists.start) - 1)
        # An intersection visits each slot of a container that is a list of slots.
        parts, slots = (
            held["n_containers"] - held["n_array_containers"],
            held["n_values_array_containers"],
        )
        by_term = codes * (
            parts * CONTAINER_COST
            + held["n_array_containers"] * LIST_CONTAINER_COST
            + slots / SLOTS_PER_COST_UNIT
        )
        # `_rows_in_runs` reads all slots, so it is used only if it can decide.
        if terms * len(some) / RUN_SPEEDUP > by_term:
            return False
        alone = len(some) - self._rows_in_runs
        return alone * (ROW_COST + terms) + self._rows_in_runs * terms / RUN_SPEEDUP < by_term


def bitmaps_by_place(
    words: ListTerms, lists: Sequence[TermLists], first_slot: int = 0
) -> dict[int, BitMap]:
    """Return the rows of each term in the lists by place; the first row is slot `first_slot`."""
    return {
        int(places[within]): rows
        for places, each in zip(words.places, lists, strict=False)
        for within, rows in bitmaps_by_number(each, first_slot).items()
    }


def bitmaps_by_number(lists: TermLists, first_slot: int = 0) -> dict[int, BitMap]:
    """Return the slots of each number in the lists; the first slot is `first_slot`."""
    found: dict[int, BitMap] = {}
    count = len(lists.start) - 1
    for first in range(0, count, SLOTS_PER_CONTAINER):
        slots: Slots = np.arange(first, min(first + SLOTS_PER_CONTAINER, count), dtype=np.uint32)
        values = lists.value[lists.start[first] : lists.start[slots[-1] + 1]]
        # A stable sort of small integers is the fastest, and keeps rows of a term in order.
        order = np.argsort(values, kind="stable")
        values, rows = (
            values[order],
            np.repeat(slots + np.uint32(first_slot), lists.counts(slots))[order],
        )
        edges = (np.flatnonzero(np.diff(values)) + 1).tolist()
        for start, end in zip([0, *edges], [*edges, len(values)], strict=True):
            if start < end:
                found.setdefault(int(values[start]), BitMap()).update(bitmap(rows[start:end]))
    return found
