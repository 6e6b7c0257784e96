"""Months without a year in a query: 6月末, 6월 말, конец июня. Texts have them in English, too."""

import calendar
import re
from collections.abc import Sequence

from app.record.search import plain_text

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
