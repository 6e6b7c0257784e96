"""Helpers of the commands: open the database or a desk session, leave root, describe an error.

Messages of most exceptions quote a value, which could be private, so they are left out.
"""

import contextlib
import errno
import os
import traceback
from collections.abc import Iterator

import psycopg
from pydantic import ValidationError
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.database import embedded
from app.database.engines import desk_engine, reader_engine
from app.database.errors import describe_database_error
from app.database.migrating import migrate, refuse_unknown_database
from app.database.privileges import leave_root
from app.database.sessions import DeskSession, ReaderSession
from app.errors import CommandError, refused_fields
from app.settings import FILE_SUFFIX, Settings


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


@contextlib.contextmanager
def open_own_desk() -> Iterator[tuple[Settings, DeskSession]]:
    """Yield the settings of this process with the database ready, and a session of its desk."""
    with open_database(Settings.from_environment()) as ready, open_desk(ready) as session:
        yield ready, session


@contextlib.contextmanager
def open_reader(settings: Settings) -> Iterator[ReaderSession]:
    """Yield a session of the reader's login, which can read nothing private."""
    engine = reader_engine(settings)
    try:
        with ReaderSession(engine) as session, session.begin():
            yield session
    finally:
        engine.dispose()


def count_editions(session: DeskSession) -> int:
    from app.record.models import Edition

    return session.scalar(select(func.count()).select_from(Edition)) or 0


def require_tables(settings: Settings) -> None:
    """Raise CommandError if the database has not been migrated."""
    try:
        with open_reader(settings) as session:
            session.execute(text("SELECT 1 FROM record.edition LIMIT 1"))
    except OperationalError:
        raise
    except DBAPIError:
        raise CommandError("The database has no tables yet: run `sojourn migrate` first.") from None


def describe_outdated_rules(settings: Settings) -> str:
    """Return what to do if older rules calculated the record; "" if nothing."""
    # Imported here: most commands need nothing of the record.
    from app.record.editions import find_outdated_rules

    with open_reader(settings) as session:
        found = find_outdated_rules(session)
    command = ".venv/bin/sojourn publish --again"
    return found.replace("sojourn publish --again", command) if uses_embedded(settings) else found


def local_url(settings: Settings) -> str:
    """Return the URL of the site on this machine."""
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{name}:{settings.port}"


def changed_settings() -> list[str]:
    """Return the names of settings that are not left at their default."""
    names = [str(field.validation_alias) for field in Settings.model_fields.values()]
    return [name for name in names if setting_origin(name) != "default"]


def setting_origin(name: str) -> str:
    if path := os.environ.get(name + FILE_SUFFIX):
        return f"file {path}"
    return "environment" if os.environ.get(name) else "default"


# Errors ---------------------------------------------------------------------------------------

DISK_FULL_CODES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def describe_error(error: Exception) -> str:
    """Return one sentence for the person who ran the command."""
    # Imported here: most commands end before the record's code is needed.
    from app.record.publishing.validation import PublishError

    match error:
        case CommandError():
            return str(error)
        case PublishError():
            return f"Nothing was changed: {error}."
        case DBAPIError() | psycopg.Error():
            return describe_database_error(error)
        case PoolTimeoutError():
            return "The database is busy and gave no connection in time. Try again later."
        case ValidationError():
            return (
                f"This release can't read a stored record ({error.title}: "
                f"{refused_fields(error)}): run `sojourn doctor`, which names the record."
            )
        case OSError():
            return _describe_os_error(error)
    return (
        f"Sojourn has a fault ({type(error).__name__} {_last_location(error)}): run the command "
        "again with --verbose, and report the output."
    )


def describe_details(error: Exception) -> Iterator[str]:
    """Yield the lines for `--verbose`: traceback and type of the error and, before it, its cause.

    Messages are left out, since they may repeat what is private.
    """
    for each in (error.__cause__ or error.__context__, error):
        if each is not None:
            yield from (line.rstrip("\n") for line in traceback.format_tb(each.__traceback__))
            yield f"{type(each).__module__}.{type(each).__qualname__}"


def _describe_os_error(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    reason = error.strerror or type(error).__name__
    if error.errno in DISK_FULL_CODES:
        return f"{where}{reason}: free some space, and run the command again."
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"{where}{reason}: give this account access, or choose another path."
    return f"{where}{reason}: check the path, or choose another one."


def _last_location(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/app/" in frame.filename] or frames
    return f"in {ours[-1].name}, line {ours[-1].lineno}" if ours else ""
