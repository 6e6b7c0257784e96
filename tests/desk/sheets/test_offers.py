"""What the marks of a row's own sentences offer for its empty fields, and what a press takes."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.reading.names import NameTable, RecordNames, name_rows, usual_proposers
from app.desk.reading.text import Figure, Mark, MarkKind, Reason, read_article
from app.desk.sheets.actions import run_action
from app.desk.sheets.mark_words import figure_fields, mark_in_words
from app.desk.sheets.offers import TextMark, offered, text_marks
from app.desk.sheets.text_view import SheetText
from app.documents import Document
from tests.make import make_actor, make_code, make_law
from tests.support.sheets import make_row, make_sheet
from tests.support.tables import failing

NAMES = NameTable.of(
    name_rows(
        [
            RecordNames(MarkKind.PLACE, "place-1", ["Dandong"]),
            RecordNames(MarkKind.ACTOR, "actor-1", ["Harbour Office"]),
            RecordNames(MarkKind.ACTOR, "gone", ["Land Office"]),
            RecordNames(MarkKind.LAW, "law-1", ["Border Act"]),
        ]
    )
)
WORDS = (
    "It rained in Paris. In Dandong, the Harbour Office said about 300 North Korean workers left "
    "Dandong on 15 June 2019 under the Border Act. The Land Office denied that "
    "20 Filipino cooks went home."
)


@pytest.fixture
def marks(db: Session, amal: Person) -> list[TextMark]:
    codes = [make_code("kp", "nationality", label="North Korean", successor="dprk")]
    codes.append(make_code("dprk", "nationality", label="North Korean"))
    save_all(db, [*codes, make_actor(1), make_law(1)])
    reading = read_article(WORDS, "en", date(2019, 6, 18), usual_proposers(NAMES))
    return text_marks(Catalogue(db, amal), SheetText(WORDS, "en", "", "", reading))


def entry(sentence: int, kind: str = "event", **sheet: Any) -> tuple[Document, Document]:
    """Return a sheet with an entry of a sentence, and that row."""
    document = run_action(make_sheet(**sheet), f"entry {sentence} {kind}", "").document
    return document, document["rows"][0]


def values(document: Document, row: Document, marks: list[TextMark]) -> list[tuple[str, str]]:
    return [(each.mark.kind, each.mark.value) for each in offered(document, row, marks)]


def test_entry_has_nothing_but_its_sentence() -> None:
    document, row = entry(2)
    blank = make_row(row["row"], sentences="2")
    assert document["rows"] == [blank]
    # Entries are in the order of the text.
    document = run_action(document, "entry 1 estimate", "").document
    assert [each["sentences"] for each in document["rows"]] == ["1", "2"]


def test_sentence_offers_what_the_record_has_and_nothing_of_others(marks: list[TextMark]) -> None:
    of_all = [("actor", "actor-1"), ("nationality", "dprk"), ("place", "place-1")]
    of_all.append(("date", "2019-06-15"))
    assert sorted(values(*entry(2), marks)) == sorted([*of_all, ("law", "law-1")])
    of_estimate = {*values(*entry(2, "estimate"), marks)}
    assert of_estimate == {*of_all, ("estimate", "about 300 people")}
    assert values(*entry(2, "citation"), marks) == [("date", "2019-06-15")]
    assert values(*entry(3, "estimate"), marks) == [("estimate", "exact 20 people")]
    # What every row has by default is not offered.
    usual = {("nationality", "dprk"), ("place", "place-1")}
    left = values(*entry(2, nationality="dprk", places="place-1"), marks)
    assert {*left} == {*of_all, ("law", "law-1")} - usual


def test_press_fills_one_field_and_ends_its_offers(marks: list[TextMark]) -> None:
    document, row = entry(2, "estimate")
    for kind, value in values(document, row, marks):
        do = f"take {row['row']} {kind} {value}"
        outcome = run_action(document, do, "", marks)
        assert outcome.open == row["row"] and outcome.focus.startswith(f"rows.{row['row']}.")
        document = outcome.document
        assert run_action(document, do, "", marks).document == document, "taken once"
    (taken,) = document["rows"]
    assert values(document, taken, marks) == []
    filled = {
        name: value for name, value in taken.items() if value != row[name] and name != "terms"
    }
    assert filled == {
        "when": "2019-06-15",
        "when_text": "15 June 2019",
        "where": "place-1",
        "quantifier": "about",
        "point": "300",
        "unit": "people",
        "printed_words": "about 300 North Korean workers",
    }
    terms = [(term["key"], term["code"], term["role"]) for term in taken["terms"]]
    assert terms == [("actor", "actor-1", "orders"), ("nationality", "dprk", "target")]
    # Nothing of another sentence, and no value that no mark has.
    for line in ("place paris", "date 2020", "type stay-limit", "estimate exact 20 people"):
        assert run_action(document, f"take {row['row']} {line}", "", marks).document == document


def test_place_that_the_record_lacks_is_offered_by_name(db: Session, amal: Person) -> None:
    catalogue = Catalogue(db, amal)
    for value, words in (("town:2035715", "Mudanjiang, China"), ("country:KR", "South Korea")):
        mark = Mark(0, 4, MarkKind.PLACE, value, Reason.GAZETTEER)
        assert mark_in_words(catalogue, mark) == words
        document, row = entry(1)
        marks = [TextMark(1, "it", mark)]
        line = f"take {row['row']} place {value}"
        outcome = run_action(document, line, "", marks, {value: "made"}.__getitem__)
        assert outcome.document["rows"][0]["where"] == "made"


def test_bounds_of_a_figure_are_bounds() -> None:
    figures = [
        (Figure("more-than", 300, 300), ("300", "", "")),
        (Figure("up-to", 50, 50), ("", "", "50")),
        (Figure("about", 200, 200), ("", "200", "")),
        (Figure("range", 40, 60), ("40", "", "60")),
    ]

    def bounds(figure: Figure) -> tuple[str, str, str]:
        fields = figure_fields(figure)
        return fields["low"], fields["point"], fields["high"]

    assert failing(figures, bounds) == []
