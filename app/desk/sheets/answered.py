"""The rows of a sheet whose statements were cited when a relay was compared."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.sheets import projecting
from app.desk.sheets.form import StatementKind, StatementRow
from app.desk.sheets.from_forms import report_of
from app.desk.sheets.models import ReportSheet, SheetCause
from app.desk.sheets.relays import RelayTick
from app.desk.sheets.revisions import next_revision
from app.documents import ROW, Document, blank_row


def settle_rows(
    db: Session, sheet: ReportSheet, by: Person, ticked: Iterable[RelayTick], cited: Sequence[Draft]
) -> None:
    """Add a row for each citation, with the sentence that was compared. `sheet` must be locked.

    A row that says the same and has no record yet becomes that of the citation: it would make a
    second record of what is on record.
    """
    drafts = {draft.record: draft for draft in cited}
    document, by_key = sheet.document, {row[ROW]: row for row in sheet.document["rows"]}
    for tick in ticked:
        draft = drafts.get(tick.record)
        citation = _citation_of(draft, sheet.source) if draft else None
        own = by_key.get(tick.row)
        if draft is None or citation is None:
            continue
        if own and own["record"]:
            continue
        blank = blank_row(
            StatementRow,
            kind=StatementKind.CITATION.value,
            record=draft.record,
            sentences=own["sentences"] if own else tick.sentence,
            citation=citation[ROW],
        )
        row = blank | {ROW: own[ROW]} if own else blank
        of_draft = report_of(Catalogue(db, by), document)
        read = projecting.project_citation(draft.document, of_draft, row)
        document = read.sheet
        by_key[row[ROW]] = read.row
    new = {**document, "rows": [*by_key.values()]}
    if new != sheet.document:
        next_revision(db, sheet, new, by, SheetCause.FROM_DRAFTS, page="")


def _citation_of(draft: Draft, source: str) -> Document | None:
    return next((row for row in draft.document["citations"] if row["source"] == source), None)
