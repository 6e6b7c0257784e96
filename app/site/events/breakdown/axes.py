"""The rows and columns of a breakdown: labels, and the list behind each cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.dates import edtf
from app.filtering import MAX_VALUES, NONE
from app.i18n.translate import N_, _, day_in_words
from app.record.breakdown_filters import KEY_TITLES, UNIT_TITLES
from app.record.filters import DATE_UNITS, ListFilters
from app.record.index import Matching
from app.record.index.breakdown import (
    Axis,
    CodeAxis,
    DateAxis,
    code_axis,
    counted_codes,
    date_axis,
)
from app.record.names.directory import Directory
from app.record.rules.containment import place_and_ancestors
from app.record.sql.conditions import window_of

MAX_ROWS, MAX_COLUMNS = 50, 30
"""Rows of a page, and columns."""
MAX_ROWS_IN_FILE = 1_000
ENTRIES_OUTSIDE_UNITS = 3
"""Entries of an axis of dates besides its units: earlier, in no single unit, without a date."""
OTHERS, EARLIER, VAGUE, UNDATED = "others", "earlier", "several", "no-date"
"""Codes of entries that are no code of the key."""
Narrow = Callable[[ListFilters], ListFilters | None]
"""Returns the filter of an entry's rows within a filter; None if no filter finds them."""


@dataclass(frozen=True)
class AxisEntry:
    """One row or column."""

    code: str
    label: str
    narrow: Narrow


@dataclass(frozen=True)
class AxisView:
    """An axis with the labels of its entries, in the order of its counts."""

    title: str
    axis: Axis
    entries: Sequence[AxisEntry]
    found: int
    """Number of codes that some row has, shown or not; 0 for dates."""
    is_code: bool


def axis_title(key: str) -> str:
    return _(UNIT_TITLES.get(key) or KEY_TITLES[key])


def row_axis(
    matching: Matching, key: str, directory: Directory, first: int = 0, most: int = MAX_ROWS
) -> AxisView:
    """Return `most` rows, of codes those from position `first`."""
    if key in DATE_UNITS:
        return _dates(matching, key, most)
    codes = _codes_of_key(matching, key, directory)
    shown = codes[first : first + most]
    return _codes(matching, key, code_axis(matching, key, shown), len(codes), directory)


def column_axis(matching: Matching, key: str, directory: Directory) -> AxisView:
    """Return the columns. Codes that don't fit are counted together, under "Others"."""
    if key in DATE_UNITS:
        return _dates(matching, key, MAX_COLUMNS)
    codes = _codes_of_key(matching, key, directory)
    if len(codes) <= MAX_COLUMNS:
        return _codes(matching, key, code_axis(matching, key, codes), len(codes), directory)
    last = [NONE] if codes[-1] == NONE else []
    shown = [*codes[: MAX_COLUMNS - 1 - len(last)], *last]
    axis = code_axis(matching, key, shown, has_rest=True)
    return _codes(matching, key, axis, len(codes), directory)


# Codes ------------------------------------------------------------------------------------------


def _codes_of_key(matching: Matching, key: str, directory: Directory) -> list[str]:
    """Return the codes of a key, the most frequent first."""

    def is_within(code: str, selected: Sequence[str]) -> bool:
        # Events in Dandong that all name Hyesan too don't put Hyesan into China.
        around = place_and_ancestors(code, directory.places) if key == "place" else selected
        return not set(selected).isdisjoint(around)

    terms = next(each for each in matching.filters.terms() if each.key == key)
    counts = counted_codes(matching, key, is_within)
    selected = matching.filters[key]
    # As in filters, a retired code has a row only where none of its successors has one.
    replaced = {
        code for code, now in terms.retired if any(successor in counts for successor in now)
    } | directory.retired(terms.vocabulary)
    return [code for code in counts if code in selected or code not in replaced]


