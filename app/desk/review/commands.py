"""Return, approve and publish drafts.

Approving validates a draft. Only publishing writes it to the approved tables and, in the same
transaction, to the record, so an approval can be revoked without undoing anything.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import (
    WAITING_STATES,
    Draft,
    DraftState,
    RevisionCause,
    Significance,
)
from app.desk.approved.models import Record
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import lock_approved_state, preload_rows, save
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.proposals import codes_used
from app.desk.drafts import commands
from app.desk.drafts.commands import Transition, move
from app.desk.drafts.comments import comment, notify_owners
from app.desk.drafts.trial_publish import publish_errors, publish_errors_by_id
from app.desk.drafts.update import align
from app.desk.identity.audit_log import Action
from app.desk.identity.models import Person
from app.desk.identity.notices import NoticeKind
from app.desk.identity.permissions import can_approve
from app.desk.review.authors import authors
from app.desk.review.references import unpublished_references, valid_form
from app.errors import InvalidStateError
from app.i18n.formats import enumerate_words, sentences
from app.i18n.translate import _
from app.kinds import FORMS, CodeForm, EventForm, RecordForm
from app.record.models import Edition
from app.record.publishing.validation import PublishError
from app.record.rules.disputes import citations_to_reconfirm
from app.settings import Settings
from app.vocabulary.kinds import CITING_KINDS, RecordKind

RETURN = Transition(WAITING_STATES, DraftState.RETURNED, RevisionCause.RETURNED, Action.RETURNED)
APPROVE = Transition(
    frozenset({DraftState.IN_REVIEW}), DraftState.APPROVED, RevisionCause.APPROVED, Action.APPROVED
)
PUBLISH = Transition(
    frozenset({DraftState.APPROVED}),
    DraftState.PUBLISHED,
    RevisionCause.PUBLISHED,
    Action.PUBLISHED,
)


class UnconfirmedError(Exception):
    """Citations whose stance concerned earlier text must still be confirmed (rule 13)."""


# Permissions ------------------------------------------------------------------------------------


def may_decide(db: Session, person: Person, draft: Draft, settings: Settings) -> bool:
    return draft.state in WAITING_STATES and can_approve(person, authors(db, draft), settings)


# Decisions --------------------------------------------------------------------------------------


PUBLISH_ORDER = func.strpos("".join(FORMS), Draft.kind)
"""The order of kinds in which each comes after those that it refers to.

