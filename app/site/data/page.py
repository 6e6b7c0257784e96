"""The page `/data`: the files of all lists, with their keys and columns."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from app.i18n.translate import _
from app.site.api.document import RESOURCES
from app.site.changes import Changes
from app.site.cities import Cities
from app.site.data.dump import DumpInfo, Dumps, tables
from app.site.dataset import Dataset
from app.site.estimates import Estimates
from app.site.events.events import Events
from app.site.export import responses
from app.site.export.columns import Column, as_fields
from app.site.export.responses import led_on
from app.site.listing import WORD_COLUMNS
from app.site.lists.request import requested_edition
from app.site.named_lists import NamedList
from app.site.references.citable import CitableView, provenance_headers
from app.site.sources import Sources
from app.site.status.status import Status
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.state import AppState
from app.web.urls import absolute_url, url


@dataclass(kw_only=True)
class SiteState(AppState):
    dumps: Dumps


router = APIRouter(route_class=EditionRoute)
DATASETS: Sequence[type[Dataset[Any]]] = (
    *(Events, Estimates, Sources, Cities, Changes, Status),
    *NamedList.__subclasses__(),
)
"""The lists that the page describes."""


@router.get("/data", name="data")
def data_page(request: Request, db: Reader) -> Response:
    edition = requested_edition(request, db)
    return page(
        request,
        "site/data/page.html",
        edition=edition,
        offers=DATASETS,
        whole=f"{url('data')}.zip?edition={edition.no}",
        tables=tables(),
    )


@router.get("/data.zip")
def dump_file(request: Request, db: Reader) -> Response:
    """Return the complete dataset as ZIP. Raises DumpNotReadyError if writing takes too long."""
    edition = requested_edition(request, db)
    state: SiteState = request.app.state
    about = DumpInfo(edition, state.settings.licence, state.settings.public_url or "")
    archive = state.dumps.of(db, about)
    headers = {
        **provenance_headers(request, edition),
        "Content-Length": str(archive.size),
        "Content-Disposition": f'attachment; filename="{about.name}.zip"',
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(archive.sha256)).decode()}:",
        "Link": f'<{absolute_url(request, url("data"))}?edition={edition.no}>; rel="cite-as"',
    }
    return StreamingResponse(archive.chunks(), media_type="application/zip", headers=headers)


# The dictionary ---------------------------------------------------------------------------------


COLUMNS: list[Column[tuple[str, Column[Any]]]] = [
    Column("list", "The list, as addresses name it.", lambda entry: entry[0]),
    Column(
        "column",
        "Name of the column in its files and of the field in JSON.",
        lambda entry: entry[1].name,
    ),
    Column(
        "holds", "Text, list, count, number, flag, day or moment.", lambda entry: entry[1].holds
    ),
    Column("description", "What it means.", lambda entry: _(entry[1].description)),
]


def entries() -> Iterator[tuple[str, Column[Any]]]:
    """Yield each column with the name of its list."""
    lists = [(each.path_name(), each.columns) for each in RESOURCES]
    for name, columns in (*lists, ("by_word", WORD_COLUMNS), ("status", Status.columns)):
        for column in columns:
            yield name, column


@router.get("/data/dictionary.csv")
@router.get("/data/dictionary.json")
def dictionary_file(request: Request, db: Reader) -> Response:
    """Return the dictionary in the format of the file extension."""
    edition = requested_edition(request, db)
    rows = list(entries())
    page = url("dictionary")
    if request.url.path.endswith("/dictionary.json"):
        items = [as_fields(COLUMNS, entry) for entry in rows]
        body = {
            "edition": edition.no,
            "permalink": absolute_url(request, f"{page}.json?edition={edition.no}"),
            "items": items,
        }
        return responses.list_response(request, edition, body)
    view = CitableView(edition, page, "dictionary", _("Data dictionary"))
    return responses.csv_response(request, view, COLUMNS, rows)


@router.get("/data/dictionary.csv-metadata.json")
@router.get("/data/dictionary.xlsx")
def former_dictionary(request: Request) -> Response:
    """Lead from the formats of release 0.1.0 to CSV."""
    return led_on(request, ".csv")
