"""Cities on a map: how large each dot is, and where its name stands so that no two overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import hypot, sqrt
from unicodedata import east_asian_width

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from app import paths
from app.i18n.translate import _
from app.site.maps.world_outline import Frame, world_outline
from app.web.render_cache import Drawn
from app.web.static import add_static_file
from app.web.templates import part


@dataclass(frozen=True)
class Dot:
    """A city on the map, and how many of the events found are there."""

    code: str
    label: str
    names: tuple[tuple[str, str], ...]
    latitude: float
    longitude: float
    count: int
    address: str
    is_ring: bool = False
    """Drawn hollow."""


@dataclass(frozen=True)
class Label:
    """A name beside its dot; far from it, a line leads there."""

    x: float
    y: float
    is_left: bool
    leader: str = ""


@dataclass(frozen=True)
class Placed:
    """A dot in pixels of the drawing. Without a label it is named in the list beside the map only."""

    dot: Dot
    x: float
    y: float
    radius: float
    label: Label | None
    holds_its_number: bool
    """Whether its number stands in it; else beside its name."""


@dataclass(frozen=True)
class Drawing:
    """One drawing of the map, at the size at which a page shows it, and what it is called."""

    words: str
    frame: Frame
    dots: Sequence[Placed]

    @cached_property
    def drawn(self) -> Markup:
        return part("site/components/city_dots.html", drawing=self)


@dataclass(frozen=True)
class MapView:
    """The same map for a wide and for a narrow page. `around` is the city that it is a closer view of, if it is one."""

    around: str
    words: str
    wide: Drawing
    narrow: Drawing


WIDE, NARROW = (592, 460), (358, 340)
LARGEST, SMALLEST = 20, 5
NUMBER = 9
"""Pixels from the middle of a dot that a number written in it takes up."""

LETTER, SIGN = 7.3, 13
"""Pixels that a letter takes in the labels' type, and a Chinese or Korean sign; a little more than on average."""
ABOVE, BELOW = 11, 4
"""Pixels that a line of the labels reaches above and below the line it stands on."""
STEP, FARTHEST, LEADER_FROM = 6, 60, 18
"""Pixels: a label that is in the way moves up and down by steps, and beyond a distance gets a line."""

