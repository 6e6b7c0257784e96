"""Routes with which a second person confirms or declines a request."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.confirmations import acts
from app.desk.confirmations.views import FailedDecision, queue
from app.desk.identity.confirmation_models import Confirmation, GuardedAct
from app.desk.identity.confirmations import can_confirm, find_confirmation, require_waiting
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.review.commands import UnconfirmedError
from app.desk.ui.form_problems import FormProblem, FormProblems
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.record.publishing.validation import PublishError
from app.settings import Settings
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()


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
        return _page(request, db, editor, FailedDecision(id, words, FormProblems((problem,))))
    attempt = db.begin_nested()
    try:
        require_waiting(confirmation)
        done = _decide(settings, db, confirmation, editor, posted)
    except InvalidStateError:
        attempt.rollback()
        return see_other(
            request, url("confirmations"), _("Nothing was done: this was already decided.")
        )
    except UnconfirmedError:
        attempt.rollback()
        changed = _("The citations have changed since. Decline it, and request it again.")
        found = FormProblems((FormProblem(changed),))
        return _page(request, db, editor, FailedDecision(id, words, found))
    except PublishError as refused:
        attempt.rollback()
        found = FormProblems.of_reasons(refused.reasons)
        return _page(request, db, editor, FailedDecision(id, words, found))
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
    request: Request, db: DeskSession, editor: Person, attempt: FailedDecision | None = None
) -> Response:
    view = queue(db, editor, app_state(request).settings, attempt)
    return desk_page(
        request, "desk/confirmations/page.html", queue=view, status=422 if attempt else 200
    )
