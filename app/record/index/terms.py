"""Which rows answer to each word: a bitmap of slots for every term of the keys that a list can be filtered by."""

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from app.record.filters import LISTS
from app.record.index.rows import CHUNK, LONG, Lists, Numbers, Slots, bitmap, follows, members
from app.record.terms import TermPair

NOTHING = BitMap()
NONE = -1
NARROW = 0
"""The list of the keys with few codes. Each key with many has a list of its own."""
MOST_NARROW = 200
"""Codes of a key with few. Of thousands, most have few rows, and asking each for its rows costs more than looking."""
VISITING = 7
"""To find a row that stands alone takes as long as to look at so many terms of it."""
FOLLOWING = 4
"""So many times as fast are terms looked at of rows that follow each other."""
ASKING = 50
"""To ask a bitmap for what it shares with one part of another takes as long as to look at so many terms of rows."""
LISTED = 15
"""The same for a part that is held as a list of slots, however few they are; and then"""
LOOKING = 5
"""so many slots of it are looked up in the time of one term of a row."""

Counts = Mapping[str, int]
"""Of one key, how many rows answer to each code; only codes that any row answers to."""


def listed_keys(kind: str) -> list[str]:
    """Keys of the terms that an index knows the rows of: what a list is filtered by, and what is only counted."""
    return [*(key.key for key in LISTS[kind].terms()), *LISTS[kind].COUNTED]


@dataclass(frozen=True)
class Words:
    """The terms that rows of a list are filtered by, each at its place."""

    names: Sequence[TermPair]
    numbers: NDArray[np.int32]
    """Of each its number in the database. Who comes later has a higher one."""
    counted: frozenset[str] = frozenset()
    """Keys that no facet shows: it is no use to know their terms of each row, and not only the rows of each term."""
    wide: Sequence[str] = ()

    def list_of(self, key: str) -> int:
        if key in self.wide:
            return 1 + self.wide.index(key)
        return self.of_counted if key in self.counted else NARROW

    @property
    def of_counted(self) -> int:
        """The last list, which is only read, and not kept."""
        return 1 + len(self.wide)

    @property
    def lists(self) -> range:
        return range(self.of_counted + 1)

    @cached_property
    def listed(self) -> NDArray[np.int8]:
        """In which list each term stands."""
        return np.array([self.list_of(key) for key, _code in self.names], dtype=np.int8)

    @cached_property
    def places(self) -> Sequence[Numbers]:
        """Of each list the places of its terms: in the list a term is known by where it stands among these."""
        return [np.flatnonzero(self.listed == list_) for list_ in self.lists]

    @cached_property
    def within(self) -> Numbers:
        """Where each term stands among those of its list."""
        found = np.empty(len(self.names), dtype=np.int64)
        for places in self.places:
            found[places] = np.arange(len(places))
        return found

    @cached_property
    def codes(self) -> list[int]:
        """How many terms each list has."""
        return list(map(len, self.places))

    @cached_property
    def of_key(self) -> Mapping[str, Numbers]:
        """The places of each key's terms."""
        found: dict[str, list[int]] = {}
        for place, (key, _code) in enumerate(self.names):
            found.setdefault(key, []).append(place)
        return {key: np.array(places) for key, places in found.items()}


