"""Name, key and parent of each row of an import, read from its cells before the rows are checked."""

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.desk.csv.tables import Table
from app.desk.imports.columns import TABLES, TITLES
from app.desk.imports.models import Fate, Import, ImportFile, ImportRow
from app.desk.imports.records import KIND_OF, LETTERS, Bundle, bundle
from app.forms.base import rows_of
from app.i18n.translate import _


def prepare(db: Session, it: Import) -> None:
    """Reads of each row by what it is named and what it stands under, and finds what fits nowhere."""
    of = bundle(db, it.id)
    rows = update(ImportRow).where(ImportRow.import_id == it.id)
    nothing = dict.fromkeys(("name", "key", "parent", "fate", "field", "words", "record"), "")
    db.execute(rows.values(**nothing, of=None, refs=None))
    db.execute(rows.where(ImportRow.file.not_in(of.files)).values(fate=Fate.LEFT_OUT))
    for file in of.files.values():
        # Its own statement for each file: the columns, as numbers, are part of it.
        db.execute(
            text(
                f"UPDATE desk.import_row SET {_naming(file)} WHERE import = {it.id} AND file = {file.number}"
            )
        )
        _say_wrong(
            db, it.id, f"file = {file.number} AND cardinality(cells) <> {len(file.columns)}",
            _("The row has {count} cells, and the first line of the file another number of them."),
            "cardinality(cells)",
        )  # fmt: skip
    for file in of.files.values():
        _refuse_orphans(db, of, file)
    for column in ("name", "key"):
        twice = (
            f"{column} IN (SELECT {column} FROM desk.import_row WHERE import = {it.id} AND {column} <> '' "
            f"GROUP BY {column} HAVING count(*) > 1)"
        )
        _say_wrong(db, it.id, twice, _("“{count}” is there more than once."), column)
    nouns = [number for number, file in of.files.items() if file.table in KIND_OF]
    counted = select(func.count()).where(ImportRow.import_id == it.id, ImportRow.file.in_(nouns))
    it.done, it.total = 0, db.scalar(counted) or 0


def _naming(file: ImportFile) -> str:
    """How its rows are called, how others name them, and what they stand under, as parts of a statement."""

    def cell(name: str) -> str:
        at = next(
            (number for number, column in enumerate(file.columns, 1) if column["field"] == name), 0
        )
        return f"btrim(coalesce(cells[{at}], ''))" if at else "''"

    def key(letter: str, of: str) -> str:
        return f"CASE WHEN {of} = '' THEN '' ELSE '{letter} ' || {of} END"

    if file.table == "vocabulary.csv":
        name = f"lower({cell('list')}) || ':' || lower({cell('code')})"
        return f"name = {name}, key = 'V ' || {name}, of = number"
    if kind := KIND_OF.get(file.table):
        code = f"lower({cell('code' if kind in 'PO' else 'slug')})"
        named = code if kind in "PO" else cell("id")
        return f"name = coalesce(nullif({cell('id')}, ''), {code}), key = {key(kind, named)}, of = number"
    parts = [f"parent = {cell(str(TABLES[file.table].parent))}"]
    if letter := LETTERS.get(file.table):
        parts += [f"name = {cell('id')}", f"key = {key(letter, cell('id'))}"]
    return ", ".join(parts)


def _say_wrong(db: Session, id: int, which: str, words: str, count: str) -> None:
    said = f"replace(:words, '{{count}}', ({count})::text)"
    statement = (
        f"UPDATE desk.import_row SET fate = 'error', words = {said} "
        f"WHERE import = {id} AND fate = '' AND {which}"
    )
    db.execute(text(statement), {"words": words})


def _refuse_orphans(db: Session, of: Bundle, file: ImportFile) -> None:
    table = TABLES[file.table]
    if not table.parent:
        return
    above = {
        number: other
        for number, other in of.files.items()
        if _may_stand_under(table, TABLES[other.table])
    }
    owners = ", ".join(map(str, above)) or "-1"
    is_there = (
        f"EXISTS (SELECT FROM desk.import_row o WHERE o.import = {of.id} AND o.file IN ({owners}) "
        "AND o.name = import_row.parent AND o.name <> '')"
    )
    named = _(", ").join(dict.fromkeys(_(TITLES[other.table]) for other in above.values()))
    words = (
        _("No row “{count}” of {tables} has such rows.").replace("{tables}", named)
        if above
        else _("The bundle has no table in which “{count}” could stand.")
    )
    _say_wrong(db, of.id, f"file = {file.number} AND NOT {is_there}", words, "parent")


def _may_stand_under(table: Table, other: Table) -> bool:
    fields = {
        name: rows_of(each) for form in other.forms for name, each in form.model_fields.items()
    }
    return fields.get(str(table.field)) in table.forms
