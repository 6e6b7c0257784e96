"""Dates that are found in sentences; their readings are those of the date box."""

from datetime import date

import pytest

from app.dates.phrases.reading import read_phrase
from app.desk.reading.article import read_article
from app.desk.reading.dates import DateProposer
from app.desk.reading.marks import Language, Reason, Sentence

PROPOSERS = [DateProposer()]
PUBLISHED = date(2019, 6, 20)


def dates_in(text: str, language: Language) -> list[tuple[str, str]]:
    sentence = Sentence(0, text, language, PUBLISHED)
    marks = DateProposer().propose(sentence, [])
    return [(text[mark.start : mark.end], mark.value) for mark in marks]


@pytest.mark.parametrize(
    ("language", "text", "words", "value"),
    [
        ("en", "They left in late April after a row.", "late April", "2019-04~"),
        ("en", "It was signed on January 29, 2018, in Seoul.", "January 29, 2018", "2018-01-29"),
        ("en", "Up to the 12th half had gone.", "Up to the 12th", "../2019-06-12"),
        ("en", "In the first half of 2018 none came.", "the first half of 2018", "2018-01/2018-06"),
        ("en", "From 3 to 5 May 2019 buses left.", "From 3 to 5 May 2019", "2019-05-03/2019-05-05"),
        ("ko", "노동자들은 지난 4월 초순 떠났다.", "지난 4월 초순", "2019-04~"),
        ("ko", "이달 21일까지 귀국해야 한다.", "이달 21일까지", "[..2019-06-21]"),
        ("zh", "去年底已有工人离开。", "去年底", "2018~"),
        ("zh", "须在7月9日前离境。", "7月9日前", "[..2019-07-09]"),
        ("zh", "九十年代工人很多。", "九十年代", "1990/1999"),
        ("ja", "説明会は25日に開く予定だ。", "25日", "2019-06-25"),
        ("ru", "В первую неделю мая их не было.", "первую неделю мая", "2019-05-01/2019-05-07"),
        ("en", "The meeting will be on the 22nd.", "the 22nd", "2019-06-22"),
        (
            "en",
            "On 3 May 2019 it closed; two days later it opened.",
            "two days later",
            "2019-05-05",
        ),
        ("ko", "지난달 3일 닫혔고 이튿날 다시 열렸다.", "이튿날", "2019-05-04"),
        ("zh", "5月3日关门，次日重开。", "次日", "2019-05-04"),
        ("ja", "5月3日に閉まり、翌日に開いた。", "翌日", "2019-05-04"),
        ("ru", "3 мая закрылся, на следующий день открылся.", "на следующий день", "2019-05-04"),
        ("ja", "先月28日に橋を渡った。", "先月28日", "2019-05-28"),
        ("ko", "이들은 명일 출발한다.", "명일", "2019-06-21"),
        ("ja", "昨年夏に帰国した。", "昨年夏", "2018-22"),
        ("ru", "Они уедут к концу года.", "к концу года", "[..2019-12]"),
        ("ru", "В 2018 году прибыло 200 человек.", "2018", "2018"),
        ("ru", "Рабочие уехали в 2018 г. поездом.", "2018", "2018"),
        ("ru", "В первой половине мая их не было.", "первой половине мая", "2019-05-01/2019-05-15"),
    ],
)
def test_date_in_a_sentence_is_marked(
    language: Language, text: str, words: str, value: str
) -> None:
    assert (words, value) in dates_in(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Prices may fall, and 2000 workers march second."),
        ("en", "A stay of 90 days is a third of the limit."),
        ("ko", "하루 두 끼를 먹고 30일간 일했다."),
        ("ko", "떠난 노동자는 8천 명일 것으로 보인다."),
        ("ko", "남은 사람은 수십명일 가능성이 있다."),
        ("zh", "珲春和长春的工人干了三十天。"),
        ("ja", "10日間、1日14時間働いた。"),
        ("ru", "Третий этап продлится 90 дней."),
    ],
)
def test_lengths_of_time_and_other_words_are_no_dates(language: Language, text: str) -> None:
    assert dates_in(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "date_words", "value"),
    [
        ("en", "In May 2000 workers were there.", "May", "2019-05"),
        ("en", "In late May 2000 to 2100 people left.", "late May", "2019-05~"),
        ("ko", "5월에 2000명이 떠났다.", "5월", "2019-05"),
        ("ko", "5월 초순 2000여 명이 떠났다.", "5월 초순", "2019-05~"),
        ("zh", "5月初2000名工人离开。", "5月初", "2019-05~"),
        ("zh", "5月间1900多人离开。", "5月", "2019-05"),
        ("ja", "5月上旬の時点で2000人が残る。", "5月上旬", "2019-05~"),
        ("ja", "5月に2000～2100人が残る。", "5月", "2019-05"),
        ("ru", "В мае 2000 человек уехали.", "мае", "2019-05"),
        ("ru", "В мае 2000 северокорейских рабочих уехали.", "мае", "2019-05"),
    ],
)
def test_number_of_people_is_no_year(
    language: Language, text: str, date_words: str, value: str
) -> None:
    found = dates_in(text, language)
    assert any(date_words in words and read == value for words, read in found), found
    assert not any(year in words for words, _read in found for year in ("1900", "2000", "2100"))


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "In May 2000, workers were there.", "2000-05"),
        ("ko", "2000년 5월 노동자들이 떠났다.", "2000-05"),
        ("ja", "2000年5月に労働者が帰国した。", "2000-05"),
        ("zh", "2000年5月工人离开。", "2000-05"),
        ("ru", "В мае 2000 рабочие уехали.", "2000-05"),
    ],
)
def test_year_beside_people_who_are_not_counted_is_a_year(
    language: Language, text: str, value: str
) -> None:
    assert value in [read for _words, read in dates_in(text, language)]


