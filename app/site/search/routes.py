"""Suggestions of the search field."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.site.search.search import SiteSearch
from app.site.search.suggestions import suggest
from app.web.sessions import Reader, ReadersRoute
from app.web.templates import render_part

router = APIRouter(route_class=ReadersRoute)


@router.get("/search/suggestions", name="suggestions")
def suggestions(request: Request, db: Reader) -> Response:
    """Return suggestions for what was typed so far: a part of a page, for htmx."""
    typed = SiteSearch.requested(request, db)
    found = suggest(typed.words, typed.edition, typed.directory)
    html = render_part("site/search/_suggestions.html", found=found)
    return HTMLResponse(html, headers=SiteSearch.headers)
