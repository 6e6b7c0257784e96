"""Routes of `/desk/actors`, for editors."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.desk.actors.wordings import MAX_RECORDS, wording_groups
from app.desk.approved.draft_models import Significance
from app.desk.bulk import commands
from app.desk.bulk.commands import BulkEditRequest
from app.desk.bulk.operations import BulkEdit, BulkOperation
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.permissions import Editor
from app.desk.ui.page_frame import desk_page, see_other
from app.i18n.translate import _
from app.record.publishing.validation import PublishError
from app.vocabulary.events import TermKey
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()
MAX_GROUPS = 100


@router.get("/desk/actors", name="actor-wordings")
def actor_wordings(request: Request, db: Desk, editor: Editor) -> Response:
    return _page(request, Catalogue(db, editor))


@router.post("/desk/actors")
def name_actor(request: Request, db: Desk, editor: Editor, posted: PostedForm) -> Response:
    """Give the ticked wordings of one group their actor, by drafts that go to review."""
    catalogue = Catalogue(db, editor)
    typed = posted.get("actor", "").strip()
    wordings = frozenset(
        value for name, value in posted.items() if name.startswith("wording.") and value
    )
    code = catalogue.meant("actor", typed) if typed else ""
    if not wordings:
        return _page(request, catalogue, [_("Tick the wordings that mean this actor.")])
    if not code:
        return _page(
            request,
            catalogue,
            [_("No actor has this name. Choose an existing actor, or add this one first.")],
        )
    try:
        name = _make_drafts(catalogue, wordings, code)
    except PublishError as error:
        return _page(request, catalogue, error.reasons)
    return see_other(request, url("bulk-made", name=name))


def _make_drafts(catalogue: Catalogue, wordings: frozenset[str], code: str) -> str:
    records = [
        id
        for group in wording_groups(catalogue)
        for wording in group.wordings
        if wording.text in wordings
        for id in wording.records
    ]
    act = BulkEdit(TermKey.ACTOR.value, BulkOperation.IDENTIFY, new=code, wordings=wordings)
    planned = commands.plan_changes(catalogue.db, catalogue, act, records)
    reason = _("Matched the wording to an actor; the wording itself is unchanged.")
    seen = {each.id: each.seen for each in planned}
    request = BulkEditRequest(act, seen, Significance.UPDATED, reason)
    return commands.make_drafts(catalogue.db, catalogue, request)


def _page(request: Request, catalogue: Catalogue, problems: list[str] | None = None) -> Response:
    groups = wording_groups(catalogue)
    directory = catalogue.directory
    return desk_page(
        request,
        "desk/actors/page.html",
        status=422 if problems else 200,
        problems=problems or [],
        groups=groups[:MAX_GROUPS],
        more=max(0, len(groups) - MAX_GROUPS),
        names={code: directory.label("actor", code) for code in directory.actors},
        max_records=MAX_RECORDS,
    )
