"""Lists in plain SQL: counts, histogram and pages, the oracle of the index."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Float,
    Integer,
    Numeric,
    Select,
    String,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session

from app.dates import edtf
from app.record import search
from app.record.editions import SelectedEdition
from app.record.filters import ListFilters, is_by_date, parse_after
from app.record.histogram_bins import MAX_BINS, BinSize, histogram_bins
from app.record.index import Matching
from app.record.index.edition import IndexedEdition
from app.record.index.results import BinCounts, Histogram, ListCounts
from app.record.lists import backend
from app.record.models import FilterTerm, Version
from app.record.names.directory import Directory
from app.record.sql.conditions import (
    WINDOW,
    certainly_in,
    certainly_within,
    conditions,
    live_rows_of_list,
    possibly_in,
    window_of,
)
from app.record.sql.rows import LIST_COLUMNS, ListPage, ListRow, list_row, row_position
from app.record.sql.streaming import Seqs, fetch_seqs
from app.record.terms import term_numbers
from app.record.words.query import parse


def use_sql(patch: pytest.MonkeyPatch) -> None:
    """Let the app count and read lists by SQL instead of the index."""
    patch.setattr(backend, "match", partial(MatchingBySql, backend.match))
    patch.setattr(backend, "read_page", read_page)


@dataclass(frozen=True)
class MatchingBySql:
    """Counts by SQL; the index gives all else."""

    by_index: Callable[..., Matching]
    db: Session
    edition: IndexedEdition
    filters: ListFilters
    directory: Directory

    def counts(self) -> ListCounts:
        return count_list(self.db, self.edition, self.filters, self.directory)

    @property
    def total(self) -> int:
        return self.counts().total

    def counts_without(self) -> dict[str, int]:
        return counts_without(self.db, self.edition, self.filters, self.directory)

    def histogram(
        self, extent: edtf.Days, least: BinSize = "month", most: int = MAX_BINS
    ) -> Histogram | None:
        asked = self.db, self.edition, self.filters, self.directory
        return histogram(*asked, extent, least=least, most=most)

    def order(self, sort: str) -> Seqs:
        return read_order(self.db, self.edition, self.filters.with_(sort=sort), self.directory)

    def __getattr__(self, name: str) -> Any:
        matching = self.by_index(self.db, self.edition, self.filters, self.directory)
        return getattr(matching, name)


def top_codes(
    facets: Mapping[str, Mapping[str, int]], key: str, max_codes: int, always: Collection[str]
) -> tuple[Mapping[str, int], bool]:
    counts = facets.get(key, {})
    min_count = (
        sorted(counts.values(), reverse=True)[max_codes - 1] if len(counts) > max_codes else 0
    )
    top = {code: count for code, count in counts.items() if count >= min_count or code in always}
    return top, not any(count < min_count for count in counts.values())


def count_list(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> ListCounts:
    """Count a list in one statement."""
    facets: dict[str, dict[str, int]] = defaultdict(dict)
    within: dict[str, dict[str, int]] = defaultdict(dict)
    for key, code, numbers in db.execute(_counts_statement(edition, filters, directory)):
        if not key:
            total, undated, could, must, first, after = numbers
            continue
        facets[key][code] = numbers[0]
        if numbers[1]:
            within[key][code] = numbers[1]
    extent = None
    if first is not None:
        last = EPOCH + timedelta(days=after - 1) if after is not None else None
        extent = edtf.Days(EPOCH + timedelta(days=first), last).common(window_of(filters))
    return ListCounts(
        total,
        undated,
        could,
        must,
        facets,
        within,
        extent or edtf.Days(),
        partial(top_codes, facets),
    )


def _counts_statement(
    edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> CompoundSelect[Any]:
    """Return the statement for totals (empty key and code) and for the counts of each term.

    A row counts for a key if it fails no condition, or only the one of that key.
    """
    by_key = conditions(filters, directory)
    window = window_of(filters)
    failing = [case((condition, null()), else_=literal(key)) for key, condition in by_key.items()]
    rows = (
        select(
            Version.terms,
            func.array_remove(
                cast(array(failing), ARRAY(String)), null(), type_=ARRAY(String)
            ).label("fails"),
            func.isempty(Version.span).label("is_undated"),
            func.lower(Version.span).label("first"),
            func.coalesce(func.upper(Version.span), func.upper(Version.lo)).label("after"),
            possibly_in(window).label("is_possible"),
            certainly_in(window).label("is_certain"),
        )
        .where(live_rows_of_list(edition, filters))
        .cte("rows")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    answers = func.cardinality(rows.c.fails) == 0
    keys = [key.key for key in filters.terms()]
    term = func.unnest(rows.c.terms).table_valued("no").render_derived().lateral("used")
    # Grouped by number before the join with `term`: there are far fewer terms than uses.
    used_once = (
        select(term.c.no, rows.c.fails[1].label("failed"))
        .select_from(rows)
        .join(term, true())
        .where(func.cardinality(rows.c.fails) <= 1)
        .subquery()
    )
    used = (
        select(used_once.c.no, used_once.c.failed, func.count().label("count"))
        .group_by(used_once.c.no, used_once.c.failed)
        .subquery()
    )
    in_answers = func.coalesce(func.sum(used.c.count).filter(used.c.failed.is_(None)), 0)
    by_term = (
        select(
            FilterTerm.key,
            FilterTerm.code,
            cast(array([func.sum(used.c.count), in_answers]), NUMBERS).label("numbers"),
        )
        .join(used, used.c.no == FilterTerm.no)
        .where(
            FilterTerm.key.in_(keys), or_(used.c.failed.is_(None), used.c.failed == FilterTerm.key)
        )
        .group_by(FilterTerm.key, FilterTerm.code)
    )
    fails_window_only = or_(answers, rows.c.fails == cast([WINDOW], ARRAY(String)))
    totals_columns = [
        func.count().filter(answers),
        func.count().filter(fails_window_only & rows.c.is_undated),
        func.count().filter(fails_window_only & rows.c.is_possible),
        func.count().filter(fails_window_only & rows.c.is_certain),
        # Days as numbers, so that they fit into the array of counts.
        func.min(rows.c.first).filter(answers) - literal(EPOCH, Date),
        func.max(rows.c.after).filter(answers) - literal(EPOCH, Date),
    ]
    totals = select(literal(""), literal(""), cast(array(totals_columns), NUMBERS)).select_from(
        rows
    )
    return union_all(totals, by_term)


NUMBERS = ARRAY(Integer)
EPOCH = date(2000, 1, 1)


def counts_without(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> dict[str, int]:
    """Return for each key the number of matching rows without its filter; one statement."""
    by_key = conditions(filters, directory)
    if not by_key:
        return {}
    columns = [
        func.count()
        .filter(and_(true(), *(condition for other, condition in by_key.items() if other != key)))
        .label(key)
        for key in by_key
    ]
    row = db.execute(select(*columns).where(live_rows_of_list(edition, filters))).one()
    return dict(zip(by_key, row, strict=True))


def histogram(
    db: Session,
    edition: SelectedEdition,
    filters: ListFilters,
    directory: Directory,
    extent: edtf.Days,
    *,
    least: BinSize = "month",
    most: int = MAX_BINS,
) -> Histogram | None:
    """Count the matching rows certainly and possibly in each bin; None without an extent."""
    if not (extent.first and extent.last):
        return None
    name, days = histogram_bins(extent.first, extent.last, least, most)
    bounds = func.unnest(
        cast([bar.first for bar in days], ARRAY(Date)),
        cast([bar.last for bar in days], ARRAY(Date)),
    ).table_valued(column("first", Date), column("last", Date), name="bins")
    bounds = bounds.render_derived()
    span = func.daterange(bounds.c.first, bounds.c.last, "[]")
    is_in_bin = and_(
        Version.span.op("&&")(span),
        live_rows_of_list(edition, filters),
        *conditions(filters, directory).values(),
    )
    rows = db.execute(
        select(
            bounds.c.first,
            func.count(Version.seq).filter(certainly_within(span)),
            func.count(Version.seq),
        )
        .select_from(bounds)
        .outerjoin(Version, is_in_bin)
        .group_by(bounds.c.first)
    )
    counted = {first: (sure, could) for first, sure, could in rows}
    return Histogram(name, [BinCounts(bar, *counted[bar.first]) for bar in days if bar.first])


def read_page(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory, limit: int
) -> ListPage:
    """Return one page by keyset pagination: new editions neither repeat nor hide a row."""
    relevance = _relevance(filters, directory)
    keys, descending = _sort_keys(filters, relevance)
    extra = relevance.label("rank"), func.count().over().label("remaining")
    statement = _matching_rows(edition, filters, directory).with_only_columns(*LIST_COLUMNS, *extra)
    statement = statement.order_by(*_directed(keys, descending))
    if after := filters.one("after"):
        statement = statement.where(_is_after(after, keys, descending, filters.one("sort")))
    rows = db.execute(statement.limit(limit + 1)).all()
    on_page = [list_row(row) for row in rows[:limit]]
    next_ = None
    if len(rows) > limit:
        next_ = page_cursor(on_page[-1], filters.one("sort"), rows[limit - 1].rank)
    return ListPage(on_page, next_, rows[0].remaining if rows else 0)


def read_order(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> Seqs:
    """Return the `seq` of all matching rows, sorted, without reading payloads."""
    return fetch_seqs(
        db,
        _matching_rows(edition, filters, directory),
        Version.seq,
        _directed(*_sort_keys(filters, _relevance(filters, directory))),
    )


def _matching_rows(
    edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> Select[Any]:
    return select(Version.seq).where(
        live_rows_of_list(edition, filters), *conditions(filters, directory).values()
    )


def _relevance(filters: ListFilters, directory: Directory) -> ColumnElement[float]:
    query = filters.one("q")
    # Rounded, so that the decimal text in a link equals the value in the sort order.
    is_by_relevance = query and filters.one("sort") == "relevance"
    return cast(
        func.round(cast(_rank(query, directory), Numeric), 6) if is_by_relevance else literal(0.0),
        Float,
    )


def _rank(query: str, directory: Directory) -> ColumnElement[float]:
    return search.search_rank(parse(query, directory).groups, term_numbers)


def _sort_keys(
    filters: ListFilters, relevance: ColumnElement[float]
) -> tuple[list[ColumnElement[Any]], bool]:
    """Return the sort keys, and whether they descend."""
    sort = filters.one("sort")
    descending = not (is_by_date(sort) and sort[0] != "-")
    others: dict[str, ColumnElement[Any]] = {
        "added": cast(Version.added, Integer),
        "changed": cast(Version.changed, Integer),
        "relevance": relevance,
    }
    keys: list[ColumnElement[Any]] = [cast(Version.number, Integer)]
    if is_by_date(sort):
        # "2019" and "January 2019" begin on the same day: the less precise date comes first.
        keys.insert(
            0, -cast(func.coalesce(func.upper(Version.lo) - func.lower(Version.lo), 0), Integer)
        )
        keys.insert(0, func.coalesce(Version.sort_day, literal_column(UNDATED_LAST[descending])))
    else:
        keys.insert(0, others[sort])
    return keys, descending


def _directed(keys: Sequence[ColumnElement[Any]], descending: bool) -> list[ColumnElement[Any]]:
    return [key.desc() if descending else key for key in keys]


def _is_after(
    after: str, keys: Sequence[ColumnElement[Any]], descending: bool, sort: str
) -> ColumnElement[bool]:
    row_before: list[ColumnElement[Any]] = [literal(value) for value in parse_after(after, sort)]
    if after.startswith("none"):
        row_before[0] = literal_column(UNDATED_LAST[descending])
    if is_by_date(sort):
        row_before[1] = -row_before[1]
    row = tuple_(*keys)
    return row < tuple_(*row_before) if descending else row > tuple_(*row_before)


UNDATED_LAST = {False: "'infinity'::date", True: "'-infinity'::date"}
"""Replacement of a missing date, by `descending`: undated rows come last in both directions."""


def page_cursor(row: ListRow, sort: str, rank: float = 0.0) -> str:
    return row_position(row)._replace(rank=rank).written(sort)
