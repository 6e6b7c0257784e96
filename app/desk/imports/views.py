"""Views of the import pages: list, columns, progress, and report."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import OPEN_STATES, Draft, DraftState
from app.desk.draft_form.views import FieldChoice
from app.desk.drafts.change_reasons import ChangeReasonView, change_reason_view
from app.desk.identity.models import Person
from app.desk.imports import commands
from app.desk.imports.columns import TABLES, TITLES, fields_of_table, missing_fields
from app.desk.imports.draft_batches import published_records
from app.desk.imports.models import (
    KEEPS_CRASHING,
    MAX_STARTS,
    RUNNING_STAGES,
    STAGES_WITH_ROWS,
    Import,
    ImportFile,
    ImportRow,
    ImportStage,
    RowFate,
)
from app.i18n.formats import as_sentence
from app.i18n.translate import _
from app.web.csv_safety import escape_formula
from app.web.urls import url

IMPORTS_PER_PAGE = 50
LINES_PER_PAGE = 100
EXAMPLES_PER_COLUMN = 3
MAX_PUBLISHED_LISTED = 20


@dataclass(frozen=True)
class ImportRowView:
    address: str
    title: str
    by: str
    at: datetime
    stage: str
    stage_code: str
    counts: Sequence[tuple[str, int]]


def list_imports(db: Session) -> list[ImportRowView]:
    names = {person.id: person.called for person in db.scalars(select(Person))}
    found = db.scalars(select(Import).order_by(Import.id.desc()).limit(IMPORTS_PER_PAGE)).all()
    counts: dict[int, dict[str, int]] = {}
    grouped = select(ImportRow.import_id, ImportRow.fate, func.count()).where(
        ImportRow.import_id.in_([job.id for job in found]),
        ImportRow.of == ImportRow.number,
        ImportRow.fate != "",
    )
    for id, fate, count in db.execute(grouped.group_by(ImportRow.import_id, ImportRow.fate)):
        counts.setdefault(id, {})[fate] = count
    return [
        ImportRowView(
            url("import", id=job.id), _title(job), names[job.by], job.at,
            _(ImportStage(job.stage).label), job.stage, _labelled_counts(counts.get(job.id, {})),
        )
        for job in found
    ]  # fmt: skip


def _title(job: Import) -> str:
    return job.title or _("Import {id}").format(id=job.id)


def _labelled_counts(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(_(fate.label), counts[fate]) for fate in RowFate if counts.get(fate)]


# One import -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ColumnView:
    """A column of a table: its title, example values, and the fields to choose from."""

    name: str
    title: str
    examples: Sequence[str]
    choices: Sequence[FieldChoice]


@dataclass(frozen=True)
class FileView:
    number: int
    name: str
    rows: int
    tables: Sequence[FieldChoice]
    columns: Sequence[ColumnView]
    lacking: Sequence[str]
    left_out: Sequence[str]
    """Titles of ignored columns."""


@dataclass(frozen=True)
class ReportLine:
    """A row and its fate."""

    file: str
    line: int
    name: str
    fate: str
    fate_code: str
    field: str
    words: str
    record: str
    address: str
    state: str


@dataclass(frozen=True)
class DraftOptions:
    """The form for making drafts."""

    count: int
    twins: int
    with_twins: bool
    hand_in: bool
    why: ChangeReasonView | None
    """None if no published record changes."""


@dataclass(frozen=True)
class ImportView:
    """View of `desk/imports/page.html`."""

    id: int
    title: str
    by: str
    at: datetime
    stage: str
    stage_code: str
    aside: Sequence[str]
    is_at_work: bool
    has_stopped: bool
    problem: str
    ended_each_time: int
    """Number of attempts whose process ended; 0 if the import did not stop for this reason."""
    done: int
    total: int
    may_go_on: bool
    may_end: bool
    can_be_given_up: bool
    files: Sequence[FileView]
    making: DraftOptions | None
    records: Sequence[tuple[str, str, int, str, bool]]
    """Each fate of records: code, label, number, URL of the filtered report, is shown."""
    shown: str
    every: bool
    lines: Sequence[ReportLine]
    first_address: str
    next_address: str
    report_address: str
    drafts: int
    """Number of open drafts."""
    published: Sequence[str]
    problems: Sequence[str]


def import_view(
    db: Session,
    job: Import,
    person: Person,
    query: Mapping[str, str],
    *,
    posted: Mapping[str, str] | None = None,
    problems: Sequence[str] = (),
) -> ImportView:
    stage = ImportStage(job.stage)
    may_go_on, may_end = commands.can_continue(person, job), commands.can_end(person, job)
    has_report = stage not in {ImportStage.COLUMNS, ImportStage.CHECKING} and not (
        stage is ImportStage.GIVEN_UP and not job.total
    )
    fate = query.get("fate", "") if query.get("fate", "") in RowFate.by_code() else ""
    every = query.get("rows") == "all"
    after = (
        int(query["after"])
        if query.get("after", "").isdecimal() and len(query["after"]) < 10
        else 0
    )
    lines, last = (
        report_lines(db, job.id, fate, after, LINES_PER_PAGE, every=every)
        if has_report
        else ([], 0)
    )
    counts = commands.count_fates(db, job.id, records_only=not every) if has_report else {}
    is_made = stage in {ImportStage.MADE, ImportStage.MAKING, ImportStage.UNDONE}
    return ImportView(
        id=job.id,
        title=_title(job),
        by=db.get_one(Person, job.by).called,
        at=job.at,
        stage=_(stage.label),
        stage_code=stage,
        aside=job.aside,
        is_at_work=stage in RUNNING_STAGES,
        has_stopped=job.has_stopped,
        problem=job.problem if job.problem != KEEPS_CRASHING else "",
        ended_each_time=MAX_STARTS if job.problem == KEEPS_CRASHING else 0,
        done=job.done,
        total=job.total,
        may_go_on=may_go_on,
        may_end=may_end,
        can_be_given_up=may_end and stage in STAGES_WITH_ROWS and stage is not ImportStage.MAKING,
        files=[_file_view(db, file) for file in commands.files_of(db, job)]
        if stage is ImportStage.COLUMNS
        else [],
        making=_draft_form(counts, posted or {})
        if stage is ImportStage.CHECKED and may_go_on and not every
        else None,
        records=[
            (each, _(each.label), counts[each], import_url(job.id, each, every=every), each == fate)
            for each in RowFate
            if counts.get(each)
        ],
        shown=_(RowFate(fate).label) if fate else "",
        every=every,
        lines=lines,
        first_address=import_url(job.id, fate, every=every) if after else "",
        next_address=import_url(job.id, fate, every=every, after=last) if last else "",
        report_address=url("import-report", id=job.id) + (f"?fate={fate}" if fate else ""),
        drafts=_open_drafts(db, job.id) if is_made else 0,
        published=published_records(db, job.id)[:MAX_PUBLISHED_LISTED] if is_made else [],
        problems=[as_sentence(problem) for problem in problems],
    )


def import_url(id: int, fate: str = "", *, every: bool = False, after: int = 0) -> str:
    pairs = [
        f"fate={fate}" if fate else "",
        "rows=all" if every else "",
        f"after={after}" if after else "",
    ]
    query = "&".join(filter(None, pairs))
    return url("import", id=id) + (f"?{query}" if query else "")


def _draft_form(counts: Mapping[str, int], posted: Mapping[str, str]) -> DraftOptions:
    is_typed = "do" in posted
    return DraftOptions(
        count=counts.get(RowFate.NEW, 0) + counts.get(RowFate.CHANGED, 0),
        twins=counts.get(RowFate.TWIN, 0),
        with_twins="with_twins" in posted,
        hand_in="hand_in" in posted if is_typed else True,
        why=change_reason_view(posted) if counts.get(RowFate.CHANGED) else None,
    )


def _open_drafts(db: Session, id: int) -> int:
    of = select(func.count()).select_from(Draft).join(ImportRow, ImportRow.draft == Draft.id)
    return db.scalar(of.where(ImportRow.import_id == id, Draft.state.in_(OPEN_STATES))) or 0


# Columns ----------------------------------------------------------------------------------------


def _file_view(db: Session, file: ImportFile) -> FileView:
    first = select(ImportRow.cells).where(
        ImportRow.import_id == file.import_id, ImportRow.file == file.number
    )
    rows = db.scalars(first.order_by(ImportRow.number).limit(EXAMPLES_PER_COLUMN)).all()
    by_name = fields_of_table(file.table) if file.table else {}
    columns = []
    for at, column in enumerate(file.columns):
        examples = [row[at] for row in rows if row and at < len(row) and row[at]]
        choices = [FieldChoice("", _("Leave out"), is_chosen=not column["field"])]
        for name, each in by_name.items():
            label = (
                _("{field} (desk only)").format(field=each.title) if each.is_private else each.title
            )
            choices.append(FieldChoice(name, label, is_chosen=name == column["field"]))
        short = [_truncate(each) for each in examples]
        columns.append(ColumnView(f"column.{file.number}.{at}", column["title"], short, choices))
    tables = [FieldChoice("", _("Leave it out"), is_chosen=not file.table)]
    tables += [FieldChoice(each, _(TITLES[each]), is_chosen=each == file.table) for each in TABLES]
    return FileView(
        number=file.number,
        name=file.name,
        rows=file.rows,
        tables=tables,
        columns=columns if file.table else [],
        lacking=missing_fields(file.table, file.columns) if file.table else [],
        left_out=[column["title"] for column in file.columns if not column["field"]],
    )


def _truncate(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else f"{text[:limit].rstrip()}…"


# The report -------------------------------------------------------------------------------------

COLUMNS = ("file", "line", "name", "fate", "field", "reason", "record", "draft", "state")


def report_lines(
    db: Session, id: int, fate: str, after: int, limit: int, *, every: bool
) -> tuple[list[ReportLine], int]:
    """Return the next lines of the report, and the row to continue after (0 at the end)."""
    rows = db.execute(
        _report_rows(id, fate, every=every).where(ImportRow.number > after).limit(limit + 1)
    ).all()
    lines = [_report_line(*row) for row in rows[:limit]]
    return lines, rows[limit - 1][0].number if len(rows) > limit else 0


def _report_rows(id: int, fate: str, *, every: bool) -> Select[ImportRow, str, str, str]:
    found = (
        select(ImportRow, ImportFile.name, ImportFile.table, Draft.state)
        .join(
            ImportFile,
            (ImportFile.import_id == ImportRow.import_id) & (ImportFile.number == ImportRow.file),
        )
        .outerjoin(Draft, Draft.id == ImportRow.draft)
        .where(ImportRow.import_id == id, ImportRow.fate != "")
        .order_by(ImportRow.number)
    )
    if not every:
        # Child rows are listed only if they have an error.
        found = found.where((ImportRow.of == ImportRow.number) | (ImportRow.words != ""))
    return found.where(ImportRow.fate == fate) if fate else found


def _report_line(row: ImportRow, file: str, table: str, state: str | None) -> ReportLine:
    by_name = fields_of_table(table) if table else {}
    return ReportLine(
        file=file,
        line=row.line,
        name=row.name,
        fate=_(RowFate(row.fate).label),
        fate_code=row.fate,
        field=by_name[row.field].title if row.field in by_name else row.field,
        words=row.words,
        record=row.record,
        address=url("draft", id=row.draft) if row.draft else _record_url(row),
        state=_(DraftState(state).label) if state else "",
    )


def _record_url(row: ImportRow) -> str:
    """Return the URL of the approved record, or an empty string."""
    is_here = row.fate in {RowFate.SAME, RowFate.CHANGED} and row.of == row.number
    return (
        url("desk-record", record=row.record)
        if is_here and ":" not in row.record and row.record
        else ""
    )


def report_csv(db: Session, id: int, fate: str) -> Iterator[str]:
    """Yield the report as CSV, in batches of rows."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    after, is_more = 0, True
    while is_more:
        lines, after = report_lines(db, id, fate, after, 1_000, every=True)
        db.expunge_all()
        for line in lines:
            cells = (
                line.file,
                str(line.line),
                line.name,
                line.fate_code,
                line.field,
                line.words,
                line.record,
            )
            writer.writerow([escape_formula(cell) for cell in (*cells, line.address, line.state)])
        is_more = bool(after)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
