"""Names of records in every script, datelines, and nationalities."""

from datetime import date

from app.desk.reading.names import NameProposer, NameTable, RecordNames, name_rows
from app.desk.reading.text import Language, MarkKind, Reason, Sentence, read_article
from tests.support.reading_gold import differences, proposers, table

RECORDS = (
    RecordNames(MarkKind.PLACE, "dandong", ["Dandong", "단둥", "丹东", "丹東"]),
    RecordNames(MarkKind.PLACE, "vladivostok", ["Vladivostok", "Владивосток", "ウラジオストク"]),
    RecordNames(MarkKind.PLACE, "russia", ["Russia", "러시아"], country="RU"),
    RecordNames(MarkKind.PLACE, "beijing", ["Beijing", "베이징"]),
    RecordNames(MarkKind.ACTOR, "government-of-china", ["Government of China", "Beijing"]),
    RecordNames(MarkKind.OUTLET, "ap", ["AP"]),
    RecordNames(MarkKind.OUTLET, "guardian", ["The Guardian"]),
)
TABLE = NameTable.of(name_rows(RECORDS))


def names_in(text: str, language: Language) -> str:
    marks = NameProposer(TABLE).propose(Sentence(0, text, language), [])
    return "; ".join(f"{text[mark.start : mark.end]} = {mark.value}" for mark in marks)


def test_names_are_found_in_every_script() -> None:
    assert differences(names_in, table("record_names")) == {}


def test_name_of_two_records_offers_both() -> None:
    mark = next(iter(NameProposer(TABLE).propose(Sentence(0, "Beijing agreed.", "en"), [])))
    assert (mark.value, mark.also, mark.reason) == (
        "beijing",
        ("government-of-china",),
        Reason.SEVERAL_NAMES,
    )


CITIES = (
    RecordNames(MarkKind.PLACE, "beijing", ["Beijing", "베이징", "北京", "Пекин"]),
    RecordNames(MarkKind.PLACE, "dandong", ["Dandong", "단둥", "丹东", "丹東", "Даньдун"]),
    RecordNames(MarkKind.PLACE, "china", ["China", "중국", "中国", "Китай"], country="CN"),
    RecordNames(
        MarkKind.PLACE, "vladivostok", ["Vladivostok", "Владивосток", "ウラジオストク", "海参崴"]
    ),
    RecordNames(MarkKind.OUTLET, "xinhua", ["新华社"]),
)
CITY_TABLE = NameTable.of(name_rows(CITIES))


def places_in(text: str, language: Language) -> str:
    """Return the places and datelines; a dateline begins with `=`."""
    marks = NameProposer(CITY_TABLE).propose(Sentence(0, text, language), [])
    signs = {MarkKind.PLACE: "", MarkKind.DATELINE: "="}
    found = [signs[mark.kind] + text[mark.start : mark.end] for mark in marks if mark.kind in signs]
    return " ".join(found)


def test_city_at_the_beginning_of_a_report_is_its_dateline() -> None:
    assert differences(places_in, table("datelines")) == {}


def test_city_before_a_dash_is_the_place_of_an_item_of_a_list() -> None:
    text = "Inspections went on in May. Dandong – About 300 workers left. DANDONG – All left."
    reading = read_article(text, "en", None, [NameProposer(CITY_TABLE)])
    assert [mark.kind for marks in reading.marks for mark in marks] == [MarkKind.PLACE] * 2


def test_dateline_may_come_after_a_headline() -> None:
    text = "Workers leave\nDANDONG – About 300 workers left."
    reading = read_article(text, "en", None, [NameProposer(CITY_TABLE)])
    (mark,) = reading.marks[1]
    assert (mark.kind, mark.reason) == (MarkKind.DATELINE, Reason.DATELINE)
    assert mark.value == "dandong"


def found_in(text: str, language: Language) -> str:
    """Return the places of a text, then its nationalities as `of kp`."""
    reading = read_article(text, language, date(2021, 4, 8), proposers())
    marks = [mark for marks in reading.marks for mark in marks]
    places = [mark.value for mark in marks if mark.kind is MarkKind.PLACE]
    return " ".join(
        places + [f"of {mark.value}" for mark in marks if mark.kind is MarkKind.NATIONALITY]
    )


def test_country_of_people_is_no_place() -> None:
    assert differences(found_in, table("nationals")) == {}
