"""Routes of `/data`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.record.lists.session import select_edition
from app.site.data.dictionary import dictionary_file
from app.site.data.page import downloads, dump_file
from app.site.data.state import DumpsDep
from app.site.references import json_ld
from app.site.references.share_links import page_share_links
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.urls import url

router = APIRouter(route_class=EditionRoute)


@router.get("/data", name="data")
def data_page(request: Request, db: Reader) -> Response:
    edition = select_edition(db, request.query_params.get("edition", ""))
    view = downloads(request, edition)
    return page(
        request,
        "site/data/page.html",
        edition=edition,
        downloads=view,
        shared=page_share_links(request, edition, url("data")),
        described=json_ld.describe_catalogue(
            request,
            [
                (offer.title, offer.address, [address for _ending, address in offer.files])
                for offer in view.offers
            ],
        ),
    )


@router.get("/data/dictionary.csv")
@router.get("/data/dictionary.csv-metadata.json")
@router.get("/data/dictionary.xlsx")
@router.get("/data/dictionary.json")
def data_dictionary(request: Request, db: Reader) -> Response:
    return dictionary_file(request, select_edition(db, request.query_params.get("edition", "")))


@router.get("/data.zip")
def whole_edition(request: Request, db: Reader, dumps: DumpsDep) -> Response:
    """Return the complete dataset of the edition."""
    edition = select_edition(db, request.query_params.get("edition", ""))
    return dump_file(request, db, edition, dumps)
