"""Lengths of time (ISO 8601, such as P6M), and the days on which they end."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from app.dates import edtf
from app.dates.edtf import Days

ISO = re.compile(
    r"P(?=\d)(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?"
    r"(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?",
    re.ASCII,
)
WORDS = re.compile(r"(?P<number>\d{1,4}|[a-z]+)\s+(?P<unit>year|month|week|day)s?", re.IGNORECASE)
NUMBERS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


@dataclass(frozen=True)
class Duration:
    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0

    def after(self, day: date) -> date | None:
        """Return the day this long after another; None after the last year that is allowed."""
        months = day.month - 1 + 12 * self.years + self.months
        year, month = day.year + months // 12, months % 12 + 1
        if year > edtf.LAST_YEAR:
            return None
        ends = date(year, month, min(day.day, monthrange(year, month)[1]))
        last = date(edtf.LAST_YEAR, 12, 31)
        added = timedelta(days=7 * self.weeks + self.days)
        return ends + added if added <= last - ends else None

    def end_of(self, begins: Days) -> Days | None:
        """Return when it ends if it begins on one of these days; None if that is not known."""
        if begins.last is None or (last := self.after(begins.last)) is None:
            return None
        return Days(self.after(begins.first) if begins.first else None, last)


def parse(text: str) -> Duration:
    """Parse a length in ISO 8601; anything else raises ValueError."""
    found = ISO.fullmatch(text)
    parts = {unit: int(number or 0) for unit, number in found.groupdict().items()} if found else {}
    if not any(parts.values()):
        raise ValueError(
            "this is not a length we can read: write “6 months”, “90 days”, P6M or P90D"
        )
    return Duration(**parts)


def normalise(text: str) -> str:
    """Return a length in ISO 8601. “6 months” and “six months” are P6M."""
    if words := WORDS.fullmatch(text.strip()):
        number = words["number"].lower()
        if number in NUMBERS:
            number = str(NUMBERS.index(number) + 1)
        if number.isdigit():
            text = f"P{int(number)}{words['unit'][0].upper()}"
    text = text.strip().upper()
    parse(text)
    return text
