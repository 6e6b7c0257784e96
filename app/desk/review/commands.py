"""Decide on drafts, and publish what was approved.

One draft, those of a report and those of a bulk edit are decided on in the same way: the ticked
ones are approved, the others return to their authors. Approving validates a draft. Only publishing
writes it to the approved tables and, in the same transaction, to the record.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.desk.approved.models import (
    WAITING_STATES,
    WRITING_CAUSES,
    Draft,
    DraftState,
    Record,
    Revision,
    RevisionCause,
)
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import lock_approved_state, preload_rows, save
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import comments
from app.desk.drafts.commands import Transition, form_of, move, open_drafts
from app.desk.drafts.comments import Comment, notify_owners
from app.desk.drafts.conflicts import align
from app.desk.drafts.trial_publish import is_published, publish_errors_by_id
from app.desk.identity.models import Person
from app.desk.identity.notices import NoticeKind
from app.desk.identity.permissions import can_approve
from app.documents import errors_in_words
from app.errors import InvalidStateError
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import FORMS, EventForm, RecordForm
from app.record.models import Edition
from app.record.publishing.validation import PublishError, referenced_records
from app.record.rules.independence import citations_to_reconfirm
from app.settings import Settings
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import Why

RETURN = Transition(WAITING_STATES, DraftState.RETURNED, RevisionCause.RETURNED, "returned")
APPROVE = Transition(
    {DraftState.IN_REVIEW}, DraftState.APPROVED, RevisionCause.APPROVED, "approved"
)
PUBLISH = Transition(
    {DraftState.APPROVED},
    DraftState.PUBLISHED,
    RevisionCause.PUBLISHED,
    "published",
)


class UnconfirmedError(PublishError):
    """Citations whose stance concerned earlier text must still be confirmed (rule 13)."""

    def __init__(self) -> None:
        super().__init__([_("confirm each citation that supports or disputes a changed value")])


# What is decided on together --------------------------------------------------------------------

IS_IN_REVIEW = Draft.state == DraftState.IN_REVIEW
PUBLISH_ORDER = func.strpos("".join(FORMS), Draft.kind)
"""The order of kinds in which each comes after those that it refers to.

Any first part of a list can therefore be published.
"""


@dataclass(frozen=True)
class ReviewSet:
    """Drafts that wait for one decision: one, those of a report, or those of a bulk edit."""

    condition: ColumnElement[bool]
    source: str = ""
    """Id of the report."""
    words: str = ""
    """Description of a bulk edit."""

    def drafts(self, db: Session, *, to_write: bool = False) -> Sequence[Draft]:
        found = select(Draft).where(self.condition)
        if to_write:
            _locked(db, [draft.id for draft in db.scalars(found)])
        return db.scalars(found.order_by(PUBLISH_ORDER, Draft.id)).all()


def _locked(db: Session, ids: Collection[int]) -> Sequence[Draft]:
    """Lock drafts, in the order of their ids as other commands do, and read them again."""
    locked = select(Draft).where(Draft.id.in_(ids)).order_by(Draft.id).with_for_update()
    return db.scalars(locked, execution_options={"populate_existing": True}).all()


def one_draft(db: Session, id: int) -> ReviewSet | None:
    """A draft, also after its approval: until it is published, that can be revoked."""
    if id >= 2**31 or db.get(Draft, id) is None:
        return None
    return ReviewSet((Draft.id == id) & Draft.state.in_(WAITING_STATES))


def report(catalogue: Catalogue, source: str) -> ReviewSet:
    """The drafts of a report, with those of new records, such as its outlet, that it needs."""
    own, needed = select(Draft).where(of_report(source), IS_IN_REVIEW), set[int]()
    for draft in catalogue.db.scalars(own):
        form = check_draft(form_of(draft), draft.document, catalogue).form
        needed |= {each.id for each in blocking(catalogue, form)} if form else set()
    waits = or_(of_report(source), Draft.id.in_(needed)) & IS_IN_REVIEW
    return ReviewSet(waits, source)


def of_report(source: str) -> ColumnElement[bool]:
    return or_(Draft.article == source, Draft.record == source)


def bulk_edit(db: Session, name: str) -> ReviewSet | None:
    made = Revision.saved == RevisionCause.TOGETHER, Revision.sheet == name
    words = db.scalars(select(Revision.words).where(*made).limit(1)).first()
    drafts = Draft.id.in_(select(Revision.draft).where(*made)) & IS_IN_REVIEW
    return ReviewSet(drafts, words=words) if words else None


def authors(db: Session, draft: Draft) -> set[int]:
    """Return everybody who wrote in the draft: nobody approves their own words."""
    return set(db.scalars(_writings(draft.id)))


def has_written(person: Person) -> ColumnElement[bool]:
    """Return the condition that this person is an author of the draft of a query's row."""
    return _writings(Draft.id).where(Revision.by == person.id).exists()


