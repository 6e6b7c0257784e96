"""The history of a record: revisions of its drafts, published versions, and restoring a state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import (
    WRITABLE_STATES,
    Draft,
    DraftState,
    Revision,
    RevisionCause,
)
from app.desk.approved.store import find
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.desk.draft_form.private_values import DraftReader
from app.desk.drafts import commands as draft_commands
from app.desk.drafts.commands import draft_to_change, may_write, open_draft
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.quality.checks import same_reports_of
from app.documents import Document, align_rows, document_of, fit_to_form
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.kinds import FORMS
from app.record.models import Edition, RecordState, Version
from app.vocabulary.kinds import LISTED_KINDS
from app.vocabulary.record import Why
from app.web.urls import PAGE_OF_KIND, url

WITH_EDITION = {RevisionCause.PUBLISHED, RevisionCause.COMBINED, RevisionCause.TAKEN_APART}
"""Revisions whose `words` hold an edition number."""


@dataclass(frozen=True)
class HistoryStep:
    """One revision, and how it differs from the previous one."""

    name: str
    """The draft and the number of the revision, `12.3`, as comparisons name it."""
    at: datetime
    by: str
    saved: str
    words: str
    reason: str
    changes: Sequence[FieldChange]
    can_restore: bool


@dataclass(frozen=True)
class PublishedVersion:
    """One published version, with its edition."""

    edition: int
    at: datetime
    why: str
    reason: str
    message: str


@dataclass(frozen=True)
class RecordHistory:
    """The data of `desk/records/page.html`."""

    record: str
    title: str
    is_live: bool
    is_withdrawn: bool
    reason: str
    public_address: str
    draft_address: str
    draft_state: str
    steps: Sequence[HistoryStep]
    shown: Sequence[PublishedVersion]
    same_reports: Sequence[tuple[str, str]]
    """Pairs of sources that may be one report (rule 3)."""
    can_change: bool
    can_withdraw: bool
    can_publish_again: bool
    can_purge: bool


@dataclass(frozen=True)
class Comparison:
    """The data of `desk/records/compare.html`: two revisions of one record."""

    record: str
    title: str
    before: HistoryStep
    after: HistoryStep
    changes: Sequence[FieldChange]


def history(db: Session, person: Person, record: str) -> RecordHistory | None:
    """Return the history; None if there is no such record, or none that this person may see."""
    catalogue = Catalogue(db, person)
    row = find(db, record)
    drafts = drafts_of(db, person, record)
    versions = _versions(db, record)
    if row is None and not drafts:
        return None
    current = versions[0][0] if versions else None
    document = document_of(row.form) if row else drafts[-1].document
    drafted = open_draft(db, record)
    is_mine = drafted is not None and may_write(person, drafted)
    is_editor = person.may(DeskRole.EDITOR)
    is_withdrawn = current is not None and current.state == RecordState.WITHDRAWN
    return RecordHistory(
        record=record,
        title=catalogue.title(record[0], fit_to_form(FORMS[record[0]], document)),
        is_live=current is not None and current.is_live,
        is_withdrawn=is_withdrawn,
        reason=current.reason if current and is_withdrawn else "",
        public_address=url(PAGE_OF_KIND[record[0]], id=record)
        if current and record[0] in LISTED_KINDS
        else "",
        draft_address=url("draft", id=drafted.id) if drafted and is_mine else "",
        draft_state=_(DraftState(drafted.state).label) if drafted else "",
        steps=_steps(
            db,
            catalogue,
            record[0],
            drafts,
            can_restore=row is not None and _can_restore(drafted, is_mine),
        ),
        shown=[
            PublishedVersion(version.opened, at, _(Why(version.why).label), version.reason, message)
            for version, at, message in versions
        ],
        same_reports=same_reports_of(db, record),
        can_change=row is not None and draft_to_change(db, person, record, "") is None,
        can_withdraw=is_editor and current is not None and current.is_live,
        can_publish_again=is_editor and is_withdrawn and row is not None,
        can_purge=person.may(DeskRole.ADMIN),
    )


def compare(db: Session, person: Person, record: str, before: str, after: str) -> Comparison | None:
    """Return two revisions side by side; None if this person can't see both."""
    catalogue = Catalogue(db, person)
    drafts = drafts_of(db, person, record)
    by_name = {
        step.name: step for step in _steps(db, catalogue, record[:1], drafts, can_restore=False)
    }
    if before not in by_name or after not in by_name:
        return None
    form = FORMS[record[0]]
    first, second = (_visible_state(db, person, name, drafts) for name in (before, after))
    return Comparison(
        record,
        catalogue.title(record[0], second),
        by_name[before],
        by_name[after],
        changes(catalogue, form, first, align_rows(form, second, first)),
    )


