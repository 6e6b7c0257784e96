"""`/api` and `/api/v1`: lists and records as JSON for programs, with a stable description.

A program gets an error where a page would ignore a part of the query.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.filtering import Filters
from app.i18n.translate import N_, _
from app.record.editions import SelectedEdition
from app.record.filters import CityFilters, EditionFilters, LookupFilters, SearchFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.lists.backend import ListSession, select_edition
from app.record.models import RecordState
from app.record.names.directory import Directory
from app.record.payloads import source_payload
from app.record.publishing.working_set import reference_name
from app.record.reads.source_urls import normalised_url, sources_at
from app.record.sql.rows import ListRow, find_by_name
from app.site import codebook
from app.site.api.document import RESOURCES, V1, Schema, document, filters_of
from app.site.cities import Cities
from app.site.components.urls import record_address, with_filters
from app.site.dataset import Dataset
from app.site.export import responses
from app.site.export.columns import as_fields, row_as_json
from app.site.lists.request import (
    InvalidQueryError,
    edition_directory,
    query_pairs,
    reject_invalid_query,
    requested_edition,
)
from app.site.presenters.title import title_parts
from app.site.record_pages import record_as_json, redirect_to_record
from app.site.search.search import SiteSearch
from app.vocabulary.kinds import RecordKind
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.state import SettingsDep, app_state
from app.web.urls import absolute_url, url

# The page ---------------------------------------------------------------------------------------


EXAMPLES = [
    (
        "curl-list",
        "sh",
        N_("The first rows of a list, and how many there are"),
        """\
api={base}
curl --silent --fail "$api/events?place=china&from=2019&limit=5"
""",
    ),
    (
        "curl-again",
        "sh",
        N_("Only if there is a new edition: otherwise the second response is empty"),
        """\
api={base}
curl --silent --fail --etag-save events.etag \\
  --output events.json "$api/events?place=china"
curl --silent --fail --etag-compare events.etag \\
  --write-out '%{http_code}\\n' "$api/events?place=china"
""",
    ),
    (
        "curl-lookup",
        "sh",
        N_("Whether the record has a source, ignoring tracking parameters in its address"),
        """\
api={base}
curl --silent --fail --get "$api/lookup" --data-urlencode \\
  'url=https://www.example.org/news/1?utm_source=letter'""",
    ),
    (
        "pandas-list",
        "Python",
        N_("All pages of a list as a table"),
        """\
import json
from urllib.parse import urljoin
from urllib.request import urlopen

import pandas as pd

api = "{base}"
address, rows = f"{api}/estimates?place=china&limit=100", []
while address:
    with urlopen(urljoin(api, address)) as answer:
        page = json.load(answer)
    rows += page["items"]
    address = page["next"]

figures = pd.DataFrame(rows)
print(page["edition"], len(figures), page["total"])
print(figures[["id", "low", "point", "high", "as_of"]].head())""",
    ),
    (
        "pandas-csv",
        "Python",
        N_("The same rows as CSV, with typed dates and lists"),
        """\
import pandas as pd

site = "{base}".removesuffix("/api/v1")
events = pd.read_csv(
    f"{site}/events.csv?place=china",
    parse_dates=["earliest", "latest"],
)
events["places"] = events["places"].str.split(";")
print(len(events), events["earliest"].min().date())""",
    ),
    (
        "mirror",
        "Python",
        N_("A copy of the record; run it again to update the copy"),
        """\
import json
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

api, kept = "{base}", Path("sojourn-copy.json")
copy = {"follow": f"{api}/changes?since=0", "records": {}}
if kept.exists():
    copy = json.loads(kept.read_text())
address = copy["follow"]
while address:
    with urlopen(urljoin(api, address)) as answer:
        page = json.load(answer)
    for change in page["items"]:
        if change["record"]:
            copy["records"][change["id"]] = change["record"]
        else:  # withdrawn, merged or removed
            copy["records"].pop(change["id"], None)
    address = page["next"]
