"""Routes of `/`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.i18n.translate import _
from app.record.editions import NoEditionError
from app.record.filters import ChangeFilters
from app.record.lists.session import select_edition
from app.site.export.feeds import feed_link
from app.site.home.page import HomePage
from app.site.lists.request import edition_directory
from app.site.references import json_ld
from app.site.references.citable import page_share_links
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.urls import url

router = APIRouter(route_class=EditionRoute)


@router.get("/", name="home")
def home_page(request: Request, db: Reader) -> Response:
    query = request.query_params.get("edition", "")
    try:
        edition = select_edition(db, query)
    except NoEditionError:
        if query:
            raise
        # A new installation: not cached, so that the first edition is seen at once.
        headers = {"Cache-Control": "no-store"}
        return page(request, "site/home/page.html", edition=None, headers=headers, home=None)
    directory = edition_directory(request, db, edition)
    return page(
        request,
        "site/home/page.html",
        edition=edition,
        home=HomePage(db, edition, directory, is_named=bool(query)),
        feeds=[feed_link(ChangeFilters(), _("Changes"))],
        shared=page_share_links(request, edition, url("home")),
        described=json_ld.describe_site(request),
    )
