"""Phrases in five languages and their readings, from the text files in this folder."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.dates.edtf import parse
from app.dates.phrases.lexer import LEXICON, tokens_of
from app.dates.phrases.reading import read_phrase

FOLDER = Path(__file__).parent
TODAY = date(2025, 5, 20)
LEAST_PHRASES = 300


def phrases() -> Iterator[tuple[str, list[str]]]:
    for file in sorted(FOLDER.glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                phrase, _, readings = line.partition(" = ")
                yield phrase, readings.split()


@pytest.mark.parametrize(("phrase", "readings"), list(phrases()))
def test_phrase_has_its_readings(phrase: str, readings: list[str]) -> None:
    assert read_phrase(phrase, TODAY)[:4] == readings
    assert all(parse(reading).text == reading for reading in readings)


def test_list_has_phrases_of_five_languages() -> None:
    assert len(list(FOLDER.glob("*.txt"))) == 5
    assert len(list(phrases())) >= LEAST_PHRASES


def test_each_word_of_the_lexicon_is_read_as_itself() -> None:
    assert [word for word in LEXICON if tokens_of(word) is None] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "초",
        "말",
        "in",
        "5",
        "early",
        "between",
        "when the river froze",
        "2019년 13월",
        "May May 3 4",
    ],
)
def test_text_that_names_no_date_has_no_reading(text: str) -> None:
    assert read_phrase(text, TODAY) == []


@pytest.mark.parametrize(
    ("phrase", "today", "readings"),
    [
        ("in January", date(2025, 11, 20), ["2026-01", "2025-01"]),
        ("in December", date(2025, 7, 10), ["2024-12", "2025-12"]),
        ("by the end of June", date(2025, 7, 10), ["[..2025-06-30]", "2025-06-30"]),
        ("this winter", date(2025, 1, 10), ["2024-24"]),
        ("last winter", date(2025, 1, 10), ["2023-24"]),
        ("last May", date(2025, 5, 20), ["2024-05"]),
        ("지난 30일", date(2025, 3, 4), ["2025-01-30"]),
    ],
)
def test_month_without_a_year_is_near_the_article(
    phrase: str, today: date, readings: list[str]
) -> None:
    assert read_phrase(phrase, today)[: len(readings)] == readings
