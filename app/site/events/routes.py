"""Routes of `/events`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.site.events.breakdown import files
from app.site.events.breakdown.page import breakdown_address, breakdown_page, view_of_breakdown
from app.site.lists.request import (
    BreakdownQuery,
    query_in_edition,
    redirect_to_canonical,
    reject_invalid_query,
)
from app.site.references.dataset_page import dataset_page
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/events/breakdown", name="breakdown")
def breakdown_of_events(request: Request, db: Reader, question: BreakdownQuery) -> Response:
    edition, directory, question = query_in_edition(request, db, question)
    if elsewhere := redirect_to_canonical(request, question):
        return elsewhere
    view = breakdown_page(db, edition, question, directory)
    cited = view_of_breakdown(edition, question[0], directory)
    in_edition = question[0].with_(edition=str(edition.no))
    return dataset_page(
        request,
        "site/events/breakdown.html",
        edition,
        directory,
        cited=cited,
        file_address=lambda ending: breakdown_address(in_edition, ending),
        places=question[0]["place"],
        breakdown=view,
        lasting=view.lasting_address,
        json_url=view.json_address,
    )


@router.get("/events/breakdown.json")
def breakdown_json(request: Request, db: Reader, question: BreakdownQuery) -> Response:
    edition, directory, (filters, dropped) = query_in_edition(request, db, question)
    reject_invalid_query(filters, dropped, directory)
    return files.as_json(request, db, edition, filters, directory)


@router.get("/events/breakdown.csv")
@router.get("/events/breakdown.csv-metadata.json")
@router.get("/events/breakdown.xlsx")
def breakdown_file(request: Request, db: Reader, question: BreakdownQuery) -> Response:
    edition, directory, (filters, dropped) = query_in_edition(request, db, question)
    reject_invalid_query(filters, dropped, directory)
    return files.as_table(request, db, edition, filters, directory)
