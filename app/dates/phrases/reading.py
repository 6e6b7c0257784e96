"""Reads a phrase as EDTF dates: what "late April" may mean on the day of an article."""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from app.dates import edtf as dates
from app.dates.phrases.lexer import DateToken, normalise_phrase, tokens_of

CONNECTIVES = {"since", "until", "by", "to", "or", "between", "and"}
START_OF_SEASON = {21: 3, 22: 6, 23: 9, 24: 12}
"""The month in which a season starts."""


@dataclass(frozen=True)
class Phrase:
    """The parts of one date of a phrase. Shifts count from the day of the article."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: int | None = None
    weekday: int | None = None
    part: str = ""
    unit: str = ""
    which: str = ""
    years: int | None = None
    months: int | None = None
    weeks: int | None = None
    days: int | None = None
    number: int | None = None
    about: bool = False
    perhaps: bool = False


def split_phrase(tokens: Sequence[DateToken]) -> tuple[list[list[DateToken]], set[str]]:
    """Return the tokens between connectives, and the connectives."""
    sides: list[list[DateToken]] = [[]]
    words: set[str] = set()
    for token in tokens:
        if token.kind in CONNECTIVES:
            words.add(token.kind)
            sides.append([])
        else:
            sides[-1].append(token)
    return [side for side in sides if side], words


def phrase_of(tokens: Sequence[DateToken]) -> Phrase | None:
    """Return the parts that tokens name; None if two of them name the same part."""
    parts: dict[str, int | str | bool] = {}
    for kind, value in tokens:
        if kind in {"about", "perhaps"}:
            parts[kind] = True
        elif parts.setdefault(kind, value) != value:
            return None
    phrase = Phrase(**parts)  # type: ignore[arg-type]  # the kinds are the names of the fields
    return replace(phrase, years=None) if phrase.year else phrase


def year_before(phrase: Phrase, end: str) -> int | None:
    found = re.match(r"([0-9]{4})(?:-([0-9]{2}))?", end)
    if says_year(phrase) or not found or not phrase.month:
        return phrase.year
    month = int(found[2] or 12)
    return int(found[1]) - (month <= 12 and phrase.month > month)


def completed(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return phrases with the month and year that only a neighbour names: "3 to 5 May 2019"."""
    completed = list(phrases)
    for at in reversed(range(len(completed) - 1)):
        completed[at] = _with_neighbour(completed[at], completed[at + 1], follows=False)
    for at in range(1, len(completed)):
        completed[at] = _with_neighbour(completed[at], completed[at - 1], follows=True)
    return completed


def _with_neighbour(phrase: Phrase, other: Phrase, follows: bool) -> Phrase:
    names_month = bool(other.month) and other.day is None and other.number is None
    if phrase.number and phrase.number <= 12 and not phrase.month and names_month:
        phrase = replace(phrase, month=phrase.number, number=None)  # "3 to 5月"
    is_day = phrase.number is not None or phrase.day is not None
    if (
        is_day
        and not phrase.month
        and phrase.months is None
        and (other.month or other.months is not None)
    ):
        phrase = replace(
            phrase,
            month=other.month,
            months=other.months,
            year=phrase.year or other.year,
            years=other.years,
            day=phrase.day or phrase.number,
            number=None,
        )
    says_year = phrase.year or phrase.years is not None
    if (
        (phrase.month or phrase.season)
        and not says_year
        and (other.year or other.years is not None)
    ):
        months = month_of(phrase), month_of(other)
        turns = months[0] < months[1] if follows else months[0] > months[1]
        shift = (1 if follows else -1) if turns and months[0] and months[1] else 0
        phrase = replace(
            phrase,
            year=other.year and other.year + shift,
            years=None if other.years is None else other.years + shift,
        )
    return phrase


def says_year(phrase: Phrase) -> bool:
    return bool(phrase.year) or phrase.years is not None


def month_of(phrase: Phrase) -> int:
    return phrase.month or START_OF_SEASON.get(phrase.season or 0, 0)


Direction = Literal["past", "near", "future"]
"""Where a month without a year is looked for first."""

