"""The rows of one kind that an edition holds, as sets of numbers in memory: what the lists of that edition count by.

A row is known by its rank, its place when all rows are sorted by their earliest possible day. Every term is a bitmap of
ranks, so that a filter is a few unions and intersections, and a facet the size of one more. Days and sort keys stand
beside them in arrays. It answers as `queries` does in SQL, which is the measure of it, and knows no feature either.
"""

import operator
import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    LargeBinary,
    and_,
    cast,
    func,
    literal,
    not_,
    select,
    true,
)
from sqlalchemy.orm import Session

from app import dates
from app.record.editions import Reading, last_day
from app.record.filters import LISTS, ListFilters, is_by_date, place_in_list
from app.record.models import Edition, Term, Version
from app.record.queries import WINDOW, Bar, Counts, Histogram, bins, window_of

Ranks = NDArray[np.uint32]
Numbers = NDArray[np.int64]

NEVER = date.max.toordinal() + 1
"""Stands for a day without bound, and for the day of a row that has none: such a row comes last."""
EVER = date.min.toordinal() - 1

Found = Callable[[str], BitMap]
"""The rows that a search finds, which only the database can tell."""


@dataclass(frozen=True)
class Spans:
    """Periods of rows, several of one row where a date is one of many."""

    first: Numbers
    last: Numbers
    rank: Ranks

    def overlap(self, first: int, last: int) -> BitMap:
        """The rows of which a period meets these days, both included."""
        return BitMap(self.rank[(self.first <= last) & (self.last >= first)])


