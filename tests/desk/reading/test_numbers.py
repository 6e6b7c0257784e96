"""Estimates with quantifier, numbers, unit and rate."""

import pytest

from app.desk.reading.numbers import propose_estimates
from app.desk.reading.text import Language, Mark, MarkKind, Sentence
from tests.support.reading_gold import differences, table


def estimates_in(text: str, language: Language) -> str:
    marks = propose_estimates(Sentence(0, text, language), [])
    return "; ".join(f"{m.value} {m.figure.population}".strip() for m in marks if m.figure)


def test_estimates_are_found_in_every_language() -> None:
    assert differences(estimates_in, table("estimates")) == {}


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "There were 300 workers a year ago.", "a year ago"),
        ("ja", "11日に300人が帰国した。", "11日に"),
        ("ko", "5월 1일 300명이 떠났다.", "5월 1일"),
    ],
)
def test_words_of_a_date_are_no_rate(language: Language, text: str, words: str) -> None:
    start = text.index(words)
    day = Mark(start, start + len(words), MarkKind.DATE, "2019-05-11")
    (mark,) = propose_estimates(Sentence(0, text, language), [day])
    assert mark.value == "exact 300 people"
