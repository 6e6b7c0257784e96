"""Rows of records, read by number, name or citation, all at once or in batches; uses of codes."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from psycopg.pq import Format
from pydantic_core import from_json
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Engine,
    Executable,
    LargeBinary,
    Result,
    Row,
    Select,
    SQLColumnExpression,
    Text,
    any_,
    bindparam,
    cast,
    event,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, Range, aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.dates import edtf
from app.record.editions import SelectedEdition
from app.record.filters import is_by_date
from app.record.models import CITATION_IDS, FilterTerm, Version

R = TypeVar("R")
Seqs = NDArray[np.int64]
OpenSession = Callable[[], AbstractContextManager[Session]]
"""Opens a session for a batch; it is closed before the rows of the batch are yielded."""

ROWS_PER_BATCH = 500
"""Rows in a batch."""
BINARY_FORMAT = "as_bytes"
"""Execution option: results in PostgreSQL's binary format."""


def in_batches(
    seqs: Seqs, read: Callable[[Session, list[int]], Iterable[R]], sessions: OpenSession
) -> Iterator[R]:
    for start in range(0, len(seqs), ROWS_PER_BATCH):
        with sessions() as db:
            rows = list(read(db, seqs[start : start + ROWS_PER_BATCH].tolist()))
        yield from rows


def one_session(db: Session) -> OpenSession:
    """Use an open session for all batches."""
    return lambda: nullcontext(db)


