"""A province, country, region or the world as a reader sees it: where it lies, its own figures, and what happened."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.i18n.translate import _, ngettext
from app.record.editions import Reading
from app.record.filters import EstimateFilters, EventFilters
from app.record.lists import backend
from app.record.names.directory import Directory
from app.site.components.estimate_line import PageLink
from app.site.components.event_card import Card, card_of
from app.site.components.place_links import NameView, names_in_scripts, short_names
from app.site.components.urls import address, place_page_address
from app.site.place_estimates.at_place import PlaceFigures, events_in, figures_at, place_figures
from app.site.record_pages import page as record_page
from app.vocabulary.record import PlaceKind
from app.web.render_cache import Drawn
from app.web.urls import url

NEWEST_EVENTS = 5


@dataclass(frozen=True)
class Inside:
    """A place in this one, with the events there, and what lies in it in turn."""

    label: str
    names: Sequence[tuple[str, str]]
    address: str
    kind: str
    events: int
    inside: Sequence["Inside"]


@dataclass(frozen=True)
class PlacePage:
    """Everything that `site/places/page.html` prints."""

    id: str
    code: str
    label: str
    names: Sequence[NameView]
    kind: str
    lies_in: Sequence[str]
    """Codes of what it administratively lies in, the nearest first."""
    above: Sequence[PageLink]
    """The same as links."""
    crumbs: Sequence[PageLink]
    """The same from the country down."""
    regions: Sequence[PageLink]
    inside: Sequence[Inside]
    members: Sequence[Inside]
    """For a region: what belongs to it without lying in it by administration."""
    lede: str
    remark: str
    figures: PlaceFigures
    own_figures_address: str
    """The list of figures of its level: never its cities'."""
    events: Sequence[Card]
    events_total: int
    events_address: str
    address: str
    """Its own, before the ending of a file."""


PAGES: Drawn[PlacePage] = Drawn(50)


def one_place(db: Session, edition: Reading, code: str, directory: Directory) -> PlacePage:
    """Made once an edition, as the page of a city is."""
    key = (edition.no, code, directory) if backend.can_be_kept(db, edition) else None
    return PAGES.of(key, lambda: _one_place(db, edition, code, directory))


def _one_place(db: Session, edition: Reading, code: str, directory: Directory) -> PlacePage:
    """Five statements at most, however much there is to say."""
    place, above = directory.places[code], list(_above(code, directory))
    children = [other for other in directory.children.get(code, ()) if other != code]
    members = [
        other.code
        for other in directory.places.values()
        if code in other.regions and other.code not in children
    ]
    depth = 1 if _is_world(code, directory) else 2
    shown = list(
        dict.fromkeys(
            below for other in (*children, *members) for below in _below(other, depth, directory)
        )
    )
    rows = figures_at(db, edition, directory, [code])
    events = events_in(db, edition, directory, code, shown)
    filters = EventFilters.made_of({"place": (code,)}, {})
    newest = backend.page(db, edition, filters.with_(sort="-happened"), directory, NEWEST_EVENTS)
    return PlacePage(
        id=place.id,
        code=code,
        label=directory.label("place", code),
        names=names_in_scripts(place.names, directory),
        kind=_(place.kind.label),
        lies_in=above,
        above=[_page(other, directory) for other in above],
        crumbs=[
            _page(other, directory) for other in reversed(above) if not _is_world(other, directory)
        ],
        regions=[_page(region, directory) for region in place.regions],
        inside=_insides(children, depth, events.at, directory),
        members=_insides(members, depth, events.at, directory),
        lede=_lede(code, events.total, len(rows), directory),
        remark=place.remark,
        figures=place_figures(db, edition, directory, code, rows=rows, acts=events.acts),
        own_figures_address=address(
            EstimateFilters.made_of({"place": (code,), "level": (place.kind,)}, {})
        ),
        events=[card_of(row, None, (), directory) for row in newest.rows],
        events_total=events.total,
        events_address=address(filters),
        address=url("place", code=code),
    )


def _page(code: str, directory: Directory) -> PageLink:
    return PageLink(directory.label("place", code), place_page_address(directory, code))


def _above(code: str, directory: Directory) -> Iterator[str]:
    """What it administratively lies in, the nearest first."""
    parent = directory.places[code].parent
    while parent in directory.places:
        yield parent
        parent = directory.places[parent].parent


def _is_world(code: str, directory: Directory) -> bool:
    return directory.kind_of_place(code) is PlaceKind.WORLD


def _below(code: str, depth: int, directory: Directory) -> Iterator[str]:
    """The place and, as deep as the page shows it, what lies in it."""
    yield code
    if depth > 1:
        for other in directory.children.get(code, ()):
            yield from _below(other, depth - 1, directory)


def _insides(
    codes: Sequence[str], depth: int, events: Mapping[str, int], directory: Directory
) -> list[Inside]:
    """Those with most events first."""
    if not depth:
        return []
    found = [
        Inside(
            label=directory.label("place", code),
            names=short_names(directory, code),
            address=place_page_address(directory, code),
            kind=_(directory.places[code].kind.label),
            events=events[code],
            inside=_insides(directory.children.get(code, ()), depth - 1, events, directory),
        )
        for code in codes
    ]
    return sorted(found, key=lambda inside: (-inside.events, inside.label))


def _lede(code: str, events: int, figures: int, directory: Directory) -> str:
    """What kind of place it is and where, and how much is on record."""
    around = [
        directory.label("place", other)
        for other in _above(code, directory)
        if not _is_world(other, directory)
    ]
    kind = _(directory.places[code].kind.label)
    if around:
        kind = _("{kind} in {place}").format(kind=kind, place=_(", ").join(around))
    happened = ngettext(
        "{count} event is on record, here or in what lies in it;",
        "{count} events are on record, here or in what lies in it;",
        events,
    )
    counted = ngettext(
        "{count} figure is for it as a whole.", "{count} figures are for it as a whole.", figures
    )
    return _("{kind}. {happened} {counted}").format(kind=kind, happened=happened, counted=counted)


PLACE = record_page.PlacePage("place", "site/places/page.html", one_place)
