"""Preview a bulk edit, make its drafts, and undo it.

Each record is changed in a new draft, which is submitted for review.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import (
    WRITABLE_STATES,
    WRITING_CAUSES,
    Draft,
    DraftState,
    Revision,
    RevisionCause,
    Significance,
)
from app.desk.approved.models import Record
from app.desk.approved.store import preload_rows, published_version
from app.desk.bulk.operations import BulkEdit, BulkOperation, apply_bulk_edit
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.trial_publish import publish_errors_by_id
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.desk.merges import fingerprint
from app.desk.review.withdraw import default_choices
from app.documents import Document, document_of, errors_in_words
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.kinds import FORMS, RecordForm
from app.record.publishing.validation import PublishError


@dataclass(frozen=True)
class PlannedChange:
    """The planned change of one record."""

    id: str
    before: Document
    after: Document
    refusals: Sequence[str] = ()

    @property
    def seen(self) -> str:
        """Fingerprint of the record, to detect changes made after the preview."""
        return fingerprint(self.before)


# Preview ----------------------------------------------------------------------------------------


def plan_changes(
    db: Session, catalogue: Catalogue, act: BulkEdit, ids: Iterable[str]
) -> list[PlannedChange]:
    """Return the planned change of each existing record, with the reasons that prevent it."""
    record_ids = list(dict.fromkeys(ids))
    with preload_rows(db, record_ids):
        planned = [found for id in record_ids if (found := _plan_record(db, catalogue, act, id))]
    forms: list[RecordForm] = [
        form
        for each in planned
        if not each.refusals
        and (form := check_draft(FORMS[each.id[0]], each.after, catalogue).form) is not None
    ]
    is_withdrawal = act.do is BulkOperation.WITHDRAW
    refusals = {} if is_withdrawal else publish_errors_by_id(db, catalogue, forms)
    return [
        replace(each, refusals=refusals[each.id]) if each.id in refusals else each
        for each in planned
    ]


def _plan_record(db: Session, catalogue: Catalogue, act: BulkEdit, id: str) -> PlannedChange | None:
    row, draft = db.get(Record, id), drafts.open_draft(db, id)
    if row is None:
        return None
    form, before = FORMS[id[0]], document_of(row.form)
    after = apply_bulk_edit(act, form, before)
    if draft:
        refusals = [_open_draft_reason(db, catalogue.person, draft)]
    elif act.do is BulkOperation.WITHDRAW:
        published = published_version(db, id)
        is_live = published is not None and published.is_live
        refusals = [] if is_live else [_("it is not published")]
    elif after == before:
        refusals = [_("it has nothing to change")]
    else:
        errors = check_draft(form, after, catalogue).errors
        refusals = errors_in_words(form, errors, after)
    return PlannedChange(id, before, after, refusals)


def _open_draft_reason(db: Session, person: Person, draft: Draft) -> str:
    if draft.owner == person.id:
        return _("you have an open draft of it: publish or delete the draft first")
    who = db.get_one(Person, draft.owner).called
    return _("{who} has an open draft of it: the draft must be published or deleted first").format(
        who=who
    )


# Making drafts ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class BulkEditRequest:
    """A bulk edit, the fingerprint of each record in the preview, and the public reason."""

    act: BulkEdit
    seen: Mapping[str, str]
    why: str
    reason: str


def make_drafts(db: Session, catalogue: Catalogue, proposal: BulkEditRequest) -> str:
    """Make a revision of every record and return the name of the bulk edit.

    Makes no revision and raises PublishError if one of the records can't be changed.
    """
    planned = _checked_plan(db, catalogue, proposal, _missing_reasons(proposal))
    name, by = secrets.token_hex(8), catalogue.person
    drafts.lock_records(db, list(proposal.seen))
    with preload_rows(db, proposal.seen):
        for each in planned:
            _make_revision(db, by, each, proposal, name)
    log_action(db, Action.CHANGED_TOGETHER, by, name, f"{proposal.act.words} ({len(planned)})")
    return name


def _missing_reasons(proposal: BulkEditRequest) -> list[str]:
    missing = []
    if not proposal.reason:
        missing.append(_("enter a reason for the change: readers will see it"))
    if proposal.why not in Significance.by_code():
        missing.append(_("choose the type of change"))
    return missing


def _checked_plan(
    db: Session, catalogue: Catalogue, proposal: BulkEditRequest, missing: Sequence[str]
) -> list[PlannedChange]:
    """Return the planned changes. Raises PublishError if one of them is impossible by now."""
    planned = plan_changes(db, catalogue, proposal.act, proposal.seen)
    reasons = [f"{each.id}: {reason}" for each in planned for reason in each.refusals]
    reasons += [
        _("{id} has changed since you opened this page: check it again").format(id=each.id)
        for each in planned
        if each.seen != proposal.seen[each.id]
    ]
    reasons += missing
    if not planned:
        reasons.append(_("no record is ticked"))
    if reasons:
        raise PublishError(reasons)
    return planned


def withdrawal_arguments(
    db: Session, catalogue: Catalogue, proposal: BulkEditRequest
) -> tuple[str, dict[str, Any]]:
    """Return the first record and the arguments with which it and the others are withdrawn.

    Records that refer to them lose the reference or, if they need it, are withdrawn too.
    """
    missing = [] if proposal.reason else [_("enter a reason: readers will see it")]
    ids = [each.id for each in _checked_plan(db, catalogue, proposal, missing)]
    first, *others = ids
    chosen = default_choices(db, catalogue, first, others=others)
    return first, {"chosen": chosen, "others": others}


def _make_revision(
    db: Session, by: Person, planned: PlannedChange, proposal: BulkEditRequest, name: str
) -> None:
    draft = drafts.begin_to_change(db, by, planned.id)
    if draft is None or (draft.number, draft.owner) != (0, by.id):
        raise PublishError(
            [_("{id} has changed since you opened this page: check it again").format(id=planned.id)]
        )
    draft.document = apply_bulk_edit(proposal.act, drafts.form_of(draft), draft.document)
    draft.why, draft.reason = proposal.why, proposal.reason
    drafts.next_revision(
        db, draft, by, RevisionCause.TOGETHER, sheet=name, words=proposal.act.words
    )
    drafts.move(db, draft, by, drafts.SUBMIT, name)


# Undoing ----------------------------------------------------------------------------------------


UNDOABLE_STATES = WRITABLE_STATES | {DraftState.IN_REVIEW}
MAX_RECENT_EDITS = 8


def recent_bulk_edits(db: Session) -> Sequence[Any]:
    """Return name, words, person, time and records of the latest bulk edits, and the undoable."""
    by = (Revision.sheet.label("name"), Revision.words, Revision.by)
    at, is_undoable = func.min(Revision.at), Draft.state.in_(UNDOABLE_STATES)
    found = select(
        *by,
        at.label("at"),
        func.count().label("records"),
        func.count().filter(is_undoable).label("undoable"),
    )
    found = found.join(Draft, Draft.id == Revision.draft)
    found = found.where(Revision.saved == RevisionCause.TOGETHER).group_by(*by)
    return db.execute(found.order_by(at.desc()).limit(MAX_RECENT_EDITS)).all()


def undo_bulk_edit(db: Session, by: Person, name: str) -> tuple[int, int]:
    """Delete the drafts made for the bulk edit.

    Returns how many were undone and how many were left, because they were approved, published or
    edited since. Raises InvalidStateError, with nothing changed, on a concurrent change.
    """
    made = select(Revision).where(Revision.saved == RevisionCause.TOGETHER, Revision.sheet == name)
    revisions, undoable = db.scalars(made.order_by(Revision.draft)).all(), list[Draft]()
    for revision in revisions:
        draft = db.get_one(Draft, revision.draft)
        later = drafts.revisions(db, draft, after=revision.number)
        was_edited = any(each.saved in WRITING_CAUSES for each in later)
        if draft.state in UNDOABLE_STATES and not was_edited:
            undoable.append(draft)
    # Lock all drafts, in the usual order, and check that none changed before undoing the first.
    for draft in undoable:
        number, found = draft.number, drafts.find(db, draft.id)
        if found is None or found.number != number:
            raise InvalidStateError
    for draft in undoable:
        if draft.state == DraftState.IN_REVIEW:
            drafts.move(db, draft, by, drafts.TAKE_BACK, name)
        drafts.move(db, draft, by, drafts.DELETE, name)
    if undoable:
        log_action(db, Action.TOOK_TOGETHER_BACK, by, name, f"{len(undoable)}")
    return len(undoable), len(revisions) - len(undoable)
