"""Publish a draft on trial: run `publish()`, look at the result, and roll back.

A preview therefore equals the published page, and validation errors are known before review.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import Catalogue
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import FORMS, EventForm, PageForm, RecordForm
from app.kinds.vocabulary import nationalities
from app.record.editions import SelectedEdition, select_edition
from app.record.models import Version
from app.record.publishing.publish import Approved, publish
from app.record.publishing.validation import (
    PublishError,
    referenced_records,
    refuse_private_outside_public,
)
from app.record.sql.rows import records_citing
from app.vocabulary.kinds import RecordKind


@contextmanager
def publish_on_trial(
    db: Session, catalogue: Catalogue, forms: Sequence[RecordForm]
) -> Iterator[SelectedEdition]:
    """Publish these records together, and roll back on exit; yield their edition.

    Raises PublishError. Other publications wait meanwhile.
    """
    savepoint = db.begin_nested()
    try:
        for form in forms:
            if isinstance(form, EventForm):
                refuse_private_outside_public(form, catalogue.directory.places)
        referred = _unpublished_references(db, catalogue, forms)
        publish(db, [Approved(each) for each in (*referred, *forms)])
        for form in forms:
            if isinstance(form, PageForm):
                _refuse_missing_citations(db, form)
        yield select_edition(db)
    finally:
        savepoint.rollback()
        db.expire_all()


def publish_errors_by_id(
    db: Session, catalogue: Catalogue, forms: Sequence[RecordForm]
) -> dict[str, list[str]]:
    """Return by id why some can't be published. Bisects, since most can."""
    if not forms:
        return {}
    try:
        with publish_on_trial(db, catalogue, forms):
            return {}
    except PublishError as refused:
        if len(forms) == 1:
            return {forms[0].id: refused.reasons}
    middle = len(forms) // 2
    return publish_errors_by_id(db, catalogue, forms[:middle]) | publish_errors_by_id(
        db, catalogue, forms[middle:]
    )


def _refuse_missing_citations(db: Session, page: PageForm) -> None:
    """Refuse an editor's sentence that names a citation of no published record.

    publish() does not: a record that a published sentence cites may be withdrawn.
    """
    known = records_citing(db, select_edition(db), page.cited)
    if missing := [id for id in page.cited if id not in known]:
        raise PublishError(
            [
                _(
                    "{ids} is no citation of a published event or estimate: copy the id from the "
                    "page of the record"
                ).format(ids=enumerate_words(missing))
            ]
        )


def _unpublished_references(
    db: Session, catalogue: Catalogue, forms: Sequence[RecordForm]
) -> list[RecordForm]:
    """Return records that these refer to, directly or not, and that readers can't see yet."""
    found: list[RecordForm] = []
    own, visited = {form.id for form in forms}, set[tuple[str, str]]()
    wanted = [target for form in forms for target in referenced_records(form)]
    while wanted:
        target = wanted.pop()
        if target in visited:
            continue
        visited.add(target)
        if is_published(db, target):
            continue
        form = _form_at_desk(db, catalogue, target)
        if form is not None and form.id not in own:
            own.add(form.id)
            found.append(form)
            wanted += referenced_records(form)
    return found


def is_published(db: Session, target: tuple[str, str]) -> bool:
    kind, name = target
    open_row = select(Version.seq).where(
        Version.kind == kind, Version.closed.is_(None), Version.is_live
    )
    return (
        db.scalars(open_row.where(or_(Version.id == name, Version.slug == name)).limit(1)).first()
        is not None
    )


def _form_at_desk(db: Session, catalogue: Catalogue, target: tuple[str, str]) -> RecordForm | None:
    kind, name = target
    row = store.find_named(db, kind, name)
    if row is not None:
        return row.form
    if kind == RecordKind.CODE:
        return nationalities().get(name)
    draft = catalogue.draft_named(kind, name)
    if draft is None:
        return None
    drafted: RecordForm | None = check_draft(FORMS[kind], draft.document, catalogue).form
    if drafted is None:
        # "Not in the record" would be true, but would not say what to do.
        raise PublishError(
            [_("{id} is incomplete: fill in its missing fields first").format(id=draft.record)]
        )
    return drafted
