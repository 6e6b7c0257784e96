"""The timeline as a reader sees it: events in groups by month, as a table, in lanes by side, or on a map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy.orm import Session

from app.dates import edtf
from app.dates.bar import Strip, strip
from app.filtering import NONE, Dropped
from app.i18n.formats import day
from app.i18n.translate import _, day_in_words
from app.record.editions import Reading
from app.record.filters import EventFilters, is_by_date
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.search import words_to_mark
from app.record.sql import conditions
from app.record.sql.counts import Counts
from app.site.components.event_card import Card, cards_of
from app.site.components.place_links import PlaceCount, short_names
from app.site.components.urls import address
from app.site.lists.listing import Listing, choices, listing
from app.site.maps.city_dots import Dot, MapView, maps
from app.vocabulary.events import Side
from app.vocabulary.record import SETTLEMENTS, PlaceKind

PAGE = 50


# What a page prints -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Events under one heading: a month, "2019, month not known", "began before 2019"."""

    heading: str
    cards: Sequence[Card]
    strip: Strip | None = None
    """The scale that the bars of this group are drawn on; None where each has its own."""


@dataclass(frozen=True)
class Lane:
    side: str
    label: str
    cards: Sequence[Card]
    count: int


@dataclass(frozen=True)
class LaneRow:
    """What two sides did in the same month."""

    heading: str
    lanes: Sequence[Lane]


@dataclass(frozen=True)
class Timeline:
    """What `site/events/list.html` prints between the parts that every list has."""

    view: str
    views: Sequence[tuple[str, str, str]]
    groups: Sequence[Group]
    lanes: Sequence[Lane]
    """Everybody but the host state and the home state, who stand against each other in `lane_rows`."""
    lane_heads: Sequence[Lane]
    lane_rows: Sequence[LaneRow]
    maps: Sequence[MapView]
    """All cities found and, if they lie far apart, the thickest cluster of them once more; none in other views."""
    elsewhere: Sequence[PlaceCount]
    """For the map: provinces, countries and regions, which are never drawn as a dot, and places without a position."""


# How it is made ---------------------------------------------------------------------------------------------------


def timeline(
    db: Session,
    edition: Reading,
    question: tuple[EventFilters, Sequence[Dropped]],
    directory: Directory,
) -> tuple[Listing, Timeline]:
    filters, _dropped = question
    view = filters.one("view")
    limit = PAGE if view in {"list", "table"} else MOST_IN_ONE_VIEW
    page = backend.places(db, edition, filters, directory, limit)
    around = listing(db, edition, question, directory, page)
    bare = filters.with_(all=None, after=None, edition=None, limit=None)
    window = conditions.window_of(filters)
    cards = cards_of(
        db, page, lambda day: _scale(day, window), words_to_mark(filters.one("q")), directory
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
        else [Group("", cards, strip(_one_scale(window), None))],
        lanes=lanes,
        lane_heads=lane_heads,
        lane_rows=lane_rows,
        maps=maps(_dots(bare, around.counts, directory), _("Map of cities and towns with events"))
        if view == "map"
        else [],
        elsewhere=_elsewhere(bare, around.counts, directory) if view == "map" else [],
    )


MOST_IN_ONE_VIEW = 500
"""Lanes and map show all that was found at once, up to here."""

NARROW = 36  # months; a window no longer than this is the scale of all bars


# The events -------------------------------------------------------------------------------------------------------


def _scale(first: date | None, window: edtf.Days) -> edtf.Days | None:
    """The window, if it is short enough to draw every bar on it; else the calendar year that the event is listed in."""
    if scale := _one_scale(window):
        return scale
    return _calendar_year(max(first, window.first or first).year) if first else None


@cache
def _calendar_year(year: int) -> edtf.Days:
    return edtf.Days(date(year, 1, 1), date(year, 12, 31))


def _one_scale(window: edtf.Days) -> edtf.Days | None:
    if not (window.first and window.last):
        return None
    months = (
        (window.last.year - window.first.year) * 12 + window.last.month - window.first.month + 1
    )
    return window if months <= NARROW else None


def _groups(cards: Sequence[Card], filters: EventFilters) -> list[Group]:
    """By month of the earliest possible day; by nothing where the list is sorted by something else."""
    if not is_by_date(filters.one("sort")):
        return [Group("", cards)]
    window = conditions.window_of(filters)
    return [
        Group(heading, some, strip(_scale(some[0].first, window), _month(some[0], window)))
        for heading, some in _by_heading(cards, window).items()
    ]


def _by_heading(cards: Iterable[Card], window: edtf.Days) -> dict[str, list[Card]]:
    found: dict[str, list[Card]] = {}
    for card in cards:
        found.setdefault(_heading(card, window), []).append(card)
    return found


def _heading(card: Card, window: edtf.Days) -> str:
    """A heading follows from the order of the list, else it would come twice: from the earliest possible day."""
    if card.first is None:
        return _("Date not known")
    if month := _month(card, window):
        return day_in_words(month, "MMMM y")
    if window.first and card.first < window.first:
        return _("Began, or may have begun, before {day}").format(day=day(window.first))
    return _("{year}, month not known").format(year=card.first.year)


def _month(card: Card, window: edtf.Days) -> date | None:
    """The month under which a list has the event: none if it may have begun before the window, or has only a year."""
    first = card.first
    if first is None or (window.first and first < window.first):
        return None
    return None if card.is_year_only else first


def _lanes(
    cards: Sequence[Card], window: edtf.Days
) -> tuple[list[Lane], list[LaneRow], list[Lane]]:
    """Host state against home state, month by month; then the others. What two sides ordered stands with both."""

    def lane(side: str, label: str, some: Iterable[Card]) -> Lane:
        theirs = [card for card in some if side in card.sides or (side == NONE and not card.sides)]
        return Lane(side, label, theirs, len(theirs))

    facing = [(side, _(side.label)) for side in (Side.HOST_STATE, Side.HOME_STATE)]
    others = [(side, _(side.label)) for side in Side if side not in dict(facing)]
    months = _by_heading(
        (card for card in cards if set(card.sides) & {side for side, _ in facing}), window
    )
    return (
        [lane(side, label, cards) for side, label in facing],
        [
            LaneRow(month, [lane(side, label, some) for side, label in facing])
            for month, some in months.items()
        ],
        [
            lane(side, label, cards)
            for side, label in [*others, (NONE, _("Nobody ordered, or not said"))]
        ],
    )


def _dots(filters: EventFilters, counted: Counts, directory: Directory) -> list[Dot]:
    """Cities and towns only: a province is never drawn as a dot on its capital."""
    return [
        Dot(
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


def _elsewhere(filters: EventFilters, counted: Counts, directory: Directory) -> list[PlaceCount]:
    """Everything larger than a town, and what has no position, with its number of events."""
    return [
        PlaceCount(
            directory.label("place", code),
            address(filters.with_(place=code, view=None)),
            count,
            short_names(directory, code),
        )
        for code, count in sorted(
            counted.within.get("place", {}).items(), key=lambda item: (-item[1], item[0])
        )
        if (place := directory.places.get(code))
        and place.kind is not PlaceKind.WORLD
        and (place.kind not in SETTLEMENTS or place.latitude is None)
    ]
