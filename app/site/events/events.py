"""The list of events in three views: by year, a table, and a map."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from fastapi import Request
from starlette.responses import Response

from app.i18n.formats import day
from app.i18n.translate import N_, _
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
from app.site.presenters.event import EventView, event_views
from app.site.references.citable import CitableView
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import SETTLEMENTS, PlaceKind

MAX_EVENTS_IN_VIEW = 500
"""The map has no pages: it shows all matches up to this number."""


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
    def events(self) -> list[EventView]:
        words = words_to_mark(self.filters.one("q"))
        return event_views(self.db, self.read, self.directory, self.edition.at.date(), words)

    @property
    def groups(self) -> list[tuple[str, list[EventView]]]:
        """The events by year of the earliest possible day; one group if not sorted by date."""
        if self.layout != "list" or not self.is_by_date:
            return [("", self.events)]
        found: dict[str, list[EventView]] = {}
        for event in self.events:
            found.setdefault(self._heading_for(event), []).append(event)
        return list(found.items())

    def _heading_for(self, event: EventView) -> str:
        # Headings use the sort key (the earliest possible day): otherwise one could appear twice.
        first, since = event.row.sort_day, conditions.window_of(self.filters).first
        if first is None:
            return _("Date not known")
        if since and first < since:
            return _("Began, possibly, before {day}").format(day=day(since))
        return str(first.year)

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
