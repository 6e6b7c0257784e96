"""The timeline's four views: groups by month, a table, lanes by side, and a map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.dates import edtf
from app.dates.bar import Strip, strip
from app.filtering import NONE, DroppedParameter
from app.i18n.formats import day
from app.i18n.translate import _, day_in_words
from app.record.breakdown_filters import BreakdownFilters
from app.record.filters import EventFilters, is_by_date
from app.record.index.edition import IndexedEdition
from app.record.index.results import ListCounts
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.search import words_to_mark
from app.record.sql import conditions
from app.site.components.event_card import EventCard, event_cards
from app.site.components.place_links import PlaceCount, short_names
from app.site.components.urls import address, place_page_address
from app.site.events.breakdown.page import breakdown_address
from app.site.events.larger_places import LargerPlaces, larger_places
from app.site.lists.listing import Listing, choices, listing
from app.site.maps.city_dots import CityDot, MapView, maps
from app.site.maps.map_links import MapLink, zoom_links
from app.vocabulary.events import Side
from app.vocabulary.record import SETTLEMENTS, PlaceKind

EVENTS_PER_PAGE = 20


# Page model -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EventGroup:
    """Events under one heading, such as a month or "2019, month not known"."""

    heading: str
    cards: Sequence[EventCard]
    strip: Strip | None = None
    """The scale shared by the group's bars; None if each bar has its own."""


@dataclass(frozen=True)
class SideLane:
    side: str
    label: str
    cards: Sequence[EventCard]
    count: int


@dataclass(frozen=True)
class LaneRow:
    """One month with the events of host state and home state next to each other."""

    heading: str
    lanes: Sequence[SideLane]


@dataclass(frozen=True)
class Timeline:
    """The part of `site/events/list.html` that other lists do not have."""

    view: str
    views: Sequence[tuple[str, str, str]]
    groups: Sequence[EventGroup]
    lanes: Sequence[SideLane]
    """All sides except host state and home state, which are in `lane_rows`."""
    lane_heads: Sequence[SideLane]
    lane_rows: Sequence[LaneRow]
    maps: Sequence[MapView]
    """All cities and, if they are far apart, the densest cluster enlarged. Map view only."""
    elsewhere: Sequence[PlaceCount]
    """Places without a dot: larger than a town, or without coordinates. Map view only."""
    zooms: Sequence[MapLink]
    larger: LargerPlaces | None
    breakdown_address: str


# Filling the page model -------------------------------------------------------------------------


def timeline(
    db: Session,
    edition: IndexedEdition,
    question: tuple[EventFilters, Sequence[DroppedParameter]],
    directory: Directory,
) -> tuple[Listing, Timeline]:
    filters, _dropped = question
    view = filters.one("view")
    limit = EVENTS_PER_PAGE if view in {"list", "table"} else MAX_EVENTS_IN_VIEW
    page = backend.page_positions(db, edition, filters, directory, limit)
    around = listing(db, edition, question, directory, page)
    bare = filters.with_(all=None, after=None, edition=None, limit=None)
    window = conditions.window_of(filters)
    cards = event_cards(
        db, page, lambda day: _scale_for(day, window), words_to_mark(filters.one("q")), directory
    )
    lane_heads, lane_rows, lanes = _lanes(cards, window) if view == "lanes" else ([], [], [])
    return around, Timeline(
        view=view,
        views=[
            (code, label, address(bare.with_(view=code)))
            for code, label in choices(filters, "view")
        ],
        groups=_groups(cards, filters)
        if view == "list"
        else [EventGroup("", cards, strip(_window_scale(window), None))],
        lanes=lanes,
        lane_heads=lane_heads,
        lane_rows=lane_rows,
        maps=maps(_dots(bare, around.counts, directory), _("Map of cities and towns with events"))
        if view == "map"
        else [],
        elsewhere=_places_without_dot(bare, around.counts, directory) if view == "map" else [],
        zooms=zoom_links(
            around.counts.within.get("place", {}),
            bare["place"],
            lambda code: address(bare.with_(place=code)),
            directory,
        )
        if view == "map"
        else [],
        larger=larger_places(db, edition, filters, directory),
        breakdown_address=breakdown_address(BreakdownFilters.of(filters)),
    )


MAX_EVENTS_IN_VIEW = 500
"""Lanes and map have no pages: they show all matches up to this number."""

MAX_SCALE_MONTHS = 36
"""A window up to this length is the scale of all bars."""


