"""Checks of the server behind a database URL: before the site starts, and while it runs."""

import re
from functools import cache

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app import paths
from app.database.engines import MARKER, desk_engine, reader_engine
from app.errors import CommandError
from app.settings import Settings

MIN_SERVER_VERSION = 150000
REVISION = re.compile(r'^revision = "(\w+)"', re.MULTILINE)


def refuse_unfit_servers(settings: Settings) -> None:
    """Raise CommandError if a server is too old, or if a pooler loses what a connection sets."""
    for make_engine in (reader_engine,) if settings.public_only else (reader_engine, desk_engine):
        engine = make_engine(settings)
        try:
            with engine.connect() as connection:
                refuse_unfit_server(connection)
        finally:
            engine.dispose()


def refuse_unfit_server(connection: Connection) -> None:
    """Raise CommandError for a server that is too old, or a pooler that drops our options."""
    if old := describe_old_server(connection):
        raise CommandError(old)
    # In transaction mode, a pooler would also lose our role and our locks.
    if connection.scalar(text(f"SELECT current_setting('{MARKER}', true)")) is None:
        raise CommandError(
            "A connection pooler such as PgBouncer drops the settings of our connections: name "
            "PostgreSQL itself in the addresses of the database, since Sojourn has a pool of its "
            "own."
        )


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


# While the site runs ---------------------------------------------------------------------------


def check_logins(reader: Engine, desk: Engine | None) -> dict[str, str]:
    """Return a sentence for each check that fails, and "" for each that succeeds.

    Opens a new connection with each login, since only a new one proves the login.
    """
    found = {
        "reader_login": _check_login(reader, "reader", "SELECT"),
        "migrations": _check_tables(reader),
    }
    if desk:
        found["desk_login"] = _check_login(desk, "desk", "SELECT 1 FROM desk.person LIMIT 0")
    return found


def _check_login(engine: Engine, name: str, statement: str) -> str:
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    except SQLAlchemyError as error:
        # The error's class: its message could name a host or a login.
        cause = getattr(error, "orig", None) or error
        return f"The {name}'s login fails ({type(cause).__name__})."
    return ""


def _check_tables(reader: Engine) -> str:
    try:
        with reader.connect() as connection:
            # Tables of an older release may lack the view.
            has_view = connection.scalar(text("SELECT to_regclass('record.revision')"))
            newest = text("SELECT version_num FROM record.revision")
            return describe_revision(connection.scalar(newest) if has_view else None)
    except SQLAlchemyError:
        return "The tables can't be read with the reader's login."


def describe_revision(revision: str | None) -> str:
    """Return "" if the tables are those of this release or of a later one.

    A running release keeps answering while a later one migrates the tables.
    """
    if revision is None or revision < newest_revision():
        return "The tables are those of an older release: run `sojourn upgrade`."
    return ""


def newest_revision() -> str:
    """Return the newest revision of this release."""
    return max(known_revisions())


@cache
def known_revisions() -> frozenset[str]:
    """Return all revisions of this release, read from the files; later ones are greater.

    Importing Alembic and the migrations would take memory in each worker.
    """
    files = (paths.MIGRATIONS / "versions").glob("*.py")
    return frozenset(REVISION.findall("".join(file.read_text() for file in files)))
