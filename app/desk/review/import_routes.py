"""`/desk/imports/…/review`."""

import re
from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.imports.commands import get_import
from app.desk.imports.models import Import
from app.desk.review import commands as review
from app.desk.review.batch import errors_after_approved, revisions_seen
from app.desk.review.citations_to_confirm import confirmed_ids
from app.desk.review.imports import DRAFTS_PER_PAGE, ids_in_import, import_review, page_offset
from app.desk.ui.page_frame import desk_page, see_other
from app.i18n.formats import as_sentence
from app.i18n.translate import _, ngettext
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()


@router.get("/desk/imports/{id:int}/review", name="import-review")
def review_page(request: Request, db: Desk, editor: Editor, id: int) -> Response:
    return _review_page(request, db, editor, get_import(db, id))


@router.post("/desk/imports/{id:int}/review")
def approve(
    request: Request,
    db: Desk,
    editor: Editor,
    id: int,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    """Approve the ticked drafts; the page shows why others could not be approved."""
    imported, seen = get_import(db, id), revisions_seen(posted)
    if posted.get("do") != "approve" or len(seen) > DRAFTS_PER_PAGE:
        raise HTTPException(422)
    if not seen:
        return _review_page(
            request, db, editor, imported, posted=posted, problems=[_("no record is ticked")]
        )
    ids_of_import = ids_in_import(db, imported, seen)
    looked_at = {draft: number for draft, number in seen.items() if draft in ids_of_import}
    approved, why_not = review.approve_all(db, editor, looked_at, confirmed_ids(posted), settings)
    if why_not:
        problems = errors_after_approved(approved, why_not)
        return _review_page(request, db, editor, imported, posted=posted, problems=problems)
    review_url = url("import-review", id=id)
    return see_other(
        request,
        review_url,
        ngettext("{count} record was approved.", "{count} records were approved.", approved),
    )


def _review_page(
    request: Request,
    db: DeskSession,
    editor: Person,
    imported: Import,
    *,
    posted: Mapping[str, str] | None = None,
    problems: Sequence[str] = (),
) -> Response:
    posted = posted or {}
    shown = {
        int(draft)
        for draft in posted.get("shown", "").split()
        if re.fullmatch("[0-9]{1,9}", draft, re.ASCII)
    }
    view = import_review(
        db,
        Catalogue(db, editor),
        imported,
        app_state(request).settings,
        skipped=page_offset(request.query_params),
        left_out=shown - revisions_seen(posted).keys(),
        confirmed=confirmed_ids(posted),
    )
    messages = [as_sentence(problem) for problem in problems]
    status = 422 if problems else 200
    return desk_page(
        request,
        "desk/review/import.html",
        id=imported.id,
        review=view,
        problems=messages,
        status=status,
    )
