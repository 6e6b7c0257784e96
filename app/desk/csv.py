"""The seeds' format: approved records as CSV files, written and read through the browser's forms.

Each noun has a file, and so has each kind of repeated row. Private fields have no column. The
command line, the imports of the desk and the tests use it.
"""

import csv
import re
from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Select, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.models import Record
from app.documents import PrivateValueLossError, add_private_values
from app.kinds import FORMS, CheckForm, Citation, Entry, Form, RecordForm, is_private
from app.kinds.base import notes, rows_of
from app.progress import track
from app.record.models import CoverageCheckRow, Edition
from app.record.publishing.next_edition import publish_checks
from app.record.publishing.validation import PublishError
from app.vocabulary.kinds import LISTED_KINDS, NOUN_OF_KIND, RecordKind

NEEDED_KINDS = (RecordKind.CODE, RecordKind.PLACE, RecordKind.OUTLET, *LISTED_KINDS)
"""Kinds of release 0.1.0. A folder may lack the files of later ones."""


@dataclass(frozen=True)
class CsvTable:
    """A CSV file. `parent` is the column with the id of the record or citation above a row."""

    file: str
    forms: tuple[type[Form], ...]
    parent: str | None = None
    field: str | None = None
    kind: str = ""
    """The letter of the records; empty for rows."""

    @property
    def is_optional(self) -> bool:
        return self.kind not in NEEDED_KINDS

    @property
    def columns(self) -> list[str]:
        own = dict.fromkeys(
            name
            for form in self.forms
            for name, field in form.model_fields.items()
            if not is_private(field) and rows_of(field) is None
        )
        return [self.parent, *own] if self.parent else [*own]


def _row_tables(parent: str, *forms: type[Form]) -> list[CsvTable]:
    """Return the tables of the repeated rows of these forms. Several may have rows in one file."""
    found: dict[str, CsvTable] = {}
    for form in forms:
        for name, info in form.model_fields.items():
            if rows := rows_of(info):
                file = f"{notes(info).column or name}.csv"
                table = found.get(file, CsvTable(file, (), parent, name))
                found[file] = replace(table, forms=tuple(dict.fromkeys((*table.forms, rows))))
    return list(found.values())


NOUNS = [
    CsvTable(
        "vocabulary.csv" if kind == RecordKind.CODE else f"{NOUN_OF_KIND[kind]}s.csv",
        (form,),
        kind=kind,
    )
    for kind, form in FORMS.items()
]
ROWS = [*_row_tables("citation", Citation), *_row_tables("record", *FORMS.values())]
"""Chains come first, because they belong to citations, which belong to records."""


def cells_of(table: CsvTable, form: Form, parent: str = "") -> list[str]:
    """Return the cells of a form or row; those of private values do not exist."""
    values = form.model_dump(mode="json")
    # A link of estimates lacks a column that links of events have, and the other way round.
    return [parent if name == table.parent else _cell(values.get(name)) for name in table.columns]


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ";".join(str(item) for item in value)
        case float():
            # repr is the shortest exact text; `format` alone would round to six digits.
            return format(Decimal(repr(value)), "f").removesuffix(".0")
    return str(value)


# Import -------------------------------------------------------------------------------------------


MAX_CELL_CHARACTERS = 100_000


