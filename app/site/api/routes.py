"""Routes of `/api`."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.record.editions import SelectedEdition
from app.record.filters import CityFilters, EditionFilters, LookupFilters, SearchFilters
from app.record.lists.session import select_edition
from app.record.models import RecordState
from app.record.publishing.working_set import reference_name
from app.record.sql.by_name import find_by_name
from app.site.api.document import V1, document
from app.site.api.lists import RESOURCES, filters_of, lookup, read_query
from app.site.api.reference import reference
from app.site.cities.cities import Cities
from app.site.codebook import page as codebook
from app.site.components.urls import record_address, with_filters
from app.site.datasets.dataset import Dataset
from app.site.export import responses
from app.site.export.column_types import as_fields
from app.site.lists.request import InvalidQueryError
from app.site.record_pages.row import record_as_json, redirect_to_record
from app.site.search.search import SiteSearch
from app.web.page import page
from app.web.sessions import EditionRoute, Reader, ReadersRoute
from app.web.state import SettingsDep, app_state
from app.web.urls import absolute_url, url

router = APIRouter(route_class=EditionRoute)


@router.get(url("api"), name="api")
def api_page(request: Request, db: Reader) -> Response:
    edition = select_edition(db, request.query_params.get("edition", ""))
    return page(request, "site/api/page.html", edition=edition, api=reference(request))


@router.get(f"{V1}/openapi.json")
def openapi(request: Request, db: Reader, settings: SettingsDep) -> Response:
    _filters, edition, _directory = read_query(request, db, EditionFilters)
    described = document(absolute_url(request, ""), settings.licence)
    return responses.json_response(
        request, described, edition, "application/vnd.oai.openapi+json;version=3.1"
    )


@router.get(V1)
def start(request: Request, db: Reader) -> Response:
    """Return the number of the edition, and the addresses of all lists."""
    _filters, edition, _directory = read_query(request, db, EditionFilters)
    names = [resource.path_name() for resource in RESOURCES]
    lists = {name: absolute_url(request, f"{V1}/{name}") for name in names}
    body = {"edition": edition.no, "at": edition.at.isoformat(timespec="seconds"), "lists": lists}
    return _response(request, edition, _heading(request, V1, edition) | body)


# Lists ------------------------------------------------------------------------------------------


def _list_route(resource: type[Dataset[Any]]) -> Callable[..., Response]:
    def list_(request: Request, db: Reader) -> Response:
        filters, edition, directory = read_query(request, db, filters_of(resource))
        body = resource(db, edition, directory, filters).api_json(request)
        return _response(request, edition, body)

    return list_


for resource in RESOURCES:
    router.add_api_route(f"{V1}/{resource.path_name()}", _list_route(resource))


@router.get(f"{V1}/vocabulary")
def vocabulary(request: Request, db: Reader) -> Response:
    _filters, edition, directory = read_query(request, db, EditionFilters)
    return _response(
        request,
        edition,
        _heading(request, url("codebook"), edition) | codebook.as_json(db, edition, directory),
    )


@router.get(f"{V1}/lookup")
def known(request: Request, db: Reader) -> Response:
    filters, edition, directory = read_query(request, db, LookupFilters)
    if not filters["url"]:
        raise InvalidQueryError([("url", "is missing: the address to look up")])
    result = lookup(request, db, edition, filters.one("url"), directory)
    permanent = with_filters(request.url.path, filters.with_(edition=str(edition.no)))
    heading = _heading(request, "", edition) | {"permalink": absolute_url(request, permanent)}
    return _response(request, edition, heading | result)


def search(request: Request, db: Reader) -> Response:
    filters, edition, directory = read_query(request, db, SearchFilters)
    if not filters["q"]:
        raise InvalidQueryError([("q", "is missing: the words to search")])
    found = SiteSearch(db, edition, directory, filters)
    response = _response(request, edition, found.as_json(request))
    response.headers.update(SiteSearch.headers)
    return response


# A search is never cached.
router.add_api_route(f"{V1}/search", search, methods=["GET"], route_class_override=ReadersRoute)


# Single records ---------------------------------------------------------------------------------


def _record_route(kind: str, path: str) -> Callable[..., Response]:
    def one(request: Request, db: Reader, name: str) -> Response:
        _filters, edition, _directory = read_query(request, db, EditionFilters)
        row = find_by_name(db, edition, kind, name)
        if row is None:
            raise HTTPException(404)
        if row.state == RecordState.PURGED:
            raise HTTPException(410)
        if (current_name := row.payload.get("into") or reference_name(row)) != name:
            return redirect_to_record(request, f"{path}/{current_name}")
        here = record_address(row.id, reference_name(row))
        return _response(request, edition, _heading(request, here, edition) | record_as_json(row))

    return one


for resource in RESOURCES:
    if resource.kind:
        path = f"{V1}/{resource.path_name()}"
        router.add_api_route(f"{path}/{{name}}", _record_route(resource.kind, path))


@router.get(f"{V1}/cities/{{name}}")
def one_city(request: Request, db: Reader, name: str) -> Response:
    _filters, edition, directory = read_query(request, db, EditionFilters)
    found = Cities(db, edition, directory, CityFilters())
    row = next((row for row in found.cities if row.place.code == name), None)
    if row is None:
        raise HTTPException(404)
    return _response(
        request,
        edition,
        _heading(request, row.address, edition) | as_fields(Cities.columns, row),
    )


# Common parts of responses ----------------------------------------------------------------------


def _heading(request: Request, page_address: str, edition: SelectedEdition) -> dict[str, Any]:
    """Return the first members of every response that is not a list."""
    return {
        "edition": edition.no,
        "licence": app_state(request).settings.licence,
        "permalink": absolute_url(request, f"{page_address}?edition={edition.no}"),
    }


def _response(request: Request, edition: SelectedEdition, body: Mapping[str, Any]) -> Response:
    described = f'<{absolute_url(request, f"{V1}/openapi.json")}>; rel="service-desc"'
    return responses.list_response(request, edition, body, [described])
