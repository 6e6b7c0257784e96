"""The ranges of days that a date stands for, possible and certain, and the period of a filter."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from app.dates.edtf import OPEN, SEASONS, DateError, Days, Edtf, Part, normalise, parse

MARGIN_DAYS = 15
"""How far the surroundings of a day marked `?`, `~` or `%` reach before and after it."""


@dataclass(frozen=True)
class Spans:
    """The ranges that the record stores of a date; empty without a year."""

    possible: tuple[Days, ...] = ()
    lo: Days | None = None
    """The possible first days; None if any day up to a known one may be the first."""
    hi: Days | None = None
    """The possible last days."""
    sure: Days | None = None
    """The days that the date certainly covers."""
    surroundings: Days | None = None
    """The days that a period must contain to contain the date for certain; None: `lo` and `hi`."""


def spans(edtf: Edtf | None, lasts: bool, until: date | None = None) -> Spans:
    """Return the ranges of a date; None is an unknown date.

    An interval that `lasts` covers all its days. Otherwise it is one unknown day within it, as of a
    publication. `until` is the day of the last report, which bounds an open end.
    """
    if edtf is None or edtf.whole is None:
        return Spans()
    # The days of each date of a one-of, or those of the whole.
    is_one_of = edtf.shape == "one-of"
    possible = tuple(part.days for part in edtf.parts) if is_one_of else (edtf.whole,)
    if edtf.shape == "by" or edtf.parts[0] == OPEN:
        # Some day on or before the last one: its first possible day says nothing about it.
        return Spans(possible, hi=Days(None, possible[-1].last))
    lo = hi = Days(possible[0].first, possible[-1].last)
    if edtf.shape == "interval":
        first, last = edtf.begins, edtf.parts[-1].days
        if edtf.parts[-1] == OPEN and first.last:
            # The end is between the beginning and the last report.
            last = (
                Days(min(until, first.last), max(until, first.last)) if until else Days(first.last)
            )
        possible = (Days(first.first, last.last),)
        lo = hi = possible[0]
        starts, ends = first.common(Days(None, last.last)), last.common(Days(first.first, None))
        if lasts and starts and ends:
            lo, hi = starts, ends
    begin, end = edtf.parts[0], edtf.parts[-1]
    if not any(part.mark for part in edtf.parts):
        return Spans(possible, lo, hi, _between(lo.last, hi.first))
    around = Days(_earlier(lo.first, begin), _later(hi.last, end))
    # A date that lasts certainly covers only what its latest start and earliest end leave.
    sure = _between(_later(lo.last, begin), _earlier(hi.first, end))
    return Spans(possible, lo, hi, sure, around)


def attested_spans(edtf: Edtf) -> Spans:
    """Return the ranges of a state that was going on at a date; beginning and end are not known.

    It is possible up to that date, and certain in a period that contains the date (rule 1).
    """
    found = spans(edtf, lasts=True)
    if found.lo is None or found.hi is None:
        return Spans()
    return Spans(
        possible=(Days(None, found.hi.last),),
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


def parse_period(text_from: str | None, text_to: str | None) -> Days:
    """Return the period from one day, month or year to another; a missing or blank end is open."""
    first, last = Days(_bound_days(text_from).first), Days(None, _bound_days(text_to).last)
    if not (period := first.common(last)):
        raise DateError(f"{text_from} comes after {text_to}: turn them round")
    return period


def _bound_days(text: str | None) -> Days:
    if not text or not text.strip():
        return Days()
    edtf = parse(normalise(text))
    part = edtf.parts[0]
    if (
        edtf.shape != "date"
        or part.mark
        or part.some_day
        or part.precision in ("season", "unknown")
    ):
        raise DateError(
            f"{edtf.text} cannot bound a period; a day, a month or a year can, as in 2019-04"
        )
    return part.days
