"""Counts of a filtered list, and its histogram."""

import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.dates import edtf
from app.record.histogram_bins import BinSize


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