@dataclass(frozen=True)
class Index:
    """What `build` read; arrays have one entry for each row, at its rank."""

    kind: str
    edition: int
    seq: Numbers
    number: Numbers
    day: Numbers
    """Earliest possible day, NEVER for none; then how many days the beginning is uncertain by."""
    width: Numbers
    added: Numbers
    changed: Numbers
    first: Numbers
    after: Numbers
    """First day on which it could have happened, and the day after the last or, where that is open, its beginning."""
    whole_first: Numbers
    whole_last: Numbers
    """The days that hold both beginning and end; a window must hold these for the row to be certain in it."""
    sure_first: Numbers
    sure_last: Numbers
    """The days that it covers for certain; the first after the last where there are none."""
    spans: Spans
    published: Spans
    terms: Mapping[str, Mapping[str, BitMap]]
    editions: Sequence[tuple[int, date]]
    by_seq: NDArray[np.intp]
    """Ranks in the order of `seq`."""
    searches: "OrderedDict[str, BitMap]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def everything(self) -> BitMap:
        return BitMap(range(len(self.seq)))

    # Matching ---------------------------------------------------------------------------------------------------------

    def matching(self, filters: ListFilters, found: Found) -> dict[str, BitMap]:
        """The rows that each key lets through, as `queries.conditions` says it in SQL."""
        sets: dict[str, BitMap] = {}
        for key in filters.terms():
            wanted, unwanted = filters.included.get(key.key), filters.excluded.get(key.key)
            if wanted:
                sets[key.key] = self._any_of(key.key, wanted)
            if unwanted:
                sets[key.key] = sets.get(key.key, self.everything) - self._any_of(key.key, unwanted)
        if question := filters.one("q"):
            sets["q"] = self._search(question, found)
        window = window_of(filters)
        if window != dates.Days():
            is_certain = filters["match"] == ("certain",)
            sets[WINDOW] = self.certain(window) if is_certain else self.possible(window)
        for first, last in filters.PERIODS[1:]:
            days = dates.window(filters.one(first) or None, filters.one(last) or None)
            if days != dates.Days():
                sets["published"] = self.published.overlap(*_bounds(days))
        for name, numbers in (("added_since", self.added), ("changed_since", self.changed)):
            for asked in filters[name]:
                sets[name] = BitMap(np.flatnonzero(numbers >= self._first_since(asked)).astype(np.uint32))
        return sets

    def possible(self, window: dates.Days) -> BitMap:
        return self.spans.overlap(*_bounds(window))

    def certain(self, window: dates.Days) -> BitMap:
        first, last = _bounds(window)
        contained = (self.whole_first >= first) & (self.whole_last <= last) & (self.whole_first <= self.whole_last)
        covered = (self.sure_first <= last) & (self.sure_last >= first) & (self.sure_first <= self.sure_last)
        return BitMap(np.flatnonzero(contained | covered).astype(np.uint32))

    def _any_of(self, key: str, codes: Sequence[str]) -> BitMap:
        return BitMap.union(BitMap(), *(self.terms.get(key, {}).get(code, BitMap()) for code in codes))

    def _search(self, question: str, found: Found) -> BitMap:
        with self.lock:
            if question in self.searches:
                self.searches.move_to_end(question)
                return self.searches[question]
        rows = found(question)
        with self.lock:
            self.searches[question] = rows
            while len(self.searches) > MOST_SEARCHES:
                self.searches.popitem(last=False)
        return rows

    def ranks_of(self, seqs: Sequence[int]) -> BitMap:
        places = np.searchsorted(self.seq, np.array(seqs, dtype=np.int64), sorter=self.by_seq)
        return BitMap(self.by_seq[places].astype(np.uint32))

    def _first_since(self, asked: str) -> int:
        if last_day(asked) is None:
            return int(asked)
        day = dates.window(asked, None).first
        return next((no for no, at in self.editions if day and at >= day), NEVER)

    # Counting ---------------------------------------------------------------------------------------------------------

    def counts(self, filters: ListFilters, found: Found) -> Counts:
        sets = self.matching(filters, found)
        answers = self._all_of(sets)
        but_window = self._all_of(sets, but=WINDOW)
        window = window_of(filters)
        facets, within = {}, {}
        for key in filters.terms():
            bitmaps = self.terms.get(key.key, {})
            within[key.key] = _sizes(bitmaps, answers)
            facets[key.key] = _sizes(bitmaps, self._all_of(sets, but=key.key)) if key.key in sets else within[key.key]
        return Counts(
            total=len(answers),
            undated=len(but_window) - but_window.intersection_cardinality(self.possible(dates.Days())),
            possible=but_window.intersection_cardinality(self.possible(window)),
            certain=but_window.intersection_cardinality(self.certain(window)),
            facets={key: counts for key, counts in facets.items() if counts},
            within={key: counts for key, counts in within.items() if counts},
            extent=self._extent(answers, window),
        )

    def counts_without(self, filters: ListFilters, found: Found) -> dict[str, int]:
        sets = self.matching(filters, found)
        return {key: len(self._all_of(sets, but=key)) for key in sets}

    def histogram(self, filters: ListFilters, extent: dates.Days, found: Found) -> Histogram | None:
        """Each bin's rows by two running sums: those that began by its end, less those that ended before it."""
        if not (extent.first and extent.last):
            return None
        name, days = bins(extent.first, extent.last)
        edges = np.array([bar.first.toordinal() for bar in days if bar.first], dtype=np.int64)
        end = days[-1].last
        assert end is not None
        answers = self._all_of(self.matching(filters, found))
        here = _members(answers, len(self.seq))
        could = self._could(here, edges, end.toordinal())
        # What is certain in a bin lies wholly in it, or covers a day of it for certain.
        is_sure = self.sure_first[here] <= self.sure_last[here]
        first = np.where(is_sure, self.sure_first[here], self.whole_first[here])
        last = np.where(is_sure, self.sure_last[here], self.whole_last[here])
        begins, ends = _bin(first, edges), _bin(last, edges)
        meets = (first <= end.toordinal()) & (last >= edges[0])
        is_held = (begins == ends) & (first >= edges[0]) & (last <= end.toordinal())
        counts = (first <= last) & np.where(is_sure, meets, is_held)
        must = _running(begins[counts], ends[counts], len(edges))
        return Histogram(
            name, [Bar(bar, int(sure), int(any_)) for bar, sure, any_ in zip(days, must, could, strict=True)]
        )

    def _could(self, here: Ranks, edges: Numbers, end: int) -> Numbers:
        chosen = np.zeros(len(self.seq), dtype=bool)
        chosen[here] = True
        rows = chosen[self.spans.rank] & (self.spans.first <= end) & (self.spans.last >= edges[0])
        begins, ends = _bin(self.spans.first[rows], edges), _bin(self.spans.last[rows], edges)
        ranks = self.spans.rank[rows]
        # Two periods of one row may meet the same bin, which counts the row once.
        order = np.lexsort((begins, ranks))
        begins, ends, ranks = begins[order], ends[order], ranks[order]
        again = np.zeros(len(ranks), dtype=bool)
        again[1:] = (ranks[1:] == ranks[:-1]) & (begins[1:] <= ends[:-1])
        begins = begins + again
        fits = begins <= ends
        return _running(begins[fits], ends[fits], len(edges))

    def _all_of(self, sets: Mapping[str, BitMap], but: str = "") -> BitMap:
        some = [rows for key, rows in sets.items() if key != but]
        return reduce(operator.and_, some) if some else self.everything

    def _extent(self, answers: BitMap, window: dates.Days) -> dates.Days:
        here = _members(answers, len(self.seq))
        first = int(self.first[here].min(initial=NEVER))
        after = int(self.after[here].max(initial=EVER))
        found = dates.Days(_day(first), _day(after - 1)).common(window) if first < NEVER else None
        return found or dates.Days()

    # Pages ------------------------------------------------------------------------------------------------------------

    def page(self, filters: ListFilters, limit: int, found: Found) -> tuple[list[int], int]:
        """The `seq` of one row more than a page has, in the order asked for, and how many there are from there on."""
        answers = self._all_of(self.matching(filters, found))
        sort, after = filters.one("sort"), filters.one("after")
        if is_by_date(sort):
            ranks, remaining = self._by_date(answers, after, sort, limit)
        else:
            ranks, remaining = self._by_edition(answers, after, sort, limit)
        return [int(self.seq[rank]) for rank in ranks], remaining

    def _by_date(self, answers: BitMap, after: str, sort: str, limit: int) -> tuple[list[int], int]:
        """Ranks are this order. Newest first is that backwards, but for what has no date, which comes last still."""
        dated = len(answers) - len(answers & self._undated)
        passed = 0
        if sort[0] != "-":
            if after:
                rank = bisect_right(range(len(self.seq)), self._key(after, sort), key=self._key_at)
                passed = answers.range_cardinality(0, rank)
            return list(answers[passed : passed + limit + 1]), len(answers) - passed
        if after:
            key, count = self._key(after, sort), len(self.seq)
            rank = bisect_left(range(count), key, key=self._key_at)
            before = answers.range_cardinality(0, rank)
            passed = len(answers) - (before - dated) if key[0] == NEVER else dated - before
        some = range(passed, min(passed + limit + 1, len(answers)))
        places = [dated - 1 - at if at < dated else len(answers) - 1 - (at - dated) for at in some]
        return [answers[place] for place in places], len(answers) - passed

    def _by_edition(self, answers: BitMap, after: str, sort: str, limit: int) -> tuple[list[int], int]:
        """By the edition in which a row was added or last changed, newest first, then by number."""
        numbers = {"added": self.added, "changed": self.changed}[sort]
        here = _members(answers, len(self.seq))
        if after:
            edition, number = (int(str(value)) for value in place_in_list(after, sort))
            here = here[(numbers[here] < edition) | ((numbers[here] == edition) & (self.number[here] < number))]
        order = np.lexsort((-self.number[here], -numbers[here]))[: limit + 1]
        return [int(rank) for rank in here[order]], len(here)

    @cached_property
    def _undated(self) -> BitMap:
        count = len(self.seq)
        return BitMap(range(bisect_left(range(count), NEVER, key=lambda rank: int(self.day[rank])), count))

    def _key_at(self, rank: int) -> tuple[int, int, int]:
        return int(self.day[rank]), -int(self.width[rank]), int(self.number[rank])

    @staticmethod
    def _key(after: str, sort: str) -> tuple[int, int, int]:
        day, width, number = place_in_list(after, sort)
        assert isinstance(width, int) and isinstance(number, int)
        return day.toordinal() if isinstance(day, date) else NEVER, -width, number


