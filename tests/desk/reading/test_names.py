"""Names of records in every script, with glosses."""

from app.desk.reading.known_names import RecordNames, country_of, name_rows
from app.desk.reading.marks import Language, MarkKind, Reason, Sentence
from app.desk.reading.names import NameProposer, NameTable
from tests.support.reading_gold import differences, table

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
    assert country_of("Russia") == "RU"


def test_name_of_two_records_offers_both() -> None:
    mark = next(iter(NameProposer(TABLE).propose(Sentence(0, "Beijing agreed.", "en"), [])))
    assert (mark.value, mark.also, mark.reason) == (
        "beijing",
        ("government-of-china",),
        Reason.SEVERAL_NAMES,
    )
