"""What the proposer of estimates must know about a language."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.desk.reading.estimates.numbers import NumberValue
from app.desk.reading.marks import Figure

Words = Sequence[tuple[str, str]]
"""Patterns and the code of each."""
Compiled = Sequence[tuple[re.Pattern[str], str]]
ReadPhrase = Callable[[re.Match[str]], Figure | None]

AS_DAYS = {"weeks": 7, "half-months": 15}
MAX_WHOLE = 10
"""“30 in 400” are two counts, and no share."""
AS_SHARE = {"percent": 0.01, "tenths": 0.1, "times": 1}


@dataclass
class Grammar:
    """Patterns match a plain text: lower case, without `ё`."""

    number: str
    value: Callable[[str], NumberValue | None]
    joints: str
    """What joins the two numbers of a range."""
    before: Words
    """Quantifiers before the number."""
    units: Words
    phrases: Sequence[tuple[str, ReadPhrase]]
    """Whole phrases: words without a number, shares and changes."""
    per_before: Words = ()
    per_after: Words = ()
    inside: Words = ()
    """Quantifiers between the number and its unit, as in 300여 명."""
    after: Words = ()
    """Quantifiers after the unit."""
    gap: str = r"\s?"
    """Words allowed between the number and its unit."""
    money_before: Words = ()
    """Signs of currencies before the number."""
    no_number_before: str = r"[0-9.,]$"
    no_number_after: str = r"[0-9]"
    falls: str = r"(?!)"
    """Words that make a share a fall, before or after it."""
    rises: str = r"(?!)"
    elided_after: str = r"(?!)"
    """What follows a number whose noun is that of the number before it."""
    elided_before: str = r"(?!)"
    """What comes before such a number."""
    of_people: str = r"(?!)"
    """What follows a number of people whose noun is left out."""
    changes_before: str = r"(?!)"
    """Before a former number with its present one: “rose from”."""
    changes_after: str = r"(?!)"
    """After such a pair: 500명에서 200명으로 줄."""
    pay: str = r"(?!)"
    """Words for pay that say the month: of money in the same clause they are the rate."""

    @cached_property
    def number_pattern(self) -> re.Pattern[str]:
        return re.compile(self.number)

    @cached_property
    def joint_pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{self.joints})(?P<second>{self.number})")

    @cached_property
    def lists(self) -> dict[str, Compiled]:
        ends = {"before": r"\s*$", "per_before": r"\s*$", "money_before": r"\s*$"}
        return {
            name: [
                (re.compile(f"(?:{pattern}){ends.get(name, '')}"), code)
                for pattern, code in getattr(self, name)
            ]
            for name in (
                "before",
                "inside",
                "after",
                "units",
                "per_before",
                "per_after",
                "money_before",
            )
        }

    @cached_property
    def phrase_patterns(self) -> Sequence[tuple[re.Pattern[str], ReadPhrase]]:
        return [(re.compile(pattern), read) for pattern, read in self.phrases]


def words_only(unit: str = "people") -> ReadPhrase:
    """Return a reader of words without a figure, such as “scores of”."""
    return lambda _found: Figure("words", unit=unit)


def share(value: float) -> ReadPhrase:
    """Return a reader of a share in words, such as “half of”."""
    return lambda found: Figure(_quantifier(found), value, value, "ratio", form="share")


def change(value: float) -> ReadPhrase:
    """Return a reader of a change in words, such as “halved”."""
    return lambda found: change_of(_quantifier(found), value, value)


def change_of(quantifier: str, low: float, high: float) -> Figure:
    """Return a change with its bounds in order: a fall of up to 80 per cent is from −0.8 to 0."""
    low, high = sorted((low, high))
    if high < 0 and quantifier in {"up-to", "fewer-than"}:
        quantifier, high = "range", 0
    elif high < 0 and quantifier in {"at-least", "more-than"}:
        quantifier, low = "range", -1
    return Figure(quantifier, low, high, "ratio", form="percent-change")


def one_in(value: Callable[[str], NumberValue | None]) -> ReadPhrase:
    """Return a reader of shares such as “three in five”, with the groups `part` and `whole`."""

    def read(found: re.Match[str]) -> Figure | None:
        part, whole = value(found["part"]), value(found["whole"])
        if not part or not whole or not 0 < part.low < whole.low <= MAX_WHOLE:
            return None
        ratio = round(part.low / whole.low, 3)
        return Figure(_quantifier(found), ratio, ratio, "ratio", form="share")

    return read


def length(number: float, unit: str) -> ReadPhrase:
    """Return a reader of a length of time in words, such as “half a year”."""
    return lambda found: Figure(_quantifier(found), number, number, unit)


def _quantifier(found: re.Match[str]) -> str:
    """Return the quantifier after which the group that matched is named: `more_than`."""
    others = {"part", "whole"}
    names = (name for name, text in found.groupdict().items() if text and name not in others)
    return next((name.rstrip("2").replace("_", "-") for name in names), "exact")