def starts_in(text: str, language: Language, published: date) -> list[str]:
    (mark,) = DateProposer().propose(Sentence(0, text, language, published), [])
    return [reading for reading in (mark.value, *mark.also) if reading.endswith("/..")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "From 1 June visas will be refused."),
        ("en", "Visas are refused from 1 June, the ministry announced."),
        ("ko", "6월 1일부터 비자 발급을 중단할 예정이다."),
        ("ko", "당국은 6월 1일부터 비자 발급이 중단된다고 발표했다."),
        ("zh", "自6月1日起将停发签证。"),
        ("zh", "该部宣布从6月1日起停发签证。"),
        ("ja", "6月1日から査証の発給を停止する予定だ。"),
        ("ja", "6月1日から発給を止めると発表した。"),
        ("ru", "С 1 июня визы не будут выдавать."),
        ("ru", "Министерство объявило о запрете с 1 июня."),
    ],
)
@pytest.mark.parametrize("published", [date(2026, 1, 20), date(2026, 3, 4), date(2026, 5, 20)])
def test_announced_start_is_the_next_such_day(
    language: Language, text: str, published: date
) -> None:
    assert starts_in(text, language, published)[:2] == ["2026-06-01/..", "2025-06-01/.."]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "From 1 June visas were refused."),
        ("ko", "6월 1일부터 비자 발급이 어려웠다."),
        ("zh", "从6月1日起签证很难办。"),
        ("ja", "6月1日から発給が止まっていた。"),
        ("ru", "С 1 июня визы не выдавали."),
    ],
)
@pytest.mark.parametrize("published", [date(2026, 1, 20), date(2025, 11, 28)])
def test_start_without_a_sign_may_be_past_or_to_come(
    language: Language, text: str, published: date
) -> None:
    assert starts_in(text, language, published) == ["2025-06-01/..", "2026-06-01/.."]


def test_announced_start_of_the_last_weeks_has_begun() -> None:
    text = "Visas are refused from 1 June, the ministry announced."
    assert starts_in(text, "en", date(2026, 6, 20))[0] == "2026-06-01/.."


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Visas have been refused since 1 June, it announced."),
        ("ko", "당국은 지난 6월 1일부터 중단했다고 발표했다."),
        ("zh", "该部宣布从去年6月1日起停发。"),
        ("ja", "昨年6月1日から停止していると発表した。"),
        ("ru", "Ведомство объявило, что с 1 июня прошлого года виз нет."),
    ],
)
def test_start_that_says_it_is_past_is_read_as_past(language: Language, text: str) -> None:
    assert starts_in(text, language, date(2026, 3, 4))[0] == "2025-06-01/.."


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "They left in mid-May.", "mid-May"),
        ("ko", "5월 중순 떠났다.", "5월 중순"),
        ("zh", "5月上旬离开。", "5月上旬"),
        ("ja", "5月下旬に帰国した。", "5月下旬"),
        ("ru", "Уехали в начале мая.", "начале мая"),
    ],
)
def test_part_of_a_month_has_the_readings_of_the_date_box(
    language: Language, text: str, words: str
) -> None:
    (mark,) = DateProposer().propose(Sentence(0, text, language, PUBLISHED), [])
    assert [mark.value, *mark.also] == read_phrase(words, PUBLISHED)


def test_months_without_capitals_are_no_dates_in_english() -> None:
    assert dates_in("They may leave in May.", "en") == [("May", "2019-05")]


def test_deadline_is_also_offered_as_a_limit_and_as_the_day() -> None:
    sentence = Sentence(0, "연말까지 남는다.", "ko", PUBLISHED)
    mark = next(iter(DateProposer().propose(sentence, [])))
    assert mark.value == "../2019-12"
    assert {"[..2019-12]", "2019-12"} <= {*mark.also}


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "It closed two weeks before the vote.", "two weeks before the vote"),
        ("ko", "선거 2주 전 닫혔다.", "선거 2주 전"),
        ("zh", "春节前两周关门。", "春节前两周"),
        ("ru", "Закрыли за две недели до выборов.", "за две недели до выборов"),
    ],
)
def test_time_counted_from_an_event_is_marked_without_a_reading(
    language: Language, text: str, words: str
) -> None:
    assert dates_in(text, language) == [(words, "")]


def test_day_counted_from_the_sentence_before_says_so() -> None:
    reading = read_article(
        "It closed on 3 May 2019. A day later it opened.", "en", PUBLISHED, PROPOSERS
    )
    mark = reading.marks[1][0]
    assert (mark.value, mark.reason) == ("2019-05-04", Reason.DATE_BEFORE)
