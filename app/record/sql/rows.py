"""Rows of a filtered list of events, estimates or sources, by plain SQL over terms and ranges.

The number of statements is independent of filters and rows: one for counts, one for the histogram,
one for the rows of a page.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Float,
    Integer,
    Numeric,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.orm import Session

from app.dates import edtf
from app.record import search
from app.record.editions import SelectedEdition
from app.record.filters import ListFilters, is_by_date, parse_after
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql.conditions import conditions, live_rows_of_list
from app.record.sql.streaming import OpenSession, Seqs, fetch_seqs, in_batches
from app.vocabulary.events import Role, TermKey


@dataclass(frozen=True)
class ListRow:
    """A version as lists show it."""

    seq: int | None
    """None for the preview of a draft."""
    id: str
    number: int
    payload: Mapping[str, Any]
    span: Sequence[edtf.Days]
    lo: edtf.Days | None
    hi: edtf.Days | None
    surroundings: edtf.Days | None
    sort_day: date | None
    added: int
    changed: int
    rank: float = 0.0

    @property
    def last_day(self) -> date | None:
        """The last possible day; None if open or undated."""
        return self.span[-1].last if self.span else None


@dataclass(frozen=True)
class FileRow:
    """A version with the columns that files need."""

    id: str
    payload: Mapping[str, Any]
    sort_day: date | None
    last_day: date | None
    added: int
    changed: int


class RowPosition(NamedTuple):
    """The sort values of a row."""

    seq: int
    number: int
    sort_day: date | None
    width: int
    """Number of days within which the start may be."""
    added: int
    changed: int

    def written(self, sort: str) -> str:
        """Return the `after` parameter of the page that follows the row."""
        by = f"{self.sort_day or 'none'}.{self.width}" if is_by_date(sort) else getattr(self, sort)
        return f"{by}_{self.number}"


@dataclass(frozen=True)
class ListPage:
    rows: Sequence[ListRow]
    next: str | None
    """The `after` parameter of the next page; None on the last page."""
    remaining: int
    """Number of rows on this page and all following pages."""


LIST_COLUMNS = (
    Version.seq,
    Version.id,
    Version.number,
    Version.payload,
    Version.span,
    Version.lo,
    Version.hi,
    Version.surroundings,
    Version.sort_day,
    Version.added,
    Version.changed,
)
"""The columns that lists read."""


def read_page(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory, limit: int
) -> ListPage:
    """Return one page by keyset pagination: new editions neither repeat nor hide a row."""
    relevance = _relevance(filters)
    keys, descending = _sort_keys(filters, relevance)
    extra = relevance.label("rank"), func.count().over().label("remaining")
    statement = _matching_rows(edition, filters, directory).with_only_columns(*LIST_COLUMNS, *extra)
    statement = statement.order_by(*_directed(keys, descending))
    if after := filters.one("after"):
        statement = statement.where(_is_after(after, keys, descending, filters.one("sort")))
    rows = db.execute(statement.limit(limit + 1)).all()
    on_page = [list_row(row, row.rank) for row in rows[:limit]]
    next_ = page_cursor(on_page[-1], filters.one("sort")) if len(rows) > limit else None
    return ListPage(on_page, next_, rows[0].remaining if rows else 0)


def read_order(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> Seqs:
    """Return the `seq` of all matching rows, sorted, without reading payloads."""
    return fetch_seqs(
        db,
        _matching_rows(edition, filters, directory),
        Version.seq,
        _directed(*_sort_keys(filters, _relevance(filters))),
    )


def rows_by_seq(db: Session, seqs: Sequence[int]) -> list[ListRow]:
    """Return rows in the order of `seqs`, without purged ones; one statement."""
    rows = {row.seq: list_row(row) for row in db.execute(SELECT_LIST_ROWS, {"seqs": seqs})}
    return [rows[seq] for seq in seqs if seq in rows]


def rows_for_file(seqs: Seqs, sessions: OpenSession) -> Iterator[FileRow]:
    """Yield rows for a file in the order of `seqs`, without purged ones.

    Payloads are parsed one by one: the objects of a whole batch would trigger garbage collection
    again and again.
    """
    for _seq, id, payload, *rest in in_batches(seqs, _read_file_rows, sessions):
        yield FileRow(id, parse_payload(payload), *rest)


def parse_payload(document: str) -> Any:
    """Parse a payload. Only keys are cached: they repeat across payloads, values rarely do."""
    return from_json(document, cache_strings="keys")


def _read_file_rows(db: Session, seqs: Sequence[int]) -> list[Sequence[Any]]:
    rows: dict[int, Sequence[Any]] = {
        row.seq: row for row in db.execute(SELECT_FILE_ROWS, {"seqs": seqs})
    }
    return [rows[seq] for seq in seqs if seq in rows]


IS_LIVE_BY_SEQ = (
    Version.seq == any_(bindparam("seqs", type_=ARRAY(BigInteger))),
    Version.is_live,  # a version may be purged after its `seq` was read
)
"""Condition for live rows by `seq`; binds `seqs`."""
SELECT_LIST_ROWS = select(*LIST_COLUMNS).where(*IS_LIVE_BY_SEQ)
SELECT_FILE_ROWS = select(
    Version.seq,
    Version.id,
    cast(Version.payload, Text),
    Version.sort_day,
    func.upper(Version.span, type_=Date) - 1,
    Version.added,
    Version.changed,
).where(*IS_LIVE_BY_SEQ)

LATEST_DATE_FIRST = (
    Version.sort_day.desc().nulls_last(),
    func.coalesce(func.upper(Version.lo) - func.lower(Version.lo), 0),
    Version.number.desc(),
)
"""The order of lists by date, descending; must equal the order of the index in `Matching.page`."""


def terms_naming_places(codes: Iterable[str]) -> list[list[dict[str, str]]]:
    """Return JSON values, one of which the terms of a form contain if it has one of these places.

    Places that are only pictured do not count. Needed for rows written before the `names` term
    existed.
    """
    roles = [role for role in Role if role is not Role.SHOWN_ONLY]
    return [
        [{"key": TermKey.PLACE, "code": code, "role": role}] for code in codes for role in roles
    ]


def _matching_rows(
    edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> Select[Any]:
    return select(Version.seq).where(
        live_rows_of_list(edition, filters), *conditions(filters, directory).values()
    )


def _relevance(filters: ListFilters) -> ColumnElement[float]:
    query = filters.one("q")
    # Rounded, so that the decimal text in a link equals the value in the sort order.
    is_by_relevance = query and filters.one("sort") == "relevance"
    return cast(
        func.round(cast(search.search_rank(query), Numeric), 6)
        if is_by_relevance
        else literal(0.0),
        Float,
    )


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


def page_cursor(row: ListRow, sort: str) -> str:
    return (
        f"{row.rank:.6f}_{row.number}" if sort == "relevance" else row_position(row).written(sort)
    )


def row_position(row: ListRow) -> RowPosition:
    assert row.seq
    width = (row.lo.last - row.lo.first).days + 1 if row.lo and row.lo.first and row.lo.last else 0
    return RowPosition(row.seq, row.number, row.sort_day, width, row.added, row.changed)


def list_row(row: Any, rank: float = 0.0) -> ListRow:
    return ListRow(
        row.seq,
        row.id,
        row.number,
        row.payload,
        [days for part in row.span if (days := _days(part))],
        _days(row.lo),
        _days(row.hi),
        _days(row.surroundings),
        row.sort_day,
        row.added,
        row.changed,
        rank,
    )


def _days(part: Range[date] | None) -> edtf.Days | None:
    if part is None or part.is_empty:
        return None
    return edtf.Days(part.lower, part.upper - timedelta(days=1) if part.upper else None)
