"""Random filters of lists, and the comparison of an index with SQL, for tests of the index."""

import random
from collections.abc import Iterator

import numpy as np
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.filters import ListFilters, window_of
from app.record.index import Index, Matching, build_indexes, update_indexes
from app.record.index.rows import slots_in
from tests.support.oracle import Oracle, highest
from tests.support.queries import some_filters

FILTERS_PER_ACT = 28


def build_index(db: Session, edition: SelectedEdition, kind: str) -> Index:
    return build_indexes(db, edition, [kind])[kind]


def update_index(db: Session, index: Index, edition: SelectedEdition) -> Index:
    return update_indexes(db, {index.kind: index}, edition)[index.kind]


def random_filters(
    db: Session, edition: SelectedEdition, lists: type[ListFilters], chance: random.Random
) -> list[ListFilters]:
    known = Oracle(db, edition, lists).counts(lists()).facets
    codes = {key.key: list(known.get(key.key, {})) for key in lists.terms()}
    return [some_filters(lists, chance, codes) for _ in range(FILTERS_PER_ACT)]


def assert_equals_oracle(
    oracle: Oracle, asked: list[ListFilters], indexes: list[Index], chance: random.Random
) -> None:
    """Compare ids, order, counts, bars, and the page after a random row with the oracle."""
    counted = [(filters, oracle.counts(filters)) for filters in asked]
    orders = {
        sort: oracle.in_order(sort)
        for sort in {filters.one("sort") for filters in asked} - {"relevance"}
    }
    for filters, counts in counted:
        query, sort = filters.query_string(), filters.one("sort")
        for index in indexes:
            matching = Matching.of(index, filters, oracle.search)
            most, key = (
                chance.choice([1, 2, 3]),
                chance.choice([key.key for key in filters.terms()]),
            )
            assert matching.counts().highest(key, most, ["none"]) == highest(
                counts.facets.get(key, {}), most, ["none"]
            ), (query, key)
            assert matching.counts() == counts, query
            assert matching.counts_without() == {
                key: len(oracle.rows(filters, key)) for key in matching.sets
            }, query
            assert matching.histogram(counts.extent) == oracle.histogram(filters, counts.extent), (
                query
            )
            if sort in orders:
                order, rows = list(orders[sort]), oracle.rows(filters)
                if sort[0] == "-" and (last := window_of(filters).last):
                    # "On or before" a day after the period may be in the period: it comes last.
                    days = {seq: row.sort_day or last for seq, row in oracle.listed.items()}
                    order.sort(key=lambda seq: days[seq] > last)
                assert page(matching, sort, "", 1_000) == (
                    [seq for seq in order if seq in rows],
                    len(rows),
                ), query
                assert matching.order(sort).tolist() == [seq for seq in order if seq in rows], query
                after = chance.randrange(len(order) + 1) if order else 0
                behind = [seq for seq in order[after:] if seq in rows]
                place = orders[sort][order[after - 1]] if after else ""
                assert page(matching, sort, place, 2) == (behind[:3], len(behind)), (query, place)


def page(matching: Matching, sort: str, after: str, limit: int) -> tuple[list[int], int]:
    found, remaining = matching.positions(sort, after, limit)
    return [position.seq for position in found], remaining


def broken_invariants(index: Index) -> Iterator[str]:
    """Yield the broken invariants of an index."""
    rows, live = index.rows, slots_in(index.live)
    if len(live) and live[-1] >= len(rows):
        yield "holds rows that it knows nothing of"
        return
    if (np.diff(rows.columns.seq) <= 0).any():
        yield "holds a row twice, or is not in the order of `seq`"
    if index.live != rows.columns.in_edition(index.edition):
        yield "holds rows of another edition"
    if not all(
        found.issubset(index.every) for key in index.terms.rows.values() for found in key.values()
    ):
        yield "has terms of rows that it knows nothing of"
