"""Names of countries that only say whose people somebody is."""

from datetime import date

import pytest

from app.desk.reading.article import read_article
from app.desk.reading.marks import Language, MarkKind
from tests.support.reading_gold import proposers


def found_in(text: str, language: Language) -> tuple[list[str], list[str]]:
    """Return the places and nationalities of a text."""
    reading = read_article(text, language, date(2021, 4, 8), proposers())
    marks = [mark for marks in reading.marks for mark in marks]
    return (
        [mark.value for mark in marks if mark.kind is MarkKind.PLACE],
        [mark.value for mark in marks if mark.kind is MarkKind.NATIONALITY],
    )


@pytest.mark.parametrize(
    ("language", "text", "places", "nationalities"),
    [
        ("en", "Forty workers from North Korea sew shirts in Hunchun.", ["hunchun"], ["kp"]),
        ("en", "N. Korean welders stay in Vladivostok.", ["vladivostok"], ["kp"]),
        ("en", "DPRK nationals were seen in Dandong.", ["dandong"], ["kp"]),
        ("en", "Some citizens of the DPRK live in Dandong.", ["dandong"], ["kp"]),
        ("en", "North Korea's overseas workers cook in Hunchun.", ["hunchun"], ["kp"]),
        ("en", "NK workers left Dandong.", ["dandong"], ["kp"]),
        ("en", "North Korea has sent more than 2,000 workers to Tumen.", ["tumen"], ["kp"]),
        ("en", "The mayor wants loggers from the DPRK in Khabarovsk.", ["khabarovsk"], ["kp"]),
        ("ko", "훈춘의 북한 봉제 노동자들이 쉬었다.", ["hunchun"], ["kp"]),
        ("ko", "단둥 공장에 북한 파견 인력이 있다.", ["dandong"], ["kp"]),
        ("ko", "블라디보스토크에서 北 벌목공 세 명을 만났다.", ["vladivostok"], ["kp"]),
        ("ko", "단둥의 조선 노동자들은 말이 없다.", ["dandong"], ["kp"]),
        ("ko", "북한에서 파견된 노동자들이 훈춘에 산다.", ["hunchun"], ["kp"]),
        ("zh", "丹东有不少朝鲜缝纫工人。", ["dandong"], ["kp"]),
        ("zh", "来自朝鲜的女工住在珲春。", ["hunchun"], ["kp"]),
        ("zh", "珲春一家工厂雇用朝籍员工。", ["hunchun"], ["kp"]),
        ("ja", "丹東で北朝鮮の労働者が働く。", ["dandong"], ["kp"]),
        ("ja", "琿春には北朝鮮から派遣された女性がいる。", ["hunchun"], ["kp"]),
        ("ja", "北朝鮮籍の作業員がウラジオストクに残る。", ["vladivostok"], ["kp"]),
        ("ru", "Во Владивостоке живут выходцы из Северной Кореи.", ["vladivostok"], ["kp"]),
        ("ru", "Завод в Хабаровске нанял работников из КНДР.", ["khabarovsk"], ["kp"]),
        ("ru", "Гражданка КНДР шила в Даньдуне.", ["dandong"], ["kp"]),
    ],
)
def test_country_of_people_is_no_place(
    language: Language, text: str, places: list[str], nationalities: list[str]
) -> None:
    assert found_in(text, language) == (places, nationalities)


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "They went back to North Korea in June.", "north-korea"),
        ("en", "In North Korea workers are chosen by the party.", "north-korea"),
        ("en", "The withdrawal of workers from China goes on.", "china"),
        ("ko", "이들은 북한으로 돌아갔다.", "north-korea"),
        ("ko", "중국에서 일하는 노동자가 늘었다.", "china"),
        ("zh", "他们返回朝鲜。", "north-korea"),
        ("zh", "中国的朝鲜工人不少。", "china"),
        ("ja", "一行は北朝鮮に戻った。", "north-korea"),
        ("ja", "中国の北朝鮮労働者が減った。", "china"),
        ("ru", "Они вернулись в КНДР.", "north-korea"),
        ("ru", "Началось возвращение рабочих из России.", "russia"),
    ],
)
def test_country_where_people_are_stays_a_place(language: Language, text: str, place: str) -> None:
    assert place in found_in(text, language)[0]


@pytest.mark.parametrize(
    ("language", "text", "places"),
    [
        ("en", "The embassy of North Korea in Moscow closed.", ["moscow"]),
        ("ru", "Посольство КНДР в Москве закрыто.", ["moscow"]),
        ("ko", "주중 북한대사관이 단둥에 사람을 보냈다.", ["dandong"]),
    ],
)
def test_country_of_an_office_is_no_place(language: Language, text: str, places: list[str]) -> None:
    assert found_in(text, language)[0] == places
