"""The thesaurus: concepts with the words for them in five languages, and the names of an edition.

Concepts are codes of the list `concept`. Their definition has the words, a part for each language:
`en: worker | labourer; ko: 노동자 | 근로자`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.record.search import CJK_RUN, plain_text
from app.record.words.romanisation import romanisations
from app.record.words.stems import stems

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
    """Meanings by stems of words, and by runs of Chinese, Japanese or Korean characters."""

    by_stems: Mapping[Stems, Meaning] = field(default_factory=dict)
    by_run: Mapping[str, Meaning] = field(default_factory=dict)
    codes: Mapping[Stems, frozenset[TermPair]] = field(default_factory=dict)
    """Codes of the codebook by the words in their label."""

    def codes_with(self, words: str) -> frozenset[TermPair]:
        """Return the codes whose label has these words next to each other."""
        return self.codes.get(stems(words), frozenset())

    def of_stems(self, words: Stems) -> Meaning | None:
        return self.by_stems.get(words)

    def of_run(self, run: str) -> Meaning | None:
        return self.by_run.get(run)


MAX_PHRASE_WORDS = 5
MAX_RUN_CHARACTERS = 14

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
    for term, all_names in named:
        latin = [spelled for name in all_names for spelled in romanisations(name)]
        for name in (*all_names, *latin):
            if key := _key(name):
                terms[key].add(term)
                names[key].update(dict.fromkeys(all_names))
    for concept in concepts:
        for word in concept.words:
            if key := _key(word):
                ideas[key][concept.code] = concept
    meanings = {
        key: Meaning(frozenset(terms[key]), tuple(ideas[key].values()), tuple(names[key]))
        for key in {*terms, *ideas}
    }
    return Thesaurus(
        {key: meaning for key, meaning in meanings.items() if isinstance(key, tuple)},
        {key: meaning for key, meaning in meanings.items() if isinstance(key, str)},
        _codes_by_words(labels),
    )


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
