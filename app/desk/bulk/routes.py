"""Routes of `/desk/bulk`: choose records, preview the edit, make its drafts, and undo them."""

import re
from collections.abc import Mapping, Sequence
from functools import partial

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.bulk import commands
from app.desk.bulk.commands import BulkEditRequest
from app.desk.bulk.operations import BulkEdit, BulkOperation, FormErrors, read_bulk_edit
from app.desk.bulk.selection import MAX_RECORDS, UnknownSelectionError, select_records
from app.desk.bulk.views import BulkEditForm, bulk_edit_view, made_view, preview_view
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.things import THING_OF_KIND
from app.desk.identity.confirmations import (
    GuardedAct,
    act_alone,
    confirmation_notice,
    tell_editors,
)
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean
from app.errors import InvalidStateError
from app.i18n.translate import _, ngettext
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()

EDIT_NAME = re.compile(r"[0-9a-f]{16}", re.ASCII)


@router.get("/desk/bulk", name="bulk")
def bulk_page(request: Request, db: Desk, editor: Editor) -> Response:
    return _choosing_page(request, db, editor, BulkEditForm(dict(request.query_params), {}))


@router.post("/desk/bulk")
def bulk_edit(
    request: Request, db: Desk, editor: Editor, posted: PostedForm, *, settings: SettingsDep
) -> Response:
    """Preview the edit of the ticked records, or do it if the preview was confirmed.

    Drafts are made, which are reviewed; a withdrawal of more than a few waits for a second person.
    """
    catalogue = Catalogue(db, editor)
    ticked = {
        name.removeprefix("take."): value
        for name, value in posted.items()
        if re.fullmatch(r"take\.[A-Z][1-9][0-9]{0,8}", name, re.ASCII)
    }
    shown = _shown_ids(posted)
    kind = next((id[0] for id in (*ticked, *shown) if id[0] in THING_OF_KIND), "")
    errors: FormErrors = {}
    act: BulkEdit | None = None
    if kind:
        ticked = {id: value for id, value in ticked.items() if id[0] == kind}
        act, errors = read_bulk_edit(catalogue, kind, posted)
    if act is not None and not ticked and posted.get("step") == "make":
        problems = [_("no record is ticked")]
        return _preview_page(request, catalogue, act, posted=posted, ids=shown, problems=problems)
    if act is None or not ticked or len(ticked) > MAX_RECORDS:
        if not errors:
            errors = {
                "take": _("Tick the records to change, at most {most}.").format(most=MAX_RECORDS)
            }
        return _choosing_page(request, db, editor, BulkEditForm(posted, errors), 422)
    if posted.get("step") != "make":
        return _preview_page(request, catalogue, act, posted=posted, ids=list(ticked))
    proposal = BulkEditRequest(
        act, ticked, posted.get("why", ""), clean(posted.get("reason", "")).strip()
    )
    attempt = db.begin_nested()
    try:
        if act.do is BulkOperation.WITHDRAW:
            edition = act_alone(
                db,
                editor,
                GuardedAct.WITHDRAW,
                list(ticked),
                perform=partial(commands.withdraw_records, db, catalogue, proposal),
                reason=proposal.reason,
                settings=settings,
            )
            for id in ticked if edition else ():
                tell_editors(db, editor, GuardedAct.WITHDRAW, id)
            words = _("The records were withdrawn in edition {edition}.")
            done = words.format(edition=edition.no) if edition else confirmation_notice()
            return see_other(request, url("bulk"), done)
        name = commands.make_drafts(db, catalogue, proposal)
    except PublishError as refused:
        attempt.rollback()
        return _preview_page(
            request,
            Catalogue(db, editor),
            act,
            posted=posted,
            ids=shown,
            problems=refused.reasons,
        )
    attempt.commit()
    done = ngettext(
        "{count} record was changed in a draft.",
        "{count} records were changed in drafts.",
        len(ticked),
    )
    return see_other(request, url("bulk-made", name=name), done)


@router.get("/desk/bulk/{name}", name="bulk-made")
def bulk_made(request: Request, db: Desk, editor: Editor, name: str) -> Response:
    view = made_view(db, Catalogue(db, editor), name) if EDIT_NAME.fullmatch(name) else None
    if view is None:
        raise HTTPException(404)
    return desk_page(request, "desk/bulk/made.html", made=view)


@router.post("/desk/bulk/{name}")
def undo(request: Request, db: Desk, editor: Editor, name: str, posted: PostedForm) -> Response:
    if not EDIT_NAME.fullmatch(name) or not commands.revisions_of_bulk_edit(db, name):
        raise HTTPException(404)
    if posted.get("do", "") != "take-back":
        raise HTTPException(422)
    here = url("bulk-made", name=name)
    try:
        undone, left = commands.undo_bulk_edit(db, editor, name)
    except InvalidStateError:
        words = _("Another person changed this first, so nothing was saved. Check it again.")
        return see_other(request, here, words)
    notice = ngettext("{count} change was undone.", "{count} changes were undone.", undone)
    if left:
        notice += " " + ngettext(
            "{count} record was not changed.", "{count} records were not changed.", left
        )
    return see_other(request, here, notice)


def _choosing_page(
    request: Request, db: DeskSession, editor: Person, asked: BulkEditForm, status: int = 200
) -> Response:
    catalogue, indexes = Catalogue(db, editor), app_state(request).indexes
    selection = None
    if typed := asked.of("in"):
        try:
            selection = select_records(db, catalogue, typed, indexes)
        except UnknownSelectionError as unknown:
            asked, status = BulkEditForm(asked.posted, {"in": str(unknown)}), 422
    view = bulk_edit_view(catalogue, selection, asked)
    return desk_page(request, "desk/bulk/page.html", choosing=view, status=status)


def _preview_page(
    request: Request,
    catalogue: Catalogue,
    act: BulkEdit,
    *,
    posted: Mapping[str, str],
    ids: Sequence[str],
    problems: Sequence[str] = (),
) -> Response:
    planned = commands.plan_changes(catalogue.db, catalogue, act, ids)
    view = preview_view(catalogue, act, planned, posted=posted, problems=problems)
    return desk_page(
        request, "desk/bulk/preview.html", preview=view, status=422 if problems else 200
    )


def _shown_ids(posted: Mapping[str, str]) -> list[str]:
    """Return the ids of all records on the page, ticked or not."""
    return [
        id
        for id in posted.get("shown", "").split()
        if re.fullmatch(r"[A-Z][1-9][0-9]{0,8}", id, re.ASCII)
    ][:MAX_RECORDS]
