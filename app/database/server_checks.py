"""Checks of the server behind a database URL, made before the site starts."""

from sqlalchemy import Connection, Engine, text

from app.database.engines import DESK_OPTIONS, READER_OPTIONS, desk_engine, reader_engine
from app.errors import CommandError
from app.settings import Settings

MIN_SERVER_VERSION = 150000
ROUNDS = 3
"""How often it is looked for a pooler: a busy one may hand out other connections by chance."""


def refuse_unfit_servers(settings: Settings) -> None:
    """Raise CommandError if a server is too old, or if a pooler loses what a connection sets."""
    found = _describe(reader_engine(settings), READER_OPTIONS["role"])
    if not found and not settings.public_only:
        found = _describe(desk_engine(settings), DESK_OPTIONS["role"])
    if found:
        raise CommandError(found)


def _describe(engine: Engine, role: str | None) -> str:
    try:
        with engine.connect() as connection:
            if old := describe_old_server(connection):
                return old
        return describe_pooler(engine, role)
    finally:
        engine.dispose()


def describe_old_server(connection: Connection) -> str:
    """Return a sentence if the server is older than Sojourn needs; else ""."""
    version = int(str(connection.scalar(text("SHOW server_version_num"))))
    if version >= MIN_SERVER_VERSION:
        return ""
    return (
        f"Sojourn needs PostgreSQL {MIN_SERVER_VERSION // 10000} or later; this server is "
        f"{version // 10000}: upgrade it, or name another one."
    )


SILENCE_SECONDS = 900
"""Without a message for so long, a replica is stale: the main server's jobs run every 5 minutes."""
MESSAGE = text("SELECT pg_logical_emit_message(true, 'sojourn', 'tick')")
"""What the main server's jobs write into its log, so that a replica knows how old its state is."""


def seconds_alone(connection: Connection) -> float:
    """Return the age of the last change of a replica that gets none any more; else 0.

    Any login sees whether there is a receiver; what it receives is for other logins to see. A
    receiver may be fed by a replica that is stale itself, so its existence is not enough.
    """
    statement = """
        SELECT CASE
            WHEN NOT pg_is_in_recovery() THEN 0
            WHEN EXISTS (SELECT FROM pg_stat_wal_receiver) AND NOT pg_is_wal_replay_paused()
                AND age < :silence THEN 0
            ELSE age
        END
        FROM extract(epoch FROM clock_timestamp()
            - coalesce(pg_last_xact_replay_timestamp(), pg_postmaster_start_time())) AS age"""
    return float(connection.scalar(text(statement), {"silence": SILENCE_SECONDS}) or 0)


def describe_pooler(engine: Engine, role: str | None = None) -> str:
    """Return a sentence if a pooler between us and PostgreSQL is not fit for use; else "".

    In transaction mode the next transaction may get another server process, which has neither our
    role, nor our time limits, nor our locks. With `role`, also check that it arrived.
    """
    pid = text("SELECT pg_backend_pid()")
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as idle,
        engine.connect() as busy,
    ):
        given = idle.scalar(text("SELECT current_setting('role')"))
        for _ in range(ROUNDS):
            first = idle.scalar(pid)
            # Two open connections of PostgreSQL itself never share a process.
            is_shared = busy.scalar(pid) == first
            is_changed = idle.scalar(pid) != first
            busy.rollback()
            if is_shared or is_changed:
                return (
                    "A connection pooler in transaction mode, such as PgBouncer, is between "
                    "Sojourn and PostgreSQL: name PostgreSQL itself in the addresses of the "
                    "database, since Sojourn has a pool of its own."
                )
    if role and given != role:
        return (
            f"A connection pooler drops the settings of our connections (role “{given}” instead "
            f"of “{role}”): name PostgreSQL itself in the addresses of the database."
        )
    return ""
