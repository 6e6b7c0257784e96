"""Reads an article: its sentences, and the marks that all proposers find in them.

The words and patterns of proposers are loaded by `usual_proposers`, in a process of the pool.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
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
    from app.desk.reading.dates import DateProposer
    from app.desk.reading.estimates.proposer import EstimateProposer
    from app.desk.reading.hedges import HedgeProposer
    from app.desk.reading.speakers import SpeakerProposer
    from app.desk.reading.terms import TermProposer

    return (
        NameProposer(names),
        DateProposer(),
        TermProposer(thesaurus),
        SpeakerProposer(),
        EstimateProposer(),
        HedgeProposer(),
        ActionProposer(),
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
    return ArticleReading(sentences, marks)


def _marks(sentence: Sentence, proposers: Sequence[Proposer]) -> Sequence[Mark]:
    marks: list[Mark] = []
    for proposer in proposers:
        marks += proposer.propose(sentence, [*marks])
    return [
        replace(mark, start=mark.start + sentence.start, end=mark.end + sentence.start)
        for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end))
    ]


def guess_language(text: str) -> Language:
    """Return the language that most letters of a text are of."""
    scripts = Counter(
        name
        for name, pattern in (
            ("ko", r"[가-힣]"),
            ("ja", r"[぀-ヿ]"),
            ("zh", r"[㐀-鿿]"),
            ("ru", r"[а-яё]"),
            ("en", r"[a-z]"),
        )
        for _letter in re.finditer(pattern, text.lower())
    )
    if scripts["ko"] and scripts["ko"] >= scripts["zh"] // 2:
        return "ko" if scripts["ko"] * 3 >= scripts["en"] else "en"
    if scripts["ja"] * 8 >= scripts["zh"] > 0 or scripts["ja"] > 20:
        return "ja"
    if scripts["zh"] * 3 >= scripts["en"] and scripts["zh"] >= scripts["ru"]:
        return "zh"
    return "ru" if scripts["ru"] > scripts["en"] else "en"
