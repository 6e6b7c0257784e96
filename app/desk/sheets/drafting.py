"""Makes drafts of the rows of a sheet, and deletes those of rows that were removed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.desk.approved import public_ids
from app.desk.approved.draft_models import (
    WRITABLE_STATES,
    Draft,
    DraftState,
    RevisionCause,
)
from app.desk.approved.models import Record
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.private_values import restore_hidden
from app.desk.drafts import commands as drafts
from app.desk.drafts.citing import explain_source
from app.desk.drafts.commands import PostedDraft
from app.desk.drafts.row_ids import ids_by_key
from app.desk.identity.models import Person
from app.desk.sheets import expanding
from app.desk.sheets.expanding import SheetReport
from app.desk.sheets.form import StatementKind
from app.desk.sheets.from_forms import refresh, report_of, target_of
from app.desk.sheets.models import ReportSheet, SheetCause
from app.desk.sheets.revisions import next_revision
from app.documents import ROW, Document, fit_to_form
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.kinds import FORMS
from app.vocabulary.citations import Stance
from app.vocabulary.kinds import CITING_KINDS, RowKind

# Making drafts ----------------------------------------------------------------------------------


@dataclass
class UndraftedError(Exception):
    """Why a row's record can't be drafted now. `is_waiting`: it can be later, without a change."""

    row: str
    message: str
    is_waiting: bool = False


def make_drafts(db: Session, sheet: ReportSheet, by: Person) -> list[Draft]:
    """Make or update the draft of each row, and return them.

    Rows of the same record are one draft. Drafts of rows that were removed are deleted.
    """
    return draft_rows(db, sheet, by)[0]


def draft_rows(
    db: Session, sheet: ReportSheet, by: Person
) -> tuple[list[Draft], list[UndraftedError]]:
    """Make the drafts of a sheet; return them, and the rows whose record can't be drafted now."""
    refresh(db, sheet, by)
    document = _with_new_ids(db, sheet.document)
    if document != sheet.document:
        next_revision(db, sheet, document, by, SheetCause.DRAFTED, page="")
    report = report_of(Catalogue(db, by), document)
    made: list[Draft] = []
    problems: list[UndraftedError] = []
    synced = dict(sheet.synced)
    by_record: dict[str, list[Document]] = {}
    for row in document["rows"]:
        if target := target_of(row, report):
            by_record.setdefault(target, []).append(row)
        else:
            problems.append(
                UndraftedError(row[ROW], _("Choose the record that this row is about."))
            )
    for record, rows in by_record.items():
        try:
            draft = _draft_of(db, record, rows, report, by)
            if draft is not None:
                _write(db, draft, rows, report, by)
                synced[record] = draft.number
                made.append(draft)
        except UndraftedError as problem:
            problems.append(problem)
    for record in synced.keys() - by_record.keys():
        _drop(db, record, report, by)
        del synced[record]
    if synced != sheet.synced:
        sheet.synced = synced
    db.flush()
    return made, problems


def _with_new_ids(db: Session, sheet: Document) -> Document:
    """Return the sheet with an id for each row that becomes a record.

    A row keeps only the id of a record that is approved or was drafted from this report. An id that
    a page made up may be another person's record, and who drafts a record sees its private values.
    """
    rows = [
        {**row, "record": public_ids.issue_id(db, expanding.KIND_OF_RECORD[row["kind"]])}
        if row["kind"] in expanding.KIND_OF_RECORD
        and not _is_known(db, row["record"], expanding.KIND_OF_RECORD[row["kind"]], sheet["source"])
        else row
        for row in sheet["rows"]
    ]
    return {**sheet, "rows": rows}


def _is_known(db: Session, record: str, kind: str, source: str) -> bool:
    """Whether a record of a kind is approved, or has a draft that was written from a report."""
    if record[:1] != kind:
        return False
    drafted = exists().where(Draft.record == record, Draft.article == source)
    return bool(db.scalar(select(drafted))) or db.get(Record, record) is not None


