"""Writing the approved state from forms, and reading it back as forms: a table's columns are its form's fields."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from app.dates import edtf as dates
from app.desk.approved import models, public_ids
from app.forms import (
    FORMS,
    KIND,
    EstimateForm,
    EventForm,
    Form,
    RecordForm,
    SourceForm,
    is_private,
    public,
)
from app.forms.base import rows_of
from app.record.models import Counter, Version
from app.record.reads.source_urls import normalised_url
from app.record.rules import conflicts
from app.vocabulary.code import Code
from app.vocabulary.estimates import FigureRole
from app.vocabulary.record import Why

# In the record ----------------------------------------------------------------------------------------------------


def in_the_record(db: Session, id: str) -> Version | None:
    """How readers see it now."""
    return db.scalars(select(Version).where(Version.id == id, Version.closed.is_(None))).first()


F = TypeVar("F", bound=Form)


def save(db: Session, form: RecordForm, why: Why | None = None, reason: str = "") -> bool:
    """Makes this the approved state of its record, to be published next; False where it was so already."""
    return form in save_all(db, [form], why, reason)


def save_all(
    db: Session, forms: Sequence[RecordForm], why: Why | None = None, reason: str = ""
) -> list[RecordForm]:
    """Makes these the approved state of their records, together; gives those that were not so already.

    Forms that were derived from the approved state need `lock_approved_state` before that state is read.
    """
    lock_approved_state(db)
    changed = [
        (form, row) for form in forms if (row := _row(db, form)) is None or form_of(row) != form
    ]
    _make_room(db, [(form, row) for form, row in changed if row is not None])
    for form, present in changed:
        row = present or models.MODELS[KIND[type(form)]]()
        if present is None:
            row.id = form.id
            db.add(row)
        _fill(row, form)
        _fill_worked_out(row, form)
        row.is_pending, row.why, row.reason = True, why, reason or None
    public_ids.keep_clear_of(db, [form for form, _ in changed])
    return [form for form, _ in changed]


def lock_approved_state(db: Session) -> None:
    """Let nobody else change the approved state or publish until this transaction ends, and see what others changed.

    Two writers that read a record before either of them had written it would leave the rows of both in it.
    """
    held = db.info.get(APPROVED_STATE)
    if held is not None and held.is_active:
        return
    db.scalars(select(Counter).with_for_update()).one()
    db.flush()
    db.expire_all()
    # A savepoint that is rolled back releases the lock.
    db.info[APPROVED_STATE] = db.get_nested_transaction() or db.get_transaction()


APPROVED_STATE = "approved_state"
"""Where a session holds the transaction in which it locked the approved state."""


def _row(db: Session, form: RecordForm) -> models.Record | None:
    return db.get(models.MODELS[KIND[type(form)]], form.id)


def _make_room(db: Session, changed: Iterable[tuple[RecordForm, models.Record]]) -> None:
    """Takes from these what only one may have, so that they can give it to each other.

    The database checks such rules row by row: a mark that moves from one row to another would be there twice.
    """
    for form, row in changed:
        for name, field in type(form).model_fields.items():
            if rows_of(field):
                setattr(row, name, [])
        match row:
            case models.Source():
                row.slug = row.url_normalised = None
            case models.Event():
                row.slug = None
            case models.Estimate():
                row.slug, row.role = None, FigureRole.ORDINARY
            case models.Place():
                row.geonames = None
    db.flush()


class WouldLose(ValueError):
    """Something private belongs to a row of which a format without private values does not say what became of it."""

    def __init__(self, field: str, row: Form) -> None:
        said = [
            str(value)
            for name in type(row).model_fields
            if (value := getattr(public(row), name)) and value != []
        ]
        super().__init__(
            f"what the desk alone knows of “{' · '.join(said[:2])}” would be lost, since no row here is the same: "
            "change that one at the desk"
        )
        self.field = field


def with_private(db: Session, form: RecordForm, *, loses_nothing: bool = False) -> RecordForm:
    """The form with the private values that the desk has, for a format that has no place for them; checked again.

    With `loses_nothing`, a row without an id that was edited is known by its place, and WouldLose is raised where
    something private belongs to a row that is there no more.
    """
    row = _row(db, form)
    if row is None:
        return form
    both = _with_private(form, form_of(row), loses_nothing)
    return form if both == form else type(form).model_validate(both.model_dump())


def _with_private(form: F, old: Form, loses_nothing: bool) -> F:
    values: dict[str, Any] = {}
    for name, field in type(form).model_fields.items():
        was = getattr(old, name, None)
        if is_private(field):
            values[name] = getattr(form, name) or was
        elif rows_of(field) and was:
            rows = getattr(form, name)
            before = earlier([getattr(row, "id", "") for row in rows], was, _is_one_of(rows))
            if loses_nothing:
                before = _all_found(name, rows, was, before)
            values[name] = [
                _with_private(row, old, loses_nothing) if old else row
                for row, old in zip(rows, before, strict=True)
            ]
    return form.model_copy(update=values)


def _all_found(
    field: str, rows: Sequence[F], was: Sequence[F], before: Sequence[F | None]
) -> list[F | None]:
    """What each row was before, also where it was edited: it stands where it stood, and not all of it is new."""
    found = list(before)
    for at, old in enumerate(was):
        if public(old) == old or any(old is each for each in before):
            continue
        is_in_place = len(rows) == len(was) and found[at] is None
        if not is_in_place or not _have_something_in_common(rows[at], old):
            raise WouldLose(field, old)
        found[at] = old
    return found


def _have_something_in_common(row: F, old: F) -> bool:
    if getattr(row, "id", "") or getattr(old, "id", ""):
        return False
    # Two residents have as much in common as any two people: a code alone says nothing.
    said = ((name, value) for name, value in public(old) if value and not isinstance(value, Code))
    return any(value == getattr(row, name) for name, value in said)


def _is_one_of(rows: Sequence[Form]) -> Callable[[int, Form], bool]:
    return lambda index, old: public(rows[index]) == public(old)


def earlier(
    ids: Sequence[str], was: Sequence[F], says_same: Callable[[int, F], bool]
) -> list[F | None]:
    """What each row was before: the one with its id or, where it has none, one that says the same, each taken once.

    Its place tells nothing: after a row that is put in or taken out all others would be taken for their neighbours.
    """
    by_id = {getattr(row, "id", ""): row for row in was}
    left = [row for row in was if not getattr(row, "id", "") or getattr(row, "id", "") not in ids]
    found: list[F | None] = []
    for index, id in enumerate(ids):
        if id:
            found.append(by_id.get(id))
            continue
        at = next((at for at, row in enumerate(left) if says_same(index, row)), None)
        found.append(None if at is None else left.pop(at))
    return found


def form_of(row: models.Record) -> RecordForm:
    """The approved state as its form."""
    return _form(
        next(FORMS[kind] for kind, model in models.MODELS.items() if isinstance(row, model)), row
    )


@contextmanager
def held_together(db: Session, ids: Iterable[str]) -> Iterator[None]:
    """Meanwhile each of these approved records is found by its id without a statement: a few read all of them."""
    by_kind: dict[str, list[str]] = {}
    for id in ids:
        by_kind.setdefault(id[0], []).append(id)
    # The session lets go of what nobody holds.
    held = [
        row
        for kind, some in by_kind.items()
        for row in db.scalars(select(models.MODELS[kind]).where(models.MODELS[kind].id.in_(some)))
    ]
    yield
    held.clear()


def pending(db: Session) -> list[models.Record]:
    """Records of which readers see less, or other, than the desk has approved."""
    return [
        row
        for model in models.MODELS.values()
        for row in db.scalars(select(model).where(model.is_pending))
    ]


def everything(db: Session) -> Iterable[RecordForm]:
    """All approved records as forms: names first, then sources, events and figures, each in the order of ids."""
    for model in models.MODELS.values():
        for row in db.scalars(select(model).order_by(func.length(model.id), model.id)):
            yield form_of(row)


def _fill(row: object, form: Form) -> None:
    """Sets the columns of the form's fields; child rows are made anew, in the order of the form."""
    mapper = inspect(type(row))
    for name, field in type(form).model_fields.items():
        value = getattr(form, name)
        if rows_of(field):
            child = mapper.relationships[name].mapper.class_
            made = []
            for item in value:
                made.append(child())
                _fill(made[-1], item)
            value = made
        elif value == "":
            value = None
        setattr(row, name, value)
    if isinstance(row, models.Term):
        row.place = row.code if row.key == "place" else None
        row.code_id = f"{row.key}:{row.code}" if row.code and row.key != "place" else None
    elif isinstance(row, models.Legal):
        row.instrument_id = f"instrument:{row.instrument}" if row.instrument else None


def _fill_worked_out(row: object, form: RecordForm) -> None:
    """Columns that follow from the form and that constraints need."""
    match row, form:
        case models.Source(), SourceForm():
            row.url_normalised = normalised_url(form.url)
            row.published_first, row.published_last = _bounds(form.published)
        case models.Event(), EventForm():
            row.type_id = f"type:{form.type}"
            row.happened_first, row.happened_last = _bounds(form.happened)
        case models.Estimate(), EstimateForm():
            row.series = conflicts.series(form)
            row.time_first, row.time_last = _bounds(form.as_of or form.period)
        case models.Code(), _:
            row.id = form.id


def _bounds(edtf: str) -> tuple[date | None, date | None]:
    whole = dates.parse(edtf).whole if edtf else None
    return (whole.first, whole.last) if whole else (None, None)


def _form(form: type[F], row: Any) -> F:
    values: dict[str, Any] = {}
    for name, field in form.model_fields.items():
        value = getattr(row, name)
        child = rows_of(field)
        if child:
            values[name] = [_form(child, item) for item in value]
        elif value is not None:
            values[name] = (
                list(value)
                if not isinstance(value, str | bytes) and hasattr(value, "__iter__")
                else value
            )
    return form.model_validate(values)
