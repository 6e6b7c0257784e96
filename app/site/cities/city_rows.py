"""Rows of the table of cities: one city, town or larger area each, and their columns in files."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.forms import PlaceForm
from app.i18n.translate import _
from app.record.editions import Reading
from app.record.filters import CityFilters, EstimateFilters, EventFilters
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.rules.containment import surroundings
from app.site.cities.latest_estimates import Figures, OfPlaces, of_places
from app.site.components.age import Age, age
from app.site.components.estimate_line import FigureView, figure_view
from app.site.components.headcounts import Extremes, held_until
from app.site.components.place_links import short_names
from app.site.components.quantity import Form
from app.site.components.urls import address, place_page_address
from app.site.export.columns import Column, Holds
from app.vocabulary.estimates import Rivalry
from app.vocabulary.record import SETTLEMENTS, PlaceKind
from app.web.render_cache import Drawn
from app.web.templates import part

AREAS = {
    PlaceKind.DISTRICT,
    PlaceKind.PROVINCE,
    PlaceKind.REGION,
    PlaceKind.COUNTRY,
    PlaceKind.WORLD,
}


@dataclass(frozen=True)
class Row:
    """A city, town or larger area, and what is on record for it itself."""

    place: PlaceForm
    label: str
    names: tuple[tuple[str, str], ...]
    address: str
    around: str
    """Province and country."""
    lies_in: frozenset[str]
    has: frozenset[str]
    newest: FigureView | None
    newest_form: Form
    until: date | None
    """The last day that the newest figure may be true of."""
    age: Age | None
    extremes: Extremes | None
    other: FigureView | None
    """Where there is no figure for people present, the newest of any other kind."""
    other_until: date | None
    figures: int
    figures_address: str
    events: int
    events_address: str
    conflicts: int
    differs: int
    conflicts_address: str
    differs_address: str

    @property
    def is_area(self) -> bool:
        return self.place.kind in AREAS

    @cached_property
    def drawn(self) -> Markup:
        return part("site/cities/_row.html", row=self)

    @property
    def said(self) -> str:
        """The lowest and the highest number said: two numbers, never a range."""
        if self.newest is None:
            return ""
        return self.extremes.words if self.extremes else _("words only")


# The row of a place -------------------------------------------------------------------------------


ROWS: Drawn[Sequence[Row]] = Drawn(2)
EACH: Drawn[Row] = Drawn(2_000)
"""An edition changes what is on record for few places."""


def rows_of(db: Session, edition: Reading, told: OfPlaces, directory: Directory) -> Sequence[Row]:
    """Made once an edition, and with them each line of the table."""
    is_kept = backend.can_be_kept(db, edition)
    key = (edition.no, directory) if is_kept else None
    return ROWS.of(key, lambda: _rows(edition, told, directory, is_kept=is_kept))


def _rows(edition: Reading, told: OfPlaces, directory: Directory, *, is_kept: bool) -> list[Row]:
    """Every place of the record that has a figure of its own, and every city with an event."""
    inner: dict[str, list[str]] = defaultdict(list)
    for place in directory.places.values():
        for around in surroundings(place.code, directory.places) - {place.code}:
            if directory.kind_of_place(around) is place.kind:
                inner[around].append(place.code)
    on = edition.at.date()

    def row(place: PlaceForm) -> Row:
        figures, events = told.figures.get(place.code, NO_FIGURES), told.events.get(place.code, 0)
        key = (place.code, on, events, figures.told_by, directory) if is_kept else None
        return EACH.of(
            key, lambda: _row(place, figures, events, directory, inner=inner[place.code], on=on)
        )

    return [
        row(place)
        for code, place in directory.places.items()
        if code in told.figures or (place.kind in SETTLEMENTS and code in told.events)
    ]


NO_FIGURES = Figures(0, 0, 0, None, None, None)


def _row(
    place: PlaceForm,
    figures: Figures,
    events: int,
    directory: Directory,
    *,
    inner: Sequence[str],
    on: date,
) -> Row:
    """`inner` are places of the same kind inside it, whose figures are none of its own."""
    newest, other = figures.newest, figures.other
    until = held_until(newest.payload["form"]) if newest else None
    here = EstimateFilters.made_of(
        {"place": (place.code,), "level": (place.kind,)}, {"place": inner}
    )
    has = {"stock": newest, "figures": figures.count, "events": events}
    return Row(
        place=place,
        label=directory.label("place", place.code),
        names=short_names(directory, place.code),
        address=place_page_address(directory, place.code),
        around=_around(place, directory),
        lies_in=frozenset(surroundings(place.code, directory.places)),
        has=frozenset(code for code, is_there in has.items() if is_there),
        newest=figure_view(newest, directory) if newest else None,
        newest_form=newest.payload["form"] if newest else {},
        until=until,
        age=age(until, on) if until else None,
        extremes=figures.extremes,
        other=figure_view(other, directory) if other else None,
        other_until=held_until(other.payload["form"]) if other else None,
        figures=figures.count,
        figures_address=address(here),
        events=events,
        events_address=address(EventFilters.made_of({"place": (place.code,)}, {})),
        conflicts=figures.conflicts,
        differs=figures.differs,
        conflicts_address=address(here.with_(conflict=Rivalry.CONFLICTS)),
        differs_address=address(here.with_(conflict=Rivalry.DIFFERS)),
    )


def _around(place: PlaceForm, directory: Directory) -> str:
    """The province and the country that a city lies in; of an area, what it lies in that is no world."""
    found, parent = [], directory.places.get(place.parent)
    while parent:
        if parent.kind in {PlaceKind.PROVINCE, PlaceKind.COUNTRY}:
            found.append(directory.label("place", parent.code))
        parent = directory.places.get(parent.parent)
    return _(", ").join(found)


# Filtering and sorting ----------------------------------------------------------------------------


def filter_rows(rows: Iterable[Row], filters: CityFilters) -> list[Row]:
    return sorted((row for row in rows if _answers(row, filters)), key=SORTS[filters.one("sort")])


def _answers(row: Row, filters: CityFilters) -> bool:
    """OR inside a key, AND between keys, as everywhere."""
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


SORTS: dict[str, Callable[[Row], tuple[Any, ...]]] = {
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


def table(db: Session, edition: Reading, filters: CityFilters, directory: Directory) -> list[Row]:
    """The cities and towns of the page, for files."""
    every = rows_of(db, edition, of_places(db, edition, directory), directory)
    return [row for row in filter_rows(every, filters) if row.place.kind in SETTLEMENTS]


# Files --------------------------------------------------------------------------------------------


def _bound(name: str) -> Callable[[Row], int | float | None]:
    return lambda row: row.newest_form.get(name)


def _word(name: str) -> Callable[[Row], str]:
    return lambda row: str(row.newest_form.get(name, ""))


def _id(figure: FigureView | None) -> str:
    return figure.id if figure else ""


def _said(name: str) -> Callable[[Row], int | float | None]:
    return lambda row: _number(getattr(row.extremes, name)) if row.extremes else None


def _number(said: Decimal) -> int | float:
    return int(said) if said == said.to_integral_value() else float(said)


COLUMNS: list[Column[Row]] = [
    Column("id", "Public id of the place.", lambda row: row.place.id),
    Column("code", "Code of the place; its page is at /cities/{code}.", lambda row: row.place.code),
    Column("name", "Its name in English, or as preferred.", lambda row: row.label),
    Column("kind", "City or town.", lambda row: str(row.place.kind)),
    Column("lies_in", "Codes of all that it lies in.", lambda row: sorted(row.lies_in - {row.place.code}), Holds.LIST),
    Column("newest", "Id of the newest figure for people present, if there is one.", lambda row: _id(row.newest)),
    Column("low", "Its lower bound.", _bound("low"), Holds.NUMBER),
    Column("point", "The figure itself.", _bound("point"), Holds.NUMBER),
    Column("high", "Its upper bound.", _bound("high"), Holds.NUMBER),
    Column("quantifier", "How exactly it is put.", _word("quantifier")),
    Column("population_in_words", "Whom it counts, in words.", _word("population_text")),
    Column("as_of", "The moment it is true of, in EDTF.", _word("as_of")),
    Column("lowest", "The lowest number said in the 24 months before it, itself included.", _said("low"), Holds.NUMBER),
    Column("highest", "The highest number said in that time; the two are no range.", _said("high"), Holds.NUMBER),
    Column("newest_of_another_kind", "Without one, id of the newest figure of any kind.", lambda row: _id(row.other)),
    Column("figures", "How many figures there are for the place itself.", lambda row: row.figures, Holds.COUNT),
    Column("events", "How many events there are in it.", lambda row: row.events, Holds.COUNT),
    Column("conflicts", "How many of these are in conflict with another.", lambda row: row.conflicts, Holds.COUNT),
    Column("differs", "How many of these differ from one near in time.", lambda row: row.differs, Holds.COUNT),
]  # fmt: skip
