"""`/desk/sources`: look up an article, show its records, and enter the next one."""

import secrets

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import clean
from app.desk.draft_form.things import WEB_ADDRESS
from app.desk.drafts import commands, source_page
from app.desk.drafts.articles import (
    article,
    entered,
    new_document_from_article,
    new_draft_url,
    new_source_at,
    recent_sources,
)
from app.desk.drafts.carry_over import BLOCKS, ticked, usual_blocks
from app.desk.drafts.citing import CitingError, cite
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import desk_page, see_other
from app.i18n.translate import _
from app.vocabulary.kinds import CITING_KINDS, RecordKind
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

    If requested, the page is read at once; the draft shows the outcome.
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
    if posted.get("do") != "read-page":
        return RedirectResponse(new_draft_url(draft), 303)
    if not source_page.has_reading(db, draft):  # a double click asks the site once
        source_page.run_action(db, settings, draft, person, "read-page")
    return RedirectResponse(f"{url('draft', id=draft.id)}?focus=page#page", 303)


@router.get("/desk/sources/{id}", name="article")
def article_page(
    request: Request, db: Desk, settings: SettingsDep, person: Contributor, id: str
) -> Response:
    view = article(Catalogue(db, person), id, secrets.token_hex(8))
    if view is None:
        raise HTTPException(404)
    page = source_page.page_of_source(db, settings, view.id, view.address, person)
    usual = usual_blocks(view.last[0][0] if view.last else "")
    return desk_page(
        request, "desk/sources/page.html", article=view, page=page, blocks=BLOCKS, usual=usual
    )


@router.post("/desk/sources/{id}")
def enter(request: Request, db: Desk, person: Contributor, id: str, posted: PostedForm) -> Response:
    """Start the article's next event or estimate, or cite the article in an existing one."""
    catalogue = Catalogue(db, person)
    key, kind, record = (clean(posted.get(name, "")) for name in ("key", "kind", "record"))
    if not key or catalogue.document(id) is None or id[0] != RecordKind.SOURCE:
        raise HTTPException(404)
    if kind in CITING_KINDS:
        like, blocks = clean(posted.get("like", "")), ticked(posted)
        begun, carried = new_document_from_article(catalogue, kind, id, like, blocks)
        draft = commands.begin(
            db,
            person,
            f"{key}-{kind}",
            kind,
            document=begun,
            article=id,
            carried=carried,
            carry=blocks if like else None,
        )
        return RedirectResponse(new_draft_url(draft), 303)
    return _cite(request, db, person, catalogue, key=key, article=id, record=record.strip().upper())


def _cite(
    request: Request,
    db: Desk,
    person: Contributor,
    catalogue: Catalogue,
    *,
    key: str,
    article: str,
    record: str,
) -> Response:
    here = url("article", id=article)
    try:
        draft, place = cite(db, person, catalogue, record, article, key=key)
    except CitingError as error:
        if error.why == "unknown" or error.draft is None:
            return see_other(request, here, _("There is no event or figure of that id."))
        if error.why == "others":
            return see_other(request, here, _("Somebody else is changing that one at the moment."))
        return see_other(
            request,
            url("draft", id=error.draft.id),
            _("It is in review now; take it back to add to it."),
        )
    here = url("draft", id=draft.id)
    return RedirectResponse(f"{here}?focus=citations.{place}.paraphrase#citations.{place}", 303)
