"""Dots of cities on a map: their size, and the placement of labels without overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import hypot, sqrt
from unicodedata import east_asian_width

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from app import paths
from app.caches import Cache
from app.i18n.translate import _
from app.site.maps.world_outline import MapFrame, world_outline
from app.web.static import add_static_file
from app.web.templates import render_part


@dataclass(frozen=True)
class CityDot:
    """A city, and the number of events there."""

    code: str
    label: str
    names: tuple[tuple[str, str], ...]
    latitude: float
    longitude: float
    count: int
    address: str
    is_ring: bool = False
    """Whether the dot is hollow."""


@dataclass(frozen=True)
class DotLabel:
    """A name beside its dot, with a leader line if it is far from the dot."""

    x: float
    y: float
    is_left: bool
    leader: str = ""


@dataclass(frozen=True)
class PlacedDot:
    """A dot in pixels. A city without a label is named only in the list beside the map."""

    dot: CityDot
    x: float
    y: float
    radius: float
    label: DotLabel | None
    holds_its_number: bool
    """Whether the number is inside the dot; if not, it follows the name."""


@dataclass(frozen=True)
class MapDrawing:
    """The map at one size, with its title."""

    words: str
    frame: MapFrame
    dots: Sequence[PlacedDot]

    @cached_property
    def drawn(self) -> Markup:
        return render_part("site/components/city_dots.html", drawing=self)


@dataclass(frozen=True)
class MapView:
    """A map for wide and narrow screens. A detail map has the city at its centre in `around`."""

    around: str
    words: str
    wide: MapDrawing
    narrow: MapDrawing


WIDE_SIZE, NARROW_SIZE, LOCATOR_SIZE = (592, 460), (358, 340), (220, 176)
LOCATOR_DEGREES = 10
"""Least extent of the map of one city: its neighbours and borders tell where it is."""
MAX_RADIUS, MIN_RADIUS = 20, 5
NUMBER_PIXELS = 9
"""Half the width of a number inside a dot, in pixels."""

LETTER_PIXELS, WIDE_LETTER = 7.3, 13
"""Pixels per letter of a label, and per Chinese or Korean letter: slightly above the average."""
PIXELS_ABOVE, PIXELS_BELOW = 11, 4
"""Pixels of a label above and below its baseline."""
STEP_PIXELS, MAX_DISTANCE_PIXELS, LEADER_FROM_PIXELS = 6, 60, 18
"""Pixels: step and maximum of moving a label; distance from which it has a leader line."""

MAX_LABELS = 100
"""Labels are tried for this many of the largest dots: there is no room for more."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom edge."""
Boxes = NDArray[np.float64]
"""An array with one box per row."""


DETAIL_DEGREES = 9
"""A detail map extends this far to each side of the city with most events."""
MIN_DETAIL_RATIO = 2.5
"""A detail map is shown if its scale is at least this many times that of the whole map."""


MAP_CACHE: Cache[Sequence[MapView]] = Cache("maps")


def maps(dots: Sequence[CityDot], words: str) -> Sequence[MapView]:
    """Return a map of all dots and, where many are close together, a detail map."""
    return MAP_CACHE.of((words, *dots), lambda: _maps(dots, words))


def _maps(dots: Sequence[CityDot], words: str) -> list[MapView]:
    whole = _view(dots, words)
    found = [whole]
    if dots:
        centre = max(dots, key=lambda dot: (dot.count, dot.code))
        close = [
            dot
            for dot in dots
            if abs(dot.latitude - centre.latitude) <= DETAIL_DEGREES
            and abs(dot.longitude - centre.longitude) <= DETAIL_DEGREES
        ]
        detail = _view(close, _("Around {city}, closer").format(city=centre.label), centre.label)
        if len(close) > 1 and detail.wide.frame.scale >= MIN_DETAIL_RATIO * whole.wide.frame.scale:
            found.append(detail)
    return found


def locator(dot: CityDot, words: str) -> MapDrawing:
    """Return a small map with one city."""
    frame_and_dots = _drawing([dot], *LOCATOR_SIZE, 0.5, LOCATOR_DEGREES)
    return MapDrawing(words, *frame_and_dots)


def _view(dots: Sequence[CityDot], words: str, around: str = "") -> MapView:
    least_degrees = 7 if around else 14
    wide = MapDrawing(words, *_drawing(dots, *WIDE_SIZE, 1.0, least_degrees))
    narrow = MapDrawing(words, *_drawing(dots, *NARROW_SIZE, 0.8, least_degrees))
    return MapView(around, words, wide, narrow)


