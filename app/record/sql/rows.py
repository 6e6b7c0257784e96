"""Rows of events, estimates and sources, read by number for pages and files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import (
    BigInteger,
    Date,
    Text,
    any_,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.orm import Session

from app.dates import edtf
from app.record.filters import is_by_date
from app.record.models import Version
from app.record.sql.streaming import OpenSession, Seqs, in_batches


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
    rank: float = 0.0
    """How well it matches the words of a query, in an order by relevance."""

    def written(self, sort: str) -> str:
        """Return the `after` parameter of the page that follows the row."""
        if sort == "relevance":
            return f"{self.rank:.6f}_{self.number}"
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


def row_position(row: ListRow) -> RowPosition:
    assert row.seq
    width = (row.lo.last - row.lo.first).days + 1 if row.lo and row.lo.first and row.lo.last else 0
    return RowPosition(row.seq, row.number, row.sort_day, width, row.added, row.changed)


def list_row(row: Any) -> ListRow:
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
    )


def _days(part: Range[date] | None) -> edtf.Days | None:
    if part is None or part.is_empty:
        return None
    return edtf.Days(part.lower, part.upper - timedelta(days=1) if part.upper else None)
