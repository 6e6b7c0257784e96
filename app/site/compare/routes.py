"""Routes of `/compare`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.record.compare_filters import CompareFilters, parse_compared
from app.record.lists.session import ListSession
from app.site.compare import files
from app.site.compare.page import compare_page, view_of_comparison
from app.site.components.compare_links import compare_address
from app.site.lists.request import (
    QueryInEdition,
    parse_request,
    redirect_to_canonical,
    reject_invalid_query,
)
from app.site.references.dataset_page import dataset_page
from app.web.page import page
from app.web.sessions import EditionRoute, Reader


def read_compare_request(request: Request, db: ListSession) -> QueryInEdition[CompareFilters]:
    # Place names are looked up in the edition of the query.
    return parse_request(request, db, CompareFilters, parse_compared)


router = APIRouter(route_class=EditionRoute)


@router.get("/compare", name="compare-places")
def compared_places(request: Request, db: Reader) -> Response:
    edition, directory, query = read_compare_request(request, db)
    if elsewhere := redirect_to_canonical(request, query):
        return elsewhere
    view = compare_page(db, edition, query, directory)
    if view.comparison is None:
        return page(
            request,
            "site/compare/page.html",
            edition=edition,
            compare=view,
            lasting=view.lasting_address,
        )
    cited = view_of_comparison(edition, query[0], directory)
    in_edition = query[0].with_(edition=str(edition.no))
    return dataset_page(
        request,
        "site/compare/page.html",
        edition,
        directory,
        cited=cited,
        file_address=lambda ending: compare_address(in_edition, ending),
        places=query[0]["place"],
        compare=view,
        lasting=view.lasting_address,
        json_url=view.json_address,
    )


@router.get("/compare.json")
def compare_json(request: Request, db: Reader) -> Response:
    edition, directory, (filters, dropped) = read_compare_request(request, db)
    reject_invalid_query(filters, dropped, directory)
    return files.as_json(request, db, edition, filters, directory)


@router.get("/compare.csv")
@router.get("/compare.csv-metadata.json")
@router.get("/compare.xlsx")
def compare_file(request: Request, db: Reader) -> Response:
    edition, directory, (filters, dropped) = read_compare_request(request, db)
    reject_invalid_query(filters, dropped, directory)
    return files.as_table(request, db, edition, filters, directory)
