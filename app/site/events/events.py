"""The list of events in three views: by year, a table, and a map."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import groupby

from markupsafe import Markup
from pyroaring import BitMap

from app.filtering import Filters
from app.i18n.formats import day, enumerate_words
from app.i18n.translate import _, ngettext
from app.kinds import PlaceForm
from app.record.filters import EventBreakdownFilters, EventFilters, StatusFilters, window_of
from app.record.lists import backend
from app.record.reads import measures
from app.record.search import words_to_mark
from app.site.components.links import short_names
from app.site.components.text import insert, link
from app.site.components.urls import address, place_page_address, with_filters
from app.site.dataset import FILE_LABELS
from app.site.listing import Listing
from app.site.maps.city_dots import CityDot, MapView, map_view
from app.site.presenters.event import EventView
from app.site.references.citable import CitableView
from app.vocabulary.events import Direction, Step
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import SETTLEMENTS, PlaceKind
from app.web.urls import url

MAX_EVENTS_IN_VIEW = 500
"""The map has no pages: it shows all matches up to this number."""


class Events(Listing[EventFilters]):
    name = "timeline"
    kind = RecordKind.EVENT
    filter_class = EventFilters
    template = "site/events/list.html"
    # Estimates and sources have no coordinates: those of a province would be at its capital.
    endings = (*Listing.endings, ".geojson")
    per_page = 16

    # Its order ------------------------------------------------------------------------------------

    @cached_property
    def shown_filters(self) -> EventFilters:
        """Newest first: files and the API keep the order of earlier releases."""
        return self.filters if self.filters["sort"] else self.filters.with_(sort="-happened")

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        return sorted(super().sorts, key=lambda each: each[0] != "-happened")

    def address_of(self, filters: Filters, ending: str = "") -> str:
        if ending in FILE_LABELS and not filters["sort"]:
            filters = filters.with_(sort="-happened")
        return super().address_of(filters, ending)

    # Its views ------------------------------------------------------------------------------------

    @property
    def layout(self) -> str:
        # Lanes were a view of earlier releases, whose addresses still answer.
        return self.filters.one("view").replace("lanes", "list")

    @property
    def limit(self) -> int:
        return self.per_page if self.layout in {"list", "table"} else MAX_EVENTS_IN_VIEW

    @property
    def layouts(self) -> list[tuple[str, str, bool]]:
        """Address and label of each view, and whether it is shown."""
        return [
            (address(self.bare.with_(view=code)), label, code == self.layout)
            for code, label, _is_chosen in self.options("view")
            if code != "lanes"
        ]

    @property
    def larger(self) -> Markup:
        """How many events match but for their place, a larger one, and what applies there.

        The world is left out: what goes out to it from one country is no event of every other.
        """
        around = measures.ancestors_of(self.filters["place"], self.directory)
        others = self.matching.all_but("place") - self.matching.answers
        named = {
            code: others & self.matching.index.terms.of("names", code)
            for code in around
            if self.directory.kind_of_place(code) is not PlaceKind.WORLD
        }
        if not (count := len(BitMap.union(BitMap(), *named.values()))):
            return Markup()
        labels = sorted(self.directory.label("place", code) for code, rows in named.items() if rows)
        kept = {key: self.filters[key] for key in ("place", "nationality", "edition")}
        status = with_filters(url("status"), StatusFilters.made_of(kept, {}))
        message = ngettext(
            "{count} more event is only in a larger place: {{places}}. {{link}}",
            "{count} more events are only in a larger place: {{places}}. {{link}}",
            count,
        )
        applies = link(_("What applies where, with this filter"), status, is_followed=False)
        return insert(message, places=enumerate_words(labels), link=applies)

    @property
    def breakdown_address(self) -> str:
        return with_filters(url("breakdown"), EventBreakdownFilters.of(self.filters))

    @property
    def view(self) -> CitableView:
        return replace(super().view, can_embed=True)

    # The events -----------------------------------------------------------------------------------

    @cached_property
    def events(self) -> list[EventView]:
        words = words_to_mark(self.filters.one("q"))
        on = self.edition.at.date()
        return [EventView(row, self.directory, on, words) for row in self.rows]

    @property
    def groups(self) -> list[tuple[str, int, list[EventView]]]:
        """The events by year of the earliest possible day, with the number in the whole list.

        One group without a heading if they are not sorted by date.
        """
        if not self.is_by_date:
            return [("", self.total, self.events)]
        period = window_of(self.filters)

        def heading_for(first: date | None) -> str:
            if first is None:
                return _("Date not known")
            if period.first and first < period.first:
                return _("Began, possibly, before {day}").format(day=day(period.first))
            if period.last and first > period.last:
                return _("Possibly also in this period: on or before a later day")
            return str(first.year)

        counts: Counter[str] = Counter()
        for first, count in self.matching.by_day().items():
            counts[heading_for(first)] += count
        return [
            (heading, counts[heading], list(some))
            for heading, some in groupby(
                self.events, key=lambda event: heading_for(event.row.sort_day)
            )
        ]

    # The answer -----------------------------------------------------------------------------------

    @property
    def answer(self) -> Markup:
        """What matches, how many are rules that tighten or ease, and how old the newest is."""
        found = [self.sentence, self._rules(), self._newest()]
        return Markup(" ").join(part for part in found if part)

    def _rules(self) -> str:
        if not self.total:
            return self._wider()
        # What is only planned is no rule yet.
        begun = self.matching.answers - self._all_with("stage", Step.PLANNED)
        tighten, ease = (
            len(begun & self._all_with("direction", code))
            for code in (Direction.TIGHTENS, Direction.EASES)
        )
        if not (tighten or ease) or self.filters["direction"]:
            return ""
        # l10n: how many events of a list are rules of either kind
        message = _("{tightening}, {easing}.")
        return message.format(
            tightening=ngettext(
                "{count} is a rule that tightens", "{count} are rules that tighten", tighten
            ),
            easing=ngettext("{count} rule that eases", "{count} rules that ease", ease),
        )

    def _all_with(self, key: str, code: str) -> BitMap:
        """Return the events of the whole record with a code."""
        events = EventFilters.made_of({key: [code]}, {})
        return backend.match(self.db, self.edition, events, self.directory).answers

    def _wider(self) -> str:
        """Return a link that removes the last filter, if the list has something without it."""
        if not self.wider:
            return ""
        label, address, found = self.wider[-1]
        # l10n: a link that removes a filter, and what the list has without it
        return insert(_("{remove}: {found}."), remove=link(label, address), found=found)

    def _newest(self) -> str:
        newest = self.shown_filters.with_(sort="-happened", after=None)
        events = self.events if self.shown_filters == newest else ()
        age = next((event.age for event in events if event.age), None)
        words = _("The newest event is {length} old.")
        return words.format(length=age.length) if age else ""

    # The map --------------------------------------------------------------------------------------

    @cached_property
    def map(self) -> MapView:
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
        return map_view(dots, _("Map of cities and towns with events"))

    @cached_property
    def elsewhere(self) -> list[tuple[str, Sequence[tuple[str, str]], str, str, int]]:
        """Places without a dot, larger than a town or without coordinates: label, names in other
        scripts, address, list of events, and their number.
        """
        return [
            (
                self.directory.label("place", code),
                short_names(self.directory, code),
                place_page_address(self.directory, code),
                address(self.bare.with_(place=code, view=None)),
                count,
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
