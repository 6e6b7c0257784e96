"""Marks of estimates: a symbol for the group of the speaker, bars for ranges, arrows for bounds."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from math import ceil
from unicodedata import east_asian_width

from app import paths
from app.dates.bar import Ruler
from app.i18n.formats import enumerate_words
from app.i18n.translate import _, ngettext
from app.site.components.headcounts import possible_days
from app.site.presenters.estimate import EstimateView
from app.vocabulary.estimates import Quantifier
from app.web.static import stylesheet
from app.worker_pool import POOL, READERS

# SVG --------------------------------------------------------------------------------------------


MARGIN_PIXELS = 24
FIRST_LINE_LETTER_PIXELS, SECOND_LINE_LETTER_PIXELS, ASIAN_LETTER_PIXELS = 7.4, 6.4, 13
"""Pixels per letter of bold and of small text, and per Chinese or Korean letter."""


@dataclass(frozen=True)
class Tick:
    """A label of an axis: a number or a year."""

    at: float
    words: str


def width_in_pixels(words: str, letter: float) -> float:
    if words.isascii():
        return letter * len(words)
    return sum(ASIAN_LETTER_PIXELS if _is_wide(sign) else letter for sign in words)


MAX_OUTLETS_NAMED = 8


def reported_by(outlets: Mapping[str, int]) -> str:
    """Return the outlets of the drawn rows with their counts, most frequent first."""
    ordered = Counter(outlets).most_common()
    named = [
        _("{outlet} ({count})").format(outlet=name, count=count)
        for name, count in ordered[:MAX_OUTLETS_NAMED]
    ]
    if (rest := len(ordered) - MAX_OUTLETS_NAMED) > 0:
        named.append(ngettext("{count} other outlet", "{count} other outlets", rest))
    return (
        _("Reported by {outlets}.").format(outlets=enumerate_words(named))
        if named
        else _("No source recorded.")
    )


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


@dataclass(frozen=True)
class TextStyle:
    """A text style of the stylesheet: CSS class, font size, line height and y of the first line."""

    style: str
    size: int
    line: int
    first: int = 0


TITLE_ALONE, TITLE, TEXT = (
    TextStyle("x-huge", 28, 37, 84),
    TextStyle("x-big", 22, 28, 72),
    TextStyle("x-dim", 13, 18),
)
"""A title without a drawing below it, a title with a drawing, and the text below a title."""

WIDE_LETTER, NARROW_LETTER = 1.0, 0.52
"""Width of a letter relative to its font size: Chinese or Korean, and the average of others."""


def wrap(text: str, type: TextStyle, width: float, most: int) -> list[str]:
    """Break text into at most `most` lines of `width` pixels. Splits words longer than a line."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and text_width(line + piece.rstrip(), type) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and text_width(f"{last}…", type) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,;')}…"]


MAX_PIECE_CHARACTERS = 24


def _pieces(text: str) -> Iterable[str]:
    """Yield parts after which a line may break: after spaces, `/?&`, and any wide letter."""
    piece = ""
    for sign in text:
        piece += sign
        if sign in " /?&" or _is_wide(sign) or len(piece) >= MAX_PIECE_CHARACTERS:
            yield piece
            piece = ""
    if piece:
        yield piece


def _is_wide(sign: str) -> bool:
    return east_asian_width(sign) in "WF"


def text_width(text: str, type: TextStyle) -> float:
    return sum(type.size * (WIDE_LETTER if _is_wide(sign) else NARROW_LETTER) for sign in text)


# PNG --------------------------------------------------------------------------------------------


ZOOM = 2
MAX_SECONDS = 20


@lru_cache(32)
def picture(svg: str) -> bytes:
    """Render an SVG at twice its size. The SVG is the cache key: it contains edition and view."""
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


# Glyphs -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shape:
    """One SVG path. `kind` is the name of its CSS class after "e-"."""

    kind: str
    path: str


@dataclass(frozen=True)
class EstimateMark:
    """One estimate in its panel, in pixels, centred at (`x`, `middle`)."""

    figure: EstimateView
    x: float
    middle: float
    box: "Box"
    """Bounds of the amount."""
    time_box: "Box | None"
    """Bounds of the line for the time; None without one."""
    shapes: tuple[Shape, ...]

    @property
    def boxes(self) -> tuple["Box", ...]:
        return (self.box, self.time_box) if self.time_box else (self.box,)

    @property
    def words(self) -> str:
        view = self.figure
        figure = view.words if not view.is_plan else view.with_nature
        if view.is_part:
            figure = _("{figure}, only a part of the people").format(figure=figure)
        return _("{figure}, {time}, {who}").format(figure=figure, time=view.time, who=view.speaker)


