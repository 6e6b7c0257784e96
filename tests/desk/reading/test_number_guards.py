"""Which numbers count nobody whom a rule concerns, and what a share is a share of."""

from datetime import date

import pytest

from app.desk.reading.article import read_article
from app.desk.reading.marks import Language
from app.desk.reading.related_rows import relate_rows
from app.desk.reading.rows import ProposedRow, propose_rows
from tests.support.reading_gold import proposers

PUBLISHED = date(2022, 10, 20)


def numbers_of(text: str, language: Language) -> list[ProposedRow]:
    reading = read_article(text, language, PUBLISHED, proposers())
    return [row for row in relate_rows(propose_rows(reading), reading) if row.kind == "estimate"]


def readings_of(text: str, language: Language) -> list[str]:
    return [row.number.value for row in numbers_of(text, language) if row.number]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Researchers interviewed 52 people, including 20 workers and 4 brokers."),
        ("en", "Twenty-three of them said they had never seen a contract."),
        ("ko", "이 단체는 노동자 52명을 면담했다."),
        ("zh", "研究人员采访了52人，其中有20名工人。"),
        ("ja", "団体は労働者52人に聞き取りをした。"),
        ("ru", "Авторы опросили 52 человека, среди них 20 рабочих."),
    ],
)
def test_people_who_were_asked_make_no_row(language: Language, text: str) -> None:
    assert numbers_of(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Some 40 police officers came to the hostel."),
        ("ko", "경찰 40여 명이 기숙사에 들어왔다."),
        ("zh", "四十名警察来到宿舍。"),
        ("ja", "捜査員40人が寮に入った。"),
        ("ru", "В общежитие вошли 40 сотрудников полиции."),
    ],
)
def test_police_make_no_row(language: Language, text: str) -> None:
    assert numbers_of(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A source said 40 workers told to wait are still there."),
        ("ko", "소식통은 노동자 40명이 아직 일한다고 말했다."),
        ("ja", "消息筋は40人が働いていると話した。"),
    ],
)
def test_number_of_another_speaker_is_a_row(language: Language, text: str) -> None:
    assert [row.type for row in numbers_of(text, language)] == ["present"]


def test_sites_that_were_counted_before_make_no_row() -> None:
    assert numbers_of("Police raided the largest of the four plants.", "en") == []
    assert numbers_of("Проверка прошла в трёх городах.", "ru") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Overseers keep 60 per cent of the workers’ wages."),
        ("ko", "회사는 임금의 60%를 뗀다."),
        ("zh", "公司扣下工资的60%。"),
        ("ja", "会社は賃金の60%を天引きする。"),
        ("ru", "Начальники забирают 60 процентов зарплаты."),
    ],
)
def test_share_of_pay_is_money(language: Language, text: str) -> None:
    (row,) = numbers_of(text, language)
    assert row.type == "money"


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "The number rose from 700 to 3,000 workers.", "exact 3000 people"),
        ("en", "The quota was cut from 4,000 to 900 workers.", "exact 900 people"),
        ("ko", "인원은 700명에서 3000명으로 늘었다.", "exact 3000 people"),
        ("ru", "Число выросло с 700 до 3000 человек.", "exact 3000 people"),
        ("ru", "Долю хотят сократить с 70 до 40 процентов.", "exact 0.4 ratio"),
        ("en", "From 700 to 900 workers live there.", "range 700-900 people"),
        ("ru", "Там живут от 700 до 900 человек.", "range 700-900 people"),
    ],
)
def test_former_and_present_number_are_no_range(language: Language, text: str, number: str) -> None:
    assert readings_of(text, language) == [number]


def test_bare_number_after_money_is_money() -> None:
    text = "She got 7,000 roubles a month; the contract provides for 50,000."
    assert readings_of(text, "en") == ["exact 7000 rub/month", "exact 50000 rub/month"]
    text = "The fine was 30,000 roubles; 2,000 were sent home."
    assert readings_of(text, "en") == ["exact 30000 rub", "exact 2000 people"]


def test_collective_numeral_counts_people() -> None:
    assert readings_of("Ещё пятеро выдворены.", "ru") == ["exact 5 people"]
    assert readings_of("Арестовали четверых.", "ru") == ["exact 4 people"]


def test_number_counts_what_the_verb_within_it_tells() -> None:
    text = "Полиция сообщила о рейде: 31 задержанный мигрант, из которых выдворены двое."
    found = [(row.type, row.number and row.number.value) for row in numbers_of(text, "ru")]
    assert found == [("taking-part", "exact 31 people"), ("departures", "exact 2 people")]


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("ru", "Задержали около 70 граждан Вьетнама и 20 граждан КНДР.", [["vn"], ["kp"]]),
        ("zh", "工厂有30名越南工人和20名朝鲜工人。", [["vn"], ["kp"]]),
        ("ko", "공장에 베트남 노동자 30명이 있다.", [["vn"]]),
        ("en", "There are 40 workers from North Korea.", [["kp"]]),
        ("en", "There are 40 Indonesians and 30 North Koreans.", [["id"], ["kp"]]),
        ("ru", "Там работают 40 узбеков.", [["uz"]]),
    ],
)
def test_number_has_the_nationality_beside_it(
    language: Language, text: str, codes: list[list[str]]
) -> None:
    assert [row.nationalities for row in numbers_of(text, language)] == codes


def test_things_are_no_people() -> None:
    assert numbers_of("At least six contracts were shown to us.", "en") == []
    (row,) = numbers_of("At least six vessels were searched.", "en")
    assert row.number and row.number.value == "at-least 6 vehicles"


def test_number_has_the_date_of_its_clause() -> None:
    text = "12日の便には約110人、15日の便には約70人が搭乗し、平壌に帰国した。"
    found = [
        (row.number and row.number.figure and row.number.figure.low, row.when and row.when.value)
        for row in numbers_of(text, "ja")
    ]
    assert found == [(110, "2022-10-12"), (70, "2022-10-15")]


def test_workers_who_left_are_not_those_who_work() -> None:
    (row,) = numbers_of("大連の工場で働く労働者90人が3日に帰国した。", "ja")
    assert row.type == "departures"
    (row,) = numbers_of("消息筋によると大連の工場では90人が働いている。", "ja")
    assert row.type == "present"
