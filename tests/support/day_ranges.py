"""Ranges of days, written in one string, and how dates match them."""

from datetime import date

from app.dates.day_ranges import Spans, is_certain, is_possible
from app.dates.edtf import Days
from app.dates.periods import parse_period


def days(text: str) -> Days:
    """`2019-04-01 2019-04-30`: first and last day; `..` is no bound; one day alone is both."""
    first, last = (text.split() * 2)[:2] if " " not in text else text.split()
    return Days(*(None if side == ".." else date.fromisoformat(side) for side in (first, last)))


def match(spans: Spans, window: str) -> str:
    """Return how dates match a window such as `2019-05/2019-06` or `2019`; `..` is no bound."""
    first, _, last = window.partition("/")
    period = parse_period(*(None if side == ".." else side for side in (first, last or first)))
    if is_certain(spans, period):
        assert is_possible(spans, period)
        return "certain"
    return "possible" if is_possible(spans, period) else "no"
