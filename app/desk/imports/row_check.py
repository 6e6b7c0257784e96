"""Determine the fate of each row: what the row would become, without making drafts.

Rows are checked in batches, each in its own transaction, to keep locks short and memory small.
Only values that must be unique stay in memory between batches.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import OPEN_STATES, Draft
from app.desk.approved.models import KnownId, any_array
from app.desk.approved.store import name_known
from app.desk.csv.tables import NOUNS
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.imports.columns import fields_of_table
from app.desk.imports.duplicates import DuplicateIndex
from app.desk.imports.models import ImportRow, RowFate
from app.desk.imports.records import (
    RowFault,
    UploadedFiles,
    UploadedRecord,
    UploadedRow,
    current_names,
    read_records,
    referenced_keys,
)
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import KIND, EstimateForm, EventForm, RecordForm
from app.record.reads.source_urls import normalised_url
from app.vocabulary.kinds import LISTED_KINDS, NAMED_KINDS, RecordKind

ROWS_PER_BATCH = 200
TABLE_ORDER = [table.file for table in NOUNS]

UniqueValue = tuple[str, str]
"""A value that only one record may have: the kind of value, and the value."""


# Checking a batch -------------------------------------------------------------------------------


@dataclass
class SeenValues:
    """Unique values of open drafts and of the rows checked so far, to find duplicates."""

    twins: DuplicateIndex
    drafted: dict[UniqueValue, str]
    taken: dict[UniqueValue, str] = field(default_factory=dict)


def values_in_drafts(db: Session, person: Person) -> SeenValues:
    """Return the unique values and possible duplicates among open drafts of new records."""
    catalogue = Catalogue(db, person)
    # Loaded now, because later batches use it in other sessions.
    assert catalogue.directory
    columns = (
        Draft.kind,
        Draft.record,
        *(Draft.document[name].astext for name in ("slug", "code", "url")),
    )
    drafted: dict[UniqueValue, str] = {}
    new = select(*columns).where(Draft.state.in_(OPEN_STATES), Draft.base.is_(None))
    for kind, record, slug, code, url in db.execute(
        new, execution_options={"yield_per": ROWS_PER_BATCH}
    ):
        for unique in _unique_values(kind, slug or "", code or "", url or ""):
            drafted.setdefault(unique, record)
    return SeenValues(DuplicateIndex(db, catalogue), drafted)


def check_batch(
    db: Session, imported: UploadedFiles, file: int, after: int, seen: SeenValues
) -> tuple[int, int]:
    """Check the next batch of a file. Returns the last row number, 0 at the end, and the count."""
    found = select(ImportRow).where(
        ImportRow.import_id == imported.id, ImportRow.file == file, ImportRow.number > after
    )
    rows = db.scalars(found.order_by(ImportRow.number).limit(ROWS_PER_BATCH)).all()
    if not rows:
        return 0, 0
    records = read_records(db, imported, [row for row in rows if row.fate == ""])
    drafts = _draft_owners(db, [item.line.record for item in records if item.old])
    missing = _keys_without_record(
        db, {key for item in records if item.form for key in referenced_keys(item.form)}
    )
    in_bundle = _keys_in_import(db, imported, missing)
    in_drafts = _keys_in_drafts(db, missing - in_bundle)
    merged = current_names(db) if missing - in_bundle - in_drafts else {}
    results: list[_RowResult] = []
    for item in records:
        named = referenced_keys(item.form) & missing if item.form else set()
        gone = named - in_bundle - in_drafts
        fate, words = _fate(db, item, drafts, (gone, merged), seen)
        results += _row_results(item, fate, words, named & in_bundle)
    _store(db, imported.id, results)
    return rows[-1].number, len(rows)


def _fate(
    db: Session,
    item: UploadedRecord,
    drafts: dict[str, str],
    missing: tuple[Collection[str], dict[str, str]],
    seen: SeenValues,
) -> tuple[RowFate, str]:
    gone, merged = missing
    where = f"{item.line.file}:{item.line.number}"
    if item.faults or item.form is None:
        return RowFate.ERROR, ""
    if gone:
        if into := merged.get(min(gone)[2:]):
            return RowFate.ERROR, _(
                "It refers to {id}, which was merged into {other}. Use {other}."
            ).format(id=min(gone)[2:], other=into)
        return RowFate.ERROR, _(
            "It refers to {id}, which does not exist here or in the files."
        ).format(id=min(gone)[2:])
    for unique in [("record", item.old.id)] if item.old else list(_unique_values_of(item.form)):
        if other := seen.taken.get(unique):
            return RowFate.ERROR, _("It is the same record as {other}.").format(other=other)
        seen.taken[unique] = where
        if not item.old and (draft := seen.drafted.get(unique)):
            return RowFate.ERROR, _(
                "The draft {id} already has this short name, code or address."
            ).format(id=draft)
    if item.old == item.form:
        return RowFate.SAME, ""
    if item.kind == RecordKind.CODE:
        return RowFate.ERROR, _(
            "Only admins can add and change codes, under Vocabulary. Do that first."
        )
    if item.old:
        if owner := drafts.get(item.old.id):
            words = _(
                "{who} has an open draft of it. The draft must be published or deleted first."
            )
            return RowFate.ERROR, words.format(who=owner)
        return RowFate.CHANGED, enumerate_words(changed_fields(item.old, item.form))
    if item.twin:
        return RowFate.TWIN, item.twin
    if isinstance(item.form, EventForm | EstimateForm) and (
        like := seen.twins.find(db, item.form, where)
    ):
        return RowFate.TWIN, like
    return RowFate.NEW, ""


def changed_fields(old: RecordForm, new: RecordForm) -> list[str]:
    """Return the titles of the fields that differ."""
    fields = type(new).model_fields
    return [
        _(item.title or name)
        for name, item in fields.items()
        if getattr(old, name) != getattr(new, name)
    ]


def _unique_values_of(form: RecordForm) -> Iterator[UniqueValue]:
    kind = KIND[type(form)]
    texts = (str(getattr(form, name, "")) for name in ("slug", "code", "url"))
    return _unique_values(kind, *texts)


def _unique_values(kind: str, slug: str, code: str, url: str) -> Iterator[UniqueValue]:
    if kind in NAMED_KINDS and code.strip():
        yield f"{kind} code", code.strip().lower()
    if kind in LISTED_KINDS and slug.strip():
        yield f"{kind} slug", slug.strip().lower()
    if kind == RecordKind.SOURCE and (normalised := normalised_url(url.strip())):
        yield f"{kind} url", normalised


# Existing records and drafts --------------------------------------------------------------------


def _draft_owners(db: Session, records: Collection[str]) -> dict[str, str]:
    """Return the owner's name of the open draft of each record."""
    found = select(Draft.record, Person).join(Person, Person.id == Draft.owner)
    rows = db.execute(found.where(Draft.record.in_(records), Draft.state.in_(OPEN_STATES)))
    return {record: person.called for record, person in rows}


