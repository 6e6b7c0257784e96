"""Coverage checks that a folder of CSV files brings: `checks.csv`, which a folder may lack.

They are published, as at the desk: a check has no approved state that could wait.
"""

import csv
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.desk.approved.entry import entry_context
from app.desk.csv.reader import CsvProblem, ImportReport, problem_of, read_lines
from app.desk.csv.tables import CsvTable, cells_of
from app.kinds import CheckForm
from app.record.models import CoverageCheckRow, Edition
from app.record.publishing.next_edition import publish_checks
from app.record.publishing.validation import PublishError

TABLE = CsvTable("checks.csv", (CheckForm,))
FILE, COLUMNS = TABLE.file, TABLE.columns


def publish_file(db: Session, folder: Path, edition: Edition | None = None) -> list[CsvProblem]:
    """Publish the checks that the record never had, undone ones included. With a problem, none.

    They belong to the edition that the same transaction published, if there is one.
    """
    report, entry, forms = ImportReport(), entry_context(db), list[CheckForm]()
    for line in read_lines(folder, TABLE, report):
        try:
            forms.append(CheckForm.model_validate(line.values, context=entry))
        except ValidationError as error:
            report.errors += [problem_of(line, each) for each in error.errors()]
    known = _recorded(db, select(CoverageCheckRow))
    new = [form for form in forms if form not in known]
    if report.errors or not new:
        return report.errors
    try:
        publish_checks(db, new, "Coverage checks", edition)
    except PublishError as refused:
        return [CsvProblem(FILE, 1, "", reason) for reason in refused.reasons]
    return []


def write_file(db: Session, folder: Path) -> None:
    """Write the checks that were not undone. Without any, there is no file."""
    kept = select(CoverageCheckRow).where(CoverageCheckRow.closed.is_(None))
    if not (forms := _recorded(db, kept.order_by(CoverageCheckRow.no))):
        return
    with (folder / FILE).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(cells_of(TABLE, form) for form in forms)


def _recorded(db: Session, rows: Select[CoverageCheckRow]) -> list[CheckForm]:
    return [CheckForm.model_validate(each, from_attributes=True) for each in db.scalars(rows)]
