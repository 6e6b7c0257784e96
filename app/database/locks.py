"""Work that one process at a time does, whichever comes first: a lock that the database keeps as long as it lives."""

import contextlib
import time
from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, func, select


@contextlib.contextmanager
def alone(engine: Engine, *key: int, waits_seconds: Sequence[float] = (0,)) -> Iterator[bool]:
    """Whether nobody else is at it, after it was tried at these intervals.

    The key is one number of 64 bits or two of 32 that nothing else in the database locks. The lock goes with its
    connection, however that ends.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_alone = False
        for wait in waits_seconds:
            time.sleep(wait)
            if is_alone := bool(connection.scalar(select(func.pg_try_advisory_lock(*key)))):
                break
        try:
            yield is_alone
        finally:
            if is_alone:
                connection.scalar(select(func.pg_advisory_unlock(*key)))