# The events -------------------------------------------------------------------------------------


def _scale_for(first: date | None, window: edtf.Days) -> edtf.Days | None:
    """Return the window if it is short enough, else the calendar year the event is listed in."""
    if scale := _window_scale(window):
        return scale
    if first is None:
        return None
    year = max(first, window.first or first).year
    return edtf.calendar_years(year, year)


def _window_scale(window: edtf.Days) -> edtf.Days | None:
    if not (window.first and window.last):
        return None
    months = (
        (window.last.year - window.first.year) * 12 + window.last.month - window.first.month + 1
    )
    return window if months <= MAX_SCALE_MONTHS else None


def _groups(cards: Sequence[EventCard], filters: EventFilters) -> list[EventGroup]:
    """Return the cards by month of the earliest possible day; one group if not sorted by date."""
    if not is_by_date(filters.one("sort")):
        return [EventGroup("", cards)]
    window = conditions.window_of(filters)
    return [
        EventGroup(
            heading, some, strip(_scale_for(some[0].first, window), _month_of(some[0], window))
        )
        for heading, some in _by_heading(cards, window).items()
    ]


def _by_heading(cards: Iterable[EventCard], window: edtf.Days) -> dict[str, list[EventCard]]:
    found: dict[str, list[EventCard]] = {}
    for card in cards:
        found.setdefault(_heading_for(card, window), []).append(card)
    return found


def _heading_for(card: EventCard, window: edtf.Days) -> str:
    # Headings use the sort key (the earliest possible day): otherwise one could appear twice.
    if card.first is None:
        return _("Date not known")
    if month := _month_of(card, window):
        return day_in_words(month, "MMMM y")
    if window.first and card.first < window.first:
        return _("Began, possibly, before {day}").format(day=day(window.first))
    return _("{year}, month unknown").format(year=card.first.year)


def _month_of(card: EventCard, window: edtf.Days) -> date | None:
    """Return the earliest day; None if it is before the window or only the year is known."""
    first = card.first
    if first is None or (window.first and first < window.first):
        return None
    return None if card.is_year_only else first


def _lanes(
    cards: Sequence[EventCard], window: edtf.Days
) -> tuple[list[SideLane], list[LaneRow], list[SideLane]]:
    """Return the heads and monthly rows of host and home state, then the lanes of all other sides.

    An event with actors of two sides is in both lanes.
    """

    def lane(side: str, label: str, some: Iterable[EventCard]) -> SideLane:
        cards = [card for card in some if side in card.sides or (side == NONE and not card.sides)]
        return SideLane(side, label, cards, len(cards))

    opposed = [(side, _(side.label)) for side in (Side.HOST_STATE, Side.HOME_STATE)]
    others = [(side, _(side.label)) for side in Side if side not in dict(opposed)]
    months = _by_heading(
        (card for card in cards if set(card.sides) & {side for side, _ in opposed}), window
    )
    return (
        [lane(side, label, cards) for side, label in opposed],
        [
            LaneRow(month, [lane(side, label, some) for side, label in opposed])
            for month, some in months.items()
        ],
        [lane(side, label, cards) for side, label in [*others, (NONE, _("No known order"))]],
    )


def _dots(filters: EventFilters, counted: ListCounts, directory: Directory) -> list[CityDot]:
    # Settlements only: a dot for a province would be read as its capital.
    return [
        CityDot(
            code,
            directory.label("place", code),
            short_names(directory, code),
            place.latitude,
            place.longitude,
            count,
            address(filters.with_(place=code, view=None)),
        )
        for code, count in sorted(
            counted.within.get("place", {}).items(), key=lambda item: (-item[1], item[0])
        )
        if (place := directory.places.get(code))
        and place.kind in SETTLEMENTS
        and place.latitude is not None
        and place.longitude is not None
    ]


def _places_without_dot(
    filters: EventFilters, counted: ListCounts, directory: Directory
) -> list[PlaceCount]:
    """Return places larger than a town, or without coordinates, with their number of events."""
    return [
        PlaceCount(
            directory.label("place", code),
            place_page_address(directory, code),
            count,
            short_names(directory, code),
            address(filters.with_(place=code, view=None)),
        )
        for code, count in sorted(
            counted.within.get("place", {}).items(), key=lambda item: (-item[1], item[0])
        )
        if (place := directory.places.get(code))
        and place.kind is not PlaceKind.WORLD
        and (place.kind not in SETTLEMENTS or place.latitude is None)
    ]
