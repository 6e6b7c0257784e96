"""The list of events in four views: groups by month, a table, lanes by side, and a map."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from fastapi import Request
from starlette.responses import Response

from app.dates import edtf
from app.dates.bar import Strip, strip
from app.filtering import NONE
from app.i18n.formats import day
from app.i18n.translate import N_, _, day_in_words
from app.kinds import PlaceForm
from app.record.breakdown_filters import BreakdownFilters
from app.record.filters import EventFilters
from app.record.search import words_to_mark
from app.record.sql import conditions
from app.site.components.links import PlaceCount, short_names
from app.site.components.urls import address, place_page_address
from app.site.datasets.dataset import choices
from app.site.events.breakdown.breakdown import breakdown_address
from app.site.events.related_events import LargerPlaces, larger_places
from app.site.export.list_columns import COLUMNS
from app.site.export.responses import points_response
from app.site.listing import Listing
from app.site.maps.city_dots import CityDot, MapLink, MapView, maps, zoom_links
from app.site.presenters.event import EventCard, event_cards
from app.site.references.citable import CitableView
from app.vocabulary.events import Side
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import SETTLEMENTS, PlaceKind

MAX_EVENTS_IN_VIEW = 500
"""Lanes and map have no pages: they show all matches up to this number."""
MAX_SCALE_MONTHS = 36
"""A window up to this length is the scale of all bars."""

Group = tuple[str, Sequence[EventCard], Strip | None]
"""A heading, such as "2019, month unknown", its events, and the scale that their bars share."""


class SideLane(NamedTuple):
    side: str
    label: str
    cards: Sequence[EventCard]


class Events(Listing[EventFilters]):
    name = "timeline"
    heading = N_("Events")
    filter_class = EventFilters
    columns = COLUMNS[RecordKind.EVENT]
    template = "site/events/list.html"
    endings = (*Listing.endings, ".geojson")
    per_page = 20

    @property
    def layout(self) -> str:
        return self.filters.one("view")

    @property
    def limit(self) -> int:
        return self.per_page if self.layout in {"list", "table"} else MAX_EVENTS_IN_VIEW

    @property
    def layouts(self) -> list[tuple[str, str, bool]]:
        """Address and label of each view, and whether it is shown."""
        return [
            (address(self.bare.with_(view=code)), label, is_shown)
            for code, label, is_shown in choices(self.filters, "view")
        ]

    @property
    def larger(self) -> LargerPlaces | None:
        return larger_places(self.db, self.edition, self.filters, self.directory)

    @property
    def breakdown_address(self) -> str:
        return breakdown_address(BreakdownFilters.of(self.filters))

    @property
    def view(self) -> CitableView:
        return replace(super().view, can_embed=True)

    def file(self, request: Request, ending: str) -> Response:
        if ending != "geojson":
            return super().file(request, ending)
        # Estimates and sources have no coordinates: those of a province would be at its capital.
        file = self.list_file(self.total)
        return points_response(request, self.edition, file, self.seqs, self.directory)

    # The events -----------------------------------------------------------------------------------

    @cached_property
    def window(self) -> edtf.Days:
        return conditions.window_of(self.filters)

    @cached_property
    def events(self) -> list[EventCard]:
        words = words_to_mark(self.filters.one("q"))
        return event_cards(self.db, self.read, self._scale_for, words, self.directory)

    @property
    def groups(self) -> list[Group]:
        """The events by month of the earliest possible day; one group if not sorted by date."""
        if self.layout != "list":
            return [("", self.events, strip(self._window_scale, None))]
        if not self.is_by_date:
            return [("", self.events, None)]
        return [
            (heading, some, strip(self._scale_for(some[0].first), self._month_of(some[0])))
            for heading, some in self._by_heading(self.events).items()
        ]

    def _scale_for(self, first: date | None) -> edtf.Days | None:
        """Return the window if it is short enough, else the year the event is listed in."""
        if scale := self._window_scale:
            return scale
        if first is None:
            return None
        year = max(first, self.window.first or first).year
        return edtf.calendar_years(year, year)

    @cached_property
    def _window_scale(self) -> edtf.Days | None:
        first, last = self.window.first, self.window.last
        if not (first and last):
            return None
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        return self.window if months <= MAX_SCALE_MONTHS else None

    def _by_heading(self, cards: Iterable[EventCard]) -> dict[str, list[EventCard]]:
        found: dict[str, list[EventCard]] = {}
        for card in cards:
            found.setdefault(self._heading_for(card), []).append(card)
        return found

    def _heading_for(self, card: EventCard) -> str:
        # Headings use the sort key (the earliest possible day): otherwise one could appear twice.
        if card.first is None:
            return _("Date not known")
        if month := self._month_of(card):
            return day_in_words(month, "MMMM y")
        if self.window.first and card.first < self.window.first:
            return _("Began, possibly, before {day}").format(day=day(self.window.first))
        return _("{year}, month unknown").format(year=card.first.year)

    def _month_of(self, card: EventCard) -> date | None:
        """Return the earliest day; None if before the window or only the year is known."""
        first = card.first
        if first is None or (self.window.first and first < self.window.first):
            return None
        return None if card.is_year_only else first

    # Lanes ----------------------------------------------------------------------------------------

    @property
    def lane_heads(self) -> list[SideLane]:
        return self._lanes(OPPOSED, self.events)

    @property
    def lane_rows(self) -> list[tuple[str, list[SideLane]]]:
        """Each month with the events of host and home state next to each other.

        An event with actors of two sides is in both lanes.
        """
        cards = [card for card in self.events if {*card.sides} & {*OPPOSED}]
        return [
            (month, self._lanes(OPPOSED, some)) for month, some in self._by_heading(cards).items()
        ]

    @property
    def lanes(self) -> list[SideLane]:
        """All other sides."""
        others = [*(side for side in Side if side not in OPPOSED), NONE]
        return self._lanes(others, self.events)

    def _lanes(self, sides: Iterable[str], cards: Iterable[EventCard]) -> list[SideLane]:
        return [
            SideLane(
                side,
                _("No known order") if side == NONE else _(Side(side).label),
                [card for card in cards if side in (card.sides or [NONE])],
            )
            for side in sides
        ]

    # The map --------------------------------------------------------------------------------------

    @property
    def maps(self) -> Sequence[MapView]:
        """All cities and, if they are far apart, the densest cluster enlarged."""
        # Settlements only: a dot for a province would be read as its capital.
        dots = [
            CityDot(
                code,
                self.directory.label("place", code),
                short_names(self.directory, code),
                place.latitude,
                place.longitude,
                count,
                address(self.bare.with_(place=code, view=None)),
            )
            for code, count, place in self._places_counted
            if place.kind in SETTLEMENTS
            and place.latitude is not None
            and place.longitude is not None
        ]
        return maps(dots, _("Map of cities and towns with events"))

    @cached_property
    def elsewhere(self) -> list[PlaceCount]:
        """Places without a dot: larger than a town, or without coordinates."""
        return [
            PlaceCount(
                self.directory.label("place", code),
                place_page_address(self.directory, code),
                count,
                short_names(self.directory, code),
                address(self.bare.with_(place=code, view=None)),
            )
            for code, count, place in self._places_counted
            if place.kind is not PlaceKind.WORLD
            and (place.kind not in SETTLEMENTS or place.latitude is None)
        ]

    @property
    def _places_counted(self) -> Iterator[tuple[str, int, PlaceForm]]:
        within = self.counts.within.get("place", {})
        for code, count in sorted(within.items(), key=lambda item: (-item[1], item[0])):
            if place := self.directory.places.get(code):
                yield code, count, place

    @property
    def zooms(self) -> list[MapLink]:
        return zoom_links(
            self.counts.within.get("place", {}),
            self.bare["place"],
            lambda code: address(self.bare.with_(place=code)),
            self.directory,
        )


OPPOSED = (Side.HOST_STATE, Side.HOME_STATE)
