"""Statements that estimates are offered: number, place and time in words, until they are edited."""

import pytest
from sqlalchemy.orm import Session

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document
from app.desk.identity.models import Person
from app.desk.sheets.statements import drafted_statement, fill_statements, follow_values
from app.desk.sheets.typed import with_typed
from tests.support.sheets import make_default, make_row, make_sheet

FIGURE = {"type": "present", "quantifier": "about", "point": "6000", "population": "workers"}


RANGE = "20–30 workers in Place-1, June 2019"


def estimate(**texts: str) -> Document:
    values = {**FIGURE, "where": "place-1", "when": "2019-06", **texts}
    return {**make_row(kind="estimate"), **values}


@pytest.fixture
def catalogue(db: Session, amal: Person) -> Catalogue:
    return Catalogue(db, amal)


@pytest.mark.parametrize(
    ("texts", "statement"),
    [
        ({}, "About 6,000 workers in Place-1, June 2019"),
        ({"when": ""}, "About 6,000 workers in Place-1"),
        ({"population": ""}, "About 6,000 people in Place-1, June 2019"),
        ({"type": "arrivals"}, "About 6,000 workers came to Place-1, June 2019"),
        (
            {"type": "departures", "nature": "planned"},
            "About 6,000 workers are to leave Place-1, June 2019",
        ),
        ({"quantifier": "range", "low": "20", "high": "30", "point": ""}, RANGE),
        ({"quantifier": ""}, ""),
        ({"quantifier": "words", "point": ""}, ""),
        ({"type": "papers", "unit": "visas"}, "About 6,000 visas in Place-1, June 2019"),
        ({"type": "money", "unit": "usd"}, ""),
        ({"form": "share", "point": "0.4"}, ""),
        ({"nature": "limit"}, ""),
        ({"where": ""}, ""),
        ({"point": ""}, ""),
    ],
)
def test_estimate_is_drafted_as_sentence(
    catalogue: Catalogue, texts: dict[str, str], statement: str
) -> None:
    assert drafted_statement(catalogue, make_sheet(), estimate(**texts)) == statement


def test_event_has_no_drafted_statement(catalogue: Catalogue) -> None:
    row = make_row(kind="event", where="place-1", when="2019-06", type="repatriation")
    assert drafted_statement(catalogue, make_sheet(), row) == ""


def test_draft_has_the_defaults_of_the_report(catalogue: Catalogue) -> None:
    sheet = make_sheet(
        places="place-1",
        population="workers",
        defaults=[make_default("d1", "nationality", "kp")],
    )
    row = estimate(where="", population="")

    statement = drafted_statement(catalogue, sheet, row)

    assert statement == "About 6,000 kp workers in Place-1, June 2019"


def test_accepted_row_keeps_what_was_written(catalogue: Catalogue) -> None:
    rows = [estimate(statement="Some six thousand are there"), estimate(state="proposed")]
    rows[1]["row"] = "b2"

    filled = fill_statements(catalogue, make_sheet(rows=rows))["rows"]

    assert [row["statement"] for row in filled] == ["Some six thousand are there", ""]
    accepting = fill_statements(catalogue, make_sheet(rows=rows), "b2")["rows"]
    assert accepting[1]["statement"] == "About 6,000 workers in Place-1, June 2019"


def test_draft_follows_its_fields_until_it_is_edited(catalogue: Catalogue) -> None:
    drafted = drafted_statement(catalogue, make_sheet(), estimate())
    rows = [estimate(statement=drafted), {**estimate(statement="In our words"), "row": "b2"}]
    before = make_sheet(rows=rows)
    after = make_sheet(rows=[{**row, "point": "7000"} for row in rows])

    followed = follow_values(catalogue, before, after)["rows"]

    assert [row["statement"] for row in followed] == [
        "About 7,000 workers in Place-1, June 2019",
        "In our words",
    ]


def test_shown_draft_is_no_typed_statement() -> None:
    before = make_sheet(rows=[estimate()])
    shown = {"was.rows.a1.statement": "Drafted", "rows.a1.statement": "Drafted"}

    assert with_typed(before, shown)["rows"][0]["statement"] == ""
    edited = {**shown, "rows.a1.statement": "Drafted, and edited"}
    assert with_typed(before, edited)["rows"][0]["statement"] == "Drafted, and edited"
