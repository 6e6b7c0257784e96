"""`/desk/sources`: look up an article by its address, or start its source."""

import secrets

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.things import WEB_ADDRESS
from app.desk.drafts import commands, source_page
from app.desk.drafts.articles import (
    entered,
    new_draft_url,
    new_source_at,
    recent_sources,
)
from app.desk.identity.permissions import Contributor
from app.desk.sheets.actions import SHARED
from app.desk.sheets.submitting import SOURCE
from app.desk.ui.page_frame import desk_page
from app.documents import clean
from app.vocabulary.kinds import RecordKind
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep
from app.web.urls import url

router = APIRouter()


@router.get("/desk/sources", name="articles")
def articles_page(request: Request, db: Desk, person: Contributor) -> Response:
    """Show the form for an article's address, and whether it is known."""
    address = clean(request.query_params.get("url", "")).strip()
    catalogue = Catalogue(db, person)
    known = catalogue.source_at(address) if address else None
    return desk_page(
        request,
        "desk/sources/list.html",
        address=address,
        known=catalogue.match("source", known) if known else None,
        resting=list(entered(catalogue, known)) if known else [],
        near=catalogue.matches("source", address) if address and not known else [],
        is_web_address=bool(WEB_ADDRESS.match(address)),
        key=secrets.token_hex(8),
        lately=recent_sources(db, catalogue),
    )


@router.post("/desk/sources")
def begin_article(
    db: Desk, settings: SettingsDep, person: Contributor, posted: PostedForm
) -> Response:
    """Start a draft of the source at an address or, if it is known, redirect to its page.

    If requested, the sheet is opened, or the page is read at once and the draft shows the outcome.
    """
    key, address = posted.get("key", ""), clean(posted.get("url", "")).strip()
    if not key:
        raise HTTPException(422)
    catalogue = Catalogue(db, person)
    if known := catalogue.source_at(address):
        return RedirectResponse(url("article", id=known), 303)
    draft = commands.begin(
        db, person, key, RecordKind.SOURCE, document=new_source_at(catalogue, address)
    )
    if posted.get("do") == "open-sheet":
        first = "title" if draft.document["outlet"] else "outlet"
        here = url("article", id=draft.record)
        return RedirectResponse(f"{here}?open={SHARED}&focus={SOURCE}{first}", 303)
    if posted.get("do") != "read-page":
        return RedirectResponse(new_draft_url(draft), 303)
    if not source_page.has_reading(db, draft):  # a double click asks the site once
        source_page.run_action(db, settings, draft, person, "read-page")
    return RedirectResponse(f"{url('draft', id=draft.id)}?focus=page#page", 303)
