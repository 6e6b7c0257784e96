"""The histogram of a list in pixels, for preview pictures and figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.i18n.translate import day_in_words
from app.record.histogram_bins import BIN_MONTHS
from app.record.index.results import Histogram
from app.site.charts.glyphs import round_pixels
from app.site.charts.svg import (
    FIRST_LINE_LETTER_PIXELS,
    SECOND_LINE_LETTER_PIXELS,
    Tick,
    width_in_pixels,
)
from app.site.lists.histogram import bar_in_words

GAP_PIXELS = 1.5
"""Gap between two bars, in pixels."""
HALF_LINE_PIXELS = 0.75
"""Half the line width of a light bar's outline, in pixels."""


@dataclass(frozen=True)
class DrawnBar:
    """One period: a light bar for possible rows, and a solid bar in front for certain rows."""

    x: float
    width: float
    possible: float
    certain: float
    """Height of the solid bar; `possible`: of the light bar."""
    count: Tick | None
    """Number above the bar; None if there is no room for it."""

    @property
    def outline(self) -> tuple[float, float, float]:
        """Left edge, width and height of the light bar, inside its outline."""
        return (
            round_pixels(self.x + HALF_LINE_PIXELS),
            round_pixels(self.width - 2 * HALF_LINE_PIXELS),
            round_pixels(self.possible - HALF_LINE_PIXELS),
        )


@dataclass(frozen=True)
class Bars:
    """All bars on a common base line."""

    left: float
    right: float
    base: float
    bars: Sequence[DrawnBar]
    names: Sequence[Tick]
    """Years and months at their first bar, as many as fit."""


def bars(drawn: Histogram, left: float, width: float, top: float, base: float) -> Bars:
    """Lay out the bars. The highest reaches `top`, and its number is above that."""
    highest = max(bar.possible for bar in drawn.bars) or 1
    step = width / len(drawn.bars)
    has_room = all(
        width_in_pixels(str(bar.possible), SECOND_LINE_LETTER_PIXELS) <= step for bar in drawn.bars
    )
    found: list[DrawnBar] = []
    names: list[Tick] = []
    for number, each in enumerate(drawn.bars):
        x, height = left + number * step, base - top
        possible, certain = (height * count / highest for count in (each.possible, each.certain))
        has_count = each.possible and (
            has_room or (each.possible == highest and not any(bar.count for bar in found))
        )
        middle, half_width = (
            x + step / 2,
            width_in_pixels(str(each.possible), SECOND_LINE_LETTER_PIXELS) / 2,
        )
        count = Tick(
            round_pixels(min(max(middle, left + half_width), left + width - half_width)),
            str(each.possible),
        )
        found.append(
            DrawnBar(
                round_pixels(x),
                round_pixels(max(step - GAP_PIXELS, 1)),
                round_pixels(possible),
                round_pixels(certain),
                count if has_count else None,
            )
        )
        first, last = each.days.first, each.days.last
        if first and last and BIN_MONTHS[drawn.bin] > 12:
            names.append(Tick(round_pixels(x), bar_in_words(drawn.bin, first, last)[0]))
        elif first and (not number or first.month == 1):
            names.append(Tick(round_pixels(x), str(first.year)))
        elif first and drawn.bin == "month":
            names.append(Tick(round_pixels(x), day_in_words(first, "MMM")))
    return Bars(left, left + width, base, found, _without_overlap(names, left + width))


def _without_overlap(names: Sequence[Tick], right: float) -> list[Tick]:
    """Return the names that do not overlap the name before."""
    found: list[Tick] = []
    for name in names:
        name_width = width_in_pixels(name.words, FIRST_LINE_LETTER_PIXELS)
        if name.at + name_width <= right + GAP_PIXELS and (
            not found or found[-1].at + name_width + FIRST_LINE_LETTER_PIXELS <= name.at
        ):
            found.append(name)
    return found
