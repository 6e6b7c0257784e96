"""All rows of a list, some at a time, for files: no statement takes long, and no connection waits for a slow reader.

Which rows these are is found first and at once, by `seq`. A row is never changed, so they are those of one edition
whenever they are read; what was purged meanwhile is left out.
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
Sessions = Callable[[], AbstractContextManager[Session]]
"""Where to read from: a session for each batch, given back as soon as its rows are there."""

AT_ONCE = 500
AS_BYTES = "as_bytes"


def in_batches(
    seqs: Seqs, read: Callable[[Session, list[int]], Iterable[R]], sessions: Sessions
) -> Iterator[R]:
    for start in range(0, len(seqs), AT_ONCE):
        with sessions() as db:
            rows = list(read(db, seqs[start : start + AT_ONCE].tolist()))
        yield from rows


def this(db: Session) -> Sessions:
    """The one session for all of it, for whoever keeps it open anyway."""
    return lambda: nullcontext(db)


def packed(
    db: Session,
    found: Select[Any],
    seq: SQLColumnExpression[int],
    order: Iterable[SQLColumnExpression[Any]] = (),
) -> Seqs:
    """The `seq` of everything found, in that order: one value, of 8 MB for a million rows."""
    return unpacked(as_bytes(db, found.with_only_columns(in_one(seq, order))).scalar())


def in_one(
    seq: SQLColumnExpression[int], order: Iterable[SQLColumnExpression[Any]] = ()
) -> ColumnElement[bytes]:
    """The `seq` of a group of rows, for `unpacked`."""
    none, keys = literal(b"", LargeBinary), list(order)
    between = aggregate_order_by(none, *keys) if keys else none
    return func.string_agg(func.int8send(seq), between, type_=LargeBinary)


def unpacked(seqs: bytes | None) -> Seqs:
    return np.frombuffer(seqs or b"", dtype=">i8").astype(np.int64)


def as_bytes(db: Session, statement: Executable) -> Result[*tuple[Any, ...]]:
    """What it finds, where that is long bytes: they come as they are, and not as two letters for each."""
    return db.execute(statement, execution_options={AS_BYTES: True})


@event.listens_for(Engine, "before_cursor_execute")
def _as_bytes(
    _connection: Any, cursor: Any, _statement: str, _values: Any, context: Any, _is_many: bool
) -> None:
    if AS_BYTES in context.execution_options:
        cursor.format = Format.BINARY