def _drawing(
    dots: Sequence[CityDot], width: int, height: int, scale: float, least_degrees: float
) -> tuple[MapFrame, list[PlacedDot]]:
    points_on_earth = [(dot.latitude, dot.longitude) for dot in dots]
    frame = MapFrame.around(
        points_on_earth, width=width, height=height, least_degrees=least_degrees
    )
    most = max((dot.count for dot in dots), default=1) or 1
    # Largest first: small dots are drawn over large ones, and large cities are labelled first.
    points = [
        (dot, *frame.place(dot.latitude, dot.longitude), _radius(dot.count, most) * scale)
        for dot in sorted(dots, key=lambda dot: (-dot.count, dot.code))
    ]
    taken = np.array([(x - r, y - r, x + r, y + r) for _, x, y, r in points])
    placed = []
    for index, (dot, x, y, radius) in enumerate(points):
        label = None
        holds_its_number = radius >= NUMBER_PIXELS and not any(
            hypot(x - over_x, y - over_y) < over + NUMBER_PIXELS
            for _, over_x, over_y, over in points[index + 1 :]
        )
        words = dot.label if holds_its_number else f"{dot.label} {dot.count}"
        if index < MAX_LABELS:
            places = _label_boxes(_width(words), x, y, radius)
            own_box = (x - radius, y - radius, x + radius, y + radius)
            is_free = _is_inside(places, width, height) & ~_overlap(
                places, _near_boxes(places, taken, own_box)
            ).any(axis=1)
            if is_free.any():
                first = int(is_free.argmax())
                label = _label_at(first, x, y, radius)
                taken = np.vstack((taken, places[first]))
        placed.append(PlacedDot(dot, x, y, round(radius, 1), label, holds_its_number))
    return frame, placed


def _near_boxes(places: Boxes, taken: Boxes, own_box: Box) -> Boxes:
    """Return the boxes near any of the places, without the dot itself."""
    around = np.concatenate((places[:, :2].min(axis=0), places[:, 2:].max(axis=0)))
    found: Boxes = taken[_overlap(around[np.newaxis], taken)[0] & (taken != own_box).any(axis=1)]
    return found


def _is_inside(boxes: Boxes, width: float, height: float) -> NDArray[np.bool_]:
    left, top, right, bottom = boxes.T
    found: NDArray[np.bool_] = (left >= 0) & (top >= 0) & (right <= width) & (bottom <= height)
    return found


def _overlap(some: Boxes, others: Boxes) -> NDArray[np.bool_]:
    """Return a matrix: does box i of `some` overlap box j of `others`?"""
    left, top, right, bottom = some.T[:, :, np.newaxis]
    found: NDArray[np.bool_] = (
        (left < others[:, 2])
        & (others[:, 0] < right)
        & (top < others[:, 3])
        & (others[:, 1] < bottom)
    )
    return found


def _radius(count: int, most: int) -> float:
    """Return a radius whose area is proportional to the count, but not too small to tap."""
    return max(MIN_RADIUS, MAX_RADIUS * sqrt(count / most))


OFFSETS = [
    (move, is_left)
    for distance in range(0, MAX_DISTANCE_PIXELS + 1, STEP_PIXELS)
    for move in ((-distance, distance) if distance else (0,))
    for is_left in (False, True)
]
"""Offsets in the order of trial: right of the dot, left of it, then higher or lower."""
OFFSETS_Y = np.array([move for move, _is_left in OFFSETS], dtype=np.float64)
OFFSETS_ARE_LEFT = np.array([is_left for _move, is_left in OFFSETS])


def _label_boxes(width: float, x: float, y: float, radius: float) -> Boxes:
    """Return the possible boxes of a label, best first."""
    left = np.where(OFFSETS_ARE_LEFT, x - radius - 4 - width, x + radius + 4)
    line = y + 4.5 + OFFSETS_Y
    return np.stack((left, line - PIXELS_ABOVE, left + width, line + PIXELS_BELOW), axis=1)


def _label_at(place: int, x: float, y: float, radius: float) -> DotLabel:
    move, is_left = OFFSETS[place]
    edge = round(x - radius - 4 if is_left else x + radius + 4, 1)
    line = round(y + 4.5 + move, 1)
    leader = f"M{x} {y}L{edge} {round(line - 4, 1)}" if abs(move) >= LEADER_FROM_PIXELS else ""
    return DotLabel(edge, line, is_left, leader)


def _width(words: str) -> float:
    return sum(
        WIDE_LETTER if east_asian_width(letter) in "WF" else LETTER_PIXELS for letter in words
    )


add_static_file("world.svg", lambda: world_outline(paths.COUNTRIES).encode())
