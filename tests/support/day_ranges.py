"""Ranges of days, written in one string."""

from datetime import date

from app.dates.edtf import Days


def days(text: str) -> Days:
    """`2019-04-01 2019-04-30`: first and last day; `..` is no bound; one day alone is both."""
    first, last = (text.split() * 2)[:2] if " " not in text else text.split()
    return Days(*(None if side == ".." else date.fromisoformat(side) for side in (first, last)))
