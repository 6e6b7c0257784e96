"""Histogram of a filtered list over time, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import Date, and_, cast, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.dates import edtf
from app.record.editions import SelectedEdition
from app.record.filters import ListFilters
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql.conditions import _is_certain, conditions, live_rows_of_list

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


def histogram(
    db: Session,
    edition: SelectedEdition,
    filters: ListFilters,
    directory: Directory,
    extent: edtf.Days,
    *,
    least: BinSize = "month",
    most: int = MAX_BINS,
) -> Histogram | None:
    """Count the matching rows certainly and possibly in each bin; None without an extent."""
    if not (extent.first and extent.last):
        return None
    name, days = histogram_bins(extent.first, extent.last, least, most)
    bounds = func.unnest(
        cast([bar.first for bar in days], ARRAY(Date)),
        cast([bar.last for bar in days], ARRAY(Date)),
    ).table_valued(column("first", Date), column("last", Date), name="bins")
    bounds = bounds.render_derived()
    span = func.daterange(bounds.c.first, bounds.c.last, "[]")
    is_in_bin = and_(
        Version.span.op("&&")(span),
        live_rows_of_list(edition, filters),
        *conditions(filters, directory).values(),
    )
    rows = db.execute(
        select(
            bounds.c.first,
            func.count(Version.seq).filter(_is_certain(span)),
            func.count(Version.seq),
        )
        .select_from(bounds)
        .outerjoin(Version, is_in_bin)
        .group_by(bounds.c.first)
    )
    counted = {first: (sure, could) for first, sure, could in rows}
    return Histogram(name, [BinCounts(bar, *counted[bar.first]) for bar in days if bar.first])


def histogram_bins(
    first: date, last: date, narrowest: BinSize = "month", max_bins: int = MAX_BINS
) -> tuple[BinSize, list[edtf.Days]]:
    """Return the narrowest bins of which at most `most` cover the period, or else decades."""
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
