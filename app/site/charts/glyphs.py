"""How one figure is drawn: a shape for who said it, a bar between two bounds, an arrow from one, words as words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

from app.dates.bar import Ruler
from app.i18n.translate import _
from app.site.components.estimate_line import FigureView
from app.site.components.headcounts import time_of
from app.site.components.quantity import Form
from app.vocabulary.estimates import Nature, Quantifier


@dataclass(frozen=True)
class Figure:
    """One figure of a place: what pages say of it, and what is stored of it."""

    view: FigureView
    payload: Mapping[str, Any]
    whose: str = ""
    """The nationality of those counted, in words."""

    @property
    def id(self) -> str:
        return self.view.id

    @property
    def form(self) -> Form:
        form: Form = self.payload["form"]
        return form

    @property
    def is_plan(self) -> bool:
        """Planned, forecast, or no more than a limit."""
        return bool(self.form.get("nature", Nature.OBSERVED) != Nature.OBSERVED)

    @property
    def numbers(self) -> dict[str, Decimal]:
        names = ("low", "point", "high")
        return {
            name: Decimal(str(self.form[name])) for name in names if self.form.get(name) is not None
        }


@dataclass(frozen=True)
class Shape:
    """One path of a drawing. The kind says what it stands for, and so how it is painted."""

    kind: str
    path: str


@dataclass(frozen=True)
class Mark:
    """One figure in its panel, in pixels. It stands at `x` and at the height of `middle`."""

    figure: Figure
    letter: str
    x: float
    middle: float
    box: "Box"
    """All of it, with the time that it may be true of."""
    shapes: tuple[Shape, ...]

    @property
    def words(self) -> str:
        view = self.figure.view
        return _("{key}: {figure}, {time}, {who}").format(
            key=self.letter, figure=view.words, time=view.time, who=view.speaker
        )


Box = tuple[float, float, float, float]
"""Left, top, right and bottom edge."""


# Scales -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Years:
    """Days as pixels of a drawing whose scale begins some way from its left edge."""

    ruler: Ruler
    left: int

    @property
    def right(self) -> int:
        return self.left + self.ruler.width

    def at(self, day: date) -> float:
        """The left edge of that day; of the first or last one, where it lies outside."""
        return self.left + self.ruler.at(min(max(day, self.ruler.first), self.ruler.last))

    def after(self, day: date) -> float:
        return self.left + self.ruler.after(min(max(day, self.ruler.first), self.ruler.last))


MOST_LINES = 5


@dataclass(frozen=True)
class Scale:
    """Numbers as heights, from zero to a round number that holds all; without steps where there are only words."""

    step: Decimal
    steps: int
    base: float = 0
    top: float = 0

    @classmethod
    def of(cls, figures: Iterable[Figure]) -> "Scale":
        numbers = [number for figure in figures for number in figure.numbers.values()]
        most = max(numbers, default=Decimal(0))
        if not most:
            return cls(Decimal(1), 1 if numbers else 0)
        power = max(Decimal(10) ** (most.adjusted() - 1), Decimal(1))
        step = next(
            n * power for n in map(Decimal, (1, 2, 5, 10, 20, 50)) if n * power * MOST_LINES >= most
        )
        return cls(step, ceil(most / step))

    @property
    def words(self) -> list[str]:
        return [f"{(self.step * n).normalize():,f}" for n in range(self.steps + 1)]

    def height(self, number: Decimal) -> float:
        return self.base - float(number / (self.step * self.steps)) * (self.base - self.top)


# The mark of a figure ---------------------------------------------------------------------------------------------

HALF = 7
"""Pixels: half the width of a shape."""
ARROW = 24
"""Pixels: how long an arrow is, whatever the scale."""
STROKES = 8
"""Pixels that the strokes for "about" reach beyond the end that is not known well."""
WORD = 12
"""Pixels: the stroke on the base line that stands for words."""


def mark(figure: Figure, letter: str, scale: Scale, years: Years) -> Mark:
    days = time_of(figure.form)
    # Where one end is open, the mark stands at the other.
    left = years.at(days.first) if days.first else years.after(days.last or date.max)
    right = years.after(days.last) if days.last else left
    x = (left + right) / 2
    heights = {name: scale.height(number) for name, number in figure.numbers.items()}
    shapes, middle, top, bottom = _upright(figure, x, heights, scale.base)
    time = _time(left, right, days.first is None, days.last is None, middle)
    if time:
        left, right = (
            left - (OPEN if days.first is None else 0),
            right + (OPEN if days.last is None else 0),
        )
    box = (tidy(min(left, x - HALF)), tidy(top), tidy(max(right, x + HALF)), tidy(bottom))
    return Mark(figure, letter, tidy(x), tidy(middle), box, (*time, *shapes))


def _upright(
    figure: Figure, x: float, at: Mapping[str, float], base: float
) -> tuple[list[Shape], float, float, float]:
    """The shapes that say how much; the height at which the figure stands, and how far its shapes reach."""
    if not at:
        return [Shape("word", f"M{tidy(x)} {tidy(base)}v-{WORD}")], base - WORD, base - WORD, base
    point = [symbol(figure, x, at["point"])] if "point" in at else []
    if "low" in at and "high" in at:
        shapes, middle, top, bottom = (
            _range(x, at, figure.is_plan),
            (at["low"] + at["high"]) / 2,
            at["high"],
            at["low"],
        )
    elif "low" in at:
        shapes, middle, top, bottom = (
            _arrow("up", x, at["low"], ARROW),
            at["low"],
            at["low"] - ARROW,
            at["low"],
        )
    elif "high" in at:
        length = min(ARROW, base - at["high"])
        shapes, middle, top, bottom = (
            _arrow("down", x, at["high"], length),
            at["high"],
            at["high"],
            at["high"] + length,
        )
    else:
        shapes, middle, top, bottom = [], at["point"], at["point"] - HALF, at["point"] + HALF
    if figure.form["quantifier"] == Quantifier.ABOUT:
        # Nothing is fewer than none: no sign for that reaches below the axis.
        below = min(STROKES, max(base - bottom, 0))
        shapes = [_about(x, top, bottom, below), *shapes]
        top, bottom = top - STROKES, bottom + below
    return shapes + point, middle, top, bottom


def symbol(figure: Figure, x: float, y: float, size: float = 1) -> Shape:
    """The shape of whoever said it, around a point; in outline, if it is not seen but to come."""
    group = figure.view.speaker_group
    kind = "plan" if figure.is_plan else "ring" if group == "anon" else "point"
    return Shape(kind, outline(group, x, y, size))


def outline(group: str, x: float, y: float, size: float = 1) -> str:
    def by(*pixels: float) -> str:
        return " ".join(f"{tidy(each * size)}" for each in pixels)

    def at(dx: float, dy: float) -> str:
        return f"M{tidy(x + dx * size)} {tidy(y + dy * size)}"

    match group:
        case "doc":
            return f"{at(-5, -5)}h{by(10)}v{by(10)}h{by(-10)}z"
        case "ana":
            return f"{at(0, -6.5)}l{by(6.5, 11.5)}h{by(-13)}z"
        case "out":
            return f"{at(0, -7)}l{by(7, 7, -7, 7, -7, -7)}z"
    return f"{at(-5, 0)}a{by(5, 5)} 0 1 0 {by(10)} 0a{by(5, 5)} 0 1 0 {by(-10)} 0z"


def _range(x: float, at: Mapping[str, float], is_plan: bool) -> list[Shape]:
    high, low = tidy(at["high"]), tidy(at["low"])
    if is_plan:
        return [Shape("plan", f"M{tidy(x - 4)} {high}h8V{low}h-8z")]
    caps = f"M{tidy(x - 5)} {high}h10M{tidy(x - 5)} {low}h10"
    return [Shape("range", f"M{tidy(x)} {high}V{low}"), Shape("cap", caps)]


def _about(x: float, top: float, bottom: float, below: float) -> Shape:
    """Strokes outside both ends: a sign that they are not known well, not a width."""
    lower = f"M{tidy(x)} {tidy(bottom)}v{tidy(below)}" if below else ""
    return Shape("about", f"M{tidy(x)} {tidy(top)}v-{STROKES}{lower}")


def _arrow(kind: str, x: float, y: float, length: float) -> list[Shape]:
    """A cap on the bound that is known, and an arrow away from it."""
    up = -1 if kind == "up" else 1
    return [
        Shape("cap", f"M{tidy(x - 7)} {tidy(y)}h14"),
        Shape(kind, f"M{tidy(x)} {tidy(y)}v{tidy(up * length)}"),
        Shape("head", f"M{tidy(x - 5)} {tidy(y + up * (length - 5))}l5 {5 * up} 5 {-5 * up}"),
    ]


OPEN = 20
"""Pixels: how far the line for a time without end reaches."""


def _time(
    left: float, right: float, is_open_left: bool, is_open_right: bool, y: float
) -> list[Shape]:
    """The time that it may be true of, where that is wider than the mark; with a chevron where it has no end."""
    start, end, y = tidy(left), tidy(right), tidy(y)
    if is_open_left or is_open_right:
        out = -1 if is_open_left else 1
        return [Shape("time", f"M{start} {y}h{out * OPEN}m{-5 * out} -4l{5 * out} 4 {-5 * out} 4")]
    if right - left <= 2 * HALF:
        return []
    return [Shape("time", f"M{start} {y}H{end}M{start} {tidy(y - 3)}v6M{end} {tidy(y - 3)}v6")]


def tidy(pixels: float) -> float:
    """A tenth of a pixel is enough."""
    short = round(pixels, 1)
    return int(short) if short == int(short) else short
