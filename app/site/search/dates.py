"""Dates in a query: "June 2019 Dandong", 2024년 1월 허룽, 2019-12-23."""

import calendar
import re
from dataclasses import dataclass

from app.dates import edtf
from app.dates.edtf import DateError, Days
from app.dates.phrases.reading import read_phrase
from app.dates.wording import in_words

MAX_WORDS = 5
YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")
ONLY_YEAR = re.compile(r"(19[5-9]\d|20\d\d)")
LEADING = frozenset({"in", "on", "during", "since", "at", "from", "of", "the", "в", "на"})


@dataclass(frozen=True)
class DateInQuery:
    words: str
    edtf: str
    days: Days

    @property
    def in_words(self) -> str:
        return in_words(self.edtf, lasts=False)

    @property
    def text(self) -> str:
        """The month as English texts print it; empty for more or less than a month."""
        first, last = self.days.first, self.days.last
        if not first or not last or (first.year, first.month) != (last.year, last.month):
            return ""
        return f"{calendar.month_name[first.month]} {first.year}" if first != last else ""


def split_date(query: str) -> tuple[str, DateInQuery | None]:
    """Return the other words of a query, and its date with a year. Quoted words stay words."""
    if '"' in query:
        return query, None
    words = query.split()
    for size in range(min(MAX_WORDS, len(words)), 0, -1):
        for first in range(len(words) - size + 1):
            if found := _date(words[first : first + size]):
                rest = [*words[:first], *words[first + size :]]
                # A year alone may be a number of people as well: without other words it stays one.
                if ONLY_YEAR.fullmatch(found.words) and not rest:
                    return query, None
                return " ".join(rest), found
    return query, None


def _date(words: list[str]) -> DateInQuery | None:
    text = " ".join(words).strip(",.;:?!。、")
    if not YEAR.search(text) or words[0].lower() in LEADING:
        return None
    try:
        readings = [edtf.normalise(text)] if text[:4].isdecimal() and text.isascii() else []
        for reading in readings:
            edtf.parse(reading)
    except (DateError, ValueError):
        readings = []
    try:
        readings = readings or read_phrase(text, None)
        for reading in readings[:1]:
            whole = edtf.parse(reading).whole
            if whole and whole.first and whole.last:
                return DateInQuery(text, reading, whole)
    except (DateError, ValueError, OverflowError):
        return None
    return None
