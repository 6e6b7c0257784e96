"""What a phrase says about each of its dates, before it is counted from the day of an article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.dates.phrases.tokens import DateToken

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
