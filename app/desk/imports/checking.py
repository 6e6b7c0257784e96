"""What each row of a bundle would become. Nothing is made; what is found stands beside the row.

It is done some hundred records at a time, each time in a transaction of its own, so that a large bundle holds nobody up
and needs little more memory than a small one: of the rows that were seen only what must not be there twice is kept in
mind.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.draft_models import OPEN, Draft
from app.desk.csv.tables import NOUNS
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.imports.columns import fields
from app.desk.imports.models import Fate, ImportRow
from app.desk.imports.records import (
    Bundle,
    Fault,
    Read,
    Row,
    keys_named,
    merged_into,
    read,
)
from app.desk.imports.twins import Twins
from app.forms import EstimateForm, EventForm, OutletForm, PlaceForm, RecordForm, SourceForm
from app.i18n.translate import _
from app.record.reads.source_urls import normalised_url

AT_ONCE = 200
ORDER = [table.file for table in NOUNS]

Unique = tuple[str, str]
"""What only one record can have: as what, and what it is."""


# Some hundred at a time -------------------------------------------------------------------------------------------


@dataclass
class Seen:
    """What must not be there twice, as far as it was seen: what drafts have, and what the bundle has."""

    twins: Twins
    drafted: dict[Unique, str]
    taken: dict[Unique, str] = field(default_factory=dict)


def look_around(db: Session, person: Person) -> Seen:
    """What is not approved yet, but will be."""
    catalogue = Catalogue(db, person)
    # Read here, in this session: it is used in others.
    assert catalogue.directory
    columns = (
        Draft.kind,
        Draft.record,
        *(Draft.document[name].astext for name in ("slug", "code", "url")),
    )
    drafted: dict[Unique, str] = {}
    new = select(*columns).where(Draft.state.in_(OPEN), Draft.base.is_(None))
    for kind, record, slug, code, url in db.execute(new, execution_options={"yield_per": AT_ONCE}):
        for unique in _unique(kind, slug or "", code or "", url or ""):
            drafted.setdefault(unique, record)
    return Seen(Twins(db, catalogue), drafted)


def check_some(db: Session, of: Bundle, file: int, after: int, seen: Seen) -> tuple[int, int]:
    """Looks at the next records of that file; the number of the last, 0 after all, and how many."""
    found = select(ImportRow).where(
        ImportRow.import_id == of.id, ImportRow.file == file, ImportRow.number > after
    )
    rows = db.scalars(found.order_by(ImportRow.number).limit(AT_ONCE)).all()
    if not rows:
        return 0, 0
    records = read(db, of, [row for row in rows if row.fate == ""])
    drafts = _drafts_of(db, [each.line.record for each in records if each.old])
    missing = _not_here(db, {key for each in records if each.form for key in keys_named(each.form)})
    in_bundle = _in_bundle(db, of, missing)
    in_drafts = _in_drafts(db, missing - in_bundle)
    merged = merged_into(db) if missing - in_bundle - in_drafts else {}
    said: list[_Said] = []
    for each in records:
        named = keys_named(each.form) & missing if each.form else set()
        gone = named - in_bundle - in_drafts
        fate, words = _fate(db, each, drafts, (gone, merged), seen)
        said += _said_of(each, fate, words, named & in_bundle)
    _write(db, of.id, said)
    return rows[-1].number, len(rows)


def _fate(
    db: Session,
    each: Read,
    drafts: dict[str, str],
    missing: tuple[Collection[str], dict[str, str]],
    seen: Seen,
) -> tuple[Fate, str]:
    gone, merged = missing
    where = f"{each.line.file}:{each.line.number}"
    if each.faults or each.form is None:
        return Fate.ERROR, ""
    if gone:
        if into := merged.get(min(gone)[2:]):
            return Fate.ERROR, _("It names {id}, which was merged into {other}.").format(
                id=min(gone)[2:], other=into
            )
        return Fate.ERROR, _("It names {id}, which is neither here nor in the bundle.").format(
            id=min(gone)[2:]
        )
    for unique in [("record", each.old.id)] if each.old else list(_uniques(each.form)):
        if other := seen.taken.get(unique):
            return Fate.ERROR, _("It is the same record as {other}.").format(other=other)
        seen.taken[unique] = where
        if not each.old and (draft := seen.drafted.get(unique)):
            return Fate.ERROR, _("The draft {id} has this short name, code or address.").format(
                id=draft
            )
    if each.old == each.form:
        return Fate.SAME, ""
    if each.kind == "V":
        return Fate.ERROR, _(
            "Codes are added and changed by admins, under Vocabulary: do that first."
        )
    if each.old:
        if owner := drafts.get(each.old.id):
            words = _("{who} has an open draft of it: it must be published or deleted first.")
            return Fate.ERROR, words.format(who=owner)
        return Fate.CHANGED, _(", ").join(changed_fields(each.old, each.form))
    if each.twin:
        return Fate.TWIN, each.twin
    if isinstance(each.form, EventForm | EstimateForm) and (
        like := seen.twins.find(db, each.form, where)
    ):
        return Fate.TWIN, like
    return Fate.NEW, ""


def changed_fields(old: RecordForm, new: RecordForm) -> list[str]:
    """The titles of the fields that differ; what they hold is told in the draft."""
    fields = type(new).model_fields
    return [
        _(each.title or name)
        for name, each in fields.items()
        if getattr(old, name) != getattr(new, name)
    ]


def _uniques(form: RecordForm) -> Iterator[Unique]:
    kind = next(letter for letter, of in _KINDS.items() if isinstance(form, of))
    texts = (str(getattr(form, name, "")) for name in ("slug", "code", "url"))
    return _unique(kind, *texts)


_KINDS = {
    "P": PlaceForm,
    "O": OutletForm,
    "S": SourceForm,
    "E": EventForm,
    "M": EstimateForm,
    "V": object,
}


def _unique(kind: str, slug: str, code: str, url: str) -> Iterator[Unique]:
    if kind in "PO" and code.strip():
        yield f"{kind} code", code.strip().lower()
    if kind in "SEM" and slug.strip():
        yield f"{kind} slug", slug.strip().lower()
    if kind == "S" and (normalised := normalised_url(url.strip())):
        yield "S url", normalised


# What is there already --------------------------------------------------------------------------------------------


def _drafts_of(db: Session, records: Collection[str]) -> dict[str, str]:
    """Who has an open draft of each, by record."""
    found = select(Draft.record, Person).join(Person, Person.id == Draft.owner)
    rows = db.execute(found.where(Draft.record.in_(records), Draft.state.in_(OPEN)))
    return {record: person.called for record, person in rows}


def _not_here(db: Session, keys: Collection[str]) -> set[str]:
    """Those of the keys that nothing approved has."""
    by_kind: dict[str, set[str]] = {}
    for key in keys:
        by_kind.setdefault(key[0] if key[0] in "POV" else "", set()).add(key[2:])
    columns = {
        "P": models.Place.code,
        "O": models.Outlet.code,
        "V": models.Code.id,
        "": models.Known.id,
    }
    here = {
        kind: set(db.scalars(select(columns[kind]).where(columns[kind].in_(names))))
        for kind, names in by_kind.items()
    }
    return {key for key in keys if key[2:] not in here[key[0] if key[0] in "POV" else ""]}


def _in_bundle(db: Session, of: Bundle, keys: Collection[str]) -> set[str]:
    found = select(ImportRow.key).where(ImportRow.import_id == of.id, ImportRow.key.in_(keys))
    return set(db.scalars(found)) if keys else set()


def _in_drafts(db: Session, keys: Collection[str]) -> set[str]:
    records = {key[2:] for key in keys if key[0] in "SEM"}
    codes = {key[2:] for key in keys if key[0] in "PO"}
    found: set[str] = set()
    if records:
        rows = db.execute(
            select(Draft.kind, Draft.record).where(Draft.record.in_(records), Draft.state.in_(OPEN))
        )
        found |= {f"{kind} {record}" for kind, record in rows}
    if codes:
        code = Draft.document["code"].astext
        is_one = (Draft.kind.in_(["P", "O"]), Draft.state.in_(OPEN), code.in_(codes))
        found |= {
            f"{kind} {name}" for kind, name in db.execute(select(Draft.kind, code).where(*is_one))
        }
    return found


# Writing it down --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Said:
    """What is to be written beside a row."""

    number: int
    of: int
    fate: str
    field: str = ""
    words: str = ""
    record: str = ""
    refs: str = ""


def _said_of(each: Read, fate: Fate, words: str, refs: Iterable[str]) -> list[_Said]:
    """Of the record's own row, and of all that stands under it; a fault stands where it is."""
    faults: dict[int, list[Fault]] = {}
    for fault in each.faults:
        faults.setdefault(fault.row, []).append(fault)
    own = each.line.row
    if fate is Fate.ERROR and own not in faults and faults:
        where = next(row for row in each.rows if row.row in faults)
        told = _("A row that stands under it is in error: {file}, line {line}.")
        words = told.format(file=where.file, line=where.number)
    said = []
    for row in each.rows:
        wrong = faults.get(row.row, ())
        said.append(
            _Said(
                row.row,
                own,
                Fate.ERROR if wrong or row.is_wrong else fate,
                wrong[0].field if wrong else "",
                _all_of(row, wrong) if wrong else words if row.row == own else "",
                row.record,
                "\n".join(sorted(refs)) if row.row == own else "",
            )
        )
    return said


