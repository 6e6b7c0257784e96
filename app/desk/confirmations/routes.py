"""Routes with which a second person confirms or declines a request."""

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.approved.models import Record
from app.desk.confirmations import acts
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.confirmations import (
    Confirmation,
    ConfirmationState,
    GuardedAct,
    can_confirm,
    find_confirmation,
    require_waiting,
)
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.ui.form_problems import NO_PROBLEMS, FormProblem, FormProblems
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean, document_of
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.kinds import public
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
    """Confirm or decline a request; the requester may take it back."""
    confirmation = find_confirmation(db, id)
    if confirmation is None:
        raise HTTPException(404)
    words = _words(posted)
    if posted.get("do") == "decline" and not words:
        problem = FormProblem(_("Give a reason for declining."), f"words-{id}")
        return _page(request, db, editor, confirmation, FormProblems((problem,)))
    attempt = db.begin_nested()
    try:
        require_waiting(confirmation)
        done = _decide(settings, db, confirmation, editor, posted)
    except InvalidStateError:
        attempt.rollback()
        return see_other(
            request, url("confirmations"), _("Nothing was done: this was already decided.")
        )
    except PublishError as refused:
        attempt.rollback()
        found = FormProblems.of_reasons(refused.reasons)
        return _page(request, db, editor, confirmation, found, typed=words)
    attempt.commit()
    return see_other(request, url("confirmations"), done)


def _decide(
    settings: Settings,
    db: DeskSession,
    confirmation: Confirmation,
    editor: Person,
    posted: PostedForm,
) -> str:
    words = _words(posted)
    match posted.get("do", ""):
        case "confirm":
            if not can_confirm(db, editor, confirmation, settings):
                raise PublishError(
                    [
                        _(
                            "another person must confirm it, and the person who requested it "
                            "must still have permission"
                        )
                    ]
                )
            edition = acts.confirm(db, confirmation, editor, settings)
            if confirmation.act == GuardedAct.HIDE or edition is None:
                return _("Confirmed.")
            return _("Confirmed, and published in edition {edition}.").format(edition=edition)
        case "decline":
            if confirmation.asked_by == editor.id:
                raise PublishError([_("you requested it yourself: cancel the request instead")])
            acts.decline(db, confirmation, editor, words)
            return _("Declined.")
        case "take-back":
            if confirmation.asked_by != editor.id:
                raise HTTPException(403)
            acts.take_back(db, confirmation, editor, words or _("It was hidden by mistake."))
            return _("The request was cancelled.")
    raise HTTPException(422)


def _words(posted: PostedForm) -> str:
    return clean(posted.get("words", "")).strip()


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
    waiting, settings = db.scalars(found).all(), app_state(request).settings
    newest = Confirmation.decided_at.desc().nulls_last()
    return desk_page(
        request,
        "desk/confirmations/page.html",
        status=422 if failed else 200,
        waiting=waiting,
        decided=db.scalars(
            select(Confirmation).where(~waits).order_by(newest).limit(MAX_DECIDED_SHOWN)
        ).all(),
        titles={each.id: _title(db, editor, each.record) for each in waiting},
        consequences={each.id: acts.consequences(db, editor, each) for each in waiting},
        can_confirm={each.id for each in waiting if can_confirm(db, editor, each, settings)},
        names={person.id: person.called for person in db.scalars(select(Person))},
        me=editor.id,
        problems={failed.id: problems} if failed else {},
        no_problems=NO_PROBLEMS,
        typed=typed,
    )


def _title(db: DeskSession, editor: Person, record: str) -> str:
    row = db.get(Record, record)
    if row is None:
        return ""
    return Catalogue(db, editor).title(record[0], document_of(public(row.form)))