def _writings(draft: Any) -> Select[int]:
    """Select who saved words of a draft, given by its id or by a column."""
    return select(Revision.by).where(Revision.draft == draft, Revision.saved.in_(WRITING_CAUSES))


def may_decide(db: Session, person: Person, draft: Draft, settings: Settings) -> bool:
    return draft.state in WAITING_STATES and can_approve(person, authors(db, draft), settings)


# Decisions --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """What an editor decided. Rows are drafts, named by their ids."""

    looked_at: Mapping[int, int]
    """The revision of each row that the page showed."""
    ticked: Collection[int]
    comments: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """For each row a comment: the path of the field, "" for the whole row, and the words."""
    confirmed: Collection[str] = ()
    """Citations in doubt that were confirmed."""


def decide(
    db: Session, rows: Sequence[Draft], by: Person, decision: Decision, settings: Settings
) -> tuple[Sequence[Draft], Sequence[Draft]]:
    """Approve the ticked rows and return the others; return both. The rows are locked.

    Rows that the page did not show, and those of which another person must decide, stay as they
    are. Raises PublishError with the errors of all rows, each after the id of its record. The
    caller rolls back, so that nothing is decided then.
    """
    decided = [
        draft
        for draft in rows
        if draft.id in decision.looked_at and may_decide(db, by, draft, settings)
    ]
    if reasons := list(_changed_since(rows, decision)):
        raise PublishError(reasons)
    if not decided:
        raise PublishError([_("another person must review it, because you edited it")])
    ticked = [draft for draft in decided if draft.id in decision.ticked]
    approved = [draft for draft in ticked if draft.state == DraftState.IN_REVIEW]
    returned = [draft for draft in decided if draft.id not in decision.ticked]
    add_comments(db, rows, by, decision, is_decision=True)
    missing = _("{id} is not approved: say in a comment what to change")
    unexplained = (draft for draft in returned if not _is_explained(db, draft, by))
    reasons = [missing.format(id=draft.record) for draft in unexplained]
    doubts, refusals = _check_approval(db, by, approved, decision)
    if reasons or refusals:
        raise PublishError([*reasons, *refusals])
    for draft in approved:
        move(db, draft, by, APPROVE, words=enumerate_words(doubts[draft.id]))
    for draft in returned:
        move(db, draft, by, RETURN)
    notify_owners(db, NoticeKind.APPROVED, approved, by)
    notify_owners(db, NoticeKind.RETURNED, returned, by)
    return ticked, returned


def _changed_since(rows: Sequence[Draft], decision: Decision) -> Iterator[str]:
    """Yield what another person did since the page was opened."""
    waiting = {draft.id: draft for draft in rows}
    changed = _("{id} has changed since you opened this page: check it again")
    for id, number in decision.looked_at.items():
        if (draft := waiting.get(id)) is None:
            yield _("another person has decided on it since you opened this page: check it again")
        elif draft.number != number:
            yield changed.format(id=draft.record)


def add_comments(
    db: Session,
    rows: Sequence[Draft],
    by: Person,
    decision: Decision,
    *,
    is_decision: bool = False,
) -> int:
    """Store what was typed as comments, and return how many."""
    count = 0
    for draft in rows:
        place, words = decision.comments.get(draft.id, ("", ""))
        # A row that returns with its comment gets one notice.
        returns = draft.id in decision.looked_at and draft.id not in decision.ticked and is_decision
        new = comments.comment(db, draft, by, words, place=place, notifies=not returns)
        count += new is not None
    return count


def _is_explained(db: Session, draft: Draft, by: Person) -> bool:
    """Whether this person has a comment on the row that is not settled."""
    own = Comment.draft == draft.id, Comment.by == by.id, Comment.settled_by.is_(None)
    return db.scalars(select(Comment.id).where(*own).limit(1)).first() is not None


def _check_approval(
    db: Session, by: Person, approved: Sequence[Draft], decision: Decision
) -> tuple[dict[int, Sequence[str]], list[str]]:
    """Return the citations confirmed with each ticked row, and why rows can't be approved."""
    catalogue = Catalogue(db, by)
    forms, doubts, reasons = list[RecordForm](), dict[int, Sequence[str]](), list[str]()
    with preload_rows(db, [draft.record for draft in approved]):
        for draft in approved:
            try:
                form, doubts[draft.id] = checked_form(db, catalogue, draft, decision.confirmed)
                forms.append(form)
            except PublishError as refused:
                reasons += refused.reasons
    for refusals in publish_errors_by_id(db, catalogue, forms).values():
        reasons += refusals
    return doubts, reasons


