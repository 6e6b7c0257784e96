"""Routes of `/outlets`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.site.lists.named_page import named_list_page
from app.site.lists.request import OutletsQuery
from app.site.outlets.outlets import outlets
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/outlets", name="outlets")
def outlets_page(request: Request, db: Reader, query: OutletsQuery) -> Response:
    return named_list_page(request, db, query, outlets)
