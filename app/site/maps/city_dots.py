"""The map of cities: a section of the world's outline, with a dot for each city."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt
from typing import NamedTuple

from app.site.charts.glyphs import Box, overlap, width_in_pixels

# The section of the world -----------------------------------------------------------------------

UNITS_PER_DEGREE = 25
"""Keeps rounding below the spacing of the outline's points (scale 1 : 50 million)."""
STANDARD_PARALLEL = 37.5
"""Latitude without distortion: the best for an equirectangular map of the whole world."""
NORTH, SOUTH = 84.0, -57.0
"""Latitudes of the map's edges. The ice beyond has no records."""
MIN_DEGREES = 14
MARGIN = 0.15
"""Of each side of the map: room for names beside the outermost dots."""


def project(lat: float, lon: float) -> tuple[float, float]:
    """Return x (eastwards) and y (southwards) of coordinates on the sheet of the world."""
    x = (lon + 180) * cos(radians(STANDARD_PARALLEL)) * UNITS_PER_DEGREE
    return x, (NORTH - lat) * UNITS_PER_DEGREE


SHEET_WIDTH, SHEET_HEIGHT = project(SOUTH, 180)


class MapFrame:
    """The smallest section of the sheet that has all places. Text and dots are not scaled."""

    def __init__(self, places: Iterable[tuple[float, float]], width: int, height: int) -> None:
        """It is at least `MIN_DEGREES` wide; without places, the whole world."""
        self.width, self.height = width, height
        points = [project(*place) for place in places] or [(0, 0), (SHEET_WIDTH, SHEET_HEIGHT)]
        xs, ys = zip(*points, strict=True)
        least = MIN_DEGREES * UNITS_PER_DEGREE
        self.scale = max(
            min(
                width * (1 - 2 * MARGIN) / max(max(xs) - min(xs), least),
                height * (1 - 2 * MARGIN) / max(max(ys) - min(ys), least * height / width),
            ),
            min(width / SHEET_WIDTH, height / SHEET_HEIGHT),
        )
        self.left = _start(min(xs) + max(xs), width / self.scale, SHEET_WIDTH)
        self.top = _start(min(ys) + max(ys), height / self.scale, SHEET_HEIGHT)

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """Return the position of coordinates in pixels."""
        x, y = project(lat, lon)
        return round((x - self.left) * self.scale, 1), round((y - self.top) * self.scale, 1)

    @property
    def transform(self) -> str:
        """SVG `transform` that maps the sheet to this section."""
        return f"scale({self.scale:.5f}) translate({-self.left:.1f} {-self.top:.1f})"


def _start(twice_the_middle: float, length: float, sheet: float) -> float:
    """Limit a section to the sheet. If it is larger than the sheet, centre the sheet."""
    most = sheet - length
    return most / 2 if most < 0 else min(max((twice_the_middle - length) / 2, 0), most)


# Dots and names ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class CityDot:
    """A city, and the number that its dot shows: of events, or of people."""

    code: str
    label: str
    names: Sequence[tuple[str, str]]
    latitude: float
    longitude: float
    count: int
    """The area of the dot."""
    address: str
    is_ring: bool = False
    """Whether the dot is hollow."""
    people: str | None = None
    """The estimate in words ("" for none), if the size is the number of people present."""

    @property
    def number(self) -> str:
        return str(self.count) if self.people is None else self.people


class PlacedDot(NamedTuple):
    """A dot in pixels. A city without a name is named only in the list beside the map."""

    dot: CityDot
    x: float
    y: float
    radius: float
    name: tuple[float, float] | None
    """Middle and baseline of its words."""


WIDE_SIZE, NARROW_SIZE = (592, 460), (358, 340)
MAX_RADIUS, MIN_RADIUS = 20, 5
LETTER_PIXELS, LINE_PIXELS, BASELINE_PIXELS = 7.3, 15, 11
MAX_NAMES = 100
"""Names are tried for this many of the largest dots: there is no room for more."""


class MapDrawing:
    """The map at one size."""

    def __init__(self, dots: Sequence[CityDot], size: tuple[int, int]) -> None:
        self.frame = MapFrame([(dot.latitude, dot.longitude) for dot in dots], *size)
        most = max((dot.count for dot in dots), default=1) or 1
        # Largest first: small dots are drawn over large ones, and large cities are named first.
        circles = [
            (
                dot,
                *self.frame.place(dot.latitude, dot.longitude),
                # The area is proportional to the count, but not too small to tap.
                round(max(MIN_RADIUS, MAX_RADIUS * sqrt(dot.count / most)), 1),
            )
            for dot in sorted(dots, key=lambda dot: (-dot.count, dot.code))
        ]
        taken: list[Box] = [(x - r, y - r, x + r, y + r) for _dot, x, y, r in circles]
        self.dots: list[PlacedDot] = []
        for dot, x, y, radius in circles:
            half = width_in_pixels(f"{dot.label} {dot.number}".strip(), LETTER_PIXELS) / 2
            away, line = radius + 4 + half, radius + LINE_PIXELS / 2
            # Elsewhere the name would be taken for that of another dot.
            around = (x + away, y), (x - away, y), (x, y + line), (x, y - line)
            name = None
            for middle, centre in around if len(self.dots) < MAX_NAMES else ():
                top = centre - LINE_PIXELS / 2
                box = middle - half, top, middle + half, top + LINE_PIXELS
                is_inside = min(box) >= 0 and box[2] <= size[0] and box[3] <= size[1]
                if is_inside and not any(overlap(box, other) for other in taken):
                    taken.append(box)
                    name = round(middle, 1), round(top + BASELINE_PIXELS, 1)
                    break
            self.dots.append(PlacedDot(dot, x, y, radius, name))


# The map of a page ------------------------------------------------------------------------------


class MapView(NamedTuple):
    """A map for wide and narrow screens."""

    words: str
    wide: MapDrawing
    narrow: MapDrawing


def map_view(dots: Sequence[CityDot], words: str) -> MapView:
    return MapView(words, MapDrawing(dots, WIDE_SIZE), MapDrawing(dots, NARROW_SIZE))
