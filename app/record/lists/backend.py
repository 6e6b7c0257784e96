"""Reads lists from the index of their edition or, without an index, by SQL, with equal results.

SQL is needed for past editions, and until the worker has built its index.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from app.database.sessions import ReaderSession
from app.dates import edtf
from app.forms import FORMS
from app.record import histogram_bins
from app.record.editions import SelectedEdition
from app.record.filters import LISTS, ListFilters
from app.record.histogram_bins import BinSize
from app.record.index import Index, IndexSearch, Matching, StartingRows
from app.record.index.manager import IndexManager, ServedEdition
from app.record.lists import code_usage
from app.record.lists.code_usage import CodeUses
from app.record.names.directory import Directory
from app.record.sql import conditions
from app.record.sql import counts as queries_counts
from app.record.sql import histogram as queries_histogram
from app.record.sql import rows as record_rows
from app.record.sql.counts import ListCounts, Tally
from app.record.sql.histogram import Histogram
from app.record.sql.rows import ListPage, RowPosition
from app.record.sql.streaming import OpenSession, Seqs
from app.record.terms import TermPair


class ListSession(ReaderSession):
    """A reader's session that can read lists from the worker's indexes."""

    nothing_purged_since: int | None = None
    """The newest edition, if no purge since can be missing in what the worker has cached."""

    def __init__(
        self,
        bind: Engine | Connection,
        indexes: IndexManager | None = None,
        serving: ServedEdition | None = None,
    ) -> None:
        super().__init__(bind)
        self.indexes = indexes
        self.serving = serving
        """The indexes that the request uses from start to end."""
        self.served = (serving.edition, serving.at) if serving else None
        self.matching: dict[object, Matching] = {}
        """Results of the indexes, by list."""


def count_list(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> ListCounts:
    if matching := _matching(db, edition, filters, directory):
        return matching.counts()
    return queries_counts.count_list(db, edition, filters, directory)


def count_codes(
    db: Session,
    edition: SelectedEdition,
    filters: ListFilters,
    directory: Directory,
    codes: Sequence[TermPair],
) -> ListCounts | Tally:
    """Count the matching rows, in total and for each of `codes`; cheaper than `count_list`."""
    if matching := _matching(db, edition, filters, directory):
        return matching.counts()
    return queries_counts.count_codes(db, edition, filters, directory, codes)


def counts_without(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> dict[str, int]:
    """Return, for each key with a filter, how many rows would match without that filter."""
    if matching := _matching(db, edition, filters, directory):
        return matching.counts_without()
    return queries_counts.counts_without(db, edition, filters, directory)


def histogram(
    db: Session,
    edition: SelectedEdition,
    filters: ListFilters,
    directory: Directory,
    extent: edtf.Days,
    *,
    least: BinSize = "month",
    most: int = histogram_bins.MAX_BINS,
) -> Histogram | None:
    if matching := _matching(db, edition, filters, directory):
        return matching.histogram(extent, least, most)
    return queries_histogram.histogram(
        db, edition, filters, directory, extent, least=least, most=most
    )


def read_page(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory, limit: int
) -> ListPage:
    matching = _sortable_matching(db, edition, filters, directory)
    if matching is None:
        return record_rows.read_page(db, edition, filters, directory, limit)
    sort, after = filters.one("sort"), filters.one("after")
    wanted, remaining = matching.page(sort, after, limit)
    # Purged rows are missing in `rows`, but `wanted` still shows whether there is a next page.
    rows = record_rows.rows_by_seq(db, wanted[:limit])
    next_ = record_rows.page_cursor(rows[-1], sort) if rows and len(wanted) > limit else None
    return ListPage(rows, next_, remaining if rows else 0)


def is_cacheable(db: Session, edition: SelectedEdition) -> bool:
    """Whether results of that edition may be cached.

    True for the newest edition if this worker is notified of purges. A purge in a past edition
    would go unnoticed.
    """
    return isinstance(db, ListSession) and db.nothing_purged_since == edition.no


@dataclass(frozen=True)
class PagePositions:
    """The positions of a page's rows, for callers that may have the rows themselves in a cache."""

    places: Sequence[RowPosition]
    next: str | None
    """The `after` parameter of the next page; None on the last page."""
    remaining: int
    """Number of rows on this page and all following pages."""
    read: Mapping[int, record_rows.ListRow]
    """The rows by `seq` if SQL had to read them; otherwise empty."""

    def rows(self, db: Session, seqs: Sequence[int]) -> Mapping[int, record_rows.ListRow]:
        """Return rows by `seq`, without purged ones; at most one statement."""
        return self.read or (rows_by_seq(db, seqs) if seqs else {})


def page_positions(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory, limit: int
) -> PagePositions:
    """Return the positions of a page.

    Also reads the rows if there is no index, or if rows must not be cached.
    """
    matching = _sortable_matching(db, edition, filters, directory)
    if matching is None or not is_cacheable(db, edition):
        read = read_page(db, edition, filters, directory, limit)
        return PagePositions(
            [record_rows.row_position(row) for row in read.rows],
            read.next,
            read.remaining,
            {row.seq: row for row in read.rows if row.seq},
        )
    sort = filters.one("sort")
    positions, remaining = matching.places(sort, filters.one("after"), limit)
    on_page = positions[:limit]
    return PagePositions(
        on_page, on_page[-1].written(sort) if len(positions) > limit else None, remaining, {}
    )