MOST_SEARCHES = 200
"""Sets of rows that were searched for and are kept, the last ones asked for."""


def _sizes(bitmaps: Mapping[str, BitMap], among: BitMap) -> dict[str, int]:
    sizes = {code: among.intersection_cardinality(rows) for code, rows in bitmaps.items()}
    return {code: size for code, size in sizes.items() if size}


def _members(rows: BitMap, of: int) -> Ranks:
    if len(rows) == of:
        return np.arange(of, dtype=np.uint32)
    return np.asarray(rows.to_array(), dtype=np.uint32)


def _bin(days: Numbers, edges: Numbers) -> Numbers:
    """In which bin each day lies; what lies outside is put into the nearest."""
    return np.clip(np.searchsorted(edges, days, side="right") - 1, 0, len(edges) - 1)


def _running(begins: Numbers, ends: Numbers, count: int) -> Numbers:
    began = np.cumsum(np.bincount(begins, minlength=count))
    ended = np.cumsum(np.bincount(ends, minlength=count))
    return began - np.concatenate(([0], ended[:-1]))


def _bounds(days: dates.Days) -> tuple[int, int]:
    return days.first.toordinal() if days.first else EVER, days.last.toordinal() if days.last else NEVER


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if EVER < ordinal < NEVER else None


# Reading it -------------------------------------------------------------------------------------------------------


