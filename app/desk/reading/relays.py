"""Compares a text with those read before: is it a relay of one of them, and what does it change?

A text is kept as keyed hashes of its shingles, a part of which is enough. Without the desk's secret
they tell nothing, and no words can be made of them. Across languages the same facts are compared.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple

from app.dates import edtf as dates
from app.dates.edtf import Days
from app.desk.reading.text import ArticleReading, Figure, MarkKind

SHINGLE_LETTERS = 28
"""Letters of a shingle where words have spaces: about five words."""
SHINGLE_CHARACTERS = 11
"""Letters of a shingle in Chinese, Japanese and Korean."""
FIRST_UNSPACED = "\u1100"
"""Letters from here on are of scripts with more in each letter."""
KEPT_OF = 16
"""One of so many shingles is kept."""
HASH_BYTES = 8
MIN_SHINGLES = 12
"""Fewer are too few to compare."""
MIN_SHARE = 0.25
MIN_FACTS = 3
MIN_SHARE_OF_FACTS = 0.5
MAX_DAYS_FOR_FACTS = 4
FACTS = {MarkKind.PLACE, MarkKind.DATE, MarkKind.ESTIMATE, MarkKind.LAW}
TELLING = {MarkKind.DATE, MarkKind.ESTIMATE}
"""Without one of these, the same places are the subject and no relay."""
FACT_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
COUNT = re.compile(r"(?P<low>[0-9]+)\S*(?: (?!ratio|hours|days|months|years)[a-z]|$)")
MIN_TELLING_COUNT = 10
"""Smaller numbers are in many articles."""

Fingerprint = frozenset[int]
Fact = tuple[MarkKind, str]


def fingerprint(text: str, secret: bytes) -> Fingerprint:
    """Return the keyed hashes of some shingles of a text."""
    key = hashlib.blake2b(secret, person=b"sojourn-relays", digest_size=32).digest()
    hashes = (
        hashlib.blake2b(shingle.encode(), key=key, digest_size=HASH_BYTES).digest()
        for shingle in _shingles(text)
    )
    numbers = (int.from_bytes(each, "big") for each in hashes)
    return frozenset(number for number in numbers if number % KEPT_OF == 0)


def _shingles(text: str) -> Iterator[str]:
    """Yield overlapping pieces of a text without spaces, signs and capitals."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    for start, letter in enumerate(plain):
        length = SHINGLE_LETTERS if letter < FIRST_UNSPACED else SHINGLE_CHARACTERS
        if start + length <= len(plain):
            yield plain[start : start + length]


def facts_of(reading: ArticleReading) -> frozenset[Fact]:
    """Return the places, dates, estimates and laws of an article, in no language."""
    return frozenset(
        (mark.kind, mark.value)
        for _sentence, marks in reading
        for mark in marks
        if mark.kind in FACTS and mark.value
    )


@dataclass(frozen=True)
class ReadBefore:
    """What is kept of an article that was read."""

    source: str
    published: date | None
    facts: frozenset[Fact]


@dataclass(frozen=True)
class RelayQuestion:
    """A question to the editor: does one of the two pass on the other?"""

    source: str
    how: Literal["words", "facts"]
    share: float
    """Of this text that is in the other; of facts, of those of the shorter article."""
    days_later: int | None
    """Days from the other to this one; below zero if the other is later. None: not known."""
    common: int = 0
    """By facts: how many places, dates, estimates and laws of both are the same."""
    total: int = 0
    """By facts: how many the shorter article has."""


def relay_questions(text: ReadBefore, others: Iterable[ReadBefore]) -> list[RelayQuestion]:
    """Return the articles of the same days that have the same facts as a text, most alike first."""
    questions = []
    for other in others:
        if other.source == text.source:
            continue
        if text.published is None or other.published is None:
            continue
        days = (text.published - other.published).days
        common, total = _common_facts(text.facts, other.facts)
        if abs(days) <= MAX_DAYS_FOR_FACTS and common:
            questions.append(
                RelayQuestion(other.source, "facts", common / total, days, common, total)
            )
    return sorted(questions, key=lambda question: -question.share)


def _common_facts(facts: frozenset[Fact], others: frozenset[Fact]) -> tuple[int, int]:
    """Return how many facts two articles have in common, and how many the shorter one has.

    None in common if these are too few. A translation adds and leaves out, and its words have other
    nuances: so a place, a date and a count that are the same are enough in an article of any
    length, and “about 300” is the same as “some 300” and “300”.
    """
    own, other = ({_plain_fact(fact) for fact in each} for each in (facts, others))
    common, total = own & other, min(len(own), len(other))
    is_telling = any(kind in TELLING for kind, _value in common)
    is_alike = is_telling and len(common) >= MIN_SHARE_OF_FACTS * total
    is_relay = len(common) >= MIN_FACTS and (is_alike or _is_statement(common))
    return len(common) if is_relay else 0, total


