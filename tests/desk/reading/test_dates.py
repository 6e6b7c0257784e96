"""Dates that are found in sentences; their readings are those of the date box."""

from collections.abc import Sequence
from datetime import date

import pytest

from app.desk.reading.dates import propose_dates
from app.desk.reading.text import Language, Sentence, read_article
from tests.support.reading_gold import differences, table

PROPOSERS = [propose_dates]
PUBLISHED = date(2019, 6, 20)


def dates_in(text: str, language: Language) -> str:
    marks = propose_dates(Sentence(0, text, language, PUBLISHED), [])
    return "; ".join(f"{text[mark.start : mark.end]} = {mark.value}".rstrip() for mark in marks)


def test_date_in_a_sentence_is_marked() -> None:
    assert differences(dates_in, table("dates")) == {}


@pytest.mark.parametrize(
    ("start", "texts"),
    [
        (
            "2026-06-01/..",
            (
                "From 1 June visas will be refused.",
                "Visas are refused from 1 June, the ministry announced.",
                "6월 1일부터 비자 발급을 중단할 예정이다.",
                "当局宣布自6月1日起将停发签证。",
                "6月1日から査証の発給を停止する予定だ。",
                "С 1 июня визы не будут выдавать.",
            ),
        ),
        (
            "2025-06-01/..",
            (
                "From 1 June visas were refused.",
                "6월 1일부터 비자 발급이 어려웠다.",
                "该部宣布从去年6月1日起停发。",
                "昨年6月1日から停止していると発表した。",
                "С 1 июня визы не выдавали.",
            ),
        ),
    ],
)
def test_announced_start_is_the_next_such_day(start: str, texts: Sequence[str]) -> None:
    def value(text: str, language: Language) -> str:
        (mark,) = propose_dates(Sentence(0, text, language, date(2026, 3, 4)), [])
        return mark.value

    assert differences(value, dict.fromkeys(texts, start)) == {}


def test_day_is_counted_from_the_sentence_before() -> None:
    reading = read_article(
        "It closed on 3 May 2019. A day later it opened.", "en", PUBLISHED, PROPOSERS
    )
    assert reading[1][1][0].value == "2019-05-04"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("106,000 came since the start of the year.", "2025~/.."),
        ("올해 초부터 떠났다.", "2025~/.."),
        ("年初以来已离开。", "2025~/.."),
        ("年初来、帰国した。", "2025~/.."),
        ("Уехали с начала года.", "2025~/.."),
    ],
)
def test_relative_date_is_counted_from_the_time_of_publication(text: str, expected: str) -> None:
    def first(text: str, language: Language) -> str:
        (mark,) = propose_dates(Sentence(0, text, language, date(2025, 11, 12)), [])
        return mark.value

    assert differences(first, {text: expected}) == {}
