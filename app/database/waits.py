"""Connections that wait for the database no longer than it is known to answer.

A time-out of the server is of no use where the server itself has stopped, and TCP's are of none on a local socket: the
kernel goes on taking what is sent. So the waiting is done here, in steps of psycopg's, and given up from our side.
"""

from collections.abc import Generator
from typing import Any

import psycopg
from psycopg.errors import ConnectionTimeout

WAIT_STEP_SECONDS = 0.1
"""psycopg wakes up so often while it waits. Steps are counted, not time: our own process may have been stopped."""


class SilentDatabaseError(psycopg.OperationalError):
    """The database takes what is sent and does not answer."""


class Pulse:
    """Whether the database answers, as the thread that asks it every second last saw.

    Whoever waits for a statement meanwhile is let go at once, and nobody begins to wait.
    """

    def __init__(self) -> None:
        self.is_lost = False

    def note_answer(self) -> None:
        self.is_lost = False

    def note_failure(self, error: BaseException) -> None:
        """A server that refuses answers as well: only one that says nothing is waited for in vain."""
        self.is_lost = isinstance(error, (SilentDatabaseError, ConnectionTimeout))


class WatchedConnection(psycopg.Connection[Any]):
    """Ends a wait when the database's pulse is lost, or when it has been silent for `max_silence_seconds`."""

    pulse: Pulse | None = None
    max_silence_seconds: float | None = None

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> Any:
        # psycopg's own time-out counts from zero for each address of a host.
        return _watched(super()._connect_gen(conninfo), cls)

    def wait(
        self, gen: Any, interval: float = WAIT_STEP_SECONDS, timeout: float | None = None
    ) -> Any:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(_watched(gen, type(self)), interval)
        except SilentDatabaseError:
            # What the server may still answer belongs to nobody.
            self.close()
            raise


def watched_connection(
    pulse: Pulse | None, max_silence_seconds: float | None
) -> type[WatchedConnection]:
    attributes = {"pulse": pulse, "max_silence_seconds": max_silence_seconds}
    return type("WatchedConnection", (WatchedConnection,), attributes)


def _watched(
    gen: Generator[Any, Any, Any], limits: type[WatchedConnection]
) -> Generator[Any, Any, Any]:
    pulse, most = limits.pulse, limits.max_silence_seconds
    steps = 0
    if pulse and pulse.is_lost:
        raise SilentDatabaseError("the database does not answer")
    try:
        state = next(gen)
        while True:
            ready = yield state
            if ready:
                steps = 0
            else:
                steps += 1
                if (pulse and pulse.is_lost) or (
                    most is not None and steps * WAIT_STEP_SECONDS >= most
                ):
                    raise SilentDatabaseError("the database does not answer")
            # After a step without news psycopg keeps what it waits for, and may return nothing.
            state = gen.send(ready) or state
    except StopIteration as done:
        return done.value
