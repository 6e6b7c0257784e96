"""Routes and pages of all records. `main` passes `show_record_page` to the desk's preview."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.record.editions import SelectedEdition
from app.record.lists.session import select_for_trial
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.publishing.working_set import reference_name
from app.site.actors.page import ACTOR
from app.site.cities.city import CITY
from app.site.components.urls import place_page
from app.site.estimates.estimate import ESTIMATE
from app.site.events.event import EVENT
from app.site.laws.page import LAW
from app.site.outlets.page import OUTLET
from app.site.pages.page import PAGE
from app.site.places.page import PLACE
from app.site.presenters.source import SourcePage
from app.site.record_pages.page import RecordPage, record_page, show_place, show_record
from app.vocabulary.kinds import RecordKind
from app.web.sessions import EditionRoute, Reader
from app.web.state import app_state
from app.web.urls import PAGE_OF_KIND, url

RECORD_PAGES: dict[str, RecordPage] = {
    RecordKind.EVENT: EVENT,
    RecordKind.ESTIMATE: ESTIMATE,
    RecordKind.SOURCE: RecordPage("source", "site/sources/page.html", SourcePage),
    RecordKind.OUTLET: OUTLET,
    RecordKind.ACTOR: ACTOR,
    RecordKind.LAW: LAW,
    RecordKind.PAGE: PAGE,
}
PLACE_PAGES = {"city": CITY, "place": PLACE}


router = APIRouter(route_class=EditionRoute)


def _route(kind: str, shown: RecordPage) -> Callable[..., Response]:
    def show(request: Request, db: Reader, name: str) -> Response:
        return record_page(request, db, kind, name, shown)

    return show


for each, its_page in RECORD_PAGES.items():
    path = url(PAGE_OF_KIND[each], id="{name}", code="{name}")
    router.add_api_route(path, _route(each, its_page), name=PAGE_OF_KIND[each])


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
    edition = select_for_trial(edition, app_state(request).indexes)
    if row.kind != RecordKind.PLACE:
        return show_record(
            request, db, edition, row, directory, shown=RECORD_PAGES[row.kind], **more
        )
    name, code = place_page(directory, reference_name(row))
    return show_place(request, db, edition, code, directory, shown=PLACE_PAGES[name], **more)
