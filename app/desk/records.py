"""`/desk/records/…`: history, restoring, withdrawing, publishing again, merging and removing."""

import re
import secrets
from collections.abc import Mapping, Sequence
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
from app.desk.draft_form.private_values import (
    DraftReader,
    log_reading_of,
    readers_of,
    set_opened,
)
from app.desk.drafts import commands as draft_commands
from app.desk.drafts.commands import (
    can_bring_back,
    draft_to_change,
    may_write,
    merges_involving,
    open_draft,
)
from app.desk.drafts.references import referring_ids
from app.desk.identity.audit_log import log_action
from app.desk.identity.commands import names_of_people
from app.desk.identity.confirmations import (
    Confirmation,
    GuardedAct,
    confirmation_notice,
    request_confirmation,
    waiting_for,
)
from app.desk.identity.models import DeskRole, Person
from app.desk.identity.permissions import Admin, Contributor, Editor
from app.desk.operations import attempt
from app.desk.purges import Purge, PurgeCause, find_remaining
from app.desk.removals import effects_to_show, plan, seen, side_by_side, withdrawal_effects
from app.desk.review.commands import UnconfirmedError
from app.desk.ui import (
    NO_PROBLEMS,
    REASON,
    FormProblem,
    FormProblems,
    desk_page,
    reason_problems,
    see_other,
)
from app.documents import Document, align_rows, clean, document_of, fit_to_form
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.kinds import FORMS
from app.record.models import Edition, RecordState, Version
from app.record.publishing.validation import PublishError
from app.vocabulary.kinds import LISTED_KINDS
from app.web.forms import PostedForm, with_prefix
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import PAGE_OF_KIND, url

NOTHING: Mapping[str, str] = MappingProxyType({})

# History ------------------------------------------------------------------------------------------


def steps_of(
    db: Session, catalogue: Catalogue, record: str, drafts: Sequence[Draft]
) -> list[tuple[Revision, Sequence[FieldChange]]]:
    """Return the revisions with what each changed, newest first.

    Consecutive autosaves of one person are joined.
    """
    form = FORMS[record[0]]
    readers = {draft.id: DraftReader(db, catalogue.person, draft) for draft in drafts}
    order = select(Revision).where(Revision.draft.in_(readers))
    shown: list[Revision] = []
    for revision in db.scalars(order.order_by(Revision.draft, Revision.number)):
        if shown and revision.saved == RevisionCause.BY_ITSELF:
            last = shown[-1]
            if (last.draft, last.saved, last.by) == (revision.draft, revision.saved, revision.by):
                shown.pop()
        shown.append(revision)
    steps: list[tuple[Revision, Sequence[FieldChange]]] = []
    before: Document | None = None
    for revision in shown:
        state = readers[revision.draft].visible(fit_to_form(form, revision.document))
        aligned = align_rows(form, state, before) if before else state
        steps.append((revision, changes(catalogue, form, before, aligned) if before else []))
        if revision.saved != RevisionCause.SET_ASIDE:
            before = state
    return steps[::-1]


def drafts_of(db: Session, person: Person, record: str) -> list[Draft]:
    """Return the drafts of a record that this person may see, oldest first."""
    drafts = db.scalars(select(Draft).where(Draft.record == record).order_by(Draft.id))
    return [draft for draft in drafts if may_write(person, draft)]


def restore(db: Session, person: Person, record: str, version: str) -> Draft:
    """Return the draft that holds the restored state: the draft of the version, if it is open.

    Raises LookupError if there is no such version, and InvalidStateError while somebody else
    changes the record.
    """
    found = re.fullmatch(r"([0-9]{1,9})\.([0-9]{1,9})", version, re.ASCII)
    revision = db.get(Revision, (int(found[1]), int(found[2]))) if found else None
    own = {draft.id: draft for draft in drafts_of(db, person, record)}
    if revision is None or revision.draft not in own:
        raise LookupError(version)
    earlier = fit_to_form(FORMS[record[0]], revision.document)
    draft = own.get(revision.draft)
    if draft and draft.state not in WRITABLE_STATES:
        draft = draft_commands.begin_to_change(db, person, record)
    if draft is not None:
        # It may have been submitted between the read above and the lock.
        db.refresh(draft, with_for_update=True)
    if draft is None or draft.state not in WRITABLE_STATES or not may_write(person, draft):
        raise InvalidStateError
    document = align_rows(draft_commands.form_of(draft), earlier, draft.document)
    draft.document = DraftReader(db, person, draft).restore(document, draft.document)
    cause, sheet = RevisionCause.RESTORED, secrets.token_hex(8)
    draft_commands.next_revision(db, draft, person, cause, sheet=sheet, words=version)
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
    shows_effects: bool = False,
    undone: int = 0,
) -> Response:
    """Return the page; with problems, what was typed, and the status of a refused form.

    `reason` is that of withdrawing or publishing again, or of undoing the merge `undone`.
    `shows_effects` tells what a withdrawal does to other records.
    """
    row, drafts = _known(db, person, record)
    catalogue, current = Catalogue(db, person), published_version(db, record)
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
        title=_title(catalogue, record, row, drafts),
        current=current,
        is_withdrawn=is_withdrawn,
        public_page=PAGE_OF_KIND[record[0]] if current and record[0] in LISTED_KINDS else "",
        opened=opened,
        is_mine=is_mine,
        state=_(DraftState(opened.state).label) if opened else "",
        steps=steps_of(db, catalogue, record, drafts),
        causes=RevisionCause.by_code(),
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
        effects=effects_to_show(catalogue, [record]) if shows_effects else (),
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


