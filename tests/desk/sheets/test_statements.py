"""Statements that estimates are offered: number, place and time in words, until they are edited."""

import pytest
from sqlalchemy.orm import Session

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document
from app.desk.identity.models import Person
from app.desk.sheets.statements import drafted_statement, fill_statements, follow_values
from app.desk.sheets.typed import with_typed
from tests.support.sheets import make_default, make_row, make_sheet
from tests.support.tables import failing

FIGURE = {"type": "present", "quantifier": "about", "point": "6000", "population": "workers"}


def estimate(**texts: str) -> Document:
    values = {**FIGURE, "where": "place-1", "when": "2019-06", **texts}
    return {**make_row(kind="estimate"), **values}


@pytest.fixture
def catalogue(db: Session, amal: Person) -> Catalogue:
    return Catalogue(db, amal)


def test_estimate_is_drafted_as_sentence(catalogue: Catalogue) -> None:
    there, when = " in Place-1", ", June 2019"
    planned = {"type": "departures", "nature": "planned"}
    between = {"quantifier": "range", "low": "20", "high": "30", "point": ""}
    cases: list[tuple[dict[str, str], str]] = [
        ({}, f"About 6,000 workers{there}{when}"),
        ({"when": ""}, f"About 6,000 workers{there}"),
        ({"population": ""}, f"About 6,000 people{there}{when}"),
        ({"type": "arrivals"}, f"About 6,000 workers came to Place-1{when}"),
        (planned, f"About 6,000 workers are to leave Place-1{when}"),
        (between, f"20–30 workers{there}{when}"),
        ({"type": "papers", "unit": "visas"}, f"About 6,000 visas{there}{when}"),
        ({"quantifier": ""}, ""),
        ({"quantifier": "words", "point": ""}, ""),
        ({"type": "money", "unit": "usd"}, ""),
        ({"form": "share", "point": "0.4"}, ""),
        ({"nature": "limit"}, ""),
        ({"where": ""}, ""),
        ({"point": ""}, ""),
        # An event has no drafted statement.
        ({"kind": "event", "type": "repatriation"}, ""),
    ]

    def drafted(texts: dict[str, str]) -> str:
        return drafted_statement(catalogue, make_sheet(), estimate(**texts))

    assert failing(cases, drafted) == []


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
