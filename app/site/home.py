"""`/`, the front page: what it is, what applies now, one picture, and the newest events."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from fastapi import APIRouter, Request
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.i18n.translate import _
from app.kinds import PageForm
from app.record.editions import NoEditionError
from app.record.filters import ChangeFilters, EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.lists.backend import select_edition
from app.record.names.directory import Directory
from app.site.components.headcounts import (
    headline,
    newest_wholes,
    of_same_month,
)
from app.site.components.text import paragraphs, plain_words
from app.site.components.urls import PageLink, with_filters
from app.site.lists.facets import HistogramView, histogram_view
from app.site.lists.request import edition_directory, feed_link
from app.site.pages import EditorSentence, sentences_of_places
from app.site.presenters.estimate import Headline, headline_view
from app.site.presenters.event import EventView
from app.site.presenters.place import wholes_at
from app.site.status.state import State, states_of
from app.vocabulary.named import PageKind
from app.vocabulary.record import PlaceKind
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.urls import url

MAX_EVENTS = 5


class Subject:
    """What the record is about: a heading and a sentence of the editors."""

    def __init__(self, page: PageForm) -> None:
        self.title = page.names[0].text
        self.text: Sequence[Markup] = paragraphs(page.body)
        self.description = plain_words(page.body)
        self.lang = page.language if page.language != "en" else ""


class PlaceNow(NamedTuple):
    """One row of what applies: a place, its state, and workers there."""

    label: str
    address: str
    state: State
    workers: Headline | None
    written: EditorSentence | None
    """What an editor wrote in place of the answer."""


class HomePage:
    """What `site/home/page.html` shows of an edition."""

    def __init__(self, db: Session, edition: IndexedEdition, directory: Directory) -> None:
        self.db, self.edition, self.directory = db, edition, directory
        self.on = edition.at.date()
        found = directory.page_of_kind(PageKind.SUBJECT)
        self.subject = Subject(found) if found else None
        shown = directory.page_of_kind(PageKind.PICTURE)
        self.places = [code for code in (shown.places if shown else ()) if code in directory.places]
        self.counts = backend.match(db, edition, EventFilters(), directory).counts()

    @cached_property
    def newest(self) -> list[EventView]:
        found = backend.latest_rows(
            self.db, self.edition, EventFilters(), self.directory, most=MAX_EVENTS
        )
        rows = backend.rows_by_seq(self.db, found.seqs).values()
        return [EventView(row, self.directory, self.on) for row in rows]

    @cached_property
    def now(self) -> list[PlaceNow]:
        """One row for the whole world, and one for each place that the editors list."""
        world = [
            place.code
            for place in self.directory.places.values()
            if place.kind is PlaceKind.WORLD and self.places
        ]
        asked = [*((code, True) for code in world), *((code, False) for code in self.places)]
        codes = [code for code, _is_own in asked]
        written = sentences_of_places(self.db, self.edition, self.directory, PageKind.ROW, codes)
        workers = self._workers()
        return [
            PlaceNow(
                self.directory.label("place", code),
                with_filters(url("status"), StatusFilters.made_of({"place": [code]}, {})),
                state,
                workers.get(code),
                written.get(code),
            )
            for code, state in zip(
                codes, states_of(self.db, self.edition, self.directory, asked), strict=True
            )
            if code not in world or state.rules
        ]

    def _workers(self) -> dict[str, Headline]:
        """Return the newest number for the whole of each place."""
        headlines = {}
        for code, rows in wholes_at(self.db, self.edition, self.directory, self.places).items():
            if newest := headline(newest_wholes(rows, code)):
                month = of_same_month(newest, rows, code)
                headlines[code] = headline_view(month, self.on, self.directory, code)
        return headlines

    @property
    def overview(self) -> PageLink | None:
        """The overview that the editors wrote; None if there is none yet."""
        found = self.directory.page_of_kind(PageKind.OVERVIEW)
        return PageLink(found.names[0].text, url("page", code=found.code)) if found else None

    @cached_property
    def histogram(self) -> HistogramView | None:
        """All events by year and direction."""
        return histogram_view(
            self.db,
            self.edition,
            EventFilters(),
            self.directory,
            self.counts.extent,
            least="year",
        )


# The address ------------------------------------------------------------------------------------


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
        home=HomePage(db, edition, directory),
        feeds=[feed_link(ChangeFilters(), _("Changes"))],
    )
