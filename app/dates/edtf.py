"""Dates as sources give them: EDTF text to days, ranges and words, for the forms, the record and every page.

The grammar is a closed list out of EDTF (ISO 8601-2:2019, described at https://www.loc.gov/standards/datetime/):
days, months and years (level 0); seasons, one mark of doubt per date, open ends, a day or a year not known (level 1);
one of a few dates (level 2). The rest of EDTF is refused, with a sentence that says what to write instead.
There are no times and no time zones. "About" and "perhaps" are marks for the display and never widen a date.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Literal

FIRST_YEAR, LAST_YEAR = 1800, 2200
MAX_LENGTH = 80  # characters; six days in brackets need 67
MAX_CHOICES = 6  # dates in a one-of

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
WINTER = 24
MARKS = {"": "{date}", "?": "perhaps {date}", "~": "about {date}", "%": "perhaps about {date}"}

Precision = Literal["day", "month", "season", "year", "unknown"]
COARSENESS: tuple[Precision, ...] = ("day", "month", "season", "year", "unknown")
Translate = Callable[[str], str]


class BadDate(ValueError):
    """Text that is no date of ours. The sentence is kept apart from its values, so that a page can translate it."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence, self.values = sentence, values
        super().__init__(self.words())

    def words(self, translate: Translate = str) -> str:
        own = {
            key: translate(str(value))
            for key, value in self.values.items()
            if key in ("month", "advice")
        }
        return translate(self.sentence).format(**self.values | own)


@dataclass(frozen=True)
class Days:
    """From a first to a last day, both counted; None where there is no bound."""

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
    """One date as written: `2019-04-23`, `2019-04`, `2019`, `2024-21`, `2026-10-XX`, `XXXX-05-01` or `..`."""

    year: int | None  # None is XXXX
    month: int | None = None  # 21 to 24 is a season
    day: int | None = None
    some_day: bool = False  # of the month: -XX
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
        return (
            "day"
            if self.day
            else "season"
            if self.month in SEASONS
            else "month"
            if self.month
            else "year"
        )

    @cached_property
    def days(self) -> Days:
        return Days() if self.year is None else self.in_year(self.year) or Days()

    def in_year(self, year: int) -> Days | None:
        """The days meant in that year: none for 29 February in most of them."""
        first, months = self.month or 1, 1 if self.month else 12
        if self.month in SEASONS:  # spring begins in March; winter ends in the next year
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
    """A date that was read; `parse` makes it."""

    shape: Literal["date", "interval", "one-of"]
    parts: tuple[
        Part, ...
    ]  # two of an interval, one of them may be OPEN; the members of a one-of in order

    @property
    def text(self) -> str:
        texts = [part.text for part in self.parts]
        return {"date": texts[0], "interval": "/".join(texts), "one-of": f"[{','.join(texts)}]"}[
            self.shape
        ]

    @cached_property
    def whole(self) -> Days | None:
        """Earliest to latest day; None without a year."""
        if self.shape == "date" and self.parts[0].year is None:
            return None
        return Days(self.parts[0].days.first, self.parts[-1].days.last)

    @cached_property
    def possible(self) -> tuple[Days, ...]:
        """The days on which it could have been; none where neither year nor beginning is known."""
        return spans(self, lasts=True).possible

    def sure(self, lasts: bool) -> Days | None:
        """The days that it covers for certain, if any."""
        return spans(self, lasts).sure


@dataclass(frozen=True)
class Spans:
    """What the record keeps of a date to match it with windows: `lo` holds its possible first days, `hi` its last.

    All are empty for a date that lies outside every window.
    """

    possible: tuple[Days, ...] = ()
    lo: Days | None = None
    hi: Days | None = None
    sure: Days | None = None


def spans(
    edtf: Edtf | None, lasts: bool, until: date | None = None, within: Edtf | None = None
) -> Spans:
    """The ranges of a date, or of no date (None).

    What happened from a to b *lasts*; what was published, said or counted "from a to b" was so on some day between.
    `until` is the last day on which a source said so, and bounds an open end. `within` is an editor's outer bound.
    """
    bound = within.whole if within else Days()
    if bound is None:
        raise BadDate("An outer bound needs a year, as in 2019-04/2019-06")
    starts = ends = None
    if edtf is None or edtf.whole is None:
        if until and not bound.last:
            bound = Days(bound.first, max(until, bound.first or until))
        if not (bound.first and bound.last) and edtf:
            return Spans()
        members = [bound] if edtf is None else _each_year(edtf.parts[0], bound)
    elif edtf.shape == "interval":
        first, last = (part.days for part in edtf.parts)
        if edtf.parts[0] == OPEN:  # it was so before
            first = Days(None, last.first)
        if (
            edtf.parts[1] == OPEN and first.last
        ):  # it outlived its beginning, if a source said so after that
            last = (
                Days(min(until, first.last), max(until, first.last)) if until else Days(first.last)
            )
        starts, ends = first.common(Days(None, last.last)), last.common(Days(first.first, None))
        members = [Days(first.first, last.last)]
    else:
        members = [part.days for part in edtf.parts]

    possible = tuple(clipped for days in members if (clipped := days.common(bound)))
    lo = hi = Days(possible[0].first, possible[-1].last) if possible else None
    if lasts and starts and ends:
        lo, hi = starts.common(bound), ends.common(bound)
    if lo is None or hi is None:
        raise BadDate(
            "{date} does not lie within {outer}",
            date=edtf and edtf.text,
            outer=within and within.text,
        )
    if lo.first is None:
        return Spans()
    sure = Days(lo.last, hi.first) if lo.last and hi.first and lo.last <= hi.first else None
    return Spans(possible, lo, hi, sure)


