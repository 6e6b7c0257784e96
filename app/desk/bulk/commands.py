"""Preview a bulk edit, make its drafts, and undo it.

Each record gets a revision. Published records are changed in a new draft, which is submitted for
review; drafts of new records stay drafts.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import (
    WRITABLE_STATES,
    WRITING_CAUSES,
    Draft,
    DraftState,
    Revision,
    RevisionCause,
)
from app.desk.approved.models import Record
from app.desk.approved.store import preload_rows
from app.desk.bulk.operations import BulkEdit, apply_bulk_edit
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.change_reasons import missing_reasons
from app.desk.drafts.trial_publish import publish_errors_by_id
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.desk.merges.commands import fingerprint
from app.documents import Document, document_of, errors_in_words, fit_to_form
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.kinds import FORMS, Form, RecordForm
from app.record.publishing.validation import PublishError


@dataclass(frozen=True)
class PlannedChange:
    """The planned change of one record."""

    id: str
    before: Document
    after: Document
    draft: Draft | None = None
    """The draft of a record that is not published. None if the record is published."""
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
    publishable = [each for each in planned if not each.refusals and each.draft is None]
    forms: list[RecordForm] = [
        form
        for each in publishable
        if (form := check_draft(FORMS[each.id[0]], each.after, catalogue).form) is not None
    ]
    refusals = publish_errors_by_id(db, catalogue, forms)
    return [
        replace(each, refusals=refusals[each.id]) if each.id in refusals else each
        for each in planned
    ]


def _plan_record(db: Session, catalogue: Catalogue, act: BulkEdit, id: str) -> PlannedChange | None:
    row, draft = db.get(Record, id), drafts.open_draft(db, id)
    form = FORMS[id[0]]
    if row is not None:
        before = document_of(row.form)
        reason = _open_draft_reason(db, catalogue.person, draft) if draft else ""
    elif draft is not None:
        before = fit_to_form(form, draft.document)
        reason = _draft_reason(db, catalogue.person, draft)
    else:
        return None
    after = apply_bulk_edit(act, form, before)
    if not reason and after == before:
        reason = _("it has nothing to change")
    refusals = [reason] if reason else _new_errors(catalogue, form, before, after)
    return PlannedChange(id, before, after, draft if row is None else None, refusals)


def _open_draft_reason(db: Session, person: Person, draft: Draft) -> str:
    if draft.owner == person.id:
        return _("you have an open draft of it: publish or delete the draft first")
    who = db.get_one(Person, draft.owner).called
    return _("{who} has an open draft of it: the draft must be published or deleted first").format(
        who=who
    )


def _draft_reason(db: Session, person: Person, draft: Draft) -> str:
    if draft.owner != person.id:
        return _("{who} is editing it").format(who=db.get_one(Person, draft.owner).called)
    return (
        "" if draft.state in WRITABLE_STATES else _("it is in review: cancel its submission first")
    )


def _new_errors(
    catalogue: Catalogue, form: type[Form], before: Document, after: Document
) -> list[str]:
    """Return errors that the edit adds. Errors that a draft had before do not count."""
    old_errors = check_draft(form, before, catalogue).errors
    errors = check_draft(form, after, catalogue).errors
    return errors_in_words(
        form, {path: error for path, error in errors.items() if path not in old_errors}, after
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
    planned = plan_changes(db, catalogue, proposal.act, proposal.seen)
    reasons = [f"{each.id}: {reason}" for each in planned for reason in each.refusals]
    reasons += [
        _("{id} has changed since you opened this page: check it again").format(id=each.id)
        for each in planned
        if each.seen != proposal.seen[each.id]
    ]
    if any(each.draft is None for each in planned):
        reasons += missing_reasons(proposal.why, proposal.reason)
    if not planned:
        reasons.append(_("no record is ticked"))
    if reasons:
        raise PublishError(reasons)
    name, by = secrets.token_hex(8), catalogue.person
    drafts.lock_records(db, list(proposal.seen))
    with preload_rows(db, proposal.seen):
        for each in planned:
            _make_revision(db, by, each, proposal, name)
    log_action(db, Action.CHANGED_TOGETHER, by, name, f"{proposal.act.words} ({len(planned)})")
    return name


def _make_revision(
    db: Session, by: Person, planned: PlannedChange, proposal: BulkEditRequest, name: str
) -> None:
    if planned.draft is not None:
        number = planned.draft.number
        draft = drafts.find(db, planned.draft.id)
        is_unchanged = draft is not None and (draft.number, draft.owner) == (number, by.id)
    else:
        draft = drafts.begin_to_change(db, by, planned.id)
        is_unchanged = draft is not None and (draft.number, draft.owner) == (0, by.id)
    if draft is None or not is_unchanged:
        raise PublishError(
            [_("{id} has changed since you opened this page: check it again").format(id=planned.id)]
        )
    draft.document = apply_bulk_edit(
        proposal.act, drafts.form_of(draft), fit_to_form(drafts.form_of(draft), draft.document)
    )
    if planned.draft is None:
        draft.why, draft.reason = proposal.why, proposal.reason
    drafts.next_revision(
        db, draft, by, RevisionCause.TOGETHER, sheet=name, words=proposal.act.words
    )
    if planned.draft is None:
        drafts.move(db, draft, by, drafts.SUBMIT, name)


# Results ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MadeRevision:
    """A revision made by a bulk edit, and the current state of its draft."""

    revision: Revision
    draft: Draft
    before: Revision
    was_begun_for_it: bool
    can_be_taken_back: bool


def revisions_of_bulk_edit(db: Session, name: str) -> list[MadeRevision]:
    found = (
        select(Revision)
        .where(Revision.saved == RevisionCause.TOGETHER, Revision.sheet == name)
        .order_by(Revision.draft)
    )
    return [_made_of(db, revision) for revision in db.scalars(found).all()]


def _made_of(db: Session, revision: Revision) -> MadeRevision:
    draft = db.get_one(Draft, revision.draft)
    before = drafts.state_at(db, draft, revision.number - 1)
    assert before is not None  # every draft has a first revision
    was_edited = any(
        each.saved in WRITING_CAUSES for each in drafts.revisions(db, draft, after=revision.number)
    )
    is_new_draft = before.number == 0 and draft.base is not None
    undoable_states = WRITABLE_STATES | {DraftState.IN_REVIEW} if is_new_draft else WRITABLE_STATES
    can_be_taken_back = draft.state in undoable_states and not was_edited
    return MadeRevision(revision, draft, before, is_new_draft, can_be_taken_back)


@dataclass(frozen=True)
class RecentBulkEdit:
    """A recent bulk edit and its number of records."""

    name: str
    words: str
    by: int
    at: datetime
    count: int


def recent_bulk_edits(db: Session) -> list[RecentBulkEdit]:
    columns = (Revision.sheet, Revision.words, Revision.by, func.min(Revision.at), func.count())
    found = select(*columns).where(Revision.saved == RevisionCause.TOGETHER)
    grouped = found.group_by(Revision.sheet, Revision.words, Revision.by).order_by(
        func.min(Revision.at).desc()
    )
    return [
        RecentBulkEdit(name, words or "", by, at, count)
        for name, words, by, at, count in db.execute(grouped.limit(MAX_RECENT_EDITS))
    ]


MAX_RECENT_EDITS = 8


def undo_bulk_edit(db: Session, by: Person, name: str) -> tuple[int, int]:
    """Delete the drafts made for the bulk edit and restore the others to their earlier revision.

    Returns how many were undone and how many were left, because they were approved, published or
    edited since. Raises InvalidStateError, with nothing changed, on a concurrent change.
    """
    made = revisions_of_bulk_edit(db, name)
    undoable = [each for each in made if each.can_be_taken_back]
    # Lock all drafts, in the usual order, and check that none changed before undoing the first.
    for each in undoable:
        number = each.draft.number
        draft = drafts.find(db, each.draft.id)
        if draft is None or draft.number != number:
            raise InvalidStateError
    for each in undoable:
        if not each.was_begun_for_it:
            drafts.restore(db, each.draft, each.before.number, by, name)
            continue
        if each.draft.state == DraftState.IN_REVIEW:
            drafts.move(db, each.draft, by, drafts.TAKE_BACK, name)
        drafts.move(db, each.draft, by, drafts.DELETE, name)
    if undoable:
        log_action(db, Action.TOOK_TOGETHER_BACK, by, name, f"{len(undoable)}")
    return len(undoable), len(made) - len(undoable)