def _title(catalogue: Catalogue, record: str, row: Record | None, drafts: Sequence[Draft]) -> str:
    document = document_of(row.form) if row else drafts[-1].document
    return catalogue.title(record[0], fit_to_form(FORMS[record[0]], document))


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
    try:
        draft = restore(db, person, clean(record), clean(posted.get("version", "")))
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
    shown = with_prefix(posted, "becomes.")
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
    settings, edition = app_state(request).settings, None
    field = f"undo-{undone}" if undone else REASON
    problems = reason_problems(reason, _("Enter a reason. Readers will see it."), field)
    try:
        if not problems:
            edition = attempt(
                db, editor, act, id, reason=reason.strip(), arguments=arguments, settings=settings
            )
    except PublishError as refused:
        problems = FormProblems.of_reasons(refused.reasons)
    except InvalidStateError:
        words = _("Nothing was changed: this was already done.")
        return see_other(request, url("desk-record", record=id), words)
    if problems:
        return record_page(
            request,
            db,
            editor,
            id,
            problems=FormProblems(problems),
            reason=reason,
            shows_effects=act == GuardedAct.WITHDRAW,
            undone=undone,
        )
    done = done.format(edition=edition) if edition else confirmation_notice()
    return see_other(request, url("desk-record", record=id), done)


# Merging ----------------------------------------------------------------------------------------


@router.get("/desk/records/{record}/merge", name="merge")
def merge_page(request: Request, db: Desk, editor: Editor, record: str) -> Response:
    row, query = _approved(db, clean(record)), request.query_params
    other = find(db, clean(query.get("with", "")).strip().upper())
    if other is None or other.id == row.id or other.kind != row.kind:
        words = _("Enter the id of another published record of the same kind.")
        return see_other(request, url("desk-record", record=row.id), words)
    # The older id is more likely to have been cited.
    kept, gone = sorted((row, other), key=lambda each: int(each.id[1:]))
    if query.get("keep") == gone.id:
        kept, gone = gone, kept
    return _merge_page(request, Catalogue(db, editor), kept, gone)


