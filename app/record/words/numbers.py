"""Numbers in a query: with separators, in words, and with Chinese or Korean units."""

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
ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
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
    return _in_words(words)


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


def _in_words(words: Sequence[str]) -> tuple[int, int] | None:
    """Read "six thousand", "two hundred thousand"; a number below a hundred needs a scale."""
    total = used = 0
    for word in words[:MAX_WORDS]:
        plain = plain_text(word)
        if plain in ENGLISH and not used:
            total = ENGLISH[plain]
        elif plain in SCALES and used:
            total *= SCALES[plain]
        else:
            break
        used += 1
    return (total, used) if used > 1 else None


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
