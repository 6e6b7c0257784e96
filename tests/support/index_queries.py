"""Random filters of lists, and the comparison of an index with SQL, for tests of the index."""

import random

from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.filters import ListFilters, window_of
from app.record.index import Index, Matching, build_indexes, update_indexes
from tests.support.oracle import Oracle
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
        for key, every in counts.facets.items():
            least = sorted(every.values())[-2:][0]
            shown = {code: n for code, n in every.items() if n >= least or code == "none"}
            is_all = least == min(every.values())
            assert counts.highest(key, 2, ["none"]) == (shown, is_all), (query, key)
        for index in indexes:
            matching = Matching.of(index, filters, oracle.search)
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
