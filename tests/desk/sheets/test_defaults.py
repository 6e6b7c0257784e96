"""Defaults of a report: chosen once, with or without a text, and their ticks."""

from app.desk.sheets.defaults import add_default
from app.desk.sheets.typed import with_typed
from tests.support.sheets import make_default, make_sheet


def test_defaults_are_added_once_and_ticked_again() -> None:
    document = make_sheet(defaults=[make_default("d1", "group", "workers", ticked="")])

    for choice in ("group:workers", "sector:garments", "nationality:kp", "population:workers", ""):
        add_default(document, choice)

    terms = [(term["code"], term["ticked"]) for term in document["defaults"]]
    assert terms == [("workers", "yes"), ("garments", "yes")]
    assert (document["nationality"], document["population"]) == ("kp", "workers")


def test_default_without_its_tick_is_no_longer_used() -> None:
    sheet = make_sheet(nationality="kp", defaults=[make_default("d1", "group", "workers")])
    posted = {"default-shown.d1": "yes", "default-shown.nationality": "yes", "places": "dandong"}

    document = with_typed(sheet, posted)

    assert (document["nationality"], document["defaults"][0]["ticked"]) == ("", "")
    assert document["places"] == "dandong"
