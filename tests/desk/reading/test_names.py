"""Names of records in every script, and nationalities."""

from datetime import date

from app.desk.reading.names import NameTable, RecordNames, name_rows, propose_names
from app.desk.reading.text import Language, MarkKind, Sentence, read_article
from tests.support.reading_gold import differences, proposers, table

RECORDS = (
    RecordNames(MarkKind.PLACE, "dandong", ["Dandong", "단둥", "丹东", "丹東"], is_town=True),
    RecordNames(MarkKind.PLACE, "vladivostok", ["Vladivostok", "Владивосток", "ウラジオストク"]),
    RecordNames(MarkKind.PLACE, "russia", ["Russia", "러시아"], country="RU"),
    RecordNames(MarkKind.PLACE, "beijing", ["Beijing", "베이징"]),
    RecordNames(MarkKind.ACTOR, "government-of-china", ["Government of China", "Beijing"]),
    RecordNames(MarkKind.OUTLET, "ap", ["AP"]),
    RecordNames(MarkKind.OUTLET, "guardian", ["The Guardian"]),
)
TABLE = NameTable.of(name_rows(RECORDS))


def names_in(text: str, language: Language) -> str:
    marks = propose_names(TABLE, Sentence(0, text, language), [])
    return "; ".join(f"{text[mark.start : mark.end]} = {mark.value}" for mark in marks)


def test_names_are_found_in_every_script() -> None:
    assert differences(names_in, table("record_names")) == {}


def test_name_of_two_records_is_that_of_the_place() -> None:
    assert names_in("Beijing agreed.", "en") == "Beijing = beijing"


def found_in(text: str, language: Language) -> str:
    """Return the places of a text, then its nationalities as `of kp`."""
    reading = read_article(text, language, date(2021, 4, 8), proposers())
    marks = [mark for _sentence, marks in reading for mark in marks]
    places = [mark.value for mark in marks if mark.kind is MarkKind.PLACE]
    return " ".join(
        places + [f"of {mark.value}" for mark in marks if mark.kind is MarkKind.NATIONALITY]
    )


def test_country_of_people_is_no_place() -> None:
    assert differences(found_in, table("nationals")) == {}
