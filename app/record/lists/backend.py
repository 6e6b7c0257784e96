"""Reads the lists of an edition: counts, histogram, pages, and rows for pages and files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kinds import FORMS
from app.record.editions import SelectedEdition
from app.record.filters import ListFilters
from app.record.index import IndexSearch, Matching
from app.record.index.edition import IndexedEdition
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql import rows as record_rows
from app.record.sql.rows import CodeUses, ListPage, RowPosition
from app.record.terms import TermPair


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


@dataclass(frozen=True)
class PagePositions:
    """The positions of a page's rows, for callers that may have the rows themselves in a cache."""

    places: Sequence[RowPosition]
    next: str | None
    """The `after` parameter of the next page; None on the last page."""
    remaining: int
    """Number of rows on this page and all following pages."""
    read: Mapping[int, record_rows.ListRow] = field(default_factory=dict)
    """The rows by `seq` if they must not be cached; otherwise empty."""

    def rows(self, db: Session, seqs: Sequence[int]) -> Mapping[int, record_rows.ListRow]:
        """Return rows by `seq`, without purged ones; at most one statement."""
        return self.read or rows_by_seq(db, seqs)


def page_positions(
    db: Session, edition: IndexedEdition, filters: ListFilters, directory: Directory, limit: int
) -> PagePositions:
    """Return the positions of a page. Also reads the rows if they must not be cached."""
    page = _positions(db, edition, filters, directory, limit)
    if edition.is_cacheable:
        return page
    read = rows_by_seq(db, [position.seq for position in page.places])
    return replace(
        page, places=[position for position in page.places if position.seq in read], read=read
    )


def _positions(
    db: Session, edition: IndexedEdition, filters: ListFilters, directory: Directory, limit: int
) -> PagePositions:
    sort = filters.one("sort")
    matching = match(db, edition, filters, directory)
    positions, remaining = matching.positions(sort, filters.one("after"), limit)
    next_ = positions[limit - 1].written(sort) if len(positions) > limit else None
    return PagePositions(positions[:limit], next_, remaining)


def read_page(
    db: Session, edition: IndexedEdition, filters: ListFilters, directory: Directory, limit: int
) -> ListPage:
    page = _positions(db, edition, filters, directory, limit)
    rows = record_rows.rows_by_seq(db, [position.seq for position in page.places])
    return ListPage(rows, page.next, page.remaining if rows else 0)


def rows_by_seq(db: Session, seqs: Sequence[int]) -> dict[int, record_rows.ListRow]:
    """Return rows by `seq`, without purged ones; at most one statement."""
    rows = record_rows.rows_by_seq(db, seqs) if seqs else []
    return {row.seq: row for row in rows if row.seq}


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
    seqs, count = matching.page("-happened", "", most)
    return LatestRows(count, seqs[:most])


def count_code_uses(db: Session, edition: IndexedEdition, keys: Iterable[str]) -> CodeUses:
    """Count the records that use each code of the filters `keys` and of lists without a filter.

    Two SQL statements count the kinds without an index.
    """
    other_kinds = "".join(kind for kind in FORMS if kind not in edition.indexes)
    counted = [*keys, "uses"]
    by_kind: CodeUses = {kind: index.uses(counted) for kind, index in edition.indexes.items()}
    return record_rows.merge_uses(
        record_rows.count_terms(db, edition, ["uses"], other_kinds),
        record_rows.count_reasons(db, edition, other_kinds),
        by_kind,
    )
