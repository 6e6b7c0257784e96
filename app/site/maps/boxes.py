"""Geometry of maps: the projection, sections of the world, boxes of labels, dots moved apart.

`static/world.svg` has the outline of the world in the same projection, from Natural Earth (public
domain, 1 : 110 million). All maps refer to it, so browsers load it once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Self
from unicodedata import east_asian_width

import numpy as np
from numpy.typing import NDArray

LETTER_PIXELS, WIDE_LETTER_PIXELS = 7.3, 13
"""Pixels per letter of a label, and per Chinese or Korean letter: slightly above the average."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom edge."""
Boxes = NDArray[np.float64]
"""An array with one box per row."""


def text_width(words: str) -> float:
    return sum(
        WIDE_LETTER_PIXELS if east_asian_width(letter) in "WF" else LETTER_PIXELS
        for letter in words
    )


def is_inside(boxes: Boxes, width: float, height: float) -> NDArray[np.bool_]:
    left, top, right, bottom = boxes.T
    found: NDArray[np.bool_] = (left >= 0) & (top >= 0) & (right <= width) & (bottom <= height)
    return found


def overlap(some: Boxes, others: Boxes) -> NDArray[np.bool_]:
    """Return a matrix: does box i of `some` overlap box j of `others`?"""
    left, top, right, bottom = some.T[:, :, np.newaxis]
    found: NDArray[np.bool_] = (
        (left < others[:, 2])
        & (others[:, 0] < right)
        & (top < others[:, 3])
        & (others[:, 1] < bottom)
    )
    return found


UNITS_PER_DEGREE = 25
"""Keeps rounding below the spacing of the outline's points (scale 1 : 50 million)."""

STANDARD_PARALLEL = 37.5
"""Latitude without distortion: the best for an equirectangular map of the whole world."""

NORTH, SOUTH = 84.0, -57.0
"""Latitudes of the map's edges. The ice beyond has no records."""


def project(lat: float, lon: float) -> tuple[float, float]:
    """Return x (eastwards) and y (southwards) of coordinates on the sheet of the world."""
    x = (lon + 180) * cos(radians(STANDARD_PARALLEL)) * UNITS_PER_DEGREE
    return x, (NORTH - lat) * UNITS_PER_DEGREE


SHEET_WIDTH, SHEET_HEIGHT = project(SOUTH, 180)


@dataclass(frozen=True, slots=True)
class MapFrame:
    """A section of the sheet at a size in pixels. Text and dots are not scaled."""

    width: int
    height: int
    scale: float
    left: float
    top: float

    @classmethod
    def around(
        cls,
        places: Iterable[tuple[float, float]],
        *,
        width: int,
        height: int,
        margin: int = 48,
        least_degrees: float = 14,
    ) -> Self:
        """Return the smallest section that contains all places, at least `least_degrees` wide.

        Without places, return the whole world.
        """
        points = [project(lat, lon) for lat, lon in places]
        unwrapped = min(width / SHEET_WIDTH, height / SHEET_HEIGHT)
        if not points:
            return cls._centred(width, height, unwrapped, SHEET_WIDTH / 2, SHEET_HEIGHT / 2)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        width_needed = max(max(xs) - min(xs), least_degrees * UNITS_PER_DEGREE)
        height_needed = max(max(ys) - min(ys), least_degrees * UNITS_PER_DEGREE * height / width)
        scale = max(
            min((width - 2 * margin) / width_needed, (height - 2 * margin) / height_needed),
            unwrapped,
        )
        return cls._centred(width, height, scale, (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)

    @classmethod
    def _centred(cls, width: int, height: int, scale: float, x: float, y: float) -> Self:
        left = _limit(x - width / scale / 2, SHEET_WIDTH - width / scale)
        top = _limit(y - height / scale / 2, SHEET_HEIGHT - height / scale)
        return cls(width, height, scale, left, top)

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """Return the position of coordinates in pixels."""
        x, y = project(lat, lon)
        return round((x - self.left) * self.scale, 1), round((y - self.top) * self.scale, 1)

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    @property
    def transform(self) -> str:
        """SVG `transform` that maps the sheet to this section."""
        return f"scale({self.scale:.5f}) translate({-self.left:.1f} {-self.top:.1f})"


def _limit(start: float, most: float) -> float:
    """Limit a section to the sheet. If it is larger than the sheet, centre the sheet."""
    return most / 2 if most < 0 else min(max(start, 0), most)


GAP_PIXELS = 1.5
MAX_FANNED = 100
"""Circles that are moved: more would leave no room, and take long."""

_distances = np.repeat(np.arange(0, 63, 3), 24)
_angles = np.tile(np.arange(24) * np.pi / 12, 21)
MOVES = np.stack((_distances * np.cos(_angles), _distances * np.sin(_angles)), axis=1)
"""Moves in pixels, shortest first; the first is none."""

Circle = tuple[float, float, float]
"""Centre x and y, and radius, in pixels."""


def fan_out(circles: Sequence[Circle], width: float, height: float) -> list[Circle]:
    """Return the circles in the same order, moved so that none overlaps one before it.

    A circle is moved as little as possible. It stays where there is no room near it.
    """
    placed = np.zeros((0, 3))
    for x, y, radius in circles[:MAX_FANNED]:
        tried = MOVES + np.array((x, y))
        fits = _has_room(tried, radius, placed)
        # Without a move, a circle may lie over the edge.
        is_on_map = (tried >= radius) & (tried <= (width - radius, height - radius))
        fits[1:] &= is_on_map.all(axis=1)[1:]
        # If nothing fits, `argmax` is 0, which is no move.
        found = tried[int(fits.argmax())].round(1)
        placed = np.vstack((placed, (*found, radius)))
    moved: list[Circle] = [(x, y, radius) for x, y, radius in placed.tolist()]
    return [*moved, *circles[MAX_FANNED:]]


def _has_room(
    centres: NDArray[np.float64], radius: float, placed: NDArray[np.float64]
) -> NDArray[np.bool_]:
    away = np.hypot(
        centres[:, :1] - placed[np.newaxis, :, 0], centres[:, 1:] - placed[np.newaxis, :, 1]
    )
    found: NDArray[np.bool_] = np.all(away >= placed[:, 2] + radius + GAP_PIXELS, axis=1)
    return found
