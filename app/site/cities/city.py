"""One city or town as a reader sees it: what was said of how many people are there, by whom, and what happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.forms import PlaceForm
from app.i18n.translate import _, ngettext
from app.record.editions import Reading
from app.record.filters import EventFilters
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql.rows import Found
from app.site.cities.reported_evasion import WayRound, newest_and_rules, ways_round
from app.site.components.age import Age, age
from app.site.components.estimate_line import FigureView, PageLink, figure_view
from app.site.components.event_card import Card, card_of
from app.site.components.headcounts import (
    Extremes,
    extremes,
    held_until,
    is_stock,
    newest_of_any_kind,
    newest_stocks,
)
from app.site.components.last_checked import CheckView, check_of
from app.site.components.place_links import (
    NameView,
    names_in_scripts,
    one_in_each_language,
    short_names,
)
from app.site.components.urls import address, place_page_address
from app.site.place_estimates.at_place import PlaceFigures, events_in, figures_at, place_figures
from app.site.record_pages.page import PlacePage
from app.vocabulary.events import Role, TermKey
from app.vocabulary.record import PlaceKind
from app.web.render_cache import Drawn
from app.web.urls import url

NEWEST_EVENTS = 5


@dataclass(frozen=True)
class Newest:
    """A figure, and how long ago it last held."""

    figure: FigureView
    age: Age | None


@dataclass(frozen=True)
class Site:
    """A named workplace in the city; it has no page and no position of its own."""

    code: str
    label: str
    names: Sequence[tuple[str, str]]
    remark: str
    figures: Sequence[FigureView]
    events: int
    events_address: str


@dataclass(frozen=True)
class CityPage:
    """Everything that `site/cities/page.html` prints."""

    id: str
    code: str
    label: str
    names: Sequence[NameView]
    native: Sequence[NameView]
    """One name in each language with a script of its own, and all others that are written otherwise."""
    also: Sequence[NameView]
    lies_in: Sequence[str]
    """Codes of what it lies in, the nearest first."""
    crumbs: Sequence[PageLink]
    regions: Sequence[PageLink]
    lede: str
    remark: str
    stock: Newest | None
    """The newest figure for people present."""
    others: Sequence[Newest]
    """The newest one of other nationals."""
    newest: Newest | None
    """The newest of any kind, where that is another one."""
    extremes: Extremes | None
    figures: PlaceFigures
    sites: Sequence[Site]
    events: Sequence[Card]
    ways_round: Sequence[WayRound]
    events_total: int
    events_address: str
    last_event: str
    address: str
    """Its own, before the ending of a file."""
    checked: CheckView | None
    """When it was last looked at."""


CITIES: Drawn[CityPage] = Drawn(50)


def one_city(db: Session, edition: Reading, code: str, directory: Directory) -> CityPage:
    """Made once an edition: a page, its parts elsewhere and its files are of the same hundreds of records."""
    key = (edition.no, code, directory) if backend.can_be_kept(db, edition) else None
    return CITIES.of(key, lambda: _one_city(db, edition, code, directory))


def _one_city(db: Session, edition: Reading, code: str, directory: Directory) -> CityPage:
    """Four statements at most, however much there is to say."""
    place, on = directory.places[code], edition.at.date()
    names = names_in_scripts(place.names, directory)
    native = one_in_each_language(names)
    sites = [
        inside
        for inside in directory.children.get(code, ())
        if directory.kind_of_place(inside) is PlaceKind.SITE
    ]
    found = figures_at(db, edition, directory, [code, *sites])
    own = [row for row in found if code in _named(row)]
    events = events_in(db, edition, directory, code, sites)
    filters = EventFilters.made_of({"place": (code,)}, {})
    latest, rules = newest_and_rules(db, edition, directory, code, NEWEST_EVENTS)
    stocks, newest = newest_stocks(own), newest_of_any_kind(own)
    stock = stocks[0] if stocks else None
    return CityPage(
        id=place.id,
        code=code,
        label=directory.label("place", code),
        lies_in=list(_above(place, directory)),
        names=names,
        native=native,
        also=[name for name in names if name.text not in {each.text for each in native}],
        crumbs=list(reversed([_page(each, directory) for each in _above(place, directory)])),
        regions=[
            _page(region, directory) for region in place.regions if region in directory.places
        ],
        lede=_lede(place, own, directory),
        remark=place.remark,
        stock=_with_age(stock, on, directory) if stock else None,
        others=[_with_age(other, on, directory) for other in stocks[1:]],
        newest=_with_age(newest, on, directory) if newest and newest is not stock else None,
        extremes=extremes(own, stock) if stock else None,
        figures=place_figures(db, edition, directory, code, rows=own, acts=events.acts),
        sites=[_site(site, found, events.at[site], directory) for site in sites],
        events=[card_of(row, None, (), directory) for row in latest],
        ways_round=ways_round(rules),
        events_total=events.total,
        events_address=address(filters),
        last_event=latest[0].payload["happened_words"] if latest else "",
        address=url("city", code=code),
        checked=check_of(code, directory),
    )


def _named(row: Found) -> set[str]:
    return {
        term.get("code", "")
        for term in row.payload["form"]["terms"]
        if term["key"] == TermKey.PLACE and term["role"] != Role.SHOWN_ONLY
    }


def _above(place: PlaceForm, directory: Directory) -> Iterator[str]:
    """What it lies in, the nearest first, as far as the country."""
    while place.parent in directory.places and place.kind is not PlaceKind.COUNTRY:
        place = directory.places[place.parent]
        yield place.code


def _page(code: str, directory: Directory) -> PageLink:
    return PageLink(directory.label("place", code), place_page_address(directory, code))


def _lede(place: PlaceForm, own: Sequence[Found], directory: Directory) -> str:
    """What kind of place it is and where, and how much there is to rely on."""
    around = _(", ").join(directory.label("place", code) for code in _above(place, directory))
    kind = _(place.kind.label)
    where = (
        _("{kind} in {place}.").format(kind=kind, place=around)
        if around
        else _("{kind}.").format(kind=kind)
    )
    stocks = sum(is_stock(row.payload["form"]) for row in own)
    if stocks:
        said = ngettext(
            "{count} figure says how many people were present.",
            "{count} figures say how many people were present.",
            stocks,
        ).format(count=stocks)
    elif own:
        said = _(
            "No figure says how many people were present; what there is counts something else."
        )
    else:
        said = _("No figure is on record.")
    return f"{where} {said}"


def _with_age(row: Found | Version, on: date, directory: Directory) -> Newest:
    last = held_until(row.payload["form"])
    return Newest(figure_view(row, directory), age(last, on) if last else None)


def _site(code: str, found: Sequence[Found], events: int, directory: Directory) -> Site:
    return Site(
        code=code,
        label=directory.label("place", code),
        names=short_names(directory, code),
        remark=directory.places[code].remark,
        figures=[figure_view(row, directory) for row in found if code in _named(row)],
        events=events,
        events_address=address(EventFilters.made_of({"place": (code,)}, {})),
    )


CITY = PlacePage("city", "site/cities/page.html", one_city)