def _visible_state(db: Session, person: Person, name: str, drafts: Sequence[Draft]) -> Document:
    document = revision_document(db, name, drafts)
    draft = next(draft for draft in drafts if str(draft.id) == name.partition(".")[0])
    return DraftReader(db, person, draft).visible(document)


def revision_document(db: Session, name: str, drafts: Sequence[Draft]) -> Document:
    """Return the document of a revision. Raises LookupError if none of these drafts has it."""
    id, _dot, number = name.partition(".")
    draft = next((draft for draft in drafts if str(draft.id) == id), None)
    revision = (
        db.get(Revision, (draft.id, int(number)))
        if draft and number.isdecimal() and len(number) < 10
        else None
    )
    if draft is None or revision is None:
        raise LookupError(name)
    return fit_to_form(FORMS[draft.kind], revision.document)


def drafts_of(db: Session, person: Person, record: str) -> list[Draft]:
    """Return the drafts of a record that this person may see, oldest first."""
    drafts = db.scalars(select(Draft).where(Draft.record == record).order_by(Draft.id))
    return [draft for draft in drafts if may_write(person, draft)]


def _steps(
    db: Session, catalogue: Catalogue, kind: str, drafts: Sequence[Draft], *, can_restore: bool
) -> list[HistoryStep]:
    """Return the revisions, newest first. Every autosave is listed."""
    if not drafts:
        return []
    form = FORMS[kind]
    readers = {draft.id: DraftReader(db, catalogue.person, draft) for draft in drafts}
    people = {person.id: person.called for person in db.scalars(select(Person))}
    order = select(Revision).where(Revision.draft.in_([draft.id for draft in drafts]))
    steps: list[HistoryStep] = []
    before: Document | None = None
    reason_before = ""
    for revision in db.scalars(order.order_by(Revision.draft, Revision.number)):
        state = readers[revision.draft].visible(fit_to_form(form, revision.document))
        changed = (
            changes(catalogue, form, before, align_rows(form, state, before)) if before else []
        )
        words = revision.words or ""
        step = HistoryStep(
            name=f"{revision.draft}.{revision.number}",
            at=revision.at,
            by=people[revision.by],
            saved=_(RevisionCause(revision.saved).label),
            words=_("edition {number}").format(number=words)
            if words and revision.saved in WITH_EDITION
            else words,
            reason=revision.reason or "" if revision.reason != reason_before else "",
            changes=changed,
            can_restore=can_restore,
        )
        steps.append(step)
        if revision.saved != RevisionCause.SET_ASIDE:
            before, reason_before = state, revision.reason or ""
    return steps[::-1]


def _can_restore(opened: Draft | None, is_mine: bool) -> bool:
    """Whether an earlier state can be restored: into a new draft, or into one's own."""
    return opened is None or (is_mine and opened.state in WRITABLE_STATES)


def _versions(db: Session, record: str) -> list[tuple[Version, datetime, str]]:
    """Return published versions, newest first, without those that were only recalculated."""
    statement = (
        select(Version, Edition.at, Edition.message)
        .join(Edition, Edition.no == Version.opened)
        .where(Version.id == record)
        .order_by(Version.opened.desc())
    )
    rows = [(row.Version, row.at, row.message) for row in db.execute(statement)]
    return [row for index, row in enumerate(rows) if row[0].why != Why.REINDEXED or not index]


def restore(db: Session, person: Person, record: str, version: str, sheet: str) -> Draft:
    """Return the draft that holds the restored state.

    Raises LookupError if there is no such version, and InvalidStateError while somebody else
    changes the record.
    """
    earlier = revision_document(db, version, drafts_of(db, person, record))
    draft = draft_commands.begin_to_change(db, person, record)
    if draft is not None:
        # It may have been submitted between the read above and the lock.
        db.refresh(draft, with_for_update=True)
    if (
        draft is None
        or draft.state not in WRITABLE_STATES
        or not draft_commands.may_write(person, draft)
    ):
        raise InvalidStateError
    document = align_rows(draft_commands.form_of(draft), earlier, draft.document)
    draft.document = DraftReader(db, person, draft).restore(document, draft.document)
    draft_commands.next_revision(
        db, draft, person, RevisionCause.RESTORED, sheet=sheet, words=version
    )
    log_action(db, Action.RESTORED, person, record, version)
    return draft
