"""Suggest dates for words: "late April 2019" as about April 2019.

The editor chooses. Words such as "Monday" or "last month" count from the article's publication
date, and are ignored if that is not precise enough.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from app.dates import edtf as dates
from app.dates import wording
from app.dates.edtf import DateError

MAX_OFFERS = 4

RUSSIAN = [
    "янв",
    "фев",
    "мар",
    "апр",
    "май мая мае",
    "июн",
    "июл",
    "авг",
    "сен",
    "окт",
    "ноя",
    "дек",
]
MONTHS = {name[:3].lower(): number for number, name in enumerate(dates.MONTHS, 1)} | {
    stem: number for number, stems in enumerate(RUSSIAN, 1) for stem in stems.split()
}
"""Beginnings of month names in English and, in all cases, in Russian."""
SEASONS = {
    "spring": 21,
    "summer": 22,
    "autumn": 23,
    "fall": 23,
    "winter": 24,
    "весна": 21,
    "весной": 21,
    "лето": 22,
    "летом": 22,
    "осень": 23,
    "осенью": 23,
    "зима": 24,
    "зимой": 24,
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})[a-zа-я]*\.?"
_YEAR = r"(?P<year>(?:18|19|20|21)[0-9]{2})"
_NUMBER = r"(?P<number>1[0-2]|0?[1-9])"
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
PARTS_BEFORE = {
    **dict.fromkeys(("начало", "начале"), "early"),
    **dict.fromkeys(("середина", "середине"), "mid"),
    **dict.fromkeys(("конец", "конце"), "late"),
    **dict.fromkeys(("первая половина", "первой половине"), "first half of"),
    **dict.fromkeys(("вторая половина", "второй половине"), "second half of"),
}
"""Russian names for parts of a month or year; like the English ones, they come first."""
_PART = (
    r"(?P<part>early|mid|middle of|late|beginning of|start of|end of|first half of|second half of|"
    rf"{'|'.join(PARTS_BEFORE)})[ -]"
)
PARTS_AFTER = {
    "초": "early",
    "초순": "early",
    "상순": "early",
    "중순": "mid",
    "하순": "late",
    "말": "late",
    "初": "early",
    "上旬": "early",
    "中旬": "mid",
    "下旬": "late",
    "末": "late",
    "底": "late",
}
"""Korean, Chinese and Japanese names for parts of a month or year; they come last."""
_PART_AFTER = rf"(?P<after>{'|'.join(sorted(PARTS_AFTER, key=len, reverse=True))})"
RELATIVE = {
    **dict.fromkeys(("올해", "금년", "今年", "этот год", "этом году"), "this year"),
    **dict.fromkeys(("지난해", "작년", "去年", "昨年", "прошлый год", "прошлом году"), "last year"),
    **dict.fromkeys(("이달", "이번 달", "本月", "今月", "этот месяц", "этом месяце"), "this month"),
    **dict.fromkeys(
        ("지난달", "지난 달", "上月", "上个月", "先月", "прошлый месяц", "прошлом месяце"),
        "last month",
    ),
    **dict.fromkeys(("이번 주", "本周", "今週", "эта неделя", "этой неделе"), "this week"),
    **dict.fromkeys(
        ("지난주", "지난 주", "上周", "先週", "прошлая неделя", "прошлой неделе"), "last week"
    ),
    **dict.fromkeys(("오늘", "今天", "今日", "сегодня"), "today"),
    **dict.fromkeys(("어제", "昨天", "昨日", "вчера"), "yesterday"),
}
IGNORED = re.compile(r"^(?:в|во|на) |(?<=[0-9]) ?(?:года|году|год|г\.?)(?![а-я])")
"""Russian words before a time and after a year."""

# The first match counts, so longer patterns come first.
WRITTEN = [
    rf"{_DAY}(?: of)? {_MONTH},? {_YEAR}",
    rf"{_MONTH} {_DAY},? {_YEAR}",
    rf"{_YEAR} ?[./年년-] ?{_NUMBER} ?[./月월-] ?{_DAY}[日일.]?",
    rf"{_DAY}[./]{_NUMBER}[./]{_YEAR}",
    rf"(?:{_PART})?(?:the )?{_MONTH},? {_YEAR}",
    rf"{_YEAR} ?[./年년-] ?{_NUMBER}[月월.]?",
    rf"{_YEAR} ?[年년] ?{_NUMBER} ?[月월] ?{_PART_AFTER}",
    rf"{_YEAR} ?[年년] ?{_PART_AFTER}",
    rf"(?P<season>{'|'.join(SEASONS)})(?: of)? {_YEAR}",
    rf"(?:{_PART})?(?:the )?(?:year )?{_YEAR}[年년]?",
    rf"{_DAY}(?: of)? {_MONTH}",
    rf"{_MONTH} {_DAY}",
    rf"{_NUMBER} ?[月월] ?{_DAY}[日일]",
    rf"(?:{_PART})?(?:the )?{_MONTH}",
    rf"{_NUMBER} ?[月월] ?{_PART_AFTER}?",
]
DOUBTS = [
    (r"(?:about|around|circa|c\.|ca\.|approximately|roughly|some time in|около|примерно) ?", "~"),
    (r"(?:perhaps|probably|possibly|maybe|reportedly) ", "?"),
]
JOINED = [
    (r"(?:between|from) (.+?) (?:and|to|until) (.+)", "{}/{}"),
    (r"(?:с|со) (.+?) (?:по|до) (.+)", "{}/{}"),
    (r"(.+?) (?:to|until|through) (.+)", "{}/{}"),
    (r"(.+?) ?[–—~～] ?(.+)", "{}/{}"),
    (r"(.+?) (?:or|или) (.+)", "[{},{}]"),
    (r"(?:since|from|с|со) (.+)", "{}/.."),
    (r"(?:until|till|up to|до) (.+)", "../{}"),
]


class DateOffer(NamedTuple):
    edtf: str
    words: str


def date_offers(typed: str, published: str = "") -> list[DateOffer]:
    """Return dates that the words may mean, likeliest first; none if they already are a date."""
    readings: list[str] = []
    for edtf in _readings(_normalise(typed), published):
        try:
            read = dates.parse(edtf).text
        except DateError:
            continue
        if read not in readings and read != typed.strip():
            readings.append(read)
    return [DateOffer(edtf, wording.in_words(edtf)) for edtf in readings[:MAX_OFFERS]]


def invalid_day_error(typed: str, published: str = "") -> DateError | None:
    """Return why words that name a day mean none: February has no 31st."""
    for edtf in _readings(_normalise(typed), published):
        try:
            dates.parse(edtf)
        except DateError as error:
            return error
    return None


def suggested_dates(published: str) -> list[DateOffer]:
    """Return dates that articles often mention: their own day, that month and the month before."""
    part = _precise_date(published)
    if part is None or part.year is None or not part.month:
        return []
    before = f"{part.year - 1}-12" if part.month == 1 else f"{part.year}-{part.month - 1:02}"
    dates_near = [f"{part.year}-{part.month:02}", before]
    if part.day:
        dates_near.insert(0, part.text)
    return [DateOffer(edtf, wording.in_words(edtf)) for edtf in dates_near]


def _normalise(typed: str) -> str:
    return IGNORED.sub("", " ".join(typed.lower().split()))[: dates.MAX_LENGTH]


def _readings(text: str, published: str) -> Iterator[str]:
    for pattern, mark in DOUBTS:
        if found := re.match(pattern, text):
            yield from (
                edtf + mark
                for edtf in _single_readings(text[found.end() :], published)
                if edtf[-1:].isdigit()
            )
            return
    yield from _single_readings(text, published)
    for pattern, shape in JOINED:
        if found := re.fullmatch(pattern, text):
            sides_alone = found.groups()
            # The first side may omit a month or year that the last one has: "3 to 5 May 2019".
            for sides in (
                [f"{side} {_missing_words(side, sides_alone[-1])}".strip() for side in sides_alone],
                sides_alone,
            ):
                read = [next(_single_readings(side, published), "") for side in sides]
                if all(read):
                    yield shape.format(*read)
            return
    yield from _relative(text, published)


def _missing_words(text: str, other: str) -> str:
    words = other.split()
    return " ".join(words[len(text.split()) :])


def _single_readings(text: str, published: str) -> Iterator[str]:
    """Yield readings of one date.

    A part of a month is read as about that month, or as its days.
    """
    for pattern in WRITTEN:
        if found := re.fullmatch(pattern, text):
            parts = found.groupdict()
            break
    else:
        return
    month = MONTHS.get(parts.get("month") or "") or int(parts.get("number") or 0)
    name_of_part = parts.get("part") or ""
    day, part = (
        parts.get("day"),
        PARTS_BEFORE.get(name_of_part, name_of_part) or PARTS_AFTER.get(parts.get("after") or ""),
    )
    if season := parts.get("season"):
        yield f"{parts['year']}-{SEASONS[season]}"
        return
    year = parts.get("year") or _year_of(month, published)
    if not year:
        return
    if day:
        yield f"{year}-{month:02}-{int(day):02}"
        return
    whole = f"{year}-{month:02}" if month else year
    if part and not part.endswith("half of"):
        yield f"{whole}~"
    yield from _days_of_part(whole, part) if part else (whole,)


def _days_of_part(whole: str, part: str) -> Iterator[str]:
    """Yield the days of a part: a third of a month or year, or a half."""
    days = dates.parse(whole).whole
    if days is None or days.first is None or days.last is None:
        return
    year, month = days.first.year, days.first.month
    is_month = "-" in whole
    if part in {"first half of", "second half of"}:
        is_first = part.startswith("first")
        if is_month:
            yield f"{whole}-01/{whole}-15" if is_first else f"{whole}-16/{days.last}"
        else:
            yield f"{year}-01/{year}-06" if is_first else f"{year}-07/{year}-12"
    elif part == "end of" and is_month:
        yield str(days.last)
    elif is_month:
        bounds = {"early": ("01", "10"), "mid": ("11", "20"), "late": ("21", str(days.last.day))}
        first, last = bounds[_third(part)]
        yield f"{year}-{month:02}-{first}/{year}-{month:02}-{last}"
    else:
        first, last = {"early": ("01", "04"), "mid": ("05", "08"), "late": ("09", "12")}[
            _third(part)
        ]
        yield f"{year}-{first}/{year}-{last}"


def _third(part: str) -> str:
    return (
        "early"
        if part in {"early", "beginning of", "start of"}
        else "late"
        if part in {"late", "end of"}
        else "mid"
    )


# Relative to the article ------------------------------------------------------------------------


def _precise_date(published: str) -> dates.Part | None:
    """Return the article's date if it is a certain day, month or year."""
    try:
        edtf = dates.parse(published)
    except DateError:
        return None
    part = edtf.parts[0]
    return (
        part
        if edtf.shape == "date" and not part.mark and part.precision in {"day", "month", "year"}
        else None
    )


