"""The session of a request for lists, and the lists of an edition: counts, pages and rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from app.database.sessions import ReaderSession
from app.kinds import FORMS
from app.record import editions
from app.record.editions import SelectedEdition, clean_edition
from app.record.filters import ListFilters
from app.record.index import IndexSearch, Matching
from app.record.index.edition import IndexedEdition
from app.record.index.manager import IndexManager
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql import rows as record_rows
from app.record.sql.rows import CodeUses, ListPage
from app.record.terms import TermPair


class ListSession(ReaderSession):
    """A reader's session with the indexes of the worker, the same from start to end."""

    newest_read: int | None = None
    """The newest edition when an edition was selected, because pages of past ones name it too."""

    def __init__(
        self,
        bind: Engine | Connection,
        indexes: IndexManager,
        at_least: int = 0,
    ) -> None:
        super().__init__(bind)
        self.indexes = indexes
        self.serving = indexes.serving
        self.at_least = at_least
        """The edition that the client has published, and sees as soon as the worker has it."""
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
    db.selected[query] = db.selected[str(found.no)] = IndexedEdition(
        found.no, found.at, newest.no, serving.select(found.no)
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


# Lists --------------------------------------------------------------------------------------------


def match(
    db: Session, edition: IndexedEdition, filters: ListFilters, directory: Directory
) -> Matching:
    """Return the matching rows. A list is matched once in a request."""
    key = (filters.KIND, *filters.narrowing.pairs())
    if key not in edition.matching:
        edition.matching[key] = Matching.of(
            edition.indexes[filters.KIND], filters, IndexSearch(db, directory)
        )
    return edition.matching[key]


def read_page(
    db: Session, edition: IndexedEdition, filters: ListFilters, directory: Directory, limit: int
) -> ListPage:
    sort = filters.one("sort")
    matching = match(db, edition, filters, directory)
    positions, remaining = matching.positions(sort, filters.one("after"), limit)
    next_ = positions[limit - 1].written(sort) if len(positions) > limit else None
    seqs = [position.seq for position in positions[:limit]]
    rows = [*rows_by_seq(db, seqs).values()]
    return ListPage(rows, next_, remaining if rows else 0)


def rows_by_seq(db: Session, seqs: Sequence[int]) -> dict[int, record_rows.ListRow]:
    """Return rows by `seq`, in the order of `seqs`, without purged ones; at most one statement."""
    if not seqs:
        return {}
    read = db.execute(record_rows.SELECT_LIST_ROWS, {"seqs": seqs})
    rows = {row.seq: record_rows.list_row(row) for row in read}
    return {seq: rows[seq] for seq in seqs if seq in rows}


def rows_by_id(
    db: Session, edition: SelectedEdition, ids: Sequence[str]
) -> dict[str, record_rows.ListRow]:
    """Return live rows of an edition by id; at most one statement."""
    if not ids:
        return {}
    rows = db.execute(
        select(*record_rows.LIST_COLUMNS).where(
            Version.id.in_(ids), edition.holds(), Version.is_live
        )
    )
    return {row.id: record_rows.list_row(row) for row in rows}


@dataclass(frozen=True)
class LatestRows:
    """The number of matching rows, and the `seq` of those with the latest dates."""

    count: int
    seqs: Sequence[int]


def latest_rows(
    db: Session,
    edition: IndexedEdition,
    filters: ListFilters,
    directory: Directory,
    *,
    most: int,
    having: Sequence[Iterable[TermPair]] = (),
) -> LatestRows:
    """Return the latest of the matching rows that have at least one term of each group in `having`.

    The terms may have keys that are not filters.
    """
    matching = match(db, edition, filters, directory).among(*having)
    places, count = matching.positions("-happened", "", most)
    return LatestRows(count, [place.seq for place in places[:most]])


def count_code_uses(db: Session, edition: IndexedEdition, keys: Iterable[str]) -> CodeUses:
    """Count the records that use each code of the filters `keys` and of lists without a filter.

    One SQL statement counts the kinds without an index.
    """
    counted = [*keys, "uses"]
    found = {kind: dict(index.uses(counted)) for kind, index in edition.indexes.items()}
    others = FORMS.keys() - found.keys()
    for kind, code, count in record_rows.count_uses(db, edition, others):
        found.setdefault(kind, {})["uses", code] = count
    return found