@dataclass(frozen=True)
class Terms:
    """Bitmaps stand in the order of the words. The lists say the same row by row."""

    words: Words
    rows: Sequence[BitMap]
    lists: Sequence[Lists]
    sizes: Numbers
    """How many of all rows answer to each term."""

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
        """The codes of a key, each with its rows."""
        for place in self.words.of_key.get(key, np.zeros(0, dtype=np.int64)).tolist():
            yield self.names[place][1], self.rows[place]

    def any_of(self, key: str, codes: Sequence[str]) -> BitMap:
        return BitMap.union(NOTHING, *(self.of(key, code) for code in codes))

    @cached_property
    def largest(self) -> Mapping[str, list[int]]:
        """The places of each key's terms, those first that most rows answer to."""
        return {
            key: places[np.argsort(-self.sizes[places])].tolist()
            for key, places in self.words.of_key.items()
        }

    def uses(self, key: str) -> Counts:
        """How many of all rows answer to each code of a key."""
        places = self.words.of_key.get(key)
        return {} if places is None else self.counts_of(places, self.sizes[places])

    def counts_of(self, places: Numbers, counts: Numbers) -> Counts:
        """By code, where they are not none."""
        some = counts > 0
        codes = (self.names[place][1] for place in places[some].tolist())
        return dict(zip(codes, counts[some].tolist(), strict=True))

    def onward(
        self, words: Words, removed: BitMap, added: Mapping[int, BitMap], lists: Sequence[Lists]
    ) -> "Terms":
        """Without some rows and with others, by the place of each term. A bitmap that nothing touches is shared."""
        rows = [*self.rows, *[NOTHING] * (len(words.names) - len(self.rows))]
        sizes = np.append(self.sizes, np.zeros(len(rows) - len(self.rows), dtype=np.int64))
        for place in self._answered_to(removed):
            rows[place] = rows[place] - removed
            sizes[place] = len(rows[place])
        for place, more in added.items():
            rows[place] = rows[place] | more
            sizes[place] = len(rows[place])
        return Terms(words, rows, lists, sizes)

    def _answered_to(self, rows: BitMap) -> list[int]:
        """The places of the terms that these rows have."""
        if not rows:
            return []
        slots, places = members(rows), self.words.places
        listed = [places[of][np.unique(each.values(slots))] for of, each in enumerate(self.lists)]
        counted = places[self.words.of_counted].tolist()
        return [
            *np.concatenate(listed).tolist(),
            *(place for place in counted if rows.intersect(self.rows[place])),
        ]