def _year_of(month: int, published: str) -> str:
    """Return the year of the last such month that had begun when the article came out."""
    part = _precise_date(published)
    if part is None or part.year is None or not part.month:
        return ""
    return str(part.year if month <= part.month else part.year - 1)


def _relative(text: str, published: str) -> Iterator[str]:
    part = _precise_date(published)
    if part is None or part.year is None:
        return
    text = RELATIVE.get(text, text)
    if text in {"this year", "last year"}:
        yield str(part.year - (text == "last year"))
    if part.month and text in {"this month", "last month"}:
        first = date(part.year, part.month, 1)
        first_of_month = first if text == "this month" else first - timedelta(days=1)
        yield f"{first_of_month.year}-{first_of_month.month:02}"
    if part.month and part.day:
        day = date(part.year, part.month, part.day)
        if text in {"today", "yesterday"}:
            yield str(day - timedelta(days=text == "yesterday"))
        if text in {"this week", "last week"}:
            monday = day - timedelta(days=day.weekday() + 7 * (text == "last week"))
            yield f"{monday}/{monday + timedelta(days=6)}"
        if (weekday := text.removeprefix("on ").removeprefix("last ")) in WEEKDAYS:
            days_back = (day.weekday() - WEEKDAYS.index(weekday)) % 7 or (
                7 if text.startswith("last ") else 0
            )
            yield str(day - timedelta(days=days_back))


def words(edtf: str) -> str:
    """Return a date in words; unparsable text as it is."""
    try:
        return wording.in_words(edtf) if edtf else ""
    except DateError:
        return edtf