def checked_form(
    db: Session, catalogue: Catalogue, draft: Draft, confirmed: Collection[str]
) -> tuple[RecordForm, Sequence[str]]:
    """Return the draft's form and the citations confirmed with it, before the trial publication.

    Raises an error if the draft is behind, has no reason, or has citations in doubt.
    """
    if not align(db, draft, catalogue.person):
        raise PublishError([_behind_message(draft)])
    if draft.base and not (draft.why and draft.reason):
        words = _("{id} has no reason or type of change: return it")
        raise PublishError([words.format(id=draft.record)])
    doubts = citations_in_doubt(catalogue, draft)
    if not set(doubts) <= set(confirmed):
        words = _("{id}: confirm each citation that supports or disputes a changed value")
        raise PublishError([words.format(id=draft.record)])
    return valid_form(draft, catalogue), doubts


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
    drafts = _locked(db, ids)
    are_approved = all(draft.state in PUBLISH.out_of for draft in drafts)
    if not drafts or len(drafts) < len(set(ids)) or not are_approved:
        raise InvalidStateError
    lock_approved_state(db)
    with all_or_nothing(db):
        return _publish(db, drafts, by, message)


def _publish(db: Session, drafts: Sequence[Draft], by: Person, message: str) -> Edition | None:
    ids, own = {draft.record for draft in drafts}, {draft.id for draft in drafts}
    catalogue, waiting = Catalogue(db, by), set[tuple[str, str]]()
    with preload_rows(db, ids):
        # A draft that introduces a record comes before those that change it.
        for draft in sorted(drafts, key=lambda each: each.base is not None):
            if not align(db, draft, by):
                raise PublishError([_behind_message(draft)])
            form = valid_form(draft, catalogue)
            others = (other for other in blocking(catalogue, form) if other.id not in own)
            waiting |= {(draft.record, other.record) for other in others}
            _save_approved(db, draft, form)
    words = _("{id} needs another draft, of {other}: approve both, and publish them together")
    if waiting:
        raise PublishError([words.format(id=id, other=other) for id, other in sorted(waiting)])
    edition = publish_approved(db, message, signature=by.signature, only=ids)
    for draft in drafts:
        move(db, draft, by, PUBLISH, words=str(edition.no) if edition else "")
    notify_owners(db, NoticeKind.PUBLISHED, drafts, by)
    return edition


def _save_approved(db: Session, draft: Draft, form: RecordForm) -> None:
    why = Why(draft.why) if draft.why else None
    save(db, form, why, draft.reason or "")
    row = db.get_one(Record, draft.record)
    # Also without a change, since this republishes withdrawn records.
    row.is_pending, row.why, row.reason = True, why, draft.reason


def _behind_message(draft: Draft) -> str:
    return _("{id} was published again after this change was started: update it first").format(
        id=draft.record
    )


@contextmanager
def all_or_nothing(db: Session) -> Iterator[None]:
    """Roll back on errors of validation or of the database, and raise them as PublishError."""
    savepoint = db.begin_nested()
    try:
        yield
        db.flush()
        # Deferred foreign keys: at the commit it would be too late to report an error.
        db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        db.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    except PublishError:
        savepoint.rollback()
        raise
    except IntegrityError as error:
        savepoint.rollback()
        # The detail names columns and their values.
        said = getattr(error.orig, "diag", None)
        reason = said and (said.message_detail or said.message_primary)
        raise PublishError([str(reason or error.orig)]) from error
    savepoint.commit()


# References -------------------------------------------------------------------------------------


def publish_with_references(
    db: Session, approved: Iterable[Draft], by: Person, message: str
) -> Edition | None:
    """Publish approved drafts, with those that they refer to or that introduce their records.

    A record can't be published before what it refers to.
    """
    catalogue = Catalogue(db, by)
    found: dict[int, Draft] = {}
    to_read = [*approved]
    while to_read:
        draft = to_read.pop()
        if draft.id in found:
            continue
        found[draft.id] = draft
        others = blocking(catalogue, valid_form(draft, catalogue))
        to_read += [other for other in others if other.state == DraftState.APPROVED]
    return publish_drafts(db, found.keys(), by, message)


def valid_form(draft: Draft, catalogue: Catalogue) -> RecordForm:
    """Return the draft's form. Raises PublishError if it is invalid."""
    form_class = form_of(draft)
    checked = check_draft(form_class, draft.document, catalogue)
    if checked.form is None:
        raise PublishError(
            [
                f"{draft.record}: {error}"
                for error in errors_in_words(form_class, checked.errors, draft.document)
            ]
        )
    form: RecordForm = checked.form
    return form


def blocking(catalogue: Catalogue, form: RecordForm) -> Iterator[Draft]:
    """Yield the drafts that must be published before a record or together with it.

    They are of records that it refers to and that are not published, or introduce the record.
    """
    for target in referenced_records(form):
        if not is_published(catalogue.db, target) and (other := catalogue.draft_named(*target)):
            yield other
    yield from (first for first in open_drafts(catalogue.db, form.id) if first.base is None)
