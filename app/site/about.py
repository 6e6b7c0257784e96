"""Routes of `/about`, `/privacy` and `/accessibility`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.filtering import NONE
from app.record.filters import EstimateFilters, EventFilters, SourceFilters
from app.record.index.edition import IndexedEdition
from app.record.index.results import ListCounts
from app.record.lists import backend
from app.record.names.directory import Directory, preferred_name
from app.record.reads.coverage import record_figures
from app.site.components.marks import last_checks
from app.site.components.text import Paragraph, paragraphs
from app.site.components.urls import address
from app.site.lists.request import edition_directory, requested_edition
from app.site.pages.page import PageSectionView, sections_of
from app.site.references.citable import page_share_links
from app.vocabulary.estimates import Counts as Counted
from app.vocabulary.pages import PageKind
from app.vocabulary.record import PlaceKind
from app.vocabulary.support import ClaimCertainty, Disputed
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.state import SettingsDep
from app.web.urls import url

MAX_CHECKS = 30


@dataclass(frozen=True)
class Coverage:
    """Counts over a whole edition."""

    events: ListCounts
    sources: ListCounts
    estimates: ListCounts
    places: int

    @property
    def outlets(self) -> int:
        """Number of outlets with a source."""
        return len(self.sources.within.get("outlet", {}))

    @property
    def languages(self) -> Mapping[str, int]:
        """Number of sources by language, without sources of unknown language."""
        counts = self.sources.within.get("lang", {})
        return {code: count for code, count in counts.items() if code != NONE}

    @property
    def estimates_of_people_present(self) -> int:
        return self.estimates.within.get("counts", {}).get(Counted.PRESENT, 0)

    def sources_with(self, what: str) -> int:
        """Number of sources that have it: a code of the filter `has`."""
        return self.sources.within.get("has", {}).get(what, 0)

    def support(self, code: str) -> int:
        return self.events.within.get("corroboration", {}).get(code, 0)

    @property
    def alleged(self) -> int:
        return self.events.within.get("claim", {}).get(ClaimCertainty.ALLEGED, 0)

    @property
    def without_date(self) -> int:
        return self.events.within.get("date", {}).get(NONE, 0)

    @property
    def disputed(self) -> int:
        """Number of events whose occurrence is disputed."""
        return self.events.within.get("disputed", {}).get(Disputed.OCCURRENCE, 0)


def coverage(db: Session, edition: IndexedEdition, directory: Directory) -> Coverage:
    """Return the counts of the three lists without filters."""
    events, sources, estimates = (
        backend.match(db, edition, lists(), directory).counts()
        for lists in (EventFilters, SourceFilters, EstimateFilters)
    )
    return Coverage(events, sources, estimates, len(directory.places))


def countries(found: Coverage, directory: Directory) -> list[tuple[str, str, int]]:
    """Return (code, timeline address, number of events) of each country, most events first."""
    counts = found.events.within.get("place", {})
    codes = [code for code in counts if directory.kind_of_place(code) is PlaceKind.COUNTRY]
    codes.sort(key=lambda code: (-counts[code], code))
    return [
        (code, address(EventFilters.made_of({"place": [code]}, {})), counts[code]) for code in codes
    ]


@dataclass(frozen=True)
class AboutTexts:
    """What the editors say of themselves on the page `/about`."""

    title: str
    text: Sequence[Paragraph]
    sections: Sequence[PageSectionView]
    address: str


def about_texts(directory: Directory) -> AboutTexts | None:
    """Return the page about this site; None if it is not written yet."""
    page = directory.page_of_kind(PageKind.ABOUT)
    if page is None:
        return None
    return AboutTexts(
        preferred_name(page.names),
        paragraphs(page.body),
        sections_of(page),
        url("page", code=page.code),
    )


def about(db: Session, edition: IndexedEdition, directory: Directory) -> dict[str, Any]:
    """Return the variables of `site/about/page.html`."""
    found = coverage(db, edition, directory)
    figures = record_figures(db, edition, directory)
    by_language = found.events.within.get("lang", {})
    return {
        "found": found,
        "figures": figures,
        "about": about_texts(directory),
        "checks": last_checks(directory, MAX_CHECKS),
        "countries": [
            (directory.label("place", code), link, count, figures.newest.get(code))
            for code, link, count in countries(found, directory)
        ],
        "languages": [
            (
                directory.label("language", code),
                address(EventFilters.made_of({"lang": [code]}, {})),
                count,
            )
            for code, count in sorted(by_language.items(), key=lambda item: (-item[1], item[0]))
        ],
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
        shared=page_share_links(request, edition, url("about")),
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
