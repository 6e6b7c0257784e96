"""Histogram of a list: rows that certainly or possibly fall in each month, quarter or year."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.dates import edtf
from app.i18n.translate import N_, _, day_in_words
from app.record.filters import ListFilters
from app.record.histogram_bins import BIN_MONTHS, MAX_BINS, BinSize
from app.record.index.edition import IndexedEdition
from app.record.index.results import Histogram
from app.record.lists import backend
from app.record.names.directory import Directory
from app.site.components.urls import address
from app.site.lists.summary import WORDING
from app.vocabulary.events import Direction
from app.vocabulary.kinds import RecordKind

MAX_BARS_NARROW = 13
"""Bars at least 24 pixels wide, to be hit by a finger, on a screen of 390 pixels."""
MAX_NAMED_BARS = 20
"""With more bars than this, only some bars have a name and a number."""

MUST: dict[BinSize, str] = {
    "month": N_("definitely in the month"),
    "quarter": N_("definitely in the quarter"),
    "year": N_("definitely in the year"),
    "two-years": N_("definitely in these years"),
    "five-years": N_("definitely in these years"),
    "decade": N_("definitely in these years"),
}
"""The period of one bar in the legend."""


class HistogramBar(NamedTuple):
    name: str
    year: str
    """Printed under the name of the first bar of a year; empty for other bars."""
    is_told: bool
    """Whether the name is printed even where there is no room for every name."""
    certain: int
    possible: int
    address: str
    label: str
    """The period and both counts in words, for screen readers."""
    certain_top: float
    certain_height: float
    possible_top: float
    possible_height: float
    """Positions on a scale of 0 to 100. `possible` includes half the width of its outline."""
    parts: Sequence[tuple[str, float, float]]
    """Of events, by direction from below: its name in the style sheet, top and height."""


@dataclass(frozen=True)
class BarsView:
    must: str
    bars: Sequence[HistogramBar]
    are_many: bool
    is_by_direction: bool


@dataclass(frozen=True)
class HistogramView:
    title: str
    wide: BarsView
    narrow: BarsView | None
    """The same rows in fewer bars, for narrow screens. None if the wide version fits them."""


def histogram_view(
    db: Session,
    edition: IndexedEdition,
    filters: ListFilters,
    directory: Directory,
    extent: edtf.Days,
    *,
    least: BinSize = "month",
) -> HistogramView | None:
    """Return the histogram of a list, or None if no row has a date."""
    matching = backend.match(db, edition, filters, directory)
    drawn = matching.histogram(extent, least)
    if drawn is None:
        return None
    groups = {
        name: matching.among([("direction", code) for code in codes])
        for name, codes in DIRECTION_GROUPS.items()
        if filters.KIND == RecordKind.EVENT
    }

    def made(drawn: Histogram, most: int = MAX_BINS) -> BarsView:
        found = {name: rows.histogram(extent, least, most) for name, rows in groups.items()}
        return _bars(filters, drawn, {name: each for name, each in found.items() if each})

    narrow = None
    if len(drawn.bars) > MAX_BARS_NARROW:
        narrow = matching.histogram(extent, least, MAX_BARS_NARROW)
    return HistogramView(
        _(WORDING[filters.KIND].drawn),
        made(drawn),
        made(narrow, MAX_BARS_NARROW) if narrow else None,
    )


DIRECTION_GROUPS: Mapping[str, Sequence[str]] = {
    "tightens": [Direction.TIGHTENS],
    "eases": [Direction.EASES],
    "moves": [Direction.ARRIVES, Direction.LEAVES],
}
"""What a bar of events tells apart, from below; the rest is on top."""


def _stacked(whole: int, counts: Mapping[str, int], highest: int) -> list[tuple[str, float, float]]:
    parts, top = [], 100.0
    for name, count in [*counts.items(), ("other", whole - sum(counts.values()))]:
        if counts and count:
            height = 100 * count / highest
            top -= height
            parts.append((name, round(top, 1), round(height, 1)))
    return parts


def _bars(filters: ListFilters, drawn: Histogram, groups: Mapping[str, Histogram]) -> BarsView:
    years, are_many, at = (
        BIN_MONTHS[drawn.bin] // 12,
        len(drawn.bars) > MAX_NAMED_BARS,
        _period_address(filters),
    )
    # l10n: numbers of rows in a bar of a chart
    label_text = _("{when}: {could} possibly, {must} definitely")
    highest = max((bar.possible for bar in drawn.bars), default=0) or 1
    bars = []
    for number, each in enumerate(drawn.bars):
        assert each.days.first and each.days.last
        first, last = each.days.first, each.days.last
        name, title = bar_in_words(drawn.bin, first, last)
        certain, possible = (
            round(100 * each.certain / highest, 1),
            round(100 * each.possible / highest, 1),
        )
        begins = not number or (first.year // years % 5 == 0 if years else first.month == 1)
        is_told = begins if are_many else not (years and number % 2)
        bounds = (str(first.year), str(last.year)) if years else (f"{first:%Y-%m}", f"{last:%Y-%m}")
        bars.append(
            HistogramBar(
                name,
                str(first.year) if begins and not years else "",
                is_told,
                each.certain,
                each.possible,
                at(*bounds),
                label_text.format(when=title, could=each.possible, must=each.certain),
                round(100 - certain, 1),
                certain,
                round(100.8 - possible, 1),
                round(possible + 1, 1),
                _stacked(
                    each.possible,
                    {name: rows.bars[number].possible for name, rows in groups.items()},
                    highest,
                ),
            )
        )
    return BarsView(_(MUST[drawn.bin]), bars, are_many, bool(groups))


def _period_address(filters: ListFilters) -> Callable[[str, str], str]:
    """Return a function that writes the address of a period.

    The query string is encoded once and split at the period, not once per bar. The split is
    unambiguous, because = and & in values are percent-encoded.
    """
    first, last = filters.PERIODS[0]
    written = address(filters.with_(**{first: "1800", last: "1800"}))
    before, _window, after = written.partition(f"{first}=1800&{last}=1800")
    return lambda begin, end: f"{before}{first}={begin}&{last}={end}{after}"


@lru_cache(2_000)
def bar_in_words(bin: BinSize, first: date, last: date) -> tuple[str, str]:
    """Return the short name under a bar, and its full name."""
    if bin == "month":
        return day_in_words(first, "MMM"), day_in_words(first, "MMMM y")
    if bin == "quarter":
        months = _("{first} to {last}").format(
            first=day_in_words(first, "MMMM"), last=day_in_words(last, "MMMM y")
        )
        return f"Q{(first.month + 2) // 3}", months
    if bin == "year":
        return str(first.year), str(first.year)
    return f"{first.year}–{last:%y}", _("{first} to {last}").format(
        first=first.year, last=last.year
    )
