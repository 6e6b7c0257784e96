"""Phrases in five languages and their readings, from the text files in this folder."""

from datetime import date
from pathlib import Path

from app.dates.edtf import parse
from app.dates.phrases.lexer import LEXICON, tokens_of
from app.dates.phrases.reading import read_phrase
from tests.support.tables import differing

FOLDER = Path(__file__).parent
TODAY = date(2025, 5, 20)


PHRASES = {
    phrase: readings.split()
    for file in FOLDER.glob("*.txt")
    for phrase, _, readings in (
        line.partition(" = ")
        for line in file.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
}


def test_phrases_have_their_readings() -> None:
    assert differing(lambda phrase: read_phrase(phrase, TODAY)[:4], PHRASES) == {}
    readings = {reading: reading for each in PHRASES.values() for reading in each}
    assert differing(lambda reading: parse(reading).text, readings) == {}


def test_each_word_of_the_lexicon_is_read_as_itself() -> None:
    assert [word for word in LEXICON if tokens_of(word) is None] == []


def test_text_that_names_no_date_has_no_reading() -> None:
    texts = ["", "초", "말", "in", "5", "early", "between", "when the river froze"]
    texts += ["2019년 13월", "May May 3 4"]
    assert [text for text in texts if read_phrase(text, TODAY)] == []


def test_month_without_a_year_is_near_the_article() -> None:
    likeliest = {
        ("in January", date(2025, 11, 20)): "2026-01 2025-01",
        ("in December", date(2025, 7, 10)): "2024-12 2025-12",
        ("by the end of June", date(2025, 7, 10)): "[..2025-06-30] 2025-06-30",
        ("this winter", date(2025, 1, 10)): "2024-24",
        ("last winter", date(2025, 1, 10)): "2023-24",
        ("last May", date(2025, 5, 20)): "2024-05",
        ("지난 30일", date(2025, 3, 4)): "2025-01-30",
    }
    for (phrase, today), readings in likeliest.items():
        assert " ".join(read_phrase(phrase, today)).startswith(readings), phrase