@dataclass(frozen=True, order=True)
class CsvProblem:
    """An error and its position in a file; no file for what only the database sees."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        at = f"{self.file}:{self.line}:{self.column}: " if self.file else ""
        return f"{at}{self.reason}"


@dataclass
class ImportReport:
    errors: list[CsvProblem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def refuse(self, table: CsvTable, line: int, column: str, reason: str) -> None:
        self.errors.append(CsvProblem(table.file, line, column, reason))


@dataclass
class CsvLine:
    """A row as read from a file, with the rows that belong to it."""

    table: CsvTable
    number: int
    values: dict[str, Any]
    parent: str = ""
    children: dict[str, list["CsvLine"]] = field(default_factory=lambda: defaultdict(list))

    def place_of(self, location: tuple[int | str, ...]) -> tuple["CsvLine", str]:
        """Return the line and column that a pydantic error refers to."""
        match location:
            case [str(name), int(index), *rest] if self.children.get(name):
                return self.children[name][index].place_of(tuple(rest))
            case [name, *_]:
                return self, str(name)
        return self, ""

    @property
    def name(self) -> str:
        """The name by which rows in other files refer to this row; "" if none."""
        if "list" in self.table.columns:
            return f"{self.values.get('list')}:{self.values.get('code')}"
        return str(self.values.get("id", ""))

    def as_input(self) -> dict[str, Any]:
        return {
            **self.values,
            **{name: [row.as_input() for row in rows] for name, rows in self.children.items()},
        }


def import_folder(db: Session, folder: Path, dry_run: bool = False) -> ImportReport:
    """Store the folder's rows as the approved state of their records.

    With any error, or with `dry_run`, nothing is changed.
    """
    report = ImportReport()
    forms = _read_forms(folder, report)
    # Locked late, because reading the files takes long and the lock stops publishing.
    store.lock_approved_state(db)
    forms = _with_private(db, forms, report)
    if report.errors:
        return report
    counts: Counter[str] = Counter()
    attempt = db.begin_nested()
    try:
        saved = {form.id for form in store.save_all(db, [form for _line, form in forms])}
        for line, form in forms:
            what = "saved" if form.id in saved else "unchanged"
            counts[f"{line.table.file.removesuffix('.csv')} {what}"] += 1
        db.flush()
        # Foreign keys between tables are checked after all rows have been added.
        db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        db.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    except PublishError as error:
        report.errors.append(CsvProblem("", 0, "", error.reasons[0]))
    except DBAPIError as error:
        report.errors.append(_problem_of_database_error(error))
    if report.errors or dry_run:
        attempt.rollback()
        db.expire_all()
    else:
        attempt.commit()
    report.counts = dict(counts) if not report.errors else {}
    return report


def _with_private(
    db: Session, forms: list[tuple[CsvLine, RecordForm]], report: ImportReport
) -> list[tuple[CsvLine, RecordForm]]:
    """Add the private values of the desk, which have no column in the files."""
    found = []
    for line, form in forms:
        try:
            row = db.get(Record, form.id)
            old = row.form if row else form
            found.append((line, add_private_values(form, old)))
        except PrivateValueLossError as error:
            report.refuse(line.table, line.number, error.field, str(error))
        except ValidationError as error:
            report.errors += [problem_of(line, item) for item in error.errors()]
    return found


def _read_forms(folder: Path, report: ImportReport) -> list[tuple[CsvLine, RecordForm]]:
    """Return the records of the folder as forms. Errors go into the report."""
    read = {table.file: read_lines(folder, table, report) for table in [*ROWS, *NOUNS]}
    owners: dict[str, CsvLine] = {}
    for table in [*NOUNS, *ROWS]:
        for line in read[table.file]:
            if "id" in table.columns and "id" not in line.values:
                report.refuse(table, line.number, "id", "an id is needed here")
                continue
            name = line.name
            if not name or (table in ROWS and table.field not in {"citations", "links"}):
                continue
            if name in owners:
                report.refuse(table, line.number, "id", f"{name} was given before")
            owners[name] = line
    for table in ROWS:
        for line in read[table.file]:
            name = line.parent = str(line.values.pop(str(table.parent), ""))
            owner = owners.get(name)
            if owner is None or str(table.field) not in _row_fields(owner.table):
                what = f"there is no “{name}” that could have such a row"
                report.refuse(table, line.number, str(table.parent), what)
            else:
                owner.children[str(table.field)].append(line)
    found = []
    for table in NOUNS:
        for line in track(read[table.file], f"Reading {table.file}"):
            try:
                form = FORMS[table.kind].model_validate(line.as_input(), context=Entry())
                found.append((line, form))
            except ValidationError as error:
                report.errors += [problem_of(line, item) for item in error.errors()]
    report.errors.sort()
    return found


def _row_fields(table: CsvTable) -> set[str]:
    return {
        name for form in table.forms for name, field in form.model_fields.items() if rows_of(field)
    }


def read_lines(folder: Path, table: CsvTable, report: ImportReport) -> list[CsvLine]:
    path = folder / table.file
    if not path.exists():
        if table in NOUNS and not table.is_optional:
            report.refuse(table, 1, "", "this file is missing")
        return []
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    found = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream, strict=True)
            header = next(rows, [])
            for name in sorted({name for name in header if header.count(name) > 1}):
                report.refuse(table, 1, name, "this column is there twice")
            unknown = [name for name in header if name not in table.columns]
            missing = [name for name in required_columns(table) if name not in header]
            for name in unknown:
                columns = ", ".join(table.columns)
                report.refuse(table, 1, name, f"there is no such column; use {columns}")
            for name in missing:
                report.refuse(table, 1, name, "this column is missing")
            if unknown or missing:
                return []
            number = rows.line_num
            for row in rows:
                # A cell may contain line breaks: errors give the first line of the row.
                number, last = rows.line_num, number
                if not any(row):
                    continue
                if len(row) != len(header):
                    what = f"has {len(row)} cells where the header has {len(header)}"
                    report.refuse(table, last + 1, "", what)
                    continue
                found.append(
                    CsvLine(
                        table, last + 1, form_values(table, dict(zip(header, row, strict=True)))
                    )
                )
    except UnicodeDecodeError as error:
        report.refuse(table, 1, "", f"is not UTF-8: byte {error.start + 1} can't be read")
    except csv.Error as error:
        report.refuse(table, rows.line_num, "", f"is not CSV here: {error}")
    return found


def required_columns(table: CsvTable) -> list[str]:
    required = [name for name, field in table.forms[0].model_fields.items() if field.is_required()]
    return [name for name in table.columns if name == table.parent or name in required]


def form_values(table: CsvTable, cells: dict[str, str]) -> dict[str, Any]:
    """Convert cells to form input.

    Empty cells are left out. Lists are split at semicolons, and yes and no become booleans.
    """
    values: dict[str, Any] = {}
    for name, cell in cells.items():
        if cell == "":
            continue
        field = table.forms[0].model_fields.get(name)
        if field is not None and field.annotation is bool:
            values[name] = {"yes": True, "no": False}.get(cell.strip().lower(), cell)
        elif field is not None and str(field.annotation).startswith("list["):
            values[name] = [part.strip() for part in cell.split(";") if part.strip()]
        else:
            values[name] = cell
    return values


def problem_of(line: CsvLine, error: Any) -> CsvProblem:
    where, column = line.place_of(tuple(error["loc"]))
    reason = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "missing" and column in where.children:
        reason = "at least one row is needed"
    return CsvProblem(where.table.file, where.number, column, reason)


def _problem_of_database_error(error: DBAPIError) -> CsvProblem:
    """Return the database's error, with the value that it names in quotes."""
    diagnostic = getattr(error.orig, "diag", None)
    detail = str(getattr(diagnostic, "message_detail", None) or "")
    reason = str(getattr(diagnostic, "message_primary", None) or error.orig)
    found = re.match(r"Key \(.*?\)=\((?:[A-Z](?:, |:))?(.*)\) (already exists|is not)", detail)
    if getattr(diagnostic, "constraint_name", "") == "uq_record_preferred":
        reason = "another figure of the same series and date is preferred already"
    elif found:
        reason = f"“{found[1]}” is {'there already' if 'already' in found[2] else 'not there'}"
    return CsvProblem("", 0, "", reason)


