"""The parts of a phrase such as "late April", in any language."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

Kind = Literal[
    "year",
    "month",
    "day",
    "number",
    "season",
    "weekday",
    "part",
    "unit",
    "which",
    "years",
    "months",
    "weeks",
    "days",
    "about",
    "perhaps",
    "since",
    "until",
    "by",
    "to",
    "or",
    "between",
    "and",
]
"""What a token says. `years`, `months`, `weeks` and `days` count from the day of the article."""

Unit = Literal["day", "week", "month", "year"]

SHIFTS: dict[Unit, Kind] = {"day": "days", "week": "weeks", "month": "months", "year": "years"}


class DateToken(NamedTuple):
    kind: Kind
    value: int | str = ""


DateTokens = tuple[DateToken, ...]
Lexicon = Mapping[str, DateTokens]
"""Words of one language, in lower case, and what each of them says. No token: a filler."""

LAST, RECENT, THIS, NEXT = (DateToken("which", way) for way in ("last", "recent", "this", "next"))
"""`LAST` April may be this year's or the year before's; `RECENT` April is the latest one."""
ABOUT, PERHAPS, SINCE, UNTIL, BY, TO, OR, BETWEEN, AND = (
    DateToken(kind)
    for kind in ("about", "perhaps", "since", "until", "by", "to", "or", "between", "and")
)
EARLY, MID, LATE, CLOSE, END, FIRST_HALF, SECOND_HALF = (
    DateToken("part", name)
    for name in ("early", "mid", "late", "close", "end", "first half", "second half")
)
"""`CLOSE` is 말, 末, 底: the last days; `END` may be the last day itself."""
EARLY_MID, MID_LATE = (DateToken("part", name) for name in ("early and mid", "mid and late"))
WEEKS_OF_MONTH = {
    name: DateToken("part", f"week {which}")
    for which, names in (
        ("1", "first 첫째 첫 1 перв"),
        ("2", "second 둘째 2 втор"),
        ("3", "third 셋째 3 трет"),
        ("4", "fourth 넷째 4 четверт"),
        ("last", "last final 마지막 最后一 最後の последн"),
    )
    for name in names.split()
}
"""The weeks of a month, by the beginning of their number in several languages."""
QUARTERS = tuple(DateToken("part", f"quarter {number}") for number in (1, 2, 3, 4))
WEEK, WEEKEND, MONTH, YEAR, FISCAL_YEAR, DECADE = (
    DateToken("unit", name)
    for name in ("week", "weekend", "month", "year", "fiscal year", "decade")
)
SPRING, SUMMER, AUTUMN, WINTER = (DateToken("season", number) for number in (21, 22, 23, 24))


def same(token: DateToken | DateTokens, words: str | Iterable[str]) -> dict[str, DateTokens]:
    """Return a lexicon in which all words say the same; words in one text are apart by `|`."""
    tokens = (token,) if isinstance(token, DateToken) else token
    each = words.split("|") if isinstance(words, str) else words
    return dict.fromkeys(each, tokens)


def fillers(words: str) -> dict[str, DateTokens]:
    """Return a lexicon of words that say nothing about the date."""
    return same((), words)


def years(shift: int) -> DateToken:
    return DateToken("years", shift)


def months(shift: int) -> DateToken:
    return DateToken("months", shift)


def weeks(shift: int) -> DateToken:
    return DateToken("weeks", shift)


def days(shift: int) -> DateToken:
    return DateToken("days", shift)


THIS_TIME: DateTokens = (months(0), ABOUT)
"""About this time, as in "about this time last year"."""
LATELY: DateTokens = (months(0), ABOUT)
"""Recently: about the month of the article."""
DAYS_AGO: DateTokens = (days(0), ABOUT)
"""A few days ago: about the day of the article."""
