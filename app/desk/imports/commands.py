"""Commands of the import pages. The uploader runs them; an admin can also end an import."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import case, func, or_, select, text, update
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from app.database.sessions import DeskSession
from app.desk.approved.draft_models import Weight
from app.desk.drafts.change_reasons import unexplained
from app.desk.identity.models import Person, Role
from app.desk.imports import columns
from app.desk.imports.file_reader import MOST_ROWS, Sheet, Unreadable, Upload
from app.desk.imports.models import (
    AT_WORK,
    HOLDS_ROWS,
    MAKES_A_DRAFT,
    Fate,
    Import,
    ImportFile,
    ImportRow,
    Stage,
)
from app.desk.imports.table_reader import read_sheets
from app.errors import NotNow
from app.i18n.translate import _, ngettext
from app.record.publishing.validation import Refused

LONGEST_TITLE = 200
DAYS_KEPT = 14
"""Days after which an import that waits for its uploader is abandoned."""


def may_go_on(person: Person, job: Import) -> bool:
    return job.by == person.id


def may_end(person: Person, job: Import) -> bool:
    return job.by == person.id or person.may(Role.ADMIN)


# Upload -----------------------------------------------------------------------------------------------------------


def keep(db: Session, by: Person, uploads: Sequence[Upload]) -> Import:
    """Store every row of the uploads and a guess at their columns. Raises UnreadableUploadError."""
    ignored: list[str] = []
    title = uploads[0].name
    if more := len(uploads) - 1:
        title = _("{first} and {others}").format(
            first=title, others=ngettext("{count} more", "{count} more", more)
        )
    job = Import(by=by.id, title=title[:LONGEST_TITLE], aside=[], stage=Stage.COLUMNS)
    db.add(job)
    db.flush()
    total = 0
    for number, sheet in enumerate(read_sheets(uploads, ignored), 1):
        count = _copy_rows(db, job.id, number, sheet, total)
        total += count
        table = columns.of_name(sheet.name) or columns.of_header(sheet.header)
        guess = columns.guessed(table, sheet.header)
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
        raise Unreadable(_("There is no row in what was sent."))
    job.aside = ignored
    db.flush()
    return job


def _copy_rows(db: Session, id: int, file: int, sheet: Sheet, before: int) -> int:
    """Store the rows of a sheet with COPY, the fastest way to insert many. Returns their number."""
    driver: Any = db.connection().connection.driver_connection
    count = 0
    with (
        driver.cursor() as cursor,
        cursor.copy("COPY desk.import_row (import, number, file, line, cells) FROM STDIN") as copy,
    ):
        for line, cells in _fit_to_header(sheet):
            count += 1
            if before + count > MOST_ROWS:
                message = _("There are more than {most} rows: send them in parts.")
                raise Unreadable(message.format(most=f"{MOST_ROWS:,}"))
            copy.write_row((id, before + count, file, line, cells))
    return count


def _fit_to_header(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Drop blank cells beyond the last column; pad short rows of workbooks with blank cells."""
    width = len(sheet.header)
    for line, cells in sheet.lines:
        while len(cells) > width and not cells[-1]:
            cells.pop()
        yield line, cells + [""] * (width - len(cells)) if sheet.is_ragged else cells


# Columns ----------------------------------------------------------------------------------------------------------


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
            file.columns = columns.guessed(table, [column["title"] for column in file.columns])
            continue
        known = columns.fields(file.table) if file.table else {}
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


def wrong_columns(files: Sequence[ImportFile]) -> list[str]:
    used = [file for file in files if file.table]
    errors = [
        f"{file.name}: {reason}"
        for file in used
        for reason in columns.wrong(file.table, file.columns)
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
        [] if nouns else [_("there is no table of records, only rows that stand under some")]
    )


# Stages -----------------------------------------------------------------------------------------------------------


def find(db: Session, id: int, *, to_write: bool = False) -> Import | None:
    return db.get(Import, id, with_for_update=to_write) if id < 2**31 else None


def check(job: Import) -> None:
    """Start the check of all rows. Until drafts are made it can be repeated with other columns."""
    if job.stage not in {Stage.COLUMNS, Stage.CHECKED}:
        raise NotNow
    _set_stage(job, Stage.CHECKING)


def back_to_columns(job: Import) -> None:
    if job.stage != Stage.CHECKED:
        raise NotNow
    _set_stage(job, Stage.COLUMNS)


def make(
    db: Session, job: Import, *, with_twins: bool, hand_in: bool, why: str, reason: str
) -> None:
    """Start making drafts of new and changed records. Raises PublishError without a reason."""
    if job.stage != Stage.CHECKED:
        raise NotNow
    counts = counted(db, job.id)
    reasons = []
    if counts.get(Fate.CHANGED) and hand_in:
        reasons += unexplained(why, reason)
    if not any(counts.get(fate) for fate in (*MAKES_A_DRAFT, *([Fate.TWIN] if with_twins else []))):
        reasons.append(_("there is nothing to make a draft of"))
    if reasons:
        raise Refused(reasons)
    job.with_twins, job.hand_in = with_twins, hand_in
    job.why, job.reason = why if why in Weight.by_code() else None, reason or None
    _set_stage(job, Stage.MAKING)


def go_on(job: Import) -> None:
    """Resume an import that stopped."""
    job.starts, job.problem, job.beat = 0, "", func.now()


def give_up(db: Session, job: Import) -> None:
    """Abandon an import before drafts are made, and delete the uploaded cells."""
    if job.stage not in HOLDS_ROWS or job.stage == Stage.MAKING:
        raise NotNow
    _set_stage(job, Stage.GIVEN_UP)
    forget_rows(db, [job.id])


def give_up_old(db: Session) -> int:
    """Abandon imports without activity for `MAX_IDLE_DAYS` and return their number.

    Drafts that a stopped import already made are kept.
    """
    cutoff = func.now() - text(f"interval '{DAYS_KEPT} days'")
    is_waiting = or_(
        Import.stage.in_([Stage.COLUMNS, Stage.CHECKED]),
        Import.stage.in_(AT_WORK) & (Import.problem != ""),
    )
    next_stage = case((Import.stage == Stage.MAKING, Stage.MADE.value), else_=Stage.GIVEN_UP.value)
    old = update(Import).where(is_waiting, Import.since < cutoff)
    ids = db.scalars(
        old.values(stage=next_stage, since=func.now(), problem="", beat=None).returning(Import.id)
    ).all()
    forget_rows(db, ids)
    return len(ids)


def forget_rows(db: Session, ids: Sequence[int]) -> None:
    db.execute(update(ImportRow).where(ImportRow.import_id.in_(ids)).values(cells=None, refs=None))


def _set_stage(job: Import, stage: Stage) -> None:
    job.stage, job.since = stage, func.now()
    job.done, job.total, job.starts, job.problem, job.beat = 0, 0, 0, "", None
    if stage in {Stage.CHECKING, Stage.MAKING}:
        job.beat = func.now()


def counted(db: Session, id: int, *, records_only: bool = True) -> dict[str, int]:
    """Return the number of records, or rows, by fate."""
    statement = select(ImportRow.fate, func.count()).where(
        ImportRow.import_id == id, ImportRow.fate != ""
    )
    if records_only:
        statement = statement.where(ImportRow.of == ImportRow.number)
    return dict(db.execute(statement.group_by(ImportRow.fate)).all())


# ------------------------------------------------------------------------------------------------------------------


def _found(db: DeskSession, id: int, *, to_write: bool = False) -> Import:
    job = find(db, id, to_write=to_write)
    if job is None:
        raise HTTPException(404)
    return job
