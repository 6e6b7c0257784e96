"""The list of estimates, grouped by the year in which they begin. Estimates are never summed."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from app.i18n.translate import N_, _
from app.record.breakdown_filters import EstimateBreakdownFilters
from app.record.filters import EstimateFilters
from app.site.components.urls import with_filters
from app.site.export.columns import COLUMNS
from app.site.listing import Listing
from app.site.presenters.estimate import EstimateView
from app.vocabulary.kinds import RecordKind
from app.web.urls import url


class Estimates(Listing[EstimateFilters]):
    name = "estimates"
    heading = N_("Estimates")
    filter_class = EstimateFilters
    columns = COLUMNS[RecordKind.ESTIMATE]
    template = "site/estimates/list.html"
    row_name, kind, example = "Estimate", RecordKind.ESTIMATE, "M84"
    about = N_(
        "Numbers for a place and time, as reported. Estimates of different kinds are never "
        "added up."
    )

    @property
    def breakdown_address(self) -> str:
        breakdown = EstimateBreakdownFilters.of(self.filters)
        return with_filters(url("estimate-breakdown"), breakdown)

    @property
    def groups(self) -> Iterator[tuple[str, Sequence[EstimateView]]]:
        """Yield heading and estimates of each year; one group if not sorted by date."""
        # Headings use the sort key (the earliest possible day): otherwise one could appear twice.
        for year, rows in groupby(
            self.rows, lambda row: row.sort_day and row.sort_day.year if self.is_by_date else 0
        ):
            heading = _("Date or start unknown") if year is None else str(year or "")
            yield heading, [EstimateView(row, self.directory) for row in rows]