MONTHS_OF_PART = {
    "early": (1, 4),
    "mid": (5, 8),
    "late": (9, 12),
    "close": (9, 12),
    "end": (9, 12),
    "first half": (1, 6),
    "second half": (7, 12),
    "early and mid": (1, 8),
    "mid and late": (5, 12),
    **{f"quarter {at + 1}": (3 * at + 1, 3 * at + 3) for at in range(4)},
}
"""The first and the last month of each part of a year."""
MAX_MONTH_OF_PAST_WINTER = 8
DAYS_OF_PART = {
    **{f"week {number}": (7 * number - 6, 7 * number) for number in range(1, 5)},
    "week last": (-6, 0),
    "early": (1, 10),
    "mid": (11, 20),
    "late": (21, 0),
    "close": (21, 0),
    "first half": (1, 15),
    "second half": (16, 0),
    "early and mid": (1, 20),
    "mid and late": (11, 0),
}
"""The first and the last day of each part of a month; from 0 down, counted from its last day."""
VAGUE_PARTS = {"early", "mid", "late", "close"}
YEARS_OF_DECADE = {"early": (0, 3), "mid": (4, 6), "late": (6, 9), "close": (6, 9), "end": (6, 9)}
WEEKS = {part for part in DAYS_OF_PART if part.startswith("week ")}
FIRST_MONTHS = {f"first {last} months": (1, last) for last in range(1, 13)}
"""As in "the first eight months of this year"."""
CLEAR_PARTS = {
    *("first half", "second half", *FIRST_MONTHS),
    *(f"quarter {number}" for number in range(1, 5)),
}
"""Parts with exact bounds; the others are about their month or year."""


def read_phrase(text: str, today: date | None, begins: Direction = "past") -> list[str]:
    """Return the EDTF dates that a phrase may mean, likeliest first; none if it is not understood.

    `today` is the day of the article; without it only phrases with a year are understood. `begins`
    is where a beginning without a year, as in “from 1 June”, is looked for. A date may not exist,
    as in 31 June: the caller parses it.
    """
    text = normalise_phrase(text)
    # 3/4/2019 is 3 April for some and March 4th for others.
    swapped = re.sub(r"\b([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\b", r"\2/\1/\3", text)
    readings = [
        reading
        for one in dict.fromkeys((text, swapped))
        for reading in _readings(one, today, begins)
    ]
    return list(dict.fromkeys(readings))


def _readings(text: str, today: date | None, begins: Direction) -> Iterator[str]:
    tokens = tokens_of(text)
    if not tokens:
        return
    sides, words = split_phrase(tokens)
    phrases = [phrase_of(side) for side in sides]
    read = [phrase for phrase in phrases if phrase]
    if not read or len(read) != len(phrases):
        return
    if len(read) == 1:
        yield from _one_sided(read[0], words, today, begins)
    elif words == {"or"}:
        dates = [_single(phrase, today, "past") for phrase in completed(read)]
        if all(dates):
            yield f"[{','.join(each[0].rstrip('~') for each in dates)}]"
    elif len(read) == 2 and words & {"to", "until", "and", "by"}:
        yield from _interval(read, today)


# One date, and dates joined -----------------------------------------------------------------------


def _one_sided(
    phrase: Phrase, words: set[str], today: date | None, begins: Direction
) -> Iterator[str]:
    if not words:
        for reading in _single(phrase, today, "past"):
            yield reading
            # It lasted all that time, or happened on some day of it.
            if "/" in reading and not re.search(r"[.~?%X]", reading):
                yield f"[{reading.replace('/', '..')}]"
    elif words == {"since"}:
        found = _single(phrase, today, begins)
        if _is_part_of_year(phrase) and phrase.unit == "year" and not phrase.which:
            # “Since the start of the year” is since that of the report's year, also in December.
            found = [*_single(replace(phrase, years=phrase.years or 0), today, begins), *found]
        for reading in dict.fromkeys(found):
            first, _slash, last = reading.partition("/")
            yield f"[{first}..{last}]/.." if last else f"{first}/.."
    elif words <= {"until", "by"}:
        direction: Direction = "future" if "by" in words else "near"
        for reading in _bounds(phrase, today, direction):
            if "by" in words:  # "by December" also says when something is due
                yield from (f"[..{reading}]", reading)
            else:
                yield f"../{reading}"


def _bounds(phrase: Phrase, today: date | None, direction: Direction) -> Iterator[str]:
    """Yield the dates up to which something goes on: the last day, if a phrase names the end."""
    names_end = phrase.part in {"end", "close"}
    for reading in _single(phrase, today, direction):
        if names_end and "/" not in reading and reading.endswith("~"):
            whole = dates.parse(reading.rstrip("~")).whole
            assert whole and whole.last
            yield str(whole.last) if "-" in reading else f"{whole.last.year}-12"
        elif not names_end:
            yield reading.rpartition("/")[2]


def _interval(phrases: Sequence[Phrase], today: date | None) -> Iterator[str]:
    first, last = completed(phrases)
    for end in _bounds(last, today, "past"):
        # A first side without a year is the last one before the end.
        begins = replace(first, year=year_before(first, end)) if first.month else first
        for begin in _single(begins, today, "past"):
            yield f"{begin.split('/')[0]}/{end}"


# A single date ------------------------------------------------------------------------------------


