"""Submit a report: all drafts written from a source and that of the source itself, in one press."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import KIND_LABELS, WRITABLE_STATES, Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft
from app.desk.draft_form.fields import as_sentence
from app.desk.drafts import commands
from app.desk.drafts.page_view import draft_view
from app.desk.drafts.trial_publish import publish_errors_by_id
from app.desk.drafts.update import align
from app.desk.identity.models import Person
from app.forms import RecordForm
from app.i18n.translate import _
from app.vocabulary.kinds import RecordKind
from app.web.urls import url


@dataclass(frozen=True)
class SubmissionError:
    """Why a row can't be submitted: the record, its title, and the field with its error."""

    record: str
    kind: str
    title: str
    words: str
    address: str
    """The field on the page of the draft."""


def drafts_of_report(db: Session, person: Person, source: str) -> list[Draft]:
    """Return the drafts of a report that this person can submit, the source's own before others."""
    order = case(
        {RecordKind.SOURCE: 1, RecordKind.EVENT: 2, RecordKind.ESTIMATE: 3},
        value=Draft.kind,
        else_=0,
    )
    found = select(Draft).where(
        or_(Draft.article == source, Draft.record == source),
        Draft.state.in_(WRITABLE_STATES),
        Draft.number > 0,
    )
    drafts = db.scalars(found.order_by(order, Draft.id)).all()
    return [draft for draft in drafts if commands.may_write(person, draft)]


def submit_report(
    db: Session, person: Person, source: str
) -> tuple[Sequence[Draft], Sequence[SubmissionError]]:
    """Submit all drafts of a report, or none; return them, or what is wrong with each.

    The drafts are locked until the transaction ends.
    """
    ids = sorted(draft.id for draft in drafts_of_report(db, person, source))
    locked = select(Draft).where(Draft.id.in_(ids)).order_by(Draft.id).with_for_update()
    db.scalars(locked, execution_options={"populate_existing": True}).all()
    drafts = drafts_of_report(db, person, source)
    errors: list[SubmissionError] = []
    for draft in drafts:
        align(db, draft, person)
        missing = draft_view(db, person, draft, sheet="").missing
        errors += [_error(db, person, draft, each.words, each.anchor) for each in missing]
    errors = errors or _publish_errors(db, person, drafts)
    if errors:
        return [], errors
    key = secrets.token_hex(8)
    for draft in drafts:
        commands.move(db, draft, person, commands.SUBMIT, key)
    return drafts, []


def _publish_errors(db: Session, person: Person, drafts: Sequence[Draft]) -> list[SubmissionError]:
    """Return why the rows can't be published together, although each field is valid."""
    catalogue = Catalogue(db, person)
    forms: list[RecordForm] = []
    for draft in drafts:
        checked = check_draft(commands.form_of(draft), catalogue.visible(draft), catalogue)
        if checked.form is not None:
            forms.append(checked.form)
    refused = publish_errors_by_id(db, catalogue, forms)
    return [
        _error(db, person, draft, as_sentence(reason.removeprefix(f"{draft.record}: ")), "")
        for draft in drafts
        for reason in refused.get(draft.record, ())
    ]


def _error(db: Session, person: Person, draft: Draft, words: str, anchor: str) -> SubmissionError:
    catalogue = Catalogue(db, person)
    page = f"{url('draft', id=draft.id)}?check=1"
    return SubmissionError(
        record=draft.record,
        kind=_(KIND_LABELS[draft.kind]),
        title=catalogue.title(draft.kind, draft.document),
        words=words,
        address=f"{page}#{anchor}" if anchor else page,
    )
