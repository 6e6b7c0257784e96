"""Routes of `/about`, `/privacy` and `/accessibility`."""

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.filtering import NONE
from app.record.filters import EstimateFilters, EventFilters, SourceFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory, preferred_name
from app.record.reads.coverage import record_figures
from app.site.components.marks import last_checks
from app.site.components.text import paragraphs
from app.site.components.urls import address
from app.site.lists.request import edition_directory, requested_edition
from app.site.pages import sections_of
from app.vocabulary.named import PageKind
from app.vocabulary.record import PlaceKind
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.state import SettingsDep
from app.web.urls import url

MAX_CHECKS = 30


def about(db: Session, edition: IndexedEdition, directory: Directory) -> dict[str, Any]:
    """Return the variables of `site/about/page.html`."""
    events, sources, estimates = (
        backend.match(db, edition, lists(), directory).counts()
        for lists in (EventFilters, SourceFilters, EstimateFilters)
    )
    figures = record_figures(db, edition, directory)

    def counted(key: str, vocabulary: str) -> list[tuple[str, str, int, str]]:
        """Return label, list, number of events and code of each code, most events first."""
        counts = sorted(events.within.get(key, {}).items(), key=lambda each: (-each[1], each[0]))
        return [
            (
                directory.label(vocabulary, code),
                address(EventFilters.made_of({key: [code]}, {})),
                count,
                code,
            )
            for code, count in counts
        ]

    written = directory.page_of_kind(PageKind.ABOUT)
    return {
        "events": events,
        "sources": sources,
        "estimates": estimates,
        "places": len(directory.places),
        "source_languages": {*sources.within.get("lang", {})} - {NONE},
        "figures": figures,
        # What the editors say of themselves; none if it is not written yet.
        "written": written
        and {
            "title": preferred_name(written.names),
            "text": paragraphs(written.body),
            "sections": sections_of(written),
            "address": url("page", code=written.code),
        },
        "checks": last_checks(directory, MAX_CHECKS),
        "countries": [
            (label, link, count, figures.newest.get(code))
            for label, link, count, code in counted("place", "place")
            if directory.kind_of_place(code) is PlaceKind.COUNTRY
        ],
        "languages": counted("lang", "language"),
    }


# Routes -----------------------------------------------------------------------------------------


router = APIRouter(route_class=EditionRoute)


@router.get("/about", name="about")
def about_page(request: Request, db: Reader) -> Response:
    edition = requested_edition(request, db)
    directory = edition_directory(request, db, edition)
    return page(
        request,
        "site/about/page.html",
        edition=edition,
        **about(db, edition, directory),
    )


@router.get("/privacy", name="privacy")
def privacy_page(request: Request, db: Reader, settings: SettingsDep) -> Response:
    edition = requested_edition(request, db)
    return page(
        request,
        "site/about/privacy.html",
        edition=edition,
        logs_requests=settings.log_requests,
        counts_answers=settings.metrics_address is not None,
    )


@router.get("/accessibility", name="accessibility")
def accessibility_page(request: Request, db: Reader) -> Response:
    edition = requested_edition(request, db)
    return page(request, "site/about/accessibility.html", edition=edition)
