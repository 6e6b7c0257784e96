"""Routes of `/desk/bulk`: choose records, preview the edit, make its drafts, approve or undo."""

import re
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.bulk import commands
from app.desk.bulk.change_views import made_view, preview_view
from app.desk.bulk.commands import BulkEditRequest
from app.desk.bulk.operations import BulkEdit, read_bulk_edit
from app.desk.bulk.selection import MAX_RECORDS, filters_class
from app.desk.bulk.views import BulkEditForm, bulk_edit_url, bulk_edit_view
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.things import NUMBERED
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.review import commands as review
from app.desk.review.batch import errors_after_approved, revisions_seen
from app.desk.review.citations_to_confirm import confirmed_ids
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean
from app.errors import InvalidStateError
from app.filtering import DroppedParameter, is_arrangement
from app.i18n.translate import _, ngettext
from app.record.filters import ListFilters
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()

EDIT_NAME = re.compile(r"[0-9a-f]{16}", re.ASCII)


@router.get("/desk/bulk", name="bulk")
def bulk_page(request: Request, db: Desk, editor: Editor) -> Response:
    return _choosing_page(request, db, editor, BulkEditForm({}, {}))


@router.post("/desk/bulk")
def bulk_edit(request: Request, db: Desk, editor: Editor, posted: PostedForm) -> Response:
    """Preview the edit of the ticked records, or make the drafts if the preview was confirmed."""
    catalogue = Catalogue(db, editor)
    kind, filters_and_dropped = _requested_list(request)
    act, errors = read_bulk_edit(catalogue, NUMBERED[kind], posted)
    ticked = {
        name.removeprefix("take."): value
        for name, value in posted.items()
        if re.fullmatch(rf"take\.{NUMBERED[kind]}[1-9][0-9]{{0,8}}", name, re.ASCII)
    }
    address = bulk_edit_url(kind, filters_and_dropped[0])
    if (
        act is not None
        and not ticked
        and posted.get("step") == "make"
        and (ids := _shown_ids(posted))
    ):
        problems = [_("no record is ticked")]
        return _preview_page(
            request, catalogue, address, act, posted=posted, ids=ids, problems=problems
        )
    if act is None or not ticked or len(ticked) > MAX_RECORDS:
        if act is not None:
            errors = {
                "take": _("Tick the records to change, at most {most}.").format(most=MAX_RECORDS)
            }
        return _choosing_page(request, db, editor, BulkEditForm(posted, errors), 422)
    if posted.get("step") != "make":
        return _preview_page(request, catalogue, address, act, posted=posted, ids=list(ticked))
    proposal = BulkEditRequest(
        act, ticked, posted.get("why", ""), clean(posted.get("reason", "")).strip()
    )
    attempt = db.begin_nested()
    try:
        name = commands.make_drafts(db, catalogue, proposal)
    except PublishError as refused:
        attempt.rollback()
        return _preview_page(
            request,
            Catalogue(db, editor),
            address,
            act,
            posted=posted,
            ids=_shown_ids(posted),
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
    return _made_page(request, db, editor, name)


@router.post("/desk/bulk/{name}")
def decide(
    request: Request,
    db: Desk,
    editor: Editor,
    name: str,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    """Undo the bulk edit, or approve the ticked drafts."""
    if not EDIT_NAME.fullmatch(name) or not commands.revisions_of_bulk_edit(db, name):
        raise HTTPException(404)
    here = url("bulk-made", name=name)
    match posted.get("do", ""):
        case "take-back":
            try:
                undone, left = commands.undo_bulk_edit(db, editor, name)
            except InvalidStateError:
                return see_other(
                    request,
                    here,
                    _("Another person changed this first, so nothing was saved. Check it again."),
                )
            notice = ngettext("{count} change was undone.", "{count} changes were undone.", undone)
            if left:
                notice += " " + ngettext(
                    "{count} record was not changed.", "{count} records were not changed.", left
                )
            return see_other(request, here, notice)
        case "approve":
            draft_ids = {each.draft.id for each in commands.revisions_of_bulk_edit(db, name)}
            seen = {
                draft: number
                for draft, number in revisions_seen(posted).items()
                if draft in draft_ids
            }
            confirmed = confirmed_ids(posted)
            approved, refusals = review.approve_all(db, editor, seen, confirmed, settings)
            if refusals:
                refusals = errors_after_approved(approved, refusals)
                return _made_page(request, db, editor, name, confirmed=confirmed, problems=refusals)
            notice = ngettext(
                "{count} record was approved.", "{count} records were approved.", approved
            )
            return see_other(request, here, notice)
    raise HTTPException(422)


def _requested_list(request: Request) -> tuple[str, tuple[ListFilters, Sequence[DroppedParameter]]]:
    """Return the kind of record and the filters of its public list, without sorting."""
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    kind = next((value for key, value in pairs if key == "kind" and value in NUMBERED), "event")
    of = filters_class(kind)
    # `kind` is also a filter of sources. A value that is not a kind of record is that filter.
    filters, dropped = of.from_pairs(pair for pair in pairs if pair != ("kind", kind))
    arranged = {key.key: None for key in of.FILTERS if is_arrangement(key)}
    return kind, (filters.with_(**arranged), dropped)


def _choosing_page(
    request: Request, db: DeskSession, editor: Person, typed: BulkEditForm, status: int = 200
) -> Response:
    kind, filters_and_dropped = _requested_list(request)
    catalogue, indexes = Catalogue(db, editor), app_state(request).indexes
    view = bulk_edit_view(catalogue, kind, filters_and_dropped, typed, indexes)
    return desk_page(request, "desk/bulk/page.html", choosing=view, status=status)


def _preview_page(
    request: Request,
    catalogue: Catalogue,
    address: str,
    act: BulkEdit,
    *,
    posted: Mapping[str, str],
    ids: Sequence[str],
    problems: Sequence[str] = (),
) -> Response:
    planned = commands.plan_changes(catalogue.db, catalogue, act, ids)
    view = preview_view(catalogue, address, act, planned, posted=posted, problems=problems)
    return desk_page(
        request, "desk/bulk/preview.html", preview=view, status=422 if problems else 200
    )


def _shown_ids(posted: Mapping[str, str]) -> list[str]:
    """Return the ids of all records on the page, ticked or not."""
    return [
        id
        for id in posted.get("shown", "").split()
        if re.fullmatch(r"[EMS][1-9][0-9]{0,8}", id, re.ASCII)
    ][:MAX_RECORDS]


def _made_page(
    request: Request,
    db: DeskSession,
    editor: Person,
    name: str,
    *,
    confirmed: Collection[str] = (),
    problems: Sequence[str] = (),
) -> Response:
    catalogue, settings = Catalogue(db, editor), app_state(request).settings
    view = (
        made_view(db, catalogue, name, settings, confirmed) if EDIT_NAME.fullmatch(name) else None
    )
    if view is None:
        raise HTTPException(404)
    return desk_page(
        request,
        "desk/bulk/made.html",
        made=view,
        problems=problems,
        status=422 if problems else 200,
    )
