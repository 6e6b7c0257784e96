"""Commands that change a draft.

Each change is a revision of its own; nothing that was typed is lost.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.models import (
    OPEN_STATES,
    WRITABLE_STATES,
    Draft,
    DraftState,
    Merging,
    Revision,
    RevisionCause,
    Significance,
)
from app.desk.draft_form.private_values import DraftReader
from app.desk.identity.audit_log import log_action
from app.desk.identity.models import DeskRole, Person
from app.documents import ROW, Document, blank, blank_row, document_of, fit_to_form
from app.errors import InvalidStateError
from app.kinds import FORMS, Form, RecordForm, Term
from app.vocabulary.events import Role as PlaceRole
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import CITING_KINDS, RecordKind, RowKind


@dataclass(frozen=True)
class PostedDraft:
    """A posted form: the document, the revision and the page (`sheet`) that it was typed on."""

    document: Document
    number: int
    sheet: str
    why: str = ""
    reason: str = ""
    hides_private: bool = False
    """Whether the page left out private fields of others; these are then restored."""


class ConflictError(Exception):
    """Another page saved the draft since this page was opened; what was typed here is set aside.

    `number` is that of its revision, `by` the person who saved the draft.
    """

    def __init__(self, number: int, by: int) -> None:
        super().__init__()
        self.number, self.by = number, by


def form_of(draft: Draft) -> type[RecordForm]:
    return FORMS[draft.kind]


def article_of(draft: Draft) -> str:
    """Return the source that a draft is written from, or is."""
    return draft.record if draft.kind == RecordKind.SOURCE else draft.article or ""


def may_write(person: Person, draft: Draft) -> bool:
    """Contributors write their own drafts, editors any."""
    return draft.owner == person.id or person.may(DeskRole.EDITOR)


# Beginning --------------------------------------------------------------------------------------


def begin(
    db: Session,
    person: Person,
    key: str,
    kind: str,
    *,
    document: Document | None = None,
    article: str = "",
) -> Draft:
    """Start a draft of a new record. The same key returns the same draft."""
    key = f"{person.id} {key}"
    _lock(db, key)
    if drafted := db.scalars(select(Draft).where(Draft.key == key)).first():
        return drafted
    record = store.issue_id(db, kind)
    draft = Draft(kind=kind, record=record, key=key, article=article or None)
    return _add_draft(db, person, draft, document or start(FORMS[kind]))


def start(form: type[Form]) -> Document:
    """Return a new document: blank, but for a place row in events and estimates."""
    place = blank_row(Term, key=TermKey.PLACE.value, role=PlaceRole.AT.value)
    return blank(form, **({"terms": [place]} if "terms" in form.model_fields else {}))


def begin_to_change(db: Session, person: Person, record: str, article: str = "") -> Draft | None:
    """Return the draft that changes a record: the open one (`draft_to_change`) or a new one.

    A new draft starts from the approved state or, of a record that was never approved, from the
    draft that introduces it. None if there is no such record. Returns the introducing draft to
    people who may not write it.
    """
    _lock(db, record)
    if drafted := draft_to_change(db, person, record, article):
        if article and not drafted.article and drafted.owner == person.id:
            drafted.article = article
        return drafted
    row = store.find(db, record)
    if record[:1] == RecordKind.CODE:
        return None
    if row is not None:
        document = document_of(row.form)
    else:
        first = open_draft(db, record)
        if first is None or not may_write(person, first):
            return first
        document = dict(first.document)
    key = f"{person.id} {record} {secrets.token_hex(8)}"
    draft = Draft(kind=record[:1], record=record, key=key, article=article or None, base=document)
    return _add_draft(db, person, draft, document)


def draft_to_change(db: Session, person: Person, record: str, article: str) -> Draft | None:
    """Return the open draft that takes a change written from an article; None if none does.

    A change written from another article, or in review, stays apart: each report is reviewed as a
    whole, and documents are merged when they are approved.
    """
    drafts = open_drafts(db, record)
    if drafts and record[:1] not in CITING_KINDS:
        return drafts[0]
    writable = [draft for draft in drafts if draft.state in WRITABLE_STATES]
    if article:
        own = (draft for draft in writable if not draft.article and draft.owner == person.id)
        return next((draft for draft in drafts if draft.article == article), next(own, None))
    return next((draft for draft in drafts if not draft.article), next(iter(writable), None))


def _add_draft(db: Session, person: Person, draft: Draft, document: Document) -> Draft:
    draft.state, draft.owner, draft.number = DraftState.DRAFT, person.id, 0
    form = form_of(draft)
    ids = ids_by_key(form, document)
    draft.document = assign_ids(db, form, {**document, "id": draft.record}, ids)
    db.add(draft)
    db.flush()
    _add_revision(db, draft, person, RevisionCause.BEGUN)
    log_action(db, "began-draft", person, draft.record)
    return draft


def lock_records(db: Session, records: Sequence[str]) -> None:
    """Lock these records until the transaction ends, so that nobody starts to change them."""
    for record in sorted(records):
        _lock(db, record)


def _lock(db: Session, lock_name: str) -> None:
    """Take an advisory lock until the transaction ends; waits for other holders."""
    db.execute(select(func.pg_advisory_xact_lock(func.hashtext(lock_name))))


# Saving -----------------------------------------------------------------------------------------


def save(
    db: Session,
    draft: Draft,
    typed: PostedDraft,
    by: Person,
    saved: RevisionCause = RevisionCause.SAVED,
) -> None:
    """Save what was typed, valid or not. Without a change there is no new revision.

    Raises ConflictError if the draft was since saved from another page. `draft` must be locked.
    """
    began = state_at(db, draft, typed.number)
    if draft.state not in WRITABLE_STATES or began is None:
        raise InvalidStateError
    form = form_of(draft)
    reader = DraftReader(db, by, draft, hides_private=typed.hides_private)
    restored = reader.restore(typed.document, began.document, draft.document)
    ids = ids_by_key(form, draft.base or {}, began.document, draft.document)
    document = assign_ids(db, form, {**restored, "id": draft.record}, ids)
    why, reason = typed.why or None, typed.reason or None
    if (document, why, reason) == (draft.document, draft.why, draft.reason):
        return
    later = states(db, draft, after=typed.number)
    # A page never conflicts with itself.
    if others := [each for each in later if not typed.sheet or each.sheet != typed.sheet]:
        _set_aside(db, draft, replace(typed, document=document), by)
        raise ConflictError(draft.number, others[-1].by)
    draft.document, draft.why, draft.reason = document, why, reason
    next_revision(db, draft, by, saved, sheet=typed.sheet)


def save_by_itself(
    db: Session, draft: Draft, document: Document, by: Person, *, sheet: str = "", reason: str = ""
) -> None:
    """Save a document that nobody typed. A change of an approved record gets the `reason`."""
    why, own_reason = draft.why or "", draft.reason or ""
    if reason and draft.base is not None and not why:
        why, own_reason = Significance.UPDATED.value, own_reason or reason
    typed = PostedDraft(document, draft.number, sheet, why, own_reason)
    save(db, draft, typed, by, RevisionCause.BY_ITSELF)


def _set_aside(db: Session, draft: Draft, typed: PostedDraft, by: Person) -> None:
    """Keep as a revision what could not be saved; a page may send it more than once."""
    newest = revision(db, draft, draft.number)
    set_aside = (RevisionCause.SET_ASIDE, typed.document, typed.why or None, typed.reason or None)
    if newest is None or (newest.saved, newest.document, newest.why, newest.reason) != set_aside:
        draft.number += 1
        began = str(typed.number)
        _add_revision(db, draft, by, RevisionCause.SET_ASIDE, words=began, typed=typed)


# Transitions ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Transition:
    """A transition between states, and how it is logged."""

    out_of: Collection[DraftState]
    to: DraftState
    saved: RevisionCause
    action: str


SUBMIT = Transition(WRITABLE_STATES, DraftState.IN_REVIEW, RevisionCause.SUBMITTED, "submitted")
TAKE_BACK = Transition(
    {DraftState.IN_REVIEW}, DraftState.DRAFT, RevisionCause.TAKEN_BACK, "took-back"
)
DELETE = Transition(WRITABLE_STATES, DraftState.DELETED, RevisionCause.DELETED, "deleted-draft")
BRING_BACK = Transition(
    {DraftState.DELETED},
    DraftState.DRAFT,
    RevisionCause.BROUGHT_BACK,
    "brought-back",
)


def move(
    db: Session, draft: Draft, by: Person, step: Transition, sheet: str = "", *, words: str = ""
) -> None:
    """Apply a transition.

    A deleted draft can't be restored while another takes its place. If the draft that introduces a
    record is deleted, the next one written of the record introduces it.
    """
    _lock(db, draft.record)
    if draft.state not in step.out_of or (step is BRING_BACK and not can_bring_back(db, draft)):
        raise InvalidStateError
    draft.state = step.to
    next_revision(db, draft, by, step.saved, sheet=sheet, words=words)
    log_action(db, step.action, by, draft.record)
    if step is DELETE and draft.base is None and (rest := open_drafts(db, draft.record)):
        rest[0].base = rest[0].why = rest[0].reason = None
        if rest[0].state == DraftState.APPROVED:
            # Only what it added to the deleted draft was approved.
            rest[0].state = DraftState.IN_REVIEW
        next_revision(db, rest[0], by, RevisionCause.ALIGNED, sheet=sheet)


def can_bring_back(db: Session, draft: Draft) -> bool:
    return not any(
        draft.base is None
        or draft.kind not in CITING_KINDS
        or (other.article or "") == (draft.article or "")
        for other in open_drafts(db, draft.record)
    )


def next_revision(
    db: Session, draft: Draft, by: Person, saved: RevisionCause, *, sheet: str, words: str = ""
) -> None:
    draft.number += 1
    # Keeps the order of saves if the clock was set back.
    draft.saved_at = func.greatest(Draft.saved_at, func.now())
    _add_revision(db, draft, by, saved, sheet=sheet, words=words)


def _add_revision(
    db: Session,
    draft: Draft,
    by: Person,
    saved: RevisionCause,
    *,
    sheet: str = "",
    words: str = "",
    typed: PostedDraft | None = None,
) -> None:
    """Add a revision of the draft as it is now or, if given, of what was typed."""
    content = typed or draft
    db.add(
        Revision(
            draft=draft.id,
            number=draft.number,
            by=by.id,
            saved=saved,
            sheet=typed.sheet if typed else sheet,
            document=content.document,
            why=content.why or None,
            reason=content.reason or None,
            words=words or None,
        )
    )
    db.flush()


# Reading ----------------------------------------------------------------------------------------


def find(db: Session, id: int, *, to_write: bool = True) -> Draft | None:
    """Return a draft, locked until the transaction ends if it is to be written."""
    # The draft may have been read before the lock: read it again, since it may have changed.
    draft = db.get(Draft, id, with_for_update=to_write, populate_existing=to_write)
    if draft is not None:
        fitting = fit_to_form(form_of(draft), draft.document)
        if fitting != draft.document:
            draft.document = fitting
    return draft


def open_draft(db: Session, record: str) -> Draft | None:
    """Return the oldest open draft of a record: the one that introduces it, if it is new."""
    return next(iter(open_drafts(db, record)), None)


def open_drafts(db: Session, record: str) -> Sequence[Draft]:
    """Oldest first."""
    found = select(Draft).where(Draft.record == record, Draft.state.in_(OPEN_STATES))
    return db.scalars(found.order_by(Draft.id)).all()


def drafts_of_article(db: Session, source: str) -> Sequence[Draft]:
    """Return the open drafts of events and estimates written from a report, oldest first."""
    written = select(Draft).where(
        Draft.article == source, Draft.kind.in_(CITING_KINDS), Draft.state.in_(OPEN_STATES)
    )
    return db.scalars(written.order_by(Draft.id)).all()


def revision(db: Session, draft: Draft, number: int) -> Revision | None:
    return db.get(Revision, (draft.id, number))


def state_at(db: Session, draft: Draft, number: int) -> Revision | None:
    """Return the draft's state at that number; revisions that were set aside are skipped."""
    if number > draft.number:
        return None
    statement = select(Revision).where(
        Revision.draft == draft.id,
        Revision.number <= number,
        Revision.saved != RevisionCause.SET_ASIDE,
    )
    return db.scalars(statement.order_by(Revision.number.desc()).limit(1)).first()


