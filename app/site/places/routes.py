"""Routes of `/places`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.site.place_estimates.page import place_page as page_of_place
from app.site.places.page import PLACE
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/places/{name}", name="place")
def place_page(request: Request, db: Reader, name: str) -> Response:
    """Return the page of an area, or its estimates as a file if the name has a suffix."""
    return page_of_place(request, db, name, PLACE)
