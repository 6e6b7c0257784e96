"""Stores the approved state of records, with the names by which others refer to them."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

from pydantic_core import to_jsonable_python
from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database.sessions import DeskSession
from app.dates import edtf as dates
from app.desk.approved.models import DeskBase, KnownId, Record, ReferenceRow, any_array
from app.i18n.translate import _
from app.kinds import (
    FORMS,
    KIND,
    EstimateForm,
    EventForm,
    Form,
    NamedForm,
    RecordForm,
    SourceForm,
)
from app.kinds.references import references
from app.kinds.vocabulary import nationalities
from app.progress import track
from app.record.models import Version
from app.record.publishing.next_edition import lock_counter
from app.record.publishing.validation import PublishError
from app.record.reads.source_urls import normalised_url
from app.record.rules import conflicts
from app.vocabulary.kinds import LISTED_KINDS, NAMED_KINDS, RecordKind
from app.vocabulary.record import Why

# Ids ----------------------------------------------------------------------------------------------


NUMBERED = re.compile(r"([A-Z])([1-9][0-9]{0,8})", re.ASCII)
RECORD_ID = re.compile(rf"[{''.join((*NAMED_KINDS, *LISTED_KINDS))}][1-9][0-9]{{0,8}}", re.ASCII)
"""Ids of the records that editors write; codes of the vocabulary have other ids."""


class IdCounter(DeskBase):
    """Last number issued under a letter. The row is locked until the issuing transaction ends."""

    __tablename__ = "number"

    letter: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


def issue_id(db: Session, letter: str) -> str:
    first = postgresql.insert(IdCounter).values(letter=letter, last=1)
    taken = first.on_conflict_do_update(
        index_elements=[IdCounter.letter], set_={"last": IdCounter.last + 1}
    )
    return f"{letter}{db.scalars(taken.returning(IdCounter.last)).one()}"


def reserve_ids(db: Session, forms: Iterable[RecordForm]) -> None:
    """Mark the ids in these forms as issued, so that imported ids are not issued again."""
    highest: dict[str, int] = {}
    for form in forms:
        ids = [form.id]
        if isinstance(form, EventForm | EstimateForm):
            ids += [row.id for row in (*form.citations, *form.links)]
        for id in ids:
            if found := NUMBERED.fullmatch(id):
                highest[found[1]] = max(highest.get(found[1], 0), int(found[2]))
    if highest:
        given = postgresql.insert(IdCounter).values(
            [{"letter": letter, "last": last} for letter, last in sorted(highest.items())]
        )
        last = func.greatest(IdCounter.last, given.excluded.last)
        db.execute(
            given.on_conflict_do_update(index_elements=[IdCounter.letter], set_={"last": last})
        )


# The approved state -------------------------------------------------------------------------------


def published_version(db: Session, id: str) -> Version | None:
    return db.scalars(select(Version).where(Version.id == id, Version.closed.is_(None))).first()


F = TypeVar("F", bound=Form)


def save(db: Session, form: RecordForm, why: Why | None = None, reason: str = "") -> bool:
    """Store the form as the approved state, to be published next.

    Returns False if the approved state is the same already.
    """
    return form in save_all(db, [form], why, reason)


def save_all(
    db: Session, forms: Sequence[RecordForm], why: Why | None = None, reason: str = ""
) -> list[RecordForm]:
    """Store the forms as the approved state, together; return the changed ones.

    Callers that derive the forms from the approved state must call `lock_approved_state` before
    reading. Raises PublishError if a record would contain or derive from itself.
    """
    lock_approved_state(db)
    forms = [*new_nationalities(db, forms), *forms]
    rows = rows_by_id(db, [form.id for form in forms])
    changed = [
        form
        for form in track(forms, "Comparing with what is stored")
        if form.id not in rows or rows[form.id].form != form
    ]
    _forget_names(db, changed, [row for form in changed if (row := rows.get(form.id))])
    for form in track(changed, "Storing records"):
        row = rows.get(form.id) or Record(id=form.id, kind=KIND[type(form)])
        row.document = to_jsonable_python(form.model_dump(exclude_defaults=True))
        row.address, row.series, row.first, row.last = _calculated(form)
        row.is_pending, row.why, row.reason = True, why, reason or None
        db.add(row)
    db.flush()
    _insert_names(db, changed)
    reserve_ids(db, changed)
    return changed


def new_nationalities(db: Session, forms: Sequence[RecordForm]) -> list[RecordForm]:
    """Return the codes of nationalities that these records are the first to use."""
    used = {f"{term.key}:{term.code}" for form in forms for term in getattr(form, "terms", ())}
    codes = sorted(used & nationalities().keys())
    known = {*rows_by_id(db, codes), *(form.id for form in forms)} if codes else set()
    return [nationalities()[id] for id in codes if id not in known]


def lock_approved_state(db: Session) -> None:
    """Lock the approved state and publishing until this transaction ends; reload all rows.

    Without the lock, one of two concurrent writers of a record would overwrite what it never read.
    """
    assert isinstance(db, DeskSession)  # knows what it has locked
    if db.locked_in is not None and db.locked_in.is_active:
        return
    lock_counter(db)
    db.flush()
    db.expire_all()
    # Rolling back to a savepoint releases locks taken after it, so the savepoint is stored.
    db.locked_in = db.get_nested_transaction() or db.get_transaction()


def rows_by_id(db: Session, ids: Collection[str]) -> dict[str, Record]:
    return {row.id: row for row in db.scalars(select(Record).where(Record.id == any_array(ids)))}


def find(db: Session, id: str) -> Record | None:
    """Return an approved record that editors write; None for a code of the vocabulary."""
    return db.get(Record, id) if RECORD_ID.fullmatch(id) else None


def find_named(db: Session, kind: str, name: str) -> Record | None:
    named = KnownId.id == name_known(kind, name)
    known = select(Record).join(KnownId, KnownId.record == Record.id)
    return db.scalars(known.where(named, Record.kind == kind)).first()


def has_copy_at(address: str) -> ColumnElement[bool]:
    """Condition: a source has a copy at this address, as it is written."""
    copies = Record.document["copies"]
    return (Record.kind == RecordKind.SOURCE) & copies.contains([{"url": address}])


def citing(source: str) -> Select[str]:
    """Select the ids of the events and estimates that cite a source."""
    return select(ReferenceRow.record).where(
        ReferenceRow.path == "citations.source", ReferenceRow.target == source
    )


def _forget_names(db: Session, forms: Sequence[RecordForm], rows: Sequence[Record]) -> None:
    """Remove names and unique values of changed rows, so that records can exchange them.

    PostgreSQL checks unique indexes row by row. A preferred role that moves between rows would
    exist twice for a moment.
    """
    ids = any_array([row.id for row in rows])
    db.execute(
        update(Record)
        .where(Record.id == ids)
        .values(document={}, address=None)
        .execution_options(synchronize_session=False)
    )
    db.execute(delete(ReferenceRow).where(ReferenceRow.record == ids))
    # Of a purged record only the id is known, which an import of an older state may bring back.
    names = any_array([name for form in forms for name in _names(form)])
    is_unowned = KnownId.record.is_(None) & (KnownId.id == names)
    db.execute(delete(KnownId).where(or_(KnownId.record == ids, is_unowned)))


def _insert_names(db: Session, forms: Sequence[RecordForm]) -> None:
    known = [{"id": name, "record": form.id} for form in forms for name in _names(form)]
    referring = [
        {"record": form.id, "path": path, "target": target}
        for form in forms
        for path, target in {
            (path, name_known(kind, name)) for path, kind, name in references(form, private=True)
        }
    ]
    if known:
        db.execute(insert(KnownId), known)
    if referring:
        db.execute(insert(ReferenceRow), referring)
    _refuse_cycles(db, [form.id for form in forms])


def name_known(kind: str, name: str) -> str:
    """Return the name in `desk.known`: `P:dandong` for a code, else the id."""
    return f"{kind}:{name}" if kind in NAMED_KINDS else name


def _names(form: RecordForm) -> Iterator[str]:
    """Yield the names by which others may refer to a record and its parts."""
    yield form.id
    if isinstance(form, NamedForm):
        yield name_known(KIND[type(form)], form.code)
    if isinstance(form, EventForm | EstimateForm):
        yield from (row.id for row in (*form.citations, *form.links))


def _refuse_cycles(db: Session, ids: Collection[str]) -> None:
    """Refuse a record that contains itself or derives from itself, through others too.

    The lock makes this safe: nobody else adds a reference meanwhile.
    """
    if found := db.execute(text(CYCLES), {"ids": list(ids)}).first():
        raise PublishError([_("{id} can’t contain or derive from itself").format(id=found.start)])


CYCLES = r"""
    WITH RECURSIVE above AS (
        SELECT r.record AS start, r.path, k.record AS target
        FROM desk.reference r JOIN desk.known k ON k.id = r.target
        WHERE r.record = ANY (:ids)
            AND r.path ~ '^(parent|belongs_to|successor|derived_from\.source|links\.[a-z-]+\.to)$'
        UNION
        SELECT above.start, r.path, k.record
        FROM above JOIN desk.reference r ON r.record = above.target AND r.path = above.path
        JOIN desk.known k ON k.id = r.target
    )
    SELECT start, path FROM above WHERE start = target ORDER BY start LIMIT 1
    """


@contextmanager
def preload_rows(db: Session, ids: Iterable[str]) -> Iterator[None]:
    """Keep these records loaded in the session, with one query."""
    held = rows_by_id(db, list(ids))  # the session references rows weakly
    yield
    held.clear()


def pending_rows(db: Session) -> list[Record]:
    """Return the records whose approved state differs from the published state.

    In the order of FORMS, then of their first saving, which readers see as the order of codes.
    """
    rows = db.scalars(select(Record).where(Record.is_pending).order_by(Record.no)).all()
    kinds = list(FORMS)
    return sorted(rows, key=lambda row: kinds.index(row.kind))


def all_forms(db: Session, *kinds: str) -> Iterator[RecordForm]:
    """Yield all approved records, or those of some kinds, in the order of FORMS, then of ids."""
    for kind in FORMS:
        if not kinds or kind in kinds:
            of_kind = select(Record).where(Record.kind == kind)
            for row in db.scalars(of_kind.order_by(func.length(Record.id), Record.id)):
                yield row.form


def _calculated(form: RecordForm) -> tuple[str | None, str | None, date | None, date | None]:
    """Return address, series, first and last day of a record."""
    match form:
        case SourceForm():
            return normalised_url(form.url), None, *_bounds(form.published)
        case EventForm():
            return None, None, *_bounds(form.when)
        case EstimateForm():
            return None, conflicts.series_key(form), *_bounds(form.as_of or form.period)
    return None, None, None, None


def _bounds(edtf: str) -> tuple[date | None, date | None]:
    whole = dates.parse(edtf).whole if edtf else None
    return (whole.first, whole.last) if whole else (None, None)
