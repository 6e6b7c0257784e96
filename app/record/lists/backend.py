"""Answers lists by the index of their edition or, without one, by SQL. Both give equal answers.

SQL is needed for past editions, and until the worker has built its index.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.dates import edtf
from app.forms import FORMS
from app.record.editions import Reading
from app.record.filters import LISTS, ListFilters
from app.record.index import Beginning, Index, Matching, Search
from app.record.index.manager import Indexes, Serving
from app.record.lists import code_usage
from app.record.lists.code_usage import Uses
from app.record.names.directory import Directory
from app.record.sql import conditions
from app.record.sql import counts as queries_counts
from app.record.sql import histogram as queries_histogram
from app.record.sql import rows as queries
from app.record.sql.counts import Counts, Tally
from app.record.sql.histogram import Bin, Histogram
from app.record.sql.rows import Page, Place
from app.record.sql.streaming import Seqs, Sessions
from app.record.terms import TermPair


def counts(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> Counts:
    if matching := _matching(db, edition, filters, directory):
        return matching.counts()
    return queries_counts.counts(db, edition, filters, directory)


def tally(
    db: Session,
    edition: Reading,
    filters: ListFilters,
    directory: Directory,
    codes: Sequence[TermPair],
) -> Counts | Tally:
    """Count the matching rows, in total and for each of `codes`; cheaper than `counts`."""
    if matching := _matching(db, edition, filters, directory):
        return matching.counts()
    return queries_counts.tally(db, edition, filters, directory, codes)


def counts_without(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory
) -> dict[str, int]:
    """Return for each filtered key the number of matching rows without its filter."""
    if matching := _matching(db, edition, filters, directory):
        return matching.counts_without()
    return queries_counts.counts_without(db, edition, filters, directory)


def histogram(
    db: Session,
    edition: Reading,
    filters: ListFilters,
    directory: Directory,
    extent: edtf.Days,
    *,
    least: Bin = "month",
    most: int = queries_histogram.MOST_BINS,
) -> Histogram | None:
    if matching := _matching(db, edition, filters, directory):
        return matching.histogram(extent, least, most)
    return queries_histogram.histogram(
        db, edition, filters, directory, extent, least=least, most=most
    )


def page(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory, limit: int
) -> Page:
    matching = _sortable_matching(db, edition, filters, directory)
    if matching is None:
        return queries.page(db, edition, filters, directory, limit)
    sort, after = filters.one("sort"), filters.one("after")
    wanted, remaining = matching.page(sort, after, limit)
    # A purged row is missing in `shown`, but the rows after it are still found.
    rows = queries.by_seq(db, wanted[:limit])
    next_ = queries.position(rows[-1], sort) if rows and len(wanted) > limit else None
    return Page(rows, next_, remaining if rows else 0)


def can_be_kept(db: Session, edition: Reading) -> bool:
    """Whether results of that edition may be cached.

    True for the newest edition if this worker is notified of purges. A purge in a past edition
    would go unnoticed.
    """
    return bool(db.info.get("nothing_purged_since") == edition.no)


@dataclass(frozen=True)
class Places:
    """The positions of a page's rows; the list may have the rows themselves in a cache."""

    places: Sequence[Place]
    next: str | None
    """The `after` parameter of the next page; None on the last page."""
    remaining: int
    """Number of rows on this page and all following pages."""
    read: Mapping[int, queries.Found]
    """The rows by `seq` if SQL had to read them; otherwise empty."""

    def rows(self, db: Session, seqs: Sequence[int]) -> Mapping[int, queries.Found]:
        """Return rows by `seq`, without purged ones; at most one statement."""
        return self.read or (rows(db, seqs) if seqs else {})


def places(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory, limit: int
) -> Places:
    """Return the positions of a page, without reading its rows if they may be cached."""
    matching = _sortable_matching(db, edition, filters, directory)
    if matching is None or not can_be_kept(db, edition):
        read = page(db, edition, filters, directory, limit)
        return Places(
            [queries.place(row) for row in read.rows],
            read.next,
            read.remaining,
            {row.seq: row for row in read.rows if row.seq},
        )
    sort = filters.one("sort")
    positions, remaining = matching.places(sort, filters.one("after"), limit)
    on_page = positions[:limit]
    return Places(
        on_page, on_page[-1].written(sort) if len(positions) > limit else None, remaining, {}
    )


