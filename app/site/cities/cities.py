"""The table of cities: the newest figure for people present, what was said around it, and what else is on record.

A province's figure never stands under its cities, nor are theirs added up to it; larger areas have their own table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.filtering import Dropped
from app.i18n.translate import _, ngettext
from app.record.editions import Reading
from app.record.filters import CityFilters
from app.record.names.directory import Directory
from app.record.rules.containment import surroundings
from app.site.cities.city_rows import Row, filter_rows, rows_of
from app.site.cities.latest_estimates import of_places
from app.site.components.place_links import PlaceCount, short_names
from app.site.components.urls import place_page_address, written
from app.site.lists.listing import choices
from app.site.lists.summary import Chip, notices
from app.site.maps.city_dots import Dot, MapView, maps
from app.site.references.citable import View
from app.vocabulary.record import SETTLEMENTS, PlaceKind
from app.web.urls import url


def of_cities(edition: Reading, filters: CityFilters, directory: Directory) -> View:
    where = _(" or ").join(directory.label("place", code) for code in filters["place"])
    return View(
        edition=edition,
        page=written(url("cities"), filters.with_(edition=None)),
        name="-".join(["cities", *filters["place"][:3]]),
        title=_("Worker figures by city, {place}").format(place=where)
        if where
        else _("Worker figures by city"),
    )


CHOSEN_BY = [PlaceKind.COUNTRY, PlaceKind.PROVINCE, PlaceKind.REGION]
"""What the table may be narrowed to by a choice on the page; an address may name any place."""


# Page model ---------------------------------------------------------------------------------------


Choices = Sequence[tuple[str, Sequence[tuple[str, str, bool]]]]
"""What a field of the form over the table offers: headings, and under each code, label and whether it is chosen."""


@dataclass(frozen=True)
class Head:
    """A column that the table may be sorted by."""

    address: str
    direction: str
    """As `aria-sort` says it."""


@dataclass(frozen=True)
class CitiesPage:
    """Everything that `site/cities/list.html` prints."""

    cities: Sequence[Row]
    areas: Sequence[Row]
    found: str
    maps: Sequence[MapView]
    elsewhere: Sequence[PlaceCount]
    """Places of events that name no city, with most events; the rest waits behind a line."""
    elsewhere_with_fewer: Sequence[PlaceCount]
    notices: Sequence[str]
    chips: Sequence[Chip]
    places: Choices
    has: Choices
    heads: Mapping[str, Head]
    kept: Sequence[tuple[str, str]]
    """Keys that the form carries along without showing them."""
    files: Sequence[tuple[str, str]]
    """The same as files: what they are called, and their addresses."""
    json_address: str
    lasting_address: str
    clear_address: str


# Filling the page model ---------------------------------------------------------------------------


def cities(
    db: Session,
    edition: Reading,
    question: tuple[CityFilters, Sequence[Dropped]],
    directory: Directory,
) -> CitiesPage:
    filters, dropped = question
    told = of_places(db, edition, directory)
    every = rows_of(db, edition, told, directory)
    found = filter_rows(every, filters)
    shown = [row for row in found if row.place.kind in SETTLEMENTS]
    elsewhere = _elsewhere(told.elsewhere, filters, directory)
    bare = filters.with_(edition=None)
    return CitiesPage(
        cities=shown,
        areas=[row for row in found if row.is_area and row.figures],
        found=ngettext("{count} city or town", "{count} cities and towns", len(shown)),
        maps=maps(
            [_dot(row) for row in shown if row.place.latitude is not None],
            _("Map of the cities and towns on record; the table holds the same facts"),
        ),
        elsewhere=elsewhere[:MOST_ELSEWHERE],
        elsewhere_with_fewer=elsewhere[MOST_ELSEWHERE:],
        notices=notices(filters, dropped, directory),
        chips=_chips(bare, directory),
        places=_choices_of_place(every, filters, directory),
        has=[("", [(code, directory.label("has", code), code in filters["has"]) for code in HAS])],
        heads={code: _head(code, bare) for code, _label in choices(filters, "sort")},
        kept=[(key, value) for key, value in filters.pairs() if key not in {"place", "has"}],
        files=[(label, cities_address(bare, ending)) for label, ending in FILES],
        json_address=cities_address(bare, ".json"),
        lasting_address=cities_address(bare.with_(edition=str(edition.no))),
        clear_address=cities_address(filters.made_of({"sort": bare["sort"]}, {})),
    )


MOST_ELSEWHERE = 8
HAS = next(key for key in CityFilters.terms() if key.key == "has").closed
FILES = [("CSV", ".csv"), ("Excel", ".xlsx"), ("JSON", ".json"), ("GeoJSON", ".geojson")]


def cities_address(filters: CityFilters, suffix: str = "") -> str:
    return written(url("cities") + suffix, filters)


def _head(sort: str, filters: CityFilters) -> Head:
    direction = "ascending" if sort == "name" else "descending"
    return Head(
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


def _choices_of_place(rows: Iterable[Row], filters: CityFilters, directory: Directory) -> Choices:
    """Countries, provinces and regions with a city in the table, and whatever else the address names."""
    known = {
        code
        for row in rows
        if row.place.kind in SETTLEMENTS
        for code in row.lies_in
        if code != row.place.code
    }
    groups: list[tuple[str, list[tuple[str, str, bool]]]] = []
    for kind in CHOSEN_BY:
        codes = {code for code in known if directory.kind_of_place(code) is kind}
        options = sorted((directory.label("place", code), code) for code in codes)
        groups.append(
            (_(kind.label), [(code, label, code in filters["place"]) for label, code in options])
        )
    offered = {code for _title, options in groups for code, _label, _is in options}
    asked = [
        (code, directory.label("place", code), True)
        for code in filters["place"]
        if code not in offered
    ]
    return [(title, options) for title, options in [("", asked), *groups] if options]


# The map ------------------------------------------------------------------------------------------


def _dot(row: Row) -> Dot:
    place = row.place
    assert place.latitude is not None and place.longitude is not None
    is_ring = row.newest is None
    return Dot(
        place.code,
        row.label,
        row.names,
        place.latitude,
        place.longitude,
        row.events,
        row.address,
        is_ring=is_ring,
    )


def _elsewhere(
    counted: Mapping[str, int], filters: CityFilters, directory: Directory
) -> list[PlaceCount]:
    """What events name that name no city: they are drawn neither at a capital nor in the middle of a province."""
    asked = set(filters["place"])
    return [
        PlaceCount(
            directory.label("place", code),
            place_page_address(directory, code),
            count,
            short_names(directory, code),
        )
        for code, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        if code in directory.places and (not asked or asked & surroundings(code, directory.places))
    ]
