"""What a row counts for, why, and what to choose instead."""

from typing import Any

from sqlalchemy.orm import Session

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.sheets.from_forms import report_of
from app.desk.sheets.support import RowSupport, support_of
from app.documents import Document
from tests.make import make_source
from tests.support.sheets import make_link, make_row, make_sheet, make_speaker

CITES_E1 = {"record": "E1", "statement": "It says so."}


def support(db: Session, by: Person, row: Document, *others: Document, **shared: Any) -> RowSupport:
    catalogue = Catalogue(db, by)
    sheet = make_sheet("S7", [row, *others], **shared)
    return support_of(catalogue, row, report_of(catalogue, sheet))


def an_event(**texts: Any) -> Document:
    return make_row(statement="Workers left.", type="repatriation", **texts)


def a_citation(**texts: Any) -> Document:
    return make_row("b1", "citation", **{**CITES_E1, **texts})


def test_anonymous_speaker_is_told_what_to_choose(db: Session, amal: Person) -> None:
    found = support(db, amal, an_event(speaker="A"), speakers=[make_speaker("A")])

    assert found.code == "single-anonymous"
    assert "Name the speaker" in found.advice


def test_another_outlet_adds_an_independent_source(db: Session, amal: Person) -> None:
    found = support(db, amal, a_citation())

    assert (found.code, found.lead) == ("independent", "Adds an independent source. 2 in total.")


def test_relay_of_a_counted_report_adds_none_and_says_what_would(db: Session, amal: Person) -> None:
    relay = make_source(
        7,
        outlet="outlet-2",
        published="2019-03-18",
        derived_from=[{"source": "S1", "how": "relay"}],
    )
    save_all(db, [relay])

    found = support(db, amal, a_citation())

    assert found.is_weak
    assert "repeats S1" in found.why
    assert "Count it apart" in found.advice


def test_row_that_counts_for_nothing_says_why(db: Session, amal: Person) -> None:
    for changes, words in (
        ({"stance": "disputes"}, "Disputes it"),
        ({"stance": "mentions"}, "Choose “Supports”"),
        ({"about": "context"}, "Choose “Whether it happened”"),
        ({"about": "date"}, "Say whether it also reports the event itself."),
        ({"about": "date", "reports_event": "no"}, "but not the event"),
        ({"about": "forecast"}, "forecast"),
        ({"about": "statement"}, "Choose “Whether it happened”"),
        ({"speaker": "Q"}, "Choose a speaker"),
        ({"record": ""}, "No record is chosen"),
    ):
        found = support(db, amal, a_citation(**changes))
        assert found.is_weak and words in found.sentence, changes


def test_citation_of_another_row_counts_with_it(db: Session, amal: Person) -> None:
    row = a_citation(record="", links=[make_link(relation="citation-of", to="a1")])

    found = support(db, amal, row, an_event())

    assert "is already counted for S7" in found.why
