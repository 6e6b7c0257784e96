"""Dates that are found in sentences; their readings are those of the date box."""

from datetime import date

import pytest

from app.dates.edtf import Days
from app.dates.phrases.reading import read_phrase
from app.desk.reading.dates import DateProposer
from app.desk.reading.text import Language, Reason, Sentence, read_article
from tests.support.reading_gold import differences, table

PROPOSERS = [DateProposer()]
PUBLISHED = date(2019, 6, 20)


def dates_in(text: str, language: Language) -> str:
    marks = DateProposer().propose(Sentence(0, text, language, PUBLISHED), [])
    return "; ".join(f"{text[mark.start : mark.end]} = {mark.value}".rstrip() for mark in marks)


def test_date_in_a_sentence_is_marked() -> None:
    assert differences(dates_in, table("dates")) == {}


def starts_in(text: str, language: Language, published: date) -> str:
    (mark,) = DateProposer().propose(Sentence(0, text, language, published), [])
    return " ".join(each for each in (mark.value, *mark.also) if each.endswith("/.."))


@pytest.mark.parametrize("published", [date(2026, 1, 20), date(2026, 3, 4), date(2026, 5, 20)])
def test_announced_start_is_the_next_such_day(published: date) -> None:
    announced = (
        "From 1 June visas will be refused.",
        "Visas are refused from 1 June, the ministry announced.",
        "6월 1일부터 비자 발급을 중단할 예정이다.",
        "당국은 6월 1일부터 비자 발급이 중단된다고 발표했다.",
        "自6月1日起将停发签证。",
        "该部宣布从6月1日起停发签证。",
        "6月1日から査証の発給を停止する予定だ。",
        "6月1日から発給を止めると発表した。",
        "С 1 июня визы не будут выдавать.",
        "Министерство объявило о запрете с 1 июня.",
    )
    starts = dict.fromkeys(announced, "2026-06-01/.. 2025-06-01/..")
    found = differences(lambda text, language: starts_in(text, language, published), starts)
    assert found == {}


@pytest.mark.parametrize("published", [date(2026, 1, 20), date(2025, 11, 28)])
def test_start_without_a_sign_may_be_past_or_to_come(published: date) -> None:
    texts = (
        "From 1 June visas were refused.",
        "6월 1일부터 비자 발급이 어려웠다.",
        "从6月1日起签证很难办。",
        "6月1日から発給が止まっていた。",
        "С 1 июня визы не выдавали.",
    )
    starts = dict.fromkeys(texts, "2025-06-01/.. 2026-06-01/..")
    found = differences(lambda text, language: starts_in(text, language, published), starts)
    assert found == {}


def test_announced_start_of_the_last_weeks_has_begun() -> None:
    text = "Visas are refused from 1 June, the ministry announced."
    assert starts_in(text, "en", date(2026, 6, 20)).startswith("2026-06-01/..")


def test_start_that_says_it_is_past_is_read_as_past() -> None:
    texts = (
        "Visas have been refused since 1 June, it announced.",
        "당국은 지난 6월 1일부터 중단했다고 발표했다.",
        "该部宣布从去年6月1日起停发。",
        "昨年6月1日から停止していると発表した。",
        "Ведомство объявило, что с 1 июня прошлого года виз нет.",
    )
    found = differences(
        lambda text, language: starts_in(text, language, date(2026, 3, 4))[:13],
        dict.fromkeys(texts, "2025-06-01/.."),
    )
    assert found == {}


def readings_in(text: str, language: Language) -> list[str]:
    (mark,) = DateProposer().propose(Sentence(0, text, language, PUBLISHED), [])
    return [mark.value, *mark.also]


def test_part_of_a_month_has_the_readings_of_the_date_box() -> None:
    words = {
        "They left in mid-May.": "mid-May",
        "5월 중순 떠났다.": "5월 중순",
        "5月上旬离开。": "5月上旬",
        "5月下旬に帰国した。": "5月下旬",
        "Уехали в начале мая.": "начале мая",
    }
    readings = {text: read_phrase(each, PUBLISHED) for text, each in words.items()}
    assert differences(readings_in, readings) == {}


def test_deadline_is_also_offered_as_a_limit_and_as_the_day() -> None:
    first, *others = readings_in("연말까지 남는다.", "ko")
    assert first == "../2019-12" and {"[..2019-12]", "2019-12"} <= {*others}


def test_day_counted_from_the_sentence_before_says_so() -> None:
    reading = read_article(
        "It closed on 3 May 2019. A day later it opened.", "en", PUBLISHED, PROPOSERS
    )
    mark = reading.marks[1][0]
    assert (mark.value, mark.reason) == ("2019-05-04", Reason.DATE_BEFORE)


@pytest.mark.parametrize(
    ("published", "text", "date"),
    [
        (Days(date(2025, 11, 1), date(2025, 11, 30)), "They left last month.", "2025-10"),
        (Days(date(2025, 11, 1), date(2025, 11, 30)), "지난해 떠났다.", "2024"),
        (Days(date(2025, 11, 1), date(2025, 11, 30)), "工人去年五月离开。", "2024-05"),
        (Days(date(2025, 11, 1), date(2025, 11, 30)), "今月3日に帰国した。", "2025-11-03"),
        (Days(date(2025, 11, 1), date(2025, 11, 30)), "Уехали вчера.", "2025-11~"),
        (Days(date(2025, 1, 1), date(2025, 12, 31)), "They left last year.", "2024"),
        (Days(date(2025, 1, 1), date(2025, 12, 31)), "They left on 3 May.", "2025-05-03"),
        (date(2025, 11, 12), "106,000 came since the start of the year.", "2025~/.."),
        (date(2025, 11, 12), "올해 초부터 떠났다.", "2025~/.."),
        (date(2025, 11, 12), "年初以来已离开。", "2025~/.."),
        (date(2025, 11, 12), "年初来、帰国した。", "2025~/.."),
        (date(2025, 11, 12), "Уехали с начала года.", "2025~/.."),
    ],
)
def test_relative_date_is_counted_from_the_time_of_publication(
    published: date | Days, text: str, date: str
) -> None:
    def first(text: str, language: Language) -> str:
        (mark,) = DateProposer().propose(Sentence(0, text, language, published), [])
        return mark.value

    assert differences(first, {text: date}) == {}
