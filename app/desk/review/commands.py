"""Decide on drafts, and publish what was approved.

One draft, those of a report and those of a bulk edit are decided on in the same way: the ticked
ones are approved, the others return to their authors, or nothing happens. Approving validates a
draft. Only publishing writes it to the approved tables and, in the same transaction, to the record,
so an approval can be revoked without undoing anything.
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
    Significance,
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
from app.desk.ui import FormProblem, FormProblems
from app.documents import errors_in_words
from app.errors import InvalidStateError
from app.i18n.formats import as_sentence, enumerate_words
from app.i18n.translate import _
from app.kinds import FORMS, EventForm, RecordForm
from app.record.models import Edition
from app.record.publishing.validation import PublishError, referenced_records
from app.record.rules.independence import citations_to_reconfirm
from app.settings import Settings
from app.vocabulary.kinds import RecordKind
from app.web.urls import url

RETURN = Transition(WAITING_STATES, DraftState.RETURNED, RevisionCause.RETURNED, "returned")
APPROVE = Transition(
    frozenset({DraftState.IN_REVIEW}), DraftState.APPROVED, RevisionCause.APPROVED, "approved"
)
PUBLISH = Transition(
    frozenset({DraftState.APPROVED}),
    DraftState.PUBLISHED,
    RevisionCause.PUBLISHED,
    "published",
)


class UnconfirmedError(PublishError):
    """Citations whose stance concerned earlier text must still be confirmed (rule 13)."""

    def __init__(self) -> None:
        super().__init__([_("confirm each citation that supports or disputes a changed value")])


class ReviewRefusedError(PublishError):
    """Nothing was decided. Each problem has the id of its row, or of the row's comment."""

    def __init__(self, problems: Sequence[FormProblem]) -> None:
        super().__init__([each.words for each in problems])
        self.problems = FormProblems(problems)


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
    after: str
    """The page that shows them when nothing of them waits any more."""
    source: str = ""
    """Id of the report."""
    words: str = ""
    """Description of a bulk edit."""

    def drafts(self, db: Session, *, to_write: bool = False) -> Sequence[Draft]:
        found = select(Draft).where(self.condition)
        if to_write:
            # In the order of ids, as other commands lock many drafts.
            ids = sorted(draft.id for draft in db.scalars(found))
            locked = select(Draft).where(Draft.id.in_(ids)).order_by(Draft.id).with_for_update()
            db.scalars(locked, execution_options={"populate_existing": True}).all()
        return db.scalars(found.order_by(PUBLISH_ORDER, Draft.id)).all()


def one_draft(db: Session, id: int) -> ReviewSet | None:
    """A draft, also after its approval: until it is published, that can be revoked."""
    if (draft := db.get(Draft, id) if id < 2**31 else None) is None:
        return None
    waits = (Draft.id == id) & Draft.state.in_(WAITING_STATES)
    return ReviewSet(waits, url("desk-record", record=draft.record))


def report(catalogue: Catalogue, source: str) -> ReviewSet:
    """The drafts of a report, with those of new records, such as its outlet, that it needs."""
    own, needed = select(Draft).where(of_report(source), IS_IN_REVIEW), set[int]()
    for draft in catalogue.db.scalars(own):
        form = check_draft(form_of(draft), draft.document, catalogue).form
        needed |= {each.id for each in blocking(catalogue, form)} if form else set()
    waits = or_(of_report(source), Draft.id.in_(needed)) & IS_IN_REVIEW
    return ReviewSet(waits, url("article", id=source), source)


def of_report(source: str) -> ColumnElement[bool]:
    return or_(Draft.article == source, Draft.record == source)


