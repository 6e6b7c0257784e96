"""Routes below `/status`."""

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.record.filters import StatusFilters
from app.site.export.responses import json_answer
from app.site.lists.request import (
    AskedByName,
    canonical,
    parse_request,
    refuse_what_has_no_meaning,
)
from app.site.references import json_ld
from app.site.references.citable import citebox
from app.site.references.share_links import shared
from app.site.status import on_day
from app.site.status.on_day import status_address
from app.site.status.page import of_day, status
from app.web.page import page
from app.web.sessions import EditionRoute, Reader


def asked_of_a_day(request: Request, db: Session) -> AskedByName[StatusFilters]:
    """Places may be given by their names, which are those of the edition asked for."""
    return parse_request(request, db, StatusFilters, on_day.question)


router = APIRouter(route_class=EditionRoute)


@router.get("/status", name="status")
def status_page(request: Request, db: Reader) -> Response:
    edition, directory, question = asked_of_a_day(request, db)
    if elsewhere := canonical(request, question):
        return elsewhere
    view = status(db, edition, question, directory)
    cited = of_day(edition, question[0], directory)
    return page(
        request,
        "site/status/page.html",
        edition=edition,
        answer=view,
        lasting=view.lasting_address,
        json_url=view.json_address,
        cited=citebox(request, cited),
        shared=shared(request, cited),
        described=json_ld.dataset(
            request,
            cited,
            [
                (
                    "application/json",
                    status_address(question[0].with_(edition=str(edition.no)), ".json"),
                )
            ],
            directory,
            places=question[0]["place"],
        ),
    )


@router.get("/status.json")
def status_file(request: Request, db: Reader) -> Response:
    edition, directory, (filters, dropped) = asked_of_a_day(request, db)
    refuse_what_has_no_meaning(filters, dropped, directory)
    return json_answer(request, on_day.as_json(db, edition, filters, directory), edition)
