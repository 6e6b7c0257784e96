"""What is typed on the page of a sheet."""

import pytest

from app import documents
from app.desk.sheets.form import StatementRow
from app.desk.sheets.typed import with_typed
from app.documents import ROW
from tests.support.sheets import make_sheet


@pytest.mark.parametrize("typed", ["1", "row 1", "Row 1", "row1"])
def test_citation_speaks_of_a_row_by_its_number(typed: str) -> None:
    rows = [
        {**documents.blank_row(StatementRow, kind=kind, state="accepted"), ROW: key}
        for key, kind in (("a1", "event"), ("a2", "citation"))
    ]
    _event, citation = with_typed(make_sheet(rows=rows), {"rows.a2.record": typed})["rows"]
    assert citation["record"] == ""
    assert [(link["relation"], link["to"]) for link in citation["links"]] == [("citation-of", "a1")]


def test_id_of_a_record_stays_an_id() -> None:
    row = {**documents.blank_row(StatementRow, kind="citation", state="accepted"), ROW: "a2"}
    (citation,) = with_typed(make_sheet(rows=[row]), {"rows.a2.record": "e5"})["rows"]
    assert (citation["record"], citation["links"]) == ("E5", [])