def _each_year(part: Part, bound: Days) -> list[Days]:
    assert bound.first and bound.last
    return [
        days
        for year in range(bound.first.year, bound.last.year + 1)
        if (days := part.in_year(year))
    ]


def is_possible(spans: Spans, window: Days) -> bool:
    return any(days.overlaps(window) for days in spans.possible)


def is_certain(spans: Spans, window: Days) -> bool:
    """The window contains all of it, or meets the days that it covers for certain."""
    contained = bool(spans.lo and spans.hi and spans.lo.within(window) and spans.hi.within(window))
    return contained or bool(spans.sure and spans.sure.overlaps(window))


def sort_day(spans: Spans) -> date | None:
    """The earliest possible day, under which a list places it."""
    return min((days.first for days in spans.possible if days.first), default=None)


def precision(edtf: Edtf | None) -> Precision:
    """The coarsest part as written."""
    parts = edtf.parts if edtf else ()
    return max(
        (part.precision for part in parts if part != OPEN), key=COARSENESS.index, default="unknown"
    )


def window(text_from: str | None, text_to: str | None) -> Days:
    """The period a reader asks for: a day, month or year on either side, both counted; blank is no bound."""
    first, last = Days(_bound(text_from).first), Days(None, _bound(text_to).last)
    if not (asked := first.common(last)):
        raise BadDate("{first} comes after {last}: turn them round", first=text_from, last=text_to)
    return asked


def _bound(text: str | None) -> Days:
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
        raise BadDate(
            "{text} cannot bound a period; a day, a month or a year can, as in 2019-04",
            text=edtf.text,
        )
    return part.days


def latest_today(now: datetime) -> date:
    """The date where the day begins first (UTC+14): anything later is in the future everywhere. `now` has a zone."""
    return now.astimezone(timezone(timedelta(hours=14))).date()


# Reading ----------------------------------------------------------------------------------------------------------

ONE_DATE = re.compile(r"([0-9]{4}|XXXX)(?:-([0-9]{2})(?:-([0-9]{2}|XX))?)?([?~%]?)")

# What people write instead, and what would do; the first that fits is said.
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


@lru_cache(maxsize=10_000)  # the same few dates come up again and again while a record is derived
def parse(text: str) -> Edtf:
    """Read a date strictly; whatever is not on the closed list raises BadDate."""
    if len(text) > MAX_LENGTH:
        raise BadDate(
            "A date has at most {most} characters, not {length}", most=MAX_LENGTH, length=len(text)
        )
    if not text:
        raise BadDate("There is no date here; write one as in 2019-04-23, 2019-04 or 2019")
    if text.startswith("["):
        return _one_of(text)
    if text.count("/") == 1:
        return _interval(text)
    return Edtf("date", (_date(text),))


def normalise(text: str) -> str:
    """Canonical text of what was typed: blanks tidied, XX in capitals, a one-of in order."""
    text = text.strip()
    if len(text) <= MAX_LENGTH:
        text = re.sub(r"\s*([\[\],/?~%])\s*", r"\1", text).replace("xx", "XX")
    return parse(text).text


def _shown(text: str) -> str:
    """What was typed, safe to repeat in a sentence."""
    return "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[:40]
    )


def _date(text: str) -> Part:
    if not (found := ONE_DATE.fullmatch(text)):
        advice = next(
            advice for pattern, advice in ADVICE if re.fullmatch(pattern, text, re.DOTALL)
        )
        raise BadDate(
            "“{text}” is not a date we can read: {advice}", text=_shown(text), advice=advice
        )
    year, month, day = (
        int(digits) if digits and digits.isdigit() else None for digits in found.group(1, 2, 3)
    )
    some_day = found[3] == "XX"
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadDate(
            "{year} is too far away: years run from {a} to {b}",
            year=found[1],
            a=FIRST_YEAR,
            b=LAST_YEAR,
        )
    if month in SEASONS and (found[3] or year is None):
        raise BadDate("A season has a year and no days, as in 2024-21 (spring)")
    if month is not None and month not in SEASONS and not 1 <= month <= 12:
        raise BadDate(
            "{number} is not a month; write 01 to 12, or 21 (spring) to 24 (winter)",
            number=found[2],
        )
    if year is None and (month is None or some_day):
        raise BadDate(
            "Where the year is not known give at least the month, as in XXXX-05 or XXXX-05-01"
        )
    if month and day is not None:
        most = calendar.monthrange(2000 if year is None else year, month)[
            1
        ]  # 29 February is in some year
        if not 1 <= day <= most:
            which = "" if year is None else f" {year}"
            leap = which if month == 2 else ""
            sentence = "{day} {month}{year} is not a day; {month}{leap} has {most}"
            raise BadDate(
                sentence, day=day, month=MONTHS[month - 1], year=which, leap=leap, most=most
            )
    return Part(year, month, day, some_day, found[4])


