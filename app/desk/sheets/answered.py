"""The rows of a sheet whose statements were cited when a relay was compared."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import ROW, Document
from app.desk.identity.models import Person
from app.desk.reading.copied_facts import Found
from app.desk.sheets import projecting
from app.desk.sheets.form import UNDECIDED, StatementKind, StatementRow, StatementState
from app.desk.sheets.from_forms import report_of
from app.desk.sheets.models import ReportSheet, SheetCause
from app.desk.sheets.relays import RelayTick
from app.desk.sheets.revisions import next_revision


def settle_rows(
    db: Session, sheet: ReportSheet, by: Person, ticked: Iterable[RelayTick], cited: Sequence[Draft]
) -> None:
    """Make the undecided rows of cited statements the rows of these citations.

    They keep their key and sentences. Otherwise they would stay to be decided, and accepting one
    would make a second record of what is on record. `sheet` must be locked.
    """
    drafts = {draft.record: draft for draft in cited}
    of_row = {
        tick.row: drafts[tick.record]
        for tick in ticked
        if tick.found is not Found.MISSING and tick.record in drafts
    }
    report = report_of(Catalogue(db, by), sheet.document)
    document, rows = sheet.document, []
    for row in sheet.document["rows"]:
        draft = of_row.get(row[ROW])
        citation = _citation_of(draft, report.source) if draft else None
        if draft is not None and citation and row["state"] in UNDECIDED:
            before = documents.blank_row(
                StatementRow,
                kind=StatementKind.CITATION.value,
                record=draft.record,
                state=StatementState.ACCEPTED.value,
                sentences=row["sentences"],
                citation=citation[ROW],
            )
            of_draft = report_of(Catalogue(db, by), document)
            read = projecting.project_citation(draft.document, of_draft, before | {ROW: row[ROW]})
            document = read.sheet
            rows.append(read.row)
        else:
            rows.append(row)
    if rows != sheet.document["rows"]:
        new = {**document, "rows": rows}
        next_revision(db, sheet, new, by, SheetCause.FROM_DRAFTS, page="")


def _citation_of(draft: Draft, source: str) -> Document | None:
    return next((row for row in draft.document["citations"] if row["source"] == source), None)
