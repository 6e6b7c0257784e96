"""Which records a query finds, best first: those with all of its parts, then those with some.

A part that few records have weighs more, and the rarest part most. Only a bounded number of
records is ranked by its text.
"""

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap
from sqlalchemy.orm import Session

from app.dates.edtf import Days
from app.record.filters import LISTS, ListFilters
from app.record.index import IndexSearch, Matching
from app.record.index.edition import IndexedEdition
from app.record.index.rows import slots_in
from app.record.names.directory import Directory
from app.record.words.query import PartKind, Query, QueryPart
from app.record.words.stems import ASKS_FOR_NEWEST, ASKS_FOR_NUMBER
from app.vocabulary.estimates import Counts
from app.vocabulary.kinds import RecordKind

MAX_RANKED = 500
"""Records of a kind that are ranked by their text: the newest of those with most parts."""
MAX_COMMON_SHARE = 0.25
"""The share of all records with a part from which on it carries no record alone."""
NEARLY = 4
"""How many times as many rows as the rarest part another of the rarest parts may have."""
IN_DAYS, OF_FEW_DAYS = 0.4, 0.3
"""Added for a row that is certainly in the days of the query, and for one of a single day."""
COUNTED = 1.0
"""Added for an estimate if the query asks for a number, and again if it is of people present."""
RECENT = 0.02
"""Added to the score of the newest record of a kind, less for older ones."""
NEWEST, NEWEST_OF_PARTIAL = 10.0, 0.3
"""The same if the query asks for the newest, and for records with some of its words."""


class RankedRow(NamedTuple):
    seq: int
    score: float
    parts: Sequence[int]
    """The parts of the query that it has."""


