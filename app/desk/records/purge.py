"""Pages on which an admin purges a record, after typing its id."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.approved.models import Draft
from app.desk.approved.store import find
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.commands import merges_involving
from app.desk.drafts.references import referring_ids
from app.desk.identity.confirmations import (
    Confirmation,
    GuardedAct,
    confirmation_notice,
    request_confirmation,
)
from app.desk.identity.models import Person
from app.desk.identity.permissions import Admin
from app.desk.operations import attempt
from app.desk.purges import (
    Purge,
    PurgeCause,
    find_remaining,
)
from app.desk.ui import NO_PROBLEMS, REASON, FormProblem, FormProblems, desk_page, see_other
from app.documents import clean, document_of, fit_to_form
from app.i18n.translate import _
from app.kinds import FORMS
from app.record.models import Edition, RecordState, Version
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()
MAX_REFERENCES = 20


@router.get("/desk/records/{record}/purge", name="purge")
def purge_page(request: Request, db: Desk, admin: Admin, record: str) -> Response:
    return _page(request, db, admin, clean(record), sent={})


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
        return _page(request, db, admin, id, sent=sent, problems=FormProblems(found))
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
        return _page(request, db, admin, id, sent=sent, problems=problems)
    notice = _("{id} was removed permanently. It was never published.")
    if edition is None:
        notice = _("{id} was already removed.")
    elif edition:
        notice = _("{id} was removed permanently, in edition {edition}.")
    return see_other(request, url("desk"), notice.format(id=id, edition=edition))


def _page(
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
    document = document_of(row.form) if row else drafts[-1].document if drafts else None
    title = (
        Catalogue(db, admin).title(id[0], fit_to_form(FORMS[id[0]], document)) if document else id
    )
    references = referring_ids(db, id[0], row.name) if row else []
    return desk_page(
        request,
        "desk/purges/page.html",
        id=id,
        record_title=title,
        is_done=is_purged and row is None and not drafts,
        editions=editions,
        drafts=len(drafts),
        named_by=references[:MAX_REFERENCES],
        more_named_by=len(references) - MAX_REFERENCES,
        merges=merges_involving(db, id),
        causes=PurgeCause,
        sent=sent,
        problems=problems,
        keeps_a_list=app_state(request).settings.purge_list is not None,
        status=422 if problems else 200,
    )
