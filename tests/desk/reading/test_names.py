"""Names of records in every script, with glosses."""

import pytest

from app.desk.reading.known_names import RecordNames, country_of, name_rows
from app.desk.reading.marks import Language, MarkKind, Reason, Sentence
from app.desk.reading.names import NameProposer, NameTable

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


def names_in(text: str, language: Language) -> list[tuple[str, str]]:
    marks = NameProposer(TABLE).propose(Sentence(0, text, language), [])
    return [(text[mark.start : mark.end], mark.value) for mark in marks]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        (
            "en",
            "In Dandong the Guardian asked.",
            [("Dandong", "dandong"), ("Guardian", "guardian")],
        ),
        ("ko", "단둥(丹東)에서 러시아로 갔다.", [("단둥(丹東)", "dandong"), ("러시아", "russia")]),
        ("zh", "工人从丹东前往俄罗斯。", [("丹东", "dandong"), ("俄罗斯", "russia")]),
        ("ja", "ウラジオストクに着いた。", [("ウラジオストク", "vladivostok")]),
        ("ru", "Прилетели во Владивостоке.", [("Владивостоке", "vladivostok")]),
        ("en", "UNSC Resolution 2397 applies.", [("Resolution 2397", "unscr-2397")]),
        ("zh", "第2375号决议", [("第2375号决议", "unscr-2375")]),
    ],
)
def test_names_are_found_in_every_script(
    language: Language, text: str, found: list[tuple[str, str]]
) -> None:
    assert names_in(text, language) == found


def test_country_before_people_says_whose_and_not_where() -> None:
    assert names_in("러시아 노동자와 러시아 정부", "ko") == [("러시아", "ru")]


def test_short_names_need_their_capitals() -> None:
    assert names_in("an ap story", "en") == []
    assert names_in("an AP story", "en") == [("AP", "ap")]


def test_name_of_two_records_offers_both() -> None:
    mark = next(iter(NameProposer(TABLE).propose(Sentence(0, "Beijing agreed.", "en"), [])))
    assert (mark.value, mark.also, mark.reason) == (
        "beijing",
        ("government-of-china",),
        Reason.SEVERAL_NAMES,
    )


def test_countries_outside_the_record_are_offered_as_such() -> None:
    assert names_in("в Узбекистане", "ru") == [("Узбекистане", "country:UZ")]
    assert country_of("Russia") == "RU"
