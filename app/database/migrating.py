"""Migration of a database: roles first, then Alembic's migrations, without an ini file."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from app import paths
from app.database.engines import migration_engine, reader_engine
from app.database.errors import describe_database_error
from app.database.roles import DESK, READER, create_group_roles, create_login
from app.database.server_checks import known_revisions, newest_revision, refuse_unfit_server
from app.errors import CommandError
from app.progress import stage
from app.settings import Settings

MAX_WAIT_MINUTES = 30
MIGRATION_LOCK = 0x50_4A_4F_55_52_4E
"""Key of the advisory lock: any number that no other program on the server uses."""


def migrate(settings: Settings, revision: str = "head", logins: bool = False) -> int:
    """Create roles and tables, or migrate them to `revision`; return how many migrations ran.

    With `logins`, also create the logins of the database URLs.
    """
    try:
        with migration_lock(settings) as connection:
            refuse_unknown_tables(connection)
            missing = _count_steps(connection)
            make_roles(connection, settings, logins)
            with stage("Migrating tables", missing) as advance:
                command.upgrade(_config(connection=connection, advance=advance), revision)
            connection.commit()
    except OperationalError as error:
        raise CommandError(describe_database_error(error)) from error
    return missing


def _count_steps(connection: Connection) -> int:
    """Return the number of migrations that the tables lack."""
    at = current_revision(connection) or ""
    connection.rollback()
    return sum(revision > at for revision in known_revisions())


@contextmanager
def migration_lock(settings: Settings) -> Iterator[Connection]:
    """Open a connection of the migrating login that holds the migration lock.

    Two programs that start at the same time would both create the first table, so the second one
    waits.
    """
    engine = migration_engine(settings)
    try:
        with engine.connect() as connection:
            refuse_unfit_server(connection)
            connection.commit()
            key = {"key": MIGRATION_LOCK}
            _wait_for_lock(connection, key)
            connection.commit()
            try:
                yield connection
            finally:
                # A lost connection has released its lock already.
                with suppress(DBAPIError):
                    connection.rollback()
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
                    connection.commit()
    finally:
        engine.dispose()


def _wait_for_lock(connection: Connection, key: dict[str, int]) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = '{MAX_WAIT_MINUTES}min'"))
    try:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), key)
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        raise CommandError(
            f"Another program has been migrating or restoring this database for {MAX_WAIT_MINUTES} "
            "minutes: wait until it is done, and run this again."
        ) from None


def make_roles(connection: Connection, settings: Settings, logins: bool) -> None:
    """Create the group roles and, with `logins`, the logins."""
    # Roles are created in a separate transaction, since they belong to the whole server.
    with connection.begin():
        create_group_roles(connection)
        if logins:
            _create_logins(connection, settings)


def upgrade_in_transaction(connection: Connection, revision: str) -> None:
    """Migrate the tables to `revision` within the caller's transaction."""
    command.upgrade(_config(connection=connection, in_transaction=True), revision)


def refuse_unknown_tables(connection: Connection) -> None:
    """Raise CommandError if another release or an unreleased state has migrated the database."""
    revision = current_revision(connection)
    connection.rollback()
    refuse_unknown(revision, "The database")


def refuse_unknown_database(settings: Settings) -> None:
    """Raise CommandError if another release or an unreleased state has migrated the database.

    With `public_only` this is checked with the reader's login.
    """
    engine = reader_engine(settings) if settings.public_only else migration_engine(settings)
    try:
        with engine.connect() as connection:
            if not settings.public_only:
                refuse_unknown_tables(connection)
                return
            with suppress(ProgrammingError):  # no tables, or those of an older release
                revision = connection.scalar(text("SELECT version_num FROM record.revision"))
                refuse_unknown(revision, "The database")
    finally:
        engine.dispose()


def refuse_unknown(revision: str | None, what: str) -> None:
    """Raise CommandError if this release has no migration to `revision`: it could misread tables.

    `what` names the database or backup. Releases are migrated to later ones, in one step each;
    states between two releases are not.
    """
    newest = newest_revision()
    if revision is None or revision in known_revisions():
        return
    if revision > newest:
        raise CommandError(
            f"{what} was made by a newer Sojourn (its tables are at {revision}, this release knows "
            f"them up to {newest}): install that release or a later one. Nothing was changed."
        )
    raise CommandError(
        f"{what} was made by an unreleased state of Sojourn (its tables are at {revision}), which "
        "no release can read: export the record with that state, and import it into a new "
        "database. Nothing was changed."
    )


def _config(**attributes: Any) -> Config:
    """Return a configuration without a file, with attributes for `migrations/env.py`."""
    config = Config(attributes=attributes)
    # ConfigParser reads `%` as the start of a placeholder.
    config.set_main_option("script_location", str(paths.MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def current_revision(connection: Connection) -> str | None:
    """Return the database's revision; None if it is empty."""
    schema = connection.scalar(
        text(
            "SELECT schemaname FROM pg_tables WHERE tablename = 'alembic_version' "
            "ORDER BY schemaname LIMIT 1"
        )
    )
    if schema is None:
        return None
    return MigrationContext.configure(
        connection, opts={"version_table_schema": schema}
    ).get_current_revision()


def _create_logins(connection: Connection, settings: Settings) -> None:
    """Create the desk's and the reader's login, with the names and passwords of their URLs."""
    me = connection.scalar(text("SELECT session_user"))
    for address, group in ((settings.database_url, DESK), (settings.reader_database_url, READER)):
        if not address:
            continue
        url = make_url(address)
        if not url.username:
            raise CommandError(f"No login for {group} can be made: its address names no user.")
        # The login that migrates, often a superuser, must not get the reader's limits.
        if url.username != me:
            create_login(connection, url.username, url.password, group)
