"""Checks of the newest edition's indexes for `sojourn doctor`, by a comparison with SQL."""

from collections.abc import Iterator

import numpy as np
from sqlalchemy.orm import Session

from app.record.editions import NoEditionError, SelectedEdition, select_edition
from app.record.filters import LISTS, ListFilters
from app.record.index.building import build_index, update_index
from app.record.index.index import Index
from app.record.index.matching import Matching
from app.record.index.rows import Slots, slots_in
from app.record.index.searching import IndexSearch
from app.record.names.directory import Directory
from app.record.sql import counts, histogram
from app.record.sql import rows as record_rows
from app.vocabulary.kinds import RecordKind

NAMES: dict[str, str] = {
    RecordKind.EVENT: "events",
    RecordKind.ESTIMATE: "figures",
    RecordKind.SOURCE: "sources",
}
NO_NAMES = Directory({}, {}, {})


def find_problems(db: Session) -> Iterator[str]:
    """Yield a sentence for each problem of newly built indexes and of updated ones."""
    try:
        edition = select_edition(db)
    except NoEditionError:
        return
    for kind, lists in LISTS.items():
        indexes = {"": build_index(db, edition, kind)}
        if edition.no > 1:
            before = build_index(db, select_edition(db, str(edition.no - 1)), kind)
            indexes[", brought forward,"] = update_index(db, before, edition)
        for origin, index in indexes.items():
            for breach in [
                *broken_invariants(index),
                *_differences_from_sql(db, edition, index, lists()),
            ]:
                yield (
                    f"The index of {NAMES[kind]}{origin} {breach}: this is a fault of "
                    "Sojourn, please report it."
                )


def broken_invariants(index: Index) -> Iterator[str]:
    """Yield the broken invariants of an index."""
    rows, live = index.rows, slots_in(index.live)
    if len(live) and live[-1] >= len(rows):
        yield "holds rows that it knows nothing of"
        return
    if not (
        _is_sorted(index, np.arange(index.sorted, dtype=np.uint32))
        and _is_sorted(index, index.tail)
    ):
        yield "is not in the order of dates"
    if sorted(index.tail.tolist()) != list(range(index.sorted, len(rows))):
        yield "has lost rows that came later"
    if (np.diff(rows.columns.seq[index.by_seq]) <= 0).any():
        yield "holds a row twice"
    if index.live != rows.columns.in_edition(index.edition):
        yield "holds rows of another edition"
    terms = index.terms
    sizes = np.array([len(found) for found in terms.rows], dtype=np.int64)
    every = slots_in(index.every)
    are_as_listed = all(
        np.array_equal(lists.tally(every, len(places)), sizes[places])
        for places, lists in zip(terms.words.places, terms.lists, strict=False)
    )
    if not (
        are_as_listed
        and np.array_equal(sizes, terms.sizes)
        and all(found.issubset(index.every) for found in terms.rows)
    ):
        yield "counts other rows for a term than answer to it"
    for stays in [*index.bins.could.values(), *index.bins.must.values()]:
        begun, ended = (
            sum(index.live.intersection_cardinality(found) for found in sets.values())
            for sets in (stays.begins, stays.ends)
        )
        if begun != ended:
            yield "has rows that begin in a bar of the histogram and never end"
            return


def _is_sorted(index: Index, slots: Slots) -> bool:
    columns = index.rows.columns
    order = np.lexsort((columns.number[slots], -columns.width[slots], columns.day[slots]))
    return bool((order == np.arange(len(slots))).all())


def _differences_from_sql(
    db: Session, edition: SelectedEdition, index: Index, filters: ListFilters
) -> Iterator[str]:
    """Yield the differences between index and SQL for a list without filters."""
    matching = Matching.of(index, filters, IndexSearch(db, NO_NAMES))
    counted = counts.count_list(db, edition, filters, NO_NAMES)
    if matching.counts() != counted:
        yield "counts otherwise than the database"
    if matching.histogram(counted.extent) != histogram.histogram(
        db, edition, filters, NO_NAMES, counted.extent
    ):
        yield "draws another histogram than the database"
    for sort in {filters.one("sort"), "changed"}:
        in_sql = record_rows.read_order(db, edition, filters.with_(sort=sort), NO_NAMES).tolist()
        paged, _remaining = matching.page(sort, "", len(index.rows))
        if paged != in_sql or matching.order(sort).tolist() != in_sql:
            yield f"sorts otherwise than the database (by {sort})"
