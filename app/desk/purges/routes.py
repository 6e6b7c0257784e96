"""Route with which an admin purges a record, after typing its id."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.identity.confirmations import (
    GuardedAct,
    confirmation_notice,
    has_second_person,
    request_confirmation,
)
from app.desk.identity.models import Person
from app.desk.identity.permissions import Admin
from app.desk.purges.commands import PurgeCause, add_to_list_after_commit, purge
from app.desk.purges.views import PurgeInput, purge_view
from app.desk.ui.form_problems import REASON, FormProblem, FormProblems
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean
from app.i18n.translate import _
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()


@router.get("/desk/records/{record}/purge", name="purge")
def purge_page(request: Request, db: Desk, admin: Admin, record: str) -> Response:
    return _page(request, db, admin, clean(record), PurgeInput())


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
    id = clean(record)
    typed, reason = clean(posted.get("typed", "")).strip(), clean(posted.get("reason", "")).strip()
    cause = PurgeCause.by_code().get(posted.get("cause", ""), PurgeCause.SAFETY)
    found = []
    if not reason:
        words = _("Enter a reason for the log, without repeating the content.")
        found.append(FormProblem(words, REASON))
    if typed != id:
        found.append(FormProblem(_("Type the id, {id}, to confirm.").format(id=id), "typed"))
    problems = FormProblems(tuple(found))
    if not problems:
        try:
            if has_second_person(settings):
                if purge_view(db, admin, id, PurgeInput(), keeps_a_list=False) is None:
                    raise HTTPException(404)
                request_confirmation(
                    db, admin, GuardedAct.PURGE, id, reason=reason, arguments={"cause": cause.value}
                )
                return see_other(request, url("desk-record", record=id), confirmation_notice())
            done = purge(db, id, admin, cause, reason)
        except PublishError as refused:
            problems = FormProblems.of_reasons(refused.reasons)
        else:
            add_to_list_after_commit(db, settings.purge_list, id)
            return see_other(
                request,
                url("desk"),
                _notice(id, done.edition if done else None, is_new=done is not None),
            )
    return _page(
        request,
        db,
        admin,
        id,
        PurgeInput(typed, reason, cause.value, problems),
    )


def _page(request: Request, db: DeskSession, admin: Person, id: str, sent: PurgeInput) -> Response:
    keeps_a_list = app_state(request).settings.purge_list is not None
    view = purge_view(db, admin, id, sent, keeps_a_list=keeps_a_list)
    if view is None:
        raise HTTPException(404)
    return desk_page(
        request, "desk/purges/page.html", purging=view, status=422 if sent.problems else 200
    )


def _notice(id: str, edition: int | None, *, is_new: bool) -> str:
    if not is_new:
        return _("{id} was already removed.").format(id=id)
    if edition is None:
        return _("{id} was removed permanently. It was never published.").format(id=id)
    return _("{id} was removed permanently, in edition {edition}.").format(id=id, edition=edition)
