"""Estimates with quantifier, numbers, unit and rate."""

import pytest

from app.desk.reading.estimates.proposer import EstimateProposer
from app.desk.reading.marks import Language, Mark, MarkKind, Reason, Sentence


def estimates_in(text: str, language: Language) -> list[str]:
    return [m.value for m in EstimateProposer().propose(Sentence(0, text, language), [])]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("about 2,000 workers", ["about 2000 people"]),
        ("between 5 and 7 thousand people", ["range 5000-7000 people"]),
        ("from $300 to $500 a month", ["range 300-500 usd/month"]),
        ("no fewer than 40 permits", ["at-least 40 permits"]),
        ("scores of women", ["words people"]),
        ("more than half of the staff", ["more-than 0.5 ratio"]),
        ("numbers fell by 30 per cent", ["exact -0.3 ratio change"]),
        ("as many as 15 buses a day", ["up-to 15 vehicles/day"]),
        ("a stay of three weeks", ["exact 21 days"]),
        ("800 riyals per worker per month in Qatar", ["exact 800 qar/month"]),
        ("wages fell by a fifth", ["exact -0.2 ratio change"]),
        ("a third of the workers left", ["exact 0.333 ratio"]),
        ("A third step follows, and a third woman left.", []),
        ("they make up about 70 percent of builders", ["about 0.7 ratio"]),
        ("prices were up 70 percent", ["exact 0.7 ratio change"]),
        ("They leave two sites after permit checks", ["exact 2 businesses"]),
        ("three in five workers", ["exact 0.6 ratio"]),
        ("47 of the 60 sailors", ["exact 47 people", "exact 60 people"]),
    ],
)
def test_english(text: str, values: list[str]) -> None:
    assert estimates_in(text, "en") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("노동자 2만 8천여 명", ["about 28000 people"]),
        ("최소 1천500명", ["at-least 1500 people"]),
        ("수천 명의 여성", ["words people"]),
        ("네 명 중 세 명이", ["exact 0.75 ratio"]),
        ("스물세 명이", ["exact 23 people"]),
        ("서너 곳의 공장", ["range 3-4 businesses"]),
        ("하루 최대 15대가", ["up-to 15 vehicles/day"]),
        ("1인당 3천 달러가 넘는 뇌물", ["more-than 3000 usd/person"]),
        ("200만 원에서 300만 원을", ["range 2000000-3000000 krw"]),
        ("40% 줄었다", ["exact -0.4 ratio change"]),
        ("120일 이내", ["up-to 120 days"]),
        ("700위안을 넘지 못한다", ["up-to 700 yuan"]),
    ],
)
def test_korean(text: str, values: list[str]) -> None:
    assert estimates_in(text, "ko") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("上万名工人", ["words people"]),
        ("二十多岁的女性", ["more-than 20 years"]),
        ("有六七百人离开", ["range 600-700 people"]),
        ("约1.5万名工人", ["about 15000 people"]),
        ("每月不超过两千元", ["up-to 2000 yuan/month"]),
        ("两到三成的工人", ["range 0.2-0.3 ratio"]),
        ("大概十来辆车", ["about 10 vehicles"]),
        ("十二名工人里三个已经走了", ["exact 12 people", "exact 3 people"]),
        ("五百多人", ["more-than 500 people"]),
        ("超过一千万元", ["more-than 10000000 yuan"]),
    ],
)
def test_chinese(text: str, values: list[str]) -> None:
    assert estimates_in(text, "zh") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("300人余りが", ["more-than 300 people"]),
        ("毎日50～60人が", ["range 50-60 people/day"]),
        ("1万2000人を", ["exact 12000 people"]),
        ("賃金の3割が", ["exact 0.3 ratio"]),
        ("年間8000万元を超える", ["more-than 80000000 yuan/year"]),
        ("1日に4、5台が", ["range 4-5 vehicles/day"]),
        ("数十人が", ["words people"]),
        ("年内に千人規模が", ["about 1000 people"]),
        ("数千人が", ["words people"]),
    ],
)
def test_japanese(text: str, values: list[str]) -> None:
    assert estimates_in(text, "ja") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("десятки швей", ["words people"]),
        ("не более трёхсот рабочих", ["up-to 300 people"]),
        ("от 5 до 7 тысяч человек", ["range 5000-7000 people"]),
        ("7,3 тысячи виз", ["exact 7300 visas"]),
        ("около половины рабочих", ["about 0.5 ratio"]),
        ("по 800 рублей в день", ["exact 800 rub/day"]),
        ("каждый второй", ["exact 0.5 ratio"]),
        ("гостей вдвое меньше", ["exact -0.5 ratio change"]),
        ("48 виз, еще 12 отозвали", ["exact 48 visas", "exact 12 visas"]),
        ("человек двадцать", ["about 20 people"]),
        ("за девять месяцев 2025 года въехали", ["exact 9 months"]),
        ("контракт на 3 года", ["exact 3 years"]),
    ],
)
def test_russian(text: str, values: list[str]) -> None:
    assert estimates_in(text, "ru") == values


