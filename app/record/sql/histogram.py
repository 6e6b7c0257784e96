"""Histogram of a filtered list over time, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Date, and_, cast, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.dates import edtf
from app.record.editions import SelectedEdition
from app.record.filters import ListFilters
from app.record.histogram_bins import MAX_BINS, BinSize, histogram_bins
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql.conditions import certainly_within, conditions, live_rows_of_list


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
            func.count(Version.seq).filter(certainly_within(span)),
            func.count(Version.seq),
        )
        .select_from(bounds)
        .outerjoin(Version, is_in_bin)
        .group_by(bounds.c.first)
    )
    counted = {first: (sure, could) for first, sure, could in rows}
    return Histogram(name, [BinCounts(bar, *counted[bar.first]) for bar in days if bar.first])
