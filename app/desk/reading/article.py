"""Reads an article: its sentences, and the marks that all proposers find in them.

Importing this loads the words and patterns of all proposers: only a process of the pool does.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.desk.reading.actions import ActionProposer
from app.desk.reading.dates import DateProposer
from app.desk.reading.estimates.proposer import EstimateProposer
from app.desk.reading.hedges import HedgeProposer
from app.desk.reading.marks import ArticleReading, Language, Mark, Proposer, Sentence
from app.desk.reading.names import NameProposer, NameTable
from app.desk.reading.sentences import split_sentences
from app.desk.reading.speakers import SpeakerProposer
from app.desk.reading.terms import TermProposer, Thesaurus

EARLIER = 2
"""Sentences before one that its proposers see."""


def usual_proposers(names: NameTable, thesaurus: Thesaurus = ()) -> Sequence[Proposer]:
    """Return the proposers in order: each knows the marks of those before it."""
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
