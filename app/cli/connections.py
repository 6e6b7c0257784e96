"""What every command needs: the database, a session of the desk, and another account than root's."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.cli.privileges import leave_root
from app.database import embedded
from app.database.engines import desk_engine, reader_engine
from app.database.migrating import migrate as bring_up_to_date
from app.database.migrating import refuse_newer_database
from app.database.sessions import DeskSession
from app.errors import Stop
from app.settings import Settings

if TYPE_CHECKING:
    pass


def _is_ours(settings: Settings) -> bool:
    """Whether the database is the one that starts itself."""
    return not (settings.database_url or settings.reader_database_url)


def _without_root(settings: Settings) -> tuple[Settings, str]:
    """Leave root, where we are root: what comes next reads what strangers send. Returns a sentence about the account.

    The data folder stays the one that root has.
    """
    if _is_ours(settings):
        settings = settings.model_copy(update={"data_dir": embedded.data_folder(settings)})
    return settings, leave_root(
        settings.data_dir if _is_ours(settings) else None, settings.purge_list
    )


@contextlib.contextmanager
def _database(settings: Settings, keep_alive: bool = False) -> Iterator[Settings]:
    """The database, ready for use. One of our own is brought up to date first; another's is its owner's to migrate."""
    with embedded.database(settings, keep_alive) as ready:
        if _is_ours(settings):
            bring_up_to_date(ready, logins=True)
        else:
            refuse_newer_database(ready)
        yield ready


@contextlib.contextmanager
def _desk(settings: Settings) -> Iterator[DeskSession]:
    engine = desk_engine(settings)
    try:
        with DeskSession(engine) as session, session.begin():
            yield session
    finally:
        engine.dispose()


def _editions(session: DeskSession) -> int:
    from app.record.models import Edition

    return session.scalar(select(func.count()).select_from(Edition)) or 0


def _expect_tables(settings: Settings) -> None:
    engine = reader_engine(settings)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM record.edition LIMIT 1"))
    except OperationalError:
        raise
    except DBAPIError:
        raise Stop("The database has no tables yet: run `sojourn migrate` first.") from None
    finally:
        engine.dispose()


def own_address(settings: Settings) -> str:
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{name}:{settings.port}"