MOST_NAMED = 100
"""Names that a drawing tries to place, those of the largest dots: it has no room for more."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Boxes = NDArray[np.float64]
"""One in each row."""


CLOSE_DEGREES = 9
"""How far from the city with most events a closer view reaches, to each side."""
WORTH_A_CLOSER_VIEW = 2.5
"""How many times nearer a view has to be to be worth a picture of its own."""


MAPS: Drawn[Sequence[MapView]] = Drawn(8)


def maps(dots: Sequence[Dot], words: str) -> Sequence[MapView]:
    """All of them in one picture, called so; and where they crowd around one city, that part once more."""
    return MAPS.of((words, *dots), lambda: _maps(dots, words))


def _maps(dots: Sequence[Dot], words: str) -> list[MapView]:
    whole = _view(dots, words)
    found = [whole]
    if dots:
        middle = max(dots, key=lambda dot: (dot.count, dot.code))
        close = [
            dot
            for dot in dots
            if abs(dot.latitude - middle.latitude) <= CLOSE_DEGREES
            and abs(dot.longitude - middle.longitude) <= CLOSE_DEGREES
        ]
        closer = _view(close, _("Around {city}, closer").format(city=middle.label), middle.label)
        if (
            len(close) > 1
            and closer.wide.frame.scale >= WORTH_A_CLOSER_VIEW * whole.wide.frame.scale
        ):
            found.append(closer)
    return found


def _view(dots: Sequence[Dot], words: str, around: str = "") -> MapView:
    least_degrees = 7 if around else 14
    wide = Drawing(words, *_drawing(dots, *WIDE, 1.0, least_degrees))
    narrow = Drawing(words, *_drawing(dots, *NARROW, 0.8, least_degrees))
    return MapView(around, words, wide, narrow)


def _drawing(
    dots: Sequence[Dot], width: int, height: int, scale: float, least_degrees: float
) -> tuple[Frame, list[Placed]]:
    points_on_earth = [(dot.latitude, dot.longitude) for dot in dots]
    frame = Frame.around(points_on_earth, width=width, height=height, least_degrees=least_degrees)
    most = max((dot.count for dot in dots), default=1)
    # Large ones first: a small dot lies on a large one, not under it, and the larger name finds its place first.
    points = [
        (dot, *frame.place(dot.latitude, dot.longitude), _radius(dot.count, most) * scale)
        for dot in sorted(dots, key=lambda dot: (-dot.count, dot.code))
    ]
    taken = np.array([(x - r, y - r, x + r, y + r) for _, x, y, r in points])
    placed = []
    for index, (dot, x, y, radius) in enumerate(points):
        label = None
        holds_its_number = radius >= NUMBER and not any(
            hypot(x - over_x, y - over_y) < over + NUMBER
            for _, over_x, over_y, over in points[index + 1 :]
        )
        words = dot.label if holds_its_number else f"{dot.label} {dot.count}"
        if index < MOST_NAMED:
            places = _places(_width(words), x, y, radius)
            own = (x - radius, y - radius, x + radius, y + radius)
            is_free = _is_inside(places, width, height) & ~_overlap(
                places, _near(places, taken, own)
            ).any(axis=1)
            if is_free.any():
                first = int(is_free.argmax())
                label = _label(first, x, y, radius)
                taken = np.vstack((taken, places[first]))
        placed.append(Placed(dot, x, y, round(radius, 1), label, holds_its_number))
    return frame, placed


def _near(places: Boxes, taken: Boxes, own: Box) -> Boxes:
    """What may be in the way at any of these places, but for the dot itself."""
    around = np.concatenate((places[:, :2].min(axis=0), places[:, 2:].max(axis=0)))
    found: Boxes = taken[_overlap(around[np.newaxis], taken)[0] & (taken != own).any(axis=1)]
    return found


def _is_inside(boxes: Boxes, width: float, height: float) -> NDArray[np.bool_]:
    left, top, right, bottom = boxes.T
    found: NDArray[np.bool_] = (left >= 0) & (top >= 0) & (right <= width) & (bottom <= height)
    return found


def _overlap(some: Boxes, others: Boxes) -> NDArray[np.bool_]:
    """Which of some boxes, by row, overlap with which of others, by column."""
    left, top, right, bottom = some.T[:, :, np.newaxis]
    found: NDArray[np.bool_] = (
        (left < others[:, 2])
        & (others[:, 0] < right)
        & (top < others[:, 3])
        & (others[:, 1] < bottom)
    )
    return found


def _radius(count: int, most: int) -> float:
    """The area stands for the number, down to what a finger can still hit."""
    return max(SMALLEST, LARGEST * sqrt(count / most))


MOVES = [
    (move, is_left)
    for away in range(0, FARTHEST + 1, STEP)
    for move in ((-away, away) if away else (0,))
    for is_left in (False, True)
]
"""Right of the dot, then left of it, then a little higher or lower, and so on."""
MOVED = np.array([move for move, _is_left in MOVES], dtype=np.float64)
ARE_LEFT = np.array([is_left for _move, is_left in MOVES])


def _places(width: float, x: float, y: float, radius: float) -> Boxes:
    """Where words of that width may stand, the best place first."""
    left = np.where(ARE_LEFT, x - radius - 4 - width, x + radius + 4)
    line = y + 4.5 + MOVED
    return np.stack((left, line - ABOVE, left + width, line + BELOW), axis=1)


def _label(place: int, x: float, y: float, radius: float) -> Label:
    move, is_left = MOVES[place]
    edge = round(x - radius - 4 if is_left else x + radius + 4, 1)
    line = round(y + 4.5 + move, 1)
    leader = f"M{x} {y}L{edge} {round(line - 4, 1)}" if abs(move) >= LEADER_FROM else ""
    return Label(edge, line, is_left, leader)


def _width(words: str) -> float:
    return sum(SIGN if east_asian_width(letter) in "WF" else LETTER for letter in words)


add_static_file("world.svg", lambda: world_outline(paths.COUNTRIES).encode())
