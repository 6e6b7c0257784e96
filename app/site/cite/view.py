"""Finds the view of a preview card or figure, for the routes of both."""

from collections.abc import Callable

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.record.lists.session import ListSession
from app.site.cite.citable import Citable, NotCitableError, citable
from app.site.lists.request import reject_invalid_query


def find_view(
    request: Request, db: ListSession, of: str, address: Callable[[str], str]
) -> tuple[Citable, Response | None]:
    """Return the view at the path, and a redirect if its canonical address differs.

    One canonical address per view means that no image is rendered and cached twice.
    """
    if "." in of:
        raise HTTPException(404)  # files have no image
    query = request.scope["query_string"].decode("latin-1")
    try:
        found = citable(request, db, f"/{of}?{query}")
    except NotCitableError:
        raise HTTPException(404) from None
    here, lasting = f"{request.url.path}?{query}", address(found.view.address)
    return found, RedirectResponse(lasting, 303) if here != lasting else None


def find_view_to_draw(
    request: Request, db: ListSession, of: str, address: Callable[[str], str]
) -> tuple[Citable, Response | None]:
    """Return the view like `find_view`. Raises NotUnderstood for a filter without meaning."""
    found, elsewhere = find_view(request, db, of, address)
    if listing := found.listing:
        reject_invalid_query(listing.filters, listing.dropped, listing.directory)
    return found, elsewhere