Box = tuple[float, float, float, float]
"""Left, top, right and bottom edge."""


# Scales -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Years:
    """The time axis: converts days to pixels. `left` is its distance from the left edge."""

    ruler: Ruler
    left: int

    @property
    def right(self) -> int:
        return self.left + self.ruler.width

    def at(self, day: date) -> float:
        """Return the left edge of a day, limited to the first and last day of the axis."""
        return self.left + self.ruler.at(min(max(day, self.ruler.first), self.ruler.last))

    def after(self, day: date) -> float:
        return self.left + self.ruler.after(min(max(day, self.ruler.first), self.ruler.last))


MAX_SCALE_STEPS = 5


@dataclass(frozen=True)
class Scale:
    """The vertical axis, from zero to a round number. Without steps if no estimate has a number."""

    step: Decimal
    steps: int
    base: float = 0
    top: float = 0

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

    def height(self, number: Decimal) -> float:
        return self.base - float(number / (self.step * self.steps)) * (self.base - self.top)


# Marks ------------------------------------------------------------------------------------------

HALF_SYMBOL_PIXELS = 7
"""Half the width of a symbol, in pixels."""
ARROW_PIXELS = 24
"""Length of an arrow in pixels, independent of the scale."""
STROKE_PIXELS = 8
"""Length of the strokes that mark an approximate bound, in pixels."""
WORD_STROKE_PIXELS = 12
"""Length of the stroke for an estimate in words, in pixels."""


def mark(figure: EstimateView, scale: Scale | None, years: Years, y: float = 0) -> EstimateMark:
    """Return the mark of an estimate on a scale, or without one, its symbol alone at `y`."""
    days = possible_days(figure.form)
    # If one end is open, the mark is at the other end.
    left = years.at(days.first) if days.first else years.after(days.last or date.max)
    right = years.after(days.last) if days.last else left
    x = (left + right) / 2
    half = HALF_SYMBOL_PIXELS
    shapes, middle, top, bottom = [symbol(figure, x, y)], y, y - half, y + half
    if scale:
        heights = {name: scale.height(number) for name, number in figure.numbers.items()}
        shapes, middle, top, bottom = _amount_shapes(figure, x, heights, scale.base)
    time = _time_shapes(left, right, days.first is None, days.last is None, middle)
    time_box = (
        round_pixels(left - (OPEN_END_PIXELS if days.first is None else 0)),
        round_pixels(middle - HALF_TIME_PIXELS),
        round_pixels(right + (OPEN_END_PIXELS if days.last is None else 0)),
        round_pixels(middle + HALF_TIME_PIXELS),
    )
    box = (
        round_pixels(x - half),
        round_pixels(top),
        round_pixels(x + half),
        round_pixels(bottom),
    )
    return EstimateMark(
        figure,
        round_pixels(x),
        round_pixels(middle),
        box,
        time_box if time else None,
        (*time, *shapes),
    )


def _amount_shapes(
    figure: EstimateView, x: float, at: Mapping[str, float], base: float
) -> tuple[list[Shape], float, float, float]:
    """Return the shapes of the amount, and the y of their middle, top and bottom."""
    if not at:
        return (
            [Shape("word", f"M{round_pixels(x)} {round_pixels(base)}v-{WORD_STROKE_PIXELS}")],
            base - WORD_STROKE_PIXELS,
            base - WORD_STROKE_PIXELS,
            base,
        )
    point = [symbol(figure, x, at["point"])] if "point" in at else []
    if "low" in at and "high" in at:
        shapes, middle, top, bottom = (
            _range_shapes(x, at, figure.is_plan),
            (at["low"] + at["high"]) / 2,
            at["high"],
            at["low"],
        )
    elif "low" in at:
        shapes, middle, top, bottom = (
            _arrow_shapes("up", x, at["low"], ARROW_PIXELS),
            at["low"],
            at["low"] - ARROW_PIXELS,
            at["low"],
        )
    elif "high" in at:
        length = min(ARROW_PIXELS, base - at["high"])
        shapes, middle, top, bottom = (
            _arrow_shapes("down", x, at["high"], length),
            at["high"],
            at["high"],
            at["high"] + length,
        )
    else:
        shapes, middle, top, bottom = (
            [],
            at["point"],
            at["point"] - HALF_SYMBOL_PIXELS,
            at["point"] + HALF_SYMBOL_PIXELS,
        )
    if figure.form["quantifier"] == Quantifier.NEARLY:
        # Its end is known above, and not below; an amount can't be below zero.
        below = min(STROKE_PIXELS, max(base - bottom, 0))
        shapes = [_nearly_strokes(x, at["point"], bottom, below), *shapes]
        bottom += below
    if figure.form["quantifier"] == Quantifier.ABOUT:
        # An amount can't be below zero, so the stroke must not go below the axis.
        below = min(STROKE_PIXELS, max(base - bottom, 0))
        shapes = [_approximate_strokes(x, top, bottom, below), *shapes]
        top, bottom = top - STROKE_PIXELS, bottom + below
    return shapes + point, middle, top, bottom


