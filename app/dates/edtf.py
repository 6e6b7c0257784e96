"""Parsing of uncertain dates in EDTF, and their ranges of days.

The grammar is a subset of EDTF (ISO 8601-2:2019, https://www.loc.gov/standards/datetime/): days,
months and years (level 0); seasons, one qualifier a date, open intervals, an unknown day or year
(level 1); one of a few dates, one on or before a date, or an interval that begins between two
dates (level 2). An interval or a one-of may lack its year. Other dates are errors with advice.
There are no times and no time zones. "About" and "perhaps" widen a date only in `day_ranges`, for
what is certain.
"""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Literal

FIRST_YEAR, LAST_YEAR = 1800, 2200
ADVICE = [
    (r".*[^\x20-\x7e].*", "use only the digits 0 to 9, plain hyphens and the marks ? ~ %"),
    (
        r"[0-9]{4}-(0?[1-9]|1[0-2])-?[0-9]?[?~%]?",
        "write months and days with two digits, as in 2019-04-03",
    ),
    (r"[0-9]{6}|[0-9]{8}", "put hyphens between, as in 2019-04-23"),
    (r"[0-9]{4}([./])[0-9]{1,2}\1[0-9]{1,2}", "put hyphens between, as in 2019-04-23"),
    (r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2,4}", "put the year first, as in 2019-04-23"),
    (r"[0-9].*[T:].*", "leave out the time of day"),
    (r".*/.*/.*", "an interval has two sides, as in 2019-04/2019-06"),
    (
        r"\[.+\.\..+\].*",
        "for a beginning some day between two dates write [2019-05-10..2019-05-20]/..",
    ),
    (r".*\.\..*", "two dots stand alone on one side of an interval, as in 2019-05/.."),
    (r".*[?~%].+", "put one mark at the end of each date: ? perhaps, ~ about, % both"),
    (r"\{.*", "one of several dates is written [2019-05,2019-06]"),
    (r"[0-9]{1,3}X+", "for a decade write an interval, as in 2010/2019"),
    (
        r"[0-9]{4}-XX(-XX|-[0-9]{2})?[?~%]?",
        "where the month is not known write the year alone, as in 2026",
    ),
    (r"-[0-9].*|Y.*|[0-9]{5,}.*", f"years run from {FIRST_YEAR} to {LAST_YEAR}"),
    (
        r".*",
        "write a day 2019-04-23, a month 2019-04, a year 2019 or a season 2024-21; add ~ for about",
    ),
]
"""Patterns of invalid dates, and what to write instead. The last one matches any text."""


MAX_LENGTH = 80  # characters; six days in brackets need 67
MAX_CHOICES = 6  # dates in a one-of
MAX_DAY = 31
VAGUE_BEGINNING = 3  # parts of an interval: two dates, and an open end

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}

Precision = Literal["day", "month", "season", "year", "unknown"]
COARSENESS: tuple[Precision, ...] = ("day", "month", "season", "year", "unknown")


class DateError(ValueError):
    """An invalid date."""


@dataclass(frozen=True)
class Days:
    """From a first to a last day, both included. None: no bound."""

    first: date | None = None
    last: date | None = None

    def common(self, other: "Days") -> "Days | None":
        first = max((day for day in (self.first, other.first) if day), default=None)
        last = min((day for day in (self.last, other.last) if day), default=None)
        return None if first and last and first > last else Days(first, last)

    def overlaps(self, other: "Days") -> bool:
        return self.common(other) is not None

    def within(self, other: "Days") -> bool:
        return self.common(other) == self


@dataclass(frozen=True)
class Part:
    """One date: `2019-04-23`, `2019-04`, `2019`, `2024-21`, `2026-10-XX`, `XXXX-05-01` or `..`."""

    year: int | None
    """None: XXXX."""
    month: int | None = None
    """21 to 24: a season."""
    day: int | None = None
    some_day: bool = False
    """Whether the day is XX."""
    mark: str = ""

    @property
    def text(self) -> str:
        if self == OPEN:
            return ".."
        year = "XXXX" if self.year is None else str(self.year)
        month = f"-{self.month:02}" if self.month else ""
        day = f"-{self.day:02}" if self.day else "-XX" if self.some_day else ""
        return year + month + day + self.mark

    @property
    def precision(self) -> Precision:
        if self.year is None:
            return "unknown"
        if self.day:
            return "day"
        if self.month in SEASONS:
            return "season"
        return "month" if self.month else "year"

    @cached_property
    def days(self) -> Days:
        return Days() if self.year is None else self.in_year(self.year) or Days()

    def in_year(self, year: int) -> Days | None:
        """Return the days in this year; None for 29 February in most years."""
        first, months = self.month or 1, 1 if self.month else 12
        if self.month in SEASONS:  # spring starts in March, and winter ends in the next year
            first, months = 3 * (first - 20), 3
        if self.day:
            exists = self.day <= calendar.monthrange(year, first)[1]
            return (
                Days(date(year, first, self.day), date(year, first, self.day)) if exists else None
            )
        years, month = divmod(first + months - 1, 12)
        return Days(date(year, first, 1), date(year + years, month + 1, 1) - timedelta(days=1))


