"""What is planned, expected, demanded or due, and when something happened."""

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


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The firm intends to hire another 150 workers."),
        ("en", "The firm is due to bring 150 workers in March 2023."),
        ("ko", "회사는 노동자 150명을 추가로 고용할 계획이다."),
        ("zh", "公司计划再招收150名工人。"),
        ("ja", "会社は労働者150人を受け入れる予定だ。"),
        ("ru", "Компания намерена привлечь ещё 150 рабочих."),
    ],
)
def test_number_of_a_plan_is_planned(language: Language, text: str) -> None:
    (row,) = [row for row in rows_of(text, language) if row.kind == "estimate"]
    assert (row.nature, row.type) == ("planned", "arrivals")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He expects 150 workers to leave in spring 2023."),
        ("ko", "그는 “내년 봄 노동자 150명이 귀국할 것”이라고 내다봤다."),
        ("ja", "来年春に150人が帰国する見通しだ。"),
    ],
)
def test_number_that_somebody_expects_is_a_forecast(language: Language, text: str) -> None:
    (row,) = [row for row in rows_of(text, language) if row.kind == "estimate"]
    assert row.nature == "forecast"


def test_what_has_happened_has_no_nature() -> None:
    rows = rows_of("Some 150 workers left on 3 October, a source said.", "en")
    assert rows and all(row.nature == "" for row in rows)


def test_deadline_of_an_order_is_no_day_of_it() -> None:
    (row,) = [r for r in rows_of("They must leave by 1 December.", "en") if r.kind == "event"]
    assert (row.type, row.when) == ("departure-order", None)
    assert row.deadline and row.deadline.value == "[..2022-12-01]"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The group urged the Russian authorities to stop issuing student visas."),
        ("en", "The charity called on China to halt issuing visas to them."),
        ("ko", "이 단체는 러시아에 비자 발급을 중단할 것을 촉구했다."),
        ("zh", "该组织呼吁中国停止发放签证。"),
        ("ru", "Организация призвала Россию прекратить выдачу виз."),
    ],
)
def test_what_somebody_demands_of_a_state_is_a_demand(language: Language, text: str) -> None:
    assert [row.type for row in rows_of(text, language)] == ["demand"]


def test_order_of_a_state_is_no_demand() -> None:
    (row,) = [r for r in rows_of("They were told to leave the country.", "en") if r.kind == "event"]
    assert row.type != "demand"


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "The workers will be able to come back in March.", "2023-03"),
        ("ru", "Заявки можно будет подать не раньше марта.", "2023-03"),
        ("en", "The plant closed in March.", "2022-03"),
        ("en", "In March the ministry said that it would raid more plants.", "2022-03"),
    ],
)
def test_month_of_what_is_to_come_is_ahead(language: Language, text: str, day: str) -> None:
    reading = read_article(text, language, PUBLISHED, proposers())
    (mark,) = [mark for mark in reading.marks[0] if mark.kind.value == "date"]
    assert mark.value == day


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "今年上半年那里有300名工人，比去年同期减少一成。"),
        ("ko", "상반기 그곳 노동자는 300명으로 지난해 같은 기간보다 줄었다."),
        ("en", "There were 300 workers in June 2022, fewer than in June 2021."),
    ],
)
def test_time_of_a_comparison_is_no_date_of_a_number(language: Language, text: str) -> None:
    row = next(row for row in rows_of(text, language) if row.kind == "estimate")
    assert row.when and row.when.value.startswith("2022")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The plant has 300 workers whose visas expire in December."),
        ("ko", "공장에는 비자가 12월에 만료되는 노동자 300명이 있다."),
        ("zh", "工厂有三百名工人，签证将于12月到期。"),
        ("ja", "工場には12月に期限が切れる労働者300人がいる。"),
        ("ru", "На заводе 300 рабочих, чьи визы истекают в декабре."),
    ],
)
def test_day_on_which_papers_expire_is_no_date(language: Language, text: str) -> None:
    row = next(row for row in rows_of(text, language) if row.kind == "estimate")
    assert row.when is None


def test_dateline_and_day_of_a_report_are_no_date_of_an_event() -> None:
    text = (
        "Seoul, 18 October 2022 – Workers had their passports taken in Dandong, "
        "a charity said in a report published today."
    )
    (row,) = [row for row in rows_of(text, "en") if row.kind == "event"]
    assert row.when is None


def test_sentence_about_that_time_has_the_date_before_it() -> None:
    text = "경찰이 지난 3일 숙소를 급습했다. 당시 노동자 40명이 붙잡혔다."
    row = next(row for row in rows_of(text, "ko") if row.kind == "estimate")
    assert row.when and row.when.value == "2022-10-03"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "하루 동안 체포된 사람은 없었다."),
        ("zh", "工厂已停止招收新人。"),
        ("zh", "工资要待她们回国后才发放。"),
        ("en", "They are paid only after they have returned home."),
        ("ru", "Платят только после возвращения домой."),
    ],
)
def test_what_did_not_happen_yet_is_no_event(language: Language, text: str) -> None:
    assert [row.type for row in rows_of(text, language) if row.kind == "event"] == []


def test_letter_that_is_sent_is_no_dispatch() -> None:
    rows = rows_of("Посольство направило министерству ноту.", "ru")
    assert [row.type for row in rows] == ["diplomatic-letter"]