def symbol(figure: EstimateView, x: float, y: float, size: float = 1) -> Shape:
    """Return the symbol of the speaker's group, as an outline if not seen."""
    group = figure.speaker_group
    is_hollow = group == "anon" or figure.is_unseen_document
    kind = "plan" if figure.is_plan else "ring" if is_hollow else "point"
    return Shape(kind, symbol_path(group, x, y, size))


def symbol_path(group: str, x: float, y: float, size: float = 1) -> str:
    def by(*pixels: float) -> str:
        return " ".join(f"{round_pixels(each * size)}" for each in pixels)

    def at(dx: float, dy: float) -> str:
        return f"M{round_pixels(x + dx * size)} {round_pixels(y + dy * size)}"

    match group:
        case "doc":
            return f"{at(-5, -5)}h{by(10)}v{by(10)}h{by(-10)}z"
        case "ana":
            return f"{at(0, -6.5)}l{by(6.5, 11.5)}h{by(-13)}z"
        case "out":
            return f"{at(0, -7)}l{by(7, 7, -7, 7, -7, -7)}z"
    return f"{at(-5, 0)}a{by(5, 5)} 0 1 0 {by(10)} 0a{by(5, 5)} 0 1 0 {by(-10)} 0z"


def _range_shapes(x: float, at: Mapping[str, float], is_plan: bool) -> list[Shape]:
    high, low = round_pixels(at["high"]), round_pixels(at["low"])
    if is_plan:
        return [Shape("plan", f"M{round_pixels(x - 4)} {high}h8V{low}h-8z")]
    caps = f"M{round_pixels(x - 5)} {high}h10M{round_pixels(x - 5)} {low}h10"
    return [Shape("range", f"M{round_pixels(x)} {high}V{low}"), Shape("cap", caps)]


def _approximate_strokes(x: float, top: float, bottom: float, below: float) -> Shape:
    """Return strokes outside both ends. Their length has no meaning."""
    lower = f"M{round_pixels(x)} {round_pixels(bottom)}v{round_pixels(below)}" if below else ""
    return Shape("about", f"M{round_pixels(x)} {round_pixels(top)}v-{STROKE_PIXELS}{lower}")


def _nearly_strokes(x: float, y: float, bottom: float, below: float) -> Shape:
    """Return a cap at the number, which is the upper end, and a stroke below of no length."""
    lower = f"M{round_pixels(x)} {round_pixels(bottom)}v{round_pixels(below)}" if below else ""
    return Shape("nearly", f"M{round_pixels(x - 8)} {round_pixels(y)}h16{lower}")


def _arrow_shapes(kind: str, x: float, y: float, length: float) -> list[Shape]:
    """Return a cap at the known bound, and an arrow that leads away from it."""
    up = -1 if kind == "up" else 1
    return [
        Shape("cap", f"M{round_pixels(x - 7)} {round_pixels(y)}h14"),
        Shape(kind, f"M{round_pixels(x)} {round_pixels(y)}v{round_pixels(up * length)}"),
        Shape(
            "head",
            f"M{round_pixels(x - 5)} {round_pixels(y + up * (length - 5))}l5 {5 * up} 5 {-5 * up}",
        ),
    ]


OPEN_END_PIXELS, HALF_TIME_PIXELS = 20, 4
"""Length of the line for an open-ended time, and half the height of its ends, in pixels."""


def _time_shapes(
    left: float, right: float, is_open_left: bool, is_open_right: bool, y: float
) -> list[Shape]:
    """Return a line for the time if it is wider than the symbol. An open end has a chevron."""
    start, end, y = round_pixels(left), round_pixels(right), round_pixels(y)
    if is_open_left or is_open_right:
        out = -1 if is_open_left else 1
        return [
            Shape(
                "time",
                f"M{start} {y}h{out * OPEN_END_PIXELS}m{-5 * out} -4l{5 * out} 4 {-5 * out} 4",
            )
        ]
    if right - left <= 2 * HALF_SYMBOL_PIXELS:
        return []
    return [
        Shape(
            "time",
            f"M{start} {y}H{end}M{start} {round_pixels(y - 3)}v6M{end} {round_pixels(y - 3)}v6",
        )
    ]


def round_pixels(pixels: float) -> float:
    """Round to a tenth of a pixel; whole numbers become int."""
    short = round(pixels, 1)
    return int(short) if short == int(short) else short
