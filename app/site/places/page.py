"""The page of an area, a place larger than a town: estimates, newest events, places within."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.caches import Cache
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.record.filters import EstimateFilters, EventFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.rules.containment import parents_of
from app.site.components.event_card import EventCard, event_card
from app.site.components.place_links import NameView, names_in_scripts, short_names
from app.site.components.related_lists import related_lists
from app.site.components.urls import PageLink, address, place_page_address, place_page_link
from app.site.events.larger_places import LargerPlaces, larger_places
from app.site.place_estimates.at_place import (
    PlaceEstimates,
    estimates_at,
    events_in,
    place_estimates,
)
from app.site.place_estimates.rules import newest_events_and_rules
from app.site.record_pages.page import PlacePage
from app.vocabulary.record import PlaceKind
from app.web.urls import url

MAX_NEWEST_EVENTS = 5


@dataclass(frozen=True)
class PlaceWithin:
    """A place within the area, with its number of events and the places within it."""

    label: str
    names: Sequence[tuple[str, str]]
    address: str
    kind: str
    events: int
    inside: Sequence["PlaceWithin"]


@dataclass(frozen=True)
class AreaPage:
    """The page model of `site/places/page.html`."""

    id: str
    code: str
    label: str
    names: Sequence[NameView]
    kind: str
    lies_in: Sequence[str]
    """Codes of the areas that contain it administratively, nearest first."""
    above: Sequence[PageLink]
    """`lies_in` as links."""
    crumbs: Sequence[PageLink]
    """`above` from the country down."""
    regions: Sequence[PageLink]
    inside: Sequence[PlaceWithin]
    members: Sequence[PlaceWithin]
    """For a region: its members that it does not contain administratively."""
    lede: str
    remark: str
    figures: PlaceEstimates
    own_figures_address: str
    """Address of the list of its own estimates, without those of its cities."""
    events: Sequence[EventCard]
    events_total: int
    events_address: str
    related: Sequence[PageLink]
    larger: LargerPlaces | None
    address: str
    """The page's own address, without a file suffix."""


AREA_PAGES: Cache[AreaPage] = Cache("area-pages")


def area_page(db: Session, edition: IndexedEdition, code: str, directory: Directory) -> AreaPage:
    """Return the page model, cached by edition."""
    key = (edition.no, code, directory) if edition.is_cacheable else None
    return AREA_PAGES.of(key, lambda: _build_area_page(db, edition, code, directory))


def _build_area_page(
    db: Session, edition: IndexedEdition, code: str, directory: Directory
) -> AreaPage:
    # Runs at most five SQL statements, whatever the number of records.
    place, above = directory.places[code], parents_of(code, directory.places)
    children = [other for other in directory.children.get(code, ()) if other != code]
    members = [
        other.code
        for other in directory.places.values()
        if code in other.regions and other.code not in children
    ]
    depth = 1 if _is_world(code, directory) else 2
    shown = list(
        dict.fromkeys(
            below
            for other in (*children, *members)
            for below in _shown_places(other, depth, directory)
        )
    )
    own = estimates_at(db, edition, directory, [code])
    events = events_in(db, edition, directory, code, shown)
    filters = EventFilters.made_of({"place": (code,)}, {})
    latest, rules = newest_events_and_rules(db, edition, directory, code, MAX_NEWEST_EVENTS)
    return AreaPage(
        id=place.id,
        code=code,
        label=directory.label("place", code),
        names=names_in_scripts(place.names, directory),
        kind=_(place.kind.label),
        lies_in=above,
        above=[place_page_link(directory, other) for other in above],
        crumbs=[
            place_page_link(directory, other)
            for other in reversed(above)
            if not _is_world(other, directory)
        ],
        regions=[place_page_link(directory, region) for region in place.regions],
        inside=_places_within(children, depth, events.at, directory),
        members=_places_within(members, depth, events.at, directory),
        lede=_lede(code, above, events.total, len(own), directory),
        remark=place.remark,
        figures=place_estimates(
            db, edition, directory, code, rows=own, acts=events.acts, rules=rules
        ),
        own_figures_address=address(
            EstimateFilters.made_of({"place": (code,), "level": (place.kind,)}, {})
        ),
        events=[event_card(row, None, (), directory) for row in latest],
        events_total=events.total,
        events_address=address(filters),
        related=related_lists(edition, code),
        larger=larger_places(db, edition, filters, directory),
        address=url("place", code=code),
    )


def _is_world(code: str, directory: Directory) -> bool:
    return directory.kind_of_place(code) is PlaceKind.WORLD


def _shown_places(code: str, depth: int, directory: Directory) -> Iterator[str]:
    """Yield the place and the places within it, down to `depth` levels."""
    yield code
    if depth > 1:
        for other in directory.children.get(code, ()):
            yield from _shown_places(other, depth - 1, directory)


def _places_within(
    codes: Sequence[str], depth: int, events: Mapping[str, int], directory: Directory
) -> list[PlaceWithin]:
    """Return the places, most events first, each with the places within it."""
    if not depth:
        return []
    found = [
        PlaceWithin(
            label=directory.label("place", code),
            names=short_names(directory, code),
            address=place_page_address(directory, code),
            kind=_(directory.places[code].kind.label),
            events=events[code],
            inside=_places_within(directory.children.get(code, ()), depth - 1, events, directory),
        )
        for code in codes
    ]
    return sorted(found, key=lambda inside: (-inside.events, inside.label))


def _lede(code: str, above: Sequence[str], events: int, figures: int, directory: Directory) -> str:
    """Return the kind of place, its location, and its numbers of events and estimates in words."""
    around = [directory.label("place", other) for other in above if not _is_world(other, directory)]
    kind = _(directory.places[code].kind.label)
    if around:
        kind = _("{kind} in {place}").format(kind=kind, place=enumerate_words(around))
    # l10n: a place in numbers, such as "Country. Events here and in places within it: 27. …"
    words = _(
        "{kind}. Events here and in places within it: {events}. Estimates for the place itself: "
        "{estimates}."
    )
    return words.format(kind=kind, events=f"{events:,}", estimates=f"{figures:,}")


PLACE = PlacePage("place", "site/places/page.html", area_page)
