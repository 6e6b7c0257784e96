"""The bins of a histogram: how long each is, and where they begin."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from app.dates import edtf

BinSize = Literal["month", "quarter", "year", "two-years", "five-years", "decade"]
BIN_MONTHS: dict[BinSize, int] = {
    "month": 1,
    "quarter": 3,
    "year": 12,
    "two-years": 24,
    "five-years": 60,
    "decade": 120,
}
MAX_BINS = 36


@lru_cache(500)
def histogram_bins(
    first: date, last: date, narrowest: BinSize = "month", max_bins: int = MAX_BINS
) -> tuple[BinSize, Sequence[edtf.Days]]:
    """Return the narrowest bins of which `max_bins` cover the period, or else decades."""
    begin, end = (day.year * 12 + day.month - 1 for day in (first, last))
    names = [name for name in BIN_MONTHS if BIN_MONTHS[name] >= BIN_MONTHS[narrowest]]
    name = next(
        (name for name in names if end // BIN_MONTHS[name] - begin // BIN_MONTHS[name] < max_bins),
        names[-1],
    )
    size = BIN_MONTHS[name]
    starts = range(begin // size * size, end + 1, size)
    ends = (_first_of_month(start + size) - timedelta(days=1) for start in starts)
    return name, [
        edtf.Days(_first_of_month(start), end) for start, end in zip(starts, ends, strict=True)
    ]


def _first_of_month(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)
