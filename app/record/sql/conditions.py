"""Filters as SQL conditions."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, false, func, literal, not_, or_
from sqlalchemy.dialects.postgresql import DATERANGE, Range

from app.dates import edtf
from app.record import search
from app.record.editions import Reading, first_since
from app.record.filters import ListFilters
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.terms import term_numbers

WINDOW = "window"


# Matching ---------------------------------------------------------------------------------------------------------


def window_of(filters: ListFilters) -> edtf.Days:
    """The period asked for, of the rows' own time."""
    return _period(filters, *filters.PERIODS[0])


def _period(filters: ListFilters, first: str, last: str) -> edtf.Days:
    return edtf.window(filters.one(first) or None, filters.one(last) or None)


def conditions(filters: ListFilters, directory: Directory) -> dict[str, ColumnElement[bool]]:
    """What each key asks of a row. `x` and `not_x` are one key, as are the two ends of a window."""
    found: dict[str, ColumnElement[bool]] = {}
    for key in filters.terms():
        parts = []
        if values := filters.included.get(key.key):
            parts.append(Version.terms.overlap(term_numbers((key.key, value) for value in values)))
        if values := filters.excluded.get(key.key):
            parts.append(
                not_(Version.terms.overlap(term_numbers((key.key, value) for value in values)))
            )
        if parts:
            found[key.key] = and_(*parts)
    if question := filters.one("q"):
        found["q"] = says(question, directory)
    window = window_of(filters)
    if window != edtf.Days():
        found[WINDOW] = certain(window) if filters["match"] == ("certain",) else possible(window)
    for first, last in filters.PERIODS[1:]:
        if (published := _period(filters, first, last)) != edtf.Days():
            found["published"] = Version.published.op("&&")(_range(published))
    for name, number in (("added_since", Version.added), ("changed_since", Version.changed)):
        for asked in filters[name]:
            found[name] = number >= first_since(asked)
    return found


def says(question: str, directory: Directory) -> ColumnElement[bool]:
    """It holds the words, or is of a place or outlet so named."""
    return search.condition(search.asked(question, directory.named), directory.named, term_numbers)


def possible(window: edtf.Days) -> ColumnElement[bool]:
    """It could have fallen in the window."""
    return Version.span.op("&&")(_range(window))


def certain(window: edtf.Days) -> ColumnElement[bool]:
    """It must have fallen in the window."""
    return _is_certain(_range(window))


def _is_certain(within: ColumnElement[Any]) -> ColumnElement[bool]:
    """The window holds all of it, or meets the days that it covers for certain (rule 1)."""
    contained = and_(Version.lo.op("<@")(within), Version.hi.op("<@")(within))
    return or_(
        func.coalesce(contained, false()), func.coalesce(Version.sure.op("&&")(within), false())
    )


def _range(days: edtf.Days) -> ColumnElement[Range[date]]:
    return cast(literal(Range(days.first, days.last, bounds="[]"), DATERANGE), DATERANGE)


def rows_of(edition: Reading, filters: ListFilters) -> ColumnElement[bool]:
    return and_(Version.kind == filters.KIND, edition.holds(), Version.state == "live")