def _single(phrase: Phrase, today: date | None, direction: Direction) -> list[str]:
    if phrase.number is not None:  # "15" is a day only beside a month
        if phrase.day or not (phrase.month or phrase.months is not None):
            return []
        phrase = replace(phrase, day=phrase.number, number=None)
    marked = (_marked(reading, phrase) for reading in _unmarked(phrase, today, direction))
    return list(dict.fromkeys(reading for reading in marked if reading))


def _marked(reading: str, phrase: Phrase) -> str:
    """Return a reading with its doubt; nothing for a range, which can't be marked as a whole."""
    if not (phrase.about or phrase.perhaps):
        return reading
    if "/" in reading:
        return ""
    about = phrase.about or reading.endswith("~")
    return reading.rstrip("~") + ("%" if about and phrase.perhaps else "~" if about else "?")


def _unmarked(phrase: Phrase, today: date | None, direction: Direction) -> Iterator[str]:
    if _counts_in_days(phrase):
        if today:
            yield from _counted_in_days(phrase, today, direction)
    elif phrase.months is not None:
        if today:
            year, month = _shifted(today, phrase.months + 12 * (phrase.years or 0))
            yield from _in_month(year, month, phrase)
    elif phrase.season:
        for year in _years_of(phrase, today, direction):
            yield f"{year}-{phrase.season}{'~' if phrase.part else ''}"
    elif phrase.month:
        for year in _years_of(phrase, today, direction):
            yield from _in_month(year, phrase.month, phrase)
    elif phrase.day:
        if today:
            yield from _such_days(phrase.day, phrase.which, today, direction)
    elif phrase.unit == "month" and phrase.part and today:
        yield from _in_month(today.year, today.month, phrase)
    elif phrase.part in WEEKS:
        return  # “in the first week of 2019” is no week of a month
    elif says_year(phrase) or _is_part_of_year(phrase):
        for year in _years_of(phrase, today, direction):
            yield from _in_year(year, phrase)


def _is_part_of_year(phrase: Phrase) -> bool:
    return phrase.part in CLEAR_PARTS or (bool(phrase.part) and phrase.unit == "year")


def _counts_in_days(phrase: Phrase) -> bool:
    shifts = (phrase.days, phrase.weeks, phrase.weekday)
    return phrase.unit == "weekend" or any(shift is not None for shift in shifts)


def _shifted(today: date, months: int) -> tuple[int, int]:
    year, month = divmod(12 * today.year + today.month - 1 + months, 12)
    return year, month + 1


def _in_month(year: int, month: int, phrase: Phrase) -> Iterator[str]:
    whole, part = f"{year}-{month:02}", phrase.part
    last = calendar.monthrange(year, month)[1]
    if phrase.day:
        yield f"{whole}-{phrase.day:02}"
    elif not part:
        yield whole
    elif part == "end":
        yield from (f"{whole}~", f"{whole}-{last}")
    elif part in DAYS_OF_PART:
        if part in VAGUE_PARTS:
            yield f"{whole}~"
        first, end = (day if day > 0 else last + day for day in DAYS_OF_PART[part])
        yield f"{whole}-{first:02}/{whole}-{end:02}"


def _months_of_part(part: str) -> tuple[int, int]:
    return FIRST_MONTHS.get(part) or MONTHS_OF_PART[part]


def _in_year(year: int, phrase: Phrase) -> Iterator[str]:
    if phrase.unit == "decade":
        first, last = YEARS_OF_DECADE.get(phrase.part, (0, 9))
        yield f"{year + first}/{year + last}"
        return
    if not phrase.part:
        yield str(year)
        if phrase.unit == "fiscal year":  # in Japan from April
            yield f"{year}-04/{year + 1}-03"
        return
    if phrase.part not in CLEAR_PARTS:
        yield f"{year}~"
    first, last = _months_of_part(phrase.part)
    if phrase.unit == "fiscal year":
        yield f"{year}-04/{year}-09" if last == 6 else f"{year}-10/{year + 1}-03"
    yield f"{year}-{first:02}/{year}-{last:02}"


# Without a year -----------------------------------------------------------------------------------


def _years_of(phrase: Phrase, today: date | None, direction: Direction) -> Iterator[int]:
    """Yield the years that a phrase may mean, likeliest first."""
    if says_year(phrase):
        if phrase.year is None and today is None:
            return
        year = phrase.year or today.year + (phrase.years or 0)  # type: ignore[union-attr]
        yield year
        if phrase.season == 24 and phrase.unit != "winter":
            yield year - 1  # the winter that ended in this year
        return
    if today is None:
        return
    if not phrase.month and not phrase.season:
        first, last = _months_of_part(phrase.part)
    else:
        first = month_of(phrase)
        last = first + 2 if phrase.season else first
    yield from _years_near(phrase, (first, last), today, direction)