def _keys_without_record(db: Session, keys: Collection[str]) -> set[str]:
    """Return the keys that no approved record has."""
    names = {key: name_known(key[0], key[2:]) for key in keys}
    here = set(db.scalars(select(KnownId.id).where(KnownId.id == any_array(names.values()))))
    return {key for key, name in names.items() if name not in here}


def _keys_in_import(db: Session, imported: UploadedFiles, keys: Collection[str]) -> set[str]:
    found = select(ImportRow.key).where(ImportRow.import_id == imported.id, ImportRow.key.in_(keys))
    return set(db.scalars(found)) if keys else set()


def _keys_in_drafts(db: Session, keys: Collection[str]) -> set[str]:
    records = {key[2:] for key in keys if key[0] in LISTED_KINDS}
    codes = {key[2:] for key in keys if key[0] in NAMED_KINDS}
    found: set[str] = set()
    if records:
        rows = db.execute(
            select(Draft.kind, Draft.record).where(
                Draft.record.in_(records), Draft.state.in_(OPEN_STATES)
            )
        )
        found |= {f"{kind} {record}" for kind, record in rows}
    if codes:
        code = Draft.document["code"].astext
        is_one = (
            Draft.kind.in_(NAMED_KINDS),
            Draft.state.in_(OPEN_STATES),
            code.in_(codes),
        )
        found |= {
            f"{kind} {name}" for kind, name in db.execute(select(Draft.kind, code).where(*is_one))
        }
    return found


# Storing the results ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _RowResult:
    """New values of one row of `import_row`."""

    number: int
    of: int
    fate: str
    field: str = ""
    words: str = ""
    record: str = ""
    refs: str = ""


def _row_results(
    item: UploadedRecord, fate: RowFate, words: str, refs: Iterable[str]
) -> list[_RowResult]:
    """Return the results of the record's row and its child rows. Each fault goes to its own row."""
    faults: dict[int, list[RowFault]] = {}
    for fault in item.faults:
        faults.setdefault(fault.row, []).append(fault)
    own = item.line.row
    if fate is RowFate.ERROR and own not in faults and faults:
        where = next(row for row in item.rows if row.row in faults)
        template = _("One of its rows has an error: {file}, line {line}.")
        words = template.format(file=where.file, line=where.number)
    results = []
    for row in item.rows:
        wrong = faults.get(row.row, ())
        results.append(
            _RowResult(
                row.row,
                own,
                RowFate.ERROR if wrong or row.is_wrong else fate,
                wrong[0].field if wrong else "",
                _join_faults(row, wrong) if wrong else words if row.row == own else "",
                row.record,
                "\n".join(sorted(refs)) if row.row == own else "",
            )
        )
    return results


def _join_faults(row: UploadedRow, faults: Sequence[RowFault]) -> str:
    """Join all faults of a row, so that an editor can fix them in one go.

    The first is shown next to its field; the others name their fields.
    """
    known = fields_of_table(row.table.file)
    others = [
        f"{known[fault.field].title}: {fault.words}" if fault.field in known else fault.words
        for fault in faults[1:]
    ]
    return " ".join([faults[0].words, *others])


def _store(db: Session, id: int, results: Sequence[_RowResult]) -> None:
    """Store all results in one statement. An earlier error message of a row is kept."""
    columns = {
        "numbers": [item.number for item in results],
        "of": [item.of for item in results],
        **{
            name: [getattr(item, name) for item in results]
            for name in ("fate", "field", "words", "record", "refs")
        },
    }
    db.execute(
        text(
            "UPDATE desk.import_row r SET of = v.of, fate = v.fate, record = "
            "v.record, field = v.field, "
            "words = CASE WHEN v.words = '' AND r.fate = 'error' THEN r.words ELSE v.words END, "
            "refs = string_to_array(nullif(v.refs, ''), E'\\n') "
            "FROM unnest(CAST(:numbers AS int[]), CAST(:of AS int[]), CAST(:fate AS text[]), "
            "CAST(:field AS text[]), "
            "CAST(:words AS text[]), CAST(:record AS text[]), CAST(:refs AS text[])) "
            "AS v (number, of, fate, field, words, record, refs) WHERE r.import = :id "
            "AND r.number = v.number"
        ),
        {"id": id, **columns},
    )
