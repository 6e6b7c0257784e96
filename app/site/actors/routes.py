"""Routes of `/actors`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.record.lists.session import select_edition
from app.site.actors.actors import actors
from app.site.actors.page import ACTOR
from app.site.lists.named_page import named_list_page
from app.site.lists.request import ActorsQuery, edition_directory
from app.site.record_pages.page import record_page
from app.vocabulary.actors import ActorKind
from app.vocabulary.kinds import RecordKind
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/actors", name="actors")
def actors_page(request: Request, db: Reader, query: ActorsQuery) -> Response:
    return named_list_page(request, db, query, actors)


@router.get("/actors/{name}", name="actor")
def actor_page(request: Request, db: Reader, name: str) -> Response:
    """Return the page; search engines may not list a company's."""
    response = record_page(request, db, RecordKind.ACTOR, name, ACTOR)
    edition = select_edition(db, request.query_params.get("edition", ""))
    actor = edition_directory(request, db, edition).actors.get(name.removesuffix(".json"))
    if actor and actor.kind is ActorKind.COMPANY:
        response.headers["X-Robots-Tag"] = "noindex"
    return response
