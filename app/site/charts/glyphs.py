"""Marks of estimates, in pixels, and what all pictures need: width of words, style and PNG."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from math import ceil
from typing import NamedTuple
from unicodedata import east_asian_width

from app import paths
from app.site.components.headcounts import possible_days
from app.site.presenters.estimate import EstimateView
from app.vocabulary.estimates import Quantifier
from app.web.static import stylesheet
from app.worker_pool import POOL, READERS

# Words ------------------------------------------------------------------------------------------

Box = tuple[float, float, float, float]
"""Left, top, right and bottom edge."""
TITLE_LETTER_PIXELS, BOLD_LETTER_PIXELS, SMALL_LETTER_PIXELS = 14.6, 7.4, 6.4
"""Pixels per letter of a title, of bold and of small text. A Chinese or Korean one has twice as
many."""


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def width_in_pixels(words: str, letter: float) -> float:
    return letter * sum(2 if east_asian_width(sign) in "WF" else 1 for sign in words)


def wrap(text: str, letter: float, width: float, most: int) -> list[str]:
    """Break text into at most `most` lines of `width` pixels. Splits words longer than a line."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width_in_pixels(line + piece.rstrip(), letter) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_in_pixels(f"{last}…", letter) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,;')}…"]


def _pieces(text: str) -> list[str]:
    """Return parts after which a line may break: after spaces, `/?&`, and any wide letter."""
    return re.findall(r"[^ /?&\u2e80-\uffff]{0,23}(?:[ /?&\u2e80-\uffff]|.|$)", text)


# Files ------------------------------------------------------------------------------------------

CLASSES = r"\.(?:em(?:\.a-[a-z]+)?|(?:e|x)-[a-z]+)"
RULE_PATTERN = re.compile(rf"^{CLASSES} \{{.*\}}$", re.MULTILINE)
VARIABLE_PATTERN = re.compile(r"^  --([a-z0-9-]+): ([^;]+);", re.MULTILINE)


@cache
def style() -> str:
    """Return the chart's rules from the stylesheet, with variables replaced by light colours."""
    sheet = stylesheet()
    values: dict[str, str] = {}
    for name, value in VARIABLE_PATTERN.findall(sheet):
        values.setdefault(name, value)
    rules = "\n".join(RULE_PATTERN.findall(sheet))
    return re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: values[found[1]], rules)


ZOOM = 2
MAX_SECONDS = 20


def picture(svg: str) -> bytes:
    """Render an SVG at twice its size."""
    return POOL.run(READERS, MAX_SECONDS, render_png_here, svg)


def render_png_here(svg: str) -> bytes:
    # Imported here: resvg slows down the start of the site.
    from resvg_py import svg_to_bytes

    return svg_to_bytes(
        svg_string=svg,
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=[str(font) for font in paths.FONTS],
        sans_serif_family="Noto Sans",
        font_family="Noto Sans",
    )


# Axes -------------------------------------------------------------------------------------------


class Years(NamedTuple):
    """The time axis: converts days to pixels. `left` is its distance from the left edge.

    It includes its first and its last day.
    """

    first: date
    last: date
    width: int = 1
    left: int = 0

    @property
    def right(self) -> int:
        return self.left + self.width

    def at(self, day: date) -> float:
        """Return the left edge of a day, limited to the first and last day of the axis."""
        days = (min(max(day, self.first), self.last) - self.first).days
        return self.left + days / ((self.last - self.first).days + 1) * self.width

    def after(self, day: date) -> float:
        """Return the right edge of a day."""
        return self.at(day) + self.width / ((self.last - self.first).days + 1)


MAX_SCALE_STEPS = 5


class Scale(NamedTuple):
    """The vertical axis, from zero to a round number. Without steps if no estimate has a number."""

    step: Decimal
    steps: int

    @classmethod
    def of(cls, figures: Iterable[EstimateView]) -> "Scale":
        numbers = [number for figure in figures for number in figure.numbers.values()]
        most = max(numbers, default=Decimal(0))
        if not most:
            return cls(Decimal(1), 1 if numbers else 0)
        power = max(Decimal(10) ** (most.adjusted() - 1), Decimal(1))
        step = next(
            n * power
            for n in map(Decimal, (1, 2, 5, 10, 20, 50))
            if n * power * MAX_SCALE_STEPS >= most
        )
        return cls(step, ceil(most / step))

    @property
    def words(self) -> list[str]:
        return [f"{(self.step * n).normalize():,f}" for n in range(self.steps + 1)]

    def share(self, number: Decimal) -> float:
        """Return the height of a number as a part of that of the scale."""
        return float(number / (self.step * self.steps))


# Marks ------------------------------------------------------------------------------------------

HALF_SYMBOL_PIXELS, ARROW_PIXELS, STROKE_PIXELS, WORD_STROKE_PIXELS = 7, 24, 8, 12
"""Half the width of a symbol, and the lengths of an arrow, of the strokes of an approximate number
and of that of a number in words: these say nothing of the number."""
OPEN_END_PIXELS, HALF_TIME_PIXELS = 20, 4
"""Length of the line for an open-ended time, and half the height of its ends."""
SYMBOLS = {
    "doc": "m-5-5h10v10h-10z",
    "ana": "m0-6.5l6.5 11.5h-13z",
    "out": "m0-7l7 7-7 7-7-7z",
    "rec": "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "anon": "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
}
"""Outline of the symbol of each group of speakers."""


