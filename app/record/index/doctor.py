"""Checks of the newest two editions' indexes for `sojourn doctor`, by a comparison with SQL."""

from collections.abc import Iterator

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.record.editions import NoEditionError, SelectedEdition, select_edition
from app.record.filters import LISTS, ListFilters
from app.record.index.building import build_index, update_index
from app.record.index.index import Index
from app.record.index.matching import Matching
from app.record.index.rows import Slots, slots_in
from app.record.index.searching import IndexSearch
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql import code_usage
from app.record.sql.conditions import certainly_in, live_rows_of_list, possibly_in
from app.record.sql.rows import LATEST_DATE_FIRST
from app.vocabulary.kinds import RecordKind

NAMES: dict[str, str] = {
    RecordKind.EVENT: "events",
    RecordKind.ESTIMATE: "figures",
    RecordKind.SOURCE: "sources",
}
NO_NAMES = Directory.of([])
LATEST_FIRST: dict[str, str] = {
    RecordKind.EVENT: "-happened",
    RecordKind.ESTIMATE: "-as-of",
    RecordKind.SOURCE: "-published",
}


def find_problems(db: Session) -> Iterator[str]:
    """Yield a sentence for each problem of newly built indexes and of updated ones."""
    try:
        edition = select_edition(db)
    except NoEditionError:
        return
    for kind, lists in LISTS.items():
        index = build_index(db, edition, kind)
        checks = [("", index, edition)]
        if edition.no > 1:
            earlier = select_edition(db, str(edition.no - 1))
            updated = update_index(db, build_index(db, earlier, kind), edition)
            checks += [
                (", brought forward,", updated, edition),
                (", of the edition before,", index.at(earlier.no), earlier),
            ]
        for origin, checked, of in checks:
            for breach in [
                *broken_invariants(checked),
                *_differences_from_sql(db, of, checked, lists()),
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
    counted = matching.counts()
    of_list = live_rows_of_list(edition, filters)
    keys = [key.key for key in filters.terms()]
    total = db.scalar(select(func.count()).where(of_list))
    by_term = code_usage.count_terms(db, edition, keys, filters.KIND).get(filters.KIND, {})
    facets = {(key, code): n for key, of in counted.facets.items() for code, n in of.items()}
    if (counted.total, facets) != (total, by_term):
        yield "counts otherwise than the database"
    drawn = matching.histogram(counted.extent)
    bars = drawn.bars if drawn else []
    in_bars = [
        func.count().filter(in_bar(bar.days))
        for bar in bars
        for in_bar in (certainly_in, possibly_in)
    ]
    in_sql = [*db.execute(select(func.count(), *in_bars).where(of_list)).one()][1:]
    dated = db.scalar(select(func.count()).where(of_list, ~func.isempty(Version.span)))
    if (counted.total - counted.undated) != dated or in_sql != [
        number for bar in bars for number in (bar.certain, bar.possible)
    ]:
        yield "draws another histogram than the database"
    orders = {
        LATEST_FIRST[filters.KIND]: LATEST_DATE_FIRST,
        "changed": (Version.changed.desc(), Version.number.desc()),
    }
    for sort, order in orders.items():
        in_order = [*db.scalars(select(Version.seq).where(of_list).order_by(*order))]
        paged, _remaining = matching.page(sort, "", len(index.rows))
        if paged != in_order or matching.order(sort).tolist() != in_order:
            yield f"sorts otherwise than the database (by {sort})"
