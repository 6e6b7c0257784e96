"""A row of a sheet becomes a draft's document and is read from it again without loss."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app import documents
from app.desk.sheets.expanding import SheetReport, cite, expand
from app.desk.sheets.form import StatementKind
from app.desk.sheets.projecting import project, project_citation
from app.documents import ROW, Document
from app.kinds import FORMS
from tests.support.sheets import (
    reports,
    rows,
)

MANY = settings(max_examples=60, deadline=None)


@MANY
@given(st.data(), reports(), st.sampled_from(["event", "estimate"]))
def test_expanded_row_is_projected_as_the_same_row(
    data: st.DataObject, report: SheetReport, kind: str
) -> None:
    row = data.draw(rows(StatementKind(kind), "a1"))

    projected = project(expand(row, report), report, before=row)

    assert projected.row == row
    assert projected.sheet == report.sheet


@MANY
@given(st.data(), reports())
def test_citation_row_is_projected_as_the_same_row(
    data: st.DataObject, report: SheetReport
) -> None:
    row = data.draw(rows(StatementKind.CITATION, "a1"))
    document = documents.blank(FORMS[row["record"][0]], id=row["record"])

    projected = project_citation(cite(row, report, document), report, before=row)

    assert projected.row == row
    assert projected.sheet == report.sheet


@MANY
@given(st.data(), reports(), st.sampled_from(["event", "estimate"]))
def test_row_read_from_a_form_expands_to_the_same_document(
    data: st.DataObject, report: SheetReport, kind: str
) -> None:
    """Without the row that it was before, a draft becomes a row that expands to it."""
    document = expand(data.draw(rows(StatementKind(kind), "a1")), report)

    read = project(document, report)
    again = expand(read.row, SheetReport(read.sheet, report.published, report.records))

    assert plain(again) == plain(document)


def plain(document: Document) -> Any:
    """Return a document without row keys, and with rows in a fixed order."""
    return {
        name: sorted(json.dumps(plain(row), sort_keys=True) for row in value)
        if isinstance(value, list)
        else value
        for name, value in document.items()
        if name not in {ROW, "citation"} and not (name == "id" and value[:1] == "C")
    }
