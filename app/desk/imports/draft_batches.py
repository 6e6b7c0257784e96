"""Make drafts of checked rows, in batches with a transaction each, and undo an import."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ARRAY, Integer, any_, cast, func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from app.desk.approved import public_ids
from app.desk.approved.draft_models import OPEN_STATES, Draft, DraftState, Revision, RevisionCause
from app.desk.drafts import commands as drafts
from app.desk.drafts.batches import NewDraft, begin_drafts
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.desk.imports.commands import delete_cells
from app.desk.imports.fates import share_fates, spread_fate
from app.desk.imports.models import FATES_WITH_DRAFT, Import, ImportRow, ImportStage, RowFate
from app.desk.imports.records import (
    KIND_OF_TABLE,
    LETTER_OF_TABLE,
    UploadedFiles,
    UploadedRecord,
    load_files,
    read_records,
)
from app.desk.imports.row_check import ROWS_PER_BATCH, changed_fields
from app.documents import Document, align_rows, document_of, fields_of, with_texts
from app.errors import InvalidStateError
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import FORMS, Form
from app.record.publishing.validation import PublishError
from app.vocabulary.kinds import RecordKind

MAX_ID_STEP = 100_000
"""Largest step from the last used id to an unused id of the import that is accepted.

A larger step is taken for a typing error, and the record gets the next id.
"""
ID_FIELDS = ("id", "about", "source", "event", "to", "citation")
"""Fields that hold ids."""


def assign_ids(db: Session, job: Import) -> None:
    """Mark the rows that are left out, and give an id to each new record."""
    kept_fates = [*FATES_WITH_DRAFT, RowFate.SAME]
    if job.with_twins:
        _replace_fate(db, job.id, RowFate.TWIN, RowFate.NEW)
    spread_fate(
        db, job.id, kept_fates, RowFate.LEFT_OUT, _("It refers to {id}, which is left out.")
    )
    _replace_fate(db, job.id, RowFate.TWIN, RowFate.LEFT_OUT)
    share_fates(db, job.id)
    imported = load_files(db, job.id)
    for letter, files in _files_by_letter(imported).items():
        _assign_ids(db, job.id, letter, files)
    is_record = (ImportRow.import_id == job.id, ImportRow.of == ImportRow.number)
    count = select(func.count()).where(*is_record, ImportRow.fate.in_(FATES_WITH_DRAFT))
    job.done, job.total = 0, db.scalar(count) or 0


def _replace_fate(db: Session, id: int, before: RowFate, after: RowFate) -> None:
    """Replace a fate in all records that have it, and in their child rows."""
    db.execute(
        text(
            "UPDATE desk.import_row r SET fate = :after FROM desk.import_row o "
            "WHERE r.import = :id AND o.import = :id AND o.number = r.of AND r.fate = :before"
        ),
        {"id": id, "before": before.value, "after": after.value},
    )


def _files_by_letter(imported: UploadedFiles) -> Mapping[str, Collection[int]]:
    """Return the numbers of files whose rows have ids, by the letter of these ids."""
    found: dict[str, list[int]] = {}
    for number, file in imported.files.items():
        letter = LETTER_OF_TABLE.get(file.table) or KIND_OF_TABLE.get(file.table, RecordKind.CODE)
        if file.table in LETTER_OF_TABLE or letter != RecordKind.CODE:
            found.setdefault(letter, []).append(number)
    return found


def _assign_ids(db: Session, id: int, letter: str, files: Collection[int]) -> None:
    """Give ids to the rows without one. Other requests for an id wait for this transaction."""
    last = public_ids.lock_last_number(db, letter)
    rows = db.execute(
        select(ImportRow.number, ImportRow.name)
        .where(
            ImportRow.import_id == id,
            ImportRow.file.in_(files),
            ImportRow.record == "",
            ImportRow.fate.in_(FATES_WITH_DRAFT),
        )
        .order_by(ImportRow.number)
    ).all()
    kept_numbers = {
        number: int(found[2])
        for number, name in rows
        if (found := public_ids.NUMBERED.fullmatch(name))
        and found[1] == letter
        and last < int(found[2]) <= last + MAX_ID_STEP
    }
    next_number = max([last, *kept_numbers.values()])
    assigned: dict[int, str] = {}
    for number, _name in rows:
        if number not in kept_numbers:
            next_number += 1
        assigned[number] = f"{letter}{kept_numbers.get(number, next_number)}"
    public_ids.set_last_number(db, letter, next_number)
    db.execute(
        text(
            "UPDATE desk.import_row r SET record = v.record "
            "FROM unnest(CAST(:numbers AS int[]), CAST(:records AS text[])) AS v (number, record) "
            "WHERE r.import = :id AND r.number = v.number"
        ),
        {"id": id, "numbers": list(assigned), "records": list(assigned.values())},
    )


# Making drafts ----------------------------------------------------------------------------------


def make_batch(db: Session, job: Import, imported: UploadedFiles, by: Person) -> int:
    """Make the next batch of drafts. Returns the number of rows handled, 0 at the end."""
    waiting = select(ImportRow).where(
        ImportRow.import_id == job.id,
        ImportRow.of == ImportRow.number,
        ImportRow.fate.in_(FATES_WITH_DRAFT),
        ImportRow.draft.is_(None),
    )
    rows = db.scalars(waiting.order_by(ImportRow.number).limit(ROWS_PER_BATCH)).all()
    if not rows:
        return 0
    records = read_records(db, imported, rows)
    drafts.lock_records(db, [each.old.id for each in records if each.old])
    taken = set(
        db.scalars(
            select(Draft.record).where(
                Draft.record.in_([each.line.record for each in records]),
                Draft.state.in_(OPEN_STATES),
            )
        )
    )
    ids = _assigned_ids(db, job.id, records)
    beginnings: list[NewDraft] = []
    by_row = {row.number: row for row in rows}
    for each in records:
        row = by_row[each.line.row]
        conflict = _conflict(each, row, taken)
        if conflict:
            row.fate, row.words = RowFate.ERROR, conflict
        elif each.old == each.form:
            row.fate, row.words = RowFate.SAME, ""
        else:
            beginnings.append(_beginning(each, row, ids))
            if each.old and each.form:
                row.words = enumerate_words(changed_fields(each.old, each.form))
    made = begin_drafts(
        db,
        by,
        beginnings,
        name=f"import {job.id}",
        why=job.why,
        reason=job.reason,
        hand_in=job.hand_in,
    )
    for each in records:
        by_row[each.line.row].draft = made.get(by_row[each.line.row].record)
    return len(rows)


def _conflict(each: UploadedRecord, row: ImportRow, taken: Collection[str]) -> str:
    """Return why no draft can be made, if the record changed since the check."""
    if each.form is None:
        return (
            each.faults[0].words
            if each.faults
            else _("The row can no longer be read. Upload it again.")
        )
    if (each.old is not None) != (row.fate == RowFate.CHANGED):
        return _("The approved record has changed since the check. Check the rows again.")
    if row.record in taken:
        return _("A draft of it was started after the check. Check the rows again.")
    return ""


def _beginning(each: UploadedRecord, row: ImportRow, ids: Mapping[str, str]) -> NewDraft:
    assert each.form is not None
    form = FORMS[each.kind]
    document = {**_replace_ids(form, document_of(each.form), ids), "id": row.record}
    base = document_of(each.old) if each.old else None
    return NewDraft(row.record, align_rows(form, document, base) if base else document, base)


def _assigned_ids(db: Session, id: int, records: Sequence[UploadedRecord]) -> dict[str, str]:
    """Return the assigned id of each record of this import that `records` name."""
    names = {text for each in records if each.form for text in _ids_in(each.form)}
    found = select(ImportRow.name, ImportRow.record).where(
        ImportRow.import_id == id, ImportRow.name.in_(names), ImportRow.record != ""
    )
    return {name: record for name, record in db.execute(found) if name != record}


def _ids_in(form: Form) -> set[str]:
    fields = fields_of(type(form), document_of(form))
    return {each.text for each in fields if each.name in ID_FIELDS and each.text}


def _replace_ids(form: type[Form], document: Document, ids: Mapping[str, str]) -> Document:
    return with_texts(
        form,
        document,
        lambda each: ids.get(each.text, each.text) if each.name in ID_FIELDS else each.text,
    )


def finish_import(db: Session, job: Import, by: Person) -> None:
    """Delete the cells, which are now in the drafts, and log the number of drafts."""
    rows = update(ImportRow).where(ImportRow.import_id == job.id)
    share_fates(db, job.id)
    db.execute(rows.values(cells=None, refs=None))
    made = (
        db.scalar(
            select(func.count()).where(ImportRow.import_id == job.id, ImportRow.draft.is_not(None))
        )
        or 0
    )
    log_action(db, Action.IMPORTED, by, f"import:{job.id}", str(made))


# Undo -------------------------------------------------------------------------------------------


def published_records(db: Session, id: int) -> Sequence[str]:
    """Return the ids of the import's published records, which prevent its undo."""
    statement = select(Draft.record).join(ImportRow, ImportRow.draft == Draft.id)
    is_published = (ImportRow.import_id == id, Draft.state == DraftState.PUBLISHED)
    return db.scalars(
        statement.where(*is_published).order_by(func.length(Draft.record), Draft.record)
    ).all()


