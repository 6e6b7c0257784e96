"""Numbers in a query, with separators or Chinese and Korean units; and months without a year."""

import calendar
import re
from collections.abc import Sequence

from app.record.search import plain_text

DIGITS = re.compile(r"\d{1,3}(?:[,.’' \u00a0\u202f]\d{3})+|\d+")
ONLY_DIGITS = re.compile(r"\d{1,3}")
THREE_DIGITS = re.compile(r"\d{3}")
UNITS = {"만": 10_000, "万": 10_000, "萬": 10_000, "천": 1_000, "千": 1_000, "백": 100, "百": 100}
WITH_UNITS = re.compile(r"(?:(\d[\d,.]*)([만万萬천千백百]))+(?=\D|$)")
PART = re.compile(r"(\d[\d,.]*)([만万萬천千백百])")
COUNTERS = re.compile(
    r"^(여명|여 명|명|名|人|개|个|人余|余人|多人|多名|여|人以上|명이|명의|명을|위안|달러)?$"
)
COUNTER_WORD = re.compile(r"여?\s?명(?:이|의|을|은|도|씩|으로|에게)?|名|人|개|个|個")
"""What follows a number after a space, and is no word to look for."""
SCALES = {
    "hundred": 100, "thousand": 1_000, "million": 1_000_000, "тысяч": 1_000, "тысячи": 1_000,
    "тысяча": 1_000, "тыс": 1_000, "млн": 1_000_000,
}  # fmt: skip
MAX_WORDS = 4
MAX_VALUE = 10**12


def read_number(words: Sequence[str]) -> tuple[int, int] | None:
    """Return the number at the start of some words, and how many of them it has."""
    if not words:
        return None
    first = plain_text(words[0])
    if (units := WITH_UNITS.match(first)) and COUNTERS.match(first[units.end() :]):
        value, used = _with_units(units[0]), 1
        smallest = UNITS[PART.findall(units[0])[-1][1]]
        # Koreans write 9만 4천 명.
        while used < len(words) and used < MAX_WORDS:
            more = WITH_UNITS.match(plain_text(words[used]))
            if not more or _with_units(more[0]) >= smallest:
                break
            value, smallest, used = value + _with_units(more[0]), _with_units(more[0]), used + 1
        return (value, used + _counter(words, used)) if value < MAX_VALUE else None
    if (digits := DIGITS.match(first)) and COUNTERS.match(first[digits.end() :]):
        number = _digits(words, digits[0], is_whole=digits.end() == len(first))
        return number and (number[0], number[1] + _counter(words, number[1]))
    return None


def _with_units(text: str) -> int:
    return sum(round(_value(number) * UNITS[unit]) for number, unit in PART.findall(text))


def _counter(words: Sequence[str], at: int) -> int:
    """Return 1 if the next word only counts what the number is of: 12만 명."""
    return int(at < len(words) and bool(COUNTER_WORD.fullmatch(plain_text(words[at]))))


def _digits(words: Sequence[str], first: str, *, is_whole: bool) -> tuple[int, int] | None:
    text, used = re.sub(r"\D", "", first), 1
    if len(text) > len(str(MAX_VALUE)):
        return None
    if is_whole and ONLY_DIGITS.fullmatch(first):
        while used < len(words) and THREE_DIGITS.fullmatch(words[used]) and used < MAX_WORDS:
            text, used = text + words[used], used + 1
    value = int(text)
    if is_whole and used < len(words) and (scale := SCALES.get(plain_text(words[used]))):
        return value * scale, used + 1
    return value, used


def _value(number: str) -> float:
    text = number.replace(",", "").rstrip(".")
    return float(text) if text.count(".") <= 1 else 0.0


def spellings_of(value: int) -> list[str]:
    """Return a number as texts have it: 6,000, 6000, 2万, 2만, 6천."""
    found = [f"{value:,}", str(value)] if value >= 1_000 else [str(value)]
    for size, units in ((10_000, "万만萬"), (1_000, "천千")):
        if value % size == 0 and 0 < value // size < 10_000:
            found += [f"{value // size}{unit}" for unit in units]
    return list(dict.fromkeys(found))


PARTS = "初|上旬|中旬|下旬|末|底|초|상순|중순|하순|말"
WITH_NUMBER = re.compile(
    rf"(1[0-2]|0?[1-9])(月|월)份?(?:{PARTS})?(?:까지|までに|まで|に|에|之前|前)?"
)
WITHIN = re.compile(
    rf"(?<![\d年년])((?:(?:19|20)\d\d\s?[年년]\s?)?(?:1[0-2]|0?[1-9])[月월]份?"
    rf"(?:\s?(?:3[01]|[12]\d|0?[1-9])[日일])?(?:{PARTS})?(?:까지|までに|まで|に|에|之前|前)?)"
)
"""A date of a year or month within a text without spaces."""
PART_AFTER = re.compile(rf"(?:{PARTS})(?:까지|에)?")
MAY = 5
RUSSIAN_MONTHS = (
    "январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр",
    "декабр",
)  # fmt: skip
RUSSIAN_ENDINGS = ("", "а", "ь", "я", "е", "й", "у", "ю")
RUSSIAN_PARTS = frozenset({"конец", "конца", "конце", "концу", "начало", "начале", "середине"})


def set_apart(query: str) -> str:
    """Return a query with spaces around Chinese, Japanese and Korean months: 6月底前离开中国."""
    return query if '"' in query else " ".join(WITHIN.sub(r" \1 ", query).split())


def read_month(words: Sequence[str]) -> tuple[list[str], int] | None:
    """Return how texts have the month that some words begin with, and how many words it takes."""
    if not words:
        return None
    first = plain_text(words[0])
    if found := WITH_NUMBER.fullmatch(first):
        number = int(found[1])
        used = 2 if len(words) > 1 and PART_AFTER.fullmatch(plain_text(words[1])) else 1
        # 1月 is also the end of 11月.
        starts = ("年", "년 ", " ") if number <= 2 else ("",)
        return [*(f"{start}{number}{found[2]}" for start in starts), *_english(number)], used
    at = 1 if first in RUSSIAN_PARTS and len(words) > 1 else 0
    month = plain_text(words[at])
    for number, stem in enumerate(RUSSIAN_MONTHS, 1):
        if month.startswith(stem) and month[len(stem) :] in RUSSIAN_ENDINGS and len(month) > 2:
            return [month, *_english(number)], at + 1
    return None


def _english(number: int) -> list[str]:
    # "May" is a verb as well.
    return ["May 20", "in May ", "of May "] if number == MAY else [calendar.month_name[number]]
