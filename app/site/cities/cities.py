"""The page `/cities`: a table of cities and towns, a second table of larger areas, and a map."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.filtering import DroppedParameter
from app.i18n.formats import alternatives
from app.i18n.translate import _, ngettext
from app.record.filters import CityFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.rules.containment import place_and_ancestors
from app.site.cities.city_rows import CityRow, filter_rows, rows_of
from app.site.cities.latest_estimates import count_places
from app.site.components.compare_links import address_of_places
from app.site.components.place_links import PlaceCount, short_names
from app.site.components.urls import place_page_address, with_filters
from app.site.datasets.dataset import choices
from app.site.lists.chips import Chip
from app.site.lists.summary import notices
from app.site.maps.city_dots import CityDot, MapView, maps
from app.site.maps.map_links import MapLink, zoom_links
from app.site.references.citable import CitableView
from app.vocabulary.record import SETTLEMENTS, PlaceKind
from app.web.urls import url


def view_of_cities(
    edition: IndexedEdition, filters: CityFilters, directory: Directory
) -> CitableView:
    where = alternatives(directory.label("place", code) for code in filters["place"])
    return CitableView(
        edition=edition,
        page=with_filters(url("cities"), filters.with_(edition=None)),
        name="-".join(["cities", *filters["place"][:3]]),
        title=_("Estimates by city, {place}").format(place=where)
        if where
        else _("Estimates by city"),
    )


SELECTABLE_KINDS = [PlaceKind.COUNTRY, PlaceKind.PROVINCE, PlaceKind.REGION]
"""Kinds of place offered in the form. The URL accepts every place."""


# Page model -------------------------------------------------------------------------------------


Choices = Sequence[tuple[str, Sequence[tuple[str, str, bool]]]]
"""Options of a form field: (heading, options), each option as (code, label, is selected)."""


@dataclass(frozen=True)
class SortHead:
    """The header of a sortable column."""

    address: str
    direction: str
    """The value of `aria-sort`."""


@dataclass(frozen=True)
class CitiesPage:
    """The page model of `site/cities/list.html`."""

    cities: Sequence[CityRow]
    areas: Sequence[CityRow]
    found: str
    maps: Sequence[MapView]
    elsewhere: Sequence[PlaceCount]
    """Places of events that name no city, most events first. The other places are collapsed."""
    elsewhere_with_fewer: Sequence[PlaceCount]
    notices: Sequence[str]
    chips: Sequence[Chip]
    places: Choices
    has: Choices
    heads: Mapping[str, SortHead]
    sizes: Sequence[MapLink]
    """What the size of a dot shows."""
    zooms: Sequence[MapLink]
    """Countries with a city on the map, most cities first, after the link to all."""
    kept: Sequence[tuple[str, str]]
    """Hidden fields of the form: (key, value)."""
    files: Sequence[tuple[str, str]]
    """Downloads: (label, address)."""
    json_address: str
    lasting_address: str
    clear_address: str
    compare_address: str
    """The comparison of the first two cities shown, or the form to choose two."""


# Filling the page model -------------------------------------------------------------------------


def cities(
    db: Session,
    edition: IndexedEdition,
    question: tuple[CityFilters, Sequence[DroppedParameter]],
    directory: Directory,
) -> CitiesPage:
    filters, dropped = question
    counted = count_places(db, edition, directory)
    every = rows_of(edition, counted, directory)
    found = filter_rows(every, filters)
    shown = [row for row in found if row.place.kind in SETTLEMENTS]
    elsewhere = _places_elsewhere(counted.elsewhere, filters, directory)
    bare = filters.with_(edition=None)
    return CitiesPage(
        cities=shown,
        areas=[row for row in found if row.is_area and row.figures],
        found=ngettext("{count} city or town", "{count} cities and towns", len(shown)),
        maps=maps(
            [_dot(row, filters.one("size")) for row in shown if row.place.latitude is not None],
            _("Map of the cities and towns in the record, with the same data as the table"),
        ),
        elsewhere=elsewhere[:MAX_ELSEWHERE],
        elsewhere_with_fewer=elsewhere[MAX_ELSEWHERE:],
        notices=notices(filters, dropped, directory),
        chips=_chips(bare, directory),
        places=_place_choices(every, filters, directory),
        has=[
            (
                "",
                [
                    (code, directory.label("has", code), code in filters["has"])
                    for code in HAS_CODES
                ],
            )
        ],
        heads={code: _sort_head(code, bare) for code, *_rest in choices(filters, "sort")},
        sizes=[
            MapLink(label, cities_address(bare.with_(size=code)), is_shown)
            for code, label, is_shown in choices(filters, "size")
        ],
        zooms=_zooms(every, bare, directory),
        kept=[(key, value) for key, value in filters.pairs() if key not in {"place", "has"}],
        files=[(label, cities_address(bare.with_(size=None), ending)) for label, ending in FILES],
        json_address=cities_address(bare.with_(size=None), ".json"),
        lasting_address=cities_address(bare.with_(edition=str(edition.no))),
        clear_address=cities_address(
            filters.made_of({"sort": bare["sort"], "size": bare["size"]}, {})
        ),
        compare_address=address_of_places(row.place.code for row in shown[:2]),
    )


MAX_ELSEWHERE = 8
HAS_CODES = next(key for key in CityFilters.terms() if key.key == "has").closed
FILES = [("CSV", ".csv"), ("Excel", ".xlsx"), ("JSON", ".json"), ("GeoJSON", ".geojson")]


def cities_address(filters: CityFilters, suffix: str = "") -> str:
    return with_filters(url("cities") + suffix, filters)


def _sort_head(sort: str, filters: CityFilters) -> SortHead:
    direction = "ascending" if sort == "name" else "descending"
    return SortHead(
        cities_address(filters.with_(sort=sort)),
        direction if filters.one("sort") == sort else "none",
    )


def _chips(filters: CityFilters, directory: Directory) -> list[Chip]:
    found = []
    for key in filters.terms():
        for is_excluded, codes in (
            (False, filters[key.key]),
            (True, filters.excluded.get(key.key, ())),
        ):
            words = _("{key}: not {value}") if is_excluded else _("{key}: {value}")
            for code in codes:
                label = words.format(key=_(key.title), value=directory.label(key.vocabulary, code))
                found.append(
                    Chip(
                        label,
                        cities_address(filters.without(key.key, code, is_excluded)),
                        is_excluded,
                    )
                )
    return found


def _place_choices(rows: Iterable[CityRow], filters: CityFilters, directory: Directory) -> Choices:
    """Return the areas with a city in the table, preceded by other places that the URL selects."""
    known = {
        code
        for row in rows
        if row.place.kind in SETTLEMENTS
        for code in row.lies_in
        if code != row.place.code
    }
    groups: list[tuple[str, list[tuple[str, str, bool]]]] = []
    for kind in SELECTABLE_KINDS:
        codes = {code for code in known if directory.kind_of_place(code) is kind}
        options = sorted((directory.label("place", code), code) for code in codes)
        groups.append(
            (_(kind.label), [(code, label, code in filters["place"]) for label, code in options])
        )
    offered = {code for _title, options in groups for code, _label, _is in options}
    selected = [
        (code, directory.label("place", code), True)
        for code in filters["place"]
        if code not in offered
    ]
    return [(title, options) for title, options in [("", selected), *groups] if options]


# The map ----------------------------------------------------------------------------------------


def _dot(row: CityRow, size: str) -> CityDot:
    place = row.place
    assert place.latitude is not None and place.longitude is not None
    is_people = size == "people"
    return CityDot(
        place.code,
        row.label,
        row.names,
        place.latitude,
        place.longitude,
        row.people if is_people else row.events,
        row.address,
        is_ring=row.newest is None,
        people=(row.newest.words if row.newest else "") if is_people else None,
    )


def _zooms(rows: Iterable[CityRow], filters: CityFilters, directory: Directory) -> list[MapLink]:
    count = Counter(
        code
        for row in rows
        if row.place.kind in SETTLEMENTS and row.place.latitude is not None
        for code in row.lies_in
    )
    return zoom_links(
        count, filters["place"], lambda code: cities_address(filters.with_(place=code)), directory
    )


def _places_elsewhere(
    counted: Mapping[str, int], filters: CityFilters, directory: Directory
) -> list[PlaceCount]:
    """Return the places of events that name no city, most events first.

    The map leaves them out: no point would be the right position of a province.
    """
    selected = set(filters["place"])
    return [
        PlaceCount(
            directory.label("place", code),
            place_page_address(directory, code),
            count,
            short_names(directory, code),
        )
        for code, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        if code in directory.places
        and (not selected or selected & place_and_ancestors(code, directory.places))
    ]