def states(db: Session, draft: Draft, after: int = -1) -> list[Revision]:
    """Return the revisions that were the draft's state."""
    return [
        revision
        for revision in revisions(db, draft, after)
        if revision.saved != RevisionCause.SET_ASIDE
    ]


def revisions(db: Session, draft: Draft, after: int = -1) -> Sequence[Revision]:
    statement = select(Revision).where(Revision.draft == draft.id, Revision.number > after)
    return db.scalars(statement.order_by(Revision.number)).all()


# Public ids of citations and links ----------------------------------------------------------------


ID_LETTERS = {"citations": RowKind.CITATION, "links": RowKind.LINK}
"""The id letters of rows that other records refer to. A new row gets its id at once."""
ROWS_WITH_IDS = {**ID_LETTERS, "copies": ""}
"""Copies of a source have a number within it, to which citations refer."""


def assign_ids(
    db: Session,
    form: type[Form],
    document: Document,
    known: Mapping[tuple[str, str], str],
) -> Document:
    """Give each citation, link and copy an id: the one that its key has, or else an unused one.

    Ids sent by a page are ignored: two rows that swap ids would change what the public ids refer
    to. A number of a copy that any state of the draft had is not given again.
    """
    changed = dict(document)
    for name, letter in ROWS_WITH_IDS.items():
        if name not in form.model_fields:
            continue
        rows = document[name]
        own = [known.get((name, row[ROW]), "") for row in rows]
        numbers = (id for (of, _key), id in known.items() if of == name)
        last = 0 if letter else max(map(int, filter(None, numbers)), default=0)
        changed[name] = numbered = list[Document]()
        for row, id in zip(rows, own, strict=True):
            is_new = not id or id in [other["id"] for other in numbered]
            last += is_new
            new = (store.issue_id(db, letter) if letter else str(last)) if is_new else id
            numbered.append({**row, "id": new})
    return changed


