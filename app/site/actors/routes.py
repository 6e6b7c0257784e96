"""Routes of `/actors`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.site.actors.actors import actors
from app.site.lists.named_page import named_list_page
from app.site.lists.request import ActorsQuery
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/actors", name="actors")
def actors_page(request: Request, db: Reader, query: ActorsQuery) -> Response:
    return named_list_page(request, db, query, actors)
