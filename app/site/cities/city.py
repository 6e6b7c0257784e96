"""The page of one city or town: its estimates, newest events, workplaces and reported evasion."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.caches import Cache
from app.i18n.translate import _, ngettext
from app.kinds import PlaceForm
from app.record.filters import EventFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.payloads import event_payload, form_of, named_place_codes
from app.record.rules.containment import parents_of
from app.record.sql.rows import ListRow
from app.site.cities.reported_evasion import reported_evasions
from app.site.components.headcounts import (
    headline,
    is_stock_of,
    newest_elsewhere,
    newest_of_any_kind,
    newest_parts,
    newest_wholes,
    of_same_month,
    stock_range,
)
from app.site.components.links import (
    compare_links,
    names_in_scripts,
    one_in_each_language,
    related_lists,
    short_names,
)
from app.site.components.marks import last_check
from app.site.components.urls import address, place_page_link
from app.site.place_estimates.at_place import (
    estimates_at,
    events_in,
    place_estimates,
)
from app.site.place_estimates.rules import newest_events_and_rules
from app.site.presenters.estimate import EstimateView, headline_view
from app.site.presenters.event import event_card
from app.vocabulary.record import PlaceKind
from app.web.urls import url

MAX_NEWEST_EVENTS = 5
MAX_PARTS = 6


class Workplace:
    """A named workplace in the city, which has no page or coordinates of its own."""

    def __init__(
        self, code: str, found: Sequence[ListRow], events: int, directory: Directory
    ) -> None:
        self.code = code
        self.label = directory.label("place", code)
        self.names = short_names(directory, code)
        self.remark = directory.places[code].remark
        self.figures = [
            EstimateView(row, directory, at=code) for row in found if code in _places_of(row)
        ]
        self.events = events
        self.events_address = address(EventFilters.made_of({"place": (code,)}, {}))


class CityPage:
    """The page model of `site/cities/page.html`."""

    def __init__(
        self, db: Session, edition: IndexedEdition, code: str, directory: Directory
    ) -> None:
        place, on = directory.places[code], edition.at.date()
        above = parents_of(code, directory.places, PlaceKind.COUNTRY)
        names = names_in_scripts(place.names, directory)
        native = one_in_each_language(names)
        sites = [
            inside
            for inside in directory.children.get(code, ())
            if directory.kind_of_place(inside) is PlaceKind.SITE
        ]
        found = estimates_at(db, edition, directory, [code, *sites])
        own = [row for row in found if code in _places_of(row)]
        events = events_in(db, edition, directory, code, sites)
        filters = EventFilters.made_of({"place": (code,)}, {})
        latest, rules = newest_events_and_rules(db, edition, directory, code, MAX_NEWEST_EVENTS)
        wholes, newest = newest_wholes(own, code), newest_of_any_kind(own)
        stock = headline(wholes)
        others = [row for row in wholes if row is not stock]
        parts = newest_parts(own, code, MAX_PARTS)
        elsewhere = newest_elsewhere(own, code, MAX_PARTS)
        self.id = place.id
        self.code = code
        self.label = directory.label("place", code)
        self.names = names
        # One name for each language with its own script. The other names are in `also`.
        self.native = native
        self.also = [name for name in names if name.text not in {each.text for each in native}]
        # Codes of the places that contain it, nearest first.
        self.lies_in = above
        self.crumbs = [place_page_link(directory, each) for each in reversed(above)]
        self.regions = [
            place_page_link(directory, region)
            for region in place.regions
            if region in directory.places
        ]
        # Its kind, and the places that contain it.
        self.where = _where(place, above, directory)
        self.lede = _lede(place, above, own, directory)
        self.remark = place.remark
        # The newest estimates of people present that are for the whole of the place.
        self.stock = (
            headline_view(of_same_month(stock, own, code), on, directory) if stock else None
        )
        # The newest estimates for the whole of other nationalities.
        self.others = [EstimateView(other, directory) for other in others]
        # The newest estimates of people present for a part of them.
        self.parts = [EstimateView(part, directory) for part in parts]
        # The newest estimates of people from here who are elsewhere.
        self.elsewhere = [EstimateView(each, directory) for each in elsewhere]
        # The newest estimate of any kind, if it is in none of these.
        self.newest = (
            EstimateView(newest, directory, at=code)
            if newest and newest not in [stock, *others, *parts, *elsewhere]
            else None
        )
        self.extremes = stock_range(own, stock, code) if stock else None
        self.figures = place_estimates(
            db, edition, directory, code, rows=own, acts=events.acts, rules=rules
        )
        self.sites = [Workplace(site, found, events.at[site], directory) for site in sites]
        self.events = [event_card(row, None, (), directory) for row in latest]
        self.ways_round = reported_evasions(rules)
        self.events_total = events.total
        self.events_address = address(filters)
        self.related = related_lists(edition, code)
        # Comparisons with its two likeliest neighbours.
        self.comparisons = compare_links(edition, directory, code)
        self.last_event = event_payload(latest[0])["happened_words"] if latest else ""
        # The page's own address, without a file suffix.
        self.address = url("city", code=code)
        # The last coverage check.
        self.checked = last_check(code, directory)


CITY_PAGES: Cache[CityPage] = Cache("city-pages")


def city_page(db: Session, edition: IndexedEdition, code: str, directory: Directory) -> CityPage:
    """Return the page model, cached by edition: the page, its embeds and its files share it."""
    key = (edition.no, code, directory) if edition.is_cacheable else None
    return CITY_PAGES.of(key, lambda: CityPage(db, edition, code, directory))


def _places_of(row: ListRow) -> list[str]:
    return named_place_codes(form_of(row)["terms"])


def _where(place: PlaceForm, above: Sequence[str], directory: Directory) -> str:
    around = _(", ").join(directory.label("place", code) for code in above)
    kind = _(place.kind.label)
    return (
        _("{kind} in {place}.").format(kind=kind, place=around)
        if around
        else _("{kind}.").format(kind=kind)
    )


def _lede(
    place: PlaceForm, above: Sequence[str], own: Sequence[ListRow], directory: Directory
) -> str:
    """Return the kind of place, its location and the number of stock estimates in words."""
    stocks = sum(is_stock_of(form_of(row), place.code) for row in own)
    if stocks:
        counted = ngettext(
            "{count} estimate is of people present, all or some of them.",
            "{count} estimates are of people present, all or some of them.",
            stocks,
        ).format(count=stocks)
    elif own:
        counted = _("No estimate is of people present; the estimates measure something else.")
    else:
        counted = _("The record has no estimate for it.")
    return f"{_where(place, above, directory)} {counted}"
