"""What makes no row, and which marks of a sentence belong together."""

from datetime import date

import pytest

from app.desk.reading.article import read_article
from app.desk.reading.marks import Language
from app.desk.reading.related_rows import relate_rows
from app.desk.reading.rows import ProposedRow, propose_rows
from tests.support.reading_gold import proposers

PUBLISHED = date(2022, 10, 20)


def rows_of(text: str, language: Language) -> list[ProposedRow]:
    reading = read_article(text, language, PUBLISHED, proposers())
    return relate_rows(propose_rows(reading), reading)


def types_of(text: str, language: Language) -> list[str]:
    """Return the types of the event rows of a text."""
    return [row.type for row in rows_of(text, language) if row.kind == "event"]


def counts_of(text: str, language: Language) -> list[str]:
    """Return what the numbers of a text count."""
    return [row.type for row in rows_of(text, language) if row.kind == "estimate"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The ministry has nothing to confirm about workers being sent home."),
        ("ko", "외교부는 송환에 대해서는 확인해 드릴 내용이 없다고 밝혔다."),
        ("ko", "당국자는 “추가 파견 여부는 확인할 수 없다”고 말했다."),
        ("zh", "外交部对遣返一事不予置评。"),
        ("ja", "外務省は、送還について確認していないと述べた。"),
        ("ru", "В ведомстве депортацию рабочих подтвердить не смогли."),
    ],
)
def test_what_nobody_confirms_is_no_event(language: Language, text: str) -> None:
    assert types_of(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Repatriation of the workers has not begun, a manager said."),
        ("en", "The deportations have yet to start."),
        ("ko", "노동자 송환은 아직 시작되지 않았다고 소식통이 전했다."),
        ("ko", "강제 출국은 실제로 이뤄지지 않았다."),
        ("zh", "一名经理说，工人的遣返工作尚未开始。"),
        ("zh", "遣返至今没有进行。"),
        ("ja", "労働者の送還はまだ始まっていない。"),
        ("ja", "工場の担当者は、帰国した人はまだいないと話した。"),
        ("ru", "Депортация рабочих пока не началась, сказал управляющий."),
        ("ru", "Высылка на практике не проводилась."),
    ],
)
def test_what_has_not_begun_is_no_event(language: Language, text: str) -> None:
    assert types_of(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The deportations have begun, a manager said."),
        ("ko", "노동자 송환이 시작됐다고 소식통이 전했다."),
        ("zh", "工人的遣返工作已经开始。"),
        ("ja", "工場の担当者は、労働者20人が帰国したと話した。"),
        ("ru", "Депортация рабочих началась, сказал управляющий."),
    ],
)
def test_what_has_begun_is_an_event(language: Language, text: str) -> None:
    assert types_of(text, language) != []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "About 300 people live in the dormitory, but none has returned home."),
        ("ko", "“공장에 300여 명이 머물고 있다”면서 “송환은 중단됐다”고 했다."),
        ("zh", "仍有约300人滞留在工厂，遣返已中断。"),
        ("ja", "約300人が寮に残っているが、送還は中断した。"),
        ("ru", "В общежитии остаются около 300 человек, депортация приостановлена."),
    ],
)
def test_who_stays_does_not_leave(language: Language, text: str) -> None:
    assert counts_of(text, language) == ["present"]


@pytest.mark.parametrize(
    ("language", "text", "counts"),
    [
        ("en", "Some 60 women boarded a ferry at dawn.", "crossings"),
        ("ko", "이들 60여 명이 압록강을 건넜다.", "crossings"),
        ("zh", "约60人登上客车。", "crossings"),
        ("ja", "約60人が橋を渡った。", "crossings"),
        ("ru", "Около 60 человек пересекли мост.", "crossings"),
        ("ko", "노동자들이 귀국했다. 60여 명이 두만강을 넘어갔다.", "departures"),
        ("en", "Some 60 men crossed the bridge from Dandong to Sinuiju.", "departures"),
    ],
)
def test_people_on_the_way_are_not_present(language: Language, text: str, counts: str) -> None:
    found = counts_of(text, language)
    assert found[-1:] == [counts] or (counts == "crossings" and found[-1:] == ["departures"])


