"""The view that a picture or figure is made of."""

from collections.abc import Callable

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.site.cite.citable import Citable, NotCitable, citable
from app.site.lists.request import asked, refuse_what_has_no_meaning


def find_view(
    request: Request, db: Session, of: str, address: Callable[[str], str]
) -> tuple[Citable, Response | None]:
    """The view whose address follows the prefix; or the way to the one address that it has under that prefix.

    So nothing is drawn twice for the same view of an edition, in whatever order somebody writes its filter.
    """
    if "." in of:
        raise HTTPException(404)  # the name of a file, which has no picture
    query = request.scope["query_string"].decode("latin-1")
    try:
        found = citable(request, db, f"/{of}?{query}")
    except NotCitable:
        raise HTTPException(404) from None
    here, lasting = f"{request.url.path}?{query}", address(found.view.address)
    return found, RedirectResponse(lasting, 303) if here != lasting else None


def find_view_to_draw(
    request: Request, db: Session, of: str, address: Callable[[str], str]
) -> tuple[Citable, Response | None]:
    """A figure is a file: it does not guess what a filter may have meant."""
    found, elsewhere = find_view(request, db, of, address)
    if found.filters:
        _filters, dropped = asked(type(found.filters))(request)
        refuse_what_has_no_meaning(found.filters, dropped, found.directory)
    return found, elsewhere
