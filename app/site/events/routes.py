"""Routes of `/events`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.site.cards.card import cards_of_list
from app.site.events.event import EVENT
from app.site.events.timeline import timeline
from app.site.lists.page import list_page
from app.site.lists.request import EventsQuery, query_in_edition, redirect_to_canonical
from app.site.record_pages.page import record_page
from app.vocabulary.kinds import RecordKind
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/events", name="timeline")
def timeline_page(request: Request, db: Reader, question: EventsQuery) -> Response:
    edition, directory, question = query_in_edition(request, db, question)
    if elsewhere := redirect_to_canonical(request, question):
        return elsewhere
    listing, view = timeline(db, edition, question, directory)
    cards = cards_of_list(db, edition, question[0], directory)
    return list_page(
        request, "site/events/list.html", edition, listing, directory, cards=cards, timeline=view
    )


@router.get("/events/{name}", name="event")
def event_page(request: Request, db: Reader, name: str) -> Response:
    return record_page(request, db, RecordKind.EVENT, name, EVENT)
