"""Expected results of lists: the rows of each single condition by SQL, combined in Python.

A thousand complete SQL queries would take minutes.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Boolean, ColumnElement, and_, select, type_coerce
from sqlalchemy.orm import Session

from app.dates import edtf
from app.record.editions import SelectedEdition
from app.record.filters import WINDOW, ListFilters, is_by_date, parse_after, window_of
from app.record.index import IndexSearch
from app.record.index.bins import histogram_bins
from app.record.index.matching import BinCounts, Histogram, ListCounts
from app.record.models import FilterTerm, Version
from app.record.names.directory import Directory, read_directory
from app.record.sql.rows import LIST_COLUMNS, ListRow, RowPosition, list_row
from tests.support import conditions as queries_conditions

Condition = tuple[str, str | edtf.Days]
"""A key and the query string of its filter; for a period, its reading and days."""
READINGS = {"possible": queries_conditions.possibly_in, "certain": queries_conditions.certainly_in}


def row_position(row: ListRow) -> RowPosition:
    assert row.seq
    width = (row.lo.last - row.lo.first).days + 1 if row.lo and row.lo.first and row.lo.last else 0
    return RowPosition(row.seq, row.number, row.sort_day, width, row.added, row.changed)


class Oracle:
    def __init__(
        self,
        db: Session,
        edition: SelectedEdition,
        lists: type[ListFilters],
        asked: Iterable[ListFilters],
        names: Directory | None = None,
    ) -> None:
        self.db, self.edition, self.lists = db, edition, lists
        self.names = names or read_directory(db, edition)
        self.search = IndexSearch(db, self.names)
        self.held = and_(Version.kind == lists.KIND, edition.holds(), Version.is_live)
        windows = {window_of(filters) for filters in asked} | {edtf.Days()}
        conditions: set[Condition] = {part for filters in asked for part in parts(filters).values()}
        self.rows_by = self._rows_by(
            conditions | {(match, days) for days in windows for match in READINGS}
        )
        rows = map(list_row, db.execute(select(*LIST_COLUMNS).where(self.held)))
        self.listed = {row.seq: row for row in rows if row.seq}
        named = {
            no: (key, code)
            for no, key, code in db.execute(select(FilterTerm.no, FilterTerm.key, FilterTerm.code))
        }
        self.terms = {
            seq: [named[no] for no in numbers]
            for seq, numbers in db.execute(select(Version.seq, Version.terms).where(self.held))
        }
        self.in_bins: dict[edtf.Days, tuple[set[int], set[int]]] = {}

    def _rows_by(self, conditions: Iterable[Condition]) -> Mapping[Condition, frozenset[int]]:
        """Return the rows that match each condition; one statement."""
        every = list(conditions)
        asked = [type_coerce(self._in_sql(*condition), Boolean) for condition in every]
        rows = self.db.execute(select(Version.seq, *asked).where(self.held)).all()
        return {
            each: frozenset(row[0] for row in rows if row[at]) for at, each in enumerate(every, 1)
        }

    def _in_sql(self, key: str, of: str | edtf.Days) -> ColumnElement[bool]:
        if isinstance(of, edtf.Days):
            return READINGS[key](of)
        filters = self.lists.from_pairs(parse_qsl(of))[0]
        return queries_conditions.conditions(filters, self.names)[key]

    def rows(self, filters: ListFilters, but: str = "") -> frozenset[int]:
        kept = [self.rows_by[part] for key, part in parts(filters).items() if key != but]
        return frozenset(self.terms).intersection(*kept)

    def counts(self, filters: ListFilters) -> ListCounts:
        answers, but_window = self.rows(filters), self.rows(filters, but=WINDOW)
        window, keys = window_of(filters), [key.key for key in filters.terms()]
        within = self._sizes(answers, keys)
        facets = {key: self._sizes(self.rows(filters, but=key), [key]).get(key, {}) for key in keys}
        listed = [self.listed[seq] for seq in answers]
        firsts = [row.span[0].first for row in listed if row.span and row.span[0].first]
        lasts = [row.last_day or (row.lo.last if row.lo else None) for row in listed]
        extent = None
        if firsts:
            last = max((day for day in lasts if day), default=None)
            extent = edtf.Days(min(firsts), last).common(window)
        facets = {key: counts for key, counts in facets.items() if counts}
        return ListCounts(
            total=len(answers),
            undated=len(but_window - self.rows_by["possible", edtf.Days()]),
            possible=len(but_window & self.rows_by["possible", window]),
            certain=len(but_window & self.rows_by["certain", window]),
            facets=facets,
            within=within,
            extent=extent or edtf.Days(),
        )

    def _sizes(self, rows: Iterable[int], keys: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        found: dict[str, Counter[str]] = {}
        for seq in rows:
            for key, code in self.terms[seq]:
                if key in keys:
                    found.setdefault(key, Counter())[code] += 1
        return found

    def read_bins(self, extents: Iterable[edtf.Days]) -> None:
        """Read the rows possibly and certainly in each bin of these extents; one statement."""
        wanted = {
            bar
            for days in extents
            if days.first and days.last
            for bar in histogram_bins(days.first, days.last)[1]
        }
        every = sorted(wanted, key=lambda bar: (bar.first, bar.last))
        columns = [type_coerce(read(bar), Boolean) for bar in every for read in READINGS.values()]
        rows = self.db.execute(select(Version.seq, *columns).where(self.held)).all()
        for at, bar in enumerate(every):
            could = {row[0] for row in rows if row[1 + 2 * at]}
            must = {row[0] for row in rows if row[2 + 2 * at]}
            self.in_bins[bar] = must, could

    def histogram(self, filters: ListFilters, extent: edtf.Days) -> Histogram | None:
        if not (extent.first and extent.last):
            return None
        answers = self.rows(filters)
        name, days = histogram_bins(extent.first, extent.last)
        return Histogram(
            name,
            [BinCounts(bar, *(len(answers & rows) for rows in self.in_bins[bar])) for bar in days],
        )

    def in_order(self, sort: str) -> dict[int, str]:
        """Return the rows in their order, each with the `after` of the page behind it."""
        descending = not is_by_date(sort) or sort[0] == "-"
        undated = date.min if descending else date.max

        def place(written: str) -> tuple[Any, ...]:
            values: tuple[Any, ...] = parse_after(written, sort)
            if not is_by_date(sort):
                return values
            day, width, number = values
            return day or undated, -width, number

        places = {row_position(row).written(sort): seq for seq, row in self.listed.items()}
        return {places[each]: each for each in sorted(places, key=place, reverse=descending)}


def highest(
    counts: Mapping[str, int], most: int, also: Collection[str]
) -> tuple[Mapping[str, int], bool]:
    """Return the codes with fewer than `most` higher codes, and whether these are all."""
    higher = {
        code: sum(other > count for other in counts.values()) for code, count in counts.items()
    }
    kept = {code: count for code, count in counts.items() if higher[code] < most}
    return kept | {code: counts[code] for code in also if code in counts}, kept == counts


def parts(filters: ListFilters) -> dict[str, Condition]:
    """Split filters by key; `x` and `not_x` are one key, as are period and reading."""
    found: dict[str, tuple[dict[str, Sequence[str]], dict[str, Sequence[str]]]] = {}
    for side, given in enumerate((filters.included, filters.excluded)):
        for key, values in given.items():
            if key not in {"sort", "match", *filters.PERIODS[0]}:
                name = "published" if any(key in pair for pair in filters.PERIODS) else key
                found.setdefault(name, ({}, {}))[side][key] = values
    every: dict[str, Condition] = {
        key: (key, filters.made_of(*sides).query_string()) for key, sides in found.items()
    }
    if "vague" in every:  # which units there are depends on the period
        keys = ("vague", *filters.PERIODS[0])
        bounded = filters.made_of({key: filters[key] for key in keys}, {})
        every["vague"] = "vague", bounded.query_string()
    if (window := window_of(filters)) != edtf.Days():
        every[WINDOW] = "certain" if filters["match"] == ("certain",) else "possible", window
    return every
