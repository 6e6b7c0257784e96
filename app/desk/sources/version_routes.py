"""`/desk/sources/{id}/history`: the earlier versions of a report's sheet, and restoring one."""

import re
import secrets

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import document_versions
from app.desk.drafts.own_draft import NUMBER
from app.desk.identity.permissions import Contributor
from app.desk.sheets import commands
from app.desk.sheets.form import SheetForm
from app.desk.sheets.models import SheetCause
from app.desk.sources.response import check_source
from app.desk.sources.sheet_page import closed_words
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import Document, clean
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()
MAX_REVISIONS = 200
"""Revisions of which the versions are listed, the newest ones."""
INTERNAL = ("citation", "more")
"""Fields of a row that no editor sees: codes, keys and JSON."""


@router.get("/desk/sources/{id}/history", name="article-history")
def history_page(request: Request, db: Desk, person: Contributor, id: str) -> Response:
    """List the versions of the sheet, with what differs from the one before."""
    check_source(db, person, id)
    sheet = commands.find(db, id)
    if sheet is None:
        raise HTTPException(404)
    catalogue = Catalogue(db, person)
    after = sheet.number - MAX_REVISIONS
    found = commands.revisions(db, sheet, after)
    versions = document_versions(catalogue, SheetForm, found, SheetCause, _without_internal_fields)
    closed = closed_words(db, person, catalogue, sheet, id)
    return desk_page(
        request,
        "desk/sources/history.html",
        source=id,
        title=_("Earlier versions of the sheet of {source}").format(source=id),
        versions=versions,
        is_cut=after >= 0,
        closed_words=closed,
        restore_at="" if closed else url("article-restore", id=id),
    )


def _without_internal_fields(document: Document) -> Document:
    blank = dict.fromkeys(INTERNAL, "")
    return {**document, "rows": [{**row, **blank} for row in document["rows"]]}


@router.post("/desk/sources/{id}/restore", name="article-restore")
def restore(
    request: Request, db: Desk, person: Contributor, id: str, posted: PostedForm
) -> Response:
    """Restore an earlier version as a new one."""
    check_source(db, person, id)
    sheet, number = commands.find(db, id, to_write=True), clean(posted.get("number", ""))
    if sheet is None or not re.fullmatch(NUMBER, number, re.ASCII):
        raise HTTPException(404)
    here = url("article", id=id)
    if closed := closed_words(db, person, Catalogue(db, person), sheet, id):
        return see_other(request, here, closed)
    commands.refresh(db, sheet, person)
    try:
        commands.restore(db, sheet, int(number), person, secrets.token_hex(8))
    except InvalidStateError:
        raise HTTPException(404) from None
    return see_other(request, here, _("Version {number} was restored.").format(number=number))
