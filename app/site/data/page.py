"""The page on data: each list with its files, filters and columns; and the complete dataset."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from app.filtering import Choice, Filter, Filters, Terms
from app.i18n.translate import N_, _
from app.record.editions import SelectedEdition
from app.record.filters import (
    ChangeFilters,
    CityFilters,
    EstimateFilters,
    EventFilters,
    SourceFilters,
    StatusFilters,
)
from app.site.changes import changes
from app.site.cities import city_rows
from app.site.data.dump.dump_cache import Dumps
from app.site.data.dump.metadata import DumpInfo
from app.site.data.dump.tables import tables
from app.site.export.list_columns import COLUMNS
from app.site.references import feed_links, licence
from app.site.references.csl_styles import MOST_STYLED, STYLES
from app.site.status import files as status
from app.vocabulary.kinds import RecordKind
from app.web.state import app_state
from app.web.urls import absolute_url, url


@dataclass(frozen=True)
class FilterKey:
    """One key of a filter."""

    key: str
    title: str
    description: str
    values: Sequence[str]
    """All values if the list is fixed; else empty."""
    is_list: bool
    """Whether the key may be repeated and prefixed with `not_`."""


@dataclass(frozen=True)
class DataColumnRow:
    name: str
    description: str
    holds: str


@dataclass(frozen=True)
class ListDownloads:
    """One list with its file formats."""

    code: str
    title: str
    address: str
    files: Sequence[tuple[str, str]]
    """File extensions, each with the address of the whole list in that format."""
    keys: Sequence[FilterKey]
    columns: Sequence[DataColumnRow]


@dataclass(frozen=True)
class Downloads:
    """Everything that `site/data/page.html` prints."""

    offers: Sequence[ListDownloads]
    curl: str
    python: str
    whole: str
    """Address of the complete dataset of the edition."""
    styles: Sequence[tuple[str, str]]
    """Citation styles: codes and labels."""
    most_styled: int
    tables: Sequence[tuple[str, str]]
    """Names and descriptions of the tables of the complete dataset."""


TABLE_FORMATS = (".csv", ".xlsx", ".json")
LISTS: list[tuple[str, str, type[Filters], Sequence[str]]] = [
    ("timeline", N_("Events"), EventFilters, (*TABLE_FORMATS, ".geojson", *feed_links.ENDINGS)),
    ("estimates", N_("Estimates"), EstimateFilters, (*TABLE_FORMATS, *feed_links.ENDINGS)),
    ("sources", N_("Sources"), SourceFilters, (*TABLE_FORMATS, *feed_links.ENDINGS)),
    ("cities", N_("Cities"), CityFilters, (*TABLE_FORMATS, ".geojson", *feed_links.ENDINGS)),
    ("changes", N_("Changes"), ChangeFilters, (*TABLE_FORMATS, *feed_links.ENDINGS)),
    ("status", N_("Rules on a date"), StatusFilters, TABLE_FORMATS),
]

PYTHON_EXAMPLE = """\
import csv, io, urllib.request

address = "{address}"
with urllib.request.urlopen(address) as answer:
    rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8-sig")))
    print(answer.headers["X-Sojourn-Edition"], len(rows))
for row in rows:
    print(row["id"], row["happened"], row["title"])
"""


def columns() -> dict[str, list[DataColumnRow]]:
    """Return the columns of each list, by the route name of its page."""
    by_page = {
        "timeline": COLUMNS[RecordKind.EVENT],
        "estimates": COLUMNS[RecordKind.ESTIMATE],
        "sources": COLUMNS[RecordKind.SOURCE],
    }
    found = {
        name: [DataColumnRow(each.name, each.description, str(each.holds)) for each in group]
        for name, group in by_page.items()
    }
    found["cities"] = [
        DataColumnRow(each.name, each.description, str(each.holds)) for each in city_rows.COLUMNS
    ]
    found["changes"] = [
        DataColumnRow(each.name, each.description, str(each.holds)) for each in changes.COLUMNS
    ]
    found["status"] = [
        DataColumnRow(each.name, each.description, str(each.holds)) for each in status.COLUMNS
    ]
    return found


def downloads(request: Request, edition: SelectedEdition) -> Downloads:
    columns_by_page = columns()
    example = absolute_url(request, f"{url('timeline')}.csv?from=2019&to=2019&place=china")
    return Downloads(
        offers=[
            ListDownloads(
                code=name,
                title=_(title),
                address=url(name),
                files=[(ending, url(name) + ending) for ending in endings],
                keys=[_key(key) for key in filters.FILTERS],
                columns=columns_by_page[name],
            )
            for name, title, filters, endings in LISTS
        ],
        curl=f"curl --remote-name --remote-header-name '{example}'",
        python=PYTHON_EXAMPLE.format(address=example),
        whole=f"{url('data')}.zip?edition={edition.no}",
        styles=[(code, _(style.label)) for code, style in STYLES.items()],
        most_styled=MOST_STYLED,
        tables=[(table.name, table.description) for table in tables()],
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


def _key(key: Filter) -> FilterKey:
    values: Sequence[str] = ()
    if isinstance(key, Terms):
        values = (*key.closed, "none") if key.closed and key.has_none else key.closed
    elif isinstance(key, Choice):
        values = tuple(key.choices)
    return FilterKey(key.key, _(key.title), _(key.description), values, isinstance(key, Terms))
