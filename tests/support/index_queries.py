"""Random filters of lists, and the comparison of an index with SQL, for tests of the index."""

import random
from collections.abc import Iterator

import numpy as np
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.filters import ListFilters
from app.record.index import Index, Matching
from app.record.index.rows import slots_in
from tests.support.oracle import Oracle, highest

FILTERS_PER_ACT = 28
WORDS = [
    "workers",
    "단둥",
    "丹东",
    "visa -student",
    '"North Korean"',
    "restaurant OR factory",
    "the",
    "Radio Free Asia",
    "-workers",
    "plant -restaurant",
    "the -the -plant",
    "restaurant OR 노동",
    "-plant OR workers",
    "workers zebra",
    "-zebra",
    "elsewhere",
]
WINDOWS = ["2010", "2017-12", "2018-06-15", "2019", "2019-03", "2019-06-20", "2023"]


def some_filters(
    lists: type[ListFilters], chance: random.Random, codes: dict[str, list[str]]
) -> ListFilters:
    """Return random filters: keys with codes of the record, a period, words, an order."""
    included: dict[str, list[str]] = {}
    excluded: dict[str, list[str]] = {}
    for key, known in codes.items():
        if known and chance.random() < 0.15:
            side = excluded if chance.random() < 0.3 else included
            side[key] = chance.sample(known, min(len(known), chance.choice([1, 1, 2])))
    for first, last in lists.PERIODS:
        if chance.random() < 0.3:
            included[first], included[last] = (
                [day] for day in sorted(chance.choices(WINDOWS, k=2))
            )
            for bound in (first, last):
                if chance.random() < 0.3:
                    del included[bound]
    if "match" in lists.by_key() and chance.random() < 0.4:
        included["match"] = ["certain"]
    if "vague" in lists.by_key() and chance.random() < 0.2:
        included["vague"] = [chance.choice(["year", "half-year", "month"])]
    if chance.random() < 0.25:
        included["q"] = [chance.choice(WORDS)]
    for key in ("added_since", "changed_since"):
        if key in lists.by_key() and chance.random() < 0.1:
            included[key] = [chance.choice(["1", "2", "2020-01-01", "2199"])]
    sort = lists.by_key()["sort"]
    included["sort"] = [chance.choice([*sort.choices])]  # type: ignore[attr-defined]
    return lists.made_of(included, excluded)


def random_filters(
    db: Session, edition: SelectedEdition, lists: type[ListFilters], chance: random.Random
) -> list[ListFilters]:
    known = Oracle(db, edition, lists, []).counts(lists()).facets
    codes = {key.key: list(known.get(key.key, {})) for key in lists.terms()}
    return [some_filters(lists, chance, codes) for _ in range(FILTERS_PER_ACT)]


def assert_equals_oracle(
    oracle: Oracle, asked: list[ListFilters], indexes: list[Index], chance: random.Random
) -> None:
    """Compare ids, order, counts, bars, and the page after a random row with the oracle."""
    counted = [(filters, oracle.counts(filters)) for filters in asked]
    oracle.read_bins(counts.extent for _filters, counts in counted)
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
                assert matching.page(sort, "", 1_000) == (
                    [seq for seq in order if seq in rows],
                    len(rows),
                ), query
                assert matching.order(sort).tolist() == [seq for seq in order if seq in rows], query
                after = chance.randrange(len(order) + 1) if order else 0
                behind = [seq for seq in order[after:] if seq in rows]
                place = orders[sort][order[after - 1]] if after else ""
                assert matching.page(sort, place, 2) == (behind[:3], len(behind)), (query, place)


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
    if not all(found.issubset(index.every) for found in index.terms.rows):
        yield "has terms of rows that it knows nothing of"
