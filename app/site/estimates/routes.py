"""Routes of `/estimates`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.site.cards.card import cards_of_list
from app.site.estimates.estimate import ESTIMATE
from app.site.estimates.estimates import estimates
from app.site.lists.page import list_page
from app.site.lists.request import EstimatesQuery, query_in_edition, redirect_to_canonical
from app.site.record_pages.page import record_page
from app.vocabulary.kinds import RecordKind
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/estimates", name="estimates")
def estimates_page(request: Request, db: Reader, question: EstimatesQuery) -> Response:
    edition, directory, question = query_in_edition(request, db, question)
    if elsewhere := redirect_to_canonical(request, question):
        return elsewhere
    listing, years = estimates(db, edition, question, directory)
    cards = cards_of_list(db, edition, question[0], directory)
    return list_page(
        request, "site/estimates/list.html", edition, listing, directory, cards=cards, years=years
    )


@router.get("/estimates/{name}", name="estimate")
def estimate_page(request: Request, db: Reader, name: str) -> Response:
    return record_page(request, db, RecordKind.ESTIMATE, name, ESTIMATE)
