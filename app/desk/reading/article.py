"""Reads an article: its sentences, and the marks that all proposers find in them.

The words and patterns of proposers are loaded by `usual_proposers`, in a process of the pool.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.desk.reading.marks import Language, Mark, Proposer, Sentence
from app.desk.reading.names import NameProposer, NameTable
from app.desk.reading.sentences import split_sentences
from app.desk.reading.thesaurus import Thesaurus

EARLIER = 2
"""Sentences before one that its proposers see."""


@dataclass(frozen=True)
class ArticleReading:
    """The sentences of an article and the marks in each, with positions in the article."""

    sentences: Sequence[Sentence]
    marks: Sequence[Sequence[Mark]]
    """The marks of each sentence."""

    def __iter__(self) -> Iterator[tuple[Sentence, Sequence[Mark]]]:
        return iter(zip(self.sentences, self.marks, strict=True))


def usual_proposers(names: NameTable, thesaurus: Thesaurus = ()) -> Sequence[Proposer]:
    """Return the proposers in order: each knows the marks of those before it."""
    # Imported here: processes that only show marks need none of their words.
    from app.desk.reading.actions import ActionProposer
    from app.desk.reading.corrections import CorrectionProposer
    from app.desk.reading.dates import DateProposer
    from app.desk.reading.denials import DenialProposer
    from app.desk.reading.estimates.proposer import EstimateProposer
    from app.desk.reading.hedges import HedgeProposer
    from app.desk.reading.speakers import SpeakerProposer
    from app.desk.reading.stages import StageProposer
    from app.desk.reading.terms import TermProposer

    return (
        NameProposer(names),
        DateProposer(),
        TermProposer(thesaurus),
        SpeakerProposer(),
        EstimateProposer(),
        HedgeProposer(),
        ActionProposer(),
        DenialProposer(),
        StageProposer(),
        CorrectionProposer(),
    )


def read_article(
    text: str, language: Language, published: date | None, proposers: Sequence[Proposer]
) -> ArticleReading:
    """Return the sentences of a text with their marks."""
    sentences = [*split_sentences(text, language, published)]
    marks: list[Sequence[Mark]] = []
    for at, sentence in enumerate(sentences):
        first = max(0, at - EARLIER)
        earlier = [*zip(sentences[first:at], marks[first:at], strict=True)]
        marks.append(_marks(replace(sentence, earlier=earlier), proposers))
    # Imported here: processes that only show marks need none of its words.
    from app.desk.reading.same_speakers import join_speakers

    return ArticleReading(sentences, join_speakers(sentences, marks))


def _marks(sentence: Sentence, proposers: Sequence[Proposer]) -> Sequence[Mark]:
    marks: list[Mark] = []
    for proposer in proposers:
        marks += proposer.propose(sentence, [*marks])
    return [
        replace(mark, start=mark.start + sentence.start, end=mark.end + sentence.start)
        for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end))
    ]


def guess_language(text: str) -> Language | None:
    """Return the language that most letters of a text are of; None if it is none of the five.

    A short text in Latin letters is taken for English, one in Cyrillic letters for Russian.
    """
    scripts = Counter(
        name for name, pattern in LETTERS.items() for _letter in re.finditer(pattern, text.lower())
    )
    if scripts["other"] > sum(scripts.values()) / 2:
        return None
    if scripts["ko"] and scripts["ko"] >= scripts["zh"] // 2:
        return "ko" if scripts["ko"] * 3 >= scripts["en"] else _english(text)
    if scripts["ja"] * 8 >= scripts["zh"] > 0 or scripts["ja"] > 20:
        return "ja"
    if scripts["zh"] and scripts["zh"] * 3 >= scripts["en"] and scripts["zh"] >= scripts["ru"]:
        return "zh"
    return _russian(text) if scripts["ru"] > scripts["en"] else _english(text)


LETTERS: Mapping[str, str] = {
    "ko": r"[가-힣]",
    "ja": r"[぀-ヿ]",
    "zh": r"[㐀-鿿]",
    "ru": r"[Ѐ-ӿ]",
    "en": r"[a-zß-ɏḀ-ỿ]",
    "other": r"[^\W\d_a-zß-ɏḀ-ỿЀ-ӿ぀-ヿ㐀-鿿가-힣]",
}
MIN_WORDS = 20
"""Fewer don't tell one language in Latin letters from another."""
ENGLISH_WORDS = re.compile(r"(?:the|of|and|to|that|for|is|was|with|by|from|it|are|have|said)")
MIN_ENGLISH_SHARE = 0.1
"""English texts have about 0.3 of these words; Dutch and German ones below 0.05."""
NOT_RUSSIAN = re.compile(r"[іїєґўқғңөүұһәҷӣӯјљњћђџ]")
MAX_FOREIGN_SHARE = 0.01
MIN_YERY_LETTERS = 250
"""A Russian text of so many letters has a ы; a Bulgarian or Macedonian one has none."""


def _english(text: str) -> Language | None:
    words = re.findall(r"[a-zß-ɏḀ-ỿ]+", text.lower())
    common = sum(ENGLISH_WORDS.fullmatch(word) is not None for word in words)
    is_other = len(words) >= MIN_WORDS and common < len(words) * MIN_ENGLISH_SHARE
    return None if is_other else "en"


def _russian(text: str) -> Language | None:
    letters = re.findall(LETTERS["ru"], text.lower())
    foreign = sum(NOT_RUSSIAN.match(letter) is not None for letter in letters)
    has_no_yery = len(letters) >= MIN_YERY_LETTERS and "ы" not in letters
    return None if has_no_yery or foreign > len(letters) * MAX_FOREIGN_SHARE else "ru"