OPEN = Part(None)


@dataclass(frozen=True)
class Edtf:
    """A parsed date."""

    shape: Literal["date", "interval", "one-of", "between", "by"]
    parts: tuple[Part, ...]
    """Both sides of an interval, one of which may be OPEN; or the members of a one-of in order.

    Of one day on or before a date: OPEN, then that date. Of one day between two dates: both. Of a
    state that began some day between two dates and goes on: both, then OPEN.
    """

    @property
    def text(self) -> str:
        texts = [part.text for part in self.parts]
        if self.shape == "by":
            return f"[..{texts[-1]}]"
        if self.has_vague_beginning:
            return f"[{texts[0]}..{texts[1]}]/.."
        if self.shape == "between":
            return f"[{texts[0]}..{texts[1]}]"
        return f"[{','.join(texts)}]" if self.shape == "one-of" else "/".join(texts)

    @property
    def has_vague_beginning(self) -> bool:
        """Whether it is a state that began some day between two dates and goes on."""
        return self.shape == "interval" and len(self.parts) == VAGUE_BEGINNING

    @property
    def begins(self) -> Days:
        """The possible first days of an interval: those of its first date or dates."""
        last = self.parts[1] if self.has_vague_beginning else self.parts[0]
        return Days(self.parts[0].days.first, last.days.last)

    @cached_property
    def whole(self) -> Days | None:
        """From the earliest to the latest day; None without a year."""
        if any(part.year is None and part != OPEN for part in self.parts):
            return None
        return Days(self.parts[0].days.first, self.parts[-1].days.last)

    @property
    def as_moment(self) -> "Edtf":
        """Return `../x` as one day on or before x; any other date as it is."""
        is_until = self.shape == "interval" and self.parts[0] == OPEN
        return replace(self, shape="by") if is_until else self


def precision(edtf: Edtf | None) -> Precision:
    """Return the coarsest precision of the parts; of a day on or before another, none is known.

    Some day between two others is known no better than a month.
    """
    parts = edtf.parts if edtf and edtf.shape != "by" else ()
    found = [part.precision for part in parts if part != OPEN]
    if edtf and edtf.shape == "between":
        found.append("month")
    return max(found, key=COARSENESS.index, default="unknown")


def is_one_day(text: str) -> bool:
    """Return whether a date in canonical form is one day without a mark."""
    if not text:
        return False
    found = parse(text)
    return found.shape == "date" and bool(found.parts[0].day) and not found.parts[0].mark


def latest_today(now: datetime) -> date:
    """Return the date in UTC+14: later days are in the future everywhere. `now` has a time zone."""
    return now.astimezone(timezone(timedelta(hours=14))).date()


# Reading ------------------------------------------------------------------------------------------

BETWEEN = re.compile(r"\[([^.,\[\]/]+)\.\.([^.,\[\]/]+)\]")
GOES_ON = "/.."
ONE_DATE = re.compile(r"([0-9]{4}|XXXX)(?:-([0-9]{2})(?:-([0-9]{2}|XX))?)?([?~%]?)")


def parse_or_none(text: str) -> "Edtf | None":
    """Parse a date in canonical form; None for anything else."""
    try:
        return parse(text)
    except DateError:
        return None


@lru_cache(10_000)  # a page and the record read the same dates many times
def parse(text: str) -> Edtf:
    """Parse a date in canonical form; raise DateError for anything else."""
    if len(text) > MAX_LENGTH:
        raise DateError(f"A date has at most {MAX_LENGTH} characters, not {len(text)}")
    if not text:
        raise DateError("There is no date here; write one as in 2019-04-23, 2019-04 or 2019")
    if found := BETWEEN.fullmatch(text.removesuffix(GOES_ON)):
        bounds = _parse_bounds(found[1], found[2])
        goes_on = text.endswith(GOES_ON)
        return Edtf("interval", (*bounds, OPEN)) if goes_on else Edtf("between", bounds)
    if text.startswith("["):
        return _parse_one_of(text)
    if text.count("/") == 1:
        return _parse_interval(text)
    return Edtf("date", (_parse_part(text),))


def normalise(text: str) -> str:
    """Return the canonical text: without spaces, with XX in capitals, a one-of in order."""
    text = text.strip()
    if len(text) <= MAX_LENGTH:
        text = re.sub(r"\s*([\[\],/?~%])\s*", r"\1", text).replace("xx", "XX")
    return parse(text).text


