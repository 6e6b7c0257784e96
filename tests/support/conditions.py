"""Filters as SQL conditions, with which the index is compared."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, false, func, literal, not_, or_, true
from sqlalchemy.dialects.postgresql import DATERANGE, Range

from app.dates import edtf
from app.record import search
from app.record.editions import first_edition_since
from app.record.filters import DATE_UNITS, WINDOW, ListFilters, period_of, window_of
from app.record.index.build import WHOLE_TIME
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.terms import term_numbers
from app.record.words.query import parse


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
        by_key["q"] = search.search_condition(parse(query, directory).groups, term_numbers)
    window = window_of(filters)
    if window != edtf.Days():
        by_key[WINDOW] = (
            certainly_in(window) if filters["match"] == ("certain",) else possibly_in(window)
        )
    for unit in filters["vague"]:
        by_key["vague"] = and_(possibly_in(window), not_(certain_in_unit(window, DATE_UNITS[unit])))
    for first, last in filters.PERIODS[1:]:
        if (published := period_of(filters, first, last)) != edtf.Days():
            by_key["published"] = Version.published.op("&&")(_range(published))
    for name, number in (("added_since", Version.added), ("changed_since", Version.changed)):
        for since in filters[name]:
            by_key[name] = number >= first_edition_since(since)
    return by_key


def possibly_in(window: edtf.Days) -> ColumnElement[bool]:
    """Return the condition for rows that are possibly in the period."""
    return Version.span.op("&&")(_range(window))


def certainly_in(window: edtf.Days) -> ColumnElement[bool]:
    """Whether the period contains the row's whole time, or overlaps its certain days (rule 1)."""
    return _certain_and(_range(window), true())


def _certain_and(within: ColumnElement[Any], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the period contains the whole time, under a condition, or overlaps certain days."""
    return or_(
        func.coalesce(and_(WHOLE_TIME.op("<@")(within), condition), false()),
        func.coalesce(Version.sure.op("&&")(within), false()),
    )


def certain_in_unit(window: edtf.Days, months: int) -> ColumnElement[bool]:
    """Whether the row is certain in one calendar unit of the period, of 12, 6 or 1 months."""

    def unit(day: ColumnElement[Any]) -> ColumnElement[Any]:
        month = func.extract("year", day) * 12 + func.extract("month", day) - 1
        return func.floor(month / months)

    first, last = func.lower(WHOLE_TIME), func.upper(WHOLE_TIME) - 1
    return _certain_and(_range(window), unit(first) == unit(last))


def _range(days: edtf.Days) -> ColumnElement[Range[date]]:
    return cast(literal(Range(days.first, days.last, bounds="[]"), DATERANGE), DATERANGE)
