"""Expected results of lists: each row is compared with each filter, in Python and without an index.

Only words are searched by SQL, since PostgreSQL knows their stems.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.dates import edtf
from app.dates.day_ranges import Spans
from app.record.editions import SelectedEdition, first_edition_since
from app.record.filters import (
    DATE_UNITS,
    WINDOW,
    ListFilters,
    is_by_date,
    parse_after,
    period_of,
    window_of,
)
from app.record.index import IndexSearch
from app.record.index.matching import BinCounts, Histogram, ListCounts
from app.record.index.rows import histogram_bins
from app.record.models import FilterTerm, Version
from app.record.names.directory import Directory, read_directory
from app.record.search import search_condition
from app.record.sql.rows import LIST_COLUMNS, ListRow, RowPosition, list_row
from app.record.sql.rows import _days as days_of
from app.record.words.query import parse
from tests.support.day_ranges import is_certain, is_possible, whole_time


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
        names: Directory | None = None,
    ) -> None:
        self.db = db
        self.names = names or read_directory(db, edition)
        self.search = IndexSearch(db, self.names)
        self.held = and_(Version.kind == lists.KIND, edition.holds(), Version.is_live)
        terms = {each.no: (each.key, each.code) for each in db.scalars(select(FilterTerm))}
        self.listed: dict[int, ListRow] = {}
        self.spans: dict[int, Spans] = {}
        self.published: dict[int, list[edtf.Days | None]] = {}
        self.terms: dict[int, set[tuple[str, str]]] = {}
        self.in_window = cache(self._in_window)
        self.found: dict[str, dict[str, set[int]]] = {}
        columns = (*LIST_COLUMNS, Version.sure, Version.published, Version.terms)
        for found in db.execute(select(*columns).where(self.held)):
            row, seq = list_row(found), found.seq
            self.listed[seq] = row
            self.spans[seq] = Spans(
                tuple(row.span), row.lo, row.hi, days_of(found.sure), row.surroundings
            )
            self.published[seq] = [*map(days_of, found.published)]
            self.terms[seq] = {terms[no] for no in found.terms}

    def rows(self, filters: ListFilters, but: str = "") -> frozenset[int]:
        query = filters.query_string()
        if query not in self.found:
            self.found[query] = self.rows_by_key(filters)
        kept = [rows for key, rows in self.found[query].items() if key != but]
        return frozenset(self.listed).intersection(*kept)

    def rows_by_key(self, filters: ListFilters) -> dict[str, set[int]]:
        """Return the rows of each key. `x` and `not_x` are one, as are the ends of a period."""
        found: dict[str, set[int]] = {}
        for key in [each.key for each in filters.terms()]:
            some, none = (
                {(key, code) for code in side.get(key, ())}
                for side in (filters.included, filters.excluded)
            )
            if some or none:
                found[key] = {
                    seq
                    for seq, codes in self.terms.items()
                    if not codes & none and (not some or codes & some)
                }
        if query := filters.one("q"):
            condition = search_condition(parse(query, self.names).groups)
            found["q"] = {*self.db.scalars(select(Version.seq).where(self.held, condition))}
        window = window_of(filters)
        if window != edtf.Days():
            found[WINDOW] = self.in_window(window, filters["match"] == ("certain",))
        for unit in filters["vague"]:
            known = {seq for seq in self.listed if self._is_known_to(seq, DATE_UNITS[unit], window)}
            found["vague"] = self.in_window(window) - known
        for first, last in filters.PERIODS[1:]:
            if (period := period_of(filters, first, last)) != edtf.Days():
                found["published"] = {
                    seq
                    for seq, days in self.published.items()
                    if any(each and each.overlaps(period) for each in days)
                }
        for key, name in (("added_since", "added"), ("changed_since", "changed")):
            for since in filters[key]:
                no = self.db.scalar(select(first_edition_since(since))) or 0
                found[key] = {seq for seq, row in self.listed.items() if getattr(row, name) >= no}
        return found

    def _in_window(self, window: edtf.Days, certain: bool = False) -> set[int]:
        is_in = is_certain if certain else is_possible
        return {seq for seq, spans in self.spans.items() if is_in(spans, window)}

    def _is_known_to(self, seq: int, months: int, window: edtf.Days) -> bool:
        """Whether a row is certain in one calendar unit of the period, of 12, 6 or 1 months."""
        spans = self.spans[seq]
        whole = whole_time(spans)
        if spans.sure and spans.sure.overlaps(window):
            return True
        if not (whole and whole.first and whole.last and whole.within(window)):
            return False
        first, last = (
            (day.year * 12 + day.month - 1) // months for day in (whole.first, whole.last)
        )
        return first == last

    def counts(self, filters: ListFilters) -> ListCounts:
        answers, but_window = self.rows(filters), self.rows(filters, but=WINDOW)
        window, keys = window_of(filters), [key.key for key in filters.terms()]
        facets = {key: self._sizes(self.rows(filters, but=key), [key]).get(key, {}) for key in keys}
        listed = [self.listed[seq] for seq in answers]
        firsts = [row.span[0].first for row in listed if row.span and row.span[0].first]
        lasts = [row.last_day or (row.lo.last if row.lo else None) for row in listed]
        extent = None
        if firsts:
            last = max((day for day in lasts if day), default=None)
            extent = edtf.Days(min(firsts), last).common(window)
        return ListCounts(
            total=len(answers),
            undated=len(but_window - self.in_window(edtf.Days())),
            possible=len(but_window & self.in_window(window)),
            certain=len(but_window & self.in_window(window, certain=True)),
            facets={key: counts for key, counts in facets.items() if counts},
            within=self._sizes(answers, keys),
            extent=extent or edtf.Days(),
        )

    def _sizes(self, rows: Iterable[int], keys: list[str]) -> Mapping[str, Mapping[str, int]]:
        found: dict[str, Counter[str]] = {}
        for seq in rows:
            for key, code in self.terms[seq]:
                if key in keys:
                    found.setdefault(key, Counter())[code] += 1
        return found

    def histogram(self, filters: ListFilters, extent: edtf.Days) -> Histogram | None:
        if not (extent.first and extent.last):
            return None
        answers = self.rows(filters)
        name, days = histogram_bins(extent.first, extent.last)
        sizes = [
            [len(answers & self.in_window(bar, certain)) for certain in (True, False)]
            for bar in days
        ]
        return Histogram(
            name, [BinCounts(bar, *each) for bar, each in zip(days, sizes, strict=True)]
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
