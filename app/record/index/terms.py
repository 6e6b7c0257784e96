"""Which rows answer to each word: a bitmap of slots for every term of the keys that a list can be filtered by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from app.record.index.rows import CHUNK, Days, Lists, Slots, bitmap, members
from app.record.terms import TermPair

NOTHING = BitMap()
NONE = -1
MOST_NARROW = 200
"""Codes of a key with few. Of thousands, most have few rows, and asking each for its rows costs more than looking."""
DENSE = 4_096
"""A bitmap holds 65,536 slots together: as bits where they are more than so many."""
ASKING = 30
"""To ask a bitmap for what it shares with one part of another takes as long as to look at so many terms of rows."""


@dataclass(frozen=True)
class Words:
    """The terms that rows of a list are filtered by, each at its place, and the places by the numbers of terms."""

    names: Sequence[TermPair]
    place: Days
    """Of every term there is, NONE if no list is filtered by it."""
    wide: frozenset[str] = frozenset()
    """Keys with many codes."""

    @cached_property
    def is_wide(self) -> NDArray[np.bool_]:
        return np.array([key in self.wide for key, _code in self.names], dtype=bool)

    @cached_property
    def wide_places(self) -> list[int]:
        return list(np.flatnonzero(self.is_wide))

    @cached_property
    def narrow_places(self) -> list[int]:
        return list(np.flatnonzero(~self.is_wide))

    @cached_property
    def of_key(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, (key, _code) in enumerate(self.names):
            found.setdefault(key, []).append(place)
        return found


@dataclass(frozen=True)
class Terms:
    """Bitmaps stand in the order of the words; so do the numbers in both lists, which say the same row by row."""

    words: Words
    rows: Sequence[BitMap]
    narrow: Lists
    wide: Lists

    @property
    def names(self) -> Sequence[TermPair]:
        return self.words.names

    @cached_property
    def places(self) -> Mapping[TermPair, int]:
        return {name: place for place, name in enumerate(self.names)}

    def any_of(self, key: str, codes: Sequence[str]) -> BitMap:
        places = (self.places.get((key, code)) for code in codes)
        return BitMap.union(NOTHING, *(self.rows[place] for place in places if place is not None))

    @cached_property
    def sizes(self) -> Mapping[str, Mapping[str, int]]:
        """How many of all rows answer to each term, by key and code."""
        return self._by_key([len(rows) for rows in self.rows])

    def sizes_among(self, some: BitMap, live: BitMap) -> Mapping[str, Mapping[str, int]]:
        """The same among some rows; of more than half of them, all less those among the others."""
        if 2 * len(some) > len(live):
            others = self._counts(live - some)
            return self._by_key([len(rows) - count for rows, count in zip(self.rows, others, strict=True)])
        return self._by_key(self._counts(some))

    def sizes_of(self, key: str, some: BitMap) -> Mapping[str, int]:
        """The same for the codes of one key."""
        places = self.words.of_key.get(key, [])
        if key in self.words.wide and self._is_quicker_by_row(self.wide, some, len(places)):
            counts = self._listed(self.wide, members(some))[places].tolist()
        else:
            counts = [some.intersection_cardinality(self.rows[place]) for place in places]
        return {self.names[place][1]: size for place, size in zip(places, counts, strict=True) if size}

    def _counts(self, some: BitMap) -> list[int]:
        """How many of some rows answer to each term: looked at row by row, or term by term, as is quicker."""
        slots = members(some)
        counts = np.zeros(len(self.names), dtype=np.int64)
        for lists, places in ((self.narrow, self.words.narrow_places), (self.wide, self.words.wide_places)):
            if self._is_quicker_by_row(lists, some, len(places)):
                counts += self._listed(lists, slots)
            else:
                counts[places] = [some.intersection_cardinality(self.rows[place]) for place in places]
        found: list[int] = counts.tolist()
        return found

    def _is_quicker_by_row(self, lists: Lists, some: BitMap, codes: int) -> bool:
        parts = some.get_statistics()["n_containers"]
        by_row = len(some) * len(lists.value) / max(1, len(lists.start) - 1)
        # A part that is not held as bits is gone through slot by slot.
        by_term = codes * (parts * ASKING + (len(some) / 5 if len(some) < parts * DENSE else 0))
        return bool(by_row < by_term)

    def _listed(self, lists: Lists, slots: Slots) -> NDArray[np.int64]:
        return np.bincount(lists.values(slots), minlength=len(self.names))

    def _by_key(self, counts: Sequence[int]) -> Mapping[str, Mapping[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for (key, code), size in zip(self.names, counts, strict=True):
            if size:
                found.setdefault(key, {})[code] = size
        return found

    def onward(self, words: Words, removed: BitMap, narrow: Lists, wide: Lists, at: int) -> "Terms":
        """Without some rows and with those from slot `at` on. A bitmap that nothing touches is shared."""
        rows = [each - removed if removed and each.intersect(removed) else each for each in self.rows]
        rows += [NOTHING] * (len(words.names) - len(rows))
        for place, added in (sets(narrow, at) | sets(wide, at)).items():
            rows[place] = rows[place] | added
        return Terms(words, rows, narrow, wide)


def sets(lists: Lists, at: int = 0) -> dict[int, BitMap]:
    """The slots, from that one on, of each number that the lists hold."""
    found: dict[int, BitMap] = {}
    count = len(lists.start) - 1
    for first in range(at, count, CHUNK):
        slots: Slots = np.arange(first, min(first + CHUNK, count), dtype=np.uint32)
        values = lists.value[lists.start[first] : lists.start[slots[-1] + 1]]
        # Short numbers are sorted fastest, and rows of the same term stay in order.
        order = np.argsort(values, kind="stable")
        values, rows = values[order], np.repeat(slots, lists.counts(slots))[order]
        edges = (np.flatnonzero(np.diff(values)) + 1).tolist()
        for start, end in zip([0, *edges], [*edges, len(values)], strict=True):
            if start < end:
                found.setdefault(int(values[start]), BitMap()).update(bitmap(rows[start:end]))
    return found
