"""Routes of `/outlets`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.filtering import DroppedParameter
from app.record.filters import OutletListFilters
from app.site.lists.named_page import named_list_page
from app.site.lists.request import query_in_edition, query_reader, redirect_to_canonical
from app.site.outlets.outlets import outlets
from app.site.outlets.page import OUTLET
from app.site.record_pages.page import record_page
from app.vocabulary.kinds import RecordKind
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)
Query = Annotated[
    tuple[OutletListFilters, list[DroppedParameter]], Depends(query_reader(OutletListFilters))
]


@router.get("/outlets", name="outlets")
def outlets_page(request: Request, db: Reader, query: Query) -> Response:
    edition, directory, query_now = query_in_edition(request, db, query)
    if elsewhere := redirect_to_canonical(request, query_now):
        return elsewhere
    return named_list_page(request, edition, outlets(edition, query_now, directory))


@router.get("/outlets/{name}", name="outlet")
def outlet_page(request: Request, db: Reader, name: str) -> Response:
    return record_page(request, db, RecordKind.OUTLET, name, OUTLET)