def rows(db: Session, seqs: Sequence[int]) -> dict[int, queries.Found]:
    """Return rows by `seq`, without purged ones; one statement."""
    return {row.seq: row for row in queries.by_seq(db, seqs) if row.seq}


def stream(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory, sessions: Sessions
) -> Iterator[queries.Filed]:
    """Yield all rows for a file. Their `seq` is read now, the rows in later sessions."""
    return queries.filed(in_order(db, edition, filters, directory), sessions)


def in_order(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> Seqs:
    """Return the `seq` of all matching rows, sorted."""
    matching = _sortable_matching(db, edition, filters, directory)
    return (
        matching.order(filters.one("sort"))
        if matching
        else queries.order(db, edition, filters, directory)
    )


def _sortable_matching(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory
) -> Matching | None:
    """Return the index's result if the index can sort it: only PostgreSQL ranks by relevance."""
    return (
        None if filters.one("sort") == "relevance" else _matching(db, edition, filters, directory)
    )


def total(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> int:
    """Count the matching rows; cheaper than `counts`."""
    if matching := _matching(db, edition, filters, directory):
        return len(matching.answers)
    wanted = conditions.conditions(filters, directory).values()
    return db.scalar(select(func.count()).where(conditions.rows_of(edition, filters), *wanted)) or 0


@dataclass(frozen=True)
class Newest:
    """The number of matching rows, and the `seq` of those with the latest dates."""

    count: int
    seqs: Sequence[int]


def newest(
    db: Session,
    edition: Reading,
    filters: ListFilters,
    directory: Directory,
    *,
    most: int,
    having: Sequence[Iterable[TermPair]] = (),
) -> Newest | None:
    """Return the latest of the matching rows that have a term of each group in `having`.

    The terms may be ones without a filter. None without an index.
    """
    matching = _matching(db, edition, filters, directory)
    if matching is None:
        return None
    seqs, count = matching.among(*having).page("-happened", "", most)
    return Newest(count, seqs[:most])


def beginning(
    db: Session,
    edition: Reading,
    filters: ListFilters,
    directory: Directory,
    *,
    having: Iterable[TermPair],
    days: edtf.Days | None,
    but: Iterable[str],
) -> Beginning | None:
    """Return the matching rows with one of the terms that possibly started in `days`, except `but`.

    None without an index; empty if `days` is None.
    """
    matching = _matching(db, edition, filters, directory)
    if matching is None:
        return None
    return matching.among(having).beginning(days, but) if days else Beginning([], [])


def by_day(
    db: Session,
    edition: Reading,
    filters: ListFilters,
    directory: Directory,
    terms: Sequence[TermPair],
) -> dict[tuple[date | None, tuple[bool, ...]], int] | None:
    """Count the matching rows by earliest possible day and by which of the terms they have.

    None without an index.
    """
    matching = _matching(db, edition, filters, directory)
    return matching.by_day(terms) if matching else None


def used(db: Session, edition: Reading, keys: Iterable[str]) -> Uses:
    """Count the records with each code, for the filters `keys` and for all lists without a filter.

    With indexes, two statements count the kinds that have no index; without, three count all kinds.
    """
    indexes = {kind: index for kind in LISTS if (index := index_of(db, edition, kind))}
    if len(indexes) < len(LISTS):
        return code_usage.together(
            code_usage.by_term(db, edition, [*keys, "uses"]),
            code_usage.inside(db, edition),
            code_usage.why(db, edition),
        )
    other_kinds = "".join(kind for kind in FORMS if kind not in indexes)
    by_kind = {kind: index.uses([*keys, "uses"]) for kind, index in indexes.items()}
    return code_usage.together(
        code_usage.by_term(db, edition, ["uses"], other_kinds),
        code_usage.why(db, edition, other_kinds),
        by_kind,
    )


def _matching(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory
) -> Matching | None:
    """Return the index's result for a list, cached in the session; None without an index."""
    index = index_of(db, edition, filters.KIND)
    if index is None:
        return None
    key = (filters.KIND, edition.no, *filters.narrowing.pairs())
    cache: dict[object, Matching] = db.info.setdefault("matching", {})
    if key not in cache:
        cache[key] = Matching.of(index, filters, Search(db, directory))
    return cache[key]


def index_of(db: Session, edition: Reading, kind: str) -> Index | None:
    serving: Serving | None = db.info.get("serving")
    if serving and serving.edition == edition.no:
        return serving.indexes[kind]
    indexes: Indexes | None = db.info.get("indexes")
    return indexes.of(edition, kind) if indexes else None
