"""Publishing a draft on trial: the door does all that it would do, somebody looks, and nothing of it is kept.

So a preview can't differ from what readers will get, and what the door would refuse is known before review.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved import store as commands
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft
from app.forms import FORMS, EventForm, RecordForm
from app.i18n.translate import _
from app.record.editions import Reading, reading
from app.record.models import Version
from app.record.names.directory import Directory, directory
from app.record.publishing.publish import Approved, publish
from app.record.publishing.validation import Refused, refuse_private_outside_public, targets


@dataclass(frozen=True)
class Trial:
    """What readers would have: the record's row, and the edition and names around it."""

    edition: Reading
    row: Version
    directory: Directory
    unseen: Sequence[RecordForm]
    """What readers can't see yet, or not so: the record itself, and what came with it."""


@contextmanager
def trial(db: Session, catalogue: Catalogue, form: RecordForm) -> Iterator[Trial]:
    """The record as it would be if this were published now, with what it names; Refused where that can't be.

    Nobody else publishes meanwhile, and at the end all of it is undone.
    """
    with _tried(db, catalogue, [form]) as unseen:
        edition = reading(db)
        row = db.scalars(select(Version).where(Version.id == form.id, edition.holds())).one()
        yield Trial(edition, row, directory(db, edition), unseen)


@contextmanager
def _tried(
    db: Session, catalogue: Catalogue, forms: Sequence[RecordForm]
) -> Iterator[Sequence[RecordForm]]:
    attempt = db.begin_nested()
    try:
        for form in forms:
            if isinstance(form, EventForm):
                refuse_private_outside_public(form, catalogue.directory.places)
        all_of_them = [*_not_yet_published(db, catalogue, forms), *forms]
        publish(db, [Approved(each) for each in all_of_them])
        yield all_of_them
    finally:
        attempt.rollback()
        db.expire_all()
        db.info.pop("published", None)


def refusals(db: Session, catalogue: Catalogue, form: RecordForm) -> list[str]:
    """Why this could not be published now, if it could not."""
    try:
        with trial(db, catalogue, form):
            return []
    except Refused as refused:
        return refused.reasons


def refusals_of_each(
    db: Session, catalogue: Catalogue, forms: Sequence[RecordForm]
) -> dict[str, list[str]]:
    """Of many, why some could not be published, by id. Most fit: halves are tried, and not one after the other."""
    if not forms:
        return {}
    try:
        with _tried(db, catalogue, forms):
            return {}
    except Refused as refused:
        if len(forms) == 1:
            return {forms[0].id: refused.reasons}
    middle = len(forms) // 2
    return refusals_of_each(db, catalogue, forms[:middle]) | refusals_of_each(
        db, catalogue, forms[middle:]
    )


def _not_yet_published(
    db: Session, catalogue: Catalogue, forms: Sequence[RecordForm]
) -> list[RecordForm]:
    """What these name, and what that names, as far as readers can't see it yet: approved, or a draft beside it."""
    found: list[RecordForm] = []
    own, looked_for = {form.id for form in forms}, set[tuple[str, str]]()
    wanted = [target for form in forms for target in targets(form)]
    while wanted:
        target = wanted.pop()
        if target in looked_for:
            continue
        looked_for.add(target)
        if is_published(db, target):
            continue
        named = _on_the_desk(db, catalogue, target)
        if named is not None and named.id not in own:
            own.add(named.id)
            found.append(named)
            wanted += targets(named)
    return found


def is_published(db: Session, target: tuple[str, str]) -> bool:
    kind, name = target
    open_row = select(Version.seq).where(
        Version.kind == kind, Version.closed.is_(None), Version.state == "live"
    )
    return (
        db.scalars(open_row.where(or_(Version.id == name, Version.slug == name)).limit(1)).first()
        is not None
    )


def _on_the_desk(db: Session, catalogue: Catalogue, target: tuple[str, str]) -> RecordForm | None:
    kind, name = target
    model = models.MODELS[kind]
    by_code = {"P": models.Place.code, "O": models.Outlet.code}.get(kind)
    row = db.scalars(
        select(model).where((by_code if by_code is not None else model.id) == name)
    ).first()
    if row is not None:
        return commands.form_of(row)
    draft = catalogue.draft_named(kind, name)
    if draft is None:
        return None
    drafted: RecordForm | None = check_draft(FORMS[kind], draft.document, catalogue).form
    if drafted is None:
        # That it is not in the record would be true, and tell nobody what to do.
        raise Refused(
            [_("{id} is still being written: fill in what it lacks first").format(id=draft.record)]
        )
    return drafted
