"""Reads all rows of a list in batches, for files, so that slow clients hold no connection.

The `seq` of all rows is read first. Rows never change, so all batches belong to one edition. Rows
that were purged in the meantime are left out.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from psycopg.pq import Format
from sqlalchemy import (
    ColumnElement,
    Engine,
    Executable,
    LargeBinary,
    Result,
    Select,
    SQLColumnExpression,
    event,
    func,
    literal,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

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
