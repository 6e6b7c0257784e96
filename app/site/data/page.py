"""The page `/data`: the files of all lists, with their keys and columns."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from app.i18n.translate import _
from app.record.editions import SelectedEdition
from app.site.changes.changes import Changes
from app.site.cities.cities import Cities
from app.site.data.dump.dump_cache import Dumps
from app.site.data.dump.metadata import DumpInfo
from app.site.data.dump.tables import tables
from app.site.datasets.dataset import Dataset
from app.site.estimates.estimates import Estimates
from app.site.events.events import Events
from app.site.named_lists import NamedList
from app.site.references import json_ld, licence
from app.site.references.citable import page_share_links
from app.site.sources.sources import Sources
from app.site.status.status import Status
from app.web.page import page
from app.web.state import app_state
from app.web.urls import absolute_url, url

DATASETS: Sequence[type[Dataset[Any]]] = (
    *(Events, Estimates, Sources, Cities, Changes, Status),
    *NamedList.__subclasses__(),
)
"""The lists that the page describes."""
FILES = (".csv", ".xlsx", ".json", ".geojson", ".atom")


def files_of(dataset: type[Dataset[Any]]) -> list[tuple[str, str]]:
    """Return the endings of its files, each with the address of the whole list in that format."""
    path = url(dataset.name)
    return [(ending, path + ending) for ending in FILES if ending in dataset.endings]


PYTHON_EXAMPLE = """\
import csv, io, urllib.request

address = "{address}"
with urllib.request.urlopen(address) as answer:
    rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8-sig")))
    print(answer.headers["X-Sojourn-Edition"], len(rows))
for row in rows:
    print(row["id"], row["happened"], row["title"])
"""


def data_page(request: Request, edition: SelectedEdition) -> Response:
    example = absolute_url(request, f"{url('timeline')}.csv?from=2019&to=2019&place=china")
    offers = [(dataset, files_of(dataset)) for dataset in DATASETS]
    return page(
        request,
        "site/data/page.html",
        edition=edition,
        offers=offers,
        curl=f"curl --remote-name --remote-header-name '{example}'",
        python=PYTHON_EXAMPLE.format(address=example),
        whole=f"{url('data')}.zip?edition={edition.no}",
        tables=tables(),
        shared=page_share_links(request, edition, url("data")),
        described=json_ld.describe_catalogue(
            request,
            [
                (_(dataset.heading), url(dataset.name), [address for _ending, address in files])
                for dataset, files in offers
            ],
        ),
    )


def dump_file(request: Request, db: Session, edition: SelectedEdition, dumps: Dumps) -> Response:
    """Return the complete dataset as ZIP. Raises DumpNotReadyError if writing takes too long."""
    settings = app_state(request).settings
    about = DumpInfo(edition, settings.licence, settings.public_url or "")
    archive = dumps.of(db, about)
    headers = {
        **licence.provenance_headers(request, edition),
        "Content-Length": str(archive.size),
        "Content-Disposition": f'attachment; filename="{about.name}.zip"',
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(archive.sha256)).decode()}:",
        "Link": f'<{absolute_url(request, url("data"))}?edition={edition.no}>; rel="cite-as"',
    }
    return StreamingResponse(archive.chunks(), media_type="application/zip", headers=headers)
