"""Reading a folder of CSV files into the desk, through the same forms as the browser: all of it, or nothing."""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.desk import commands
from app.desk.tables import NOUN_FORMS, NOUNS, ROWS, Table
from app.forms import RecordForm
from app.forms.base import rows_of

LARGEST_CELL = 100_000


@dataclass(frozen=True, order=True)
class Problem:
    """Something that is wrong, and where: a person opens the file at that line."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.reason}"


@dataclass
class Report:
    """What an import did, or why it did nothing."""

    errors: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass
class Line:
    """One row as it was read, and where each of its values came from."""

    table: Table
    number: int
    values: dict[str, Any]
    children: dict[str, list["Line"]] = field(default_factory=lambda: defaultdict(list))

    def place_of(self, location: tuple[int | str, ...]) -> tuple["Line", str]:
        """The line and column that a pydantic error speaks of."""
        match location:
            case [str(name), int(index), *rest] if self.children.get(name):
                return self.children[name][index].place_of(tuple(rest))
            case [name, *_]:
                return self, str(name)
        return self, ""

    def as_input(self) -> dict[str, Any]:
        return {**self.values, **{name: [row.as_input() for row in rows] for name, rows in self.children.items()}}


def import_folder(db: Session, folder: Path, dry_run: bool = False) -> Report:
    """Makes the folder's rows the approved state of their records. With any error, or `dry_run`, nothing is changed."""
    report = Report()
    forms = _forms(folder, report)
    if report.errors:
        return report
    counts: Counter[str] = Counter()
    with db.begin_nested() as attempt:
        for file, _, form in forms:
            is_new = commands.save(db, form)
            counts[f"{file.removesuffix('.csv')} {'saved' if is_new else 'unchanged'}"] += 1
        try:
            db.flush()
            # Tables that refer to each other are checked together, once all rows are in.
            db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        except IntegrityError as error:
            report.errors.append(_problem(error, forms))
        if report.errors or dry_run:
            attempt.rollback()
    report.counts = dict(counts) if not report.errors else {}
    return report


def _forms(folder: Path, report: Report) -> list[tuple[str, Line, RecordForm]]:
    """All records of the folder; whatever is wrong with any of them is in the report."""
    read = {table.file: _lines(folder, table, report) for table in [*ROWS, *NOUNS]}
    owners: dict[str, Line] = {}
    for table in [*NOUNS, ROWS[-1]]:
        for line in read[table.file]:
            name = line.values.get("id") or f"{line.values.get('list')}:{line.values.get('code')}"
            if name in owners:
                report.errors.append(Problem(table.file, line.number, "id", f"{name} was given before"))
            owners[name] = line
    for table in ROWS:
        for line in read[table.file]:
            name = str(line.values.pop(str(table.parent), ""))
            owner = owners.get(name)
            if owner is None or str(table.field) not in _repeated(owner.table):
                what = f"there is no “{name}” that could have such a row"
                report.errors.append(Problem(table.file, line.number, str(table.parent), what))
            else:
                owner.children[str(table.field)].append(line)
    found = []
    for table in NOUNS:
        for line in read[table.file]:
            try:
                found.append((table.file, line, NOUN_FORMS[table.file].model_validate(line.as_input())))
            except ValidationError as error:
                report.errors += [_problem_of(line, item) for item in error.errors()]
    report.errors.sort()
    return found


def _repeated(table: Table) -> set[str]:
    return {name for form in table.forms for name, field in form.model_fields.items() if rows_of(field)}


def _lines(folder: Path, table: Table, report: Report) -> list[Line]:
    path = folder / table.file
    if not path.exists():
        if table in NOUNS:
            report.errors.append(Problem(table.file, 1, "", "this file is missing"))
        return []
    csv.field_size_limit(LARGEST_CELL)
    found = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream, strict=True)
            header = next(rows, [])
            unknown = [name for name in header if name not in table.columns]
            missing = [name for name in _needed(table) if name not in header]
            for name in unknown:
                report.errors.append(
                    Problem(table.file, 1, name, f"there is no such column; use {', '.join(table.columns)}")
                )
            for name in missing:
                report.errors.append(Problem(table.file, 1, name, "this column is missing"))
            if unknown or missing:
                return []
            for row in rows:
                if not any(row):
                    continue
                if len(row) != len(header):
                    what = f"has {len(row)} cells where the header has {len(header)}"
                    report.errors.append(Problem(table.file, rows.line_num, "", what))
                    continue
                found.append(Line(table, rows.line_num, _values(table, dict(zip(header, row, strict=True)))))
    except UnicodeDecodeError as error:
        report.errors.append(Problem(table.file, 1, "", f"is not UTF-8: byte {error.start + 1} can't be read"))
    except csv.Error as error:
        report.errors.append(Problem(table.file, rows.line_num, "", f"is not CSV here: {error}"))
    return found


def _needed(table: Table) -> list[str]:
    needed = [name for name, field in table.forms[0].model_fields.items() if field.is_required()]
    return [name for name in table.columns if name == table.parent or name in needed]


def _values(table: Table, cells: dict[str, str]) -> dict[str, Any]:
    """Cells as what a form takes: nothing for empty ones, parts for lists, yes and no for marks."""
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


def _problem_of(line: Line, error: Any) -> Problem:
    where, column = line.place_of(tuple(error["loc"]))
    reason = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "missing" and column in where.children:
        reason = "at least one row is needed"
    return Problem(where.table.file, where.number, column, reason)


def _problem(error: IntegrityError, forms: list[tuple[str, Line, RecordForm]]) -> Problem:
    """What the database refused, at the line of the record that it names, if it names one."""
    diagnostic = getattr(error.orig, "diag", None)
    detail = str(getattr(diagnostic, "message_detail", None) or getattr(diagnostic, "message_primary", error))
    for file, line, form in forms:
        if f"({form.id})" in detail or f"({form.id}," in detail:
            return Problem(file, line.number, str(getattr(diagnostic, "column_name", None) or ""), detail)
    return Problem(str(getattr(diagnostic, "table_name", "")), 0, "", detail)
