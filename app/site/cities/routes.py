"""Routes of `/cities`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.site.cities.city import CITY
from app.site.place_estimates.page import place_page
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/cities/{name}", name="city")
def city_page(request: Request, db: Reader, name: str) -> Response:
    """Return the page of a city or town, or its estimates as a file if the name has a suffix."""
    return place_page(request, db, name, CITY)
