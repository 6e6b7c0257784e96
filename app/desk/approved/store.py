"""Converts the approved state between forms and tables, whose columns are the form's fields."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from app.database.sessions import DeskSession
from app.dates import edtf as dates
from app.desk.approved import models, public_ids
from app.kinds import (
    FORMS,
    KIND,
    EstimateForm,
    EventForm,
    Form,
    RecordForm,
    SourceForm,
)
from app.kinds.base import rows_of
from app.progress import track
from app.record.models import Version
from app.record.publishing.next_edition import lock_counter
from app.record.reads.source_urls import normalised_url
from app.record.rules import conflicts
from app.vocabulary.estimates import FigureRole
from app.vocabulary.events import KIND_OF_TERM, TermKey
from app.vocabulary.record import Why


def published_version(db: Session, id: str) -> Version | None:
    """Return the published version of a record."""
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
    reading.
    """
    lock_approved_state(db)
    changed = [
        (form, row)
        for form in track(forms, "Comparing with what is stored")
        if (row := _find_row(db, form)) is None or form_of(row) != form
    ]
    _clear_unique_values(db, [(form, row) for form, row in changed if row is not None])
    for form, present in track(changed, "Storing records"):
        row = present or models.MODELS[KIND[type(form)]]()
        if present is None:
            row.id = form.id
            db.add(row)
        _fill(row, form)
        _fill_calculated(row, form)
        row.is_pending, row.why, row.reason = True, why, reason or None
    public_ids.reserve_ids(db, [form for form, _ in changed])
    return [form for form, _ in changed]


def lock_approved_state(db: Session) -> None:
    """Lock the approved state and publishing until this transaction ends; reload all rows.

    Without the lock, two concurrent writers of a record would leave the rows of both in it.
    """
    assert isinstance(db, DeskSession)  # knows what it has locked
    if db.locked_in is not None and db.locked_in.is_active:
        return
    lock_counter(db)
    db.flush()
    db.expire_all()
    # Rolling back to a savepoint releases locks taken after it, so the savepoint is stored.
    db.locked_in = db.get_nested_transaction() or db.get_transaction()


def _find_row(db: Session, form: RecordForm) -> models.Record | None:
    return db.get(models.MODELS[KIND[type(form)]], form.id)


def _clear_unique_values(db: Session, changed: Iterable[tuple[RecordForm, models.Record]]) -> None:
    """Clear unique values of the changed rows, so that records can exchange them.

    PostgreSQL checks unique indexes row by row. A preferred role that moves between rows would
    exist twice for a moment.
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


def form_of(row: models.Record) -> RecordForm:
    """Return the approved state of a row as its form."""
    return _form(
        next(FORMS[kind] for kind, model in models.MODELS.items() if isinstance(row, model)), row
    )


@contextmanager
def preload_rows(db: Session, ids: Iterable[str]) -> Iterator[None]:
    """Keep these records loaded in the session, with one query for each kind."""
    by_kind: dict[str, list[str]] = {}
    for id in ids:
        by_kind.setdefault(id[0], []).append(id)
    # The session references rows weakly.
    held = [
        row
        for kind, some in by_kind.items()
        for row in db.scalars(select(models.MODELS[kind]).where(models.MODELS[kind].id.in_(some)))
    ]
    yield
    held.clear()


def pending_rows(db: Session) -> list[models.Record]:
    """Return the records whose approved state differs from the published state."""
    return [
        row
        for model in models.MODELS.values()
        for row in db.scalars(select(model).where(model.is_pending))
    ]


def all_forms(db: Session) -> Iterable[RecordForm]:
    """Yield all approved records as forms, in the order of MODELS and then of ids."""
    for model in models.MODELS.values():
        for row in db.scalars(select(model).order_by(func.length(model.id), model.id)):
            yield form_of(row)


def _fill(row: object, form: Form) -> None:
    """Set the columns of the form's fields. Child rows are replaced, in the order of the form."""
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
    if isinstance(row, models.RecordTermRow):
        row.place = row.code if row.key == TermKey.PLACE else None
        row.actor = row.code if row.key == TermKey.ACTOR else None
        is_of_list = row.code and row.key not in KIND_OF_TERM
        row.code_id = f"{row.key}:{row.code}" if is_of_list else None


def _fill_calculated(row: object, form: RecordForm) -> None:
    """Set columns that are calculated from the form and needed by constraints."""
    match row, form:
        case models.Source(), SourceForm():
            row.url_normalised = normalised_url(form.url)
            row.published_first, row.published_last = _bounds(form.published)
        case models.Event(), EventForm():
            row.type_id = f"type:{form.type}"
            row.happened_first, row.happened_last = _bounds(form.when)
        case models.Estimate(), EstimateForm():
            row.series = conflicts.series_key(form)
            row.time_first, row.time_last = _bounds(form.as_of or form.period)
        case models.ApprovedCodeRow(), _:
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
