"""The history of a record: revisions of its drafts, published versions, and restoring a state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import (
    WRITABLE_STATES,
    Draft,
    Revision,
    RevisionCause,
)
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.desk.draft_form.private_values import DraftReader
from app.desk.drafts import commands as draft_commands
from app.desk.drafts.commands import may_write
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.commands import names_of_people
from app.desk.identity.models import Person
from app.documents import Document, align_rows, fit_to_form
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.kinds import FORMS
from app.record.models import Edition, Version
from app.vocabulary.record import Why

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
    document: Document
    """What the person may see of it."""


def steps_of(
    db: Session, catalogue: Catalogue, record: str, drafts: Sequence[Draft]
) -> list[HistoryStep]:
    """Return the revisions, newest first. Consecutive autosaves of one person are joined."""
    if not drafts:
        return []
    form = FORMS[record[0]]
    readers = {draft.id: DraftReader(db, catalogue.person, draft) for draft in drafts}
    people = names_of_people(db)
    order = select(Revision).where(Revision.draft.in_([draft.id for draft in drafts]))
    shown: list[Revision] = []
    for revision in db.scalars(order.order_by(Revision.draft, Revision.number)):
        if shown and revision.saved == RevisionCause.BY_ITSELF:
            last = shown[-1]
            if (last.draft, last.saved, last.by) == (revision.draft, revision.saved, revision.by):
                shown.pop()
        shown.append(revision)
    steps: list[HistoryStep] = []
    before: Document | None = None
    reason_before = ""
    for revision in shown:
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
            document=state,
        )
        steps.append(step)
        if revision.saved != RevisionCause.SET_ASIDE:
            before, reason_before = state, revision.reason or ""
    return steps[::-1]


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


def published_versions(db: Session, record: str) -> list[tuple[Version, datetime, str]]:
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
    """Return the draft that holds the restored state: the draft of the version, if it is open.

    Raises LookupError if there is no such version, and InvalidStateError while somebody else
    changes the record.
    """
    drafts = drafts_of(db, person, record)
    earlier = revision_document(db, version, drafts)
    is_of_version = (each for each in drafts if version.startswith(f"{each.id}."))
    draft = next((each for each in is_of_version if each.state in WRITABLE_STATES), None)
    draft = draft or draft_commands.begin_to_change(db, person, record)
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
