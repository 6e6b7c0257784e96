"""Publish a draft on trial: run `publish()`, look at the result, and roll back.

A preview therefore equals the published page, and validation errors are known before review.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

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
from app.record.names.directory import Directory, read_directory
from app.record.names.quantity import measure_in_words
from app.record.names.status_labels import last_reported_labels
from app.record.names.support_labels import reports_label, support_labels
from app.record.payloads import cited_payload, event_payload
from app.record.publishing.publish import Approved, publish
from app.record.publishing.validation import (
    PublishError,
    referenced_records,
    refuse_private_outside_public,
)
from app.record.sql.rows import records_citing
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.web.urls import url


@dataclass(frozen=True)
class Trial:
    """The published result: the record's row, and its edition and directory."""

    edition: SelectedEdition
    row: Version
    directory: Directory


@contextmanager
def publish_all_on_trial(
    db: Session, catalogue: Catalogue, forms: Sequence[RecordForm]
) -> Iterator[dict[str, Trial]]:
    """Publish these records together, and roll back on exit; yield a trial of each by id.

    Raises PublishError. Other publications wait meanwhile.
    """
    with _published_on_trial(db, catalogue, forms):
        edition = select_edition(db)
        ids = [form.id for form in forms]
        rows = db.scalars(select(Version).where(Version.id.in_(ids), edition.holds())).all()
        directory = read_directory(db, edition)
        yield {row.id: Trial(edition, row, directory) for row in rows}


@contextmanager
def _published_on_trial(
    db: Session, catalogue: Catalogue, forms: Sequence[RecordForm]
) -> Iterator[None]:
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
        yield
    finally:
        savepoint.rollback()
        db.expire_all()


def publish_errors(db: Session, catalogue: Catalogue, form: RecordForm) -> list[str]:
    """Return why this can't be published now, if it can't."""
    return publish_errors_by_id(db, catalogue, [form]).get(form.id, [])


def publish_errors_by_id(
    db: Session, catalogue: Catalogue, forms: Sequence[RecordForm]
) -> dict[str, list[str]]:
    """Return by id why some can't be published. Bisects, since most can."""
    if not forms:
        return {}
    try:
        with _published_on_trial(db, catalogue, forms):
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


# Preview ------------------------------------------------------------------------------------------


SUMMARY = ("what", "when", "stages", "support", "disputed", "reports", "conflicts")


def preview_summary(tried: Trial) -> dict[str, Any]:
    """Return what the rules make of a draft: codes with labels; of named records nothing."""
    row, directory = tried.row, tried.directory
    if row.kind not in CITING_KINDS:
        return dict.fromkeys(SUMMARY, "")
    is_event, form, cited = row.kind == RecordKind.EVENT, row.payload["form"], cited_payload(row)
    return {
        "what": directory.label("type", form["type"]) if is_event else measure_in_words(form),
        "when": row.payload["happened_words" if is_event else "time_words"],
        "stages": last_reported_labels(event_payload(row)) if is_event else (),
        "support": support_labels(cited),
        "disputed": [directory.label("disputed", code) for code in row.payload["disputed"]],
        "reports": reports_label(cited),
        # Estimates that contradict this one, with their URLs.
        "conflicts": [(id, url("estimate", id=id)) for id in row.payload.get("conflicts", ())],
    }
