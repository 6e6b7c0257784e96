"""Filters as SQL conditions."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, false, func, literal, not_, or_
from sqlalchemy.dialects.postgresql import DATERANGE, Range

from app.dates import edtf
from app.dates.periods import parse_period
from app.record import search
from app.record.editions import SelectedEdition, first_edition_since
from app.record.filters import DATE_UNITS, ListFilters
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.terms import term_numbers
from app.record.words.query import parse

WINDOW = "window"
"""Key of the condition for the period, which two filters bound."""


def window_of(filters: ListFilters) -> edtf.Days:
    """Return the period that the filters select."""
    return _period(filters, *filters.PERIODS[0])


def _period(filters: ListFilters, first: str, last: str) -> edtf.Days:
    return parse_period(filters.one(first) or None, filters.one(last) or None)


def conditions(filters: ListFilters, directory: Directory) -> dict[str, ColumnElement[bool]]:
    """Return one condition a key; `x` and `not_x` share one, as do the two ends of a period."""
    by_key: dict[str, ColumnElement[bool]] = {}
    for key in filters.terms():
        parts = []
        if values := filters.included.get(key.key):
            parts.append(Version.terms.overlap(term_numbers((key.key, value) for value in values)))
        if values := filters.excluded.get(key.key):
            parts.append(
                not_(Version.terms.overlap(term_numbers((key.key, value) for value in values)))
            )
        if parts:
            by_key[key.key] = and_(*parts)
    if query := filters.one("q"):
        by_key["q"] = matches_query(query, directory)
    window = window_of(filters)
    if window != edtf.Days():
        by_key[WINDOW] = (
            certainly_in(window) if filters["match"] == ("certain",) else possibly_in(window)
        )
    for unit in filters["vague"]:
        by_key["vague"] = and_(possibly_in(window), not_(certain_in_unit(window, DATE_UNITS[unit])))
    for first, last in filters.PERIODS[1:]:
        if (published := _period(filters, first, last)) != edtf.Days():
            by_key["published"] = Version.published.op("&&")(_range(published))
    for name, number in (("added_since", Version.added), ("changed_since", Version.changed)):
        for since in filters[name]:
            by_key[name] = number >= first_edition_since(since)
    return by_key


def matches_query(query: str, directory: Directory) -> ColumnElement[bool]:
    """Return the condition for rows with the words, or with a place or outlet of that name."""
    return search.search_condition(parse(query, directory).groups, term_numbers)


def possibly_in(window: edtf.Days) -> ColumnElement[bool]:
    """Return the condition for rows that are possibly in the period."""
    return Version.span.op("&&")(_range(window))


def certainly_in(window: edtf.Days) -> ColumnElement[bool]:
    """Return the condition for rows that are certainly in the period."""
    return certainly_within(_range(window))


def certainly_within(within: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the period contains the row's whole time, or overlaps its certain days (rule 1)."""
    return or_(
        func.coalesce(WHOLE_TIME.op("<@")(within), false()),
        func.coalesce(Version.sure.op("&&")(within), false()),
    )


def certain_in_unit(window: edtf.Days, months: int) -> ColumnElement[bool]:
    """Whether the row is certain in one calendar unit of the period, of 12, 6 or 1 months."""
    within = _range(window)

    def unit(day: ColumnElement[Any]) -> ColumnElement[Any]:
        month = func.extract("year", day) * 12 + func.extract("month", day) - 1
        return func.floor(month / months)

    first, last = func.lower(WHOLE_TIME), func.upper(WHOLE_TIME) - 1
    return or_(
        func.coalesce(and_(WHOLE_TIME.op("<@")(within), unit(first) == unit(last)), false()),
        func.coalesce(Version.sure.op("&&")(within), false()),
    )


WHOLE_TIME = func.coalesce(Version.surroundings, func.range_merge(Version.lo, Version.hi))
"""SQL: the days that a period must contain to contain the row's whole time; null if undated."""


def _range(days: edtf.Days) -> ColumnElement[Range[date]]:
    return cast(literal(Range(days.first, days.last, bounds="[]"), DATERANGE), DATERANGE)


def live_rows_of_list(edition: SelectedEdition, filters: ListFilters) -> ColumnElement[bool]:
    return and_(Version.kind == filters.KIND, edition.holds(), Version.is_live)
