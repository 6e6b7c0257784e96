"""The list of estimates, grouped by the year in which they begin. Estimates are never summed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from app.filtering import DroppedParameter
from app.i18n.translate import _
from app.record.filters import EstimateFilters, is_by_date
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.sql.rows import ListRow
from app.site.components.estimate_line import EstimateView, estimate_view
from app.site.lists.listing import Listing, listing

ESTIMATES_PER_PAGE = 25


@dataclass(frozen=True)
class Year:
    """Estimates under one heading; the heading is empty if the list is not sorted by date."""

    heading: str
    figures: Sequence[EstimateView]


def estimates(
    db: Session,
    edition: IndexedEdition,
    question: tuple[EstimateFilters, Sequence[DroppedParameter]],
    directory: Directory,
) -> tuple[Listing, list[Year]]:
    filters, _dropped = question
    page = backend.read_page(db, edition, filters, directory, ESTIMATES_PER_PAGE)
    around = listing(db, edition, question, directory, page)
    return around, list(_years(page.rows, is_by_date(filters.one("sort")), directory))


def _years(rows: Sequence[ListRow], is_by_time: bool, directory: Directory) -> Iterator[Year]:
    # Headings use the sort key (the earliest possible day): otherwise one could appear twice.
    for year, some in groupby(
        rows, lambda row: row.sort_day and row.sort_day.year if is_by_time else 0
    ):
        heading = _("Date or start unknown") if year is None else str(year or "")
        yield Year(heading, [estimate_view(row, directory) for row in some])