@dataclass(frozen=True)
class Ranking:
    """The rows of each list that have the parts of a query."""

    db: Session
    edition: IndexedEdition
    directory: Directory
    query: Query
    words: str
    """The query without its date."""
    days: Days | None = None
    """The days of the date in the query."""

    @cached_property
    def sets(self) -> Mapping[str, Sequence[BitMap]]:
        """The live rows with each part of the query, by kind."""
        return {kind: [self._rows_with(kind, part) for part in self.query.parts] for kind in LISTS}

    @cached_property
    def search(self) -> IndexSearch:
        return IndexSearch(self.db, self.directory)

    def matching(self, kind: str, filters: ListFilters) -> BitMap:
        return Matching.of(self.edition.indexes[kind], filters, self.search).answers

    def filters(self, kind: str) -> ListFilters:
        """Return the filters of the list of what is found."""
        lists = LISTS[kind]
        found = lists.made_of({"q": [self.words]} if self.words else {}, {})
        return self.in_days(found) if self.days else found

    def in_days(self, filters: ListFilters) -> ListFilters:
        days, (first, last) = self.days, filters.PERIODS[0]
        assert days and days.first and days.last
        included = {first: [days.first.isoformat()], last: [days.last.isoformat()]}
        return filters.made_of({**filters.included, **included}, filters.excluded)

    def _rows_with(self, kind: str, part: QueryPart) -> BitMap:
        lists = LISTS[kind]
        if part.kind is not PartKind.DATE:
            return self.matching(kind, lists.made_of({"q": [part.query]}, {}))
        rows = self.matching(kind, self.in_days(lists()))
        for words in part.equivalents:  # "workers to leave by June 2019", reported before
            rows = rows | self.matching(kind, lists.made_of({"q": [f'"{words}"']}, {}))
        return rows

    def has_printed_dates(self, kind: str) -> bool:
        """Whether rows were found that print the date, and are not of its days."""
        if self.days is None:
            return False
        return bool(self.with_all(kind) - self.matching(kind, self.in_days(LISTS[kind]())))

    def with_all(self, kind: str) -> BitMap:
        return reduce(operator.and_, self.sets[kind]) if self.query.parts else BitMap()

    def has_all(self, parts: Sequence[QueryPart]) -> bool:
        """Whether any row has all of these parts."""
        numbers = [self.query.parts.index(part) for part in parts]
        each = ([sets[number] for number in numbers] for sets in self.sets.values())
        return not numbers or any(reduce(operator.and_, sets) for sets in each)

    @cached_property
    def counts(self) -> Sequence[int]:
        """The number of rows of all kinds with each part."""
        return [
            sum(len(self.sets[kind][number]) for kind in LISTS)
            for number in range(len(self.query.parts))
        ]

    @cached_property
    def weights(self) -> Sequence[float]:
        """The weight of each part; 0 for parts that no row has, and for excluded ones."""
        total = sum(len(self.edition.indexes[kind].live) for kind in LISTS)
        return [
            0.0 if part.is_excluded or not count else log(1 + total / count)
            for part, count in zip(self.query.parts, self.counts, strict=True)
        ]

    @cached_property
    def rarest(self) -> Sequence[int]:
        """The parts that the fewest rows have, but some, if no row has all parts."""
        if self.has_all(self.query.wanted):
            return ()
        found = [number for number, weight in enumerate(self.weights) if weight]
        least = min((self.counts[number] for number in found), default=0)
        return [number for number in found if self.counts[number] <= NEARLY * least]

    def tells(self, parts: Iterable[int]) -> bool:
        """Whether any of these parts tells a record from most others."""
        least = log(1 + 1 / MAX_COMMON_SHARE)
        return any(not 0 < self.weights[number] <= least for number in parts)

    def rank(self, kind: str, most: int, *, is_partial: bool) -> list[RankedRow]:
        """Return the best rows of a kind: with all parts, or the others with some of them.

        Of the others, those with the rarest part come first, below all that have all parts.
        """
        slots, shares = self._candidates(kind, is_partial=is_partial)
        if not len(slots):
            return []
        index = self.edition.indexes[kind]
        seqs = index.rows.columns.seq[slots]
        ranks = self.search.ranks(self.words, seqs)
        age = np.argsort(np.argsort(index.rows.by_date[slots])) / max(len(slots), 1)
        newest = NEWEST_OF_PARTIAL if is_partial else NEWEST
        recent = newest if ASKS_FOR_NEWEST.search(self.words) else RECENT
        scores = shares**2 * (1 + ranks) + recent * age + self._closeness(kind, slots)
        if kind == RecordKind.ESTIMATE and ASKS_FOR_NUMBER.search(self.words):
            present = LISTS[kind].made_of({"counts": [Counts.PRESENT]}, {})
            of_people = np.isin(slots, slots_in(self.matching(kind, present)))
            scores += COUNTED * shares * (1 + of_people)
        if is_partial:
            rows = BitMap.union(BitMap(), *(self.sets[kind][number] for number in self.rarest))
            scores = (np.isin(slots, slots_in(rows)) + scores / (1 + scores)) / 2
        order = np.argsort(-scores, kind="stable")[:most]
        return [
            RankedRow(int(seqs[at]), float(scores[at]), self._parts_of(kind, int(slots[at])))
            for at in order.tolist()
        ]

    def _closeness(self, kind: str, slots: NDArray[np.uint32]) -> NDArray[np.float64]:
        """Return more for rows that are certainly in the days asked for, and of few days."""
        if self.days is None:
            return np.zeros(len(slots))
        index = self.edition.indexes[kind]
        certain = np.isin(slots, slots_in(index.certain(self.days)))
        width = np.maximum(index.rows.columns.width[slots].astype(np.float64), 1.0)
        possible = np.isin(slots, slots_in(index.possible(self.days)))
        closeness: NDArray[np.float64] = certain * IN_DAYS + possible * OF_FEW_DAYS / np.log2(
            1 + width
        )
        return closeness

    def _parts_of(self, kind: str, slot: int) -> list[int]:
        return [number for number, rows in enumerate(self.sets[kind]) if slot in rows]

    def _candidates(
        self, kind: str, *, is_partial: bool
    ) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
        everything, by_date = self.with_all(kind), self.edition.indexes[kind].rows.by_date
        if not is_partial:
            slots = slots_in(everything)
            slots = slots[np.argsort(by_date[slots])][-MAX_RANKED:]
            return slots, np.ones(len(slots))
        share = self._shares_of(kind)
        share[slots_in(everything)] = 0.0
        telling = [rows for number, rows in enumerate(self.sets[kind]) if self.tells([number])]
        slots = slots_in(BitMap.union(BitMap(), *telling))
        slots = slots[share[slots] > 0]
        slots = slots[np.lexsort((by_date[slots], share[slots]))][-MAX_RANKED:]
        return slots, share[slots]

    def _shares_of(self, kind: str) -> NDArray[np.float64]:
        """Return the share of the query's weight that each row has."""
        whole = sum(self.weights)
        found = np.zeros(len(self.edition.indexes[kind].rows))
        for part, rows, weight in zip(self.query.parts, self.sets[kind], self.weights, strict=True):
            if part.is_excluded:
                continue
            found[slots_in(rows)] += weight / whole if whole else 0.0
        for part, rows in zip(self.query.parts, self.sets[kind], strict=True):
            if part.is_excluded:
                found[slots_in(self.edition.indexes[kind].live - rows)] = 0.0
        return found
