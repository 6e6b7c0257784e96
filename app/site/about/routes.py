"""Routes of `/about`, `/privacy` and `/accessibility`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.record.lists.session import select_edition
from app.site.about.page import about
from app.site.lists.request import edition_directory
from app.site.references.citable import page_share_links
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.state import SettingsDep
from app.web.urls import url

router = APIRouter(route_class=EditionRoute)


@router.get("/about", name="about")
def about_page(request: Request, db: Reader) -> Response:
    edition = select_edition(db, request.query_params.get("edition", ""))
    directory = edition_directory(request, db, edition)
    return page(
        request,
        "site/about/page.html",
        edition=edition,
        shared=page_share_links(request, edition, url("about")),
        **about(db, edition, directory),
    )


@router.get("/privacy", name="privacy")
def privacy_page(request: Request, db: Reader, settings: SettingsDep) -> Response:
    edition = select_edition(db, request.query_params.get("edition", ""))
    return page(
        request,
        "site/about/privacy.html",
        edition=edition,
        logs_requests=settings.log_requests,
        counts_answers=settings.metrics_address is not None,
    )


@router.get("/accessibility", name="accessibility")
def accessibility_page(request: Request, db: Reader) -> Response:
    edition = select_edition(db, request.query_params.get("edition", ""))
    return page(request, "site/about/accessibility.html", edition=edition)
