"""Values of numbers as five languages write them: 1.5 million, 2만 8천, 六七百, полторы тысячи."""

import re
from collections.abc import Mapping
from typing import NamedTuple


class NumberValue(NamedTuple):
    """The value of a number; two values for 六七百 or 서너."""

    low: float
    high: float


DIGITS = dict(zip("〇零一二三四五六七八九两兩", (0, 0, *range(1, 10), 2, 2), strict=True))
SMALL = {"十": 10, "십": 10, "百": 100, "백": 100, "千": 1000, "천": 1000}
LARGE = {"万": 10_000, "萬": 10_000, "만": 10_000, "亿": 10**8, "億": 10**8, "억": 10**8}
PAIR = re.compile(r"([一二三四五六七八九两兩])([一二三四五六七八九两兩])(?![一二三四五六七八九])")


def _numbered(words: Mapping[float, str]) -> dict[str, float]:
    """Return the number of each word; words of one number are apart by spaces."""
    return {word: number for number, each in words.items() for word in each.split()}


def east_asian(text: str) -> NumberValue | None:
    """Return the value of a number in figures, characters or both."""
    text = re.sub(r"[\s,，]", "", text)
    pair = PAIR.search(text)
    if pair and DIGITS[pair[2]] - DIGITS[pair[1]] == 1:  # 六七百 is 600 or 700
        before, after = text[: pair.start()], text[pair.end() :]
        values = [_value(before + digit + after) for digit in pair.groups()]
        if None in values:
            return None
        return NumberValue(values[0] or 0, values[1] or 0)
    value = _value(text)
    return None if value is None else NumberValue(value, value)


def _value(text: str) -> float | None:
    total = section = 0.0
    number: float | None = None
    for part in re.findall(r"[0-9]+(?:\.[0-9]+)?|.", text):
        if part[0].isdigit() and part[0].isascii():
            number = float(part)
        elif part in DIGITS:
            number = (number or 0) * 10 + DIGITS[part]
        elif part in SMALL:
            section += (1 if number is None else number) * SMALL[part]
            number = None
        elif part in LARGE:
            section += number or 0
            total += (section or 1) * LARGE[part]
            section, number = 0.0, None
        else:
            return None
    return total + section + (number or 0)


# English ------------------------------------------------------------------------------------------

ENGLISH_ONES = _numbered(
    {
        0: "zero",
        1: "one a an single",
        2: "two",
        3: "three",
        4: "four",
        5: "five",
        6: "six",
        7: "seven",
        8: "eight",
        9: "nine",
        10: "ten",
        11: "eleven",
        12: "twelve",
        13: "thirteen",
        14: "fourteen",
        15: "fifteen",
        16: "sixteen",
        17: "seventeen",
        18: "eighteen",
        19: "nineteen",
    }
)
ENGLISH_TENS = _numbered(
    {
        20: "twenty",
        30: "thirty",
        40: "forty",
        50: "fifty",
        60: "sixty",
        70: "seventy",
        80: "eighty",
        90: "ninety",
    }
)
ENGLISH_SCALES = _numbered(
    {12: "dozen", 100: "hundred", 1000: "thousand k", 10**6: "million m mn", 10**9: "billion bn"}
)


def english(text: str) -> NumberValue | None:
    """Return the value of 6,000, 1.5 million, thirty-five or two hundred."""
    total = 0.0
    current: float | None = None
    for word in re.findall(r"[0-9][0-9,.]*|[a-z]+", text.lower()):
        if word[0].isdigit():
            current = float(word.replace(",", "").rstrip("."))
        elif word in ENGLISH_ONES:
            current = (current or 0) + ENGLISH_ONES[word]
        elif word in ENGLISH_TENS:
            current = (current or 0) + ENGLISH_TENS[word]
        elif word in ENGLISH_SCALES:
            scaled = (1 if current is None else current) * ENGLISH_SCALES[word]
            if ENGLISH_SCALES[word] >= 1000:
                total, current = total + scaled, None
            else:
                current = scaled
        elif word != "and":
            return None
    value = total + (current or 0)
    return NumberValue(value, value)


