"""Pages of all records, with their routes. `main` passes `show_record_page` to the desk."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.record.editions import SelectedEdition
from app.record.index.edition import IndexedEdition
from app.record.lists.backend import select_for_trial
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.publishing.working_set import reference_name
from app.site.actors import ActorPage
from app.site.components.urls import place_page, record_address
from app.site.dataset import dataset_page
from app.site.estimates import EstimatePage
from app.site.events.event import EventPage
from app.site.laws import LawPage
from app.site.lists.request import edition_directory
from app.site.outlets import OutletPage
from app.site.pages import TextPage
from app.site.places.files import estimates_file
from app.site.places.page import PlacePage
from app.site.presenters.page import NamedPage
from app.site.presenters.source import SourcePage
from app.site.record_pages import find_place, find_record
from app.site.references import json_ld
from app.site.references.citable import (
    CiteBox,
    place_view,
    record_view,
)
from app.vocabulary.kinds import NOUN_OF_KIND, RecordKind
from app.vocabulary.named import ActorKind
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.state import app_state
from app.web.urls import PAGE_OF_KIND, url

READERS: dict[str, Callable[..., Any]] = {
    RecordKind.EVENT: EventPage,
    RecordKind.ESTIMATE: EstimatePage,
    RecordKind.SOURCE: SourcePage,
    RecordKind.OUTLET: OutletPage,
    RecordKind.ACTOR: ActorPage,
    RecordKind.LAW: LawPage,
    RecordKind.PAGE: TextPage,
}
"""What the template of a kind, `site/laws/page.html`, reads as `record`; else a `NamedPage`."""
router = APIRouter(route_class=EditionRoute)


# Records ----------------------------------------------------------------------------------------


def _record_route(kind: RecordKind) -> Callable[..., Response]:
    def show(request: Request, db: Reader, name: str) -> Response:
        edition, row = find_record(request, db, kind, name)
        directory = edition_directory(request, db, edition)
        response = (
            row if isinstance(row, Response) else _show_record(request, db, edition, row, directory)
        )
        actor = directory.actors.get(name.removesuffix(".json"))
        if kind is RecordKind.ACTOR and actor and actor.kind is ActorKind.COMPANY:
            # Search engines may not list the page of a company.
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    return show


for kind_of_page, name_of_page in PAGE_OF_KIND.items():
    if kind_of_page != RecordKind.PLACE:
        router.add_api_route(
            url(name_of_page, id="{name}", code="{name}"),
            _record_route(RecordKind(kind_of_page)),
            name=name_of_page,
        )


def _show_record(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    row: Version,
    directory: Directory,
    **more: Any,
) -> Response:
    """Return the page of one row. `more` are further template variables."""
    kind = RecordKind(row.kind)
    noun = NOUN_OF_KIND[kind]
    cited_as = record_view(edition, row, directory)
    at = record_address(row.id, reference_name(row))
    view = READERS.get(kind, NamedPage)(db, edition, row, directory)
    return page(
        request,
        f"site/{noun}s/page.html",
        edition=edition,
        # The desk's preview has another path, but must show the public address.
        request_path=at,
        json_url=f"{at}.json",
        cited=CiteBox(request, cited_as),
        described=json_ld.describe_record(request, cited_as, row, directory),
        **{noun: view, "record": view},
        **more,
    )


# Places -----------------------------------------------------------------------------------------


@router.get(url("city", code="{name}"), name="city")
@router.get(url("place", code="{name}"), name="place")
def show_place(request: Request, db: Reader, name: str) -> Response:
    """Return the page of a place; for a name with a suffix, as in `dandong.csv`, the file."""
    code, _dot, ending = name.partition(".")
    edition, directory, elsewhere = find_place(request, db, code, ending)
    if elsewhere:
        return elsewhere
    if ending:
        view = PlacePage(db, edition, code, directory)
        return estimates_file(request, edition, view, ending)
    return _show_place(request, db, edition, code, directory)


def _show_place(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    code: str,
    directory: Directory,
    **more: Any,
) -> Response:
    """Return the page of a place. `more` are further template variables."""
    view = PlacePage(db, edition, code, directory)
    return dataset_page(
        request,
        "site/places/page.html",
        edition,
        cited=place_view(edition, code, directory),
        file_address=lambda ending: f"{view.address}{ending}?edition={edition.no}",
        request_path=view.address,
        json_url=f"{view.address}.json",
        place=view,
        **more,
    )


# The desk's preview -----------------------------------------------------------------------------


def show_record_page(
    request: Request,
    db: Session,
    edition: SelectedEdition,
    row: Version,
    directory: Directory,
    **more: Any,
) -> Response:
    """Render the public page of a row. A site is shown on the page of its city.

    Its lists, such as the events that followed, are those that readers see.
    """
    indexed = select_for_trial(edition, app_state(request).indexes)
    if row.kind != RecordKind.PLACE:
        return _show_record(request, db, indexed, row, directory, **more)
    _page, code = place_page(directory, reference_name(row))
    return _show_place(request, db, indexed, code, directory, **more)
