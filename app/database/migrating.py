"""Bringing a database to the newest tables: roles first, then Alembic's migrations, in code and without an ini file."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from app import paths
from app.database.engines import migration_engine, why_it_failed
from app.database.roles import DESK, READER, create_group_roles, create_login
from app.errors import Stop
from app.settings import Settings

OLDEST_SERVER = 150000
# Two starts at once would both create the first table; the second waits here and then finds it made.
MIGRATING = 0x50_4A_4F_55_52_4E  # any number that no other program on the server uses


def migrate(settings: Settings, revision: str = "head", logins: bool = False) -> None:
    """Makes roles and tables, or brings them to `revision`; with `logins` also the logins that the addresses name."""
    engine = migration_engine(settings)
    try:
        with engine.connect() as connection:
            _is_new_enough(connection)
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATING})
            connection.commit()
            try:
                _migrate(connection, settings, revision, logins)
            finally:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATING})
                connection.commit()
    except OperationalError as error:
        raise Stop(why_it_failed(error)) from error
    finally:
        engine.dispose()


def _migrate(connection: Connection, settings: Settings, revision: str, logins: bool) -> None:
    with connection.begin():
        create_group_roles(connection)
        if logins:
            _create_logins(connection, settings)
    if revision == "base" or (revision != "head" and _is_behind(connection, revision)):
        command.downgrade(alembic_config(connection, settings), revision)
    else:
        command.upgrade(alembic_config(connection, settings), revision)
    connection.commit()


def _is_behind(connection: Connection, revision: str) -> bool:
    """Whether `revision` lies before the one that the database has."""
    at = current_revision(connection)
    return at is not None and revision in {r.revision for r in _migrations().iterate_revisions(at, "base")} - {at}


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
        text("SELECT schemaname FROM pg_tables WHERE tablename = 'alembic_version' ORDER BY schemaname LIMIT 1")
    )
    if schema is None:
        return None
    return MigrationContext.configure(connection, opts={"version_table_schema": schema}).get_current_revision()


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