# Russian ------------------------------------------------------------------------------------------

RUSSIAN_WORDS = _numbered(
    {
        1: "один одна одной одну одного одном",
        1.5: "полтора полторы полутора",
        2: "два две двух двум двумя двое двоих",
        3: "три трех трем тремя трое троих",
        4: "четыре четырех четырем четверо четверых",
        5: "пять пяти пятеро пятерых",
        6: "шесть шести шестеро шестерых",
        7: "семь семи семеро семерых",
        8: "восемь восьми",
        9: "девять девяти",
        10: "десять десяти десяток десятка",
        11: "одиннадцать одиннадцати",
        12: "двенадцать двенадцати дюжина дюжину",
        13: "тринадцать тринадцати",
        14: "четырнадцать четырнадцати",
        15: "пятнадцать пятнадцати",
        16: "шестнадцать",
        17: "семнадцать",
        18: "восемнадцать",
        19: "девятнадцать",
        20: "двадцать двадцати",
        30: "тридцать тридцати",
        40: "сорок сорока",
        50: "полсотни пятьдесят пятидесяти",
        60: "шестьдесят шестидесяти",
        70: "семьдесят семидесяти",
        80: "восемьдесят восьмидесяти",
        90: "девяносто девяноста",
        100: "сто ста сотня сотню",
        200: "двести двухсот",
        300: "триста трехсот",
        400: "четыреста четырехсот",
        500: "пятьсот пятисот",
        600: "шестьсот шестисот",
        700: "семьсот семисот",
        800: "восемьсот восьмисот",
        900: "девятьсот девятисот",
    }
)
RUSSIAN_SCALES = _numbered({1000: "тыс", 10**6: "млн миллион", 10**9: "млрд миллиард"})


def russian(text: str) -> NumberValue | None:
    """Return the value of 11 490, 7,3 тысячи or две тысячи пятьсот."""
    total = 0.0
    current: float | None = None
    text = re.sub(r"(?<=[0-9])[\s\u00a0](?=[0-9]{3}(?![0-9]))", "", text.lower())
    for word in re.findall(r"[0-9]+(?:[.,][0-9]+)?|[а-я]+", text.replace("ё", "е")):
        scale = next((value for stem, value in RUSSIAN_SCALES.items() if word.startswith(stem)), 0)
        if word[0].isdigit():
            current = float(word.replace(",", "."))
        elif scale:
            total, current = total + (1 if current is None else current) * scale, None
        elif word in RUSSIAN_WORDS:
            current = (current or 0) + RUSSIAN_WORDS[word]
        else:
            return None
    value = total + (current or 0)
    return NumberValue(value, value)


# Korean -------------------------------------------------------------------------------------------

KOREAN_TENS = ("열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
KOREAN_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
NATIVE_KOREAN = {
    word: bounds
    for bounds, words in (
        *(
            ((number, number), words)
            for number, words in enumerate(
                (
                    "한 하나",
                    "두 둘",
                    "세 석 셋",
                    "네 넉 넷",
                    "다섯",
                    "여섯",
                    "일곱",
                    "여덟",
                    "아홉",
                    "열",
                ),
                1,
            )
        ),
        ((20, 20), "스무"),
        *(
            ((10 * ten + one, 10 * ten + one), tens + ones)
            for ten, tens in enumerate(KOREAN_TENS, 1)
            for one, ones in enumerate(KOREAN_ONES)
            if one or ten > 1
        ),
        ((1, 2), "한두"),
        ((2, 3), "두세"),
        ((3, 4), "서너"),
        ((4, 5), "너댓 네댓"),
        ((5, 6), "대여섯"),
        ((6, 7), "예닐곱"),
        ((7, 8), "일고여덟"),
    )
    for word in words.split()
}


def korean(text: str) -> NumberValue | None:
    """Return the value of 1만5천, 2만 8천, 천 or 서너."""
    if text in NATIVE_KOREAN:
        return NumberValue(*NATIVE_KOREAN[text])
    return east_asian(text)