def test_withheld_pay_is_no_raid() -> None:
    assert [
        row.type for row in rows_of("工厂扣留了她们两个月的工资。", "zh") if row.kind == "event"
    ] == ["economic-distress"]


def test_group_of_a_speaker_is_no_group_of_the_row() -> None:
    (row,) = rows_of("Two of the foremen said 300 workers were still there.", "en")
    assert row.speaker and not row.others


def test_rule_that_was_signed_has_a_stage_when_it_takes_effect() -> None:
    text = (
        "Губернатор 10 октября подписал постановление, запрещающее мигрантам работать в такси. "
        "Оно вступает в силу 1 января 2023 года."
    )
    rule, stage = [row for row in rows_of(text, "ru") if row.kind == "event"]
    assert rule.type == stage.type == "occupation-ban"
    assert rule.when and rule.when.value == "2022-10-10"
    assert stage.to == rule and stage.when and stage.when.value == "2023-01-01"


def test_place_of_before_is_not_carried_to_another_place() -> None:
    text = "3일 단둥에서 단속이 있었다. 샤오링에서도 단속이 있었다."
    rows = [row for row in rows_of(text, "ko") if row.kind == "event"]
    assert [bool(row.where) for row in rows] == [True, False]


def test_none_are_here_denies_the_number_that_the_report_begins_with() -> None:
    text = (
        "Some 400 North Korean men work in Dandong, a charity said. Police detained 12 of them in "
        "June 2022. The provincial government rejected the findings. “No citizens of North Korea "
        "are employed here,” a spokesman said."
    )
    rows = rows_of(text, "en")
    denied = {row.to.number.value for row in rows if row.denial and row.to and row.to.number}
    assert denied == {"about 400 people"}


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("ru", "Активист фонда «Мост» Иван Петров считает, что там 40 рабочих.", "ngo"),
        ("ru", "По оценке отраслевого союза, запрет коснётся 900 человек.", "ngo"),
        ("ru", "В УМВД подтвердили рейд и назвали другую цифру.", "government-statement"),
        ("zh", "一家工厂的管理人员李女士（化名）说，那里有40名工人。", "company"),
    ],
)
def test_speaker_beside_a_quoted_name_is_found(language: Language, text: str, kind: str) -> None:
    reading = read_article(text, language, PUBLISHED, proposers())
    speakers = [mark.value for mark in reading.marks[0] if mark.kind.value == "speaker"]
    assert speakers == [kind]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Three men refused to be deported."),
        ("ko", "세 명이 귀국을 거부했다."),
        ("zh", "三名工人拒绝回国。"),
        ("ja", "3人が帰国を拒んだ。"),
        ("ru", "Трое отказались вернуться."),
    ],
)
def test_what_somebody_refuses_to_do_is_no_event(language: Language, text: str) -> None:
    assert [row.type for row in rows_of(text, language) if row.kind == "event"] == []


def test_denied_view_is_no_event() -> None:
    text = "90人が3日に帰国した。会社側は強制送還との見方を否定した。"
    assert "deportation" not in {row.type for row in rows_of(text, "ja") if row.kind == "event"}


def test_nothing_of_the_kind_was_heard_is_no_denial() -> None:
    text = "Police raided the plant. “We have heard nothing of the kind,” said an official."
    assert [row.denial.value for row in rows_of(text, "en") if row.denial] == ["mentions"]


def test_goal_of_a_way_is_no_place_of_a_row() -> None:
    (row,) = [r for r in rows_of("大連から90人が平壌に帰国した。", "ja") if r.kind == "event"]
    assert len(row.where) == 1


def test_day_of_a_speaker_after_the_verb_is_no_part_of_the_speaker() -> None:
    text = "“They were deported,” said an official of the ministry on Monday."
    (row,) = [row for row in rows_of(text, "en") if row.kind == "event"]
    assert row.when is None and row.said is not None
    assert row.speaker and text[row.speaker.start : row.speaker.end].endswith("ministry")


def test_claim_that_is_a_noun_has_no_speaker() -> None:
    reading = read_article(
        "The Daily Bugle was unable to verify the claim.", "en", PUBLISHED, proposers()
    )
    assert [mark for mark in reading.marks[0] if mark.kind.value == "speaker"] == []


def test_body_with_its_name_in_quotes_speaks() -> None:
    text = "支援団体「光の家」は、3人が拘束されたとする声明を発表した。"
    (row,) = [row for row in rows_of(text, "ja") if row.kind == "event"]
    assert row.speaker and row.speaker.value == "ngo"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "As far as he knows, 40 workers are still held."),
        ("ko", "그는 노동자 4명이 아직 풀려나지 않은 것으로 안다고 덧붙였다."),
        ("zh", "据我所知，还有40名工人没有回来。"),
        ("ja", "40人がまだ残っていると聞いている。"),
        ("ru", "Насколько ему известно, там остаются 40 рабочих."),
    ],
)
def test_what_somebody_only_knows_of_has_a_reserve(language: Language, text: str) -> None:
    (row,) = [row for row in rows_of(text, language) if row.kind == "estimate"]
    assert row.certainty == "hedged"


def test_town_that_people_come_from_is_no_place_of_theirs() -> None:
    (row,) = [r for r in rows_of("原定下月从新义州来的四十人没有来。", "zh") if r.number]
    assert row.where == ()
