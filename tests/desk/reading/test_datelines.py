"""The city of a dateline is where a report was written, and no place of what it says."""

from datetime import date

from app.desk.reading.article import read_article
from app.desk.reading.known_names import RecordNames, name_rows
from app.desk.reading.marks import Language, MarkKind, Reason, Sentence
from app.desk.reading.names import NameProposer, NameTable
from app.desk.reading.rows import propose_rows
from tests.support.reading_gold import differences, proposers, table

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


def places_in(text: str, language: Language) -> str:
    """Return the places and datelines; a dateline begins with `=`."""
    marks = NameProposer(TABLE).propose(Sentence(0, text, language), [])
    signs = {MarkKind.PLACE: "", MarkKind.DATELINE: "="}
    found = [signs[mark.kind] + text[mark.start : mark.end] for mark in marks if mark.kind in signs]
    return " ".join(found)


def test_city_at_the_beginning_of_a_report_is_its_dateline() -> None:
    assert differences(places_in, table("datelines")) == {}


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


def where_in(text: str, language: Language) -> str:
    """Return the places of the rows with a number."""
    rows = propose_rows(read_article(text, language, date(2019, 3, 6), proposers()))
    return " ".join(f"at {len(row.where)}" for row in rows if row.number)


def test_dateline_is_no_place_of_the_first_statement() -> None:
    texts = (
        "DANDONG, 4 March – About 300 workers left, a trader said.",
        "[단둥=어느통신] 노동자 300여 명이 떠났다.",
        "（丹东4日电）约300名工人离开。",
        "【丹東=鈴木一郎】労働者約300人が帰国した。",
        "Владивосток, 5 марта. Около 300 рабочих уехали.",
    )
    assert differences(where_in, dict.fromkeys(texts, "at 0")) == {}
