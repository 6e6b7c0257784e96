"""The three ways into the database: the desk's, the reader's and the one for migrations.

Each connection sets its group role as it starts. For a login that is a member of nothing else this changes nothing;
for a login that could do more, the site still runs with the rights of the reader, and the desk with those of the desk.
"""

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from app.database.waits import Pulse, WatchedConnection, watched_connection
from app.errors import Stop
from app.settings import Settings

# As many as Starlette has threads, so that no request waits for a connection while another holds its thread.
MOST_CONNECTIONS = 40

READER_OPTIONS = {
    "role": "sojourn_reader",
    "default_transaction_read_only": "on",
    # One snapshot for all that a page asks, so that its counts and its rows are of one edition.
    "default_transaction_isolation": "repeatable read",
    "statement_timeout": "15s",
    # A page that a lock holds up is answered with an error within five seconds.
    "lock_timeout": "4s",
    # Compiling a statement that counts facets takes longer than running it.
    "jit": "off",
    # Room for the places of all rows that a common word is in: without it PostgreSQL remembers pages instead, and reads
    # every word of every row on these. A statement takes no more than it needs.
    "work_mem": "32MB",
    # Longer than a page may wait for a picture or for references: ten seconds for its turn, sixty for the work.
    "idle_in_transaction_session_timeout": "90s",
}
DESK_OPTIONS = {"role": "sojourn_desk", "lock_timeout": "15s"}
WEB_DESK_OPTIONS = DESK_OPTIONS | {
    "statement_timeout": "10min",
    "idle_in_transaction_session_timeout": "10min",
}
"""A command that loads a million events takes longer, and somebody watches it; a request has nobody."""
WATCH_OPTIONS = READER_OPTIONS | {"lock_timeout": "1s", "statement_timeout": "2s"}
"""A server that is only busy or locked answers within these, with an error."""
MIGRATION_OPTIONS = {"lock_timeout": "5s"}
"""Who waits for a table holds up all who come after. `migrate` tries again."""

WATCH_SILENCE_SECONDS = 2.5
"""Longer than WATCH_OPTIONS: after that the server is not busy but stopped. With a second between two looks, a wait
that began before is given up within four seconds, and a page is answered within five."""
READER_SILENCE_SECONDS = 20.0
DESK_SILENCE_SECONDS = 620.0
"""Both longer than the server's own time-outs: for one connection that goes silent while others answer."""

NETWORK_LIMITS = {
    "connect_timeout": 3,
    # A host that is gone sends no end of the connection. None of this counts on a local socket.
    # Milliseconds; all others are seconds.
    "tcp_user_timeout": 10_000,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
POOL_WAIT_SECONDS = 3


def desk_engine(settings: Settings, pulse: Pulse | None = None) -> Engine:
    """The desk's login: with a pulse for requests, without for commands."""
    if settings.public_only or not settings.database_url:
        raise Stop("There is no desk here: set DATABASE_URL, and leave SOJOURN_PUBLIC_ONLY unset.")
    if pulse is None:
        return _engine(settings.database_url, DESK_OPTIONS)
    return _engine(settings.database_url, WEB_DESK_OPTIONS, pulse, DESK_SILENCE_SECONDS)


def reader_engine(settings: Settings, pulse: Pulse | None = None) -> Engine:
    return _engine(_reader_url(settings), READER_OPTIONS, pulse, READER_SILENCE_SECONDS)


def watch_engine(settings: Settings) -> Engine:
    """The reader's login for the one connection of a watching thread, which no other use of the pool can take away."""
    return _engine(
        _reader_url(settings), WATCH_OPTIONS, None, WATCH_SILENCE_SECONDS, is_pooled=False
    )


def desk_watch_engine(settings: Settings) -> Engine | None:
    """The same for the desk's login, where the desk is on another server than the site; else None."""
    if settings.public_only or not settings.database_url:
        return None
    desk, reader = psycopg_url(settings.database_url), psycopg_url(_reader_url(settings))
    if (desk.host, desk.port, desk.query.get("host")) == (
        reader.host,
        reader.port,
        reader.query.get("host"),
    ):
        return None
    options = DESK_OPTIONS | {"lock_timeout": "1s", "statement_timeout": "2s"}
    return _engine(settings.database_url, options, None, WATCH_SILENCE_SECONDS, is_pooled=False)


def migration_engine(settings: Settings) -> Engine:
    """Without a role: the migrations take `sojourn_owner` themselves, once the roles exist."""
    url = settings.migrate_database_url or settings.database_url
    if not url:
        raise Stop("No database is named: set MIGRATE_DATABASE_URL or DATABASE_URL.")
    return _engine(url, MIGRATION_OPTIONS)


def _reader_url(settings: Settings) -> str:
    url = settings.reader_database_url or settings.database_url
    if not url:
        raise Stop("No database is named: set READER_DATABASE_URL or DATABASE_URL.")
    return url


def psycopg_url(address: str) -> URL:
    """A plain `postgresql://` address as the one that SQLAlchemy opens with psycopg 3."""
    return make_url(address).set(drivername="postgresql+psycopg")


def libpq_url(address: str) -> str:
    """The same address as psycopg itself and libpq's programs take it."""
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)


def _engine(
    address: str,
    options: Mapping[str, str],
    pulse: Pulse | None = None,
    max_silence_seconds: float | None = None,
    is_pooled: bool = True,
) -> Engine:
    url = psycopg_url(address)
    asked = url.query.get("options", "")
    given = asked if isinstance(asked, str) else " ".join(asked)
    # libpq splits `options` at spaces; a backslash keeps one.
    ours = " ".join(
        f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in options.items()
    )
    pool: dict[str, Any] = {
        "pool_size": 5,
        "max_overflow": MOST_CONNECTIONS - 5,
        "pool_pre_ping": True,
        "pool_timeout": POOL_WAIT_SECONDS,
    }
    engine = create_engine(
        url.difference_update_query(["options"]),
        connect_args={
            # An address may name limits of its own.
            **{name: value for name, value in NETWORK_LIMITS.items() if name not in url.query},
            "options": f"{given} {ours} -c timezone=UTC".strip(),
            "application_name": "sojourn",
            # A prepared statement's generic plan is a poor one where most of a filter is usually absent.
            "prepare_threshold": None,
        },
        # A statement's values may be what a reader typed, or a private note: never in an error message.
        hide_parameters=True,
        # Rows are documents: reading them is a good part of most pages, and pydantic's reader takes half as long.
        json_deserializer=from_json,
        **(pool if is_pooled else {"poolclass": NullPool}),
    )
    watched = watched_connection(pulse, max_silence_seconds)

    def connect(
        _dialect: object, _record: object, cargs: list[Any], cparams: dict[str, Any]
    ) -> WatchedConnection:
        return watched.connect(*cargs, **cparams)

    event.listen(engine, "do_connect", connect)
    return engine