def undo_import(db: Session, job: Import, by: Person) -> int:
    """Delete all drafts of the import. Each can be restored. Returns their number.

    Also ends an import that stopped while drafts were made, and deletes its cells.
    Raises PublishError if one of the drafts is published.
    """
    if job.stage not in {ImportStage.MAKING, ImportStage.MADE, ImportStage.UNDONE} or (
        job.stage == ImportStage.MAKING and not job.has_stopped
    ):
        raise InvalidStateError
    of_it = select(ImportRow.draft).where(
        ImportRow.import_id == job.id, ImportRow.draft.is_not(None)
    )
    # A concurrent publication or save ends before this lock, or waits and finds a deleted draft.
    db.execute(select(Draft.id).where(Draft.id.in_(of_it)).order_by(Draft.id).with_for_update())
    if out := published_records(db, job.id):
        raise PublishError(
            [
                _("{id} is published: withdraw it, or edit it in a draft of its own").format(id=id)
                for id in out
            ]
        )
    open_drafts = (Draft.id.in_(of_it), Draft.state.in_(OPEN_STATES))
    updated = (
        update(Draft)
        .where(*open_drafts)
        .values(state=DraftState.DELETED, number=Draft.number + 1, saved_at=func.now())
    )
    ids = db.scalars(updated.returning(Draft.id)).all()
    columns = ("draft", "number", "by", "saved", "sheet", "document", "why", "reason", "words")
    revisions = select(
        Draft.id,
        Draft.number,
        literal(by.id),
        literal(RevisionCause.DELETED.value),
        literal(f"import {job.id}"),
        Draft.document,
        Draft.why,
        Draft.reason,
        literal(f"import {job.id}"),
    ).where(Draft.id == any_(cast(list(ids), ARRAY(Integer))))
    db.execute(insert(Revision).from_select(columns, revisions))
    job.stage, job.since, job.problem, job.beat = ImportStage.UNDONE, func.now(), "", None
    delete_cells(db, [job.id])
    log_action(db, Action.TOOK_IMPORT_BACK, by, f"import:{job.id}", str(len(ids)))
    db.expire_all()
    return len(ids)