# Coverage checks ----------------------------------------------------------------------------------


CHECKS = CsvTable("checks.csv", (CheckForm,))


def publish_checks_of(
    db: Session, folder: Path, edition: Edition | None = None
) -> list[CsvProblem]:
    """Publish the checks that the record never had, undone ones included. With a problem, none.

    They belong to the edition that the same transaction published, if there is one.
    """
    report, forms = ImportReport(), list[CheckForm]()
    for line in read_lines(folder, CHECKS, report):
        try:
            forms.append(CheckForm.model_validate(line.values, context=Entry()))
        except ValidationError as error:
            report.errors += [problem_of(line, each) for each in error.errors()]
    known = _recorded(db, select(CoverageCheckRow))
    new = [form for form in forms if form not in known]
    if report.errors or not new:
        return report.errors
    try:
        publish_checks(db, new, "Coverage checks", edition)
    except PublishError as refused:
        return [CsvProblem(CHECKS.file, 1, "", reason) for reason in refused.reasons]
    return []


def write_checks(db: Session, folder: Path) -> None:
    """Write the checks that were not undone. Without any, there is no file."""
    kept = select(CoverageCheckRow).where(CoverageCheckRow.closed.is_(None))
    if not (forms := _recorded(db, kept.order_by(CoverageCheckRow.no))):
        return
    with (folder / CHECKS.file).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(CHECKS.columns)
        writer.writerows(cells_of(CHECKS, form) for form in forms)


def _recorded(db: Session, rows: Select[CoverageCheckRow]) -> list[CheckForm]:
    return [CheckForm.model_validate(each, from_attributes=True) for each in db.scalars(rows)]


# Export -------------------------------------------------------------------------------------------


def export_folder(db: Session, folder: Path) -> None:
    """Write all files. Importing them again changes nothing."""
    with ExitStack() as files:
        writers = {}
        for table in [*NOUNS, *ROWS]:
            stream = files.enter_context(
                (folder / table.file).open("w", encoding="utf-8", newline="")
            )
            writers[table.file] = csv.writer(stream, lineterminator="\n")
            writers[table.file].writerow(table.columns)
        for form in track(store.all_forms(db), "Writing records"):
            noun = next(table for table in NOUNS if type(form) in table.forms)
            writers[noun.file].writerow(cells_of(noun, form))
            _write_rows(writers, form, form.id)
    write_checks(db, folder)


def _write_rows(writers: dict[str, Any], form: Form, parent: str) -> None:
    for table in ROWS:
        for row in getattr(form, str(table.field), []):
            writers[table.file].writerow(cells_of(table, row, parent))
            _write_rows(writers, row, getattr(row, "id", ""))