def _interval(text: str) -> Edtf:
    sides = text.split("/")
    if "" in sides or sides == ["..", ".."]:
        raise BadDate(
            "An interval has a date on one side and a date or two dots on the other, as in 2019-05/.."
        )
    first, last = (OPEN if side == ".." else _date(side) for side in sides)
    if any(part.some_day or (part.year is None and part != OPEN) for part in (first, last)):
        raise BadDate(
            "In an interval write the month or the year alone, as in 2026-10/.. or 2026/.."
        )
    if not Days(first.days.first).overlaps(Days(None, last.days.last)):
        raise BadDate("{last} comes before {first}: turn them round", first=sides[0], last=sides[1])
    return Edtf("interval", (first, last))


def _one_of(text: str) -> Edtf:
    if not text.endswith("]"):
        raise BadDate(
            "One of several dates is written [2019-05,2019-06], with nothing after the bracket"
        )
    members = text[1:-1].split(",")
    if not 2 <= len(members) <= MAX_CHOICES:
        raise BadDate(
            "Give 2 to {most} dates to choose from, as in [2019-05,2019-06]", most=MAX_CHOICES
        )
    parts = sorted((_date(member) for member in members), key=lambda part: part.text)
    if any(part.mark or part.some_day or part.precision in ("season", "unknown") for part in parts):
        raise BadDate(
            "In brackets write days, months or years, without ? ~ % or X, as in [2019-05,2019-06]"
        )
    for part, following in pairwise(parts):
        if part.days.overlaps(following.days):
            raise BadDate(
                "{inner} is part of {outer}: keep one of them",
                inner=following.text,
                outer=part.text,
            )
    return Edtf("one-of", tuple(parts))


# Words ------------------------------------------------------------------------------------------------------------


def words(edtf: Edtf, translate: Translate = str, lasts: bool = True) -> str:
    """A date as a reporter would put it: "May or June 2019", "28–29 August 2024", "since about June 2019"."""
    first, last = edtf.parts[0], edtf.parts[-1]
    begin, end = _phrase(first, translate, last), _phrase(last, translate)
    if edtf.shape == "one-of":
        begin = translate(", ").join(
            _phrase(part, translate, following) for part, following in pairwise(edtf.parts)
        )
        return translate("{first} or {last}").format(first=begin, last=end)
    if first == OPEN:
        return (translate("until {date}") if lasts else translate("{date} or earlier")).format(
            date=end
        )
    if last == OPEN:
        return (translate("since {date}") if lasts else translate("{date} or later")).format(
            date=begin
        )
    if first == last:
        return end
    days_only = begin == str(first.day) and not last.mark
    return (translate("{first}–{last}") if days_only else translate("{first} to {last}")).format(
        first=begin, last=end
    )


def _phrase(part: Part, translate: Translate, following: Part = OPEN) -> str:
    """One date in words, without the year and month that the following one says anyway."""
    same_year = (
        part.year == following.year and part != following and bool(part.month and following.month)
    )
    if WINTER in (part.month, following.month) or part.mark not in ("", following.mark):
        same_year = False  # a winter has two years; "about March to May" would seem to doubt both
    same_month = same_year and part.month == following.month and bool(part.day and following.day)
    if part.year is None:
        pattern = "{day} {month}, year not known" if part.day else "{month}, year not known"
    elif part.some_day and not part.mark:
        pattern = "some day in {month} {year}"
    elif part.month == WINTER:
        pattern = "{month} {year}–{next_year}"
    elif same_month:
        pattern = "{day}"
    elif part.month:
        pattern = ("{day} {month}" if part.day else "{month}") + ("" if same_year else " {year}")
    else:
        pattern = "{year}"
    month = translate(SEASONS.get(part.month) or MONTHS[part.month - 1]) if part.month else ""
    next_year = f"{((part.year or 0) + 1) % 100:02}"
    said = translate(pattern).format(day=part.day, month=month, year=part.year, next_year=next_year)
    return translate(MARKS[part.mark]).format(date=said)


def words_of_days(days: Days, translate: Translate = str) -> str:
    """As "1–30 April 2019" or "1 May 2019 or later"."""
    if days == Days():
        return translate("any day")
    bounds = tuple(
        Part(day.year, day.month, day.day) if day else OPEN for day in (days.first, days.last)
    )
    return words(Edtf("interval", bounds), translate, lasts=False)


def reading(edtf: Edtf, translate: Translate = str) -> str:
    """What a form answers under its field, so that an editor sees which days were meant."""
    if edtf.whole is None:
        return translate("this means no period finds it, since its year is not known")
    several = (words_of_days(days, translate) for days in edtf.possible or (edtf.whole,))
    return translate("this means {days}").format(days=translate(" or ").join(several))
