"""Imports a folder of CSV files into the desk through the browser's forms, all or nothing."""

import csv
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.entry import entry_context
from app.desk.approved.models import Record
from app.desk.csv.tables import NOUNS, ROWS, CsvTable
from app.documents import PrivateValueLossError, add_private_values
from app.kinds import FORMS, Entry, EstimateForm, RecordForm
from app.kinds.base import rows_of
from app.progress import track
from app.record.reads.source_urls import normalised_url
from app.record.rules import conflicts

MAX_CELL_CHARACTERS = 100_000


@dataclass(frozen=True, order=True)
class CsvProblem:
    """An error and its position in a file."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.reason}"


@dataclass
class ImportReport:
    """Result of an import."""

    errors: list[CsvProblem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


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

    @property
    def known_by(self) -> set[str]:
        """Values by which a database error may identify this row."""
        found = {str(value) for value in [*self.values.values(), self.parent] if value}
        if "url" in self.values:
            found.add(normalised_url(str(self.values["url"])) or "")
        if "code" in self.values:
            found |= {f"{self.values.get(key)}:{self.values['code']}" for key in ("key", "list")}
        if "type" in self.values:
            found.add(f"type:{self.values['type']}")
        if self.table.file == "estimates.csv":
            found.add(_series(self))
        return found

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
    read, forms = _read_forms(folder, report, entry_context(db))
    # Locked late, because reading the files takes long and the lock stops publishing.
    store.lock_approved_state(db)
    forms = _with_private(db, forms, report)
    if report.errors:
        return report
    counts: Counter[str] = Counter()
    attempt = db.begin_nested()
    try:
        saved = {
            (type(form), form.id) for form in store.save_all(db, [form for _, _, form in forms])
        }
        for file, _, form in forms:
            what = "saved" if (type(form), form.id) in saved else "unchanged"
            counts[f"{file.removesuffix('.csv')} {what}"] += 1
        db.flush()
        # Foreign keys between tables are checked after all rows have been added.
        db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        db.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    except store.CycleError as error:
        report.errors.append(_problem_of_cycle(error, read))
    except DBAPIError as error:
        report.errors.append(_problem_of_database_error(error, read))
    if report.errors or dry_run:
        attempt.rollback()
        db.expire_all()
    else:
        attempt.commit()
    report.counts = dict(counts) if not report.errors else {}
    return report


def _with_private(
    db: Session, forms: list[tuple[str, CsvLine, RecordForm]], report: ImportReport
) -> list[tuple[str, CsvLine, RecordForm]]:
    """Add the private values of the desk, which have no column in the files."""
    found = []
    for file, line, form in forms:
        try:
            row = db.get(Record, form.id)
            old = row.form if row else form
            found.append((file, line, add_private_values(form, old, loses_nothing=True)))
        except PrivateValueLossError as error:
            report.errors.append(CsvProblem(file, line.number, error.field, str(error)))
        except ValidationError as error:
            report.errors += [problem_of(line, item) for item in error.errors()]
    return found


def _read_forms(
    folder: Path, report: ImportReport, entry: Entry
) -> tuple[list[CsvLine], list[tuple[str, CsvLine, RecordForm]]]:
    """Return all lines of the folder, and its records as forms. Errors go into the report."""
    read = {table.file: read_lines(folder, table, report) for table in [*ROWS, *NOUNS]}
    owners: dict[str, CsvLine] = {}
    for table in [*NOUNS, *ROWS]:
        for line in read[table.file]:
            if "id" in table.columns and "id" not in line.values:
                report.errors.append(
                    CsvProblem(table.file, line.number, "id", "an id is needed here")
                )
                continue
            name = line.name
            if not name or (table in ROWS and table.field not in {"citations", "links"}):
                continue
            if name in owners:
                report.errors.append(
                    CsvProblem(table.file, line.number, "id", f"{name} was given before")
                )
            owners[name] = line
    for table in ROWS:
        for line in read[table.file]:
            name = line.parent = str(line.values.pop(str(table.parent), ""))
            owner = owners.get(name)
            if owner is None or str(table.field) not in _row_fields(owner.table):
                what = f"there is no “{name}” that could have such a row"
                report.errors.append(CsvProblem(table.file, line.number, str(table.parent), what))
            else:
                owner.children[str(table.field)].append(line)
    found = []
    for table in NOUNS:
        for line in track(read[table.file], f"Reading {table.file}"):
            try:
                found.append(
                    (
                        table.file,
                        line,
                        FORMS[table.kind].model_validate(line.as_input(), context=entry),
                    )
                )
            except ValidationError as error:
                report.errors += [problem_of(line, item) for item in error.errors()]
    report.errors.sort()
    return [line for lines in read.values() for line in lines], found


def _series(line: CsvLine) -> str:
    return conflicts.series_key(EstimateForm.model_validate(line.as_input()))


def _row_fields(table: CsvTable) -> set[str]:
    return {
        name for form in table.forms for name, field in form.model_fields.items() if rows_of(field)
    }


def read_lines(folder: Path, table: CsvTable, report: ImportReport) -> list[CsvLine]:
    path = folder / table.file
    if not path.exists():
        if table in NOUNS and not table.is_optional:
            report.errors.append(CsvProblem(table.file, 1, "", "this file is missing"))
        return []
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    found = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream, strict=True)
            header = next(rows, [])
            for name in sorted({name for name in header if header.count(name) > 1}):
                report.errors.append(CsvProblem(table.file, 1, name, "this column is there twice"))
            unknown = [name for name in header if name not in table.columns]
            missing = [name for name in required_columns(table) if name not in header]
            for name in unknown:
                report.errors.append(
                    CsvProblem(
                        table.file,
                        1,
                        name,
                        f"there is no such column; use {', '.join(table.columns)}",
                    )
                )
            for name in missing:
                report.errors.append(CsvProblem(table.file, 1, name, "this column is missing"))
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
                    report.errors.append(CsvProblem(table.file, last + 1, "", what))
                    continue
                found.append(
                    CsvLine(
                        table, last + 1, form_values(table, dict(zip(header, row, strict=True)))
                    )
                )
    except UnicodeDecodeError as error:
        report.errors.append(
            CsvProblem(table.file, 1, "", f"is not UTF-8: byte {error.start + 1} can't be read")
        )
    except csv.Error as error:
        report.errors.append(CsvProblem(table.file, rows.line_num, "", f"is not CSV here: {error}"))
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


CONSTRAINT_REASONS = {
    "uq_record_preferred": "another figure of the same series and date is preferred already",
}
ROW_FILES = {"derived_from": "derivations.csv", "links": "links.csv"}


def _problem_of_cycle(error: store.CycleError, lines: list[CsvLine]) -> CsvProblem:
    """Return the error at the last line of the record in the file with that field."""
    file = ROW_FILES.get(error.path.partition(".")[0]) or next(
        table.file for table in NOUNS if table.kind == error.record[0]
    )
    number = max(
        (
            each.number
            for each in lines
            if each.table.file == file and error.record in each.known_by
        ),
        default=0,
    )
    return CsvProblem(file, number, "", error.reasons[0])


def _problem_of_database_error(error: DBAPIError, lines: list[CsvLine]) -> CsvProblem:
    """Return the database's error at the line with the values that the error names.

    If several lines match equally well, the last one is reported.
    """
    diagnostic = getattr(error.orig, "diag", None)
    detail = str(getattr(diagnostic, "message_detail", None) or "")
    reason = str(getattr(diagnostic, "message_primary", None) or error.orig)
    found = re.match(r"Key \((.*?)\)=\((.*)\) (already exists|is not present)", detail, re.DOTALL)
    if not found:
        return CsvProblem("", 0, "", reason)
    _columns, values, what = found.groups()
    values = re.sub("^[A-Z](?:, |:)", "", values)  # the letter of the kind
    wanted = {values, *values.split(", ")}
    reason = f"“{values}” is {'there already' if what == 'already exists' else 'not there'}"
    reason = CONSTRAINT_REASONS.get(str(getattr(diagnostic, "constraint_name", "")), reason)
    score, line = max(
        ((len(wanted & line.known_by), number) for number, line in enumerate(lines)), default=(0, 0)
    )
    if not score:
        return CsvProblem("", 0, "", reason)
    return CsvProblem(lines[line].table.file, lines[line].number, "", reason)
