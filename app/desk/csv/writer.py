"""Writes the approved state as the seeds' CSV files. Private values have no column there."""

import csv
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.csv import checks
from app.desk.csv.tables import NOUNS, ROWS, cells_of
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
            writers[noun.file].writerow(cells_of(noun, form))
            _write_rows(writers, form, form.id)
    checks.write_file(db, folder)


def _write_rows(writers: dict[str, Any], form: Form, parent: str) -> None:
    for table in ROWS:
        for row in getattr(form, str(table.field), []):
            writers[table.file].writerow(cells_of(table, row, parent))
            _write_rows(writers, row, getattr(row, "id", ""))
