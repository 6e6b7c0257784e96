"""Rows of a bundle put together to records, and each record as its form: what is not in the bundle stays as it is here.

A column that is left out says nothing, nor does a table that is not there: what a record of ours has there stays.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved import store as commands
from app.desk.approved.entry import entry
from app.desk.approved.merge_models import Merging
from app.desk.csv.reader import Line, values_of
from app.desk.csv.tables import NOUN_FORMS, ROWS
from app.desk.imports.columns import TABLES
from app.desk.imports.models import Fate, ImportFile, ImportRow
from app.desk.ui.html_forms import in_words
from app.forms import FORMS, KIND, EventForm, Form, RecordForm, is_private, public
from app.forms.base import rows_of
from app.i18n.translate import _
from app.record.publishing.validation import targets
from app.record.reads.source_urls import normalised_url, of_merged_sources

KIND_OF: Mapping[str, str] = {file: KIND[form] for file, form in NOUN_FORMS.items()}
"""The letter of the records in each table of nouns."""
FILE_OF: Mapping[str, str] = {str(table.field): table.file for table in ROWS}
"""The table that holds the rows of each field that repeats."""
LETTERS: Mapping[str, str] = {"citations.csv": "C", "links.csv": "L"}


@dataclass
class Row(Line):
    """A line, and what is known of its row."""

    row: int = 0
    file: str = ""
    called: str = ""
    """By which rows of other tables name it."""
    record: str = ""
    is_wrong: bool = False


@dataclass(frozen=True)
class Fault:
    """What is wrong, and with which row."""

    row: int
    field: str
    words: str


@dataclass
class Read:
    """One record of the bundle: its rows, the record of ours that it is, and its form, or what is wrong with it."""

    line: Row
    kind: str
    old: RecordForm | None = None
    form: RecordForm | None = None
    faults: list[Fault] = field(default_factory=list)
    twin: str = ""
    """Why it may be a record of ours that it does not name."""

    @property
    def rows(self) -> list[Row]:
        return list(_all(self.line))


@dataclass(frozen=True)
class Bundle:
    """What the tables of an import hold: for each file of it that is not left out, by its number."""

    id: int
    files: Mapping[int, ImportFile]

    @property
    def mapped(self) -> Mapping[str, Collection[str]]:
        """The fields that a table has columns for; a table may come in several files."""
        found: dict[str, set[str]] = {}
        for file in self.files.values():
            found.setdefault(file.table, set()).update(column["field"] for column in file.columns)
        return {table: names - {""} for table, names in found.items()}


def bundle(db: Session, id: int) -> Bundle:
    files = db.scalars(select(ImportFile).where(ImportFile.import_id == id, ImportFile.table != ""))
    return Bundle(id, {file.number: file for file in files})


def read(db: Session, of: Bundle, nouns: Sequence[ImportRow]) -> list[Read]:
    """These rows of nouns, with all that stands under them, as forms; a few statements, however many they are."""
    lines = [_line(of, row) for row in nouns]
    _gather(db, of, lines)
    found = [Read(line, KIND_OF[line.table.file]) for line in lines]
    _find_ours(db, found)
    _find_merged(db, [each for each in found if each.old is None and not each.faults])
    for each in found:
        if not each.faults:
            _understand(db, of, each)
    return found


def keys_named(form: RecordForm) -> set[str]:
    """What it rests on, by keys: the letter of a kind and an id or, of places and outlets, a code."""
    named = {f"{kind} {name}" for kind, name in targets(form)}
    if isinstance(form, EventForm):
        own = {citation.id for citation in form.citations}
        named |= {f"C {stage.citation}" for stage in form.stages if stage.citation not in own}
    return named


def _all(line: Row) -> Iterable[Row]:
    yield line
    for rows in line.children.values():
        for row in rows:
            assert isinstance(row, Row)
            yield from _all(row)


# Rows -------------------------------------------------------------------------------------------------------------


def _line(of: Bundle, row: ImportRow) -> Row:
    file = of.files[row.file]
    table = TABLES[file.table]
    cells = row.cells or []
    texts = {
        column["field"]: cell
        for column, cell in zip(file.columns, cells, strict=False)
        if column["field"]
    }
    parent = texts.pop(table.parent, "").strip() if table.parent else ""
    values = {
        name: value for name, value in values_of(table, texts).items() if value not in ("", [])
    }
    return Row(
        table, row.line, values, parent, row=row.number, file=file.name, called=row.name, record=row.record,
        is_wrong=row.fate == Fate.ERROR,
    )  # fmt: skip


def _gather(db: Session, of: Bundle, lines: Sequence[Row]) -> None:
    """Puts under each record its rows, and under each citation its chain, in the order of the bundle."""
    names = {line.called: line for line in lines if line.called}
    citations: dict[str, Row] = {}
    for row in _under(db, of, names, chains=False):
        child = _line(of, row)
        owner = names[child.parent]
        owner.children[str(child.table.field)].append(child)
        if child.table.field == "citations" and child.called:
            citations[child.called] = child
    for row in _under(db, of, citations, chains=True):
        child = _line(of, row)
        citations[child.parent].children["chain"].append(child)


def _under(db: Session, of: Bundle, names: Collection[str], *, chains: bool) -> Sequence[ImportRow]:
    files = [
        number
        for number, file in of.files.items()
        if TABLES[file.table].parent and (file.table == "chains.csv") is chains
    ]
    if not names or not files:
        return ()
    found = select(ImportRow).where(
        ImportRow.import_id == of.id, ImportRow.parent.in_(names), ImportRow.file.in_(files)
    )
    return db.scalars(found.order_by(ImportRow.number)).all()


# Ours -------------------------------------------------------------------------------------------------------------


def _find_ours(db: Session, found: Sequence[Read]) -> None:
    """Finds the record of ours that each is: by its id or else by what only one has, such as its code or address."""
    for kind in {each.kind for each in found}:
        model: Any = models.MODELS[kind]
        wanted = [each for each in found if each.kind == kind]
        ids = {_id(each) for each in wanted} - {""}
        named: dict[str, dict[str, str]] = {}
        for column, of in _natural(kind):
            values = {of(each.line.values) for each in wanted} - {""}
            rows = db.execute(
                select(getattr(model, column), model.id).where(getattr(model, column).in_(values))
            )
            named[column] = dict(rows.all())
        known = set(db.scalars(select(model.id).where(model.id.in_(ids))))
        chosen = {}
        for each in wanted:
            id = _id(each)
            others = {
                named[column].get(of(each.line.values), "") for column, of in _natural(kind)
            } - {""}
            if id in known and others - {id}:
                words = _("its short name, code or address is that of {id}").format(
                    id=min(others - {id})
                )
                each.faults.append(Fault(each.line.row, "id", words))
            elif len(others) > 1:
                words = _("it is by its names both {ids}").format(
                    ids=_(" and ").join(sorted(others))
                )
                each.faults.append(Fault(each.line.row, "", words))
            elif id in known or others:
                chosen[each.line.row] = id if id in known else others.pop()
        ours = {
            row.id: row
            for row in db.scalars(select(model).where(model.id.in_(set(chosen.values()))))
        }
        for each in wanted:
            if id := chosen.get(each.line.row, ""):
                each.old, each.line.record = commands.form_of(ours[id]), id


def _find_merged(db: Session, found: Sequence[Read]) -> None:
    """What is none of ours by its names may be one that was merged, or lie at an address that leads to one of ours."""
    into = merged_into(db) if found else {}
    for each in found:
        values = each.line.values
        for name in (
            str(values.get("id", "")),
            str(values.get("code", "")).lower() if each.kind in "PO" else "",
        ):
            if last := into.get(name):
                words = _("{id} was merged into {other}: name that one").format(id=name, other=last)
                each.faults.append(
                    Fault(each.line.row, "id" if name == values.get("id") else "code", words)
                )
                break
    addresses = {
        each.line.row: str(each.line.values.get("url", "")).strip()
        for each in found
        if each.kind == "S"
    }
    if not any(addresses.values()):
        return
    copied = select(models.SourceCopy.url, models.SourceCopy.source)
    copies = dict(
        db.execute(copied.where(models.SourceCopy.url.in_(set(addresses.values()) - {""}))).all()
    )
    merged = of_merged_sources(db)
    for each in found:
        address = addresses.get(each.line.row, "")
        if id := copies.get(address):
            each.twin = _("a copy of {id} is at its address").format(id=id)
        elif id := merged.get(normalised_url(address) or ""):
            each.twin = _("a source that was merged into {id} was at its address").format(id=id)


def merged_into(db: Session) -> dict[str, str]:
    """What was merged, by its id and its code, and the id or code of what it is by now."""
    columns = (Merging.gone, Merging.kept, Merging.gone_name, Merging.kept_name)
    into: dict[str, str] = {}
    for gone, kept, gone_name, kept_name in db.execute(
        select(*columns).where(Merging.undone_in.is_(None))
    ):
        into |= {gone: kept, gone_name: kept_name}
    found = {}
    for name in into:
        # Each step once: a code can come back, as that of another.
        steps, last = dict(into), name
        while last in steps:
            last = steps.pop(last)
        found[name] = last
    return found


def _id(each: Read) -> str:
    if each.kind == "V":
        return f"{each.line.values.get('list', '')}:{each.line.values.get('code', '')}".lower()
    return str(each.line.values.get("id", ""))


def _natural(kind: str) -> list[tuple[str, Any]]:
    """Columns of ours that are unique, and how a row says the same."""
    slug = ("slug", lambda values: str(values.get("slug", "")).strip().lower())
    match kind:
        case "P" | "O":
            return [("code", lambda values: str(values.get("code", "")).strip().lower())]
        case "S":
            return [
                slug,
                (
                    "url_normalised",
                    lambda values: normalised_url(str(values.get("url", "")).strip()) or "",
                ),
            ]
        case "E" | "M":
            return [slug]
    return []


# Forms ------------------------------------------------------------------------------------------------------------


def _understand(db: Session, of: Bundle, each: Read) -> None:
    form = FORMS[each.kind]
    values = _values(form, each.line, of.mapped, each.old)
    if each.old is not None and each.kind != "V":
        values["id"] = each.old.id
    wrong = [row for row in each.rows[1:] if row.is_wrong]
    if wrong:
        words = _("a row that stands under it is in error: {file}, line {line}")
        each.faults.append(
            Fault(each.line.row, "", words.format(file=wrong[0].file, line=wrong[0].number))
        )
        return
    try:
        understood = form.model_validate(values, context=entry(db))
        each.form = commands.with_private(db, understood) if each.old else understood
    except ValidationError as error:
        each.faults += [_fault(each, item) for item in error.errors()]


def _values(
    form: type[Form], line: Row, mapped: Mapping[str, Collection[str]], old: Form | None
) -> dict[str, Any]:
    values = dict(line.values)
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            was = getattr(old, name, [])
            if FILE_OF[name] not in mapped:
                if was:
                    values[name] = [row.model_dump() for row in was]
                continue
            if described.is_required() and not line.children.get(name):
                continue  # said as of a field that nothing was typed into
            rows = [row for row in line.children.get(name, []) if isinstance(row, Row)]
            values[name] = []
            for row, earlier in zip(rows, _earlier(child, rows, mapped, was), strict=True):
                if earlier is not None and "id" in child.model_fields:
                    row.record = str(getattr(earlier, "id", ""))
                values[name].append(_values(child, row, mapped, earlier))
        elif old is not None and name not in mapped[line.table.file] and not is_private(described):
            values[name] = getattr(old, name)
    return values


def _earlier(
    child: type[Form],
    rows: Sequence[Row],
    mapped: Mapping[str, Collection[str]],
    was: Sequence[Form],
) -> list[Form | None]:
    """What each row was before. Without an id it is one of which, with what no column holds, nothing would change."""

    def says_same(index: int, old: Form) -> bool:
        try:
            return public(child.model_validate(_values(child, rows[index], mapped, old))) == public(
                old
            )
        except ValidationError:
            return False

    return commands.earlier([str(row.values.get("id", "")) for row in rows], was, says_same)


def _fault(each: Read, error: Any) -> Fault:
    where, column = each.line.place_of(tuple(error["loc"]))
    assert isinstance(where, Row)
    words = in_words(error)
    if error["type"] == "missing" and column in FILE_OF and column not in where.values:
        words = _("At least one row is needed in {table}.").format(table=FILE_OF[column])
    return Fault(where.row, column, words)
