"""Takes into a sheet what was saved in the long forms of its records."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import WRITABLE_STATES, Draft, DraftState
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.articles import is_valid_date
from app.desk.identity.models import Person
from app.desk.sheets import expanding, projecting
from app.desk.sheets.expanding import SheetReport
from app.desk.sheets.form import RowRelation, StatementKind, StatementRow
from app.desk.sheets.models import ReportSheet, SheetCause
from app.desk.sheets.revisions import next_revision
from app.documents import ROW, Document, blank_row, fit_to_form
from app.kinds import FORMS
from app.vocabulary.kinds import CITING_KINDS


def report_of(catalogue: Catalogue, sheet: Document) -> SheetReport:
    """Return what rows need from the draft of the source, and from the sheet."""
    source = catalogue.document(sheet["source"])
    published = source["published"].strip() if source else ""
    return SheetReport(
        sheet,
        published if is_valid_date(published) else "",
        expanding.records_of(sheet),
    )


def target_of(row: Document, report: SheetReport) -> str:
    """Return the id of the record that a row becomes or cites; "" if there is none yet."""
    if row["kind"] == StatementKind.CITATION:
        for link in row["links"]:
            if link["relation"] == RowRelation.CITATION_OF:
                return report.record_of(link["to"])
    return str(row["record"])


# Taking in what was saved in the forms ----------------------------------------------------------


def refresh(db: Session, sheet: ReportSheet, by: Person) -> None:
    """Take into the sheet what was saved in the long forms of its records since it was synced."""
    document, synced = refreshed(db, sheet, by)
    if synced != sheet.synced:
        sheet.synced = synced
    if document != sheet.document:
        next_revision(db, sheet, document, by, SheetCause.FROM_DRAFTS, page="")


def drafts_seen(synced: Mapping[str, int]) -> str:
    """Return a short hash that tells whether a page showed the drafts as they are now."""
    words = json.dumps(synced, sort_keys=True)
    return hashlib.blake2s(words.encode(), digest_size=8).hexdigest()


def refreshed(db: Session, sheet: ReportSheet, by: Person) -> tuple[Document, dict[str, int]]:
    """Return the sheet's document with what the long forms hold, and the drafts' revisions.

    A row that was changed here meanwhile keeps the fields that the form did not change. Drafts
    that were written from the report elsewhere get rows; those of deleted drafts lose theirs.
    """
    report = report_of(Catalogue(db, by), sheet.document)
    synced = dict(sheet.synced)
    latest = {draft.record: draft for draft in _drafts_of(db, sheet)}
    rows = []
    for row in sheet.document["rows"]:
        draft = latest.get(target_of(row, report))
        if draft is None:
            rows.append(row)
        elif draft.state == DraftState.DELETED:
            # Not by this sheet, which would have forgotten it: somebody has deleted the draft.
            if draft.record not in sheet.synced:
                rows.append(row)
            synced.pop(draft.record, None)
        elif synced.get(draft.record) in {draft.number, None} or not _has(draft, row):
            rows.append(row)
        else:
            read, report = _taken_in(db, draft, row, report, synced[draft.record])
            rows.append(read)
    known = {target_of(row, report) for row in rows}
    for draft in latest.values():
        # At number 0 somebody has opened a long form and typed nothing yet. A draft that the sheet
        # has seen has lost its row here.
        is_new = draft.record not in known and draft.record not in sheet.synced
        if is_new and draft.state in WRITABLE_STATES and draft.number:
            new, report = _rows_of_draft(draft, report)
            rows += new
    known = {target_of(row, report) for row in rows}
    synced |= {
        record: draft.number
        for record, draft in latest.items()
        if record in known and draft.state != DraftState.DELETED
    }
    return {**report.sheet, "rows": rows}, synced


def _drafts_of(db: Session, sheet: ReportSheet) -> list[Draft]:
    """Return the newest draft of each record that was written from the report.

    Deleted ones come first, so that an open one of the same record takes their place.
    """
    written = select(Draft).where(Draft.article == sheet.source, Draft.kind.in_(CITING_KINDS))
    by_record: dict[str, Draft] = {}
    order = (Draft.state != DraftState.DELETED.value, Draft.id)
    for draft in db.scalars(written.order_by(*order)):
        fitting = fit_to_form(FORMS[draft.kind], draft.document)
        if fitting != draft.document:
            draft.document = fitting
        by_record[draft.record] = draft
    return list(by_record.values())


def _has(draft: Draft, row: Document) -> bool:
    """Whether the draft still has the row's own citation."""
    key = expanding.citation_key(row)
    return any(each[ROW] == key for each in draft.document["citations"])


def _taken_in(
    db: Session, draft: Draft, row: Document, report: SheetReport, seen: int
) -> tuple[Document, SheetReport]:
    """Return the row with what the form has changed since the draft's revision `seen`."""
    began = drafts.state_at(db, draft, seen)
    document = fit_to_form(FORMS[draft.kind], began.document) if began else draft.document
    before = _project(document, report, row).row
    read = _project(draft.document, report, row)
    changed = {
        name: value for name, value in read.row.items() if value != before[name] or began is None
    }
    return {**row, **changed}, replace(report, sheet=read.sheet)


def _project(document: Document, report: SheetReport, row: Document) -> projecting.Projection:
    if row["kind"] == StatementKind.CITATION:
        return projecting.project_citation(document, report, row)
    return projecting.project(document, report, row)


def _rows_of_draft(draft: Draft, report: SheetReport) -> tuple[list[Document], SheetReport]:
    """Return rows for a draft that was written in the long form."""
    if draft.base is None:
        read = projecting.project(draft.document, report)
        return [read.row], replace(report, sheet=read.sheet)
    old = {each["id"] for each in draft.base["citations"]}
    rows = []
    for citation in draft.document["citations"]:
        if citation["source"] == report.source and citation["id"] not in old:
            row = blank_row(
                StatementRow,
                kind=StatementKind.CITATION.value,
                record=draft.record,
                citation=citation[ROW],
            )
            read = projecting.project_citation(draft.document, report, row)
            report = replace(report, sheet=read.sheet)
            rows.append(read.row)
    return rows, report
