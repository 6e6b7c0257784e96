"""What answers a list: the index of its edition where one is ready, and SQL for past editions and until then.

Both give the same answers, so that nobody need know which one did.
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
    if found := _matching(db, edition, filters, directory):
        return found.counts()
    return queries_counts.counts(db, edition, filters, directory)


def tally(
    db: Session,
    edition: Reading,
    filters: ListFilters,
    directory: Directory,
    codes: Sequence[TermPair],
) -> Counts | Tally:
    """The total, and how many of the rows that answer have each of these codes, where nothing else is asked."""
    if found := _matching(db, edition, filters, directory):
        return found.counts()
    return queries_counts.tally(db, edition, filters, directory, codes)


def counts_without(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory
) -> dict[str, int]:
    """How many rows would answer if one key were dropped, for each key."""
    if found := _matching(db, edition, filters, directory):
        return found.counts_without()
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
    if found := _matching(db, edition, filters, directory):
        return found.histogram(extent, least, most)
    return queries_histogram.histogram(
        db, edition, filters, directory, extent, least=least, most=most
    )


def page(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory, limit: int
) -> Page:
    found = _sorted(db, edition, filters, directory)
    if found is None:
        return queries.page(db, edition, filters, directory, limit)
    sort, after = filters.one("sort"), filters.one("after")
    wanted, remaining = found.page(sort, after, limit)
    # What was purged since is missing, and what follows it is there all the same.
    shown = queries.by_seq(db, wanted[:limit])
    following = queries.position(shown[-1], sort) if shown and len(wanted) > limit else None
    return Page(shown, following, remaining if shown else 0)


def can_be_kept(db: Session, edition: Reading) -> bool:
    """Whether what is made of that edition may be shown again without asking the database.

    Only of the newest, and while this worker would know of a purge: of past editions nothing tells what was removed.
    """
    return bool(db.info.get("nothing_purged_since") == edition.no)


@dataclass(frozen=True)
class Places:
    """Which rows stand on a page: of most of them a list has all that it prints, and need not read them again."""

    places: Sequence[Place]
    next: str | None
    """Where the next page begins, if there is one."""
    remaining: int
    """How many rows there are from here on."""
    read: Mapping[int, queries.Found]
    """By `seq`, those that had to be read to know of them."""

    def rows(self, db: Session, seqs: Sequence[int]) -> Mapping[int, queries.Found]:
        """Some of them, as far as they are still there; at most one statement."""
        return self.read or (rows(db, seqs) if seqs else {})


def places(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory, limit: int
) -> Places:
    """The page without its rows, where this worker knows that none of them was purged since."""
    found = _sorted(db, edition, filters, directory)
    if found is None or not can_be_kept(db, edition):
        read = page(db, edition, filters, directory, limit)
        return Places(
            [queries.place(row) for row in read.rows],
            read.next,
            read.remaining,
            {row.seq: row for row in read.rows if row.seq},
        )
    sort = filters.one("sort")
    there, remaining = found.places(sort, filters.one("after"), limit)
    shown = there[:limit]
    return Places(shown, shown[-1].written(sort) if len(there) > limit else None, remaining, {})


def rows(db: Session, seqs: Sequence[int]) -> dict[int, queries.Found]:
    """By `seq`, those that are still there; one statement."""
    return {row.seq: row for row in queries.by_seq(db, seqs) if row.seq}


def stream(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory, sessions: Sessions
) -> Iterator[queries.Filed]:
    """All rows for a file: which they are is found now, and they are read in sessions of their own as it is sent."""
    return queries.filed(in_order(db, edition, filters, directory), sessions)


def in_order(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> Seqs:
    """Return the `seq` of all rows that answer, in the order asked for."""
    found = _sorted(db, edition, filters, directory)
    return (
        found.order(filters.one("sort"))
        if found
        else queries.order(db, edition, filters, directory)
    )


def _sorted(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory
) -> Matching | None:
    """What the index finds, where it can also say in which order: how well a row answers is the database's to say."""
    return (
        None if filters.one("sort") == "relevance" else _matching(db, edition, filters, directory)
    )


def total(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> int:
    """How many rows answer, where nothing else is asked."""
    if found := _matching(db, edition, filters, directory):
        return len(found.answers)
    asked = conditions.conditions(filters, directory).values()
    return db.scalar(select(func.count()).where(conditions.rows_of(edition, filters), *asked)) or 0


@dataclass(frozen=True)
class Newest:
    """How many rows there are, and the `seq` of the newest."""

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
    """Of the answers that have one of the terms of each of these groups, which may be such as no reader asks for.

    None without an index.
    """
    found = _matching(db, edition, filters, directory)
    if found is None:
        return None
    seqs, count = found.among(*having).page("-happened", "", most)
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
    """Of the answers that have one of these terms, those that could have begun on one of these days, but for some ids.

    None without an index; without days none could.
    """
    found = _matching(db, edition, filters, directory)
    if found is None:
        return None
    return found.among(having).beginning(days, but) if days else Beginning([], [])


def by_day(
    db: Session,
    edition: Reading,
    filters: ListFilters,
    directory: Directory,
    terms: Sequence[TermPair],
) -> dict[tuple[date | None, tuple[bool, ...]], int] | None:
    """How many answers could have begun on each day at the earliest, by which of these terms they have.

    None without an index.
    """
    found = _matching(db, edition, filters, directory)
    return found.by_day(terms) if found else None


def used(db: Session, edition: Reading, keys: Iterable[str]) -> Uses:
    """How many records use each code: of the lists with these keys, and of those that nothing can be filtered by.

    Two statements, about the few kinds that no list is of; where there are no indexes three, about all.
    """
    indexes = {kind: index for kind in LISTS if (index := index_of(db, edition, kind))}
    if len(indexes) < len(LISTS):
        return code_usage.together(
            code_usage.by_term(db, edition, [*keys, "uses"]),
            code_usage.inside(db, edition),
            code_usage.why(db, edition),
        )
    others = "".join(kind for kind in FORMS if kind not in indexes)
    by_kind = {kind: index.uses([*keys, "uses"]) for kind, index in indexes.items()}
    return code_usage.together(
        code_usage.by_term(db, edition, ["uses"], others),
        code_usage.why(db, edition, others),
        by_kind,
    )


def _matching(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory
) -> Matching | None:
    """What the index finds, worked out once for all that a page asks of it."""
    index = index_of(db, edition, filters.KIND)
    if index is None:
        return None
    asked = (filters.KIND, edition.no, *filters.narrowing.pairs())
    known: dict[object, Matching] = db.info.setdefault("matching", {})
    if asked not in known:
        known[asked] = Matching.of(index, filters, Search(db, directory))
    return known[asked]


def index_of(db: Session, edition: Reading, kind: str) -> Index | None:
    serving: Serving | None = db.info.get("serving")
    if serving and serving.edition == edition.no:
        return serving.indexes[kind]
    indexes: Indexes | None = db.info.get("indexes")
    return indexes.of(edition, kind) if indexes else None