Any first part of a list can therefore be published.
"""


def check_revision_seen(draft: Draft, looked_at: int) -> None:
    """Raise an error if the draft has changed since the revision that was looked at."""
    if draft.number != looked_at:
        raise InvalidStateError


def return_to_author(db: Session, draft: Draft, by: Person, comments: Mapping[str, str]) -> None:
    """Return a draft to its author, with comments by field; an empty name is the whole draft."""
    for place, words in comments.items():
        comment(db, draft, by, words, place=place, notifies=False)
    move(db, draft, by, RETURN)
    notify_owners(db, NoticeKind.RETURNED, [draft], by)


def approve(db: Session, draft: Draft, by: Person, confirmed: Collection[str]) -> None:
    """Approve a draft, once all citations in doubt are confirmed.

    Raises PublishError if it could not be published.
    """
    catalogue = Catalogue(db, by)
    form, doubts = checked_form(db, catalogue, draft, confirmed)
    if reasons := publish_errors(db, catalogue, form):
        raise PublishError(reasons)
    move(db, draft, by, APPROVE, words=enumerate_words(doubts))
    notify_owners(db, NoticeKind.APPROVED, [draft], by)


def approve_all(
    db: Session,
    by: Person,
    looked_at: Mapping[int, int],
    confirmed: Collection[str],
    settings: Settings,
) -> tuple[int, list[str]]:
    """Approve many drafts, each as if alone; return how many, and why others were not.

    `looked_at` maps draft ids to the revision that the approver saw. Skips approved drafts.
    """
    locked = select(Draft).where(Draft.id.in_(looked_at)).order_by(Draft.id).with_for_update()
    drafts = db.scalars(locked, execution_options={"populate_existing": True}).all()
    catalogue = Catalogue(db, by)
    forms: dict[str, RecordForm] = {}
    doubts: dict[str, Sequence[str]] = {}
    not_approved: dict[str, str] = {}
    with preload_rows(db, [draft.record for draft in drafts]):
        for draft in drafts:
            if draft.state in {DraftState.APPROVED, DraftState.PUBLISHED}:
                continue
            try:
                check_revision_seen(draft, looked_at[draft.id])
                if not may_decide(db, by, draft, settings):
                    raise PublishError([_("another person must review it")])
                forms[draft.record], doubts[draft.record] = checked_form(
                    db, catalogue, draft, confirmed
                )
            except (PublishError, UnconfirmedError, InvalidStateError) as error:
                not_approved[draft.record] = _reason_not_approved(error)
    # Together, since each trial validates a draft with all its references. One error does not stop
    # the others.
    not_approved |= {
        id: sentences(reasons)
        for id, reasons in publish_errors_by_id(db, catalogue, list(forms.values())).items()
    }
    approved = [
        draft for draft in drafts if draft.record in forms and draft.record not in not_approved
    ]
    for draft in approved:
        move(db, draft, by, APPROVE, words=enumerate_words(doubts[draft.record]))
    notify_owners(db, NoticeKind.APPROVED, approved, by)
    return len(approved), [f"{id}: {words}" for id, words in not_approved.items()]


def _reason_not_approved(error: PublishError | UnconfirmedError | InvalidStateError) -> str:
    match error:
        case PublishError():
            return sentences(error.reasons)
        case UnconfirmedError():
            return _("confirm each citation that supports or disputes a changed value")
    return _("it has changed since you opened this page: check it again")


def checked_form(
    db: Session, catalogue: Catalogue, draft: Draft, confirmed: Collection[str]
) -> tuple[RecordForm, Sequence[str]]:
    """Return the draft's form and the citations confirmed with it, before the trial publication.

    Raises an error if the draft is behind, has no reason, or has citations in doubt.
    """
    if not align(db, draft, catalogue.person):
        raise PublishError([_behind_message(draft)])
    if draft.base and not (draft.why and draft.reason):
        raise PublishError(
            [_("enter a reason and a type of change for {id}").format(id=draft.record)]
        )
    if waiting := proposed_codes(catalogue, draft):
        message = _("an admin must first decide on the proposed code “{label}”")
        raise PublishError([message.format(label=form.label) for form in waiting])
    doubts = citations_in_doubt(catalogue, draft)
    if not set(doubts) <= set(confirmed):
        raise UnconfirmedError
    return valid_form(draft, catalogue), doubts


def proposed_codes(catalogue: Catalogue, draft: Draft) -> list[CodeForm]:
    """Return the codes that the draft uses and that are only proposed, here or in other drafts."""
    if draft.kind not in CITING_KINDS:
        return []
    used = codes_used(commands.form_of(draft), draft.document)
    return [form for id, form in catalogue.proposed.items() if id in used]


def citations_in_doubt(catalogue: Catalogue, draft: Draft) -> list[str]:
    """Return citations that support or dispute what this change alters."""
    row = catalogue.db.get(Record, draft.record) if draft.kind == RecordKind.EVENT else None
    after = check_draft(EventForm, draft.document, catalogue).form if row else None
    before = row.form if row else None
    return citations_to_reconfirm(before, after) if isinstance(before, EventForm) and after else []


# Publishing -------------------------------------------------------------------------------------


def publish_drafts(db: Session, ids: Collection[int], by: Person, message: str) -> Edition | None:
    """Publish approved drafts as one edition; None if readers would see no change.

    PublishError leaves everything unchanged. A concurrent call for the same drafts waits, and then
    raises InvalidStateError.
    """
    locked = select(Draft).where(Draft.id.in_(ids)).order_by(Draft.id).with_for_update()
    drafts = db.scalars(locked, execution_options={"populate_existing": True}).all()
    if (
        not drafts
        or len(drafts) < len(set(ids))
        or any(draft.state not in PUBLISH.out_of for draft in drafts)
    ):
        raise InvalidStateError
    try:
        lock_approved_state(db)
        with all_or_nothing(db):
            return _publish(db, drafts, by, message)
    except PublishError as refused:
        raise PublishError(unpublished_references(db, drafts, by) or refused.reasons) from refused


def _publish(db: Session, drafts: Sequence[Draft], by: Person, message: str) -> Edition | None:
    with preload_rows(db, [draft.record for draft in drafts]):
        if unknown := _introduced_elsewhere(db, drafts):
            raise PublishError(unknown)
        changes = Counter(draft.record for draft in drafts)
        if behind := [
            draft for draft in drafts if changes[draft.record] == 1 and not align(db, draft, by)
        ]:
            raise PublishError([_behind_message(draft) for draft in behind])
        catalogue = Catalogue(db, by)
        # Together, since they may refer to each other; later changes of a record one by one.
        for batch in _one_of_each_record(drafts):
            for draft in batch:
                if changes[draft.record] > 1 and not align(db, draft, by):
                    raise PublishError([_behind_message(draft)])
            forms = [valid_form(draft, catalogue) for draft in batch]
            for draft, form in zip(batch, forms, strict=True):
                _save_approved(db, draft, form)
    edition = publish_approved(
        db, message, signature=by.signature, only={draft.record for draft in drafts}
    )
    for draft in drafts:
        move(db, draft, by, PUBLISH, words=str(edition.no) if edition else "")
    notify_owners(db, NoticeKind.PUBLISHED, drafts, by)
    return edition


def _save_approved(db: Session, draft: Draft, form: RecordForm) -> None:
    why = Significance(draft.why).why if draft.why else None
    save(db, form, why, draft.reason or "")
    row = db.get_one(Record, draft.record)
    # Also without a change, since this republishes withdrawn records.
    row.is_pending, row.why, row.reason = True, why, draft.reason


def _introduced_elsewhere(db: Session, drafts: Sequence[Draft]) -> list[str]:
    """Return errors of changes to records that another draft introduces, not published yet."""
    introduced = {draft.record for draft in drafts if draft.base is None}
    message = _("{id} is new in another draft: approve that draft, too, and publish both together")
    return [
        message.format(id=draft.record)
        for draft in drafts
        if draft.record not in introduced
        and draft.base is not None
        and db.get(Record, draft.record) is None
    ]


def _one_of_each_record(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """Return the drafts in batches that have each record once, introductions first."""
    batches: list[list[Draft]] = []
    seen = Counter[str]()
    for draft in sorted(drafts, key=lambda each: each.base is not None):
        if seen[draft.record] == len(batches):
            batches.append([])
        batches[seen[draft.record]].append(draft)
        seen[draft.record] += 1
    return batches


def _behind_message(draft: Draft) -> str:
    return _("{id} was published again after this change was started: update it first").format(
        id=draft.record
    )


def check_constraints(db: Session) -> None:
    """Check deferred foreign keys now; at commit it would be too late to report errors."""
    db.flush()
    db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    db.execute(text("SET CONSTRAINTS ALL DEFERRED"))


@contextmanager
def all_or_nothing(db: Session) -> Iterator[None]:
    """Roll back on errors of validation or of the database, and raise them as PublishError."""
    savepoint = db.begin_nested()
    try:
        yield
        check_constraints(db)
    except (PublishError, IntegrityError) as error:
        savepoint.rollback()
        raise _as_publish_error(error) from error
    savepoint.commit()


def _as_publish_error(error: PublishError | IntegrityError) -> PublishError:
    """Return the error as PublishError.

    A database error names only columns and their values.
    """
    if isinstance(error, PublishError):
        return error
    diagnostics = getattr(error.orig, "diag", None)
    return PublishError(
        [
            str(
                getattr(diagnostics, "message_detail", None)
                or getattr(diagnostics, "message_primary", None)
                or error.orig
            )
        ]
    )
