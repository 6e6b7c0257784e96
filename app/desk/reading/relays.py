"""Compares a text with those read before: is it a relay of one of them?

A text is kept as keyed hashes of its shingles, a part of which is enough. Without the desk's secret
they tell nothing, and no words can be made of them. Across languages the same facts are compared.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from app.desk.reading.text import ArticleReading, MarkKind

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
"""Reports of other days are not compared by facts."""
FACTS = {MarkKind.PLACE, MarkKind.DATE, MarkKind.ESTIMATE, MarkKind.LAW}
TELLING = {MarkKind.DATE, MarkKind.ESTIMATE}
"""Without one of these, the same places are the subject and no relay."""
FACT_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
COUNT = re.compile(r"(?P<low>[0-9]+)\S*(?: (?!ratio|hours|days|months|years)[a-z]|$)")
MIN_TELLING_COUNT = 10
"""Smaller numbers are in many articles."""

Fingerprint = frozenset[int]
Fact = tuple[MarkKind, str]
Facts = frozenset[Fact]


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


def facts_of(reading: ArticleReading) -> Facts:
    """Return the places, dates, estimates and laws of an article, in no language."""
    return frozenset(
        (mark.kind, mark.value)
        for _sentence, marks in reading
        for mark in marks
        if mark.kind in FACTS and mark.value
    )


@dataclass(frozen=True)
class RelayQuestion:
    """A question to the editor: does one of the two pass on the other?"""

    source: str
    how: Literal["words", "facts"]
    share: float
    """Of this text that is in the other; of facts, of those of the shorter article."""
    common: int = 0
    """By facts: how many places, dates, estimates and laws of both are the same."""
    total: int = 0
    """By facts: how many the shorter article has."""


def relay_questions(own: Facts, others: Iterable[tuple[str, Facts]]) -> list[RelayQuestion]:
    """Return the articles that have the same facts as a text, most alike first."""
    questions = []
    for source, facts in others:
        common, total = _common_facts(own, facts)
        if common:
            questions.append(RelayQuestion(source, "facts", common / total, common, total))
    return sorted(questions, key=lambda question: -question.share)


def _common_facts(facts: Facts, others: Facts) -> tuple[int, int]:
    """Return how many facts two articles have in common, and how many the shorter one has.

    None in common if these are too few. A translation adds and leaves out: a place, a date and a
    count that are the same are enough, and “about 300” is the same as “300”.
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
