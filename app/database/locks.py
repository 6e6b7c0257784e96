"""PostgreSQL advisory locks, for work that one process at a time may do."""

import contextlib
import time
from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, func, select


@contextlib.contextmanager
def advisory_lock(
    engine: Engine, *key: int, waits_seconds: Sequence[float] = (0,)
) -> Iterator[bool]:
    """Try to get the lock after each pause in `waits_seconds`; yield whether this succeeded.

    The key is one 64-bit number, or two 32-bit numbers, that nothing else in the database locks.
    The lock ends with its connection.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_locked = False
        for wait in waits_seconds:
            time.sleep(wait)
            if is_locked := bool(connection.scalar(select(func.pg_try_advisory_lock(*key)))):
                break
        try:
            yield is_locked
        finally:
            if is_locked:
                connection.scalar(select(func.pg_advisory_unlock(*key)))
