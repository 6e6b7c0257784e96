"""All that a record ever was at the desk: every revision of every draft of it, and what of that readers got to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.draft_models import WRITABLE, Draft, Revision, Saved, State
from app.desk.approved.store import form_of as approved_form
from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document
from app.desk.draft_form.private_values import DraftReader
from app.desk.drafts.alignment import aligned
from app.desk.drafts.commands import may_write, open_draft
from app.desk.identity.models import Person, Role
from app.desk.review.field_changes import Change, changes
from app.forms import FORMS
from app.i18n.translate import _
from app.record.models import Edition, Version
from app.vocabulary.record import Why
from app.web.urls import url

WITH_EDITION = {Saved.PUBLISHED, Saved.COMBINED, Saved.TAKEN_APART}
"""Revisions whose words are the number of an edition."""
PUBLIC = {"E": "event", "M": "estimate", "S": "source"}


@dataclass(frozen=True)
class Step:
    """One revision, and how it differs from the one before it."""

    name: str
    """By which it is compared: the draft and its number, `12.3`."""
    at: datetime
    by: str
    saved: str
    words: str
    reason: str
    changes: Sequence[Change]
    can_restore: bool


@dataclass(frozen=True)
class Shown:
    """One version that readers saw, with the edition that brought it."""

    edition: int
    at: datetime
    why: str
    reason: str
    message: str


@dataclass(frozen=True)
class RecordHistory:
    """What `desk/records/page.html` prints."""

    record: str
    title: str
    state: str
    reason: str
    public_address: str
    draft_address: str
    draft_state: str
    steps: Sequence[Step]
    shown: Sequence[Shown]
    can_change: bool
    can_withdraw: bool
    can_publish_again: bool
    can_purge: bool


@dataclass(frozen=True)
class Comparison:
    """What `desk/records/compare.html` prints: two revisions of one record."""

    record: str
    title: str
    before: Step
    after: Step
    changes: Sequence[Change]


def history(db: Session, person: Person, record: str) -> RecordHistory | None:
    """None where there is no such record, or none that this person may see."""
    catalogue = Catalogue(db, person)
    model = models.MODELS.get(record[:1])
    row = db.get(model, record) if model and record[:1] != "V" else None
    drafts = drafts_of(db, person, record)
    versions = _versions(db, record)
    if row is None and not drafts:
        return None
    now = versions[0][0] if versions else None
    document = documents.document_of(approved_form(row)) if row else drafts[-1].document
    opened = open_draft(db, record)
    is_mine = opened is not None and may_write(person, opened)
    is_editor = person.may(Role.EDITOR)
    return RecordHistory(
        record=record,
        title=catalogue.title(record[0], documents.fitting(FORMS[record[0]], document)),
        state=now.state if now else "",
        reason=now.reason if now and now.state == "withdrawn" else "",
        public_address=url(PUBLIC[record[0]], id=record) if now and record[0] in PUBLIC else "",
        draft_address=url("draft", id=opened.id) if opened and is_mine else "",
        draft_state=_(State(opened.state).label) if opened else "",
        steps=_steps(
            db,
            catalogue,
            record[0],
            drafts,
            can_restore=row is not None and _is_free(opened, is_mine),
        ),
        shown=[
            Shown(version.opened, at, _(Why(version.why).label), version.reason, message)
            for version, at, message in versions
        ],
        can_change=row is not None and opened is None,
        can_withdraw=is_editor and now is not None and now.state == "live",
        can_publish_again=is_editor
        and now is not None
        and now.state == "withdrawn"
        and row is not None,
        can_purge=person.may(Role.ADMIN),
    )


def compare(db: Session, person: Person, record: str, before: str, after: str) -> Comparison | None:
    """Two revisions of a record side by side; None where one of them is not there for this person."""
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
        changes(catalogue, form, first, aligned(form, second, first)),
    )


def _visible_state(db: Session, person: Person, name: str, drafts: Sequence[Draft]) -> Document:
    document = state_of(db, name, drafts)
    draft = next(draft for draft in drafts if str(draft.id) == name.partition(".")[0])
    return DraftReader(db, person, draft).visible(document)


def state_of(db: Session, name: str, drafts: Sequence[Draft]) -> Document:
    """The document that a revision holds; raises LookupError where none of these drafts has it."""
    id, _dot, number = name.partition(".")
    draft = next((draft for draft in drafts if str(draft.id) == id), None)
    revision = (
        db.get(Revision, (draft.id, int(number)))
        if draft and number.isdecimal() and len(number) < 10
        else None
    )
    if draft is None or revision is None:
        raise LookupError(name)
    return documents.fitting(FORMS[draft.kind], revision.document)


def drafts_of(db: Session, person: Person, record: str) -> list[Draft]:
    """The drafts of a record that this person may see, in the order in which they were begun."""
    found = db.scalars(select(Draft).where(Draft.record == record).order_by(Draft.id))
    return [draft for draft in found if may_write(person, draft)]


def _steps(
    db: Session, catalogue: Catalogue, kind: str, drafts: Sequence[Draft], *, can_restore: bool
) -> list[Step]:
    """The newest first. What a page saved by itself, again and again, is there each time: nothing is left out."""
    if not drafts:
        return []
    form = FORMS[kind]
    readers = {draft.id: DraftReader(db, catalogue.person, draft) for draft in drafts}
    people = {person.id: person.called for person in db.scalars(select(Person))}
    order = select(Revision).where(Revision.draft.in_([draft.id for draft in drafts]))
    found: list[Step] = []
    before: Document | None = None
    reason_before = ""
    for revision in db.scalars(order.order_by(Revision.draft, Revision.number)):
        state = readers[revision.draft].visible(documents.fitting(form, revision.document))
        changed = changes(catalogue, form, before, aligned(form, state, before)) if before else []
        words = revision.words or ""
        step = Step(
            name=f"{revision.draft}.{revision.number}",
            at=revision.at,
            by=people[revision.by],
            saved=_(Saved(revision.saved).label),
            words=_("edition {number}").format(number=words)
            if words and revision.saved in WITH_EDITION
            else words,
            reason=revision.reason or "" if revision.reason != reason_before else "",
            changes=changed,
            can_restore=can_restore,
        )
        found.append(step)
        if revision.saved != Saved.SET_ASIDE:
            before, reason_before = state, revision.reason or ""
    return found[::-1]


def _is_free(opened: Draft | None, is_mine: bool) -> bool:
    """Whether an earlier state can be put into a draft: into a new one, or into one's own."""
    return opened is None or (is_mine and opened.state in WRITABLE)


def _versions(db: Session, record: str) -> list[tuple[Version, datetime, str]]:
    """What readers saw, the newest first; not the rows in which nothing was said anew."""
    found = (
        select(Version, Edition.at, Edition.message)
        .join(Edition, Edition.no == Version.opened)
        .where(Version.id == record)
        .order_by(Version.opened.desc())
    )
    rows = [(row.Version, row.at, row.message) for row in db.execute(found)]
    return [row for index, row in enumerate(rows) if row[0].why != Why.REINDEXED or not index]
