"""The ranges of days that a date stands for: possible ones, and those that are certain."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from app.dates.edtf import OPEN, SEASONS, DateError, Days, Edtf, Part

MARGIN_DAYS = 15
"""How far the surroundings of a day marked `?`, `~` or `%` reach before and after it."""


@dataclass(frozen=True)
class Spans:
    """The ranges that the record stores of a date; empty without a year or a beginning."""

    possible: tuple[Days, ...] = ()
    lo: Days | None = None
    """The possible first days; None if any day up to a known one may be the first."""
    hi: Days | None = None
    """The possible last days."""
    sure: Days | None = None
    """The days that the date certainly covers."""
    surroundings: Days | None = None
    """The days that a period must contain to contain the date for certain; None: `lo` and `hi`."""


def spans(
    edtf: Edtf | None, lasts: bool, until: date | None = None, within: Edtf | None = None
) -> Spans:
    """Return the ranges of a date; None is an unknown date.

    An interval that `lasts` covers all its days. Otherwise it is one unknown day within it, as of a
    publication. `until` is the day of the last report, which bounds an open end. `within` is the
    bound that an editor set.
    """
    bound = within.whole if within else Days()
    if bound is None:
        raise DateError("An outer bound needs a year, as in 2019-04/2019-06")
    starts = ends = None
    if edtf is None or edtf.whole is None:
        if until and not bound.last:
            bound = Days(bound.first, max(until, bound.first or until))
        if not (bound.first and bound.last) and edtf:
            return Spans()
        if edtf is None:
            members = [bound]
        elif len(dated := _in_each_year(edtf, bound)) == 1:
            return spans(dated[0], lasts, until, within)
        else:
            members = [days for each in dated for days in _members(each)]
    elif edtf.shape == "interval":
        first, last = edtf.begins, edtf.parts[-1].days
        if edtf.parts[0] == OPEN:  # the beginning is not later than the end's first day
            first = Days(None, last.first)
        if edtf.parts[-1] == OPEN and first.last:
            # The end is between the beginning and the last report.
            last = (
                Days(min(until, first.last), max(until, first.last)) if until else Days(first.last)
            )
        starts, ends = first.common(Days(None, last.last)), last.common(Days(first.first, None))
        members = [Days(first.first, last.last)]
    else:
        members = _members(edtf)

    possible = tuple(clipped for days in members if (clipped := days.common(bound)))
    lo = hi = Days(possible[0].first, possible[-1].last) if possible else None
    if lasts and starts and ends:
        lo, hi = starts.common(bound), ends.common(bound)
    if lo is None or hi is None:
        raise DateError(
            "{date} does not lie within {outer}",
            date=edtf and edtf.text,
            outer=within and within.text,
        )
    # Some day on or before the last one: its first possible day says nothing about it.
    is_by = edtf.shape == "by" if edtf else bool(within and bound.last and not bound.first)
    if is_by:
        return Spans(possible, hi=Days(None, hi.last), surroundings=lo if lo.first else None)
    if lo.first is None:
        return Spans()
    is_marked = edtf is not None and any(part.mark for part in edtf.parts)
    if edtf is None or not is_marked:
        return Spans(possible, lo, hi, _between(lo.last, hi.first))
    begin, end = edtf.parts[0], edtf.parts[-1]
    around = Days(_earlier(lo.first, begin), _later(hi.last, end)).common(bound)
    # A date that lasts certainly covers only what its latest start and earliest end leave.
    sure = _between(_later(lo.last, begin), _earlier(hi.first, end))
    return Spans(possible, lo, hi, sure, around)


def attested_spans(edtf: Edtf, within: Edtf | None = None) -> Spans:
    """Return the ranges of a state that was going on at a date; beginning and end are not known.

    It is possible up to that date, and certain in a period that contains the date (rule 1).
    """
    found = spans(edtf, lasts=True, within=within)
    if found.lo is None or found.hi is None:
        return Spans()
    since = within.whole.first if within and within.whole else None
    return Spans(
        possible=(Days(since, found.hi.last),),
        hi=Days(found.hi.first),
        sure=found.sure,
        surroundings=found.surroundings or Days(found.lo.first, found.hi.last),
    )


def _between(first: date | None, last: date | None) -> Days | None:
    return Days(first, last) if first and last and first <= last else None


def _earlier(day: date | None, part: Part) -> date | None:
    """Return the first day of the surroundings of a day or month that begins on `day` (rule 1)."""
    if day is None or not part.mark:
        return day
    if part.day:
        return day - timedelta(days=MARGIN_DAYS)
    return _shifted(day, -_margin_months(part))


def _later(day: date | None, part: Part) -> date | None:
    if day is None or not part.mark:
        return day
    if part.day:
        return day + timedelta(days=MARGIN_DAYS)
    # From the last day of a month to the last day of another.
    return _shifted(day + timedelta(days=1), _margin_months(part)) - timedelta(days=1)


def _margin_months(part: Part) -> int:
    if part.month in SEASONS:
        return 3
    return 1 if part.month else 12


def _shifted(day: date, months: int) -> date:
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _members(edtf: Edtf) -> list[Days]:
    """Return the days of each date of a one-of, or those of the whole."""
    return [part.days for part in edtf.parts] if edtf.shape == "one-of" else [edtf.whole or Days()]


def _in_each_year(edtf: Edtf, bound: Days) -> list[Edtf]:
    """Return a date without a year in each year in which it meets the bound."""
    assert bound.first and bound.last
    # An interval from December to January begins in the year before its end.
    years = range(bound.first.year - 1, bound.last.year + 1)
    dated = (edtf.in_year(year) for year in years)
    return [each for each in dated if each and each.whole and each.whole.overlaps(bound)]


def is_possible(spans: Spans, window: Days) -> bool:
    return any(days.overlaps(window) for days in spans.possible)


def is_certain(spans: Spans, window: Days) -> bool:
    """Whether the window contains the whole date, or a day that the date certainly covers."""
    whole = _whole_time(spans)
    contained = whole is not None and whole.within(window)
    return contained or bool(spans.sure and spans.sure.overlaps(window))


def is_certain_in_unit(spans: Spans, window: Days, months: int) -> bool:
    """Whether it is certain in one calendar unit of the window, of 12, 6 or 1 months."""
    whole = _whole_time(spans)
    contained = bool(
        whole
        and whole.first
        and whole.last
        and whole.within(window)
        and _unit_of(whole.first, months) == _unit_of(whole.last, months)
    )
    return contained or bool(spans.sure and spans.sure.overlaps(window))


def _whole_time(spans: Spans) -> Days | None:
    if spans.surroundings is None and spans.lo and spans.hi:
        return Days(spans.lo.first, spans.hi.last)
    return spans.surroundings


def _unit_of(day: date, months: int) -> int:
    return (day.year * 12 + day.month - 1) // months


def sort_day(spans: Spans) -> date | None:
    """Return the day by which lists sort: the earliest possible one.

    Without one: the day of attestation, or the last day on or before which it was.
    """
    if spans.lo is None and spans.hi is not None:
        return spans.hi.first or spans.hi.last
    return min((days.first for days in spans.possible if days.first), default=None)


def possible_days(edtf: Edtf) -> tuple[Days, ...]:
    """Return the possible days; none if neither the year nor the beginning is known."""
    return spans(edtf, lasts=True).possible