def rows_by_seq(db: Session, seqs: Sequence[int]) -> dict[int, record_rows.ListRow]:
    """Return rows by `seq`, without purged ones; one statement."""
    return {row.seq: row for row in record_rows.rows_by_seq(db, seqs) if row.seq}


def stream(
    db: Session,
    edition: SelectedEdition,
    filters: ListFilters,
    directory: Directory,
    sessions: OpenSession,
) -> Iterator[record_rows.FileRow]:
    """Yield all rows for a file. Reads all `seq` in this session, the rows in later sessions."""
    return record_rows.rows_for_file(read_order(db, edition, filters, directory), sessions)


def read_order(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> Seqs:
    """Return the `seq` of all matching rows, sorted."""
    matching = _sortable_matching(db, edition, filters, directory)
    return (
        matching.order(filters.one("sort"))
        if matching
        else record_rows.read_order(db, edition, filters, directory)
    )


def _sortable_matching(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> Matching | None:
    """Return the index's result if the index can sort it: only PostgreSQL ranks by relevance."""
    return (
        None if filters.one("sort") == "relevance" else _matching(db, edition, filters, directory)
    )


def count_rows(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> int:
    """Count the matching rows; cheaper than `count_list`."""
    if matching := _matching(db, edition, filters, directory):
        return len(matching.answers)
    wanted = conditions.conditions(filters, directory).values()
    return (
        db.scalar(
            select(func.count()).where(conditions.live_rows_of_list(edition, filters), *wanted)
        )
        or 0
    )


@dataclass(frozen=True)
class LatestRows:
    """The number of matching rows, and the `seq` of those with the latest dates."""

    count: int
    seqs: Sequence[int]


def latest_rows(
    db: Session,
    edition: SelectedEdition,
    filters: ListFilters,
    directory: Directory,
    *,
    most: int,
    having: Sequence[Iterable[TermPair]] = (),
) -> LatestRows | None:
    """Return the latest of the matching rows that have at least one term of each group in `having`.

    The terms may have keys that are not filters. Returns None without an index.
    """
    matching = _matching(db, edition, filters, directory)
    if matching is None:
        return None
    seqs, count = matching.among(*having).page("-happened", "", most)
    return LatestRows(count, seqs[:most])


def rows_starting(
    db: Session,
    edition: SelectedEdition,
    filters: ListFilters,
    directory: Directory,
    *,
    having: Iterable[TermPair],
    days: edtf.Days | None,
    but: Iterable[str],
) -> StartingRows | None:
    """Return the matching rows that have a term of `having` and may have started in `days`.

    Leaves out the ids in `but`. Returns None without an index; empty rows if `days` is None.
    """
    matching = _matching(db, edition, filters, directory)
    if matching is None:
        return None
    return matching.among(having).beginning(days, but) if days else StartingRows([], [])


def count_by_day(
    db: Session,
    edition: SelectedEdition,
    filters: ListFilters,
    directory: Directory,
    terms: Sequence[TermPair],
) -> dict[tuple[date | None, tuple[bool, ...]], int] | None:
    """Count the matching rows by earliest possible day and by which of the terms they have.

    Returns None without an index.
    """
    matching = _matching(db, edition, filters, directory)
    return matching.by_day(terms) if matching else None


def count_code_uses(db: Session, edition: SelectedEdition, keys: Iterable[str]) -> CodeUses:
    """Count the records that use each code of the filters `keys` and of lists without a filter.

    If all indexes are there, two SQL statements count the kinds that never have one. If an index is
    missing, three statements count all kinds.
    """
    indexes = {kind: index for kind in LISTS if (index := index_of(db, edition, kind))}
    if len(indexes) < len(LISTS):
        return code_usage.merge_uses(
            code_usage.count_terms(db, edition, [*keys, "uses"]),
            code_usage.count_codes_in_payloads(db, edition),
            code_usage.count_reasons(db, edition),
        )
    other_kinds = "".join(kind for kind in FORMS if kind not in indexes)
    by_kind = {kind: index.uses([*keys, "uses"]) for kind, index in indexes.items()}
    return code_usage.merge_uses(
        code_usage.count_terms(db, edition, ["uses"], other_kinds),
        code_usage.count_reasons(db, edition, other_kinds),
        by_kind,
    )


def _matching(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory
) -> Matching | None:
    """Return the index's result for a list, cached in the session; None without an index."""
    index = index_of(db, edition, filters.KIND)
    if index is None or not isinstance(db, ListSession):
        return None
    key = (filters.KIND, edition.no, *filters.narrowing.pairs())
    if key not in db.matching:
        db.matching[key] = Matching.of(index, filters, IndexSearch(db, directory))
    return db.matching[key]


def index_of(db: Session, edition: SelectedEdition, kind: str) -> Index | None:
    if not isinstance(db, ListSession):
        return None
    if db.serving and edition.no <= db.serving.edition:
        return db.serving.select(edition.no)[kind]
    return db.indexes.of(edition, kind) if db.indexes else None
