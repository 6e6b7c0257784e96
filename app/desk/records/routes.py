"""`/desk/records/…`: history and restoring; withdrawing, publishing again, undoing a merge."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.approved.models import (
    WRITABLE_STATES,
    Draft,
    DraftState,
    Merging,
    Record,
    Revision,
    RevisionCause,
)
from app.desk.approved.store import find, published_version
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.desk.draft_form.private_values import DraftReader, readers_of, set_opened
from app.desk.drafts import commands as draft_commands
from app.desk.drafts.commands import (
    can_bring_back,
    draft_to_change,
    may_write,
    merges_involving,
    open_draft,
)
from app.desk.identity.audit_log import log_action
from app.desk.identity.commands import names_of_people
from app.desk.identity.confirmations import GuardedAct, confirmation_notice, waiting_for
from app.desk.identity.models import DeskRole, Person
from app.desk.identity.permissions import Contributor, Editor
from app.desk.operations import attempt
from app.desk.review.withdraw import effects_of, in_short, withdrawal_effects
from app.desk.ui import (
    NO_PROBLEMS,
    REASON,
    FormProblems,
    desk_page,
    reason_problems,
    see_other,
)
from app.documents import Document, align_rows, clean, document_of, fit_to_form
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.kinds import FORMS
from app.record.models import RecordState
from app.record.publishing.validation import PublishError
from app.vocabulary.kinds import LISTED_KINDS
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import app_state
from app.web.urls import PAGE_OF_KIND, url

# History ------------------------------------------------------------------------------------------


WITH_EDITION = {RevisionCause.PUBLISHED, RevisionCause.COMBINED, RevisionCause.TAKEN_APART}
"""Revisions whose `words` hold an edition number."""


@dataclass(frozen=True)
class HistoryStep:
    """One revision, and how it differs from the previous one."""

    name: str
    """The draft and the number of the revision, `12.3`."""
    at: datetime
    by: str
    saved: str
    words: str
    reason: str
    changes: Sequence[FieldChange]


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
    log_action(db, "restored", person, record, version)
    return draft


router = APIRouter()


# The page --------------------------------------------------------------------------------------


def record_page(
    request: Request,
    db: DeskSession,
    person: Person,
    record: str,
    *,
    problems: FormProblems = NO_PROBLEMS,
    reason: str = "",
    effects: Mapping[str, str] = MappingProxyType({}),
    undone: int = 0,
) -> Response:
    """Return the page; with problems, what was typed, and the status of a refused form.

    `reason` is that of withdrawing or publishing again, or of undoing the merge `undone`.
    `effects` are those of a withdrawal on other records.
    """
    row, drafts = _known(db, person, record)
    catalogue, current = Catalogue(db, person), published_version(db, record)
    document = document_of(row.form) if row else drafts[-1].document
    opened, is_editor = open_draft(db, record), person.may(DeskRole.EDITOR)
    is_mine = opened is not None and may_write(person, opened)
    is_withdrawn = current is not None and current.state == RecordState.WITHDRAWN
    can_republish = is_editor and is_withdrawn and row is not None
    hidden, named = withdrawal_effects(db, record)
    return desk_page(
        request,
        "desk/records/page.html",
        status=422 if problems else 200,
        record=record,
        title=catalogue.title(record[0], fit_to_form(FORMS[record[0]], document)),
        current=current,
        is_withdrawn=is_withdrawn,
        public_page=PAGE_OF_KIND[record[0]] if current and record[0] in LISTED_KINDS else "",
        opened=opened,
        is_mine=is_mine,
        state=_(DraftState(opened.state).label) if opened else "",
        steps=steps_of(db, catalogue, record, drafts),
        can_change=row is not None and draft_to_change(db, person, record, "") is None,
        can_restore=is_mine and opened.state in WRITABLE_STATES if opened else row is not None,
        in_review=[draft for draft in drafts if draft.state == DraftState.IN_REVIEW],
        deleted=[
            draft
            for draft in drafts[-1:]
            if draft.state == DraftState.DELETED and can_bring_back(db, draft)
        ],
        can_withdraw=is_editor and current is not None and current.is_live,
        can_republish=can_republish,
        can_purge=person.may(DeskRole.ADMIN),
        is_editor=is_editor,
        merges=merges_involving(db, record),
        names=names_of_people(db),
        along=[*hidden, *(form.id for form in named)],
        effects=[
            (other, catalogue.title(other[0], document_of(db.get_one(Record, other).form)), becomes)
            for other, becomes in effects.items()
        ],
        problems=problems,
        # A withdrawal is undone in one press.
        reason=(not undone and reason)
        or (_("The withdrawal was undone.") if can_republish else ""),
        undone=undone,
        undo_reason=reason,
        # For editors: the contributors who may see the record's private values.
        readers=readers_of(db, record) if is_editor else None,
        waiting=waiting_for(db, record) if is_editor else (),
    )


def _known(db: DeskSession, person: Person, record: str) -> tuple[Record | None, list[Draft]]:
    """Return the approved record, and those of its drafts that a person may see; 404 if none."""
    row, drafts = find(db, record), drafts_of(db, person, record)
    if row is None and not drafts:
        raise HTTPException(404)
    return row, drafts


@router.get("/desk/records/{record}", name="desk-record")
def show_record(request: Request, db: Desk, person: Contributor, record: str) -> Response:
    return record_page(request, db, person, clean(record))


@router.post("/desk/records/{record}/private", name="record-private")
def open_private_values(
    request: Request, db: Desk, editor: Editor, record: str, posted: PostedForm
) -> Response:
    """Let one contributor see a record's private values, or stop that."""
    id, to = clean(record), posted.get("person", "")
    person = db.get(Person, int(to)) if re.fullmatch(r"[0-9]{1,9}", to, re.ASCII) else None
    _known(db, editor, id)
    if person is None or person.may(DeskRole.EDITOR):
        raise HTTPException(404)
    is_open = posted.get("do") != "close"
    done = _("{who} can no longer see the private fields of {record}.")
    if is_open:
        done = _("{who} can now see the private fields of {record}.")
    set_opened(db, editor, id, person, is_open=is_open)
    here = f"{url('desk-record', record=id)}#private"
    return see_other(request, here, done.format(who=person.called, record=id))


