"""Records of an import as forms: each record's rows merged with the record as approved.

Fields without a column, and tables missing from the import, keep their approved values.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.entry import entry_context
from app.desk.approved.merge_models import Merging
from app.desk.approved.models import Record
from app.desk.csv.reader import CsvLine, form_values
from app.desk.csv.tables import NOUNS, ROWS
from app.desk.imports.columns import TABLES
from app.desk.imports.models import ImportFile, ImportRow, RowFate
from app.documents import add_private_values, error_message, match_earlier_rows
from app.i18n.translate import _
from app.kinds import FORMS, EventForm, Form, RecordForm, is_private, public
from app.kinds.base import rows_of
from app.record.publishing.validation import referenced_records
from app.record.reads.source_urls import normalised_url, urls_of_merged_sources
from app.vocabulary.kinds import NAMED_KINDS, RecordKind, RowKind

KIND_OF_TABLE: Mapping[str, str] = {table.file: table.kind for table in NOUNS}
"""Kind letter of each table that holds records."""
TABLE_OF_FIELD: Mapping[str, str] = {str(table.field): table.file for table in ROWS}
"""Table that holds the rows of each repeating field."""
LETTER_OF_TABLE: Mapping[str, str] = {
    "citations.csv": RowKind.CITATION,
    "links.csv": RowKind.LINK,
}


@dataclass
class UploadedRow(CsvLine):
    """A line of a table, and values of its `ImportRow`."""

    row: int = 0
    file: str = ""
    called: str = ""
    """Name by which rows of other tables refer to the row."""
    record: str = ""
    is_wrong: bool = False


@dataclass(frozen=True)
class RowFault:
    """An error of one row."""

    row: int
    field: str
    words: str


@dataclass
class UploadedRecord:
    """One record of an import: its rows, the approved record to change, and its form or faults."""

    line: UploadedRow
    kind: str
    old: RecordForm | None = None
    form: RecordForm | None = None
    faults: list[RowFault] = field(default_factory=list)
    twin: str = ""
    """Why the record may duplicate an approved record that it does not name."""

    @property
    def rows(self) -> list[UploadedRow]:
        return list(_with_children(self.line))


@dataclass(frozen=True)
class UploadedFiles:
    """The files of an import by number, without ignored files."""

    id: int
    files: Mapping[int, ImportFile]

    @property
    def mapped(self) -> Mapping[str, Collection[str]]:
        """Fields that have a column, by table. A table may be split over several files."""
        found: dict[str, set[str]] = {}
        for file in self.files.values():
            found.setdefault(file.table, set()).update(column["field"] for column in file.columns)
        return {table: names - {""} for table, names in found.items()}


def load_files(db: Session, id: int) -> UploadedFiles:
    files = db.scalars(select(ImportFile).where(ImportFile.import_id == id, ImportFile.table != ""))
    return UploadedFiles(id, {file.number: file for file in files})


def read_records(
    db: Session, imported: UploadedFiles, nouns: Sequence[ImportRow]
) -> list[UploadedRecord]:
    """Return the records of `nouns`, with their child rows, as forms.

    The number of statements does not grow with the number of rows.
    """
    lines = [_row_of(imported, row) for row in nouns]
    _attach_children(db, imported, lines)
    found = [UploadedRecord(line, KIND_OF_TABLE[line.table.file]) for line in lines]
    _match_approved(db, found)
    _report_merged(db, [each for each in found if each.old is None and not each.faults])
    for each in found:
        if not each.faults:
            _validate(db, imported, each)
    return found


def referenced_keys(form: RecordForm) -> set[str]:
    """Return the keys of the records that a form names: kind letter and id, or code of a place."""
    named = {f"{kind} {name}" for kind, name in referenced_records(form)}
    if isinstance(form, EventForm):
        own = {citation.id for citation in form.citations}
        named |= {f"C {stage.citation}" for stage in form.stages if stage.citation not in own}
    return named


def _with_children(line: UploadedRow) -> Iterable[UploadedRow]:
    yield line
    for rows in line.children.values():
        for row in rows:
            assert isinstance(row, UploadedRow)
            yield from _with_children(row)


# Rows -------------------------------------------------------------------------------------------


def _row_of(imported: UploadedFiles, row: ImportRow) -> UploadedRow:
    file = imported.files[row.file]
    table = TABLES[file.table]
    cells = row.cells or []
    cells_by_field = {
        column["field"]: cell
        for column, cell in zip(file.columns, cells, strict=False)
        if column["field"]
    }
    parent = cells_by_field.pop(table.parent, "").strip() if table.parent else ""
    values = {
        name: value
        for name, value in form_values(table, cells_by_field).items()
        if value not in ("", [])
    }
    return UploadedRow(
        table, row.line, values, parent, row=row.number, file=file.name, called=row.name,
        record=row.record, is_wrong=row.fate == RowFate.ERROR,
    )  # fmt: skip


def _attach_children(db: Session, imported: UploadedFiles, lines: Sequence[UploadedRow]) -> None:
    """Attach to each record its child rows, and to each citation its chain, in upload order."""
    names = {line.called: line for line in lines if line.called}
    citations: dict[str, UploadedRow] = {}
    for row in _child_rows(db, imported, names, chains=False):
        child = _row_of(imported, row)
        owner = names[child.parent]
        owner.children[str(child.table.field)].append(child)
        if child.table.field == "citations" and child.called:
            citations[child.called] = child
    for row in _child_rows(db, imported, citations, chains=True):
        child = _row_of(imported, row)
        citations[child.parent].children["chain"].append(child)


def _child_rows(
    db: Session, imported: UploadedFiles, names: Collection[str], *, chains: bool
) -> Sequence[ImportRow]:
    files = [
        number
        for number, file in imported.files.items()
        if TABLES[file.table].parent and (file.table == "chains.csv") is chains
    ]
    if not names or not files:
        return ()
    found = select(ImportRow).where(
        ImportRow.import_id == imported.id, ImportRow.parent.in_(names), ImportRow.file.in_(files)
    )
    return db.scalars(found.order_by(ImportRow.number)).all()


# Approved records -------------------------------------------------------------------------------


def _match_approved(db: Session, found: Sequence[UploadedRecord]) -> None:
    """Match each record with an approved record, by id or by a unique value such as a code."""
    for kind in {each.kind for each in found}:
        of_kind = [each for each in found if each.kind == kind]
        ids = {_id_of(each) for each in of_kind} - {""}
        named: dict[str, dict[str, str]] = {}
        for name, column, value_of in _unique_values(kind):
            values = {value_of(each.line.values) for each in of_kind} - {""}
            rows = db.execute(
                select(column, Record.id).where(Record.kind == kind, column.in_(values))
            )
            named[name] = dict(rows.all())
        known_ids = set(
            db.scalars(select(Record.id).where(Record.kind == kind, Record.id.in_(ids)))
        )
        matched = {}
        for each in of_kind:
            id = _id_of(each)
            others = {
                named[name].get(value_of(each.line.values), "")
                for name, _column, value_of in _unique_values(kind)
            } - {""}
            if id in known_ids and others - {id}:
                message = _("{id} has the same short name, code or address").format(
                    id=min(others - {id})
                )
                each.faults.append(RowFault(each.line.row, "id", message))
            elif len(others) > 1:
                message = _("its names match more than one record: {ids}").format(
                    ids=_(" and ").join(sorted(others))
                )
                each.faults.append(RowFault(each.line.row, "", message))
            elif id in known_ids or others:
                matched[each.line.row] = id if id in known_ids else others.pop()
        approved = store.rows_by_id(db, matched.values())
        for each in of_kind:
            if id := matched.get(each.line.row, ""):
                each.old, each.line.record = approved[id].form, id


def _report_merged(db: Session, found: Sequence[UploadedRecord]) -> None:
    """Report merged records, and sources at the URL of a copy or of a merged source."""
    into = current_names(db) if found else {}
    for each in found:
        values = each.line.values
        for name in (
            str(values.get("id", "")),
            str(values.get("code", "")).lower() if each.kind in NAMED_KINDS else "",
        ):
            if current := into.get(name):
                message = _("{id} was merged into {other}: use {other}").format(
                    id=name, other=current
                )
                each.faults.append(
                    RowFault(each.line.row, "id" if name == values.get("id") else "code", message)
                )
                break
    addresses = {
        each.line.row: str(each.line.values.get("url", "")).strip()
        for each in found
        if each.kind == RecordKind.SOURCE
    }
    if not any(addresses.values()):
        return
    copies = store.sources_by_copy(db, addresses.values())
    merged = urls_of_merged_sources(db)
    for each in found:
        address = addresses.get(each.line.row, "")
        if id := copies.get(address):
            each.twin = _("a copy of {id} is at its address").format(id=id)
        elif id := merged.get(normalised_url(address) or ""):
            each.twin = _("a source that was merged into {id} was at its address").format(id=id)


def current_names(db: Session) -> dict[str, str]:
    """Return the current id or code for the id and code of each merged record."""
    columns = (Merging.gone, Merging.kept, Merging.gone_name, Merging.kept_name)
    into: dict[str, str] = {}
    for gone, kept, gone_name, kept_name in db.execute(
        select(*columns).where(Merging.undone_in.is_(None))
    ):
        into |= {gone: kept, gone_name: kept_name}
    found = {}
    for name in into:
        # Follow each step once, because a code can be reused by another record.
        steps, current = dict(into), name
        while current in steps:
            current = steps.pop(current)
        found[name] = current
    return found


def _id_of(each: UploadedRecord) -> str:
    if each.kind == RecordKind.CODE:
        return f"{each.line.values.get('list', '')}:{each.line.values.get('code', '')}".lower()
    return str(each.line.values.get("id", ""))


def _unique_values(kind: str) -> list[tuple[str, Any, Any]]:
    """Return the unique values of a kind: name, column, and a function that reads it from a row."""
    slug = (
        "slug",
        Record.document["slug"].astext,
        lambda values: str(values.get("slug", "")).strip().lower(),
    )
    match kind:
        case _ if kind in NAMED_KINDS:
            return [
                (
                    "code",
                    Record.document["code"].astext,
                    lambda values: str(values.get("code", "")).strip().lower(),
                )
            ]
        case RecordKind.SOURCE:
            return [
                slug,
                (
                    "url",
                    Record.address,
                    lambda values: normalised_url(str(values.get("url", "")).strip()) or "",
                ),
            ]
        case RecordKind.EVENT | RecordKind.ESTIMATE:
            return [slug]
    return []


# Forms ------------------------------------------------------------------------------------------


def _validate(db: Session, imported: UploadedFiles, each: UploadedRecord) -> None:
    form = FORMS[each.kind]
    values = _form_values(form, each.line, imported.mapped, each.old)
    if each.old is not None and each.kind != RecordKind.CODE:
        values["id"] = each.old.id
    wrong = [row for row in each.rows[1:] if row.is_wrong]
    if wrong:
        message = _("one of its rows has an error: {file}, line {line}")
        each.faults.append(
            RowFault(each.line.row, "", message.format(file=wrong[0].file, line=wrong[0].number))
        )
        return
    try:
        validated = form.model_validate(values, context=entry_context(db))
        each.form = add_private_values(validated, each.old) if each.old else validated
    except ValidationError as error:
        each.faults += [_fault_of(each, item) for item in error.errors()]


def _form_values(
    form: type[Form], line: UploadedRow, mapped: Mapping[str, Collection[str]], old: Form | None
) -> dict[str, Any]:
    values = dict(line.values)
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            approved_rows = getattr(old, name, [])
            if TABLE_OF_FIELD[name] not in mapped:
                if approved_rows:
                    values[name] = [row.model_dump() for row in approved_rows]
                continue
            if described.is_required() and not line.children.get(name):
                continue  # validation reports the missing field
            rows = [row for row in line.children.get(name, []) if isinstance(row, UploadedRow)]
            values[name] = []
            for row, approved_row in zip(
                rows, _match_rows(child, rows, mapped, approved_rows), strict=True
            ):
                if approved_row is not None and "id" in child.model_fields:
                    row.record = str(getattr(approved_row, "id", ""))
                values[name].append(_form_values(child, row, mapped, approved_row))
        elif old is not None and name not in mapped[line.table.file] and not is_private(described):
            values[name] = getattr(old, name)
    return values


def _match_rows(
    child: type[Form],
    rows: Sequence[UploadedRow],
    mapped: Mapping[str, Collection[str]],
    approved_rows: Sequence[Form],
) -> list[Form | None]:
    """Return the approved version of each row, by id. A row without an id matches an approved row
    that would stay equal once fields without a column are filled in from it.
    """

    def is_unchanged(index: int, old: Form) -> bool:
        try:
            return public(
                child.model_validate(_form_values(child, rows[index], mapped, old))
            ) == public(old)
        except ValidationError:
            return False

    return match_earlier_rows(
        [str(row.values.get("id", "")) for row in rows], approved_rows, is_unchanged
    )


def _fault_of(each: UploadedRecord, error: Any) -> RowFault:
    where, column = each.line.place_of(tuple(error["loc"]))
    assert isinstance(where, UploadedRow)
    message = error_message(error)
    if error["type"] == "missing" and column in TABLE_OF_FIELD and column not in where.values:
        message = _("At least one row is needed in {table}.").format(table=TABLE_OF_FIELD[column])
    return RowFault(where.row, column, message)
