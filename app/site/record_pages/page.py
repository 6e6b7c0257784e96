"""The page of one record as readers see it. The desk shows the same, of a row that is not kept, before it publishes."""

from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.record.editions import Reading
from app.record.filters import EstimateFilters, EventFilters, ListFilters
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.publishing.working_set import name_of
from app.record.sql import rows as queries
from app.site.components.urls import place_page, record_address
from app.site.lists.request import names
from app.site.lists.summary import title
from app.site.record_pages.row import record
from app.site.record_views import PLACE_VIEWS, VIEWS
from app.site.references import json_ld
from app.site.references.citable import citebox, of_place, of_record
from app.site.references.feed_links import FeedLink, feed_links
from app.site.references.formats import source_reference
from app.site.references.json_ld import FILES
from app.site.references.share_links import shared
from app.web.page import page
from app.web.sessions import Reader


def feeds_of_place(code: str, directory: Directory) -> list[FeedLink]:
    """What is new about a place and all that lies in it: its events, and its figures."""
    lists: list[ListFilters] = [each.made_of({"place": [code]}, {}) for each in (EventFilters, EstimateFilters)]
    return [link for filters in lists for link in feed_links(filters, title(filters, directory))]


def _record_page(request: Request, db: Reader, kind: str, name: str) -> Response:
    edition, row = record(request, db, kind, name)
    return row if isinstance(row, Response) else show(request, db, edition, row, names(request, db, edition))


def show(
    request: Request, db: Session, edition: Reading, row: Version, directory: Directory, **around: Any
) -> Response:
    if row.kind == "P":
        return show_place(request, db, edition, name_of(row), directory, **around)
    name, view_of = VIEWS[row.kind]
    view = view_of(db, edition, row, directory)
    cited_as = of_record(edition, row, directory)
    return page(
        request,
        f"site/{name}.html",
        edition=edition,
        # Whatever address shows it: what it says of its own address is what readers see there.
        request_path=record_address(row.id, name_of(row)),
        json_url=view.json_address,
        cited=citebox(request, cited_as),
        shared=shared(request, cited_as),
        described=json_ld.record(request, cited_as, row, directory),
        **{name: view},
        reference=source_reference(queries.found(row), directory) if row.kind == "S" else None,
        **around,
    )


def show_place(
    request: Request, db: Session, edition: Reading, code: str, directory: Directory, **around: Any
) -> Response:
    """The page on which a place stands: it is made of many other records, and a site has none of its own."""
    name, code = place_page(directory, code)
    view = PLACE_VIEWS[name](db, edition, code, directory)
    cited = of_place(edition, code, directory)
    return page(
        request,
        f"site/{name}.html",
        edition=edition,
        request_path=view.address,
        json_url=f"{view.address}.json",
        cited=citebox(request, cited),
        shared=shared(request, cited),
        described=json_ld.dataset(
            request,
            cited,
            [(media_type, f"{view.address}{end}?edition={edition.no}") for end, media_type in FILES.items()],
            directory,
            places=[code],
        ),
        feeds=feeds_of_place(code, directory),
        **{name: view},
        **around,
    )