@router.post("/desk/records/{record}/merge")
def merge(
    request: Request,
    db: Desk,
    editor: Editor,
    record: str,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    kept, gone = _approved(db, clean(record)), _approved(db, clean(posted.get("with", "")))
    if kept.id == gone.id or kept.id[0] != gone.id[0]:
        raise HTTPException(404)
    reason, doubts = clean(posted.get("reason", "")).strip(), list[str]()
    confirmed = _confirmed(posted)
    arguments = {"gone": gone.id, "seen": posted.get("seen", ""), "confirmed": confirmed}
    edition = None
    found = reason_problems(reason, _("Enter a reason for the merge. Readers will see it."))
    try:
        if not found:
            act = GuardedAct.MERGE
            edition = attempt(
                db, editor, act, kept.id, reason=reason, arguments=arguments, settings=settings
            )
    except UnconfirmedError:
        doubts = [*plan(db, gone.id, kept.id).doubts]
        words = _("The words that {citation} supports have changed. Check and confirm it.")
        found = [
            FormProblem(words.format(citation=id), f"confirm.{id}")
            for id in doubts
            if id not in confirmed
        ]
    except PublishError as refused:
        found = FormProblems.of_reasons(refused.reasons)
    if found:
        return _merge_page(
            request,
            Catalogue(db, editor),
            kept,
            gone,
            posted=posted,
            problems=FormProblems(found),
            doubts=doubts,
        )
    if edition is None:
        return see_other(request, url("desk-record", record=kept.id), confirmation_notice())
    notice = _("Merged in edition {edition}. {gone} now redirects to {kept}.").format(
        edition=edition, gone=gone.id, kept=kept.id
    )
    return see_other(request, url("desk-record", record=kept.id), notice)


def _merge_page(
    request: Request,
    catalogue: Catalogue,
    kept: Record,
    gone: Record,
    *,
    posted: Mapping[str, str] = NOTHING,
    problems: FormProblems = NO_PROBLEMS,
    doubts: Sequence[str] = (),
) -> Response:
    """Return the page of two records; `doubts` are the citations to confirm."""
    db, kind, rows = catalogue.db, kept.kind, (kept, gone)
    documents = [document_of(row.form) for row in rows]
    for row, document in zip(rows, documents, strict=True):
        log_reading_of(db, catalogue.person, row.id, document)
    differing = side_by_side(catalogue, FORMS[kind], *documents)
    referring = sorted(
        {id for row in rows for id in referring_ids(db, kind, row.name)} - {kept.id, gone.id}
    )
    ticked = _confirmed(posted)
    paraphrases = {
        row["id"]: row["paraphrase"]
        for document in documents
        for row in document.get("citations", ())
    }
    return desk_page(
        request,
        "desk/merges/page.html",
        status=422 if problems else 200,
        kept=kept.id,
        gone=gone.id,
        titles={
            row.id: catalogue.title(kind, document)
            for row, document in zip(rows, documents, strict=True)
        },
        differing=differing,
        referring=referring,
        doubts={
            id: paraphrases[id] for id in dict.fromkeys([*doubts, *ticked]) if id in paraphrases
        },
        ticked=ticked,
        reason=clean(posted.get("reason", "")),
        seen=seen(kept, gone),
        problems=problems,
    )


def _confirmed(posted: Mapping[str, str]) -> list[str]:
    """Return the citations that were confirmed to support or dispute the merged event, too."""
    return [*with_prefix(posted, "confirm.")]


def _approved(db: DeskSession, id: str) -> Record:
    if (row := find(db, id)) is None:
        raise HTTPException(404)
    return row


# Removing for good --------------------------------------------------------------------------------


@router.get("/desk/records/{record}/purge", name="purge")
def purge_page(request: Request, db: Desk, admin: Admin, record: str) -> Response:
    return _purge_page(request, db, admin, clean(record), sent={})


@router.post("/desk/records/{record}/purge")
def purge_record(
    request: Request,
    db: Desk,
    admin: Admin,
    record: str,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    id, sent = clean(record), {name: clean(text).strip() for name, text in posted.items()}
    reason = sent.get("reason", "")
    cause = PurgeCause.by_code().get(sent.get("cause", ""), PurgeCause.SAFETY)
    found = []
    if not reason:
        words = _("Enter a reason for the log, without repeating the content.")
        found.append(FormProblem(words, REASON))
    if sent.get("typed") != id:
        found.append(FormProblem(_("Type the id, {id}, to confirm.").format(id=id), "typed"))
    if found:
        return _purge_page(request, db, admin, id, sent=sent, problems=FormProblems(found))
    arguments = {"cause": cause.value}
    try:
        if not settings.one_person_desk:
            if not find_remaining(db, [id]):
                raise HTTPException(404)
            operation = Confirmation(
                act=GuardedAct.PURGE.value, record=id, reason=reason, arguments=arguments
            )
            request_confirmation(db, admin, operation)
            return see_other(request, url("desk-record", record=id), confirmation_notice())
        act = GuardedAct.PURGE
        edition = attempt(db, admin, act, id, reason=reason, arguments=arguments, settings=settings)
    except PublishError as refused:
        problems = FormProblems.of_reasons(refused.reasons)
        return _purge_page(request, db, admin, id, sent=sent, problems=problems)
    notice = _("{id} was removed permanently. It was never published.")
    if edition is None:
        notice = _("{id} was already removed.")
    elif edition:
        notice = _("{id} was removed permanently, in edition {edition}.")
    return see_other(request, url("desk"), notice.format(id=id, edition=edition))


def _purge_page(
    request: Request,
    db: DeskSession,
    admin: Person,
    id: str,
    *,
    sent: Mapping[str, str],
    problems: FormProblems = NO_PROBLEMS,
) -> Response:
    """Return the page; respond with 404 if there never was such a record."""
    row = find(db, id)
    drafts = db.scalars(select(Draft).where(Draft.record == id).order_by(Draft.id)).all()
    editions = db.execute(
        select(Version.opened, Version.state, Edition.message)
        .join(Edition, Edition.no == Version.opened)
        .where(Version.id == id)
        .order_by(Version.opened)
    ).all()
    is_purged = db.get(Purge, id) is not None or any(
        each.state == RecordState.PURGED for each in editions
    )
    if not (row or drafts or editions or is_purged):
        raise HTTPException(404)
    return desk_page(
        request,
        "desk/purges/page.html",
        id=id,
        record_title=_title(Catalogue(db, admin), id, row, drafts) if row or drafts else id,
        is_done=is_purged and row is None and not drafts,
        editions=editions,
        drafts=len(drafts),
        named_by=referring_ids(db, id[0], row.name) if row else [],
        merges=merges_involving(db, id),
        causes=PurgeCause,
        sent=sent,
        problems=problems,
        keeps_a_list=app_state(request).settings.purge_list is not None,
        status=422 if problems else 200,
    )
