"""Bringing a database to the newest tables: roles first, then Alembic's migrations, in code and without an ini file."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from app import paths
from app.database.engines import migration_engine, reader_engine
from app.database.errors import describe_database_error
from app.database.roles import DESK, READER, create_group_roles, create_login
from app.errors import Stop
from app.settings import Settings

OLDEST_SERVER = 150000
# Two starts at once would both create the first table; the second waits here and then finds it made.
PAUSES_SECONDS = (1, 2, 4, 8, 8)
"""After each try that found a table in use for longer than the lock time-out; meanwhile others get at it."""
TURN_MINUTES = 30
MIGRATING = 0x50_4A_4F_55_52_4E  # any number that no other program on the server uses


def migrate(settings: Settings, revision: str = "head", logins: bool = False) -> None:
    """Makes roles and tables, or brings them to `revision`; with `logins` also the logins that the addresses name."""
    try:
        with migration_lock(settings) as connection:
            for pause in PAUSES_SECONDS:
                try:
                    refuse_newer_tables(connection)
                    make_roles(connection, settings, logins)
                    _run_migrations(connection, settings, revision)
                    break
                except OperationalError as error:
                    if not isinstance(error.orig, LockNotAvailable):
                        raise
                # All that came before the migration that waited is done; the role is that of its tables' owner.
                connection.rollback()
                connection.execute(text("RESET ROLE"))
                connection.commit()
                time.sleep(pause)
            else:
                raise Stop(
                    "The tables can't be changed while another program is using them: stop `sojourn serve` and "
                    "whatever else reads or writes this database, and run `sojourn migrate` again."
                )
    except OperationalError as error:
        raise Stop(describe_database_error(error)) from error


def _run_migrations(connection: Connection, settings: Settings, revision: str) -> None:
    if revision == "base" or (revision != "head" and _is_behind(connection, revision)):
        command.downgrade(alembic_config(connection, settings), revision)
    else:
        command.upgrade(alembic_config(connection, settings), revision)
    connection.commit()


@contextmanager
def migration_lock(
    settings: Settings, on_wait: Callable[[], None] | None = None
) -> Iterator[Connection]:
    """A connection of the migrating login, which alone may change tables: others wait here until it is closed.

    Calls `on_wait` before it waits for another program that migrates or restores.
    """
    engine = migration_engine(settings)
    try:
        with engine.connect() as connection:
            _is_new_enough(connection)
            key = {"key": MIGRATING}
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key):
                if on_wait:
                    on_wait()
                _wait_for_turn(connection)
            connection.commit()
            try:
                yield connection
            finally:
                # A connection that is lost has lost its lock as well.
                with suppress(DBAPIError):
                    connection.rollback()
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
                    connection.commit()
    finally:
        engine.dispose()


def _wait_for_turn(connection: Connection) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = '{TURN_MINUTES}min'"))
    try:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATING})
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        raise Stop(
            f"Another program has been migrating or restoring this database for {TURN_MINUTES} minutes: "
            "wait until it is done, and run this again."
        ) from None


def make_roles(connection: Connection, settings: Settings, logins: bool) -> None:
    """Makes the group roles, and with `logins` the logins, in a transaction of its own: they belong to the server."""
    with connection.begin():
        create_group_roles(connection)
        if logins:
            _create_logins(connection, settings)


def upgrade_in_transaction(connection: Connection, settings: Settings, revision: str) -> None:
    """Brings the tables to `revision` within the caller's transaction."""
    config = alembic_config(connection, settings)
    config.attributes["in_transaction"] = True
    command.upgrade(config, revision)


def refuse_newer_tables(connection: Connection) -> None:
    """Refuses a database that a newer release has migrated: this one would misread what it holds."""
    revision = current_revision(connection)
    connection.rollback()
    if is_newer(revision):
        raise Stop(describe_newer(revision))


def refuse_newer_database(settings: Settings) -> None:
    """The same for a database that a command only uses; where the reader's login alone is known, under that."""
    engine = reader_engine(settings) if settings.public_only else migration_engine(settings)
    try:
        with engine.connect() as connection:
            if not settings.public_only:
                refuse_newer_tables(connection)
                return
            with suppress(ProgrammingError):  # tables of an older release, or none
                revision = connection.scalar(text("SELECT version_num FROM record.revision"))
                if is_newer(revision):
                    raise Stop(describe_newer(revision))
    finally:
        engine.dispose()


def is_newer(revision: str | None) -> bool:
    """Whether the tables are at a revision that this release does not know."""
    return revision is not None and revision not in known_revisions()


def describe_newer(revision: str | None) -> str:
    """The sentence for a database of a newer release."""
    return (
        f"The database was migrated by a newer Sojourn (its tables are at {revision}, this release knows them up to "
        f"{newest_revision()}): install that release or a later one. Nothing was changed."
    )


def _is_behind(connection: Connection, revision: str) -> bool:
    """Whether `revision` lies before the one that the database has."""
    at = current_revision(connection)
    return at is not None and revision in {
        r.revision for r in _migrations().iterate_revisions(at, "base")
    } - {at}


def downgrade(settings: Settings, revision: str = "base") -> None:
    """Undoes migrations, for tests and for a release that has to be taken back."""
    migrate(settings, revision)


def alembic_config(connection: Connection, settings: Settings) -> Config:
    """What `migrations/env.py` is given: the folder and, as attributes, an open connection and the settings."""
    config = _config()
    config.attributes["settings"] = settings
    config.attributes["connection"] = connection
    return config


def _config() -> Config:
    config = Config()
    # ConfigParser reads `%` as the start of a placeholder.
    config.set_main_option("script_location", str(paths.MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def current_revision(connection: Connection) -> str | None:
    """The migration that the database is at; none in an empty database."""
    schema = connection.scalar(
        text(
            "SELECT schemaname FROM pg_tables WHERE tablename = 'alembic_version' ORDER BY schemaname LIMIT 1"
        )
    )
    if schema is None:
        return None
    return MigrationContext.configure(
        connection, opts={"version_table_schema": schema}
    ).get_current_revision()


def newest_revision() -> str | None:
    """The newest migration of this release."""
    return _migrations().get_current_head()


def known_revisions() -> set[str]:
    """All migrations of this release."""
    return {script.revision for script in _migrations().walk_revisions()}


def _migrations() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _is_new_enough(connection: Connection) -> None:
    version = int(str(connection.scalar(text("SHOW server_version_num"))))
    connection.commit()
    if version < OLDEST_SERVER:
        raise Stop(f"Sojourn needs PostgreSQL 15 or later; this server is {version // 10000}.")


def _create_logins(connection: Connection, settings: Settings) -> None:
    """The desk's and the reader's login, named and given passwords by their own addresses."""
    me = connection.scalar(text("SELECT session_user"))
    for address, group in ((settings.database_url, DESK), (settings.reader_database_url, READER)):
        if not address:
            continue
        url = make_url(address)
        if not url.username:
            raise Stop(f"No login for {group} can be made: its address names no user.")
        # The login that runs this, often a superuser, must not be cut down to a reader.
        if url.username != me:
            create_login(connection, url.username, url.password, group)