def _printable(text: str) -> str:
    """Return the beginning of an invalid date, safe to repeat in a message."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for character in text[:40]
    )


def _parse_part(text: str) -> Part:
    if not (found := ONE_DATE.fullmatch(text)):
        advice = next(
            advice for pattern, advice in ADVICE if re.fullmatch(pattern, text, re.DOTALL)
        )
        raise DateError(f"“{_printable(text)}” is not a date we can read: {advice}")
    year, month, day = (
        int(digits) if digits and digits.isdigit() else None for digits in found.group(1, 2, 3)
    )
    some_day = found[3] == "XX"
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateError(f"{found[1]} is too far away: years run from {FIRST_YEAR} to {LAST_YEAR}")
    if month in SEASONS and (found[3] or year is None):
        raise DateError("A season has a year and no days, as in 2024-21 (spring)")
    if month is not None and month not in SEASONS and not 1 <= month <= 12:
        raise DateError(f"{found[2]} is not a month; write 01 to 12, or 21 (spring) to 24 (winter)")
    if year is None and (month is None or some_day):
        raise DateError(
            "Where the year is not known give at least the month, as in XXXX-05 or XXXX-05-01"
        )
    if month and day is not None:
        # Without a year 29 February is valid, as in 2000.
        days = calendar.monthrange(2000 if year is None else year, month)[1]
        if not 1 <= day <= days:
            in_year = "" if year is None else f" {year}"
            name = MONTHS[month - 1]
            which = name + in_year if month == 2 else name
            raise DateError(f"{day} {name}{in_year} is not a day; {which} has {days}")
    return Part(year, month, day, some_day, found[4])


def _parse_interval(text: str) -> Edtf:
    sides = text.split("/")
    if "" in sides or sides == ["..", ".."]:
        raise DateError(
            "An interval has a date on one side and a date or two dots on the "
            "other, as in 2019-05/.."
        )
    first, last = (OPEN if side == ".." else _parse_part(side) for side in sides)
    if first.some_day or last.some_day:
        raise DateError(
            "In an interval write the month or the year alone, as in 2026-10/.. or 2026/.."
        )
    if OPEN not in {first, last} and (first.year is None) != (last.year is None):
        raise DateError(
            "Give both sides of an interval a year, or neither, as in XXXX-11-01/XXXX-11-21"
        )
    # Without a year, November to February runs into the next one.
    is_in_month = first.year is None and first.month == last.month
    is_turned = is_in_month and (first.day or 0) > (last.day or MAX_DAY)
    if is_turned or not Days(first.days.first).overlaps(Days(None, last.days.last)):
        raise DateError(f"{sides[1]} comes before {sides[0]}: turn them round")
    return Edtf("interval", (first, last))


def _parse_bounds(first_text: str, last_text: str) -> tuple[Part, Part]:
    """Return the dates between which something happened or began on some day."""
    first, last = _parse_part(first_text), _parse_part(last_text)
    for part in (first, last):
        if part.mark or part.some_day or part.year is None:
            raise DateError(
                "For some day between two dates write days, months or years with their year, "
                "without ? ~ %, as in [2019-05-10..2019-05-20]"
            )
    if not (first.days.first and last.days.first and first.days.first < last.days.first):
        raise DateError(f"{last_text} comes before {first_text}: turn them round")
    return first, last


def _parse_one_of(text: str) -> Edtf:
    if not text.endswith("]"):
        raise DateError(
            "One of several dates is written [2019-05,2019-06], with nothing after the bracket"
        )
    members = text[1:-1].split(",")
    if len(members) == 1 and members[0].startswith(".."):
        return _parse_by(members[0][2:])
    if not 2 <= len(members) <= MAX_CHOICES:
        raise DateError(
            f"Give 2 to {MAX_CHOICES} dates to choose from, as in [2019-05,2019-06], the first and "
            "the last possible one, as in [2019-05-10..2019-05-20], or only the last, as in "
            "[..2019-06]"
        )
    parts = sorted((_parse_part(member) for member in members), key=lambda part: part.text)
    if any(part.mark or part.some_day or part.precision == "season" for part in parts):
        raise DateError(
            "In brackets write days, months or years, without ? ~ %, as in [2019-05,2019-06]"
        )
    if len({part.year is None for part in parts}) > 1:
        raise DateError("Give each date in brackets a year, or none, as in [XXXX-05,XXXX-06]")
    for part, following in pairwise(parts):
        # Without a year they are compared in a leap year.
        days, other = (each.in_year(each.year or 2000) or Days() for each in (part, following))
        if days.overlaps(other):
            raise DateError(f"{following.text} is part of {part.text}: keep one of them")
    return Edtf("one-of", tuple(parts))


def _parse_by(text: str) -> Edtf:
    part = _parse_part(text)
    if part.some_day:
        raise DateError("After two dots write the month or the year alone, as in [..2019-06]")
    return Edtf("by", (OPEN, part))
