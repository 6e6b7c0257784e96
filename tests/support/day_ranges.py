"""Ranges of days, written in one string, and how dates match them."""

from datetime import date

from app.dates.day_ranges import Spans, parse_period
from app.dates.edtf import Days


def days(text: str) -> Days:
    """`2019-04-01 2019-04-30`: first and last day; `..` is no bound; one day alone is both."""
    first, last = (text.split() * 2)[:2] if " " not in text else text.split()
    return Days(*(None if side == ".." else date.fromisoformat(side) for side in (first, last)))


def is_possible(spans: Spans, window: Days) -> bool:
    return any(days.overlaps(window) for days in spans.possible)


def is_certain(spans: Spans, window: Days) -> bool:
    """Whether the window contains the whole date, or a day that the date certainly covers."""
    whole = whole_time(spans)
    contained = whole is not None and whole.within(window)
    return contained or bool(spans.sure and spans.sure.overlaps(window))


def whole_time(spans: Spans) -> Days | None:
    if spans.surroundings is None and spans.lo and spans.hi:
        return Days(spans.lo.first, spans.hi.last)
    return spans.surroundings


def match(spans: Spans, window: str) -> str:
    """Return how dates match a window such as `2019-05/2019-06` or `2019`; `..` is no bound."""
    first, _, last = window.partition("/")
    period = parse_period(*(None if side == ".." else side for side in (first, last or first)))
    if is_certain(spans, period):
        assert is_possible(spans, period)
        return "certain"
    return "possible" if is_possible(spans, period) else "no"