def build(db: Session, edition: Reading, kind: str) -> Index:
    """Reads all rows of that kind in that edition; five statements."""
    rows = and_(Version.kind == kind, edition.holds(), Version.state == "live")
    columns = [
        Version.seq,
        Version.number,
        func.coalesce(_ordinal(Version.sort_day), NEVER),
        func.coalesce(cast(func.upper(Version.lo) - func.lower(Version.lo), Integer), 0),
        Version.added,
        Version.changed,
        func.coalesce(_ordinal(func.lower(Version.span)), NEVER),
        func.coalesce(_ordinal(func.upper(Version.span)), _ordinal(func.upper(Version.lo)), EVER),
        cast(Version.lo.is_not(None) & Version.hi.is_not(None), Integer),
        *_bounds_of(Version.lo),
        *_bounds_of(Version.hi),
        cast(Version.sure.is_not(None) & not_(func.isempty(Version.sure)), Integer),
        *_bounds_of(Version.sure),
    ]
    packed = db.execute(select(*map(_packed, columns)).where(rows)).one()
    seq, number, day, width, *_ = unsorted = [_unpacked(column) for column in packed]
    order = np.lexsort((number, -width, day))
    seq, number, day, width, added, changed, first, after, is_whole, *bounds = (column[order] for column in unsorted)
    lo_first, lo_last, hi_first, hi_last, is_sure, sure_first, sure_last = bounds
    by_seq = np.argsort(seq)

    def ranks(seqs: Numbers) -> Ranks:
        return by_seq[np.searchsorted(seq, seqs, sorter=by_seq)].astype(np.uint32)

    def spans(column: Any) -> Spans:
        part = func.unnest(column).table_valued("days").render_derived().lateral("part")
        packed = select(*map(_packed, (Version.seq, *_bounds_of(part.c.days)))).select_from(Version).join(part, true())
        seqs, first, last = map(_unpacked, db.execute(packed.where(rows)).one())
        return Spans(first, last, ranks(seqs))

    editions = db.execute(select(Edition.no, func.date(func.timezone("UTC", Edition.at))).order_by(Edition.no)).all()
    return Index(
        kind=kind,
        edition=edition.no,
        seq=seq,
        number=number,
        day=day,
        width=width,
        added=added,
        changed=changed,
        first=first,
        after=after,
        whole_first=np.where(is_whole, np.minimum(lo_first, hi_first), NEVER),
        whole_last=np.where(is_whole, np.maximum(lo_last, hi_last), EVER),
        sure_first=np.where(is_sure, sure_first, NEVER),
        sure_last=np.where(is_sure, sure_last, EVER),
        spans=spans(Version.span),
        published=spans(Version.published),
        terms=_terms(db, rows, kind, ranks),
        editions=[(no, at) for no, at in editions],
        by_seq=by_seq,
    )


def _terms(
    db: Session, rows: ColumnElement[bool], kind: str, ranks: Callable[[Numbers], Ranks]
) -> dict[str, dict[str, BitMap]]:
    keys = [key.key for key in LISTS[kind].terms()]
    used = func.unnest(Version.terms).table_valued("no").render_derived().lateral("used")
    terms = (
        select(Term.key, Term.code, _packed(Version.seq))
        .select_from(Version)
        .join(used, true())
        .join(Term, Term.no == used.c.no)
        .where(rows, Term.key.in_(keys))
        .group_by(Term.key, Term.code)
    )
    found: dict[str, dict[str, BitMap]] = {key: {} for key in keys}
    for key, code, seqs in db.execute(terms):
        found[key][code] = BitMap(ranks(_unpacked(seqs)))
    return found


def _packed(column: Any) -> ColumnElement[bytes]:
    """All numbers of a column as bytes, eight each: ten million of Python's own would take minutes."""
    number = func.int8send(cast(column, BigInteger), type_=LargeBinary)
    return func.coalesce(func.string_agg(number, literal(b"", LargeBinary), type_=LargeBinary), b"")


def _unpacked(packed: bytes) -> Numbers:
    return np.frombuffer(packed, dtype=">i8").astype(np.int64)


def _ordinal(day: Any) -> ColumnElement[int]:
    """A day as Python counts it; null stays null."""
    return cast(cast(day, Date) - cast(literal(date.min), Date), Integer) + 1


def _bounds_of(range_: Any) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """First and last day of a range; a bound that is not there is as far off as can be."""
    return (
        func.coalesce(_ordinal(func.lower(range_)), EVER),
        func.coalesce(_ordinal(func.upper(range_)) - 1, NEVER),
    )
