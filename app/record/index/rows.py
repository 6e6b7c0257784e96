"""What an index holds of each row: numbers and days, as arrays with one entry for each row.

An entry's place is the row's *slot*. Nothing here is ever changed: what a new edition brings is put behind.
"""

import array
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

Numbers = NDArray[np.int64]
Days = NDArray[np.int32]
Slots = NDArray[np.uint32]

NEVER = date.max.toordinal() + 1
"""Stands for a day without bound, and for the day of a row that has none: such a row comes last."""
EVER = date.min.toordinal() - 1
NONE_FIRST, NONE_LAST = NEVER + 1, EVER - 1
"""Stand for the days of what has none: no window meets them."""
CHUNK = 65_536
"""So many slots a bitmap holds together: as bits where they are more than `DENSE`, otherwise as a list."""
DENSE = 4_096
WITHOUT_RUNS = 12_346


def bitmap(slots: NDArray[np.unsignedinteger]) -> BitMap:
    # From an array of the standard library it is ten times as fast as from one of numpy's.
    return BitMap(array.array("I", slots.astype(np.uint32, copy=False).tobytes()))


def bitmap_of(has: NDArray[np.bool_]) -> BitMap:
    """The slots where it is true, of many a few times as fast as from their numbers: put together as a bitmap is
    written down (https://github.com/RoaringBitmap/RoaringFormatSpec)."""
    padded = np.zeros((len(has) // CHUNK + 1, CHUNK), dtype=bool)
    padded.reshape(-1)[: len(has)] = has
    bits = np.packbits(padded, axis=1, bitorder="little")
    sizes = np.bitwise_count(bits.view(np.uint64)).sum(axis=1, dtype=np.int64)
    chunks = np.flatnonzero(sizes)
    parts = [
        bits[chunk].tobytes()
        if sizes[chunk] > DENSE
        else np.flatnonzero(padded[chunk]).astype("<u2").tobytes()
        for chunk in chunks.tolist()
    ]
    heads = np.stack([chunks, sizes[chunks] - 1], axis=1).astype("<u2").tobytes()
    starts = np.cumsum([8 + 8 * len(parts), *map(len, parts)])[: len(parts)].astype("<u4").tobytes()
    return BitMap.deserialize(
        struct.pack("<II", WITHOUT_RUNS, len(parts)) + heads + starts + b"".join(parts)
    )


def bitmap_in(slots: NDArray[np.unsignedinteger]) -> BitMap:
    """Of slots in any order, some of them perhaps twice."""
    if len(slots) <= DENSE:
        return bitmap(slots)
    has = np.zeros(int(slots.max()) + 1, dtype=bool)
    has[slots] = True
    return bitmap_of(has)


def members(rows: BitMap) -> Slots:
    return np.frombuffer(rows.to_array(), dtype=np.uint32)


LONG = 1_000
"""So many slots that follow each other are looked at together."""


def follows(slots: Slots) -> NDArray[np.bool_]:
    """Of slots in order, of each `LONG` in turn whether they follow each other without a gap."""
    ends = slots[LONG - 1 :: LONG]
    found: NDArray[np.bool_] = ends - slots[: len(ends) * LONG : LONG] == LONG - 1
    return found


N = TypeVar("N", bound=np.generic)


class Room:
    """Puts numbers behind others where room was left for them, so that no edition copies those of all before it.

    Who holds the shorter array sees in it what was there. Not for several threads at once.
    """

    def __init__(self) -> None:
        self.used: dict[str, tuple[NDArray[Any], int]] = {}
        """By name an array with room at its end, and how much of it is used."""

    def behind(self, name: str, first: NDArray[N], more: NDArray[N]) -> NDArray[N]:
        whole: NDArray[Any]
        whole, used = self.used.get(name, (first, -1))
        end = len(first) + len(more)
        # Where others came behind these already, as after a failure, those are no part of it.
        is_free = first.base is whole and len(first) == used and end <= len(whole)
        if not is_free or whole.dtype != np.promote_types(first.dtype, more.dtype):
            whole = np.empty(end + end // 50 + 1_000, np.promote_types(first.dtype, more.dtype))
            whole[: len(first)] = first
        whole[len(first) : end] = more
        self.used[name] = whole, end
        found: NDArray[N] = whole[:end]
        return found


@dataclass(frozen=True)
class Columns:
    """Those that are mostly small have as few bytes as they need, and get more with the first that needs them."""

    seq: NDArray[np.integer]
    number: Days
    day: Days
    """Earliest possible day, NEVER for none; then how many days the beginning is uncertain by."""
    width: NDArray[np.signedinteger]
    added: NDArray[np.integer]
    changed: NDArray[np.integer]
    why: NDArray[np.int8]
    """Why the row was written: which of all reasons that is."""
    after: Days
    """The day after the last on which it could have happened or, where that is open, after its beginning."""
    whole_first: Days
    whole_last: Days
    """The days that hold both beginning and end: a window that holds these holds the row. For none, none does."""
    sure_first: Days
    sure_last: Days
    """The days that it covers for certain; the first after the last where there are none."""

    def each(self, do: Callable[[str], NDArray[Any]]) -> "Columns":
        return Columns(**{column.name: do(column.name) for column in fields(self)})


@dataclass(frozen=True)
class Spans:
    """Periods of rows: the first of each at the row's own slot, and further ones where a date is one of many.

    A row's own stand in order of days, and further ones in order of slots.
    """

    first: Days
    last: Days
    """`NONE_FIRST` and `NONE_LAST` where a row has no period."""
    further: "Further"

    @staticmethod
    def of(first: Days, last: Days, slot: Slots, count: int) -> "Spans":
        """Out of periods in order of slots, of so many rows."""
        goes_on = np.zeros(len(slot), dtype=bool)
        goes_on[1:] = slot[1:] == slot[:-1]
        own_first = np.full(count, NONE_FIRST, dtype=np.int32)
        own_last = np.full(count, NONE_LAST, dtype=np.int32)
        own_first[slot[~goes_on]], own_last[slot[~goes_on]] = first[~goes_on], last[~goes_on]
        return Spans(own_first, own_last, Further(first[goes_on], last[goes_on], slot[goes_on]))

    def with_several(self, first: Days, last: Days, slot: Slots) -> "Spans":
        """The same, but for some rows that have these periods, which stand in order of slots."""
        several = Spans.of(first, last, slot, len(self.first))
        has = several.first != NONE_FIRST
        own_first = np.where(has, several.first, self.first)
        return Spans(own_first, np.where(has, several.last, self.last), several.further)

    def overlap(self, first: int, last: int) -> BitMap:
        """The rows of which a period meets these days, both included."""
        has, more = (self.first <= last) & (self.last >= first), self.further
        has[more.slot[(more.first <= last) & (more.last >= first)]] = True
        return bitmap_of(has)

    def each(self) -> tuple[Days, Days, Slots]:
        """First day, last day and slot of all periods, in order of slots."""
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

    def at(self, slots: Slots) -> "Spans":
        """Those of some rows, numbered by their new places."""
        more, count = self.further, len(self.first)
        place = np.full(count, count, dtype=np.uint32)
        place[slots] = np.arange(len(slots), dtype=np.uint32)
        slot = place[more.slot]
        order = np.argsort(slot, kind="stable")[: np.count_nonzero(slot < count)]
        return Spans(
            self.first[slots],
            self.last[slots],
            Further(more.first[order], more.last[order], slot[order]),
        )


@dataclass(frozen=True)
class Further:
    first: Days
    last: Days
    slot: Slots


@dataclass(frozen=True)
class Lists:
    """A few numbers of each row, all in one array: those of slot n stand from `start[n]` until `start[n + 1]`."""

    start: Days
    value: NDArray[np.unsignedinteger]

    @staticmethod
    def of(counts: NDArray[np.signedinteger], value: NDArray[np.unsignedinteger]) -> "Lists":
        # Places of two thousand million numbers fit into four bytes, half of what there would be for each row.
        return Lists(np.concatenate(([0], np.cumsum(counts))).astype(np.int32), value)

    def counts(self, slots: Slots) -> Days:
        found: Days = self.start[slots + np.int64(1)] - self.start[slots]
        return found

    def values(self, slots: Slots) -> NDArray[np.unsignedinteger]:
        """All that these rows have, one after another."""
        counts = self.counts(slots)
        before = np.cumsum(counts) - counts
        first = (self.start[slots] - before).astype(np.int32)
        found: NDArray[np.unsignedinteger] = self.value[
            np.repeat(first, counts) + np.arange(counts.sum(), dtype=np.int32)
        ]
        return found

    def values_together(self, slots: Slots) -> NDArray[np.unsignedinteger]:
        """The same in another order, in a quarter of the time where rows follow each other, as those of a year do."""
        together = follows(slots)
        alone = np.append(
            np.repeat(~together, LONG), np.ones(len(slots) - len(together) * LONG, dtype=bool)
        )
        starts = np.flatnonzero(together) * LONG
        from_, until = (
            self.start[slots[starts]].tolist(),
            self.start[slots[starts] + np.int64(LONG)].tolist(),
        )
        parts = [self.value[first:last] for first, last in zip(from_, until, strict=True)]
        return np.concatenate([*parts, self.values(slots[alone])])

    def tally(self, slots: Slots, codes: int) -> Numbers:
        """How often these rows have each number below `codes`."""
        return np.bincount(self.values_together(slots), minlength=codes)

    def at(self, slots: Slots) -> "Lists":
        # A part at a time: the places of ten million numbers would need more room than the numbers.
        parts = [self.values(slots[at : at + CHUNK]) for at in range(0, len(slots), CHUNK)]
        return Lists.of(self.counts(slots), np.concatenate([self.value[:0], *parts]))


@dataclass(frozen=True)
class Rows:
    columns: Columns
    spans: Spans
    published: Spans
    lists: Sequence[Lists]
    """Which terms each answers to, as `Words.places` says; one for each of `Words.lists`, of which the last is read and
    then left out."""
    room: Room = field(default_factory=Room, compare=False)

    def __len__(self) -> int:
        return len(self.columns.seq)

    def at(self, slots: Slots) -> "Rows":
        """Some rows, or all in another order."""
        return Rows(
            self.columns.each(lambda name: getattr(self.columns, name)[slots]),
            self.spans.at(slots),
            self.published.at(slots),
            [each.at(slots) for each in self.lists],
        )

    def onward(self, more: "Rows") -> "Rows":
        """These, and others behind them."""
        behind, count = self.room.behind, len(self)

        def spans(name: str) -> Spans:
            here, there = getattr(self, name), getattr(more, name)
            further = Further(
                behind(f"{name}.further.first", here.further.first, there.further.first),
                behind(f"{name}.further.last", here.further.last, there.further.last),
                behind(
                    f"{name}.further.slot", here.further.slot, there.further.slot + np.uint32(count)
                ),
            )
            first = behind(f"{name}.first", here.first, there.first)
            return Spans(first, behind(f"{name}.last", here.last, there.last), further)

        return Rows(
            self.columns.each(
                lambda name: behind(name, getattr(self.columns, name), getattr(more.columns, name))
            ),
            spans("spans"),
            spans("published"),
            [
                Lists(
                    behind(f"start {place}", here.start, here.start[-1] + there.start[1:]),
                    behind(f"value {place}", here.value, there.value),
                )
                for place, (here, there) in enumerate(zip(self.lists, more.lists, strict=True))
            ],
            self.room,
        )

    def in_order(self) -> Slots:
        """Slots by earliest possible day; what is known less well comes first, what has no day last."""
        columns = self.columns
        return np.lexsort((columns.number, -columns.width, columns.day)).astype(np.uint32)


def short(numbers: NDArray[np.integer]) -> NDArray[np.integer]:
    """The same with as few bytes as they need; below zero there may be none."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def joined(parts: Sequence[Rows]) -> Rows:
    """The rows of all parts, one part behind another."""

    def column(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part.columns, name) for part in parts])

    return Rows(
        parts[0].columns.each(column),
        _joined_spans([part.spans for part in parts], parts),
        _joined_spans([part.published for part in parts], parts),
        [_joined_lists(each) for each in zip(*(part.lists for part in parts), strict=True)],
    )


def _joined_lists(lists: Sequence[Lists]) -> Lists:
    counts = np.concatenate([np.diff(each.start) for each in lists])
    return Lists.of(counts, np.concatenate([each.value for each in lists]))


def _joined_spans(spans: Sequence[Spans], parts: Sequence[Rows]) -> Spans:
    before, further = (
        np.cumsum([0, *(len(part) for part in parts)]),
        [each.further for each in spans],
    )
    return Spans(
        np.concatenate([each.first for each in spans]),
        np.concatenate([each.last for each in spans]),
        Further(
            np.concatenate([each.first for each in further]),
            np.concatenate([each.last for each in further]),
            np.concatenate(
                [each.slot + np.uint32(start) for each, start in zip(further, before, strict=False)]
            ),
        ),
    )