@dataclass(frozen=True)
class Among:
    """How many of some rows answer to each term: looked at row by row, or term by term, as is quicker.

    Only what is asked for is counted: of twenty keys a page shows most codes, of those with thousands a few.
    """

    terms: Terms
    some: BitMap
    live: BitMap
    is_for_one: bool = False
    """Whether nothing is asked but one key, so that to look at rows pays only where they are few."""

    def of(self, key: str) -> Counts:
        places = self.terms.words.of_key.get(key)
        if places is None:
            return {}
        return self.terms.counts_of(places, self._counts(key, places))

    def highest(self, key: str, most: int, also: Collection[str]) -> tuple[Counts, bool]:
        """As `queries.Highest` says."""
        places = self.terms.words.of_key.get(key)
        if places is None:
            return {}, True
        # Of what few rows answer to, more codes have to be asked until no other can have as many.
        asked = min(len(places), most * len(self.live) // max(1, len(self.some)))
        if self._is_whole or key not in self.terms.words.wide or self._is_by_row(key, asked):
            counts = self._counts(key, places)
            least = max(1, int(np.partition(counts, -most)[-most])) if len(counts) > most else 1
            found = self.terms.counts_of(places, np.where(counts >= least, counts, 0))
            are_all = not ((counts > 0) & (counts < least)).any()
        else:
            found, are_all = self._highest_by_term(key, most)
        named = {
            code: self.some.intersection_cardinality(self.terms.of(key, code)) for code in also
        }
        return {**found, **{code: count for code, count in named.items() if count}}, are_all

    def _highest_by_term(self, key: str, most: int) -> tuple[Counts, bool]:
        """No more than all rows answer to a term: where these are too few, the search is over."""
        rows, sizes = self.terms.rows, self.terms.sizes
        found: list[tuple[int, str]] = []
        highest: list[int] = []
        ordered = iter(self.terms.largest[key])
        for place in ordered:
            if len(highest) == most and sizes[place] < highest[0]:
                break
            if count := self.some.intersection_cardinality(rows[place]):
                found.append((count, self.terms.names[place][1]))
                (heapq.heappush if len(highest) < most else heapq.heappushpop)(highest, count)
        else:
            place = NONE
        least = highest[0] if len(highest) == most else 1
        kept = {code: count for count, code in found if count >= least}
        left = [place, *ordered] if place != NONE else []
        return kept, len(kept) == len(found) and not any(
            self.some.intersect(rows[place]) for place in left
        )

    @cached_property
    def _is_whole(self) -> bool:
        return len(self.some) == len(self.live)

    @cached_property
    def _is_most(self) -> bool:
        """Of more than half of all rows, what is not among the others."""
        return 2 * len(self.some) > len(self.live)

    @cached_property
    def _looked_at(self) -> BitMap:
        return self.live - self.some if self._is_most else self.some

    @cached_property
    def _slots(self) -> Slots:
        return members(self._looked_at)

    @cached_property
    def _together(self) -> int:
        """How many of the rows looked at are among many that follow each other."""
        return LONG * int(np.count_nonzero(follows(self._slots)))

    @cached_property
    def _by_row(self) -> dict[int, Numbers]:
        return {}

    def _counts(self, key: str, places: Numbers) -> Numbers:
        if self._is_whole:
            return self.terms.sizes[places]
        list_ = self.terms.words.list_of(key)
        if not self._is_by_row(
            key, len(places) if self.is_for_one else self.terms.words.codes[list_]
        ):
            rows = self.terms.rows
            return np.array(
                [self.some.intersection_cardinality(rows[place]) for place in places.tolist()]
            )
        if list_ not in self._by_row:
            self._by_row[list_] = self.terms.lists[list_].tally(
                self._slots, self.terms.words.codes[list_]
            )
        counts: Numbers = self._by_row[list_][self.terms.words.within[places]]
        return self.terms.sizes[places] - counts if self._is_most else counts

    def _is_by_row(self, key: str, codes: int) -> bool:
        list_ = self.terms.words.list_of(key)
        if list_ == self.terms.words.of_counted:
            return False
        some, lists = self._looked_at, self.terms.lists[list_]
        held, terms = some.get_statistics(), len(lists.value) / max(1, len(lists.start) - 1)
        # A part that is held as a list of slots, and not as bits or runs, is gone through slot by slot.
        parts, slots = (
            held["n_containers"] - held["n_array_containers"],
            held["n_values_array_containers"],
        )
        by_term = codes * (parts * ASKING + held["n_array_containers"] * LISTED + slots / LOOKING)
        # Whether rows follow each other is only looked at where it decides.
        if terms * len(some) / FOLLOWING > by_term:
            return False
        alone = len(some) - self._together
        return alone * (VISITING + terms) + self._together * terms / FOLLOWING < by_term


def all_sets(words: Words, lists: Sequence[Lists], behind: int = 0) -> dict[int, BitMap]:
    """By the place of each term that any of the lists holds, the rows that have it; the first is slot `behind`."""
    return {
        int(places[within]): rows
        for places, each in zip(words.places, lists, strict=False)
        for within, rows in sets(each, behind).items()
    }


def sets(lists: Lists, behind: int = 0) -> dict[int, BitMap]:
    """The slots of each number that the lists hold; the first is `behind`."""
    found: dict[int, BitMap] = {}
    count = len(lists.start) - 1
    for first in range(0, count, CHUNK):
        slots: Slots = np.arange(first, min(first + CHUNK, count), dtype=np.uint32)
        values = lists.value[lists.start[first] : lists.start[slots[-1] + 1]]
        # Short numbers are sorted fastest, and rows of the same term stay in order.
        order = np.argsort(values, kind="stable")
        values, rows = (
            values[order],
            np.repeat(slots + np.uint32(behind), lists.counts(slots))[order],
        )
        edges = (np.flatnonzero(np.diff(values)) + 1).tolist()
        for start, end in zip([0, *edges], [*edges, len(values)], strict=True):
            if start < end:
                found.setdefault(int(values[start]), BitMap()).update(bitmap(rows[start:end]))
    return found