def bulk_edit(db: Session, name: str) -> ReviewSet | None:
    made = Revision.saved == RevisionCause.TOGETHER, Revision.sheet == name
    words = db.scalars(select(Revision.words).where(*made).limit(1)).first()
    drafts = Draft.id.in_(select(Revision.draft).where(*made)) & IS_IN_REVIEW
    return ReviewSet(drafts, url("bulk"), words=words) if words else None


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
    are. Raises ReviewRefusedError with the errors of all rows. The caller rolls back, so that
    nothing is decided then.
    """
    decided = [
        draft
        for draft in rows
        if draft.id in decision.looked_at and may_decide(db, by, draft, settings)
    ]
    numbers = {draft.id: number for number, draft in enumerate(rows, 1)}
    if problems := list(_changed_since(decided, numbers, decision)):
        raise ReviewRefusedError(problems)
    ticked = [draft for draft in decided if draft.id in decision.ticked]
    approved = [draft for draft in ticked if draft.state == DraftState.IN_REVIEW]
    returned = [draft for draft in decided if draft.id not in decision.ticked]
    add_comments(db, rows, by, decision, is_decision=True)
    missing = _("Row {number} ({id}) is not approved. Say in a comment what to change.")
    problems = [
        FormProblem(
            missing.format(number=numbers[draft.id], id=draft.record), f"comment-{draft.id}"
        )
        for draft in returned
        if not _is_explained(db, draft, by)
    ]
    doubts: dict[str, Sequence[str]] = {}
    problems += _approval_problems(db, by, approved, numbers, decision=decision, doubts=doubts)
    if problems:
        raise ReviewRefusedError(problems)
    for draft in approved:
        move(db, draft, by, APPROVE, words=enumerate_words(doubts[draft.record]))
    for draft in returned:
        move(db, draft, by, RETURN)
    notify_owners(db, NoticeKind.APPROVED, approved, by)
    notify_owners(db, NoticeKind.RETURNED, returned, by)
    return ticked, returned


def _changed_since(
    decided: Sequence[Draft], numbers: Mapping[int, int], decision: Decision
) -> Iterator[FormProblem]:
    """Yield what another person did since the page was opened."""
    if not decision.looked_at.keys() <= numbers.keys():
        words = _("Another person has decided on it since you opened this page. Check it again.")
        yield FormProblem(words)
    elif not decided:
        yield FormProblem(_("Another person must review it, because you edited it."))
    words = _("Row {number} ({id}) has changed since you opened this page. Check it again.")
    for draft in decided:
        if draft.number != decision.looked_at[draft.id]:
            number = numbers[draft.id]
            yield FormProblem(words.format(number=number, id=draft.record), f"row-{number}")


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


def _approval_problems(
    db: Session,
    by: Person,
    approved: Sequence[Draft],
    numbers: Mapping[int, int],
    *,
    decision: Decision,
    doubts: dict[str, Sequence[str]],
) -> list[FormProblem]:
    """Return why ticked rows can't be approved; fill `doubts` with the confirmed citations."""
    catalogue = Catalogue(db, by)
    forms: dict[str, RecordForm] = {}
    reasons: dict[str, Sequence[str]] = {}
    with preload_rows(db, [draft.record for draft in approved]):
        for draft in approved:
            try:
                forms[draft.record], doubts[draft.record] = checked_form(
                    db, catalogue, draft, decision.confirmed
                )
            except PublishError as refused:
                reasons[draft.record] = refused.reasons
    reasons |= publish_errors_by_id(db, catalogue, list(forms.values()))
    words = _("Row {number} ({id}): {reason}")
    return [
        FormProblem(
            as_sentence(
                words.format(
                    number=numbers[draft.id],
                    id=draft.record,
                    reason=reason.removeprefix(f"{draft.record}: "),
                )
            ),
            f"row-{numbers[draft.id]}",
        )
        for draft in approved
        for reason in reasons.get(draft.record, ())
    ]


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
    doubts = citations_in_doubt(catalogue, draft)
    if not set(doubts) <= set(confirmed):
        raise UnconfirmedError
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
    locked = select(Draft).where(Draft.id.in_(ids)).order_by(Draft.id).with_for_update()
    drafts = db.scalars(locked, execution_options={"populate_existing": True}).all()
    if (
        not drafts
        or len(drafts) < len(set(ids))
        or any(draft.state not in PUBLISH.out_of for draft in drafts)
    ):
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
    why = Significance(draft.why).why if draft.why else None
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