def is_one_of(column: InstrumentedAttribute[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Return the condition for values that are one parameter of the statement, however many."""
    return column == any_(cast(values, ARRAY(column.type)))


def fetch_seqs(
    db: Session,
    statement: Select[Any],
    seq: SQLColumnExpression[int],
    order: Iterable[SQLColumnExpression[Any]] = (),
) -> Seqs:
    """Return the `seq` of all rows of a query, in order, read as one value (8 bytes a row)."""
    return unpack_seqs(
        execute_binary(db, statement.with_only_columns(pack_seqs(seq, order))).scalar()
    )


def pack_seqs(
    seq: SQLColumnExpression[int], order: Iterable[SQLColumnExpression[Any]] = ()
) -> ColumnElement[bytes]:
    """Return SQL that aggregates `seq` into one value, for `unpack_seqs`."""
    separator, keys = literal(b"", LargeBinary), list(order)
    ordered_separator = aggregate_order_by(separator, *keys) if keys else separator
    return func.string_agg(func.int8send(seq), ordered_separator, type_=LargeBinary)


def unpack_seqs(seqs: bytes | None) -> Seqs:
    return np.frombuffer(seqs or b"", dtype=">i8").astype(np.int64)


def execute_binary(db: Session, statement: Executable) -> Result[*tuple[Any, ...]]:
    """Execute a statement in the binary format: bytes as text take twice the size."""
    return db.execute(statement, execution_options={BINARY_FORMAT: True})


@event.listens_for(Engine, "before_cursor_execute")
def _set_binary_format(
    _connection: Any, cursor: Any, _statement: str, _values: Any, context: Any, _is_many: bool
) -> None:
    if BINARY_FORMAT in context.execution_options:
        cursor.format = Format.BINARY


# Rows of records ----------------------------------------------------------------------------------


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


def rows_for_file(seqs: Seqs, sessions: OpenSession) -> Iterator[FileRow]:
    """Yield rows for a file in the order of `seqs`, without purged ones.

    Payloads are parsed one by one: the objects of a whole batch would trigger garbage collection
    again and again.
    """
    for _seq, id, payload, *rest in in_batches(seqs, _read_file_rows, sessions):
        # Only keys are cached: they repeat across payloads, values rarely do.
        yield FileRow(id, from_json(payload, cache_strings="keys"), *rest)


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
SELECT_RULE_ROWS = SELECT_LIST_ROWS.with_only_columns(
    Version.seq,
    Version.id,
    literal_column(
        "payload - '{field_support,outlets,sources,supporting_outlets,supporting_sources}'::text[]"
        " #- '{form,citations}'",
        Version.payload.type,
    ).label("payload"),
)
"""What a rule needs of its event: half of it, read in half the time."""
SELECT_FILE_ROWS = select(
    Version.seq,
    Version.id,
    cast(Version.payload, Text),
    Version.sort_day,
    func.upper(Version.span, type_=Date) - 1,
    Version.added,
    Version.changed,
).where(*IS_LIVE_BY_SEQ)


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


# Records by name and citation ---------------------------------------------------------------------


def is_id(name: str, kind: str) -> bool:
    """Whether a name has the form of an id of that kind, in any case."""
    return name[:1].upper() == kind and name[1:].isdecimal()


def find_by_name(db: Session, edition: SelectedEdition, kind: str, name: str) -> Version | None:
    """Return the version of a record by its id (in any case), code or slug."""
    if not name.isprintable():
        return None  # PostgreSQL rejects some of these characters
    of_edition = select(Version).where(Version.kind == kind, edition.holds())
    by_slug, id = of_edition.where(Version.slug == name), name.upper()
    if not is_id(name, kind):
        return db.scalars(by_slug).first()
    return (db.scalars(by_slug).first() if name != id else None) or db.scalars(
        of_edition.where(Version.id == id)
    ).first()


def records_citing(
    db: Session, edition: SelectedEdition, ids: Collection[str]
) -> dict[str, ListRow]:
    """Return the live record with each of these citations, by the citation's id; one statement."""
    if not ids:
        return {}
    rows = db.execute(
        select(*LIST_COLUMNS).where(
            or_(*(CITATION_IDS.contains([id]) for id in ids)), edition.holds(), Version.is_live
        )
    )
    found: dict[str, ListRow] = {}
    for row in map(list_row, rows):
        held = {citation["id"] for citation in row.payload["form"]["citations"]}
        found |= dict.fromkeys(held.intersection(ids), row)
    return found


def records_unchanged_since(
    db: Session, edition: SelectedEdition, citations_of_pages: Mapping[str, Collection[str]]
) -> dict[str, dict[str, str]]:
    """Return by page the records of its citations by their ids, if none is newer than the page.

    Pages whose citations are not all in the edition are left out. Runs one SQL statement.
    """
    wanted = {id for ids in citations_of_pages.values() for id in ids}
    if not wanted:
        return {}
    rows = db.execute(
        select(Version.id, Version.opened, Version.payload["form"]["citations"]).where(
            or_(
                Version.id.in_(citations_of_pages),
                *(CITATION_IDS.contains([id]) for id in wanted),
            ),
            edition.holds(),
            Version.is_live,
        )
    ).all()
    opened = {id: at for id, at, _citations in rows}
    holder = {cited["id"]: id for id, _at, citations in rows for cited in citations or ()}
    return {
        page: {id: holder[id] for id in ids}
        for page, ids in citations_of_pages.items()
        if page in opened and all(id in holder and opened[holder[id]] <= opened[page] for id in ids)
    }


# Uses of codes ------------------------------------------------------------------------------------


CodeUses = Mapping[str, Mapping[tuple[str, str], int]]
"""Number of records by letter of the kind (E, M, S …), then by list and code."""


def count_uses(
    db: Session, edition: SelectedEdition, kinds: Collection[str]
) -> Sequence[Row[str, str, int]]:
    """Count the records of these kinds: kind, code with its list, and the number of its uses."""
    term = func.unnest(Version.terms).table_valued("no").render_derived().lateral("used")
    uses = (
        select(Version.kind, FilterTerm.code, func.count())
        .select_from(Version)
        .join(term, true())
        .join(FilterTerm, FilterTerm.no == term.c.no)
        .where(
            Version.kind.in_(kinds),
            edition.holds(),
            Version.is_live,
            FilterTerm.key == "uses",
        )
        .group_by(Version.kind, FilterTerm.code)
    )
    return db.execute(uses).all()
