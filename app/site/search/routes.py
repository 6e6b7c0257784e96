"""Routes of `/search`. A search is answered, but never stored, cached or logged."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.record.filters import SearchFilters
from app.record.lists.session import ListSession
from app.site.export.responses import json_response
from app.site.lists.request import (
    QueryInEdition,
    query_in_edition,
    query_pairs,
    redirect_to_canonical,
    reject_invalid_query,
)
from app.site.lists.summary import notices
from app.site.search.files import NOT_STORED, as_json
from app.site.search.page import search_page
from app.site.search.suggestions import suggest
from app.web.page import page
from app.web.sessions import Reader, ReadersRoute
from app.web.templates import render_part

router = APIRouter(route_class=ReadersRoute)


def read_search(request: Request, db: ListSession) -> QueryInEdition[SearchFilters]:
    return query_in_edition(request, db, SearchFilters.from_pairs(query_pairs(request)))


@router.get("/search", name="search")
def search(request: Request, db: Reader) -> Response:
    edition, directory, query = read_search(request, db)
    if elsewhere := redirect_to_canonical(request, query):
        elsewhere.headers.update(NOT_STORED)
        return elsewhere
    filters, dropped = query
    found = search_page(db, edition, filters, directory)
    return page(
        request,
        "site/search/page.html",
        edition=edition,
        headers=NOT_STORED,
        found=found,
        notices=notices(filters, dropped, directory),
        q=found.words,
        lasting=found.lasting_address,
        json_url=found.json_address,
    )


@router.get("/search.json")
def search_file(request: Request, db: Reader) -> Response:
    edition, directory, (filters, dropped) = read_search(request, db)
    reject_invalid_query(filters, dropped, directory)
    found = search_page(db, edition, filters, directory)
    response = json_response(request, as_json(request, edition, filters, found), edition)
    response.headers.update(NOT_STORED)
    return response


@router.get("/search/suggestions", name="suggestions")
def suggestions(request: Request, db: Reader) -> Response:
    """Return suggestions for what was typed so far: a part of a page, for htmx."""
    edition, directory, (filters, _dropped) = read_search(request, db)
    found = suggest(filters.one("q"), edition, directory)
    html = render_part("site/search/_suggestions.html", found=found)
    return HTMLResponse(html, headers=NOT_STORED)
