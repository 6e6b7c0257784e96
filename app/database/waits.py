"""Connections that stop waiting when the database no longer answers.

The server's timeouts do not help if the server itself is stopped. TCP timeouts do not help on a
local socket, where the kernel keeps accepting data. So the wait is limited here, between the steps
of psycopg.
"""

from collections.abc import Generator
from typing import Any

import psycopg
from psycopg.errors import ConnectionTimeout

WAIT_STEP_SECONDS = 0.1
"""Interval of psycopg's wake-ups.

Silence is measured in steps and not by the clock, since this process may be stopped too.
"""


class SilentDatabaseError(psycopg.OperationalError):
    """The database accepts data and does not answer."""


class Pulse:
    """Whether the database answers, as last reported by the thread that checks every second.

    While `is_lost`, all waits for a statement end at once.
    """

    def __init__(self) -> None:
        self.is_lost = False

    def note_answer(self) -> None:
        self.is_lost = False

    def note_failure(self, error: BaseException) -> None:
        # A server that refuses a connection does answer; only a silent one is lost.
        self.is_lost = isinstance(error, (SilentDatabaseError, ConnectionTimeout))


class WatchedConnection(psycopg.Connection[Any]):
    """Ends a wait when the pulse is lost or the database is silent for `max_silence_seconds`."""

    pulse: Pulse | None = None
    max_silence_seconds: float | None = None

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> Any:
        # psycopg's own timeout restarts for each address of a host.
        return _limit_wait(super()._connect_gen(conninfo), cls)

    def wait(
        self, gen: Any, interval: float = WAIT_STEP_SECONDS, timeout: float | None = None
    ) -> Any:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(_limit_wait(gen, type(self)), interval)
        except SilentDatabaseError:
            # A late answer could be taken for the answer to the next statement.
            self.close()
            raise


def watched_connection(
    pulse: Pulse | None, max_silence_seconds: float | None
) -> type[WatchedConnection]:
    """Return a subclass of `WatchedConnection` with these limits."""
    attributes = {"pulse": pulse, "max_silence_seconds": max_silence_seconds}
    return type("WatchedConnection", (WatchedConnection,), attributes)


def _limit_wait(
    gen: Generator[Any, Any, Any], limits: type[WatchedConnection]
) -> Generator[Any, Any, Any]:
    pulse, max_silence = limits.pulse, limits.max_silence_seconds
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
                    max_silence is not None and steps * WAIT_STEP_SECONDS >= max_silence
                ):
                    raise SilentDatabaseError("the database does not answer")
            # After a step without an event, psycopg may send back nothing, which means that it
            # waits for the same state.
            state = gen.send(ready) or state
    except StopIteration as done:
        return done.value
