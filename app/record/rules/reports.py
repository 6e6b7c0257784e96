"""Whether one of several reports surely came first (rule 4)."""

from collections.abc import Sequence
from datetime import date

from app.dates import day_ranges, edtf
from app.dates.edtf import Days


def has_earliest(published: Sequence[str]) -> bool:
    """Whether one date of publication ends before any other may begin.

    A date that is not known may be the earliest.
    """
    if not published:
        return True
    days = sorted(map(_possible_days, published), key=lambda days: days.last or date.max)
    first, *others = days
    return all(first.last and other.first and first.last < other.first for other in others)


def _possible_days(text: str) -> Days:
    """Return the possible days of a date, with the surroundings of an approximate one."""
    if not text:
        return Days()
    found = edtf.parse(text)
    spans = day_ranges.spans(found, lasts=False)
    return spans.surroundings or found.whole or Days()
