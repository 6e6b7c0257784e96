"""Counts of matching rows by two keys: codes of a filter, or calendar units of the date."""

import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from pyroaring import BitMap

from app.dates import edtf
from app.filtering import NONE
from app.record.index.bin_bitmaps import BinStays, StayBounds, month_of, stays_of
from app.record.index.index import Index, day_bounds
from app.record.index.matching import Matching
from app.record.index.rows import slots_in
from app.record.sql.conditions import WINDOW, window_of

Counts = Sequence[int]
"""The counts of an axis, in the order of its entries."""


@dataclass(frozen=True)
class CodeAxis:
    """Codes of one key, and the rows that have each. A row with two codes is in both."""

    codes: Sequence[str]
    sets: Sequence[BitMap]
    rest: BitMap | None = None
    """The rows with none of the codes; None if every code has an entry."""

    def counts(self, among: BitMap) -> Counts:
        sets = self.sets if self.rest is None else [*self.sets, self.rest]
        return [among.intersection_cardinality(rows) for rows in sets]


@dataclass(frozen=True)
class DateAxis:
    """Calendar units, with the rows that are certain in each, and rows that are in none."""

    units: Sequence[edtf.Days]
    """Consecutive units or, at an end of the filter's period, their part within it."""
    first: int
    """The number of the first unit."""
    stays: BinStays
    earlier: tuple[edtf.Days, BitMap] | None
    """The time before `units`, and the rows that are certain in it; None if it has no rows."""
    vague: BitMap
    """Rows with a date that is certain in no single unit of the period."""
    undated: BitMap

    def counts(self, among: BitMap) -> Counts:
        before = [among.intersection_cardinality(self.earlier[1])] if self.earlier else []
        return [
            *before,
            *self.stays.counts(among, self.first, len(self.units)),
            among.intersection_cardinality(self.vague),
            among.intersection_cardinality(self.undated),
        ]


Axis = CodeAxis | DateAxis


def cells(answers: BitMap, rows: Axis, columns: Axis) -> Sequence[Counts]:
    """Return the counts of each row. At most one axis has dates."""
    if isinstance(rows, CodeAxis):
        sets = rows.sets if rows.rest is None else [*rows.sets, rows.rest]
        return [columns.counts(answers & each) for each in sets]
    assert isinstance(columns, CodeAxis)
    by_column = cells(answers, columns, rows)
    return list(zip(*by_column, strict=True)) if by_column else [()] * len(rows.counts(answers))


# Codes ------------------------------------------------------------------------------------------


def counted_codes(
    matching: Matching, key: str, is_within: Callable[[str, Sequence[str]], bool]
) -> dict[str, int]:
    """Return the number of matching rows by code, most frequent first and NONE last.

    If the filter selects codes of the key, only those codes are returned that `is_within` finds in
    them, and all rows of which have a selected one. A filter can't find the others: two codes of a
    key are an "or".
    """
    filters, index = matching.filters, matching.index
    counts = matching.among_answers.of(key)
    if selected := filters[key]:
        having = index.terms.any_of(key, selected) & index.live
        own = index.term_counts.of(key)
        counts = {
            code: count
            for code, count in counts.items()
            if code in selected
            or (
                is_within(code, selected)
                and own[code] == having.intersection_cardinality(index.terms.of(key, code))
            )
        }
    excluded = filters.excluded.get(key, ())
    return dict(
        sorted(
            ((code, count) for code, count in counts.items() if code not in excluded),
            key=lambda pair: (pair[0] == NONE, -pair[1], pair[0]),
        )
    )


def code_axis(
    matching: Matching, key: str, codes: Sequence[str], *, has_rest: bool = False
) -> CodeAxis:
    """Return the axis of some codes of a key."""
    sets = [matching.index.terms.of(key, code) for code in codes]
    return CodeAxis(codes, sets, BitMap(matching.answers).difference(*sets) if has_rest else None)


# Dates ------------------------------------------------------------------------------------------


def date_axis(matching: Matching, months: int, most: int) -> DateAxis:
    """Return the latest `most` units of 12, 6 or 1 months that any matching row is certain in.

    `earlier` has what is certain before these.
    """
    index, window, answers = matching.index, window_of(matching.filters), matching.answers
    stays, used = _stays_in_units(index, answers, window, months)
    last = max(used, default=0)
    first = max(min(used, default=1), last - most + 1)
    units = [_unit(number, months, window) for number in range(first, last + 1)] if used else []
    earlier = None
    if used and min(used) < first:
        until = units[0].first
        assert until
        time = edtf.Days(window.first, until - timedelta(days=1))
        earlier = time, answers & index.certain(time)
    return DateAxis(
        units,
        first,
        stays,
        earlier,
        answers & index.vague(window, months),
        answers - index.dated if WINDOW not in matching.sets else BitMap(),
    )


def _stays_in_units(
    index: Index, answers: BitMap, window: edtf.Days, months: int
) -> tuple[BinStays, Collection[int]]:
    """Return when each row is certain, by unit, and the first and last units of any answer."""
    if window == edtf.Days():
        stays = index.certain_units(months)
        begun = (bin for bin in sorted(stays.begins) if answers.intersect(stays.begins[bin]))
        ended = (
            bin for bin in sorted(stays.ends, reverse=True) if answers.intersect(stays.ends[bin])
        )
        return stays, {*itertools.islice(begun, 1), *itertools.islice(ended, 1)}
    columns, slots = index.rows.columns, slots_in(answers)
    begin, end = day_bounds(window)
    first = np.maximum(columns.sure_first[slots], begin)
    last = np.minimum(columns.sure_last[slots], end)
    is_sure = first <= last
    whole_first, whole_last = columns.whole_first[slots], columns.whole_last[slots]
    is_within = (whole_first >= begin) & (whole_last <= end)
    first = month_of(np.where(is_sure, first, whole_first)) // months
    last = month_of(np.where(is_sure, last, whole_last)) // months
    has = is_sure | (is_within & (first == last))
    bounds: StayBounds = first[has], last[has], slots[has]
    used = {int(bounds[0].min()), int(bounds[1].max())} if has.any() else set()
    return stays_of(bounds), used


def _unit(number: int, months: int, window: edtf.Days) -> edtf.Days:
    days = edtf.Days(_first_day(number * months), _first_day((number + 1) * months, before=True))
    common = days.common(window)
    assert common
    return common


def _first_day(month: int, *, before: bool = False) -> date:
    """Return the first day of a month since January 1970, or the day before it."""
    day = date(1970 + month // 12, month % 12 + 1, 1)
    return day - timedelta(days=1) if before else day
