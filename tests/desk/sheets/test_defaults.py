"""Defaults that the text of a report offers for every row, and their ticks."""

from app.desk.reading.marks import Mark, MarkKind, Reason
from app.desk.sheets.defaults import offered_defaults
from app.desk.sheets.taking import TextMark
from app.desk.sheets.typed import with_typed
from tests.support.sheets import make_default, make_sheet


def marks(kind: MarkKind, value: str, *sentences: int) -> list[TextMark]:
    reason = Reason.NAME if kind is MarkKind.PLACE else Reason.WORD
    return [TextMark(number, "words", Mark(0, 5, kind, value, reason)) for number in sentences]


TEXT = [
    *marks(MarkKind.PLACE, "dandong", 1, 2, 5),
    *marks(MarkKind.PLACE, "hunchun", 3, 3, 4),
    *marks(MarkKind.TERM, "group:workers", 1, 2, 3, 4),
]


def test_what_three_sentences_name_is_offered_for_every_row() -> None:
    assert offered_defaults(make_sheet(), TEXT) == [
        "group:workers",
        "population:workers",
        "place:dandong",
    ]


def test_what_the_report_has_is_not_offered_again() -> None:
    unticked = make_default("d1", "group", "workers", ticked="")
    sheet = make_sheet(places="dandong", population="nationals", defaults=[unticked])

    assert offered_defaults(sheet, TEXT) == []


def test_ticked_offers_become_defaults() -> None:
    shown = ("place:dandong", "group:workers", "population:workers")
    posted = {f"default-shown.offered.{each}": "yes" for each in shown}
    posted |= {f"default.offered.{each}": "yes" for each in shown[:2]}

    document = with_typed(make_sheet(), posted)

    assert document["places"] == "dandong"
    assert document["population"] == "", "nobody has ticked it"
    assert [(term["key"], term["code"]) for term in document["defaults"]] == [("group", "workers")]


def test_default_without_its_tick_is_no_longer_used() -> None:
    sheet = make_sheet(places="dandong", defaults=[make_default("d1", "group", "workers")])
    shown = {"default-shown.d1": "yes", "default-shown.place.dandong": "yes"}

    document = with_typed(sheet, shown)

    assert (document["places"], document["defaults"][0]["ticked"]) == ("", "")
