"""Operations on published records, which may need a second person, and `/desk/confirmations`.

An operation is a `Confirmation`: what is done to which record, with arguments and a reason. One
person tries it; if a second must agree, nothing is done, and the same object waits for them.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.approved.models import Merging, Record
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.commands import names_of_people
from app.desk.identity.confirmations import (
    UNDOES,
    Confirmation,
    ConfirmationState,
    GuardedAct,
    can_confirm,
    find_confirmation,
    needs_second_person,
    record_decision,
    request_confirmation,
    waiting_for,
)
from app.desk.identity.models import Person
from app.desk.identity.notices import NoticeKind, editors, notify
from app.desk.identity.permissions import Editor
from app.desk.purges import PurgeCause, add_to_list_after_commit, purge
from app.desk.removals import merge, republish, seen, undo, withdraw
from app.desk.ui import NO_PROBLEMS, FormProblem, FormProblems, desk_page, see_other
from app.documents import clean, document_of
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.kinds import public
from app.record.models import Version
from app.record.publishing.validation import PublishError
from app.settings import Settings
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()
MAX_DECIDED_SHOWN = 20
MAX_WAITING_SHOWN = 100


@router.get("/desk/confirmations", name="confirmations")
def confirmations_page(request: Request, db: Desk, editor: Editor) -> Response:
    return _page(request, db, editor)


@router.post("/desk/confirmations/{id:int}", name="confirmation")
def decide(
    request: Request,
    db: Desk,
    editor: Editor,
    id: int,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    """Confirm or decline a request; who requested it can only cancel it."""
    confirmation = find_confirmation(db, id)
    if confirmation is None:
        raise HTTPException(404)
    do, words = posted.get("do", ""), clean(posted.get("words", "")).strip()
    if do == "decline" and not words and confirmation.asked_by != editor.id:
        problem = FormProblem(_("Give a reason for declining."), f"words-{id}")
        return _page(request, db, editor, confirmation, FormProblems([problem]))
    try:
        with db.begin_nested():
            if confirmation.state != ConfirmationState.WAITING:
                raise InvalidStateError
            done = _decide(db, settings, confirmation, editor, do=do, words=words)
    except InvalidStateError:
        done = _("Nothing was done: this was already decided.")
    except PublishError as refused:
        found = FormProblems.of_reasons(refused.reasons)
        return _page(request, db, editor, confirmation, found, typed=words)
    return see_other(request, url("confirmations"), done)


def _decide(
    db: DeskSession,
    settings: Settings,
    confirmation: Confirmation,
    editor: Person,
    *,
    do: str,
    words: str,
) -> str:
    if do == "confirm":
        if not can_confirm(db, editor, confirmation, settings):
            raise PublishError(
                [
                    _(
                        "another person must confirm it, and the person who requested it "
                        "must still have permission"
                    )
                ]
            )
        edition = _perform(db, confirmation, editor, settings)
        record_decision(db, confirmation, editor, ConfirmationState.CONFIRMED)
        if confirmation.act == GuardedAct.PUBLISH_AGAIN:
            for hidden in waiting_for(db, confirmation.record, GuardedAct.HIDE):
                declined = ConfirmationState.DECLINED
                record_decision(db, hidden, editor, declined, confirmation.reason)
        if not edition:
            return _("Confirmed.")
        return _("Confirmed, and published in edition {edition}.").format(edition=edition)
    if do != "decline":
        raise HTTPException(422)
    state, done = ConfirmationState.DECLINED, _("Declined.")
    if confirmation.asked_by == editor.id:
        state, done = ConfirmationState.TAKEN_BACK, _("The request was cancelled.")
    _show_again_if_hidden(db, confirmation, editor, words or _("It was hidden by mistake."))
    record_decision(db, confirmation, editor, state, words)
    return done


def attempt(
    db: DeskSession,
    by: Person,
    act: GuardedAct,
    record: str,
    *,
    reason: str,
    arguments: Mapping[str, Any],
    settings: Settings,
) -> int | None:
    """Perform an act; return its edition, or None if it now waits for a second person.

    It is tried first, so that nothing waits that is impossible. Its errors are raised, with nothing
    changed. All editors are notified; the page of the record has the way back.
    """
    operation = Confirmation(act=act.value, record=record, reason=reason, arguments={**arguments})
    with db.begin_nested() as savepoint:
        edition = _perform(db, operation, by, settings)
        if not needs_second_person(db, by, operation, settings):
            if act not in UNDOES:
                for id in (record, *arguments.get("others", ())):
                    page = url("desk-record", record=id)
                    notify(db, NoticeKind.ALONE, editors(db), page, id, by=by)
            return edition
        savepoint.rollback()
    request_confirmation(db, by, operation)
    return None


def _perform(
    db: DeskSession, operation: Confirmation, by: Person, settings: Settings
) -> int | None:
    """Perform an operation in the name of a person; return the edition, if there is one.

    Raises PublishError where the record has changed so that the act is impossible, and
    InvalidStateError where it was performed already.
    """
    record, arguments, reason = operation.record, operation.arguments, operation.reason
    match GuardedAct(operation.act):
        case GuardedAct.WITHDRAW:
            ids = [record, *arguments.get("others", ())]
            return withdraw(db, ids, by, reason, shown=arguments["chosen"]).no
        case GuardedAct.PUBLISH_AGAIN:
            return republish(db, record, by, reason).no
        case GuardedAct.MERGE:
            gone = _gone(db, operation)
            return merge(db, by, gone, record, reason, confirmed=arguments["confirmed"]).no
        case GuardedAct.UNDO_MERGE:
            merging = db.get_one(Merging, arguments["merging"], with_for_update=True)
            return undo(db, by, merging, reason).no
        case GuardedAct.PURGE:
            add_to_list_after_commit(db, settings.purge_list, record)
            return purge(db, record, by, PurgeCause(arguments["cause"]), reason)
        case GuardedAct.HIDE:
            if _was_shown_since(db, operation):
                raise PublishError(
                    [
                        _(
                            "readers have seen it again since it was hidden: "
                            "decline or cancel this request"
                        )
                    ]
                )
    return None


def _show_again_if_hidden(db: Session, confirmation: Confirmation, by: Person, words: str) -> None:
    """Undo an urgent hide, but not a later withdrawal, which two people decided."""
    if confirmation.act != GuardedAct.HIDE or _was_shown_since(db, confirmation):
        return
    try:
        republish(db, confirmation.record, by, words)
    except InvalidStateError:
        # The record has been purged since it was hidden.
        return


def _was_shown_since(db: Session, hidden: Confirmation) -> bool:
    """Return whether readers have seen the record since the edition that hid it."""
    shown = select(Version.seq).where(Version.id == hidden.record, Version.is_live)
    later = or_(Version.closed.is_(None), Version.closed > hidden.arguments["edition"])
    return db.scalars(shown.where(later).limit(1)).first() is not None


def _gone(db: Session, merging: Confirmation) -> str:
    """Return the id of the record that goes, if both are as they were when they were compared."""
    ids = (merging.record, merging.arguments.get("gone", ""))
    kept, gone = (db.get(Record, id) for id in ids)
    # A request of an earlier release has no "confirmed", and is to be compared again.
    is_compared = kept and gone and merging.arguments["seen"] == seen(kept, gone)
    if gone is None or not is_compared or "confirmed" not in merging.arguments:
        raise PublishError([_("one of the two records has changed since then: compare them again")])
    return gone.id


# The page ---------------------------------------------------------------------------------------


def _page(
    request: Request,
    db: DeskSession,
    editor: Person,
    failed: Confirmation | None = None,
    problems: FormProblems = NO_PROBLEMS,
    *,
    typed: str = "",
) -> Response:
    """Return the waiting requests, oldest first, and the decided ones, newest first.

    `failed` is the request whose decision was refused, with the reason for declining as typed.
    """
    waits = Confirmation.state == ConfirmationState.WAITING
    found = select(Confirmation).where(waits).order_by(Confirmation.id).limit(MAX_WAITING_SHOWN)
    newest = Confirmation.decided_at.desc().nulls_last()
    decided = select(Confirmation).where(~waits).order_by(newest).limit(MAX_DECIDED_SHOWN)
    waiting, settings = db.scalars(found).all(), app_state(request).settings
    return desk_page(
        request,
        "desk/confirmations/page.html",
        status=422 if failed else 200,
        waiting=[
            {
                "request": each,
                "title": _title(db, editor, each.record),
                "notes": _notes(db, each),
                "can_confirm": can_confirm(db, editor, each, settings),
                "problems": problems if each is failed else NO_PROBLEMS,
            }
            for each in waiting
        ],
        decided=db.scalars(decided).all(),
        causes=PurgeCause.by_code(),
        names=names_of_people(db),
        me=editor.id,
        typed=typed,
    )


def _notes(db: Session, confirmation: Confirmation) -> list[str]:
    """Return what has happened since the request."""
    notes = list[str]()
    if confirmation.act == GuardedAct.HIDE and _was_shown_since(db, confirmation):
        notes.append(
            _("Readers have seen it again since then. Declining changes nothing for them.")
        )
    row = db.get(Record, confirmation.record)
    if row and row.saved_at > confirmation.asked_at:
        notes.append(_("The record has changed since this was requested. Check it first."))
    return notes


def _title(db: DeskSession, editor: Person, record: str) -> str:
    row = db.get(Record, record)
    if row is None:
        return ""
    return Catalogue(db, editor).title(record[0], document_of(public(row.form)))
