"""The histogram of a list in pixels, for pictures and files; a page draws the same bars as links, of any width."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.i18n.translate import day_in_words
from app.record.sql.histogram import BIN_MONTHS, Histogram
from app.site.charts.chart_views import Tick
from app.site.charts.glyphs import tidy
from app.site.charts.label_layout import HEAD, SUB, width_of
from app.site.lists.histogram import bar_in_words

BETWEEN = 1.5
"""Pixels between two bars."""
HALF_A_LINE = 0.75
"""Pixels: half the outline of a light bar, so that its outer edge lies on its count."""


@dataclass(frozen=True)
class DrawnBar:
    """One month, quarter, year or more: what could fall in it as an outline, what must as a solid bar before it."""

    x: float
    width: float
    possible: float
    certain: float
    """Heights."""
    count: Tick | None
    """Its number, where there is room for it."""

    @property
    def outline(self) -> tuple[float, float, float]:
        """Left edge, width and height of the light bar."""
        return (
            tidy(self.x + HALF_A_LINE),
            tidy(self.width - 2 * HALF_A_LINE),
            tidy(self.possible - HALF_A_LINE),
        )


@dataclass(frozen=True)
class Bars:
    """All bars on one base line."""

    left: float
    right: float
    base: float
    bars: Sequence[DrawnBar]
    names: Sequence[Tick]
    """Years and months, where each begins; as many as there is room for."""


def bars(drawn: Histogram, left: float, width: float, top: float, base: float) -> Bars:
    """The bars between two edges and two heights; the highest one reaches the top, with its number above it."""
    highest = max(bar.possible for bar in drawn.bars) or 1
    step = width / len(drawn.bars)
    has_room = all(width_of(str(bar.possible), SUB) <= step for bar in drawn.bars)
    found: list[DrawnBar] = []
    names: list[Tick] = []
    for number, each in enumerate(drawn.bars):
        x, height = left + number * step, base - top
        possible, certain = (height * count / highest for count in (each.possible, each.certain))
        is_told = each.possible and (
            has_room or (each.possible == highest and not any(bar.count for bar in found))
        )
        middle, of_all = x + step / 2, width_of(str(each.possible), SUB) / 2
        told = Tick(
            tidy(min(max(middle, left + of_all), left + width - of_all)), str(each.possible)
        )
        found.append(
            DrawnBar(
                tidy(x),
                tidy(max(step - BETWEEN, 1)),
                tidy(possible),
                tidy(certain),
                told if is_told else None,
            )
        )
        first, last = each.days.first, each.days.last
        if first and last and BIN_MONTHS[drawn.bin] > 12:
            names.append(Tick(tidy(x), bar_in_words(drawn.bin, first, last)[0]))
        elif first and (not number or first.month == 1):
            names.append(Tick(tidy(x), str(first.year)))
        elif first and drawn.bin == "month":
            names.append(Tick(tidy(x), day_in_words(first, "MMM")))
    return Bars(left, left + width, base, found, _with_room(names, left + width))


def _with_room(names: Sequence[Tick], right: float) -> list[Tick]:
    """As many as do not touch each other."""
    found: list[Tick] = []
    for name in names:
        wide = width_of(name.words, HEAD)
        if name.at + wide <= right + BETWEEN and (
            not found or found[-1].at + wide + HEAD <= name.at
        ):
            found.append(name)
    return found
