"""Routes below `/places`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.site.place_estimates.page import place_page as page_of_place
from app.site.places.page import PLACE
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/places/{name}", name="place")
def place_page(request: Request, db: Reader, name: str) -> Response:
    """The page of anything larger than a town, or its figures as the file that the end of the address names."""
    return page_of_place(request, db, name, PLACE)
