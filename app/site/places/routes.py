"""Routes of `/places`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.filtering import DroppedParameter
from app.record.filters import PlaceListFilters
from app.site.lists.named_page import named_list_page
from app.site.lists.request import query_in_edition, query_reader, redirect_to_canonical
from app.site.place_estimates.page import place_page as page_of_place
from app.site.places.page import PLACE
from app.site.places.places import places
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)
Query = Annotated[
    tuple[PlaceListFilters, list[DroppedParameter]], Depends(query_reader(PlaceListFilters))
]


@router.get("/places", name="places")
def places_page(request: Request, db: Reader, query: Query) -> Response:
    edition, directory, query_now = query_in_edition(request, db, query)
    if elsewhere := redirect_to_canonical(request, query_now):
        return elsewhere
    return named_list_page(request, edition, places(edition, query_now, directory))


@router.get("/places/{name}", name="place")
def place_page(request: Request, db: Reader, name: str) -> Response:
    """Return the page of an area, or its estimates as a file if the name has a suffix."""
    return page_of_place(request, db, name, PLACE)