def test_number_without_a_noun_is_taken_to_count_people_and_says_so() -> None:
    mark = next(iter(EstimateProposer().propose(Sentence(0, "more than 300 left", "en"), [])))
    assert (mark.value, mark.reason) == ("more-than 300 people", Reason.UNIT_ASSUMED)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "Wages of 20 million roubles as of March were not paid.", "20000000 rub"),
        ("en", "Arrears on monthly wages are 20 million roubles.", "20000000 rub"),
        ("en", "The monthly wage is the same; fines came to 900 yuan.", "900 yuan"),
        ("ko", "3월 기준 임금 2천만 루블이 밀렸다.", "20000000 rub"),
        ("zh", "截至3月的工资共2000万卢布。", "20000000 rub"),
        ("ja", "先月2000万円の賃金が支払われた。", "20000000 jpy"),
        ("ja", "昨年に300人が帰国した。", "300 people"),
        ("ru", "Задолженность по зарплате на 1 марта — 20 млн рублей.", "20000000 rub"),
    ],
)
def test_sum_or_count_without_words_for_a_rate_has_none(
    language: Language, text: str, value: str
) -> None:
    assert f"exact {value}" in estimates_in(text, language)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "Monthly pay fell to 1,200 yuan from 2,500 yuan.", "2500 yuan/month"),
        ("en", "They get 900 yuan per month.", "900 yuan/month"),
        ("ko", "월 임금은 900위안이다.", "900 yuan/month"),
        ("ko", "매월 900위안을 받는다.", "900 yuan/month"),
        ("zh", "月薪由2500元降至1200元。", "1200 yuan/month"),
        ("ja", "月給は昨年の2500元から1200元に下がった。", "1200 yuan/month"),
        ("ja", "月900元を受け取る。", "900 yuan/month"),
        ("ru", "Ежемесячная зарплата — 900 юаней.", "900 yuan/month"),
        ("ru", "Платят 900 юаней в месяц.", "900 yuan/month"),
    ],
)
def test_words_for_a_month_make_a_sum_a_rate(language: Language, text: str, value: str) -> None:
    assert f"exact {value}" in estimates_in(text, language)


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
    day = Mark(start, start + len(words), MarkKind.DATE, "2019-05-11", Reason.WRITTEN_DATE)
    (mark,) = EstimateProposer().propose(Sentence(0, text, language), [day])
    assert mark.value == "exact 300 people"


def test_numbers_of_laws_and_stages_are_no_estimates() -> None:
    assert estimates_in("Under article 18, stage 2 begins; the resolution 2397 says so", "en") == []


def test_number_without_its_noun_counts_what_the_one_before_counts() -> None:
    text = "four restaurants in Beijing and two in Shenyang"
    places = [
        Mark(text.index(name), text.index(name) + len(name), MarkKind.PLACE, name, Reason.NAME)
        for name in ("Beijing", "Shenyang")
    ]
    marks = [*EstimateProposer().propose(Sentence(0, text, "en"), places)]
    assert [(mark.value, mark.reason) for mark in marks] == [
        ("exact 4 businesses", Reason.COUNTED),
        ("exact 2 businesses", Reason.UNIT_CARRIED),
    ]
