"""Helpers of the commands: open the database or a desk session, and switch from root."""

import contextlib
from collections.abc import Iterator

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.cli.privileges import leave_root
from app.database import embedded
from app.database.engines import desk_engine, reader_engine
from app.database.migrating import migrate, refuse_unknown_database
from app.database.sessions import DeskSession
from app.errors import CommandError
from app.settings import Settings


def uses_embedded(settings: Settings) -> bool:
    """Whether the settings name no database, so that the embedded PostgreSQL is used."""
    return not (settings.database_url or settings.reader_database_url)


def drop_root(settings: Settings) -> tuple[Settings, str]:
    """Switch from root to an unprivileged account, before the process reads untrusted input.

    Returns the settings, with root's data folder if the embedded database is used, and a sentence
    about the account, which is empty if the process is not root.
    """
    if uses_embedded(settings):
        settings = settings.model_copy(update={"data_dir": embedded.data_folder(settings)})
    return settings, leave_root(
        settings.data_dir if uses_embedded(settings) else None, settings.purge_list
    )


@contextlib.contextmanager
def open_database(settings: Settings, keep_alive: bool = False) -> Iterator[Settings]:
    """Yield settings with the URLs of a database that is ready for use.

    The embedded database is migrated first; another must have been migrated with `sojourn migrate`.
    """
    with embedded.database(settings, keep_alive) as ready:
        if uses_embedded(settings) and not settings.read_only:
            migrate(ready, logins=True)
        else:
            refuse_unknown_database(ready)
        yield ready


@contextlib.contextmanager
def open_desk(settings: Settings) -> Iterator[DeskSession]:
    """Yield a session of the desk; commit at the end, roll back after an error."""
    engine = desk_engine(settings)
    try:
        with DeskSession(engine) as session, session.begin():
            yield session
    finally:
        engine.dispose()


def count_editions(session: DeskSession) -> int:
    from app.record.models import Edition

    return session.scalar(select(func.count()).select_from(Edition)) or 0


def require_tables(settings: Settings) -> None:
    """Raise CommandError if the database has not been migrated."""
    engine = reader_engine(settings)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM record.edition LIMIT 1"))
    except OperationalError:
        raise
    except DBAPIError:
        raise CommandError("The database has no tables yet: run `sojourn migrate` first.") from None
    finally:
        engine.dispose()


def describe_outdated_rules(settings: Settings) -> str:
    """Return what to do if older rules calculated the record; "" if nothing."""
    from app.database.sessions import ReaderSession
    from app.record.editions import find_outdated_rules

    engine = reader_engine(settings)
    try:
        with ReaderSession(engine) as session:
            found = find_outdated_rules(session)
    finally:
        engine.dispose()
    command = ".venv/bin/sojourn publish --again"
    return found.replace("sojourn publish --again", command) if uses_embedded(settings) else found


def local_url(settings: Settings) -> str:
    """Return the URL of the site on this machine."""
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{name}:{settings.port}"
