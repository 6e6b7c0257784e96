"""Counts of a filtered list, and its histogram."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

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
    highest: "TopCodes" = field(compare=False)
    """The highest counts of `facets`, for keys with thousands of codes."""

    def having(self, key: str, code: str) -> int:
        """Return the number of matching rows with this code."""
        return self.within.get(key, {}).get(code, 0)


TopCodes = Callable[[str, int, Collection[str]], tuple[Mapping[str, int], bool]]
"""Called with a key, a number of codes, and codes to include in any case.

Returns the codes with the highest counts, ties with the last one included, and whether these are
all codes with a count.
"""


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
