"""Routes of `/status`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.record.filters import StatusFilters
from app.record.lists.session import ListSession
from app.site.export.responses import json_response
from app.site.lists.request import (
    QueryInEdition,
    parse_request,
    redirect_to_canonical,
    reject_invalid_query,
)
from app.site.references.dataset_page import dataset_page
from app.site.status import files, on_day
from app.site.status.on_day import status_address
from app.site.status.page import status, view_of_day
from app.web.sessions import EditionRoute, Reader


def read_status_request(request: Request, db: ListSession) -> QueryInEdition[StatusFilters]:
    # Place names are looked up in the edition of the query.
    return parse_request(request, db, StatusFilters, on_day.parse_filters)


router = APIRouter(route_class=EditionRoute)


@router.get("/status", name="status")
def status_page(request: Request, db: Reader) -> Response:
    edition, directory, question = read_status_request(request, db)
    if elsewhere := redirect_to_canonical(request, question):
        return elsewhere
    view = status(db, edition, question, directory)
    cited = view_of_day(edition, question[0], directory)
    in_edition = question[0].with_(edition=str(edition.no))
    return dataset_page(
        request,
        "site/status/page.html",
        edition,
        directory,
        cited=cited,
        file_address=lambda ending: status_address(in_edition, ending),
        places=question[0]["place"],
        answer=view,
        lasting=view.lasting_address,
        json_url=view.json_address,
    )


@router.get("/status.json")
def status_file(request: Request, db: Reader) -> Response:
    edition, directory, (filters, dropped) = read_status_request(request, db)
    reject_invalid_query(filters, dropped, directory)
    return json_response(request, files.as_json(db, edition, filters, directory), edition)


@router.get("/status.csv")
@router.get("/status.csv-metadata.json")
@router.get("/status.xlsx")
def status_table(request: Request, db: Reader) -> Response:
    edition, directory, (filters, dropped) = read_status_request(request, db)
    reject_invalid_query(filters, dropped, directory)
    return files.as_table(request, db, edition, filters, directory)
