"""Checks of the server behind a database URL: before the site starts, and while it runs."""

import re
import threading
import time
from functools import cache

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app import paths
from app.background import BackgroundLoop
from app.database.engines import (
    MARKER,
    desk_engine,
    desk_login_engine,
    reader_engine,
    watch_engine,
)
from app.database.upkeep import newest_age_seconds
from app.errors import CommandError
from app.settings import Settings

MIN_SERVER_VERSION = 150000
SECONDS_BETWEEN = 5.0
STALE_SECONDS = 30.0
"""A check that takes longer than this counts as failed: the database is silent."""
NOT_CHECKED = "It has not been checked yet."
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


class ReadinessWatch:
    """A thread that opens a new connection with each login, since only a new one proves the login.

    `problems` has a sentence for each failed check, and "" for each successful one.
    """

    def __init__(self, settings: Settings) -> None:
        self.reader: Engine = watch_engine(settings)
        self.desk: Engine | None = desk_login_engine(settings)
        """None on a public site without a desk."""
        self.results: dict[str, str] = {"reader_login": NOT_CHECKED, "migrations": NOT_CHECKED}
        if self.desk:
            self.results["desk_login"] = NOT_CHECKED
        self.checked_at: float | None = None
        self.backup_dir = settings.backup_dir
        self.backup_age_seconds: float | None = None
        """None without a backup, or if SOJOURN_BACKUP_DIR is not set."""
        self.stopped = threading.Event()
        self.loop = BackgroundLoop("readiness", self._check_later, self.stopped)

    def start(self) -> None:
        self.loop.start()

    def stop(self) -> None:
        self.stopped.set()
        # A check that waits for a silent database must not delay the end of the worker.
        self.loop.join(1)

    @property
    def problems(self) -> dict[str, str]:
        since = self.checked_at
        if since is not None and time.monotonic() - since > STALE_SECONDS:
            return dict.fromkeys(self.results, "The database does not answer.")
        return dict(self.results)

    def check(self) -> None:
        """Run all checks once."""
        results = {"reader_login": "", "migrations": ""}
        try:
            with self.reader.connect() as connection:
                # Tables of an older release may lack the view.
                has_view = connection.scalar(text("SELECT to_regclass('record.revision')"))
                revision = (
                    connection.scalar(text("SELECT version_num FROM record.revision"))
                    if has_view
                    else None
                )
            results["migrations"] = describe_revision(revision)
        except SQLAlchemyError as error:
            results["reader_login"] = f"The reader's login fails ({_name(error)})."
            results["migrations"] = "The tables can't be read with the reader's login."
        if self.desk:
            results["desk_login"] = _check_desk(self.desk)
        self.backup_age_seconds = newest_age_seconds(self.backup_dir)
        self.results = results
        self.checked_at = time.monotonic()

    def _check_later(self) -> None:
        self.check()
        self.stopped.wait(SECONDS_BETWEEN)


def _check_desk(desk: Engine) -> str:
    """Return what is wrong with the desk's login."""
    try:
        with desk.connect() as connection:
            connection.execute(text("SELECT 1 FROM desk.person LIMIT 0"))
    except SQLAlchemyError as error:
        return f"The desk's login fails ({_name(error)})."
    return ""


def describe_revision(revision: str | None) -> str:
    """Return "" if the tables are those of this release or of a later one.

    A running release keeps answering while a later one migrates the tables.
    """
    if revision is None or revision < newest_revision():
        return "The tables are those of an older release: run `sojourn migrate`."
    return ""


@cache
def newest_revision() -> str:
    """Return the newest revision, read from the files.

    Importing Alembic and the migrations would take memory in each worker.
    """
    files = (paths.MIGRATIONS / "versions").glob("*.py")
    return str(max(REVISION.findall("".join(file.read_text() for file in files))))


def _name(error: SQLAlchemyError) -> str:
    """Return the error's class: its message could name a host or a login."""
    cause = getattr(error, "orig", None) or error
    return type(cause).__name__
