"""The filters of `/events/breakdown`: two keys to count by, and the filters of events."""

from typing import ClassVar, Self

from app.filtering import (
    Choice,
    DroppedParameter,
    Filter,
    Filters,
    Number,
    Pairs,
    is_arrangement,
)
from app.record.filters import EDITION_FILTER, EventFilters

UNIT_TITLES = {"year": "Year", "half-year": "Half-year", "month": "Month"}
"""Titles of the calendar units of `DATE_UNITS`."""
KEY_TITLES = {key.key: key.title for key in EventFilters.terms()}


class BreakdownFilters(Filters):
    """Two keys to count events by, and the filter of the events."""

    PERIODS = EventFilters.PERIODS
    ROWS: ClassVar[Choice] = Choice(
        "rows",
        "Rows",
        "What the rows of the table show.",
        {
            # The first is the default.
            "type": KEY_TITLES["type"],
            **KEY_TITLES,
            **UNIT_TITLES,
        },
    )
    COLUMNS: ClassVar[Choice] = Choice(
        "columns",
        "Columns",
        "What the columns of the table show.",
        {**UNIT_TITLES, **ROWS.choices},
    )
    FILTERS: ClassVar[tuple[Filter, ...]] = (
        ROWS,
        COLUMNS,
        *(key for key in EventFilters.FILTERS if not is_arrangement(key)),
        Number("page", "Page", "The page of the table, with fifty rows each.", 1_000),
        EDITION_FILTER,
    )

    @classmethod
    def from_pairs(cls, pairs: Pairs) -> tuple[Self, list[DroppedParameter]]:
        filters, dropped = super().from_pairs(pairs)
        rows, columns = filters.one("rows"), next(iter(filters["columns"]), "")
        if columns and (columns == rows or {rows, columns} <= UNIT_TITLES.keys()):
            dropped.append(
                DroppedParameter("columns", columns, "must be another key than that of the rows")
            )
        elif columns != filters.with_(columns=None).axes[1]:
            return filters, dropped
        return filters.with_(columns=None), dropped

    @property
    def axes(self) -> tuple[str, str]:
        """The keys of rows and columns. Without a key, columns are years, or types beside dates."""
        rows = self.one("rows")
        if self["columns"]:
            return rows, self.one("columns")
        return rows, "type" if rows in UNIT_TITLES else "year"

    @classmethod
    def of(cls, events: EventFilters) -> Self:
        """Return the default table of a list of events."""
        return cls.made_of(events.narrowing.included, events.excluded)

    @property
    def events(self) -> EventFilters:
        """The filter of the events that are counted."""
        keys = EventFilters.by_key().keys()
        return EventFilters.made_of(
            {key: values for key, values in self.included.items() if key in keys}, self.excluded
        )
