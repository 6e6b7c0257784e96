"""Commands of the import pages. The uploader runs them; an admin can also end an import."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import case, func, or_, select, text, update
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from app.database.sessions import DeskSession
from app.desk.approved.draft_models import Significance
from app.desk.drafts.change_reasons import missing_reasons
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.imports import columns
from app.desk.imports.file_reader import MAX_ROWS, UnreadableUploadError, Upload, UploadedTable
from app.desk.imports.models import (
    FATES_WITH_DRAFT,
    RUNNING_STAGES,
    STAGES_WITH_ROWS,
    Import,
    ImportFile,
    ImportRow,
    ImportStage,
    RowFate,
)
from app.desk.imports.table_reader import read_sheets
from app.errors import InvalidStateError
from app.i18n.translate import _, ngettext
from app.record.publishing.validation import PublishError

MAX_TITLE_LENGTH = 200
MAX_IDLE_DAYS = 14
"""Days after which an import that waits for its uploader is abandoned."""


def can_continue(person: Person, job: Import) -> bool:
    return job.by == person.id


def can_end(person: Person, job: Import) -> bool:
    return job.by == person.id or person.may(DeskRole.ADMIN)


# Upload -----------------------------------------------------------------------------------------


def create_import(db: Session, by: Person, uploads: Sequence[Upload]) -> Import:
    """Store every row of the uploads and a guess at their columns. Raises UnreadableUploadError."""
    ignored: list[str] = []
    title = uploads[0].name
    if more := len(uploads) - 1:
        title = _("{first} and {others}").format(
            first=title, others=ngettext("{count} more", "{count} more", more)
        )
    job = Import(by=by.id, title=title[:MAX_TITLE_LENGTH], aside=[], stage=ImportStage.COLUMNS)
    db.add(job)
    db.flush()
    total = 0
    for number, sheet in enumerate(read_sheets(uploads, ignored), 1):
        count = _copy_rows(db, job.id, number, sheet, total)
        total += count
        table = columns.guess_table_by_name(sheet.name) or columns.guess_table_by_header(
            sheet.header
        )
        guess = columns.guess_columns(table, sheet.header)
        db.add(
            ImportFile(
                import_id=job.id,
                number=number,
                name=sheet.name,
                table=table,
                columns=guess,
                rows=count,
            )
        )
    if not total:
        raise UnreadableUploadError(_("The files contain no rows. Nothing was uploaded."))
    job.aside = ignored
    db.flush()
    return job


def _copy_rows(db: Session, id: int, file: int, sheet: UploadedTable, before: int) -> int:
    """Store the rows of a sheet with COPY, the fastest way to insert many. Returns their number."""
    driver: Any = db.connection().connection.driver_connection
    count = 0
    with (
        driver.cursor() as cursor,
        cursor.copy("COPY desk.import_row (import, number, file, line, cells) FROM STDIN") as copy,
    ):
        for line, cells in _fit_to_header(sheet):
            count += 1
            if before + count > MAX_ROWS:
                message = _("There are more than {most} rows. Upload them in parts.")
                raise UnreadableUploadError(message.format(most=f"{MAX_ROWS:,}"))
            copy.write_row((id, before + count, file, line, cells))
    return count


def _fit_to_header(sheet: UploadedTable) -> Iterator[tuple[int, list[str]]]:
    """Drop blank cells beyond the last column; pad short rows of workbooks with blank cells."""
    width = len(sheet.header)
    for line, cells in sheet.lines:
        while len(cells) > width and not cells[-1]:
            cells.pop()
        yield line, cells + [""] * (width - len(cells)) if sheet.is_ragged else cells


# Columns ----------------------------------------------------------------------------------------


def files_of(db: Session, job: Import) -> Sequence[ImportFile]:
    statement = select(ImportFile).where(ImportFile.import_id == job.id).order_by(ImportFile.number)
    return db.scalars(statement).all()


def choose_columns(files: Sequence[ImportFile], posted: Mapping[str, str]) -> bool:
    """Store the posted tables and fields. Returns whether a file was given another table.

    The columns of a file with another table are guessed again.
    """
    table_changed = False
    for file in files:
        table = posted.get(f"table.{file.number}", file.table)
        if table in {"", *columns.TABLES} and table != file.table:
            file.table, table_changed = table, table_changed or bool(table)
            file.columns = columns.guess_columns(
                table, [column["title"] for column in file.columns]
            )
            continue
        known = columns.fields_of_table(file.table) if file.table else {}
        file.columns = [
            {
                **column,
                "field": name
                if (name := posted.get(f"column.{file.number}.{at}", column["field"])) in known
                else "",
            }
            for at, column in enumerate(file.columns)
        ]
    return table_changed


def column_errors(files: Sequence[ImportFile]) -> list[str]:
    used = [file for file in files if file.table]
    errors = [
        f"{file.name}: {reason}"
        for file in used
        for reason in columns.column_errors(file.table, file.columns)
    ]
    by_table: dict[str, set[frozenset[str]]] = {}
    for file in used:
        by_table.setdefault(file.table, set()).add(
            frozenset(column["field"] for column in file.columns) - {""}
        )
    titles = columns.TITLES
    errors += [
        _("{table}: the files of one table must have the same columns").format(
            table=_(titles[table])
        )
        for table, sets in by_table.items()
        if len(sets) > 1
    ]
    nouns = {table for table in by_table if not columns.TABLES[table].parent}
    return errors or (
        []
        if nouns
        else [_("there is no table of records, only rows that belong to records: add that table")]
    )


# Stages -----------------------------------------------------------------------------------------


def find_import(db: Session, id: int, *, to_write: bool = False) -> Import | None:
    return db.get(Import, id, with_for_update=to_write) if id < 2**31 else None


def start_check(job: Import) -> None:
    """Start the check of all rows. Until drafts are made it can be repeated with other columns."""
    if job.stage not in {ImportStage.COLUMNS, ImportStage.CHECKED}:
        raise InvalidStateError
    _set_stage(job, ImportStage.CHECKING)


def back_to_columns(job: Import) -> None:
    if job.stage != ImportStage.CHECKED:
        raise InvalidStateError
    _set_stage(job, ImportStage.COLUMNS)


def start_drafts(
    db: Session, job: Import, *, with_twins: bool, hand_in: bool, why: str, reason: str
) -> None:
    """Start making drafts of new and changed records. Raises PublishError without a reason."""
    if job.stage != ImportStage.CHECKED:
        raise InvalidStateError
    counts = count_fates(db, job.id)
    reasons = []
    if counts.get(RowFate.CHANGED) and hand_in:
        reasons += missing_reasons(why, reason)
    if not any(
        counts.get(fate) for fate in (*FATES_WITH_DRAFT, *([RowFate.TWIN] if with_twins else []))
    ):
        reasons.append(_("there are no rows to create drafts from"))
    if reasons:
        raise PublishError(reasons)
    job.with_twins, job.hand_in = with_twins, hand_in
    job.why, job.reason = why if why in Significance.by_code() else None, reason or None
    _set_stage(job, ImportStage.MAKING)


def resume(job: Import) -> None:
    """Resume an import that stopped."""
    job.starts, job.problem, job.beat = 0, "", func.now()


def abandon(db: Session, job: Import) -> None:
    """Abandon an import before drafts are made, and delete the uploaded cells."""
    if job.stage not in STAGES_WITH_ROWS or job.stage == ImportStage.MAKING:
        raise InvalidStateError
    _set_stage(job, ImportStage.GIVEN_UP)
    delete_cells(db, [job.id])


def abandon_idle(db: Session) -> int:
    """Abandon imports without activity for `MAX_IDLE_DAYS` and return their number.

    Drafts that a stopped import already made are kept.
    """
    cutoff = func.now() - text(f"interval '{MAX_IDLE_DAYS} days'")
    is_waiting = or_(
        Import.stage.in_([ImportStage.COLUMNS, ImportStage.CHECKED]),
        Import.stage.in_(RUNNING_STAGES) & (Import.problem != ""),
    )
    next_stage = case(
        (Import.stage == ImportStage.MAKING, ImportStage.MADE.value),
        else_=ImportStage.GIVEN_UP.value,
    )
    old = update(Import).where(is_waiting, Import.since < cutoff)
    ids = db.scalars(
        old.values(stage=next_stage, since=func.now(), problem="", beat=None).returning(Import.id)
    ).all()
    delete_cells(db, ids)
    return len(ids)


def delete_cells(db: Session, ids: Sequence[int]) -> None:
    db.execute(update(ImportRow).where(ImportRow.import_id.in_(ids)).values(cells=None, refs=None))


def _set_stage(job: Import, stage: ImportStage) -> None:
    job.stage, job.since = stage, func.now()
    job.done, job.total, job.starts, job.problem, job.beat = 0, 0, 0, "", None
    if stage in {ImportStage.CHECKING, ImportStage.MAKING}:
        job.beat = func.now()


def count_fates(db: Session, id: int, *, records_only: bool = True) -> dict[str, int]:
    """Return the number of records, or rows, by fate."""
    statement = select(ImportRow.fate, func.count()).where(
        ImportRow.import_id == id, ImportRow.fate != ""
    )
    if records_only:
        statement = statement.where(ImportRow.of == ImportRow.number)
    return dict(db.execute(statement.group_by(ImportRow.fate)).all())


# ------------------------------------------------------------------------------------------------


def get_import(db: DeskSession, id: int, *, to_write: bool = False) -> Import:
    job = find_import(db, id, to_write=to_write)
    if job is None:
        raise HTTPException(404)
    return job
