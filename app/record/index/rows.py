"""The columns of an index: arrays of numbers and days with one entry a row.

The position of an entry is the row's *slot*. A new edition appends its rows, and notes in `closed`
which rows it closed. Nothing else changes.
"""

import array
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

Numbers = NDArray[np.int64]
Days = NDArray[np.int32]
Slots = NDArray[np.uint32]

OPEN_END = date.max.toordinal() + 1
"""The day of an open end, and the sort day of an undated row, which comes last."""
OPEN_START = date.min.toordinal() - 1
"""The day of an open start."""
NOT_CLOSED = 2**31 - 1
"""The closing edition of a row that is still open."""
NONE_FIRST, NONE_LAST = OPEN_END + 1, OPEN_START - 1
"""First and last day of a missing period: it overlaps no other."""
SLOTS_PER_CONTAINER = 65_536
"""Slots in a container of a roaring bitmap.

Stored as bits if more than `MAX_LISTED_SLOTS` are set, otherwise as a list.
"""
MAX_LISTED_SLOTS = 4_096
WITHOUT_RUNS = 12_346
"""Format marker of a serialized bitmap without run containers."""


def bitmap(slots: NDArray[np.unsignedinteger]) -> BitMap:
    # From an array of the standard library, pyroaring is ten times as fast as from a numpy array.
    return BitMap(array.array("I", slots.astype(np.uint32, copy=False).tobytes()))


