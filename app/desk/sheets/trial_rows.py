"""What the rows of a sheet would be as records, without writing anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import WRITABLE_STATES, Draft
from app.desk.approved.models import Record
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.row_ids import ids_by_key
from app.desk.identity.models import Person
from app.desk.sheets import expanding
from app.desk.sheets.drafting import (
    UndraftedError,
    citation_keys,
    document_of_rows,
    document_with_rows,
    is_same_document,
    open_draft_of,
    own_row,
)
from app.desk.sheets.expanding import SheetReport
from app.desk.sheets.from_forms import report_of, target_of
from app.documents import ROW, Document, document_of
from app.i18n.translate import _
from app.kinds import FORMS, RecordForm
from app.vocabulary.kinds import CITING_KINDS

FIRST_TRIAL_ID = 900_000_000
"""Ids from here on are of records that have no draft yet, and only serve for checking."""


@dataclass(frozen=True)
class TrialRecord:
    """A record as its rows would make it."""

    record: str
    document: Document
    rows: Sequence[Document]
    draft: Draft | None = None

    @property
    def form(self) -> type[RecordForm]:
        return FORMS[self.record[0]]


def trial_records(
    db: Session, catalogue: Catalogue, sheet: Document, by: Person
) -> tuple[list[TrialRecord], list[UndraftedError]]:
    """Return the records of the rows, and the rows whose record can't be drafted now.

    `catalogue` knows the records afterwards, so that rows which refer to each other can be checked.
    """
    report = report_of(catalogue, sheet)
    report = replace(report, records=_with_trial_ids(sheet))
    records: list[TrialRecord] = []
    problems: list[UndraftedError] = []
    by_record: dict[str, list[Document]] = {}
    for row in sheet["rows"]:
        own = row["kind"] in expanding.KIND_OF_RECORD
        if target := report.records.get(row[ROW], "") if own else target_of(row, report):
            by_record.setdefault(target, []).append(row)
        else:
            problems.append(
                UndraftedError(row[ROW], _("Choose the record that this row is about."))
            )
    for record, rows in by_record.items():
        try:
            if found := _trial_record(db, record, rows, report, by):
                records.append(found)
        except UndraftedError as problem:
            problems.append(problem)
    catalogue.assume({each.record: each.document for each in records})
    return records, problems


def _with_trial_ids(sheet: Document) -> dict[str, str]:
    """Return the ids of own records by row key, with one for each record that has none yet."""
    ids = {}
    for number, row in enumerate(sheet["rows"], start=FIRST_TRIAL_ID):
        kind = expanding.KIND_OF_RECORD.get(row["kind"])
        if kind is not None:
            is_own = row["record"][:1] == kind
            ids[row[ROW]] = row["record"] if is_own else f"{kind}{number}"
    return ids


def _trial_record(
    db: Session, record: str, rows: list[Document], report: SheetReport, by: Person
) -> TrialRecord | None:
    """Return the record of these rows; None if they are published already."""
    key, own = rows[0][ROW], own_row(rows)
    rows = [{**row, "record": record} if row is own else row for row in rows]
    draft = open_draft_of(db, record, report.source)
    if draft is None and own is None:
        draft = drafts.draft_to_change(db, by, record, report.source)
    if draft is not None:
        return _with_rows(draft, rows, report, by)
    approved = db.get(Record, record) if record[:1] in CITING_KINDS else None
    if own is not None:
        if approved is not None:
            return None
        return TrialRecord(record, document_of_rows(rows, report, None, {}), rows)
    stored = document_of(approved.form) if approved else _introducing(db, record, by, key)
    return TrialRecord(record, document_of_rows(rows, report, stored, {}), rows)


def _with_rows(draft: Draft, rows: list[Document], report: SheetReport, by: Person) -> TrialRecord:
    if not drafts.may_write(by, draft):
        message = _("Another person is editing {id}. Try again later.").format(id=draft.record)
        raise UndraftedError(rows[0][ROW], message, is_waiting=True)
    form = FORMS[draft.kind]
    known = ids_by_key(form, draft.base or {}, draft.document)
    ids = {key: id for key in citation_keys(rows) if (id := known.get(("citations", key)))}
    document = document_with_rows(draft, rows, report, ids)
    if draft.state not in WRITABLE_STATES and not is_same_document(document, draft.document):
        message = _("{id} is in review. Submit this row after the review.")
        raise UndraftedError(rows[0][ROW], message.format(id=draft.record), True)
    return TrialRecord(draft.record, document, rows, draft)


def _introducing(db: Session, record: str, by: Person, key: str) -> Document:
    """Return the document of the draft that introduces a record which was never approved."""
    first = drafts.open_draft(db, record) if record[:1] in CITING_KINDS else None
    if first is None:
        raise UndraftedError(
            key, _("There is no event or estimate {id}. Check the id.").format(id=record)
        )
    if not drafts.may_write(by, first):
        message = _("Another person is editing {id}. Try again later.").format(id=record)
        raise UndraftedError(key, message, is_waiting=True)
    return dict(first.document)
