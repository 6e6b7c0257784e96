"""Days on which somebody spoke, which are no days of an event."""

from datetime import date

import pytest

from app.desk.reading.article import read_article
from app.desk.reading.days_said import days_said
from app.desk.reading.marks import Language
from tests.support.reading_gold import proposers


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "A source said on Monday that 40 workers left on 3 June 2019.", ["2019-06-17"]),
        ("en", "A source said 40 workers left on 3 June 2019.", []),
        ("en", "A trader told the paper on Monday that 40 workers left.", ["2019-06-17"]),
        ("ko", "국정원은 17일 노동자 40명이 6월 3일 떠났다고 밝혔다.", ["2019-06-17"]),
        ("ko", "소식통은 노동자 40명이 6월 3일 떠났다고 밝혔다.", []),
        ("zh", "外交部发言人6月17日表示,40名工人6月3日已经离开。", ["2019-06-17"]),
        ("zh", "商人说,6月3日有40名工人离开。", []),
        ("ja", "外務省は17日、6月3日に労働者40人が帰国したと発表した。", ["2019-06-17"]),
        ("ja", "消息筋は、6月3日に労働者40人が帰国したと話した。", []),
        ("ru", "Министерство сообщило 17 июня, что 3 июня уехали 40 рабочих.", ["2019-06-17"]),
        ("ru", "Источник сообщил, что 3 июня уехали 40 рабочих.", []),
    ],
)
def test_day_beside_the_verb_of_saying(language: Language, text: str, days: list[str]) -> None:
    reading = read_article(text, language, date(2019, 6, 18), proposers())
    (marks,) = reading.marks
    assert [mark.value for mark in days_said(reading.sentences[0], marks)] == days
