"""The city of a dateline is where a report was written, and no place of what it says."""

from datetime import date

import pytest

from app.desk.reading.article import read_article
from app.desk.reading.known_names import RecordNames, name_rows
from app.desk.reading.marks import Language, MarkKind, Reason, Sentence
from app.desk.reading.names import NameProposer, NameTable
from app.desk.reading.rows import propose_rows
from tests.support.reading_gold import proposers

RECORDS = (
    RecordNames(MarkKind.PLACE, "beijing", ["Beijing", "베이징", "北京", "Пекин"]),
    RecordNames(MarkKind.PLACE, "dandong", ["Dandong", "단둥", "丹东", "丹東", "Даньдун"]),
    RecordNames(MarkKind.PLACE, "china", ["China", "중국", "中国", "Китай"], country="CN"),
    RecordNames(
        MarkKind.PLACE, "vladivostok", ["Vladivostok", "Владивосток", "ウラジオストク", "海参崴"]
    ),
    RecordNames(MarkKind.OUTLET, "xinhua", ["新华社"]),
)
TABLE = NameTable.of(name_rows(RECORDS))


def kinds_in(text: str, language: Language) -> dict[str, MarkKind]:
    marks = NameProposer(TABLE).propose(Sentence(0, text, language), [])
    kinds = {MarkKind.PLACE, MarkKind.DATELINE}
    return {text[mark.start : mark.end]: mark.kind for mark in marks if mark.kind in kinds}


@pytest.mark.parametrize(
    ("language", "text", "city"),
    [
        ("en", "BEIJING, 4 March – About 300 workers left.", "BEIJING"),
        ("en", "BEIJING, March 4 (Newswire) - China said so.", "BEIJING"),
        ("en", "DANDONG, China (Newswire) — Workers left.", "DANDONG"),
        ("en", "Vladivostok, May 5, 2026 (Newswire) -- Some left.", "Vladivostok"),
        ("en", "DANDONG: Workers left.", "DANDONG"),
        ("en", "Beijing — “They left,” he said.", "Beijing"),
        ("ko", "[베이징=어느통신] 김아무 특파원 = 노동자들이 떠났다.", "베이징"),
        ("ko", "(단둥=어느통신) 노동자들이 떠났다.", "단둥"),
        ("ko", "단둥=김아무 기자", "단둥"),
        ("zh", "（北京4日电）工人已经离开。", "北京"),
        ("zh", "新华社北京3月4日电 工人已经离开。", "北京"),
        ("zh", "【本报丹东讯】工人已经离开。", "丹东"),
        ("zh", "(某通讯社海参崴五月四日专电)工人已经离开。", "海参崴"),
        ("ja", "【北京=鈴木一郎】労働者が帰国した。", "北京"),
        ("ja", "【ウラジオストク共同】労働者が帰国した。", "ウラジオストク"),
        ("ja", "［丹東　４日　時事］労働者が帰国した。", "丹東"),
        ("ru", "Владивосток, 5 марта.", "Владивосток"),
        ("ru", "ВЛАДИВОСТОК, 5 марта. /ТАСС/. Рабочие уехали.", "ВЛАДИВОСТОК"),
        ("ru", "Пекин. 5 мая. АГЕНТСТВО – Рабочие уехали.", "Пекин"),
        ("ru", "Пекин (Агентство) – Рабочие уехали.", "Пекин"),
    ],
)
def test_city_at_the_beginning_of_a_report_is_its_dateline(
    language: Language, text: str, city: str
) -> None:
    assert kinds_in(text, language)[city] is MarkKind.DATELINE


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "Beijing on 4 March – a Monday – saw 300 leave.", "Beijing"),
        ("en", "Dandong – a city of factories – saw 300 leave.", "Dandong"),
        ("en", "Dandong – China's city of factories – saw 300 leave.", "Dandong"),
        ("en", "Dandong (China) – About 300 left.", "Dandong"),
        ("en", "In Dandong, 4 March – A day later they left.", "Dandong"),
        ("en", "Beijing (Newswire) – China said so.", "China"),
        ("ko", "[중국] 노동자들이 떠났다.", "중국"),
        ("ko", "단둥에서 300명이 떠났다.", "단둥"),
        ("zh", "丹东电子厂的工人已经离开。", "丹东"),
        ("zh", "【中国】工人已经离开。", "中国"),
        ("zh", "（丹东）工人已经离开。", "丹东"),
        ("ja", "【中国】労働者が帰国した。", "中国"),
        ("ja", "丹東で3月4日、労働者が帰国した。", "丹東"),
        ("ru", "Владивосток – крупнейший порт.", "Владивосток"),
        ("ru", "Владивосток, 5 марта, рабочие уехали.", "Владивосток"),
    ],
)
def test_city_of_a_statement_is_its_place(language: Language, text: str, place: str) -> None:
    assert kinds_in(text, language)[place] is MarkKind.PLACE


def test_city_before_a_dash_is_the_place_of_an_item_of_a_list() -> None:
    text = "Inspections went on in May. Dandong – About 300 workers left. DANDONG – All left."
    reading = read_article(text, "en", None, [NameProposer(TABLE)])
    assert [mark.kind for marks in reading.marks for mark in marks] == [MarkKind.PLACE] * 2


def test_dateline_may_come_after_a_headline() -> None:
    text = "Workers leave\nDANDONG – About 300 workers left."
    reading = read_article(text, "en", None, [NameProposer(TABLE)])
    (mark,) = reading.marks[1]
    assert (mark.kind, mark.reason) == (MarkKind.DATELINE, Reason.DATELINE)
    assert mark.value == "dandong"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "DANDONG, 4 March – About 300 workers left, a trader said."),
        ("ko", "[단둥=어느통신] 노동자 300여 명이 떠났다."),
        ("zh", "（丹东4日电）约300名工人离开。"),
        ("ja", "【丹東=鈴木一郎】労働者約300人が帰国した。"),
        ("ru", "Владивосток, 5 марта. Около 300 рабочих уехали."),
    ],
)
def test_dateline_is_no_place_of_the_first_statement(language: Language, text: str) -> None:
    rows = propose_rows(read_article(text, language, date(2019, 3, 6), proposers()))
    assert any(row.number for row in rows)
    assert not any(row.where for row in rows)
