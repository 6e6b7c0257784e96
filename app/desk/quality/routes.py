"""Routes of the quality lists, for editors."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.identity.permissions import Editor
from app.desk.identity.roles import DeskRole
from app.desk.quality.checks import CHECKS
from app.desk.quality.lists import as_csv, count_lists, find_check, lines
from app.desk.ui.page_frame import desk_page
from app.i18n.translate import _
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()
MAX_LINES = 500


@router.get("/desk/quality", name="quality")
def quality(request: Request, db: Desk, _editor: Editor) -> Response:
    return desk_page(
        request, "desk/quality/list.html", lists=count_lists(db), file=url("quality-file")
    )


@router.get("/desk/quality.csv", name="quality-file")
def quality_file(request: Request, db: Desk, editor: Editor) -> Response:
    """Return all lists as CSV, or the list in the parameter `list`."""
    requested = request.query_params.get("list")
    check = find_check(requested) if requested else None
    if requested and check is None:
        raise HTTPException(404)
    name = f"sojourn-{requested or 'quality'}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = "".join(as_csv(db, [check] if check else CHECKS, by_admin=editor.may(DeskRole.ADMIN)))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/desk/quality/{name}", name="quality-list")
def quality_list(request: Request, db: Desk, editor: Editor, name: str) -> Response:
    check = find_check(name)
    if check is None:
        raise HTTPException(404)
    found = lines(db, check, MAX_LINES + 1, by_admin=editor.may(DeskRole.ADMIN))
    return desk_page(
        request,
        "desk/quality/page.html",
        title=_(check.title),
        statement=_(check.statement),
        lines=found[:MAX_LINES],
        has_more=len(found) > MAX_LINES,
        file=f"{url('quality-file')}?list={name}",
    )
