"""`/cities`: a table of cities and towns, a second table of larger areas, and a map."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from markupsafe import Markup, escape
from pyroaring import BitMap
from sqlalchemy.orm import Session

from app.caches import Cache
from app.i18n.formats import alternatives, enumerate_words
from app.i18n.translate import N_, _, ngettext
from app.record.editions import count_purges
from app.record.filters import CityFilters, EstimateFilters, EventFilters
from app.record.index import Index
from app.record.index.edition import IndexedEdition
from app.record.index.rows import OPEN_END, OPEN_START, slots_in
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.names.quantity import LOWER_BOUNDS, UPPER_BOUNDS, Bound
from app.record.payloads import form_of
from app.record.rules.containment import place_and_ancestors
from app.record.sql.rows import ListRow
from app.site.components.headcounts import (
    NOT_OF_PLACES,
    STOCK_FILTERS,
    StockRange,
    headline,
    last_possible_day,
    newest_of_any_kind,
    newest_parts,
    newest_wholes,
    of_same_month,
    stock_range,
)
from app.site.components.urls import address
from app.site.dataset import FILES, FORMER_FILES, Dataset, choices
from app.site.export.columns import Column, ColumnType
from app.site.maps.city_dots import CityDot, MapView, maps
from app.site.presenters.estimate import EstimateView, Headline, headline_view
from app.site.presenters.page import matches
from app.site.presenters.place import PlaceView
from app.site.references.citable import CitableView
from app.vocabulary.estimates import FigureRole, Rivalry
from app.vocabulary.kinds import CITING_KINDS
from app.vocabulary.record import SETTLEMENTS, PlaceKind

# Latest estimates -------------------------------------------------------------------------------


@dataclass(frozen=True)
class LatestOfPlace:
    """The latest estimates for the whole, with range, for parts, and one of any kind without."""

    newest: ListRow | None = None
    """The latest estimate of people present that is for the whole of the place."""
    month: Sequence[ListRow] = ()
    """The others of its month, shown with it."""
    extremes: StockRange | None = None
    others: Sequence[ListRow] = ()
    """The latest estimates for the whole of other nationalities."""
    parts: Sequence[ListRow] = ()
    """The latest estimates for a part of the people present."""
    other: ListRow | None = None
    """The latest estimate of any kind, if there is none for the whole."""


class EstimateSummary(NamedTuple):
    """The estimates of one place: how many, how many in conflict, and the latest ones."""

    total: int
    conflicts: int
    differs: int
    latest: LatestOfPlace


@dataclass(frozen=True)
class PlaceCounts:
    figures: Mapping[str, EstimateSummary]
    """By the place that is named itself, not the places within or around it."""
    events: Mapping[str, int]
    """Number of events in each place, including the places within it."""


MAX_PARTS, MAX_WHOLES = 3, 60
"""Parts of a place that are named in its row, and newest estimates for the whole that are read."""


PLACES_CACHE: Cache[PlaceCounts] = Cache("directories")
LATEST_CACHE: Cache[LatestOfPlace] = Cache("cards")
"""Keyed by place and candidate rows: an edition changes those of few places."""


def count_places(db: Session, edition: IndexedEdition, directory: Directory) -> PlaceCounts:
    """Return the counts of all places, cached by edition."""
    # A purge changes past editions without a new edition, so the key has the number of purges.
    purges = count_purges(db)
    return PLACES_CACHE.of(
        (edition.no, purges, directory), lambda: _build_of_places(db, edition, directory, purges)
    )


def _build_of_places(
    db: Session, edition: IndexedEdition, directory: Directory, purges: int
) -> PlaceCounts:
    events, figures = (edition.indexes[kind] for kind in CITING_KINDS)
    return PlaceCounts(
        figures=_figures_by_place(db, figures, (directory, purges)),
        events=events.term_counts.of("place"),
    )


def _figures_by_place(
    db: Session, index: Index, key: tuple[Hashable, ...]
) -> Mapping[str, EstimateSummary]:
    terms = index.terms
    named = ((code, rows & index.live) for code, rows in terms.each("names"))
    own = {code: rows for code, rows in named if rows}
    candidates = {code: _candidates(index, code, rows) for code, rows in own.items()}

    def read(codes: Collection[str]) -> Mapping[str, LatestOfPlace]:
        found = backend.rows_by_seq(db, [seq for code in codes for seq in candidates[code]])
        return {
            code: latest_of([found[seq] for seq in candidates[code] if seq in found], code)
            for code in codes
        }

    latest = LATEST_CACHE.of_each(
        {code: (*key, code, *seqs) for code, seqs in candidates.items()}, read
    )
    conflicts, differs = (
        terms.of("conflict", code) for code in (Rivalry.CONFLICTS, Rivalry.DIFFERS)
    )
    return {
        code: EstimateSummary(
            len(rows),
            rows.intersection_cardinality(conflicts),
            rows.intersection_cardinality(differs),
            latest[code],
        )
        for code, rows in own.items()
    }


def _candidates(index: Index, code: str, rows: BitMap) -> list[int]:
    """Return the `seq` of estimates that may be the latest for the whole, or in its range.

    Added are those that may be among the latest parts, and where there are none for the whole,
    those that may be the latest of any kind.
    """
    terms = index.terms
    # Rows of older releases don't say whether they are for the whole.
    stated = BitMap.union(BitMap(), *(rows for _code, rows in terms.each("coverage")))
    if rows - stated:
        return list(index.seqs_of(rows))
    rejected, superseded = (
        terms.of("uses", f"standing:{role}")
        for role in (FigureRole.REJECTED, FigureRole.SUPERSEDED)
    )
    stocks = rows - rejected - terms.of("elsewhere", code)
    for key, codes in STOCK_FILTERS.included.items():
        stocks &= terms.any_of(key, codes)
    wholes = stocks & terms.of("whole-at", code)
    found = [
        *_newest(index, wholes, MAX_WHOLES),
        *_newest(index, stocks - wholes - superseded, MAX_PARTS),
    ]
    if not wholes - superseded:
        others = rows - rejected - superseded
        for key, codes in NOT_OF_PLACES.items():
            others -= terms.any_of(key, codes)
        # One from outlets of low grade is the latest only without another.
        found += _newest(index, others - terms.of("low-grade", "yes") or others, 1)
    return list(dict.fromkeys(found))


def _newest(index: Index, rows: BitMap, most: int) -> list[int]:
    """Return the `seq` of rows that may be as new as the `most` newest, or have no known start."""
    columns, slots = index.rows.columns, slots_in(rows)
    first = index.rows.spans.first[slots]
    dated = np.sort(first[first < OPEN_END])
    day = dated[-most] if len(dated) >= most else OPEN_START
    after = columns.after[slots]
    found: list[int] = columns.seq[slots[(after > day) | (after == OPEN_START)]].tolist()
    return found


def latest_of(rows: Sequence[ListRow], code: str) -> LatestOfPlace:
    wholes = newest_wholes(rows, code)
    newest = headline(wholes)
    return LatestOfPlace(
        newest,
        of_same_month(newest, rows, code)[1:] if newest else [],
        stock_range(rows, newest, code) if newest else None,
        [row for row in wholes if row is not newest][:MAX_PARTS],
        newest_parts(rows, code)[:MAX_PARTS],
        None if newest else newest_of_any_kind(rows),
    )


# Rows -------------------------------------------------------------------------------------------


PEOPLE_BOUNDS: Sequence[Bound] = ("point", "high", "low")
"""Which bound is the size of a dot: the first that the estimate has."""
NO_ESTIMATES = EstimateSummary(0, 0, 0, LatestOfPlace())


class CityRow(PlaceView):
    """A city, town or larger area with its own estimates, not those of places within it."""

    def __init__(
        self,
        code: str,
        directory: Directory,
        figures: EstimateSummary,
        events: int,
        *,
        inner: Sequence[str],
        on: date,
    ) -> None:
        """`inner` are places of the same kind within it, whose estimates do not count."""
        super().__init__(code, directory)
        self.latest, self.on = figures.latest, on
        self.figures, self.conflicts, self.differs = figures[:3]
        self.events = events
        here = EstimateFilters.made_of({"place": (code,), "level": (self.form.kind,)}, {})
        self._here = here.made_of(here.included, {"place": inner})

    @property
    def is_area(self) -> bool:
        return self.form.kind not in {*SETTLEMENTS, PlaceKind.SITE}

    @property
    def lies_in(self) -> set[str]:
        return place_and_ancestors(self.code, self.directory.places)

    @property
    def has(self) -> set[str]:
        found = {"stock": self.latest.newest, "figures": self.figures, "events": self.events}
        return {code for code, is_there in found.items() if is_there}

    @property
    def around(self) -> str:
        return enumerate_words(self.directory.label("place", code) for code in self.above)

    def _view(self, row: ListRow | None) -> EstimateView | None:
        return EstimateView(row, self.directory) if row else None

    @property
    def newest(self) -> EstimateView | None:
        return self._view(self.latest.newest)

    @property
    def until(self) -> date | None:
        """The last possible day of the newest estimate."""
        return last_possible_day(form_of(self.latest.newest)) if self.latest.newest else None

    @property
    def other_until(self) -> date | None:
        return last_possible_day(form_of(self.latest.other)) if self.latest.other else None

    @cached_property
    def headline(self) -> Headline | None:
        newest = self.latest.newest
        rows = [newest, *self.latest.month] if newest else []
        return headline_view(rows, self.on, self.directory) if rows else None

    @property
    def others(self) -> list[EstimateView]:
        return [EstimateView(row, self.directory) for row in self.latest.others]

    @property
    def parts(self) -> list[EstimateView]:
        return [EstimateView(row, self.directory) for row in self.latest.parts]

    @property
    def other(self) -> EstimateView | None:
        row = self.latest.other
        return EstimateView(row, self.directory, at=self.code) if row else None

    @property
    def figures_address(self) -> str:
        return address(self._here)

    @property
    def events_address(self) -> str:
        return address(EventFilters.made_of({"place": (self.code,)}, {}))

    @property
    def conflicts_address(self) -> str:
        return address(self._here.with_(conflict=Rivalry.CONFLICTS))

    @property
    def differs_address(self) -> str:
        return address(self._here.with_(conflict=Rivalry.DIFFERS))

    @property
    def people(self) -> int:
        """The newest estimate as one number: its value, else its upper or lower bound."""
        form = form_of(self.latest.newest) if self.latest.newest else {}
        bounds = (form.get(name) for name in PEOPLE_BOUNDS)
        return int(next((Decimal(str(number)) for number in bounds if number is not None), 0))

    @property
    def range(self) -> str:
        """The lowest and the highest estimate: two separate numbers, not an interval."""
        if self.latest.newest is None:
            return ""
        return self.latest.extremes.words if self.latest.extremes else _("words only")


# Filtering and sorting --------------------------------------------------------------------------


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


def _newest_value(name: str, empty: Any = None) -> Callable[[CityRow], Any]:
    return lambda row: form_of(row.latest.newest).get(name, empty) if row.latest.newest else empty


def _lowest(row: CityRow) -> int | float | None:
    end = row.latest.extremes.low if row.latest.extremes else None
    return _number(end.number) if end and end.quantifier not in UPPER_BOUNDS else None


def _highest(row: CityRow) -> int | float | None:
    end = row.latest.extremes.high if row.latest.extremes else None
    return _number(end.number) if end and end.quantifier not in LOWER_BOUNDS else None


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


COLUMNS: list[Column[CityRow]] = [
    Column("id", "Public id of the place.", lambda row: row.id),
    Column("code", "Code of the place; its page is at /cities/{code}.", lambda row: row.code),
    Column("name", "Its name in English, or as preferred.", lambda row: row.label),
    Column("kind", "City or town.", lambda row: str(row.form.kind)),
    Column("lies_in", "Codes of all that it lies in.", lambda row: sorted(row.lies_in - {row.code}), ColumnType.LIST),
    Column("newest", "Id of the newest figure for the whole of the people present, or of those of one nationality.", lambda row: row.newest.id if row.newest else ""),
    Column("low", "Its lower bound.", _newest_value("low"), ColumnType.NUMBER),
    Column("point", "The figure itself.", _newest_value("point"), ColumnType.NUMBER),
    Column("high", "Its upper bound.", _newest_value("high"), ColumnType.NUMBER),
    Column("quantifier", "How exactly it is put.", _newest_value("quantifier", "")),
    Column("population_in_words", "Whom it counts, in words.", _newest_value("population_text", "")),
    Column("as_of", "The moment it is true of, in EDTF.", _newest_value("as_of", "")),
    Column("lowest", "The lowest number said in the 24 months before it, itself included; empty for “up to”.", _lowest, ColumnType.NUMBER),
    Column("highest", "The highest number said in that time; empty for “more than”.", _highest, ColumnType.NUMBER),
    Column("newest_of_another_kind", "Without one, id of the newest figure of any kind.", lambda row: row.other.id if row.other else ""),
    Column("figures", "How many figures there are for the place itself.", lambda row: row.figures, ColumnType.COUNT),
    Column("events", "How many events there are in it.", lambda row: row.events, ColumnType.COUNT),
    Column("conflicts", "How many of these are in conflict with another.", lambda row: row.conflicts, ColumnType.COUNT),
    Column("differs", "How many of these differ from one near in time.", lambda row: row.differs, ColumnType.COUNT),
    Column("lowest_and_highest", "The two in words, with bounds as they are; no range.", lambda row: row.latest.extremes.words if row.latest.extremes else ""),
    Column("parts", "Ids of the newest figures for a part of the people present.", lambda row: [part.id for part in row.parts], ColumnType.LIST),
    Column("other_nationalities", "Ids of the newest figures for the whole of other nationalities.", lambda row: [other.id for other in row.others], ColumnType.LIST),
]  # fmt: skip


# The page ---------------------------------------------------------------------------------------


SELECTABLE_KINDS = (PlaceKind.COUNTRY, PlaceKind.PROVINCE, PlaceKind.REGION)
"""Kinds of place offered in the form. The URL accepts every place."""
Choices = Sequence[tuple[str, str, bool]]
"""Options of a form field: code, label, and whether it is selected."""


class Cities(Dataset[CityFilters]):
    name = "cities"
    heading = N_("Cities")
    filter_class = CityFilters
    template = "site/cities/list.html"
    endings = FILES
    former = FORMER_FILES | {
        ".geojson": ".json",
        ".atom": "/changes.atom",
        ".feed.json": "/changes.atom",
    }
    columns = COLUMNS
    form_keys = frozenset({"place", "has"})
    row_name, example = "City", "dandong"
    about = N_(
        "Cities and towns with the newest estimate of people present and the numbers of events and "
        "estimates."
    )

    @cached_property
    def counted(self) -> PlaceCounts:
        return count_places(self.db, self.edition, self.directory)

    @cached_property
    def every(self) -> list[CityRow]:
        """A row for each place with an estimate, and for each city or town with an event."""
        directory, counted = self.directory, self.counted
        inner: dict[str, list[str]] = defaultdict(list)
        for place in directory.places.values():
            for around in place_and_ancestors(place.code, directory.places) - {place.code}:
                if directory.kind_of_place(around) is place.kind:
                    inner[around].append(place.code)
        return [
            CityRow(
                code,
                directory,
                counted.figures.get(code, NO_ESTIMATES),
                counted.events.get(code, 0),
                inner=inner[code],
                on=self.edition.at.date(),
            )
            for code, place in directory.places.items()
            if code in counted.figures or (place.kind in SETTLEMENTS and code in counted.events)
        ]

    @cached_property
    def rows(self) -> list[CityRow]:
        found = (row for row in self.every if matches(row, self.filters))
        return sorted(found, key=SORT_KEYS[self.filters.one("sort")])

    @cached_property
    def cities(self) -> list[CityRow]:
        return [row for row in self.rows if row.form.kind in SETTLEMENTS]

    @property
    def areas(self) -> list[CityRow]:
        return [row for row in self.rows if row.is_area and row.figures]

    @property
    def found(self) -> str:
        return ngettext("{count} city or town", "{count} cities and towns", len(self.cities))

    @property
    def answer(self) -> Markup:
        """How many have a number of people, and the newest one."""
        known = [row for row in self.cities if row.newest]
        words = ngettext(
            "{{start}}{count} of {{total}} cities and towns has a number for all workers or "
            "nationals there.{{end}}",
            "{{start}}{count} of {{total}} cities and towns have a number for all workers or "
            "nationals there.{{end}}",
            len(known),
        )
        parts = {"start": Markup("<b>"), "end": Markup("</b>"), "total": len(self.cities)}
        if not known:
            return escape(words).format(**parts)
        newest = max(known, key=lambda row: row.until or date.min)
        assert newest.headline
        # l10n: the newest number of people in a city, after the number of cities that have one
        more = _("The newest: {place}, {amount} ({time}).")
        return (
            escape(words).format(**parts)
            + " "
            + escape(more).format(
                place=newest.label, amount=newest.headline.words, time=newest.headline.time
            )
        )

    @cached_property
    def without_estimates(self) -> list[CityRow]:
        """The last rows of the table, where they are together: with events only."""
        is_by_date = self.filters.one("sort") == "newest"
        return [row for row in self.cities if is_by_date and not row.figures]

    # The form -------------------------------------------------------------------------------------

    @property
    def place_choices(self) -> Choices:
        """The areas with a city in the table, and other places that the URL selects."""
        found = {
            code
            for row in self.every
            if row.form.kind in SETTLEMENTS
            for code in row.above
            if self.directory.kind_of_place(code) in SELECTABLE_KINDS
        }
        label, selected = self.directory.label, self.filters["place"]
        choices = [(code, label("place", code), code in selected) for code in {*found, *selected}]
        return sorted(choices, key=lambda choice: choice[1])

    @property
    def has_choices(self) -> Choices:
        codes = next(key for key in CityFilters.terms() if key.key == "has").closed
        return [
            (code, self.directory.label("has", code), code in self.filters["has"]) for code in codes
        ]

    @property
    def heads(self) -> dict[str, tuple[str, str]]:
        """Address and `aria-sort` of each sortable column."""
        return {
            code: (
                self.address_of(self.bare.with_(sort=code)),
                ("ascending" if code == "name" else "descending") if is_sorted else "none",
            )
            for code, _label, is_sorted in choices(self.filters, "sort")
        }

    @property
    def clear_address(self) -> str:
        kept = {"sort": self.bare["sort"], "size": self.bare["size"]}
        return self.address_of(self.filters.made_of(kept, {}))

    def link(self, ending: str = "") -> str:
        return self.address_of(self.bare.with_(size=None) if ending else self.bare, ending)

    # The map --------------------------------------------------------------------------------------

    @cached_property
    def maps(self) -> Sequence[MapView]:
        return maps(
            [self._dot(row) for row in self.cities if row.form.latitude is not None],
            _("Map of the cities and towns in the record, with the same data as the table"),
        )

    def _dot(self, row: CityRow) -> CityDot:
        place, is_people = row.form, self.filters.one("size") == "people"
        assert place.latitude is not None and place.longitude is not None
        return CityDot(
            row.code,
            row.label,
            row.short_names,
            place.latitude,
            place.longitude,
            row.people if is_people else row.events,
            row.address,
            is_ring=row.newest is None,
            people=(row.newest.words if row.newest else "") if is_people else None,
        )

    @property
    def sizes(self) -> list[tuple[str, str, bool]]:
        """What the size of a dot may show: address, label, and whether it does."""
        return [
            (self.address_of(self.bare.with_(size=code)), label, is_shown)
            for code, label, is_shown in choices(self.filters, "size")
        ]

    # Citation and files ---------------------------------------------------------------------------

    @property
    def view(self) -> CitableView:
        title, where = _("Estimates by city"), alternatives(self.place_labels)
        return CitableView(
            edition=self.edition,
            page=self.link(),
            name="-".join(["cities", *self.filters["place"][:3]]),
            title=_("Estimates by city, {place}").format(place=where) if where else title,
        )

    def file_rows(self) -> list[CityRow]:
        return self.cities
