"""The page of one record as readers see it. The desk shows the same, of a row that is not kept, before it publishes."""

from collections.abc import Callable
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.record.editions import Reading
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.publishing.working_set import name_of
from app.record.sql import rows as queries
from app.site import described
from app.site.addresses import place_page, record_address
from app.site.asking import FILES
from app.site.bibliography import source_reference
from app.site.citing import citebox, of_place, of_record
from app.site.city import one_city
from app.site.estimate import one_estimate
from app.site.event import one_event
from app.site.feeds import feeds_of_place
from app.site.outlet import one_outlet
from app.site.place import one_place
from app.site.sharing import shared
from app.site.source import one_source
from app.web.page import page

VIEWS: dict[str, tuple[str, Callable[[Session, Reading, Version, Directory], Any]]] = {
    "E": ("event", one_event),
    "M": ("estimate", one_estimate),
    "S": ("source", one_source),
    "O": ("outlet", one_outlet),
}
PLACE_VIEWS: dict[str, Callable[[Session, Reading, str, Directory], Any]] = {"city": one_city, "place": one_place}


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
        described=described.record(request, cited_as, row, directory),
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
        described=described.dataset(
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
