"""Routes of `/laws`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.site.laws.laws import laws
from app.site.lists.named_page import named_list_page
from app.site.lists.request import LawsQuery
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/laws", name="laws")
def laws_page(request: Request, db: Reader, query: LawsQuery) -> Response:
    return named_list_page(request, db, query, laws)
