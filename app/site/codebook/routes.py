"""Routes of `/codebook`, of the rules, and of the changes of method."""

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from app.record.lists.session import select_edition
from app.site.codebook.page import as_json, code_list_page, codebook, find_codes
from app.site.codebook.rules import method_changes, rules
from app.site.export.responses import json_response
from app.site.lists.request import edition_directory
from app.site.references.citable import page_share_links
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.urls import url

router = APIRouter(route_class=EditionRoute)


@router.get("/codebook", name="codebook")
def codebook_page(request: Request, db: Reader) -> Response:
    edition = select_edition(db, request.query_params.get("edition", ""))
    book = codebook(db, edition, edition_directory(request, db, edition))
    query = request.query_params.get("q", "")
    return page(
        request,
        "site/codebook/page.html",
        edition=edition,
        book=book,
        query=query,
        found=find_codes(book, query),
        json_url=f"{request.url.path}.json",
        shared=page_share_links(request, edition, url("codebook")),
    )


@router.get("/codebook/rules", name="rules")
def rules_page(request: Request, db: Reader) -> Response:
    edition = select_edition(db, request.query_params.get("edition", ""))
    return page(request, "site/codebook/rules.html", edition=edition, rules=rules())


@router.get("/codebook/changes", name="method-changes")
def method_changes_page(request: Request, db: Reader) -> Response:
    edition = select_edition(db, request.query_params.get("edition", ""))
    return page(
        request, "site/codebook/changes.html", edition=edition, changes=method_changes(rules())
    )


@router.get("/codebook/{list}", name="codebook-list")
def code_list(request: Request, list: str, db: Reader) -> Response:
    edition = select_edition(db, request.query_params.get("edition", ""))
    book = codebook(db, edition, edition_directory(request, db, edition))
    view = code_list_page(book, list)
    if view is None:
        raise HTTPException(404)
    return page(
        request,
        "site/codebook/list.html",
        edition=edition,
        view=view,
        shared=page_share_links(request, edition, url("codebook-list", list=list)),
    )


@router.get("/codebook.json")
def codebook_file(request: Request, db: Reader) -> Response:
    edition = select_edition(db, request.query_params.get("edition", ""))
    return json_response(
        request, as_json(db, edition, edition_directory(request, db, edition)), edition
    )
