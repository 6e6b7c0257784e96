"""The session of a request for lists, and the edition that it reads."""

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from app.database.sessions import ReaderSession
from app.record import editions
from app.record.editions import SelectedEdition, clean_edition
from app.record.index.edition import IndexedEdition
from app.record.index.manager import IndexManager


class ListSession(ReaderSession):
    """A reader's session with the indexes of the worker, the same from start to end."""

    newest_read: int | None = None
    """The newest edition when an edition was selected, because pages of past ones name it too."""

    def __init__(
        self,
        bind: Engine | Connection,
        indexes: IndexManager,
        at_least: int = 0,
        nothing_purged_since: int | None = None,
    ) -> None:
        super().__init__(bind)
        self.indexes = indexes
        self.serving = indexes.serving
        self.at_least = at_least
        """The edition that the client has published, and sees as soon as the worker has it."""
        self.nothing_purged_since = nothing_purged_since
        """The newest edition, if no purge since can be missing in what the worker has cached."""
        self.selected: dict[str, IndexedEdition] = {}
        """The editions that were selected, by query: each list of one is matched once."""


def select_edition(db: ListSession, query: str = "") -> IndexedEdition:
    """Return the edition of a number, or the last one of a UTC day or month; by default the newest.

    The newest is the edition of the worker's indexes. A later one that is requested by its number,
    or that the client has published, is waited for. Raises NotReadyError if it takes too long.
    """
    if query in db.selected:
        return db.selected[query]
    number = int(query) if query.isdecimal() and clean_edition(query) else 0
    newest, serving = None, db.serving
    if serving is None or serving.edition < max(db.at_least, number):
        newest = editions.select_edition(db)
        serving = db.serving = db.indexes.wait_for(newest.no)
    newest = newest or SelectedEdition(serving.edition, serving.at, serving.edition)
    found = editions.select_edition(db, query, newest)
    db.newest_read = max(newest.no, db.newest_read or 0)
    is_cacheable = db.nothing_purged_since == newest.no
    db.selected[query] = db.selected[str(found.no)] = IndexedEdition(
        found.no, found.at, newest.no, serving.select(found.no), is_cacheable=is_cacheable
    )
    return db.selected[query]


def select_newest(db: Session, indexes: IndexManager) -> IndexedEdition:
    """Return the newest edition that a session of the desk sees. Waits for it, like readers do."""
    newest = editions.select_edition(db)
    return IndexedEdition(
        newest.no, newest.at, newest.no, indexes.wait_for(newest.no).select(newest.no)
    )


def select_for_trial(edition: SelectedEdition, indexes: IndexManager) -> IndexedEdition:
    """Return the edition of a trial with the lists of the newest edition that readers see."""
    return IndexedEdition(edition.no, edition.at, edition.newest, indexes.published())
