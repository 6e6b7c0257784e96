"""Defaults of a report: chosen once, with or without a text, and their ticks."""

from app.desk.sheets.defaults import add_default
from app.desk.sheets.typed import with_typed
from tests.support.sheets import make_default, make_row, make_sheet


def test_default_terms_are_added_once_and_ticked_again() -> None:
    document = make_sheet(defaults=[make_default("d1", "group", "workers", ticked="")])

    for choice in ("group:workers", "sector:garments", "sector:garments", ""):
        add_default(document, choice)

    terms = [(term["code"], term["ticked"]) for term in document["defaults"]]
    assert terms == [("workers", "yes"), ("garments", "yes")]


def test_field_of_a_list_holds_one_term_of_the_row() -> None:
    document = make_sheet(rows=[make_row("a1")])
    for code in ("student", "work-permit"):
        document = with_typed(document, {"rows.a1.paper": code, "rows.a1.sector": ""})
        (term,) = document["rows"][0]["terms"]
        assert (term["key"], term["code"], term["role"]) == ("paper", code, "target")
    assert with_typed(document, {"rows.a1.paper": ""})["rows"][0]["terms"] == []
