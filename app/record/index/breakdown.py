"""Counts of matching rows by two keys: codes of a filter, or calendar units of the date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pyroaring import BitMap

from app.dates import edtf
from app.filtering import NONE
from app.record.filters import WINDOW, window_of
from app.record.index.bins import Bins, certain_bins
from app.record.index.index import day_bounds
from app.record.index.matching import Matching

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
    bins_of: Callable[[BitMap], Bins]
    """Returns the units in which rows are certain."""
    earlier: tuple[edtf.Days, BitMap] | None
    """The time before `units`, and the rows that are certain in it; None if it has no rows."""
    vague: BitMap
    """Rows with a date that is certain in no single unit of the period."""
    undated: BitMap

    def counts(self, among: BitMap) -> Counts:
        before = [among.intersection_cardinality(self.earlier[1])] if self.earlier else []
        return [
            *before,
            *self.bins_of(among).counts(self.first, len(self.units)),
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

    def bins_of(rows: BitMap) -> Bins:
        return certain_bins(index.rows.columns, rows, months, day_bounds(window))

    used = bins_of(answers)
    begin, last = (int(used.first.min()), int(used.last.max())) if len(used.first) else (0, -1)
    first = max(begin, last - most + 1)
    units = [_unit(number, months, window) for number in range(first, last + 1)]
    earlier = None
    if begin < first:
        until = units[0].first
        assert until
        time = edtf.Days(window.first, until - timedelta(days=1))
        earlier = time, answers & index.certain(time)
    return DateAxis(
        units,
        first,
        bins_of,
        earlier,
        answers & index.vague(window, months),
        answers - index.dated if WINDOW not in matching.sets else BitMap(),
    )


def _unit(number: int, months: int, window: edtf.Days) -> edtf.Days:
    days = edtf.Days(_first_day(number * months), _first_day((number + 1) * months, before=True))
    common = days.common(window)
    assert common
    return common


def _first_day(month: int, *, before: bool = False) -> date:
    """Return the first day of a month since January 1970, or the day before it."""
    day = date(1970 + month // 12, month % 12 + 1, 1)
    return day - timedelta(days=1) if before else day
