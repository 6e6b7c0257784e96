"""`/cities`: a table of cities and towns, a second table of larger areas, and a map."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import Any, Literal

import numpy as np
from markupsafe import Markup, escape
from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.caches import Cache
from app.i18n.formats import alternatives, enumerate_words
from app.i18n.translate import N_, _, ngettext
from app.kinds import PlaceForm
from app.record.editions import SelectedEdition, count_purges
from app.record.filters import CityFilters, EstimateFilters, EventFilters
from app.record.index import Index
from app.record.index.edition import IndexedEdition
from app.record.index.rows import OPEN_END, OPEN_START, slots_in
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.names.quantity import LOWER_BOUNDS, UPPER_BOUNDS, Bound
from app.record.payloads import form_of
from app.record.rules.containment import place_and_ancestors
from app.record.sql import rows as record_rows
from app.record.sql.rows import ListRow
from app.site.components.headcounts import (
    NOT_OF_PLACES,
    RANGE_PERIOD,
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
from app.site.components.links import PlaceCount, address_of_places, short_names
from app.site.components.urls import address, place_page_address
from app.site.dataset import FILES, FORMER_FILES, Dataset, choices
from app.site.export.columns import Column, ColumnType
from app.site.maps.city_dots import CityDot, MapLink, MapView, maps, zoom_links
from app.site.presenters.estimate import EstimateView, headline_view
from app.site.presenters.page import matches
from app.site.references.citable import CitableView
from app.vocabulary.estimates import FigureRole, Rivalry
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import CITING_KINDS
from app.vocabulary.record import SETTLEMENTS, PlaceKind
from app.web.templates import render_part

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


@dataclass(frozen=True)
class EstimateSummary:
    """The estimates of one place: counts, and the latest ones."""

    count: int
    conflicts: int
    differs: int
    latest: LatestOfPlace

    @property
    def cache_key(self) -> Hashable:
        """Everything that a row of the table is made of."""
        found = self.latest
        groups = (found.month, found.others, found.parts)
        rows = (row and row.seq for row in (found.newest, found.other, *chain(*groups)))
        return self.count, self.conflicts, self.differs, found.extremes, *map(len, groups), *rows


@dataclass(frozen=True)
class PlaceCounts:
    figures: Mapping[str, EstimateSummary]
    """By the place that is named itself, not the places within or around it."""
    events: Mapping[str, int]
    """Number of events in each place, including the places within it."""
    elsewhere: Mapping[str, int]
    """Number of events that name no city or town, by named place."""


MAX_PARTS = 3
"""Parts of a place that are named in its row."""


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
    towns = [code for code in directory.places if directory.kind_of_place(code) in SETTLEMENTS]
    others = events.live - events.terms.any_of("place", towns)
    named = {
        code: others.intersection_cardinality(rows) for code, rows in events.terms.each("names")
    }
    return PlaceCounts(
        figures=_figures_by_place(db, figures, (directory, purges)),
        events=events.term_counts.of("place"),
        elsewhere={code: count for code, count in named.items() if count},
    )


def _figures_by_place(
    db: Session, index: Index, key: tuple[Hashable, ...]
) -> Mapping[str, EstimateSummary]:
    terms = index.terms
    is_stock = BitMap.intersection(
        *(terms.any_of(key, codes) for key, codes in STOCK_FILTERS.included.items())
    )
    rejected, superseded = (
        terms.of("uses", f"standing:{role}")
        for role in (FigureRole.REJECTED, FigureRole.SUPERSEDED)
    )
    nationalities = [
        rows for code, rows in terms.each("uses") if code.startswith(f"{TermKey.NATIONALITY}:")
    ]
    # Rows of older releases don't say whether they are for the whole.
    stated = (rows for _code, rows in terms.each("coverage"))
    unstated = index.live - BitMap.union(BitMap(), *stated)
    named = ((code, rows & index.live) for code, rows in terms.each("names"))
    own = {code: rows for code, rows in named if rows}
    candidates = {
        code: index.seqs_of(rows)
        if rows.intersect(unstated)
        else _candidates(
            index,
            rows - rejected,
            _Stocks(
                rows & is_stock - rejected - terms.of("elsewhere", code),
                terms.of("whole-at", code),
                superseded,
                terms.of("low-grade", "yes"),
            ),
            nationalities,
        )
        for code, rows in own.items()
    }
    latest = LATEST_CACHE.of_each(
        {code: (*key, code, *seqs) for code, seqs in candidates.items()},
        lambda codes: _latest_by_place(db, {code: candidates[code] for code in codes}),
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


def _latest_by_place(
    db: Session, candidates: Mapping[str, Sequence[int]]
) -> Mapping[str, LatestOfPlace]:
    """Return the latest estimates of these places. Runs two SQL statements."""
    rows = _rows_without_citations(db, [seq for seqs in candidates.values() for seq in seqs])
    latest = {
        code: _latest_of([rows[seq] for seq in seqs if seq in rows], code)
        for code, seqs in candidates.items()
    }
    wanted = [
        row.seq
        for found in latest.values()
        for row in (found.newest, found.other, *found.month, *found.others, *found.parts)
        if row and row.seq
    ]
    full_rows = backend.rows_by_seq(db, wanted)
    return {
        code: LatestOfPlace(
            _full_row(found.newest, full_rows),
            [full for row in found.month if (full := _full_row(row, full_rows))],
            found.extremes,
            [full for row in found.others if (full := _full_row(row, full_rows))],
            [full for row in found.parts if (full := _full_row(row, full_rows))],
            _full_row(found.other, full_rows),
        )
        for code, found in latest.items()
    }


@dataclass(frozen=True)
class _Stocks:
    """The estimates of people present in a place that are not rejected."""

    rows: BitMap
    for_the_whole: BitMap
    superseded: BitMap
    low_grade: BitMap


def _candidates(
    index: Index, rows: BitMap, stocks: _Stocks, nationalities: Sequence[BitMap]
) -> list[int]:
    """Return the `seq` of estimates that may be the latest for the whole, or in its range.

    Added are those that may be among the latest parts, and where there may be none for the whole,
    those that may be the latest of any kind.
    """
    found: dict[int, None] = {}
    # A superseded estimate is never the latest, even if it has the latest date.
    wholes = stocks.rows & stocks.for_the_whole
    latest = OPEN_START
    for group in _split(wholes, nationalities):
        day = _day_of_newest(index, group - stocks.superseded, stocks.low_grade)
        latest = max(latest, day)
        found |= dict.fromkeys(_true_since(index, group, day - RANGE_PERIOD.days))
    parts = stocks.rows - stocks.for_the_whole - stocks.superseded
    found |= dict.fromkeys(_true_since(index, parts, _latest_day(index, parts, MAX_PARTS)))
    if latest == OPEN_START:
        others = rows - stocks.superseded
        for key, codes in NOT_OF_PLACES.items():
            others -= index.terms.any_of(key, codes)
        day = _day_of_newest(index, others, stocks.low_grade)
        found |= dict.fromkeys(_true_since(index, others, day))
    return list(found)


def _split(rows: BitMap, by: Sequence[BitMap]) -> list[BitMap]:
    """Split rows into those that have the same of these terms."""
    groups = [rows] if rows else []
    for having in by:
        if rows.intersect(having):
            groups = [part for group in groups for part in (group & having, group - having) if part]
    return groups


def _day_of_newest(index: Index, rows: BitMap, low_grade: BitMap) -> int:
    day = _latest_day(index, rows - low_grade)
    return day if day != OPEN_START else _latest_day(index, rows)


def _latest_day(index: Index, rows: BitMap, most: int = 1) -> int:
    """Return the first possible day of the row that is `most`-th by it; EVER if none has one."""
    first = index.rows.spans.first[slots_in(rows)]
    dated = np.sort(first[first < OPEN_END])
    return int(dated[-most]) if len(dated) >= most else OPEN_START


def _true_since(index: Index, rows: BitMap, day: int) -> list[int]:
    """Return the `seq` of rows that may be true on or after a day, or have no known start."""
    columns, slots = index.rows.columns, slots_in(rows)
    after = columns.after[slots]
    found: list[int] = columns.seq[slots[(after > day) | (after == OPEN_START)]].tolist()
    return found


WITHOUT_CITATIONS = select(
    Version.seq,
    Version.id,
    Version.number,
    Version.payload["form"].op("-")("citations").label("form"),
    Version.payload["whole_at"].label("whole_at"),
    Version.payload["certainty"].label("certainty"),
    Version.payload["is_of_low_grade"].label("is_of_low_grade"),
).where(*record_rows.IS_LIVE_BY_SEQ)
"""Leaves out citations, which are the largest part of a row."""


def _rows_without_citations(db: Session, seqs: Sequence[int]) -> Mapping[int, ListRow]:
    rows = db.execute(WITHOUT_CITATIONS, {"seqs": seqs})
    return {
        seq: ListRow(seq, id, number, payload, (), None, None, None, None, 0, 0)
        for seq, id, number, form, whole_at, certainty, is_of_low_grade in rows
        for payload in [
            {"form": form, "certainty": certainty, "is_of_low_grade": is_of_low_grade}
            | ({} if whole_at is None else {"whole_at": whole_at})
        ]
    }


def _full_row(row: ListRow | None, full_rows: Mapping[int, ListRow]) -> ListRow | None:
    return full_rows.get(row.seq) if row and row.seq else None


def _latest_of(rows: Sequence[ListRow], code: str) -> LatestOfPlace:
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


# The page ---------------------------------------------------------------------------------------


SELECTABLE_KINDS = [PlaceKind.COUNTRY, PlaceKind.PROVINCE, PlaceKind.REGION]
"""Kinds of place offered in the form. The URL accepts every place."""
Choices = Sequence[tuple[str, Sequence[tuple[str, str, bool]]]]
"""Options of a form field: (heading, options), each option as (code, label, is selected)."""


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
    def every(self) -> Sequence[CityRow]:
        return rows_of(self.edition, self.counted, self.directory)

    @cached_property
    def rows(self) -> list[CityRow]:
        found = (row for row in self.every if matches(row, self.filters))
        return sorted(found, key=SORT_KEYS[self.filters.one("sort")])

    @cached_property
    def cities(self) -> list[CityRow]:
        return [row for row in self.rows if row.place.kind in SETTLEMENTS]

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
        """The areas with a city in the table, preceded by other places that the URL selects."""
        known = {
            code
            for row in self.every
            if row.place.kind in SETTLEMENTS
            for code in row.lies_in - {row.place.code}
        }
        selected, label_of = self.filters["place"], self.directory.label
        groups = []
        for kind in SELECTABLE_KINDS:
            codes = [code for code in known if self.directory.kind_of_place(code) is kind]
            options = sorted((label_of("place", code), code) for code in codes)
            groups.append(
                (_(kind.label), [(code, label, code in selected) for label, code in options])
            )
        offered = {code for _title, options in groups for code, *_rest in options}
        others = [(code, label_of("place", code), True) for code in selected if code not in offered]
        return [(title, options) for title, options in [("", others), *groups] if options]

    @property
    def has_choices(self) -> Choices:
        codes = next(key for key in CityFilters.terms() if key.key == "has").closed
        return [
            (
                "",
                [
                    (code, self.directory.label("has", code), code in self.filters["has"])
                    for code in codes
                ],
            )
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

    @property
    def compare_address(self) -> str:
        """The comparison of the first two cities shown, or the form to choose two."""
        return address_of_places(row.place.code for row in self.cities[:2])

    # The map --------------------------------------------------------------------------------------

    @cached_property
    def maps(self) -> Sequence[MapView]:
        return maps(
            [self._dot(row) for row in self.cities if row.place.latitude is not None],
            _("Map of the cities and towns in the record, with the same data as the table"),
        )

    def _dot(self, row: CityRow) -> CityDot:
        place = row.place
        assert place.latitude is not None and place.longitude is not None
        is_people = self.filters.one("size") == "people"
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

    @property
    def sizes(self) -> list[MapLink]:
        """What the size of a dot shows."""
        return [
            MapLink(label, self.address_of(self.bare.with_(size=code)), is_shown)
            for code, label, is_shown in choices(self.filters, "size")
        ]

    @cached_property
    def zooms(self) -> list[MapLink]:
        """Countries with a city on the map, most cities first, after the link to all."""
        count = Counter(
            code
            for row in self.every
            if row.place.kind in SETTLEMENTS and row.place.latitude is not None
            for code in row.lies_in
        )
        return zoom_links(
            count,
            self.filters["place"],
            lambda code: self.address_of(self.bare.with_(place=code)),
            self.directory,
        )

    @cached_property
    def elsewhere(self) -> list[PlaceCount]:
        """Places of events that name no city, most events first.

        The map leaves them out: no point would be the right position of a province.
        """
        selected, places = {*self.filters["place"]}, self.directory.places
        counted = sorted(self.counted.elsewhere.items(), key=lambda item: (-item[1], item[0]))
        return [
            PlaceCount(
                self.directory.label("place", code),
                place_page_address(self.directory, code),
                count,
                short_names(self.directory, code),
            )
            for code, count in counted
            if code in places and (not selected or selected & place_and_ancestors(code, places))
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
