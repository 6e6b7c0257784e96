"""The filters of a breakdown: two keys to count by, and the filters of a list."""

from typing import ClassVar, Self

from app.filtering import (
    Choice,
    DroppedParameter,
    Filters,
    Pairs,
    is_arrangement,
)
from app.record.filters import EDITION_FILTER, EstimateFilters, EventFilters, ListFilters

UNIT_TITLES = {"year": "Year", "half-year": "Half-year", "month": "Month"}
"""Titles of the calendar units of `DATE_UNITS`."""
KEY_TITLES = {key.key: key.title for key in (*EventFilters.terms(), *EstimateFilters.terms())}


class BreakdownFilters(Filters):
    """Two keys to count the rows of a list by, and the filter of the rows."""

    LIST: ClassVar[type[ListFilters]] = EventFilters
    FIRST: ClassVar[str] = "type"
    """The key of the rows of the table if none is chosen."""
    ROWS: ClassVar[Choice]
    COLUMNS: ClassVar[Choice]

    def __init_subclass__(cls) -> None:
        keys = {key.key: key.title for key in cls.LIST.terms()}
        options = {cls.FIRST: keys[cls.FIRST], **keys, **UNIT_TITLES}  # the first is the default
        cls.PERIODS = cls.LIST.PERIODS
        cls.ROWS = Choice("rows", "Rows", "What the rows of the table show.", options)
        cls.COLUMNS = Choice(
            "columns", "Columns", "What the columns of the table show.", {**UNIT_TITLES, **options}
        )
        cls.FILTERS = (
            cls.ROWS,
            cls.COLUMNS,
            *(key for key in cls.LIST.FILTERS if not is_arrangement(key)),
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
        """The keys of rows and columns. By default columns are years, or `FIRST` beside dates."""
        rows = self.one("rows")
        if self["columns"]:
            return rows, self.one("columns")
        return rows, self.FIRST if rows in UNIT_TITLES else "year"

    @classmethod
    def of(cls, listed: ListFilters) -> Self:
        """Return the default table of a list."""
        return cls.made_of(listed.narrowing.included, listed.excluded)

    @property
    def listed(self) -> ListFilters:
        """The filter of the rows that are counted."""
        keys = self.LIST.by_key().keys()
        return self.LIST.made_of(
            {key: values for key, values in self.included.items() if key in keys}, self.excluded
        )


class EventBreakdownFilters(BreakdownFilters):
    """The filters of `/events/breakdown`."""


class EstimateBreakdownFilters(BreakdownFilters):
    """The filters of `/estimates/breakdown`."""

    LIST = EstimateFilters
    FIRST = "place"
