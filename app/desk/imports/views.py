"""What the pages of imports print: the list, columns to be named, how far it is, and the report."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import OPEN, Draft, State
from app.desk.draft_form.fields import Choice, cap
from app.desk.drafts.change_reasons import Why, why_of
from app.desk.identity.models import Person
from app.desk.imports import commands
from app.desk.imports.columns import TABLES, TITLES, fields, lacking
from app.desk.imports.making import published
from app.desk.imports.models import (
    AT_WORK,
    ENDED_EACH_TIME,
    HOLDS_ROWS,
    MOST_STARTS,
    Fate,
    Import,
    ImportFile,
    ImportRow,
    Stage,
)
from app.i18n.translate import _
from app.web.csv_safety import harmless
from app.web.urls import url

LATEST = 50
LINES_A_PAGE = 100
EXAMPLES = 3
MOST_NAMED = 20


@dataclass(frozen=True)
class Listed:
    """An import in the list."""

    address: str
    title: str
    by: str
    at: datetime
    stage: str
    stage_code: str
    counts: Sequence[tuple[str, int]]


def listed(db: Session) -> list[Listed]:
    names = {person.id: person.called for person in db.scalars(select(Person))}
    found = db.scalars(select(Import).order_by(Import.id.desc()).limit(LATEST)).all()
    counts: dict[int, dict[str, int]] = {}
    grouped = select(ImportRow.import_id, ImportRow.fate, func.count()).where(
        ImportRow.import_id.in_([it.id for it in found]),
        ImportRow.of == ImportRow.number,
        ImportRow.fate != "",
    )
    for id, fate, count in db.execute(grouped.group_by(ImportRow.import_id, ImportRow.fate)):
        counts.setdefault(id, {})[fate] = count
    return [
        Listed(
            url("import", id=it.id), _title(it), names[it.by], it.at, _(Stage(it.stage).label), it.stage,
            _in_order(counts.get(it.id, {})),
        )
        for it in found
    ]  # fmt: skip


def _title(it: Import) -> str:
    return it.title or _("Import {id}").format(id=it.id)


def _in_order(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(_(fate.label), counts[fate]) for fate in Fate if counts.get(fate)]


# One import -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ColumnView:
    """One column: what stands over it, some of what it holds, and what it may be."""

    name: str
    title: str
    examples: Sequence[str]
    choices: Sequence[Choice]


@dataclass(frozen=True)
class FileView:
    """One table of the bundle."""

    number: int
    name: str
    rows: int
    tables: Sequence[Choice]
    columns: Sequence[ColumnView]
    lacking: Sequence[str]
    left_out: Sequence[str]
    """Titles of columns that say nothing."""


@dataclass(frozen=True)
class ReportLine:
    """One row and what becomes of it."""

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
class Making:
    """What is asked before drafts are made."""

    count: int
    twins: int
    with_twins: bool
    hand_in: bool
    why: Why | None
    """Asked where anything that readers see changes."""


@dataclass(frozen=True)
class ImportView:
    """What `desk/imports/page.html` prints."""

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
    """How often whoever set to work on it died at it; 0 where that is not why it stopped."""
    done: int
    total: int
    may_go_on: bool
    may_end: bool
    can_be_given_up: bool
    files: Sequence[FileView]
    making: Making | None
    records: Sequence[tuple[str, str, int, str, bool]]
    """Of the records: code and label of each fate, how many, where they are listed, whether they are."""
    shown: str
    every: bool
    lines: Sequence[ReportLine]
    first_address: str
    next_address: str
    report_address: str
    drafts: int
    """How many of its drafts are open."""
    published: Sequence[str]
    problems: Sequence[str]


def import_view(
    db: Session,
    it: Import,
    person: Person,
    asked: Mapping[str, str],
    *,
    posted: Mapping[str, str] | None = None,
    problems: Sequence[str] = (),
) -> ImportView:
    stage = Stage(it.stage)
    may_go_on, may_end = commands.may_go_on(person, it), commands.may_end(person, it)
    has_report = stage not in {Stage.COLUMNS, Stage.CHECKING} and not (
        stage is Stage.GIVEN_UP and not it.total
    )
    fate = asked.get("fate", "") if asked.get("fate", "") in Fate.by_code() else ""
    every = asked.get("rows") == "all"
    after = (
        int(asked["after"])
        if asked.get("after", "").isdecimal() and len(asked["after"]) < 10
        else 0
    )
    lines, last = (
        report(db, it.id, fate, after, LINES_A_PAGE, every=every) if has_report else ([], 0)
    )
    counts = commands.counted(db, it.id, records_only=not every) if has_report else {}
    is_made = stage in {Stage.MADE, Stage.MAKING, Stage.UNDONE}
    return ImportView(
        id=it.id,
        title=_title(it),
        by=db.get_one(Person, it.by).called,
        at=it.at,
        stage=_(stage.label),
        stage_code=stage,
        aside=it.aside,
        is_at_work=stage in AT_WORK,
        has_stopped=it.has_stopped,
        problem=it.problem if it.problem != ENDED_EACH_TIME else "",
        ended_each_time=MOST_STARTS if it.problem == ENDED_EACH_TIME else 0,
        done=it.done,
        total=it.total,
        may_go_on=may_go_on,
        may_end=may_end,
        can_be_given_up=may_end and stage in HOLDS_ROWS and stage is not Stage.MAKING,
        files=[_file(db, file) for file in commands.files_of(db, it)]
        if stage is Stage.COLUMNS
        else [],
        making=_making(counts, posted or {})
        if stage is Stage.CHECKED and may_go_on and not every
        else None,
        records=[
            (each, _(each.label), counts[each], address_of(it.id, each, every=every), each == fate)
            for each in Fate
            if counts.get(each)
        ],
        shown=_(Fate(fate).label) if fate else "",
        every=every,
        lines=lines,
        first_address=address_of(it.id, fate, every=every) if after else "",
        next_address=address_of(it.id, fate, every=every, after=last) if last else "",
        report_address=url("import-report", id=it.id) + (f"?fate={fate}" if fate else ""),
        drafts=_open_drafts(db, it.id) if is_made else 0,
        published=published(db, it.id)[:MOST_NAMED] if is_made else [],
        problems=[cap(problem) for problem in problems],
    )


def address_of(id: int, fate: str = "", *, every: bool = False, after: int = 0) -> str:
    pairs = [
        f"fate={fate}" if fate else "",
        "rows=all" if every else "",
        f"after={after}" if after else "",
    ]
    query = "&".join(filter(None, pairs))
    return url("import", id=id) + (f"?{query}" if query else "")


def _making(counts: Mapping[str, int], posted: Mapping[str, str]) -> Making:
    is_typed = "do" in posted
    return Making(
        count=counts.get(Fate.NEW, 0) + counts.get(Fate.CHANGED, 0),
        twins=counts.get(Fate.TWIN, 0),
        with_twins="with_twins" in posted,
        hand_in="hand_in" in posted if is_typed else True,
        why=why_of(posted) if counts.get(Fate.CHANGED) else None,
    )


def _open_drafts(db: Session, id: int) -> int:
    of = select(func.count()).select_from(Draft).join(ImportRow, ImportRow.draft == Draft.id)
    return db.scalar(of.where(ImportRow.import_id == id, Draft.state.in_(OPEN))) or 0


# Columns ----------------------------------------------------------------------------------------------------------


def _file(db: Session, file: ImportFile) -> FileView:
    first = select(ImportRow.cells).where(
        ImportRow.import_id == file.import_id, ImportRow.file == file.number
    )
    rows = db.scalars(first.order_by(ImportRow.number).limit(EXAMPLES)).all()
    known = fields(file.table) if file.table else {}
    columns = []
    for at, column in enumerate(file.columns):
        examples = [row[at] for row in rows if row and at < len(row) and row[at]]
        choices = [Choice("", _("Leave out"), is_chosen=not column["field"])]
        for name, each in known.items():
            label = (
                _("{field} (desk only)").format(field=each.title) if each.is_private else each.title
            )
            choices.append(Choice(name, label, is_chosen=name == column["field"]))
        short = [_short(each) for each in examples]
        columns.append(ColumnView(f"column.{file.number}.{at}", column["title"], short, choices))
    tables = [Choice("", _("Leave it out"), is_chosen=not file.table)]
    tables += [Choice(each, _(TITLES[each]), is_chosen=each == file.table) for each in TABLES]
    return FileView(
        number=file.number,
        name=file.name,
        rows=file.rows,
        tables=tables,
        columns=columns if file.table else [],
        lacking=lacking(file.table, file.columns) if file.table else [],
        left_out=[column["title"] for column in file.columns if not column["field"]],
    )


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


# The report -------------------------------------------------------------------------------------------------------

COLUMNS = ("file", "line", "name", "fate", "field", "reason", "record", "draft", "state")


def report(
    db: Session, id: int, fate: str, after: int, most: int, *, every: bool
) -> tuple[list[ReportLine], int]:
    """The next lines, and after which of them there are more; 0 if there are none."""
    rows = db.execute(
        _lines(id, fate, every=every).where(ImportRow.number > after).limit(most + 1)
    ).all()
    lines = [_report_line(*row) for row in rows[:most]]
    return lines, rows[most - 1][0].number if len(rows) > most else 0


def _lines(id: int, fate: str, *, every: bool) -> Select[ImportRow, str, str, str]:
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
        # A row under a record is told of by itself only where something is wrong with it.
        found = found.where((ImportRow.of == ImportRow.number) | (ImportRow.words != ""))
    return found.where(ImportRow.fate == fate) if fate else found


def _report_line(row: ImportRow, file: str, table: str, state: str | None) -> ReportLine:
    known = fields(table) if table else {}
    return ReportLine(
        file=file,
        line=row.line,
        name=row.name,
        fate=_(Fate(row.fate).label),
        fate_code=row.fate,
        field=known[row.field].title if row.field in known else row.field,
        words=row.words,
        record=row.record,
        address=url("draft", id=row.draft) if row.draft else _where(row),
        state=_(State(state).label) if state else "",
    )


def _where(row: ImportRow) -> str:
    """Its record here, where there is one."""
    is_here = row.fate in {Fate.SAME, Fate.CHANGED} and row.of == row.number
    return (
        url("desk-record", record=row.record)
        if is_here and ":" not in row.record and row.record
        else ""
    )


def as_csv(db: Session, id: int, fate: str) -> Iterator[str]:
    """Every row's fate, a part at a time."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    after, is_more = 0, True
    while is_more:
        lines, after = report(db, id, fate, after, 1_000, every=True)
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
            writer.writerow([harmless(cell) for cell in (*cells, line.address, line.state)])
        is_more = bool(after)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