def ids_by_key(form: type[Form], *documents: Document) -> dict[tuple[str, str], str]:
    """Return the ids of citations and links by list and key; later documents take precedence."""
    names = [name for name in ROWS_WITH_IDS if name in form.model_fields]
    return {
        (name, row[ROW]): row.get("id", "")
        for each in documents
        for name in names
        for row in each.get(name, [])
    }


# Revisions of merges and withdrawals --------------------------------------------------------------


@dataclass(frozen=True)
class RevisionDetails:
    """The values that all revisions of one action share; `key` finds its drafts."""

    key: str
    by: Person
    saved: RevisionCause
    edition: int
    reason: str


def save_revisions(
    db: Session, act: RevisionDetails, before: RecordForm, after: RecordForm
) -> None:
    """Save a record's state before and after as two revisions.

    Both are equal if the record was removed or restored.
    """
    old = document_of(before)
    draft = Draft(
        kind=after.id[0],
        record=after.id,
        key=f"{act.key} {after.id}",
        state=DraftState.PUBLISHED,
        owner=act.by.id,
        number=0,
        document=old,
        base=old,
    )
    db.add(draft)
    db.flush()
    _add_revision(db, draft, act.by, RevisionCause.BEGUN)
    draft.document, draft.reason = document_of(after), act.reason
    next_revision(db, draft, act.by, act.saved, sheet="", words=str(act.edition))


def merges_involving(db: Session, record: str) -> Sequence[Merging]:
    """Newest first."""
    is_involved = (Merging.gone == record) | (Merging.kept == record)
    return db.scalars(select(Merging).where(is_involved).order_by(Merging.id.desc())).all()
