"""Routes of `/data`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.record.lists.session import select_edition
from app.site.data.dictionary import dictionary_file
from app.site.data.page import data_page, dump_file
from app.site.data.state import DumpsDep
from app.site.export.responses import led_on
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/data", name="data")
def describe_data(request: Request, db: Reader) -> Response:
    return data_page(request, select_edition(db, request.query_params.get("edition", "")))


@router.get("/data/dictionary.csv")
@router.get("/data/dictionary.json")
def data_dictionary(request: Request, db: Reader) -> Response:
    return dictionary_file(request, select_edition(db, request.query_params.get("edition", "")))


@router.get("/data/dictionary.csv-metadata.json")
@router.get("/data/dictionary.xlsx")
def former_dictionary(request: Request) -> Response:
    """Lead from the formats of release 0.1.0 to CSV."""
    return led_on(request, ".csv")


@router.get("/data.zip")
def whole_edition(request: Request, db: Reader, dumps: DumpsDep) -> Response:
    """Return the complete dataset of the edition."""
    edition = select_edition(db, request.query_params.get("edition", ""))
    return dump_file(request, db, edition, dumps)