def _years_near(
    phrase: Phrase, months: tuple[int, int], today: date, direction: Direction
) -> Iterator[int]:
    """Yield years of a period from a first to a last month, the latter up to 14."""
    first, last = months
    now = today.month + (today.day / 100 if phrase.day else 0)
    begin = first + (phrase.day / 100 if phrase.day else 0)
    begun = today.year if begin <= now else today.year - 1
    ended = next(
        y for y in (today.year, today.year - 1, today.year - 2) if _is_over(y, last, today)
    )
    if phrase.which in {"last", "recent"}:
        yield ended
        if phrase.which == "last" and ended == today.year:
            yield ended - 1
    elif phrase.which == "this":
        # In March "this winter" is the one that has just ended.
        yield (
            today.year - 1 if last > 12 and today.month <= MAX_MONTH_OF_PAST_WINTER else today.year
        )
    elif phrase.which == "next":
        yield begun + 1
    else:
        since, until = (
            12 * (today.year - begun) + now - begin,
            12 * (begun + 1 - today.year) + begin - now,
        )
        is_running = not _is_over(begun, last, today)
        both = (begun, begun + 1)
        if (is_running and direction != "future") or (is_running and since == 0):
            yield begun
        elif direction == "near":
            yield both[until < since]
        elif direction == "future":
            # In July "by the end of June" rather speaks of the last one.
            yield from both if 3 * since < until else reversed(both) if since < until else both[1:]
        elif until < since:
            # In November "in January" rather speaks of the next one.
            yield from both if 5 * until > since else reversed(both)
        else:
            yield begun


def _is_over(year: int, last_month: int, today: date) -> bool:
    return 12 * year + last_month < 12 * today.year + today.month


# Counted in days ----------------------------------------------------------------------------------


def _counted_in_days(phrase: Phrase, today: date, direction: Direction) -> Iterator[str]:
    if phrase.unit == "weekend":
        weeks = (phrase.weeks or 0) - (phrase.weeks is None and today.weekday() < 5)
        saturday = today + timedelta(days=7 * weeks + 5 - today.weekday())
        yield f"{saturday}/{saturday + timedelta(days=1)}"
    elif phrase.days is not None:
        yield str(today + timedelta(days=phrase.days))
    elif phrase.weeks is None:
        past, coming = (
            _such_weekday(phrase, today),
            today + timedelta(days=7 - _days_since(phrase, today)),
        )
        if phrase.which:
            yield str(past)
        else:
            yield from map(str, (coming, past) if direction == "future" else (past, coming))
    elif phrase.about:  # "two weeks ago" is about a day
        yield str(today + timedelta(weeks=phrase.weeks))
    else:
        monday = today + timedelta(days=7 * phrase.weeks - today.weekday())
        if phrase.weekday is None:
            yield f"{monday}/{monday + timedelta(days=6)}"
        else:
            yield str(monday + timedelta(days=phrase.weekday))


def _days_since(phrase: Phrase, today: date) -> int:
    """Return how many days ago such a weekday was; 0 if it is today."""
    return (today.weekday() - (phrase.weekday or 0)) % 7


def _such_weekday(phrase: Phrase, today: date) -> date:
    back = _days_since(phrase, today)
    if phrase.which == "next":
        return today + timedelta(days=7 - back)
    if phrase.which == "this":
        return today + timedelta(days=(phrase.weekday or 0) - today.weekday())
    return today - timedelta(days=back or (7 if phrase.which else 0))


def _such_days(day: int, which: str, today: date, direction: Direction) -> Iterator[str]:
    """Yield the latest day of this number and the coming one, likeliest first."""
    past, coming = _such_day(day, today, -1), _such_day(day, today, 1)
    if which:
        yield coming if which == "next" else past
        return
    try:
        is_nearer = (date.fromisoformat(coming) - today) < (today - date.fromisoformat(past))
    except ValueError:  # a 32nd: the caller sees that it does not exist
        is_nearer = False
    is_coming = direction == "future" or (direction == "near" and is_nearer)
    yield from (coming, past) if is_coming else (past, coming)


def _such_day(day: int, today: date, step: Literal[-1, 1]) -> str:
    """Return the latest day of this number (-1) or the coming one (1)."""
    is_this_month = day > today.day if step == 1 else day <= today.day
    shift = 0 if is_this_month else int(step)
    year, month = _shifted(today, shift)
    while day > calendar.monthrange(year, month)[1] and day <= 31:  # February has no 30th
        shift += step
        year, month = _shifted(today, shift)
    return f"{year}-{month:02}-{day:02}"
