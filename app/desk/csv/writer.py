"""Writes the approved state as the seeds' CSV files. Private values have no column there."""

import csv
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.csv import checks
from app.desk.csv.tables import NOUNS, ROWS, CsvTable
from app.kinds import Form
from app.progress import track


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
            writers[noun.file].writerow(_cells(noun, form))
            _write_rows(writers, form, form.id)
    checks.write_file(db, folder)


def _write_rows(writers: dict[str, Any], form: Form, parent: str) -> None:
    for table in ROWS:
        for row in getattr(form, str(table.field), []):
            writers[table.file].writerow(_cells(table, row, parent))
            _write_rows(writers, row, getattr(row, "id", ""))


def _cells(table: CsvTable, form: Form, parent: str = "") -> list[str]:
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
