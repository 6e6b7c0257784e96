"""What makes no row, and which marks of a sentence belong together."""

from datetime import date

from app.desk.reading.article import read_article
from app.desk.reading.marks import Language, MarkKind
from app.desk.reading.related_rows import relate_rows
from app.desk.reading.rows import ProposedRow, propose_rows
from tests.support.reading_gold import differences, proposers, table

PUBLISHED = date(2022, 10, 20)


def rows_of(text: str, language: Language) -> list[ProposedRow]:
    reading = read_article(text, language, PUBLISHED, proposers())
    return relate_rows(propose_rows(reading), reading)


def in_words(row: ProposedRow) -> str:
    parts = [
        *("hedged" for _row in [row] if row.kind == "estimate" and row.certainty == "hedged"),
        row.nature,
        row.type,
        row.number.value if row.number else "",
        *(f"of {code}" for code in row.nationalities),
        f"on {row.when.value}" if row.when else "",
        f"by {row.deadline.value}" if row.deadline else "",
    ]
    return " ".join(filter(None, parts))


def events_in(text: str, language: Language) -> str:
    return "; ".join(in_words(row) for row in rows_of(text, language) if row.kind == "event")


def estimates_in(text: str, language: Language) -> str:
    return "; ".join(in_words(row) for row in rows_of(text, language) if row.kind == "estimate")


def test_events_of_sentences() -> None:
    assert differences(events_in, table("event_rows")) == {}


def test_estimates_of_sentences() -> None:
    assert differences(estimates_in, table("estimate_rows")) == {}


def places_in(text: str, language: Language) -> str:
    """Return the kind of each row, with its places."""
    return "; ".join(
        " ".join([row.kind, *(mark.value for mark in row.where)]) for row in rows_of(text, language)
    )


def test_places_of_rows() -> None:
    places = {
        # The place of before is not carried to another place, …
        "3일 단둥에서 단속이 있었다. 샤오링에서도 단속이 있었다.": "event dandong; event",
        # … and neither goal nor origin of a way is a place of a row.
        "大連から90人が平壌に帰国した。": "estimate dalian; event dalian",
        "原定下月从新义州来的四十人没有来。": "estimate",
    }
    assert differences(places_in, places) == {}


def groups_in(text: str, language: Language) -> str:
    """Return the terms of each number, after the kind of its speaker."""
    return "; ".join(
        " ".join([*([row.speaker.value] if row.speaker else []), *(o.value for o in row.others)])
        for row in rows_of(text, language)
        if row.number
    )


def test_groups_of_numbers() -> None:
    groups = {
        # Women who are counted are offered as a group.
        "About 90 women sew shirts in Hunchun.": "group:women-workers",
        "훈춘에서 북한 여성 90여 명이 일한다.": "group:women-workers",
        "珲春有90名女工。": "group:women-workers",
        "琿春で女性90人が働く。": "group:women-workers",
        "В Хуньчуне работают 90 женщин.": "group:women-workers",
        # The group of a speaker is no group of the row.
        "Two of the foremen said 300 workers were still there.": "anonymous-source",
    }
    assert differences(groups_in, groups) == {}


def dates_in(text: str, language: Language) -> str:
    (marks,) = read_article(text, language, PUBLISHED, proposers()).marks
    return " ".join(mark.value for mark in marks if mark.kind is MarkKind.DATE)


def test_month_of_what_is_to_come_is_ahead() -> None:
    days = {
        "The workers will be able to come back in March.": "2023-03",
        "Заявки можно будет подать не раньше марта.": "2023-03",
        "The plant closed in March.": "2022-03",
        "In March the ministry said that it would raid more plants.": "2022-03",
    }
    assert differences(dates_in, days) == {}


def speakers_in(text: str, language: Language) -> str:
    (marks,) = read_article(text, language, PUBLISHED, proposers()).marks
    return " ".join(mark.value for mark in marks if mark.kind is MarkKind.SPEAKER)


def test_speaker_beside_a_quoted_name_is_found() -> None:
    kinds = {
        "Активист фонда «Мост» Иван Петров считает, что там 40 рабочих.": "ngo",
        "По оценке отраслевого союза, запрет коснётся 900 человек.": "ngo",
        "В УМВД подтвердили рейд и назвали другую цифру.": "government-statement",
        "一家工厂的管理人员李女士（化名）说，那里有40名工人。": "company",
        # A body with its name in quotes speaks, …
        "支援団体「光の家」は、3人が拘束されたとする声明を発表した。": "ngo",
        # … and a claim that is a noun has no speaker.
        "The Daily Bugle was unable to verify the claim.": "",
    }
    assert differences(speakers_in, kinds) == {}


def test_rule_that_was_signed_has_a_stage_when_it_takes_effect() -> None:
    text = (
        "Губернатор 10 октября подписал постановление, запрещающее мигрантам работать в такси. "
        "Оно вступает в силу 1 января 2023 года."
    )
    rule, stage = [row for row in rows_of(text, "ru") if row.kind == "event"]
    assert rule.type == stage.type == "occupation-ban"
    assert rule.when and rule.when.value == "2022-10-10"
    assert stage.to == rule and stage.when and stage.when.value == "2023-01-01"


def test_none_are_here_denies_the_number_that_the_report_begins_with() -> None:
    text = (
        "Some 400 North Korean men work in Dandong, a charity said. Police detained 12 of them in "
        "June 2022. The provincial government rejected the findings. “No citizens of North Korea "
        "are employed here,” a spokesman said."
    )
    rows = rows_of(text, "en")
    denied = {row.to.number.value for row in rows if row.denial and row.to and row.to.number}
    assert denied == {"about 400 people"}


def test_nothing_of_the_kind_was_heard_is_no_denial() -> None:
    text = "Police raided the plant. “We have heard nothing of the kind,” said an official."
    assert [row.denial.value for row in rows_of(text, "en") if row.denial] == ["mentions"]


def test_day_of_a_speaker_after_the_verb_is_no_part_of_the_speaker() -> None:
    text = "“They were deported,” said an official of the ministry on Monday."
    (row,) = [row for row in rows_of(text, "en") if row.kind == "event"]
    assert row.when is None and row.said is not None
    assert row.speaker and text[row.speaker.start : row.speaker.end].endswith("ministry")
