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
from app.site.components.links import names_in_scripts, related_lists, short_names
from app.site.components.urls import address, place_page_address, place_page_link
from app.site.events.related_events import larger_places
from app.site.place_estimates.at_place import (
    estimates_at,
    events_in,
    place_estimates,
)
from app.site.place_estimates.rules import newest_events_and_rules
from app.site.presenters.event import event_view
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


class AreaPage:
    """The page model of `site/places/page.html`."""

    def __init__(
        self, db: Session, edition: IndexedEdition, code: str, directory: Directory
    ) -> None:
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
        self.id = place.id
        self.code = code
        self.label = directory.label("place", code)
        self.names = names_in_scripts(place.names, directory)
        self.kind = _(place.kind.label)
        # Codes of the areas that contain it administratively, nearest first.
        self.lies_in = above
        # `lies_in` as links.
        self.above = [place_page_link(directory, other) for other in above]
        # `above` from the country down.
        self.crumbs = [
            place_page_link(directory, other)
            for other in reversed(above)
            if not _is_world(other, directory)
        ]
        self.regions = [place_page_link(directory, region) for region in place.regions]
        self.inside = _places_within(children, depth, events.at, directory)
        # For a region: its members that it does not contain administratively.
        self.members = _places_within(members, depth, events.at, directory)
        self.lede = _lede(code, above, events.total, len(own), directory)
        self.remark = place.remark
        self.figures = place_estimates(
            db, edition, directory, code, rows=own, acts=events.acts, rules=rules
        )
        # Address of the list of its own estimates, without those of its cities.
        self.own_figures_address = address(
            EstimateFilters.made_of({"place": (code,), "level": (place.kind,)}, {})
        )
        self.events = [event_view(row, directory, edition.at.date()) for row in latest]
        self.events_total = events.total
        self.events_address = address(filters)
        self.related = related_lists(edition, code)
        self.larger = larger_places(db, edition, filters, directory)
        # The page's own address, without a file suffix.
        self.address = url("place", code=code)


AREA_PAGES: Cache[AreaPage] = Cache("area-pages")


def area_page(db: Session, edition: IndexedEdition, code: str, directory: Directory) -> AreaPage:
    """Return the page model, cached by edition."""
    key = (edition.no, code, directory) if edition.is_cacheable else None
    return AREA_PAGES.of(key, lambda: AreaPage(db, edition, code, directory))


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