def _plain_fact(fact: Fact) -> Fact:
    """Return a date without “about”, “until” and “since”, a number without its quantifier."""
    kind, value = fact
    if kind is MarkKind.DATE:
        return kind, "/".join(FACT_DAY.findall(value)) or value
    if kind is MarkKind.ESTIMATE:
        quantifier, _space, rest = value.partition(" ")
        return kind, value if quantifier == "words" else rest
    return fact


def _is_statement(facts: Iterable[Fact]) -> bool:
    """Whether facts are a place, a month or day, and how many people or things there were."""
    found = set()
    for kind, value in facts:
        count = COUNT.match(value) if kind is MarkKind.ESTIMATE else None
        if count and int(count["low"]) >= MIN_TELLING_COUNT:
            found.add(kind)
        if kind is MarkKind.PLACE or (kind is MarkKind.DATE and "-" in value):
            found.add(kind)
    return found >= {MarkKind.PLACE, *TELLING}


# What is on record from the article that a text copies --------------------------------------------

MAX_RATIO = 4
"""Two numbers further apart than this count different things."""
Surroundings = Callable[[str], Iterable[str]]
"""Returns the places that a place is in."""


@dataclass(frozen=True)
class Statement:
    """What a record, an entry or a sentence says, in codes."""

    kind: Literal["event", "estimate"]
    type: str = ""
    """The type of an event."""
    places: frozenset[str] = frozenset()
    when: str = ""
    """An EDTF date; empty if none is known."""
    figure: Figure | None = None
    """Of an estimate."""

    @property
    def days(self) -> Days:
        parsed = dates.parse_or_none(self.when)
        return (parsed.whole if parsed else None) or Days()


class Found(StrEnum):
    """Whether a text has what is on record from the article that it copies."""

    ALSO = "also"
    MISSING = "missing"
    DIFFERENT = "different"
    """The same count with another number."""


class FactComparison(NamedTuple):
    found: Found
    here: Statement | None = None
    """Of the text; None if it is missing there."""


def compare_statements(
    on_record: Mapping[str, Statement],
    text: Sequence[Statement],
    surroundings: Surroundings = lambda _place: (),
) -> dict[str, FactComparison]:
    """Return for each record whether a text says the same, another number, or nothing of it.

    A number of the text is the same as one record at most; the others are compared afterwards.
    """
    rest = [*text]
    found: dict[str, FactComparison] = {}
    for record, own in on_record.items():
        same = [other for other in rest if _is_same(own, other, surroundings)]
        if same:
            chosen = max(same, key=lambda other: len(other.places & own.places))
            found[record] = FactComparison(Found.ALSO, chosen)
            if chosen.kind == "estimate":
                rest.remove(chosen)
    for record, own in on_record.items():
        if record not in found:
            near = [other for other in rest if _may_be_near(own, other, surroundings)]
            ratios = {ratio: other for other in near if (ratio := _ratio(own, other)) <= MAX_RATIO}
            found[record] = (
                FactComparison(Found.DIFFERENT, ratios[min(ratios)])
                if ratios
                else FactComparison(Found.MISSING)
            )
    return found


def _is_same(own: Statement, other: Statement, surroundings: Surroundings) -> bool:
    if own.kind != other.kind or not _may_be_near(own, other, surroundings):
        return False
    if own.kind == "estimate":
        return _ratio(own, other) == 1
    return own.type == other.type and (
        Days() in {own.days, other.days} or own.days.overlaps(other.days)
    )


def _ratio(own: Statement, other: Statement) -> float:
    """Return how many times the larger figure is the smaller one; more than that if they differ.

    1 is for the same bounds only. Figures are of the same unit, rate and form.
    """
    here, there = own.figure, other.figure
    if here is None or there is None or None in {here.low, there.low}:
        return MAX_RATIO + 1
    if (here.unit, here.per, here.form) != (there.unit, there.per, there.form):
        return MAX_RATIO + 1
    if (here.low, here.high) == (there.low, there.high):
        return 1
    smaller, larger = sorted(abs((each.low or 0) + (each.high or 0)) for each in (here, there))
    return max(larger / smaller, 1.001) if smaller else MAX_RATIO + 1


def _may_be_near(own: Statement, other: Statement, surroundings: Surroundings) -> bool:
    """Whether the places of both, or those around them, have one in common; none may be any."""
    if not own.places or not other.places:
        return True

    def around(places: frozenset[str]) -> set[str]:
        return {*places, *(outer for place in places for outer in surroundings(place))}

    return bool(own.places & around(other.places) or other.places & around(own.places))