def _codes(
    matching: Matching, key: str, axis: CodeAxis, found: int, directory: Directory
) -> AxisView:
    vocabulary = next(each.vocabulary for each in matching.filters.terms() if each.key == key)

    def having(code: str) -> Narrow:
        return lambda filters: filters.with_(**{key: code})

    entries = [
        AxisEntry(code, directory.label(vocabulary, code), having(code)) for code in axis.codes
    ]
    if axis.rest is not None:
        entries.append(
            AxisEntry(OTHERS, _("Others"), lambda filters: _without(filters, key, axis.codes))
        )
    return AxisView(axis_title(key), axis, entries, found, is_code=True)


def _without(filters: ListFilters, key: str, codes: Sequence[str]) -> ListFilters | None:
    excluded = {*filters.excluded.get(key, ()), *codes}
    if len(excluded) > MAX_VALUES:
        return None
    left = [code for code in filters[key] if code not in codes]
    if filters[key] and not left:
        return None
    return filters.made_of(
        {**filters.included, key: left}, {**filters.excluded, key: sorted(excluded)}
    )


# Dates ------------------------------------------------------------------------------------------

VAGUE_LABELS = {
    "year": N_("No single year"),
    "half-year": N_("No single half-year"),
    "month": N_("No single month"),
}


def _dates(matching: Matching, unit: str, most: int) -> AxisView:
    axis = date_axis(matching, DATE_UNITS[unit], most - ENTRIES_OUTSIDE_UNITS)
    entries = [
        AxisEntry(_unit_code(days, unit), _unit_label(days, unit), _during(days, unit))
        for days in axis.units
    ]
    if axis.earlier:
        until = axis.units[0]
        label = _("Before {time}").format(time=_unit_label(until, unit))
        entries.insert(0, AxisEntry(EARLIER, label, _during(axis.earlier[0], unit)))
    entries += [
        AxisEntry(VAGUE, _(VAGUE_LABELS[unit]), lambda filters: _vague(filters, unit)),
        AxisEntry(UNDATED, _("No date"), _undated),
    ]
    return AxisView(axis_title(unit), axis, entries, 0, is_code=False)


def _undated(filters: ListFilters) -> ListFilters | None:
    return filters.with_(date=NONE) if "date" in filters.by_key() else None


def _vague(filters: ListFilters, unit: str) -> ListFilters | None:
    """Select dates that are not certain to the unit, or to a longer one that the filter has."""
    if "vague" not in filters.by_key():
        return None
    coarsest = min([unit, *filters["vague"]], key=list(DATE_UNITS).index)
    return filters.with_(vague=coarsest)


def _during(days: edtf.Days, unit: str) -> Narrow:
    def narrow(filters: ListFilters) -> ListFilters:
        window = window_of(filters)
        first = filters.one("from") if days.first == window.first else _bound(days, unit, 0)
        last = filters.one("to") if days.last == window.last else _bound(days, unit, 1)
        return filters.with_(from_=first, to=last, match="certain")

    return narrow


def _bound(days: edtf.Days, unit: str, end: int) -> str:
    """Return the first or last year or month of a unit in a filter; empty for an open end."""
    day = days.last if end else days.first
    if day is None:
        return ""
    return f"{day.year}" if unit == "year" else f"{day:%Y-%m}"


def _unit_code(days: edtf.Days, unit: str) -> str:
    first = days.first
    assert first
    if unit == "half-year":
        return f"{first.year}-H{1 if first.month <= 6 else 2}"
    return f"{first.year}" if unit == "year" else f"{first:%Y-%m}"


def _unit_label(days: edtf.Days, unit: str) -> str:
    first = days.first
    assert first
    if unit == "month":
        return day_in_words(first, "MMM y")
    if unit == "year":
        return str(first.year)
    words = _("Jan–Jun {year}") if first.month <= 6 else _("Jul–Dec {year}")
    return words.format(year=first.year)


def has_entries(view: AxisView) -> bool:
    return bool(view.entries) and not (isinstance(view.axis, DateAxis) and not view.axis.units)
