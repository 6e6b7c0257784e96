"""The rows of the table of cities, with their filters, sort orders and file columns."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from markupsafe import Markup

from app.caches import Cache
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import PlaceForm
from app.record.editions import SelectedEdition
from app.record.filters import CityFilters, EstimateFilters, EventFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.names.quantity import LOWER_BOUNDS, UPPER_BOUNDS, Bound
from app.record.payloads import form_of
from app.record.rules.containment import place_and_ancestors
from app.site.cities.latest_estimates import EstimateSummary, LatestOfPlace, PlaceCounts
from app.site.components.headcounts import last_possible_day
from app.site.components.links import short_names
from app.site.components.urls import address, place_page_address
from app.site.export.column_types import Column, ColumnType
from app.site.presenters.estimate import EstimateView, headline_view
from app.vocabulary.estimates import Rivalry
from app.vocabulary.record import SETTLEMENTS, PlaceKind
from app.web.templates import render_part

AREA_KINDS = {
    PlaceKind.DISTRICT,
    PlaceKind.PROVINCE,
    PlaceKind.REGION,
    PlaceKind.COUNTRY,
    PlaceKind.WORLD,
}


PEOPLE_BOUNDS: Sequence[Bound] = ("point", "high", "low")
"""Which bound is the size of a dot: the first that the estimate has."""


class CityRow:
    """A city, town or larger area with its own estimates, not those of places within it."""

    def __init__(
        self,
        place: PlaceForm,
        figures: EstimateSummary,
        events: int,
        directory: Directory,
        *,
        inner: Sequence[str],
        on: date,
    ) -> None:
        """`inner` are places of the same kind within it, whose estimates do not count."""
        latest = figures.latest
        newest, other = latest.newest, latest.other
        until = last_possible_day(form_of(newest)) if newest else None
        here = EstimateFilters.made_of(
            {"place": (place.code,), "level": (place.kind,)}, {"place": inner}
        )
        has = {"stock": newest, "figures": figures.count, "events": events}
        self.place = place
        self.label = directory.label("place", place.code)
        self.names = short_names(directory, place.code)
        self.address = place_page_address(directory, place.code)
        # Province and country.
        self.around = _province_and_country(place, directory)
        self.lies_in = frozenset(place_and_ancestors(place.code, directory.places))
        self.has = frozenset(code for code, is_there in has.items() if is_there)
        self.newest = EstimateView(newest, directory) if newest else None
        self.newest_form = form_of(newest) if newest else None
        # The last possible day of the newest estimate.
        self.until = until
        self.headline = headline_view([newest, *latest.month], on, directory) if newest else None
        self.extremes = latest.extremes
        # The newest estimates for the whole of other nationalities.
        self.others = [EstimateView(whole, directory) for whole in latest.others]
        # The newest estimates for a part of the people present, latest first.
        self.parts = [EstimateView(part, directory) for part in latest.parts]
        # If no estimate is for the whole and none for a part, the newest of any kind.
        self.other = EstimateView(other, directory, at=place.code) if other else None
        self.other_until = last_possible_day(form_of(other)) if other else None
        self.figures = figures.count
        self.figures_address = address(here)
        self.events = events
        self.events_address = address(EventFilters.made_of({"place": (place.code,)}, {}))
        self.conflicts = figures.conflicts
        self.differs = figures.differs
        self.conflicts_address = address(here.with_(conflict=Rivalry.CONFLICTS))
        self.differs_address = address(here.with_(conflict=Rivalry.DIFFERS))

    @property
    def is_area(self) -> bool:
        return self.place.kind in AREA_KINDS

    @property
    def people(self) -> int:
        """The newest estimate as one number: its value, else its upper or lower bound."""
        if self.newest_form is None:
            return 0
        bounds = (self.newest_form.get(name) for name in PEOPLE_BOUNDS)
        return int(next((Decimal(str(number)) for number in bounds if number is not None), 0))

    @cached_property
    def drawn(self) -> Markup:
        return render_part("site/cities/_row.html", row=self)

    @property
    def said(self) -> str:
        """The lowest and the highest estimate: two separate numbers, not an interval."""
        if self.newest is None:
            return ""
        return self.extremes.words if self.extremes else _("words only")


# The row of a place -----------------------------------------------------------------------------


TABLES: Cache[Sequence[CityRow]] = Cache("directories")
ROWS: Cache[CityRow] = Cache("cards")
"""Rows outlive an edition: an edition changes few of them."""


def rows_of(
    edition: IndexedEdition, counted: PlaceCounts, directory: Directory
) -> Sequence[CityRow]:
    """Return all rows of an edition, unfiltered. Both the table and each row are cached."""
    is_kept = edition.is_cacheable
    key = (edition.no, directory) if is_kept else None
    return TABLES.of(key, lambda: _build_rows(edition, counted, directory, is_kept=is_kept))


def _build_rows(
    edition: SelectedEdition, counted: PlaceCounts, directory: Directory, *, is_kept: bool
) -> list[CityRow]:
    """Return a row for each place with an estimate, and for each city or town with an event."""
    inner: dict[str, list[str]] = defaultdict(list)
    for place in directory.places.values():
        for around in place_and_ancestors(place.code, directory.places) - {place.code}:
            if directory.kind_of_place(around) is place.kind:
                inner[around].append(place.code)
    on = edition.at.date()

    def row(place: PlaceForm) -> CityRow:
        figures = counted.figures.get(place.code, NO_ESTIMATES)
        events = counted.events.get(place.code, 0)
        key = (place.code, on, events, figures.cache_key, directory) if is_kept else None
        return ROWS.of(
            key,
            lambda: CityRow(place, figures, events, directory, inner=inner[place.code], on=on),
        )

    return [
        row(place)
        for code, place in directory.places.items()
        if code in counted.figures or (place.kind in SETTLEMENTS and code in counted.events)
    ]


NO_ESTIMATES = EstimateSummary(0, 0, 0, LatestOfPlace())


def _province_and_country(place: PlaceForm, directory: Directory) -> str:
    """Return the names of the province and country that contain the place."""
    found, parent = [], directory.places.get(place.parent)
    while parent:
        if parent.kind in {PlaceKind.PROVINCE, PlaceKind.COUNTRY}:
            found.append(directory.label("place", parent.code))
        parent = directory.places.get(parent.parent)
    return enumerate_words(found)


# Filtering and sorting --------------------------------------------------------------------------


def filter_rows(rows: Iterable[CityRow], filters: CityFilters) -> list[CityRow]:
    return sorted(
        (row for row in rows if _matches(row, filters)), key=SORT_KEYS[filters.one("sort")]
    )


def _matches(row: CityRow, filters: CityFilters) -> bool:
    """Whether a row matches: any code of a key (OR), for every key (AND)."""
    for key in filters.terms():
        codes = key.codes(row)
        wanted = filters[key.key]
        if (wanted and codes.isdisjoint(wanted)) or not codes.isdisjoint(
            filters.excluded.get(key.key, ())
        ):
            return False
    return True


def _latest_first(day: date | None) -> int:
    return -day.toordinal() if day else 0


SORT_KEYS: dict[str, Callable[[CityRow], tuple[Any, ...]]] = {
    "newest": lambda row: (
        _latest_first(row.until),
        _latest_first(row.other_until),
        -row.events,
        row.label,
    ),
    "name": lambda row: (row.label.casefold(),),
    "figures": lambda row: (-row.figures, -row.events, row.label),
    "events": lambda row: (-row.events, -row.figures, row.label),
}


# Files ------------------------------------------------------------------------------------------


def _newest_number(name: Bound) -> Callable[[CityRow], float | None]:
    return lambda row: row.newest_form.get(name) if row.newest_form else None


def _newest_text(
    name: Literal["quantifier", "population_text", "as_of"],
) -> Callable[[CityRow], str]:
    return lambda row: row.newest_form.get(name, "") if row.newest_form else ""


def _id(figure: EstimateView | None) -> str:
    return figure.id if figure else ""


def _lowest(row: CityRow) -> int | float | None:
    end = row.extremes.low if row.extremes else None
    return _number(end.number) if end and end.quantifier not in UPPER_BOUNDS else None


def _highest(row: CityRow) -> int | float | None:
    end = row.extremes.high if row.extremes else None
    return _number(end.number) if end and end.quantifier not in LOWER_BOUNDS else None


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


COLUMNS: list[Column[CityRow]] = [
    Column("id", "Public id of the place.", lambda row: row.place.id),
    Column("code", "Code of the place; its page is at /cities/{code}.", lambda row: row.place.code),
    Column("name", "Its name in English, or as preferred.", lambda row: row.label),
    Column("kind", "City or town.", lambda row: str(row.place.kind)),
    Column("lies_in", "Codes of all that it lies in.", lambda row: sorted(row.lies_in - {row.place.code}), ColumnType.LIST),
    Column("newest", "Id of the newest figure for the whole of the people present, or of those of one nationality.", lambda row: _id(row.newest)),
    Column("low", "Its lower bound.", _newest_number("low"), ColumnType.NUMBER),
    Column("point", "The figure itself.", _newest_number("point"), ColumnType.NUMBER),
    Column("high", "Its upper bound.", _newest_number("high"), ColumnType.NUMBER),
    Column("quantifier", "How exactly it is put.", _newest_text("quantifier")),
    Column("population_in_words", "Whom it counts, in words.", _newest_text("population_text")),
    Column("as_of", "The moment it is true of, in EDTF.", _newest_text("as_of")),
    Column("lowest", "The lowest number said in the 24 months before it, itself included; empty for “up to”.", _lowest, ColumnType.NUMBER),
    Column("highest", "The highest number said in that time; empty for “more than”.", _highest, ColumnType.NUMBER),
    Column("newest_of_another_kind", "Without one, id of the newest figure of any kind.", lambda row: _id(row.other)),
    Column("figures", "How many figures there are for the place itself.", lambda row: row.figures, ColumnType.COUNT),
    Column("events", "How many events there are in it.", lambda row: row.events, ColumnType.COUNT),
    Column("conflicts", "How many of these are in conflict with another.", lambda row: row.conflicts, ColumnType.COUNT),
    Column("differs", "How many of these differ from one near in time.", lambda row: row.differs, ColumnType.COUNT),
    Column("lowest_and_highest", "The two in words, with bounds as they are; no range.", lambda row: row.extremes.words if row.extremes else ""),
    Column("parts", "Ids of the newest figures for a part of the people present.", lambda row: [part.id for part in row.parts], ColumnType.LIST),
    Column("other_nationalities", "Ids of the newest figures for the whole of other nationalities.", lambda row: [other.id for other in row.others], ColumnType.LIST),
]  # fmt: skip