def _draft_of(
    db: Session, record: str, rows: list[Document], report: SheetReport, by: Person
) -> Draft | None:
    """Return the report's draft of a record, locked; None if its rows are published already."""
    key, own = rows[0][ROW], own_row(rows)
    if found := open_draft_of(db, record, report.source):
        draft = drafts.find(db, found.id)
        assert draft is not None
        if not drafts.may_write(by, draft):
            raise _written_by_another(key, record)
        return draft
    if own is None:
        draft = _begin_to_change(db, record, report, by, key)
        explain_source(draft, report.source, agrees=all(map(_agrees, rows)))
        return draft
    if db.get(Record, record) is not None:
        return None
    deleted = select(Draft).where(
        Draft.record == record,
        Draft.article == report.source,
        Draft.state == DraftState.DELETED,
    )
    if found := db.scalars(deleted.order_by(Draft.id.desc())).first():
        if not drafts.may_write(by, found):
            raise _written_by_another(key, record)
        drafts.move(db, found, by, drafts.BRING_BACK)
        return drafts.find(db, found.id)
    name = f"sheet {report.source} {record}"
    ids = {each: public_ids.issue_id(db, RowKind.CITATION) for each in citation_keys(rows)}
    began = document_of_rows(rows, report, None, ids)
    return drafts.begin(
        db, by, name, record[0], document=began, article=report.source, record=record
    )


def open_draft_of(db: Session, record: str, source: str) -> Draft | None:
    """Return the open draft of a record that was written from a report."""
    written = (draft for draft in drafts.open_drafts(db, record) if draft.article == source)
    return next(written, None)


def _begin_to_change(db: Session, record: str, report: SheetReport, by: Person, key: str) -> Draft:
    """Return the draft in which a report changes a record."""
    if record[:1] not in CITING_KINDS or not (
        draft := drafts.begin_to_change(db, by, record, report.source)
    ):
        raise UndraftedError(
            key, _("There is no event or estimate {id}. Check the id.").format(id=record)
        )
    if not drafts.may_write(by, draft):
        raise _written_by_another(key, record)
    return draft


def _written_by_another(row: str, record: str) -> UndraftedError:
    message = _("Another person is editing {id}. Try again later.")
    return UndraftedError(row, message.format(id=record), is_waiting=True)


def _agrees(row: Document) -> bool:
    """Whether a citation row adds no facts to the record, and disputes none."""
    return row["stance"] in {"", Stance.SUPPORTS} and not row["step"]


def own_row(rows: Iterable[Document]) -> Document | None:
    return next((row for row in rows if row["kind"] != StatementKind.CITATION), None)


def citation_keys(rows: Iterable[Document]) -> Iterator[str]:
    for row in rows:
        yield expanding.citation_key(row)
        yield from (link[ROW] for link in expanding.also_said(row))


def document_of_rows(
    rows: list[Document], report: SheetReport, stored: Document | None, ids: dict[str, str]
) -> Document:
    """Return the document that rows of one record make; `stored` is that of its draft."""
    own = own_row(rows)
    document = expanding.expand(own, report, ids) if own else stored
    assert document is not None
    for row in rows:
        if row["kind"] == StatementKind.CITATION:
            document = expanding.cite(row, report, document, ids)
    return document


def _write(
    db: Session, draft: Draft, rows: list[Document], report: SheetReport, by: Person
) -> None:
    """Save what the rows make in their draft. Without a change there is no new revision."""
    form = FORMS[draft.kind]
    keys = list(citation_keys(rows))
    known = ids_by_key(form, draft.base or {}, draft.document)
    issued = {("citations", key): known.get(("citations", key)) or "" for key in keys}
    issued = {
        place: id or public_ids.issue_id(db, RowKind.CITATION) for place, id in issued.items()
    }
    document = document_with_rows(
        draft, rows, report, {key: id for (_n, key), id in issued.items()}
    )
    if is_same_document(document, draft.document):
        return
    if draft.state not in WRITABLE_STATES:
        message = _("{id} is in review. Submit this row after the review.")
        raise UndraftedError(rows[0][ROW], message.format(id=draft.record), True)
    typed = PostedDraft(
        document,
        draft.number,
        f"sheet-{report.source}",
        draft.why or "",
        draft.reason or "",
        issued=issued,
    )
    drafts.save(db, draft, typed, by, RevisionCause.SAVED)


