"""What matching rows are counted by: codes of a filter, or calendar units of the date."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from app.dates import edtf
from app.filtering import NONE
from app.record.filters import window_of
from app.record.index.bins import certain_bins
from app.record.index.index import day_bounds
from app.record.index.matching import Matching


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


def used_units(matching: Matching, months: int) -> list[edtf.Days]:
    """Return the units of 12, 6 or 1 months from the first to the last with a certain row.

    At an end of the filter's period, only their part within it.
    """
    window = window_of(matching.filters)
    used = certain_bins(matching.index.rows.columns, matching.answers, months, day_bounds(window))
    if not len(used.first):
        return []
    units = (
        edtf.Days(_first_day(no * months), _first_day((no + 1) * months) - timedelta(days=1))
        for no in range(int(used.first.min()), int(used.last.max()) + 1)
    )
    return [part for unit in units if (part := unit.common(window))]


def _first_day(month: int) -> date:
    """Return the first day of a month since January 1970."""
    return date(1970 + month // 12, month % 12 + 1, 1)