copy["follow"] = page["follow"]
kept.write_text(json.dumps(copy))
print(page["edition"], len(copy["records"]))""",
    ),
    (
        "r-list",
        "R",
        N_("A list as a data frame"),
        """\
library(jsonlite)

api <- "{base}"
page <- fromJSON(paste0(api, "/estimates?place=china&limit=1000"))
figures <- page$items
print(page$edition)
print(head(figures[, c("id", "low", "point", "high", "as_of")]))""",
    ),
]


def _example_address(path: str, parameters: Sequence[Schema]) -> str:
    """Return a path with the examples of the keys that it requires."""
    query = []
    for each in parameters:
        if each["in"] == "path":
            path = path.replace("{name}", each["example"])
        elif each["required"]:
            query.append(f"?{each['name']}={each['example']}")
    return path + "".join(query)


# Routes -----------------------------------------------------------------------------------------


router = APIRouter(route_class=EditionRoute)


@router.get(url("api"), name="api")
def api_page(request: Request, db: Reader) -> Response:
    description = document(absolute_url(request, ""), app_state(request).settings.licence)
    base = absolute_url(request, V1)
    return page(
        request,
        "site/api/page.html",
        edition=requested_edition(request, db),
        base=base,
        openapi=f"{V1}/openapi.json",
        operations=[
            {
                **operation,
                "path": path,
                "example": _example_address(path, operation["parameters"]),
                "keys": [
                    key for key in operation["parameters"] if not key["name"].startswith("not_")
                ],
            }
            for path, methods in description["paths"].items()
            for operation in methods.values()
        ],
        examples=[
            (anchor, language, _(title), code.strip().replace("{base}", base))
            for anchor, language, title, code in EXAMPLES
        ],
    )


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
    address = filters.one("url")
    sources = sources_at(db, edition, address)
    ids = [id for source in sources for id in source_payload(source)["cited_by"]]
    citing = sorted(
        backend.rows_by_id(db, edition, ids).values(), key=lambda row: (row.id[0], row.number)
    )
    permanent = with_filters(request.url.path, filters.with_(edition=str(edition.no)))
    body = {
        **_heading(request, "", edition),
        "permalink": absolute_url(request, permanent),
        "url": address,
        "normalised": normalised_url(address),
        "known": bool(sources),
        "sources": [
            row_as_json(RecordKind.SOURCE, source) | {"page": _page_address(request, source)}
            for source in sources
        ],
        "rests_on_it": [
            {
                "id": row.id,
                "title": title_parts(row, directory)[0],
                "page": _page_address(request, row),
            }
            for row in citing
        ],
    }
    return _response(request, edition, body)


def _page_address(request: Request, row: ListRow) -> str:
    return absolute_url(request, record_address(row.id))


def search(request: Request, db: Reader) -> Response:
    filters, edition, directory = read_query(request, db, SearchFilters)
    if not filters["q"]:
        raise InvalidQueryError([("q", "is missing: the words to search")])
    found = SiteSearch(db, edition, directory, filters)
    response = _response(request, edition, found.as_json(request))
    response.headers.update(SiteSearch.headers)
    return response


# A search is never cached.
router.add_api_route(f"{V1}/search", search, methods=["GET"], route_class_override=APIRoute)


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
    row = next((row for row in found.cities if row.code == name), None)
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


# Queries ----------------------------------------------------------------------------------------


F = TypeVar("F", bound=Filters)


def read_query(
    request: Request, db: ListSession, filters: type[F]
) -> tuple[F, IndexedEdition, Directory]:
    """Return the query, and its edition with that edition's directory.

    Raises InvalidQueryError.
    """
    query, dropped = filters.from_pairs(query_pairs(request))
    edition = select_edition(db, query.one("edition"))
    directory = edition_directory(request, db, edition)
    query = directory.led_on(query)
    reject_invalid_query(query, dropped, directory)
    return query, edition, directory