def document_with_rows(
    draft: Draft, rows: list[Document], report: SheetReport, ids: dict[str, str]
) -> Document:
    """Return a draft's document with what these rows make of it; private values stay."""
    stored = _without_citations(draft, report, keep=list(citation_keys(rows)))
    document = document_of_rows(rows, report, stored, ids)
    with_keys = _with_same_keys(document, draft.document)
    return restore_hidden(FORMS[draft.kind], with_keys, draft.document)


def is_same_document(document: Document, other: Document) -> bool:
    """Whether two documents say the same, whatever ids their rows have."""
    return _plain(document) == _plain(other)


def _plain(document: Document) -> Document:
    """Return a document without the ids of its rows, which are assigned on saving."""
    return {
        name: [_plain(row) for row in value] if isinstance(value, list) else value
        for name, value in document.items()
        if name != "id"
    }


def _with_same_keys(document: Document, stored: Document) -> Document:
    """Return a document whose terms and laws have the keys of equal ones in the stored one."""
    changed: Document = {}
    for name in ("terms", "legal"):
        old = {_values(row): row[ROW] for row in stored.get(name, [])}
        used: set[str] = set()
        rows = []
        for row in document.get(name, []):
            key = old.get(_values(row), row[ROW])
            rows.append(row if key in used else {**row, ROW: key})
            used.add(key)
        if name in document:
            changed[name] = rows
    return {**document, **changed}


def _values(row: Document) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in row.items() if name != ROW))


def _without_citations(draft: Draft, report: SheetReport, keep: list[str]) -> Document:
    """Return a draft's document without citations of the report that no row makes any more.

    Those of the approved state stay.
    """
    old = {each["id"] for each in (draft.base or {}).get("citations", [])}
    gone = {
        each["id"]
        for each in draft.document["citations"]
        if each["source"] == report.source and each[ROW] not in keep and each["id"] not in old
    }
    document = dict(draft.document)
    document["citations"] = [each for each in document["citations"] if each["id"] not in gone]
    if "stages" in document:
        document["stages"] = [row for row in document["stages"] if row["citation"] not in gone]
    return document


def _drop(db: Session, record: str, report: SheetReport, by: Person) -> None:
    """Take the rows of a record back: delete its draft, or the report's citations in it."""
    found = open_draft_of(db, record, report.source)
    draft = drafts.find(db, found.id) if found else None
    if draft is None or draft.state not in WRITABLE_STATES or not drafts.may_write(by, draft):
        return
    if draft.base is None:
        drafts.move(db, draft, by, drafts.DELETE)
        return
    document = _without_citations(draft, report, keep=[])
    if document == draft.document:
        return
    if draft.base is not None and _plain(document) == _plain(
        fit_to_form(FORMS[draft.kind], draft.base)
    ):
        drafts.move(db, draft, by, drafts.DELETE)
    else:
        typed = PostedDraft(
            document, draft.number, f"sheet-{report.source}", draft.why or "", draft.reason or ""
        )
        drafts.save(db, draft, typed, by)


def open_row(db: Session, sheet: ReportSheet, key: str, by: Person) -> Draft:
    """Return the draft of a row, to be opened in the long form.

    Raises LookupError without such a row, and InvalidStateError if its record can't be drafted.
    """
    made, _problems = draft_rows(db, sheet, by)
    row = next((row for row in sheet.document["rows"] if row[ROW] == key), None)
    if row is None:
        raise LookupError(key)
    record = target_of(row, report_of(Catalogue(db, by), sheet.document))
    for draft in made:
        if draft.record == record:
            return draft
    raise InvalidStateError
