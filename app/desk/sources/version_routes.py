"""Earlier versions of a sheet, and two versions of a field of which one is chosen."""

import re
import secrets
from collections.abc import Mapping

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import (
    ConflictView,
    differences_to_choose,
    document_versions,
    merge_as_chosen,
    posted_sides,
)
from app.desk.drafts.own_draft import NUMBER, name_of_person
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.sheets import commands
from app.desk.sheets.commands import SheetConflictError
from app.desk.sheets.form import SheetForm, sheet_of
from app.desk.sheets.models import ReportSheet, SheetCause
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


def conflict_page(
    request: Request,
    db: Session,
    person: Person,
    sheet: ReportSheet,
    *,
    began: int,
    aside: int | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Response:
    """Show both versions of what two editors changed.

    `aside` is the revision that keeps what was typed here: by default the newest. The page only
    names it, since a row has values that nobody types, and that no page may make up.
    """
    catalogue = Catalogue(db, person)
    aside = sheet.number if aside is None else aside
    typed = _set_aside(db, sheet, aside)
    start = commands.state_at(db, sheet, began)
    base = sheet_of(start.document) if start else sheet.document
    found = differences_to_choose(catalogue, SheetForm, (base, sheet.document, typed), chosen)
    who = name_of_person(db, commands.states(db, sheet)[-1].by)
    view = ConflictView(
        title=_("Two versions of the sheet of {source}").format(source=sheet.source),
        lede=_(
            "{who} changed the same fields after you opened this sheet. Choose a value for each. "
            "All other changes are already combined."
        ).format(who=who),
        back=(url("article", id=sheet.source), sheet.source),
        action=url("article-choose", id=sheet.source),
        theirs=_("Version of {who}").format(who=who),
        mine=_("Your version"),
        differences=found,
        hidden=[
            ("number", str(sheet.number)),
            ("page", secrets.token_hex(8)),
            ("began", str(began)),
            ("aside", str(aside)),
        ],
        is_incomplete=chosen is not None,
    )
    return desk_page(request, "desk/components/conflict.html", conflict=view)


def _set_aside(db: Session, sheet: ReportSheet, number: int) -> Document:
    found = commands.revision(db, sheet, number)
    if found is None or found.saved != SheetCause.SET_ASIDE:
        raise HTTPException(422)
    return sheet_of(found.document)


@router.post("/desk/sources/{id}/choose", name="article-choose")
def choose(
    request: Request, db: Desk, person: Contributor, id: str, posted: PostedForm
) -> Response:
    """Save the chosen version of each field; ask again if a choice is missing."""
    check_source(db, person, id)
    sheet = commands.find(db, id, to_write=True)
    numbers = [posted.get(name, "") for name in ("number", "began", "aside")]
    if sheet is None or not all(re.fullmatch(NUMBER, each, re.ASCII) for each in numbers):
        raise HTTPException(422)
    if closed := closed_words(db, person, Catalogue(db, person), sheet, id):
        return see_other(request, url("article", id=id), closed)
    number, began, aside = map(int, numbers)
    theirs = commands.state_at(db, sheet, number)
    if theirs is None:
        raise HTTPException(422)
    before = sheet_of(theirs.document)
    chosen = posted_sides(posted)
    document = merge_as_chosen(SheetForm, before, _set_aside(db, sheet, aside), chosen)
    if document is None:
        return conflict_page(request, db, person, sheet, began=began, aside=aside, chosen=chosen)
    try:
        page_key = clean(posted.get("page", ""))
        commands.save(db, sheet, document, number, page=page_key, by=person)
    except SheetConflictError:
        return conflict_page(request, db, person, sheet, began=number)
    return RedirectResponse(url("article", id=id), 303)
