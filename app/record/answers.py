"""What answers a list: the index of its edition where one is ready, and SQL for past editions and until then.

Both give the same answers, so that nobody need know which one did.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from pyroaring import BitMap
from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from app import dates
from app.record import queries
from app.record.directory import Directory
from app.record.editions import NoEdition, Reading, reading
from app.record.filters import LISTS, ListFilters
from app.record.index import Index, build
from app.record.models import Version
from app.record.queries import Counts, Histogram, Page

log = logging.getLogger("sojourn")


class Indexes:
    """The indexes of the newest edition, read beside the requests: while one is read, SQL answers."""

    def __init__(self, sessions: Callable[[], AbstractContextManager[Session]]) -> None:
        self.sessions = sessions
        self.kept: Mapping[str, Index] = {}
        self.busy = threading.Lock()

    def of(self, edition: Reading, kind: str) -> Index | None:
        index = self.kept.get(kind)
        if index and index.edition == edition.no:
            return index
        if edition.is_newest and not self.busy.locked():
            threading.Thread(target=self.read, name="index", daemon=True).start()
        return None

    def read(self) -> None:
        """Reads the newest edition, if another one is kept."""
        with self.busy:
            try:
                with self.sessions() as db:
                    edition = reading(db)
                    if any(index.edition == edition.no for index in self.kept.values()):
                        return
                    self.kept = {kind: build(db, edition, kind) for kind in LISTS}
            except (OperationalError, InterfaceError, NoEdition) as error:
                # The database is away, or empty: SQL goes on answering, and the next request tries again.
                log.warning("The index could not be read: %s", type(error).__name__)


def counts(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> Counts:
    if index := _ready(db, edition, filters):
        return index.counts(filters, _search(db, edition, filters, directory, index))
    return queries.counts(db, edition, filters, directory)


def counts_without(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> dict[str, int]:
    """How many rows would answer if one key were dropped, for each key."""
    if index := _ready(db, edition, filters):
        return index.counts_without(filters, _search(db, edition, filters, directory, index))
    return queries.counts_without(db, edition, filters, directory)


def histogram(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory, extent: dates.Days
) -> Histogram | None:
    if index := _ready(db, edition, filters):
        return index.histogram(filters, extent, _search(db, edition, filters, directory, index))
    return queries.histogram(db, edition, filters, directory, extent)


def page(db: Session, edition: Reading, filters: ListFilters, directory: Directory, limit: int) -> Page:
    index = _ready(db, edition, filters)
    # How well a row answers is the database's to say.
    if index is None or filters.one("sort") == "relevance":
        return queries.page(db, edition, filters, directory, limit)
    wanted, remaining = index.page(filters, limit, _search(db, edition, filters, directory, index))
    by_seq = {row.seq: queries.found(row) for row in db.execute(ROWS, {"seqs": wanted})}
    rows = [by_seq[seq] for seq in wanted if seq in by_seq]
    shown = rows[:limit]
    following = queries.position(shown[-1], filters.one("sort")) if len(rows) > limit else None
    return Page(shown, following, remaining if rows else 0)


ROWS = select(*queries.SHOWN).where(
    Version.seq == any_(bindparam("seqs", type_=ARRAY(BigInteger))),
    Version.state == "live",  # no longer, where it was purged since
)


def _ready(db: Session, edition: Reading, filters: ListFilters) -> Index | None:
    indexes: Indexes | None = db.info.get("indexes")
    return indexes.of(edition, filters.KIND) if indexes else None


def _search(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory, index: Index
) -> Callable[[str], BitMap]:
    def search(question: str) -> BitMap:
        rows = queries.rows_of(edition, filters), queries.says(question, directory)
        return index.ranks_of(db.scalars(select(Version.seq).where(*rows)).all())

    return search