@pytest.mark.parametrize(
    ("language", "text", "types"),
    [
        ("en", "On 3 October builders crossed the river from Hunchun to Rason.", ["repatriation"]),
        ("en", "A dozen cooks crossed the bridge from Sinuiju to Dandong.", ["dispatch"]),
        ("ru", "Рабочие на автобусах пересекли мост из Даньдуна в Синыйджу.", ["repatriation"]),
        ("ko", "이들은 단둥에서 다리를 건너갔다. 신의주로 건너갔다.", ["repatriation"]),
        ("en", "Every day 50 people cross the bridge to Sinuiju.", []),
    ],
)
def test_way_to_or_from_home_is_an_event(language: Language, text: str, types: list[str]) -> None:
    assert types_of(text, language) == types


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "UN resolution 2375 required states to return workers by 11 January 2018."),
        ("ko", "안보리 결의 2375호는 2018년 1월 11일까지 노동자를 송환하도록 요구했다."),
        ("zh", "安理会第2397号决议要求在2019年12月22日前遣返所有工人。"),
        ("ja", "安保理決議2397号は2019年12月22日までに労働者の送還を義務付けた。"),
        ("ru", "Резолюция 2397 обязала страны до 22 декабря 2019 года выслать рабочих."),
    ],
)
def test_deadline_of_years_ago_is_background(language: Language, text: str) -> None:
    assert types_of(text, language) == []


def test_deadline_of_a_resolution_that_is_near_is_an_event() -> None:
    text = "Resolution 2397 requires states to send workers home by 22 December 2022."
    assert rows_of(text, "en") == [] or types_of(text, "en") != []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "“They have until the end of November,” he said; 40 people have already left."),
        ("ko", "11월 말까지 시한을 줬고, 이미 40명이 귀국했다."),
        ("zh", "限期到11月底，但目前已有40人回国。"),
        ("ru", "Им дали срок до конца ноября; 40 человек уже уехали."),
    ],
)
def test_deadline_ahead_is_not_the_day_of_who_has_left(language: Language, text: str) -> None:
    (row,) = [row for row in rows_of(text, language) if row.number and row.type == "departures"]
    assert row.when is None


@pytest.mark.parametrize(
    ("language", "text", "types"),
    [
        ("en", "Workers sent to Khabarovsk have returned home.", ["repatriation"]),
        ("ko", "하바롭스크에 파견된 북한 벌목 노동자들이 철수했다.", ["repatriation"]),
        ("zh", "派往哈巴罗夫斯克的朝鲜工人已经回国。", ["repatriation"]),
        ("ja", "ハバロフスクに派遣された労働者が帰国した。", ["repatriation"]),
        ("ru", "Рабочие, прибывшие в Хабаровск, уехали.", ["repatriation"]),
        ("en", "Forty workers were sent to Khabarovsk in May.", ["dispatch"]),
        ("ko", "지난달 노동자들이 하바롭스크에 파견됐다.", ["dispatch"]),
    ],
)
def test_participle_that_tells_which_people_is_no_event(
    language: Language, text: str, types: list[str]
) -> None:
    assert types_of(text, language) == types


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "Some 90 workers left in three buses.", ["about 90 people"]),
        ("en", "They send home those who have stayed for more than six years.", []),
        ("en", "Police came to three workshops.", []),
        ("ko", "공장 세 곳에서 조사를 했다.", []),
        ("ru", "Проверка прошла на трех стройках.", []),
        ("ru", "Месяцем ранее их было лишь 85.", ["exact 85 people"]),
        ("en", "Police closed three workshops.", ["exact 3 businesses"]),
    ],
)
def test_buses_sites_and_lengths_of_stay_are_no_numbers_of_their_own(
    language: Language, text: str, numbers: list[str]
) -> None:
    found = [row.number.value for row in rows_of(text, language) if row.number]
    assert found == numbers


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "About 90 women sew shirts in Hunchun."),
        ("ko", "훈춘에서 북한 여성 90여 명이 일한다."),
        ("zh", "珲春有90名女工。"),
        ("ja", "琿春で女性90人が働く。"),
        ("ru", "В Хуньчуне работают 90 женщин."),
    ],
)
def test_women_who_are_counted_are_offered_as_a_group(language: Language, text: str) -> None:
    (row,) = [row for row in rows_of(text, language) if row.number]
    assert "group:women-workers" in {mark.value for mark in row.others}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("В 2020 году в область прибыло 300 рабочих.", "2020"),
        ("В 2020 году прибыло 300 рабочих. Годом ранее их было всего 170.", "2019"),
    ],
)
def test_russian_years_are_dates(text: str, day: str) -> None:
    row = rows_of(text, "ru")[-1]
    last = [row for row in rows_of(text, "ru") if row.number][-1]
    assert row and last.when and last.when.value == day and last.type == "arrivals"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "До 1 ноября они обязаны либо получить патент, либо выехать."),
        ("en", "They must either get a permit or leave by 1 November."),
    ],
)
def test_papers_or_leaving_is_an_order_to_leave(language: Language, text: str) -> None:
    (row,) = [row for row in rows_of(text, language) if row.kind == "event"]
    assert row.type == "departure-order" and row.deadline
