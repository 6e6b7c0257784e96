"""Name, key and parent of each row of an import, read from its cells before the check."""

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.desk.csv.tables import CsvTable
from app.desk.imports.columns import TABLES, TITLES
from app.desk.imports.models import Import, ImportFile, ImportRow, RowFate
from app.desk.imports.records import KIND_OF_TABLE, LETTER_OF_TABLE, UploadedFiles, load_files
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds.base import rows_of
from app.vocabulary.kinds import NAMED_KINDS, RecordKind


def name_rows(db: Session, job: Import) -> None:
    """Reset all rows, fill in their names, keys and parents, and mark rows that fit nowhere."""
    imported = load_files(db, job.id)
    rows = update(ImportRow).where(ImportRow.import_id == job.id)
    blank = dict.fromkeys(("name", "key", "parent", "fate", "field", "words", "record"), "")
    db.execute(rows.values(**blank, of=None, refs=None))
    db.execute(rows.where(ImportRow.file.not_in(imported.files)).values(fate=RowFate.LEFT_OUT))
    for file in imported.files.values():
        # One statement a file, because the column numbers are part of the statement.
        db.execute(
            text(
                f"UPDATE desk.import_row SET {_name_assignments(file)} WHERE import = {job.id} "
                f"AND file = {file.number}"
            )
        )
        _mark_errors(
            db, job.id, f"file = {file.number} AND cardinality(cells) <> {len(file.columns)}",
            _("The row has {count} cells, but the first line of the file has another "
"number."),
            "cardinality(cells)",
        )  # fmt: skip
    for file in imported.files.values():
        _mark_orphans(db, imported, file)
    for column in ("name", "key"):
        twice = (
            f"{column} IN (SELECT {column} FROM desk.import_row WHERE import = {job.id} "
            f"AND {column} <> '' "
            f"GROUP BY {column} HAVING count(*) > 1)"
        )
        _mark_errors(db, job.id, twice, _("“{count}” is used more than once."), column)
    nouns = [number for number, file in imported.files.items() if file.table in KIND_OF_TABLE]
    record_count = select(func.count()).where(
        ImportRow.import_id == job.id, ImportRow.file.in_(nouns)
    )
    job.done, job.total = 0, db.scalar(record_count) or 0


def _name_assignments(file: ImportFile) -> str:
    """Return the SQL assignments of `name`, `key` and `parent` for the rows of a file."""

    def cell(name: str) -> str:
        at = next(
            (number for number, column in enumerate(file.columns, 1) if column["field"] == name), 0
        )
        return f"btrim(coalesce(cells[{at}], ''))" if at else "''"

    def key(letter: str, sql: str) -> str:
        return f"CASE WHEN {sql} = '' THEN '' ELSE '{letter} ' || {sql} END"

    if file.table == "vocabulary.csv":
        name = f"lower({cell('list')}) || ':' || lower({cell('code')})"
        return f"name = {name}, key = '{RecordKind.CODE} ' || {name}, of = number"
    if kind := KIND_OF_TABLE.get(file.table):
        code = f"lower({cell('code' if kind in NAMED_KINDS else 'slug')})"
        key_sql = code if kind in NAMED_KINDS else cell("id")
        return (
            f"name = coalesce(nullif({cell('id')}, ''), {code}), key = "
            f"{key(kind, key_sql)}, of = number"
        )
    parts = [f"parent = {cell(str(TABLES[file.table].parent))}"]
    if letter := LETTER_OF_TABLE.get(file.table):
        parts += [f"name = {cell('id')}", f"key = {key(letter, cell('id'))}"]
    return ", ".join(parts)


def _mark_errors(db: Session, id: int, condition: str, words: str, count: str) -> None:
    message = f"replace(:words, '{{count}}', ({count})::text)"
    statement = (
        f"UPDATE desk.import_row SET fate = 'error', words = {message} "
        f"WHERE import = {id} AND fate = '' AND {condition}"
    )
    db.execute(text(statement), {"words": words})


def _mark_orphans(db: Session, imported: UploadedFiles, file: ImportFile) -> None:
    table = TABLES[file.table]
    if not table.parent:
        return
    parent_files = {
        number: other
        for number, other in imported.files.items()
        if _can_belong_to(table, TABLES[other.table])
    }
    owners = ", ".join(map(str, parent_files)) or "-1"
    has_parent = (
        f"EXISTS (SELECT FROM desk.import_row o WHERE o.import = {imported.id} "
        f"AND o.file IN ({owners}) "
        "AND o.name = import_row.parent AND o.name <> '')"
    )
    titles = enumerate_words(
        dict.fromkeys(_(TITLES[other.table]) for other in parent_files.values())
    )
    words = (
        _("No row “{count}” in {tables} can have such rows.").replace("{tables}", titles)
        if parent_files
        else _("The files have no table for “{count}”. Add it.")
    )
    _mark_errors(db, imported.id, f"file = {file.number} AND NOT {has_parent}", words, "parent")


def _can_belong_to(table: CsvTable, other: CsvTable) -> bool:
    fields = {
        name: rows_of(each) for form in other.forms for name, each in form.model_fields.items()
    }
    return fields.get(str(table.field)) in table.forms
