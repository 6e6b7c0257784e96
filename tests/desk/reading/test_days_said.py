"""Days on which somebody spoke, which are no days of an event."""

from datetime import date

from app.desk.reading.article import read_article
from app.desk.reading.days_said import days_said
from app.desk.reading.marks import Language
from tests.support.reading_gold import differences, proposers, table


def days_in(text: str, language: Language) -> str:
    reading = read_article(text, language, date(2019, 6, 18), proposers())
    (marks,) = reading.marks
    return " ".join(mark.value for mark in days_said(reading.sentences[0], marks))


def test_day_beside_the_verb_of_saying_is_the_day_said() -> None:
    assert differences(days_in, table("days_said")) == {}
