"""The rows of each term: a bitmap of slots for every filter value of a list, and counts of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from app.record.filters import LISTS
from app.record.index.rows import Slots, bitmap
from app.record.terms import TermPair

NOTHING = BitMap()
NONE = -1
CodeCounts = Mapping[str, int]
"""Number of rows by code of one key, without zeros."""


def term_keys(kind: str) -> list[str]:
    """Return the keys of terms in an index: filters of a list, and keys that are only counted."""
    return [*(key.key for key in LISTS[kind].terms()), *LISTS[kind].COUNTED]


@dataclass(frozen=True)
class ListTerms:
    """The terms of a list. A term's position in `names` is its *place*."""

    names: Sequence[TermPair] = ()
    numbers: Sequence[int] = ()
    """Numbers of the terms in the database."""

    @cached_property
    def places(self) -> Mapping[TermPair, int]:
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def of_key(self) -> Mapping[str, Sequence[int]]:
        """The places of each key's terms."""
        found: dict[str, list[int]] = {}
        for place, (key, _code) in enumerate(self.names):
            found.setdefault(key, []).append(place)
        return found


@dataclass(frozen=True)
class TermBitmaps:
    """The rows of each term, by place. Rows of all editions."""

    words: ListTerms
    rows: Sequence[BitMap]

    def of(self, key: str, code: str) -> BitMap:
        place = self.words.places.get((key, code))
        return NOTHING if place is None else self.rows[place]

    def each(self, key: str) -> Iterator[tuple[str, BitMap]]:
        """Yield the codes of a key with their rows."""
        for place in self.words.of_key.get(key, ()):
            yield self.words.names[place][1], self.rows[place]

    def any_of(self, key: str, codes: Collection[str]) -> BitMap:
        return BitMap.union(NOTHING, *(self.of(key, code) for code in codes))

    def onward(self, words: ListTerms, added: Mapping[int, BitMap]) -> "TermBitmaps":
        """Return the terms with more rows; unchanged bitmaps are shared."""
        rows = [*self.rows, *[NOTHING] * (len(words.names) - len(self.rows))]
        for place, more in added.items():
            rows[place] = rows[place] | more
        return TermBitmaps(words, rows)


@dataclass(frozen=True)
class TermCounts:
    """Counts of terms in some rows. Only requested keys are counted."""

    terms: TermBitmaps
    some: BitMap

    def of(self, key: str) -> CodeCounts:
        if key not in self._by_key:
            each = (
                (code, self.some.intersection_cardinality(rows))
                for code, rows in self.terms.each(key)
            )
            self._by_key[key] = {code: count for code, count in each if count}
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[str, CodeCounts]:
        return {}


def bitmaps_by_place(slots: Slots, places: NDArray[np.integer]) -> dict[int, BitMap]:
    """Return the slots of each place, of pairs in any order."""
    pairs = np.sort(places.astype(np.uint64) << np.uint64(32) | slots)
    places, slots = pairs >> np.uint64(32), pairs.astype(np.uint32)
    edges = (np.flatnonzero(np.diff(places)) + 1).tolist()
    return {
        int(places[start]): bitmap(slots[start:end])
        for start, end in zip([0, *edges], [*edges, len(pairs)], strict=True)
        if start < end
    }