class Shape(NamedTuple):
    """One SVG path, from the middle of its mark. `kind` is its CSS class after "e-"."""

    kind: str
    path: str


class EstimateMark(NamedTuple):
    """One estimate in its lane, in pixels, centred at (`x`, `middle`)."""

    figure: EstimateView
    x: float
    middle: float
    boxes: tuple[Box, ...]
    """Bounds of the amount, and of the line for the time if it has one."""
    shapes: tuple[Shape, ...]


def mark(
    figure: EstimateView, years: Years, base: float, heights: Mapping[str, float] | None
) -> EstimateMark:
    """Return the mark of an estimate.

    `heights` are the y of its numbers on a scale that begins at `base`; without a scale, it is
    the symbol alone on the line at `base`.
    """
    days = possible_days(figure.form)
    # If one end is open, the mark is at the other end.
    left = years.at(days.first) if days.first else years.after(days.last or date.max)
    right = years.after(days.last) if days.last else left
    x, half = round_pixels((left + right) / 2), HALF_SYMBOL_PIXELS
    shapes, middle, up, down = [_symbol(figure)], base, float(half), float(half)
    if heights is not None:
        shapes, middle, up, down = _amount(figure, heights, base)
    boxes = [(x - half, middle - up, x + half, middle + down)]
    is_open = not (days.first and days.last)
    if is_open or right - left > 2 * half:
        # A line of the length of the time, without a stroke at an open end.
        start = round_pixels(left - x - (0 if days.first else OPEN_END_PIXELS))
        end = round_pixels(right - x + (0 if days.last else OPEN_END_PIXELS))
        strokes = [at for at, day in ((start, days.first), (end, days.last)) if day]
        path = f"M{start} 0H{end}" + "".join(f"M{at}-3v6" for at in strokes)
        shapes = [Shape("time", path), *shapes]
        boxes.append((x + start, middle - HALF_TIME_PIXELS, x + end, middle + HALF_TIME_PIXELS))
    return EstimateMark(figure, x, round_pixels(middle), tuple(boxes), tuple(shapes))


def _amount(
    figure: EstimateView, heights: Mapping[str, float], base: float
) -> tuple[list[Shape], float, float, float]:
    """Return the shapes of the amount, the y of its middle, and its extent above and below."""
    low, high, point = (heights.get(name) for name in ("low", "high", "point"))
    shapes, up, down = [], float(HALF_SYMBOL_PIXELS), float(HALF_SYMBOL_PIXELS)
    if low is not None and high is not None:
        middle, up, down = (low + high) / 2, (low - high) / 2, (low - high) / 2
        shapes = _range(round_pixels(up), is_plan=figure.is_plan)
    elif low is not None:
        middle, up, down = low, float(ARROW_PIXELS), 0.0
        shapes = _arrow("up", -ARROW_PIXELS)
    elif high is not None:
        # An amount can't be below zero, so nothing goes below the axis.
        middle, up, down = high, 0.0, min(ARROW_PIXELS, base - high)
        shapes = _arrow("down", round_pixels(down))
    elif point is not None:
        middle = point
    else:
        return [Shape("word", f"M0 0v-{WORD_STROKE_PIXELS}")], base, WORD_STROKE_PIXELS, 0
    if figure.form["quantifier"] in {Quantifier.ABOUT, Quantifier.NEARLY}:
        below = round_pixels(min(STROKE_PIXELS, max(base - middle - down, 0)))
        strokes = f"M0 {round_pixels(-up)}v-{STROKE_PIXELS}M0 {round_pixels(down)}v{below}"
        shapes = [Shape("about", strokes), *shapes]
        up, down = up + STROKE_PIXELS, down + below
    if point is not None:
        shapes = [*shapes, _symbol(figure, round_pixels(point - middle))]
    return shapes, middle, up, down


def _symbol(figure: EstimateView, y: float = 0) -> Shape:
    """Return the symbol of the speaker's group, as an outline if not seen."""
    group = figure.speaker_group
    is_hollow = group == "anon" or figure.is_unseen_document
    kind = "plan" if figure.is_plan else "ring" if is_hollow else "point"
    return Shape(kind, f"M0 {y}{SYMBOLS[group]}")


def _range(half: float, *, is_plan: bool) -> list[Shape]:
    if is_plan:
        return [Shape("plan", f"M-4-{half}h8V{half}h-8z")]
    return [Shape("range", f"M0-{half}V{half}"), Shape("cap", f"M-5-{half}h10M-5 {half}h10")]


def _arrow(kind: str, length: float) -> list[Shape]:
    """Return a cap at the known bound, and an arrow that leads away from it."""
    tip = -5 if length < 0 else 5
    return [
        Shape("cap", "M-7 0h14"),
        Shape(kind, f"M0 0v{length}"),
        Shape("head", f"M-5 {round_pixels(length - tip)}l5 {tip} 5 {-tip}"),
    ]


def round_pixels(pixels: float) -> float:
    """Round to a tenth of a pixel; whole numbers become int."""
    short = round(pixels, 1)
    return int(short) if short == int(short) else short
