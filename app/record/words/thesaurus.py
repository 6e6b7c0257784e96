"""The thesaurus: concepts with the words for them in five languages, and the names of an edition.

Concepts are codes of the list `concept`. Their definition has the words, a part for each language:
`en: worker | labourer; ko: 노동자 | 근로자`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.record.search import CJK_RUN, plain_text
from app.record.words.korean import (
    ENDINGS,
    is_hangul,
    noun_of_verb,
    romanisations,
    without_particle,
)
from app.record.words.stems import FILLERS, STOP_WORDS, stems, word_forms

Stems = tuple[str, ...]
TermPair = tuple[str, str]


@dataclass(frozen=True)
class Concept:
    code: str
    label: str
    words: tuple[str, ...]
    """In all languages."""
    note: str = ""
    """Why the record has no events of it, if so."""


@dataclass(frozen=True)
class Meaning:
    """What words mean: a name, concepts, or both."""

    terms: frozenset[TermPair] = frozenset()
    concepts: tuple[Concept, ...] = ()
    names: tuple[str, ...] = ()
    """All names of what has this name."""


@dataclass(frozen=True, eq=False)
class Thesaurus:
    """Meanings of Latin and Cyrillic words, and of runs of Chinese, Japanese or Korean characters.

    Concepts are found by other forms of their words, such as plurals. Stems, by which names are
    found, lead from "authorities" to "authorization", and from "days off" to "days".
    """

    names: Mapping[Stems, Meaning] = field(default_factory=dict)
    concepts: Mapping[Stems, tuple[Concept, ...]] = field(default_factory=dict)
    """By the forms of all their words."""
    by_run: Mapping[str, Meaning] = field(default_factory=dict)
    codes: Mapping[Stems, frozenset[TermPair]] = field(default_factory=dict)
    """Codes of the codebook by the words in their label."""
    numbers: Mapping[int, frozenset[TermPair]] = field(default_factory=dict)
    """Laws by the number in their names: 2397."""

    def codes_with(self, words: str) -> frozenset[TermPair]:
        """Return the codes whose label has these words next to each other."""
        found = stems(words)
        # "Out of work" is not a work permit.
        is_whole = len(found) > 1 or len(word_forms(words)) == 1
        return self.codes.get(found, frozenset()) if is_whole else frozenset()

    def of_words(self, words: str) -> Meaning | None:
        plain = plain_text(words).split()
        # "their visas" is the word "visas".
        has_ends = plain and not {plain[0], plain[-1]} & STOP_WORDS
        named = self.names.get(stems(words)) if has_ends else None
        concepts = self.concepts.get(word_forms(words), ())
        if named is None and not concepts:
            return None
        return replace(named or Meaning(), concepts=concepts)

    def of_run(self, run: str) -> Meaning | None:
        return self.by_run.get(run)


MAX_PHRASE_WORDS = 5
MAX_RUN_CHARACTERS = 14
NUMBERED = "law"
LAW_NUMBER = re.compile(r"(?<![\d./-])(?!(?:19|20)\d\d(?!\d))(\d{4,5})(?![\d./-]*\d)", re.ASCII)
"""The number of a law; four digits that could be a year are none."""

Named = tuple[TermPair, Sequence[str]]
"""A term with all names of the place, outlet or other thing that has it."""


def make_thesaurus(
    concepts: Iterable[Concept],
    named: Iterable[Named] = (),
    labels: Iterable[tuple[TermPair, str]] = (),
) -> Thesaurus:
    terms: dict[Stems | str, set[TermPair]] = defaultdict(set)
    names: dict[Stems | str, dict[str, None]] = defaultdict(dict)
    ideas: dict[Stems | str, dict[str, Concept]] = defaultdict(dict)
    numbers: dict[int, set[TermPair]] = defaultdict(set)
    for term, all_names in named:
        if term[0] == NUMBERED:
            for number in {int(each) for name in all_names for each in LAW_NUMBER.findall(name)}:
                numbers[number].add(term)
        latin = [spelled for name in all_names for spelled in romanisations(name)]
        for name in (*all_names, *latin):
            if key := _key(name):
                terms[key].add(term)
                names[key].update(dict.fromkeys(all_names))
    for concept in concepts:
        for word in concept.words:
            if key := _concept_key(word):
                ideas[key][concept.code] = concept
    return Thesaurus(
        {
            key: Meaning(frozenset(terms[key]), (), tuple(names[key]))
            for key in terms
            if isinstance(key, tuple)
        },
        {key: tuple(found.values()) for key, found in ideas.items() if isinstance(key, tuple)},
        {
            key: Meaning(
                frozenset(terms.get(key, ())), tuple(ideas.get(key, {}).values()), tuple(names[key])
            )
            for key in {*terms, *ideas}
            if isinstance(key, str)
        },
        _codes_by_words(labels),
        {number: frozenset(found) for number, found in numbers.items() if len(found) == 1},
    )


def _concept_key(words: str) -> Stems | str:
    key = _key(words)
    if isinstance(key, str):
        return key
    forms = word_forms(words)
    return () if STOP_WORDS.issuperset(plain_text(words).split()) else forms


def _codes_by_words(labels: Iterable[tuple[TermPair, str]]) -> Mapping[Stems, frozenset[TermPair]]:
    found: dict[Stems, set[TermPair]] = defaultdict(set)
    for term, label in labels:
        words = stems(label)
        for first in range(len(words)):
            for last in range(first + 1, min(first + MAX_PHRASE_WORDS, len(words)) + 1):
                found[words[first:last]].add(term)
    return {words: frozenset(terms) for words, terms in found.items() if words}


def _key(words: str) -> Stems | str:
    """Return the stems of words, or the characters of a Chinese, Japanese or Korean text."""
    plain = plain_text(words)
    runs = CJK_RUN.findall(plain)
    if runs:
        # Koreans write compounds with and without spaces.
        joined = "".join(runs)
        return joined if joined == plain.replace(" ", "").replace("・", "") else ""
    found = stems(plain)
    return () if all(word.isdecimal() for word in found) else found


# Text without spaces ------------------------------------------------------------------------------


NUMBER = re.compile(r"\d[\d,.]*(?:[만万萬천千백百]\d*)*(?:여|余|多)?[名人명個个]?", re.ASCII)
KANA_ENDING = re.compile(r"^[ぁ-ん]+$")


def split_run(text: str, thesaurus: Thesaurus) -> list[str]:
    """Return the words of a text: those of the thesaurus, and what is left between them.

    Particles and single characters between known words are left out.
    """
    plain = plain_text(text)
    found: list[tuple[str, bool]] = []
    at = 0
    while at < len(plain):
        if (number := NUMBER.match(plain, at)) and number.end() > at:
            found.append((number[0], True))
            at = number.end()
            continue
        if word := _longest_known(plain, at, thesaurus):
            found.append((word, True))
            at += len(word)
            continue
        if found and not found[-1][1]:
            found[-1] = (found[-1][0] + plain[at], False)
        else:
            found.append((plain[at], False))
        at += 1
    if not any(is_known for _word, is_known in found):
        return [_bare(plain)]
    return [
        word
        for each, is_known in found
        if (word := each if is_known else _rest(each))
    ]  # fmt: skip


JOINING = frozenset("をがのはにでへ")
"""Japanese particles that may begin what is left between two known words."""


def _longest_known(text: str, at: int, thesaurus: Thesaurus) -> str:
    """Return the longest word of the thesaurus at a position."""
    longest = text[at : at + MAX_RUN_CHARACTERS]
    pieces = (longest[:size] for size in range(len(longest), 1, -1))
    return next((each for each in pieces if each in thesaurus.by_run or each in FILLERS), "")


def _rest(text: str) -> str:
    """Return what is left between known words if it is a word itself."""
    text = text.strip(" ·・-,.?!？！。、")
    if text[:1] in JOINING:
        text = text[1:]
    if text in ENDINGS or text in FILLERS or KANA_ENDING.match(text):
        return ""
    text = _bare(text)
    return text if len(text) > 1 else ""


def _bare(text: str) -> str:
    """Return a Korean word without its particle or verb; other text as it is."""
    return (noun_of_verb(text) or without_particle(text)) if is_hangul(text) else text