@router.post("/desk/records/{record}/restore", name="record-restore")
def restore_version(
    request: Request, db: Desk, person: Contributor, record: str, posted: PostedForm
) -> Response:
    """Restore an earlier state in the open draft, or in a new one."""
    try:
        draft = restore(
            db, person, clean(record), clean(posted.get("version", "")), sheet=secrets.token_hex(8)
        )
    except LookupError:
        raise HTTPException(404) from None
    except InvalidStateError:
        return see_other(
            request,
            url("desk-record", record=clean(record)),
            _("Another person is editing it. Nothing was restored."),
        )
    return see_other(
        request,
        url("draft", id=draft.id),
        _("The version was restored in a draft. It is not published yet."),
    )


@router.post("/desk/records/{record}/withdraw", name="withdraw")
def withdraw(
    request: Request, db: Desk, editor: Editor, record: str, posted: PostedForm
) -> Response:
    """Withdraw a record, after the page has shown what becomes of records that refer to it."""
    shown = {
        name.removeprefix("becomes."): becomes
        for name, becomes in posted.items()
        if name.startswith("becomes.")
    }
    done = _("The record was withdrawn. Its page gives the reason.")
    act = GuardedAct.WITHDRAW
    return _operate(request, db, editor, clean(record), posted, act=act, done=done, chosen=shown)


@router.post("/desk/records/{record}/publish", name="publish-again")
def publish_again(
    request: Request, db: Desk, editor: Editor, record: str, posted: PostedForm
) -> Response:
    """Publish a withdrawn record again, with its effects on others undone."""
    act, done = GuardedAct.PUBLISH_AGAIN, _("The record is published again.")
    return _operate(request, db, editor, clean(record), posted, act=act, done=done)


@router.post("/desk/merges/{id}/undo", name="merge-undo")
def undo(request: Request, db: Desk, editor: Editor, id: int, posted: PostedForm) -> Response:
    """Undo a merge, from the page of the record that stayed."""
    merging = db.get(Merging, id) if id < 2**31 else None
    if merging is None:
        raise HTTPException(404)
    act, done = GuardedAct.UNDO_MERGE, _("The merge was undone in edition {edition}.")
    arguments = {"merging": id, "gone": merging.gone}
    return _operate(request, db, editor, merging.kept, posted, act=act, done=done, **arguments)


def _operate(
    request: Request,
    db: DeskSession,
    editor: Person,
    id: str,
    posted: Mapping[str, str],
    *,
    act: GuardedAct,
    done: str,
    **arguments: Any,
) -> Response:
    """Perform an act; errors are shown on the page of the record, with what was typed."""
    reason, undone = clean(posted.get("reason", "")), arguments.get("merging", 0)
    _known(db, editor, id)
    try:
        settings = app_state(request).settings
        edition = attempt(
            db, editor, act, id, reason=reason.strip(), arguments=arguments, settings=settings
        )
    except PublishError as refused:
        effects = in_short(effects_of(db, [id])) if act == GuardedAct.WITHDRAW else {}
        field = f"undo-{undone}" if undone else REASON
        missing = reason_problems(reason, _("Enter a reason. Readers will see it."), field)
        problems = FormProblems(missing or FormProblems.of_reasons(refused.reasons))
        return record_page(
            request,
            db,
            editor,
            id,
            problems=problems,
            reason=reason,
            effects=effects,
            undone=undone,
        )
    except InvalidStateError:
        done = _("Nothing was changed: this was already done.")
    else:
        done = done.format(edition=edition) if edition else confirmation_notice()
    return see_other(request, url("desk-record", record=id), done)
