"""`/cities`: a table of cities and towns, a second table of larger areas, and a map."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from markupsafe import Markup
from pyroaring import BitMap
from sqlalchemy.orm import Session

from app.caches import Cache
from app.i18n.formats import alternatives
from app.i18n.translate import N_, _, ngettext
from app.record.editions import count_purges
from app.record.filters import CityFilters, EstimateFilters, EventFilters
from app.record.index import Index
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.names.quantity import LOWER_BOUNDS, UPPER_BOUNDS
from app.record.rules.containment import place_and_ancestors
from app.record.sql.rows import ListRow
from app.site.components.headcounts import (
    RangeEnd,
    headline,
    last_possible_day,
    newest_of_any_kind,
    newest_parts,
    newest_wholes,
    of_same_month,
    stock_range,
)
from app.site.components.text import insert
from app.site.components.urls import address
from app.site.dataset import FILES, FORMER_FILES, Dataset
from app.site.export.columns import Column, ColumnType
from app.site.maps.city_dots import CityDot, MapView, map_view
from app.site.presenters.estimate import EstimateView, Headline, headline_view
from app.site.presenters.page import matches
from app.site.presenters.place import PlaceView, newest_estimates
from app.site.references.citable import CitableView
from app.vocabulary.estimates import Quantifier, Rivalry
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import SETTLEMENTS, PlaceKind

# Latest estimates -------------------------------------------------------------------------------


MAX_PARTS = 3
"""Parts of a place that are named in its row."""


class LatestOfPlace:
    """The newest estimates of a place that its row shows."""

    def __init__(self, rows: Sequence[ListRow], code: str) -> None:
        wholes = newest_wholes(rows, code)
        newest = headline(wholes)
        # That for the whole, then the others of its month.
        self.month = of_same_month(newest, rows, code) if newest else []
        self.extremes = stock_range(rows, newest, code) if newest else None
        # Those for the whole of other nationalities, and for a part of the people present.
        self.others = [row for row in wholes if row is not newest][:MAX_PARTS]
        self.parts = newest_parts(rows, code)[:MAX_PARTS]
        # That of any kind, if there is none for the whole.
        self.other = None if newest else newest_of_any_kind(rows)


PLACES_CACHE: Cache[Mapping[str, LatestOfPlace]] = Cache("directories")


def estimates_of_places(index: Index) -> dict[str, BitMap]:
    """Return the estimates of each place that is named itself, not of those within or around it."""
    named = ((code, rows & index.live) for code, rows in index.terms.each("names").items())
    return {code: rows for code, rows in named if rows}


def latest_of_places(
    db: Session, edition: IndexedEdition, directory: Directory
) -> Mapping[str, LatestOfPlace]:
    """Return the latest estimates of all places, cached by edition."""

    def build() -> Mapping[str, LatestOfPlace]:
        codes = estimates_of_places(edition.indexes[RecordKind.ESTIMATE])
        seqs = {code: newest_estimates(db, edition, directory, [code]) for code in codes}
        read = backend.rows_by_seq(db, [seq for some in seqs.values() for seq in some])
        return {
            code: LatestOfPlace([read[seq] for seq in some if seq in read], code)
            for code, some in seqs.items()
        }

    # A purge changes past editions without a new edition, so the key has the number of purges.
    return PLACES_CACHE.of((edition.no, directory, count_purges(db)), build)


# Rows -------------------------------------------------------------------------------------------


class CityRow(PlaceView):
    """A city, town or larger area with its own estimates, not those of places within it."""

    def __init__(self, listing: "Cities", code: str, inner: Sequence[str]) -> None:
        """`inner` are places of the same kind within it, whose estimates do not count."""
        directory = listing.directory
        super().__init__(code, directory)
        estimates = listing.estimates.get(code, BitMap())
        conflict = listing.edition.indexes[RecordKind.ESTIMATE].terms.of
        self.figures = len(estimates)
        self.conflicts, self.differs = (
            estimates.intersection_cardinality(conflict("conflict", each))
            for each in (Rivalry.CONFLICTS, Rivalry.DIFFERS)
        )
        self.events = listing.events.get(code, 0)
        latest = listing.latest.get(code) or LatestOfPlace((), code)
        self.month, self.extremes = latest.month, latest.extremes
        self.on = listing.edition.at.date()
        self.newest = EstimateView(latest.month[0], directory) if latest.month else None
        self.others = [EstimateView(row, directory) for row in latest.others]
        self.parts = [EstimateView(row, directory) for row in latest.parts]
        self.other = EstimateView(latest.other, directory, at=code) if latest.other else None
        here = EstimateFilters.made_of({"place": (code,), "level": (self.form.kind,)}, {})
        self._here = here.made_of(here.included, {"place": inner})

    @property
    def has(self) -> set[str]:
        found = {"stock": self.newest, "figures": self.figures, "events": self.events}
        return {code for code, is_there in found.items() if is_there}

    @property
    def stated(self) -> Mapping[str, Any]:
        """The fields of the newest estimate; none without one."""
        return self.newest.form if self.newest else {}

    @cached_property
    def headline(self) -> Headline | None:
        return headline_view(self.month, self.on, self.directory) if self.month else None

    def estimates_address(self, conflict: str | None = None) -> str:
        return address(self._here.with_(conflict=conflict))

    @property
    def events_address(self) -> str:
        return address(EventFilters.made_of({"place": (self.code,)}, {}))

    @property
    def range(self) -> str:
        """The lowest and the highest estimate: two separate numbers, not an interval."""
        if self.newest is None:
            return ""
        return self.extremes.words if self.extremes else _("words only")


# Sorting ----------------------------------------------------------------------------------------


def _latest_first(figure: EstimateView | None) -> int:
    day = last_possible_day(figure.form) if figure else None
    return -day.toordinal() if day else 0


SORT_KEYS: dict[str, Callable[[CityRow], tuple[Any, ...]]] = {
    "newest": lambda row: (
        _latest_first(row.newest),
        _latest_first(row.other),
        -row.events,
        row.label,
    ),
    "name": lambda row: (row.label.casefold(),),
    "figures": lambda row: (-row.figures, -row.events, row.label),
    "events": lambda row: (-row.events, -row.figures, row.label),
}


# Files ------------------------------------------------------------------------------------------


def _number(end: RangeEnd, not_of: Collection[Quantifier]) -> int | float | None:
    """Return the end of a range as a number; None if it is only a bound of these kinds."""
    if end.quantifier in not_of:
        return None
    return int(end.number) if end.number == int(end.number) else float(end.number)


COLUMNS: list[Column[CityRow]] = [
    Column("id", "Public id of the place."),
    Column("code", "Code of the place; its page is at /cities/{code}."),
    Column("name", "Its name in English, or as preferred.", "label"),
    Column("kind", "City or town.", lambda row: str(row.form.kind)),
    Column("lies_in", "Codes of all that it lies in.", lambda row: sorted(row.lies_in - {row.code}), ColumnType.LIST),
    Column("newest", "Id of the newest figure for the whole of the people present, or of those of one nationality.", lambda row: row.newest.id if row.newest else ""),
    Column("low", "Its lower bound.", lambda row: row.stated.get("low"), ColumnType.NUMBER),
    Column("point", "The figure itself.", lambda row: row.stated.get("point"), ColumnType.NUMBER),
    Column("high", "Its upper bound.", lambda row: row.stated.get("high"), ColumnType.NUMBER),
    Column("quantifier", "How exactly it is put.", lambda row: row.stated.get("quantifier", "")),
    Column("population_in_words", "Whom it counts, in words.", lambda row: row.stated.get("population_text", "")),
    Column("as_of", "The moment it is true of, in EDTF.", lambda row: row.stated.get("as_of", "")),
    Column("lowest", "The lowest number said in the 24 months before it, itself included; empty for “up to”.", lambda row: _number(row.extremes.low, UPPER_BOUNDS) if row.extremes else None, ColumnType.NUMBER),
    Column("highest", "The highest number said in that time; empty for “more than”.", lambda row: _number(row.extremes.high, LOWER_BOUNDS) if row.extremes else None, ColumnType.NUMBER),
    Column("newest_of_another_kind", "Without one, id of the newest figure of any kind.", lambda row: row.other.id if row.other else ""),
    Column("figures", "How many figures there are for the place itself.", "figures", ColumnType.COUNT),
    Column("events", "How many events there are in it.", "events", ColumnType.COUNT),
    Column("conflicts", "How many of these are in conflict with another.", "conflicts", ColumnType.COUNT),
    Column("differs", "How many of these differ from one near in time.", "differs", ColumnType.COUNT),
    Column("lowest_and_highest", "The two in words, with bounds as they are; no range.", lambda row: row.extremes.words if row.extremes else ""),
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
    def estimates(self) -> Mapping[str, BitMap]:
        return estimates_of_places(self.edition.indexes[RecordKind.ESTIMATE])

    @cached_property
    def latest(self) -> Mapping[str, LatestOfPlace]:
        return latest_of_places(self.db, self.edition, self.directory)

    @cached_property
    def events(self) -> Mapping[str, int]:
        """Number of events in each place, including the places within it."""
        return self.edition.indexes[RecordKind.EVENT].term_counts.of("place")

    @cached_property
    def every(self) -> list[CityRow]:
        """A row for each place with an estimate, and for each city or town with an event."""
        directory = self.directory
        inner: dict[str, list[str]] = defaultdict(list)
        for place in directory.places.values():
            for around in place_and_ancestors(place.code, directory.places) - {place.code}:
                if directory.kind_of_place(around) is place.kind:
                    inner[around].append(place.code)
        return [
            CityRow(self, code, inner[code])
            for code, place in directory.places.items()
            if code in self.estimates or (place.kind in SETTLEMENTS and code in self.events)
        ]

    @cached_property
    def rows(self) -> list[CityRow]:
        found = (row for row in self.every if matches(row, self.filters))
        return sorted(found, key=SORT_KEYS[self.filters.one("sort")])

    @cached_property
    def cities(self) -> list[CityRow]:
        return [row for row in self.rows if row.is_town]

    @property
    def areas(self) -> list[CityRow]:
        return [row for row in self.rows if not row.is_town and row.form.kind is not PlaceKind.SITE]

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
        found = insert(words, total=len(self.cities))
        if not known:
            return found
        newest = min(known, key=lambda row: _latest_first(row.newest))
        assert newest.headline
        # l10n: the newest number of people in a city, after the number of cities that have one
        more = _("The newest: {place}, {amount} ({time}).")
        best = newest.headline
        return Markup("{} {}").format(
            found, insert(more, place=newest.label, amount=best.words, time=best.time)
        )

    # The form -------------------------------------------------------------------------------------

    @property
    def place_choices(self) -> Choices:
        """The areas with a city in the table, and other places that the URL selects."""
        found = {
            code
            for row in self.every
            if row.is_town
            for code in row.above
            if self.directory.kind_of_place(code) in SELECTABLE_KINDS
        }
        label, selected = self.directory.label, self.filters["place"]
        choices = [(code, label("place", code), code in selected) for code in {*found, *selected}]
        return sorted(choices, key=lambda choice: choice[1])

    @property
    def heads(self) -> dict[str, tuple[str, str]]:
        """Address and `aria-sort` of each sortable column."""
        return {
            code: (
                self.address_of(self.bare.with_(sort=code)),
                ("ascending" if code == "name" else "descending") if is_sorted else "none",
            )
            for code, _label, is_sorted in self.options("sort")
        }

    @property
    def clear_address(self) -> str:
        kept = {"sort": self.bare["sort"], "size": self.bare["size"]}
        return self.address_of(self.filters.made_of(kept, {}))

    def link(self, ending: str = "") -> str:
        return self.address_of(self.bare.with_(size=None) if ending else self.bare, ending)

    # The map --------------------------------------------------------------------------------------

    @cached_property
    def map(self) -> MapView:
        return map_view(
            [self._dot(row) for row in self.cities if row.form.latitude is not None],
            _("Map of the cities and towns in the record, with the same data as the table"),
        )

    def _dot(self, row: CityRow) -> CityDot:
        place, is_people = row.form, self.filters.one("size") == "people"
        numbers = row.newest.numbers if row.newest else {}
        people = (int(numbers[bound]) for bound in ("point", "high", "low") if bound in numbers)
        assert place.latitude is not None and place.longitude is not None
        return CityDot(
            row.code,
            row.label,
            row.short_names,
            place.latitude,
            place.longitude,
            next(people, 0) if is_people else row.events,
            row.address,
            is_ring=row.newest is None,
            people=(row.newest.words if row.newest else "") if is_people else None,
        )

    @property
    def sizes(self) -> list[tuple[str, str, bool]]:
        """What the size of a dot may show: address, label, and whether it does."""
        return [
            (self.address_of(self.bare.with_(size=code)), label, is_shown)
            for code, label, is_shown in self.options("size")
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