def bitmap_of(has: NDArray[np.bool_]) -> BitMap:
    """Return the slots at which `has` is true.

    Assembles the serialized form (https://github.com/RoaringBitmap/RoaringFormatSpec), which for
    many slots is a few times as fast as `bitmap`.
    """
    padded = np.zeros((len(has) // SLOTS_PER_CONTAINER + 1, SLOTS_PER_CONTAINER), dtype=bool)
    padded.reshape(-1)[: len(has)] = has
    bits = np.packbits(padded, axis=1, bitorder="little")
    sizes = np.bitwise_count(bits.view(np.uint64)).sum(axis=1, dtype=np.int64)
    chunks = np.flatnonzero(sizes)
    parts = [
        bits[chunk].tobytes()
        if sizes[chunk] > MAX_LISTED_SLOTS
        else np.flatnonzero(padded[chunk]).astype("<u2").tobytes()
        for chunk in chunks.tolist()
    ]
    heads = np.stack([chunks, sizes[chunks] - 1], axis=1).astype("<u2").tobytes()
    starts = np.cumsum([8 + 8 * len(parts), *map(len, parts)])[: len(parts)].astype("<u4").tobytes()
    return BitMap.deserialize(
        struct.pack("<II", WITHOUT_RUNS, len(parts)) + heads + starts + b"".join(parts)
    )


def bitmap_of_unsorted(slots: NDArray[np.unsignedinteger]) -> BitMap:
    """Return the bitmap of slots in any order, possibly with duplicates."""
    if len(slots) <= MAX_LISTED_SLOTS:
        return bitmap(slots)
    has = np.zeros(int(slots.max()) + 1, dtype=bool)
    has[slots] = True
    return bitmap_of(has)


def slots_in(rows: BitMap) -> Slots:
    return np.frombuffer(rows.to_array(), dtype=np.uint32)


RUN_LENGTH = 1_000
"""Runs of this number of consecutive slots are read as a slice."""


def are_consecutive(slots: Slots) -> NDArray[np.bool_]:
    """Return for each group of `RUN_LENGTH` sorted slots whether they are consecutive."""
    ends = slots[RUN_LENGTH - 1 :: RUN_LENGTH]
    found: NDArray[np.bool_] = ends - slots[: len(ends) * RUN_LENGTH : RUN_LENGTH] == RUN_LENGTH - 1
    return found


@dataclass(frozen=True)
class IndexColumns:
    """One array a column. Integers have the smallest fitting type, which later editions widen."""

    seq: NDArray[np.integer]
    number: Days
    day: Days
    """Earliest possible day; NEVER if undated."""
    width: NDArray[np.signedinteger]
    """Number of days within which the start may be."""
    added: NDArray[np.integer]
    changed: NDArray[np.integer]
    opened: NDArray[np.integer]
    """The first edition with the row."""
    closed: Days
    """The first edition without it; `NOT_CLOSED` if there is none yet.

    Updated in place: earlier editions give the same rows with either value.
    """
    why: NDArray[np.int8]
    """Reason of the version, as its position in `Why`."""
    after: Days
    """Day after the last possible day or, if that is open, after the last possible start."""
    whole_first: Days
    whole_last: Days
    """First and last day of the start and end together. No period contains a row without them."""
    sure_first: Days
    sure_last: Days
    """First and last day that the row certainly covers; first > last if there is none."""

    def each(self, do: Callable[[str], NDArray[Any]]) -> "IndexColumns":
        return IndexColumns(**{column.name: do(column.name) for column in fields(self)})

    def in_edition(self, no: int) -> BitMap:
        """Return the rows of an edition."""
        return bitmap_of((self.opened <= no) & (self.closed > no))

    def certain(self, first: int, last: int) -> BitMap:
        """Return the rows that are certainly within these days."""
        contained = (self.whole_first >= first) & (self.whole_last <= last)
        covered = (self.sure_first <= last) & (self.sure_last >= first)
        return bitmap_of(contained | covered)

    @cached_property
    def sure(self) -> BitMap:
        """The rows that are certain without a period."""
        return self.certain(OPEN_START, OPEN_END)


@dataclass(frozen=True)
class RowSpans:
    """Periods of rows: the first one by slot, and the others in `further`, sorted by slot."""

    first: Days
    last: Days
    """`NONE_FIRST` and `NONE_LAST` for a row without a period."""
    further: "FurtherSpans"

    @staticmethod
    def of(first: Days, last: Days, slot: Slots, count: int) -> "RowSpans":
        """Make the spans of `count` rows from periods sorted by slot."""
        goes_on = np.zeros(len(slot), dtype=bool)
        goes_on[1:] = slot[1:] == slot[:-1]
        own_first = np.full(count, NONE_FIRST, dtype=np.int32)
        own_last = np.full(count, NONE_LAST, dtype=np.int32)
        own_first[slot[~goes_on]], own_last[slot[~goes_on]] = first[~goes_on], last[~goes_on]
        return RowSpans(
            own_first, own_last, FurtherSpans(first[goes_on], last[goes_on], slot[goes_on])
        )

    def with_several(self, first: Days, last: Days, slot: Slots) -> "RowSpans":
        """Replace the periods of some rows by these, which are sorted by slot."""
        several = RowSpans.of(first, last, slot, len(self.first))
        has = several.first != NONE_FIRST
        own_first = np.where(has, several.first, self.first)
        return RowSpans(own_first, np.where(has, several.last, self.last), several.further)

    @cached_property
    def dated(self) -> BitMap:
        """The rows with a period."""
        return self.overlap(OPEN_START, OPEN_END)

    def overlap(self, first: int, last: int) -> BitMap:
        """Return the rows with a period that overlaps these days, both included."""
        has, more = (self.first <= last) & (self.last >= first), self.further
        has[more.slot[(more.first <= last) & (more.last >= first)]] = True
        return bitmap_of(has)

    def each(self) -> tuple[Days, Days, Slots]:
        """Return first day, last day and slot of all periods, sorted by slot."""
        slot, more = np.flatnonzero(self.first != NONE_FIRST).astype(np.uint32), self.further
        first, last = self.first[slot], self.last[slot]
        if not len(more.slot):
            return first, last, slot
        order = np.argsort(np.concatenate((slot, more.slot)), kind="stable")
        return (
            np.concatenate((first, more.first))[order],
            np.concatenate((last, more.last))[order],
            np.concatenate((slot, more.slot))[order],
        )

    def at(self, slots: Slots) -> "RowSpans":
        """Return the spans of some rows, renumbered by their order."""
        more, count = self.further, len(self.first)
        place = np.full(count, count, dtype=np.uint32)
        place[slots] = np.arange(len(slots), dtype=np.uint32)
        slot = place[more.slot]
        order = np.argsort(slot, kind="stable")[: np.count_nonzero(slot < count)]
        return RowSpans(
            self.first[slots],
            self.last[slots],
            FurtherSpans(more.first[order], more.last[order], slot[order]),
        )


@dataclass(frozen=True)
class FurtherSpans:
    first: Days
    last: Days
    slot: Slots


@dataclass(frozen=True)
class TermLists:
    """A list of numbers a row, in one array: slot n has `start[n]` until `start[n + 1]`."""

    start: Days
    value: NDArray[np.unsignedinteger]

    @staticmethod
    def of(counts: NDArray[np.signedinteger], value: NDArray[np.unsignedinteger]) -> "TermLists":
        # 32 bits are enough for two billion numbers, and half the size of the default.
        return TermLists(np.concatenate(([0], np.cumsum(counts))).astype(np.int32), value)

    def counts(self, slots: Slots) -> Days:
        found: Days = self.start[slots + np.int64(1)] - self.start[slots]
        return found

    def values(self, slots: Slots) -> NDArray[np.unsignedinteger]:
        """Return the numbers of these rows, row by row."""
        counts = self.counts(slots)
        before = np.cumsum(counts) - counts
        first = (self.start[slots] - before).astype(np.int32)
        found: NDArray[np.unsignedinteger] = self.value[
            np.repeat(first, counts) + np.arange(counts.sum(), dtype=np.int32)
        ]
        return found

    def values_together(self, slots: Slots) -> NDArray[np.unsignedinteger]:
        """Return the numbers of these rows in any order; four times as fast for runs of slots."""
        together = are_consecutive(slots)
        alone = np.append(
            np.repeat(~together, RUN_LENGTH),
            np.ones(len(slots) - len(together) * RUN_LENGTH, dtype=bool),
        )
        starts = np.flatnonzero(together) * RUN_LENGTH
        from_, until = (
            self.start[slots[starts]].tolist(),
            self.start[slots[starts] + np.int64(RUN_LENGTH)].tolist(),
        )
        parts = [self.value[first:last] for first, last in zip(from_, until, strict=True)]
        return np.concatenate([*parts, self.values(slots[alone])])

    def tally(self, slots: Slots, codes: int) -> Numbers:
        """Count each number below `codes` in these rows."""
        return np.bincount(self.values_together(slots), minlength=codes)

    def at(self, slots: Slots) -> "TermLists":
        # In chunks: the positions of ten million numbers would need more memory than the numbers.
        parts = [
            self.values(slots[at : at + SLOTS_PER_CONTAINER])
            for at in range(0, len(slots), SLOTS_PER_CONTAINER)
        ]
        return TermLists.of(self.counts(slots), np.concatenate([self.value[:0], *parts]))


class RowOrder:
    """Identity of an order of rows, which results that name slots are cached by."""


@dataclass(frozen=True)
class IndexRows:
    columns: IndexColumns
    spans: RowSpans
    published: RowSpans
    lists: Sequence[TermLists]
    """The terms of each row: a `TermLists` for each of `ListTerms.lists`.

    Terms are positions in `ListTerms.places`. The last list is dropped after building.
    """
    order: RowOrder = field(default_factory=RowOrder, compare=False)
    """The same object in all editions in which a row has the same slot."""

    def __len__(self) -> int:
        return len(self.columns.seq)

    def at(self, slots: Slots) -> "IndexRows":
        """Return some rows, or all of them in another order."""
        return IndexRows(
            self.columns.each(lambda name: getattr(self.columns, name)[slots]),
            self.spans.at(slots),
            self.published.at(slots),
            [each.at(slots) for each in self.lists],
        )

    def onward(self, more: "IndexRows") -> "IndexRows":
        """Return these rows with others appended."""
        return concatenate_rows([self, more], self.order)

    def in_order(self) -> Slots:
        """Return the slots sorted by earliest possible day, less precise first, undated last."""
        columns = self.columns
        return np.lexsort((columns.number, -columns.width, columns.day)).astype(np.uint32)


def smallest_integers(numbers: NDArray[np.integer]) -> NDArray[np.integer]:
    """Convert numbers, none of them negative, to the smallest type that fits."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def concatenate_rows(parts: Sequence[IndexRows], order: "RowOrder | None" = None) -> IndexRows:
    """Concatenate parts, which takes a tenth of a second for a million rows."""

    def column(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part.columns, name) for part in parts])

    return IndexRows(
        parts[0].columns.each(column),
        _concatenate_spans([part.spans for part in parts], parts),
        _concatenate_spans([part.published for part in parts], parts),
        [_concatenate_lists(each) for each in zip(*(part.lists for part in parts), strict=True)],
        order or RowOrder(),
    )


def _concatenate_lists(lists: Sequence[TermLists]) -> TermLists:
    counts = np.concatenate([np.diff(each.start) for each in lists])
    return TermLists.of(counts, np.concatenate([each.value for each in lists]))


def _concatenate_spans(spans: Sequence[RowSpans], parts: Sequence[IndexRows]) -> RowSpans:
    before, further = (
        np.cumsum([0, *(len(part) for part in parts)]),
        [each.further for each in spans],
    )
    return RowSpans(
        np.concatenate([each.first for each in spans]),
        np.concatenate([each.last for each in spans]),
        FurtherSpans(
            np.concatenate([each.first for each in further]),
            np.concatenate([each.last for each in further]),
            np.concatenate(
                [each.slot + np.uint32(start) for each, start in zip(further, before, strict=False)]
            ),
        ),
    )
