"""SQLAlchemy engines for the desk, the public site, migrations, watching threads; and locks.

Each connection sets its group role when it starts, so that the site has the reader's rights only,
even with a login that has more.
"""

import contextlib
import math
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

import psycopg
from pydantic_core import from_json
from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from app.errors import CommandError
from app.settings import Settings

WAIT_STEP_SECONDS = 0.1
"""Interval of psycopg's wake-ups.

Silence is measured in steps and not by the clock, since this process may be stopped too.
"""


IsLost = Callable[[], bool]


class SilentDatabaseError(psycopg.OperationalError):
    """The database accepts data and does not answer."""


class WatchedConnection(psycopg.Connection[Any]):
    """Ends a wait when the database is lost, or silent for `max_silence_seconds`."""

    is_lost: Callable[[], bool] = staticmethod(lambda: False)
    """Whether the watching thread gets no answer."""
    max_silence_seconds = math.inf

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> Any:
        # psycopg's own timeout restarts for each address of a host.
        return cls._limit_wait(super()._connect_gen(conninfo))

    def wait(
        self, gen: Any, interval: float = WAIT_STEP_SECONDS, timeout: float | None = None
    ) -> Any:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(self._limit_wait(gen), interval)
        except SilentDatabaseError:
            # A late answer could be taken for the answer to the next statement.
            self.close()
            raise

    @classmethod
    def _limit_wait(cls, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        silent_seconds = 0.0
        try:
            state = next(gen)
            while True:
                if cls.is_lost() or silent_seconds >= cls.max_silence_seconds:
                    raise SilentDatabaseError("the database does not answer")
                ready = yield state
                silent_seconds = 0.0 if ready else silent_seconds + WAIT_STEP_SECONDS
                # After a step without an event, psycopg may send back nothing, which means that it
                # waits for the same state.
                state = gen.send(ready) or state
        except StopIteration as done:
            return done.value


# Starlette has 40 threads, so a request that has a thread never waits for a connection.
MAX_CONNECTIONS = 40

READER_OPTIONS = {
    "role": "sojourn_reader",
    "default_transaction_read_only": "on",
    # One snapshot for all statements of a page, so that counts and rows are of one edition.
    "default_transaction_isolation": "repeatable read",
    "statement_timeout": "15s",
    # A page that waits for a lock is answered with an error within five seconds.
    "lock_timeout": "4s",
    # Compiling a statement that counts facets takes longer than running it.
    "jit": "off",
    # Room for an exact bitmap of the rows that contain a common word. With a lossy bitmap,
    # PostgreSQL rechecks every row of each disk page. A statement uses only the memory it needs.
    "work_mem": "32MB",
    # Longer than a page may wait for the worker pool: 10 s in the queue and 60 s for the task.
    "idle_in_transaction_session_timeout": "90s",
}
DESK_OPTIONS = {"role": "sojourn_desk", "lock_timeout": "15s"}
WEB_DESK_OPTIONS = DESK_OPTIONS | {
    "statement_timeout": "10min",
    "idle_in_transaction_session_timeout": "10min",
}
"""Time limits of requests. Commands have none: loading a million events takes longer."""
WATCH_OPTIONS = READER_OPTIONS | {"lock_timeout": "1s", "statement_timeout": "2s"}
"""A server that is only busy or locked answers within these limits, with an error."""
MIGRATION_OPTIONS = {"lock_timeout": "5s"}
"""A statement that waits for a table lock blocks all later statements, so it gives up early."""

READ_ONLY_OPTIONS = {"default_transaction_read_only": "on"}
"""Of the desk and of migrations, with SOJOURN_READ_ONLY."""

WATCH_SILENCE_SECONDS = 2.5
"""Longer than the limits of WATCH_OPTIONS: a server that is silent for so long is not just busy.

With one second between two checks, a page gets an error within five seconds.
"""
READER_SILENCE_SECONDS = 20.0
DESK_SILENCE_SECONDS = 620.0
"""Longer than the server's statement timeout, like READER_SILENCE_SECONDS.

Both limits end a wait on one silent connection while the server answers on others.
"""
NETWORK_LIMITS = {
    "connect_timeout": 3,
    # These limits detect a host that has disappeared, which can't close its connections. Local
    # sockets ignore them. `tcp_user_timeout` is in milliseconds, the other limits are in seconds.
    "tcp_user_timeout": 10_000,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
POOL_WAIT_SECONDS = 3
MARKER = "sojourn.marker"
"""A setting of our own, which shows that a connection has its settings."""


def desk_engine(settings: Settings, is_lost: IsLost | None = None) -> Engine:
    """Return an engine with the desk's login. Requests pass `is_lost`; commands do not."""
    if settings.public_only or not settings.database_url:
        raise CommandError(
            "There is no desk here: set DATABASE_URL, and leave SOJOURN_PUBLIC_ONLY unset."
        )
    read_only = READ_ONLY_OPTIONS if settings.read_only else {}
    if is_lost is None:
        return _engine(settings.database_url, DESK_OPTIONS | read_only)
    options = WEB_DESK_OPTIONS | read_only
    return _engine(settings.database_url, options, is_lost, DESK_SILENCE_SECONDS)


def reader_engine(settings: Settings, is_lost: IsLost | None = None) -> Engine:
    return _engine(_reader_url(settings), READER_OPTIONS, is_lost, READER_SILENCE_SECONDS)


def watch_engine(settings: Settings) -> Engine:
    """Return an engine with the reader's login for a watching thread.

    The engine has no pool, so that other threads can't take the connection.
    """
    return _engine(
        _reader_url(settings), WATCH_OPTIONS, None, WATCH_SILENCE_SECONDS, is_pooled=False
    )


def desk_login_engine(settings: Settings) -> Engine | None:
    """Return an engine without a pool for a watching thread; None on a site without a desk."""
    if settings.public_only or not settings.database_url:
        return None
    options = DESK_OPTIONS | {"lock_timeout": "1s", "statement_timeout": "2s"}
    return _engine(settings.database_url, options, None, WATCH_SILENCE_SECONDS, is_pooled=False)


def migration_engine(settings: Settings) -> Engine:
    # Sets no role: the migrations become `sojourn_owner` themselves, once the roles exist.
    url = settings.migrate_database_url or settings.database_url
    if not url:
        raise CommandError("No database is named: set MIGRATE_DATABASE_URL or DATABASE_URL.")
    return _engine(url, MIGRATION_OPTIONS | (READ_ONLY_OPTIONS if settings.read_only else {}))


def _reader_url(settings: Settings) -> str:
    url = settings.reader_database_url or settings.database_url
    if not url:
        raise CommandError("No database is named: set READER_DATABASE_URL or DATABASE_URL.")
    return url


def psycopg_url(address: str) -> URL:
    """Return the URL with SQLAlchemy's driver name for psycopg 3."""
    return make_url(address).set(drivername="postgresql+psycopg")


def libpq_url(address: str) -> str:
    """Return the URL as psycopg itself and libpq's programs accept it."""
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)


def _engine(
    address: str,
    options: Mapping[str, str],
    is_lost: IsLost | None = None,
    max_silence_seconds: float = math.inf,
    is_pooled: bool = True,
) -> Engine:
    url = psycopg_url(address)
    query_options = url.query.get("options", "")
    given = query_options if isinstance(query_options, str) else " ".join(query_options)
    # libpq splits `options` at spaces that no backslash escapes.
    ours = " ".join(
        f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in options.items()
    )
    pool: dict[str, Any] = {
        "pool_size": 5,
        "max_overflow": MAX_CONNECTIONS - 5,
        "pool_pre_ping": True,
        "pool_timeout": POOL_WAIT_SECONDS,
    }
    engine = create_engine(
        url.difference_update_query(["options"]),
        connect_args={
            # Limits in the URL take precedence.
            **{name: value for name, value in NETWORK_LIMITS.items() if name not in url.query},
            "options": f"{given} {ours} -c timezone=UTC -c {MARKER}=yes".strip(),
            "application_name": "sojourn",
            # A prepared statement's generic plan is slow for queries whose filters are mostly
            # empty.
            "prepare_threshold": None,
        },
        # Parameters may be a reader's input or a private note, and must not be in error messages.
        hide_parameters=True,
        # Rows are JSON documents; pydantic's parser takes half the time of the standard one.
        json_deserializer=from_json,
        **(pool if is_pooled else {"poolclass": NullPool}),
    )
    limits: dict[str, Any] = {"max_silence_seconds": max_silence_seconds}
    if is_lost:
        limits["is_lost"] = staticmethod(is_lost)
    watched: type[WatchedConnection] = type("Watched", (WatchedConnection,), limits)

    def connect(
        _dialect: object, _record: object, cargs: list[Any], cparams: dict[str, Any]
    ) -> WatchedConnection:
        return watched.connect(*cargs, **cparams)

    event.listen(engine, "do_connect", connect)
    return engine


@contextlib.contextmanager
def advisory_lock(engine: Engine, *key: int) -> Iterator[bool]:
    """Try to get the lock; yield whether this succeeded.

    The key is one 64-bit number, or two 32-bit numbers, that nothing else in the database locks.
    The lock ends with its connection.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_locked = bool(connection.scalar(select(func.pg_try_advisory_lock(*key))))
        try:
            yield is_locked
        finally:
            if is_locked:
                connection.scalar(select(func.pg_advisory_unlock(*key)))
