"""Edits that a folder of CSV files brings for the edition after its first: `edits.csv`.

They are saved as an editor's changes are, each with a kind of change and a reason, so that a new
installation shows how the record is edited.
"""

import csv
import json
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.csv.reader import CsvProblem
from app.kinds import RecordForm
from app.vocabulary.record import Why

FILE = "edits.csv"
COLUMNS = ["record", "field", "value", "why", "reason"]


def save_edits(db: Session, folder: Path) -> list[CsvProblem]:
    """Save the edits of `edits.csv` as the approved state. With any problem, save none; return all.

    Each row changes one field of one record; the value of a repeated part is its JSON.
    """
    store.lock_approved_state(db)
    problems: list[CsvProblem] = []
    changed: dict[str, tuple[RecordForm, Why, str]] = {}
    forms = {form.id: form for form in store.all_forms(db)}
    with (folder / FILE).open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, strict=True)
        if rows.fieldnames != COLUMNS:
            return [CsvProblem(FILE, 1, "", f"the columns are not {', '.join(COLUMNS)}")]
        for row in rows:
            line, id, field = rows.line_num, row["record"], row["field"]
            form = changed[id][0] if id in changed else forms.get(id)
            if form is None or field not in type(form).model_fields:
                problems.append(CsvProblem(FILE, line, "field", f"{id} has no field “{field}”"))
                continue
            try:
                is_list = isinstance(getattr(form, field), list)
                value = json.loads(row["value"]) if is_list else row["value"]
                edited = type(form).model_validate(form.model_dump() | {field: value})
                changed[id] = edited, Why(row["why"]), row["reason"]
            except ValidationError as error:
                problems += [
                    CsvProblem(FILE, line, "value", each["msg"]) for each in error.errors()
                ]
            except ValueError:
                problems.append(CsvProblem(FILE, line, "why", f"there is no “{row['why']}”"))
    if not problems:
        for form, why, reason in changed.values():
            store.save(db, form, why, reason)
    return problems