def _all_of(row: Row, faults: Sequence[Fault]) -> str:
    """The first stands beside its field; the others name theirs, so that all are mended before it is sent again."""
    known = fields(row.table.file)
    others = [
        f"{known[fault.field].title}: {fault.words}" if fault.field in known else fault.words
        for fault in faults[1:]
    ]
    return " ".join([faults[0].words, *others])


def _write(db: Session, id: int, said: Sequence[_Said]) -> None:
    """One statement for all of them. What was said of a row before all others stays."""
    columns = {
        "numbers": [each.number for each in said],
        "of": [each.of for each in said],
        **{
            name: [getattr(each, name) for each in said]
            for name in ("fate", "field", "words", "record", "refs")
        },
    }
    db.execute(
        text(
            "UPDATE desk.import_row r SET of = v.of, fate = v.fate, record = v.record, field = v.field, "
            "words = CASE WHEN v.words = '' AND r.fate = 'error' THEN r.words ELSE v.words END, "
            "refs = string_to_array(nullif(v.refs, ''), E'\\n') "
            "FROM unnest(CAST(:numbers AS int[]), CAST(:of AS int[]), CAST(:fate AS text[]), CAST(:field AS text[]), "
            "CAST(:words AS text[]), CAST(:record AS text[]), CAST(:refs AS text[])) "
            "AS v (number, of, fate, field, words, record, refs) WHERE r.import = :id AND r.number = v.number"
        ),
        {"id": id, **columns},
    )
