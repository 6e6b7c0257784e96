"""Routes of `/outlets`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.site.outlets.page import OUTLET
from app.site.record_pages.page import record_page
from app.vocabulary.kinds import RecordKind
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/outlets/{name}", name="outlet")
def outlet_page(request: Request, db: Reader, name: str) -> Response:
    return record_page(request, db, RecordKind.OUTLET, name, OUTLET)
