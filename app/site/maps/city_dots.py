"""The map of cities: a section of the world's outline, with a dot for each city."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sqrt
from pathlib import Path
from typing import NamedTuple

from app.i18n.formats import country_name
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


class MapName(NamedTuple):
    """A city or a country: its words centred on `x`, with the baseline at `y`."""

    words: str
    x: float
    y: float


class PlacedDot(NamedTuple):
    """A dot in pixels. A city without a name is named only in the list beside the map."""

    dot: CityDot
    x: float
    y: float
    radius: float
    name: MapName | None


WIDE_SIZE, NARROW_SIZE = (592, 460), (358, 340)
MAX_RADIUS, MIN_RADIUS = 20, 5
LETTER_PIXELS, LINE_PIXELS, BASELINE_PIXELS = 7.3, 15, 11
MAX_NAMES, MAX_COUNTRIES = 100, 24
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
        self._taken: list[Box] = [(x - r, y - r, x + r, y + r) for _dot, x, y, r in circles]
        self.dots: list[PlacedDot] = []
        for dot, x, y, radius in circles:
            words = f"{dot.label} {dot.number}".strip()
            away = radius + 4 + width_in_pixels(words, LETTER_PIXELS) / 2
            line = radius + LINE_PIXELS / 2
            # Elsewhere the name would be taken for that of another dot.
            around = (x + away, y), (x - away, y), (x, y + line), (x, y - line)
            name = self._name(words, around) if len(self.dots) < MAX_NAMES else None
            self.dots.append(PlacedDot(dot, x, y, radius, name))
        found = (self._country(code, points) for code, points in country_points())
        self.countries = [name for name in found if name][:MAX_COUNTRIES]

    def _country(self, code: str, points: Sequence[tuple[float, float, float]]) -> MapName | None:
        """MapName a country where half of the name is within it."""
        words = country_name(code)
        needed = width_in_pixels(words, LETTER_PIXELS) / 2 / UNITS_PER_DEGREE / self.frame.scale
        wide = [self.frame.place(lat, lon) for lat, lon, width in points if width >= needed]
        return self._name(words, wide)

    def _name(self, words: str, centres: Iterable[tuple[float, float]]) -> MapName | None:
        """Return the name at the first place where it covers nothing; None without one."""
        half = width_in_pixels(words, LETTER_PIXELS) / 2
        for x, y in centres:
            top = y - LINE_PIXELS / 2
            box = x - half, top, x + half, top + LINE_PIXELS
            is_inside = min(box) >= 0 and box[2] <= self.frame.width and box[3] <= self.frame.height
            if is_inside and not any(overlap(box, other) for other in self._taken):
                self._taken.append(box)
                return MapName(words, round(x, 1), round(top + BASELINE_PIXELS, 1))
        return None


@cache
def country_points() -> Sequence[tuple[str, Sequence[tuple[float, float, float]]]]:
    """Return the countries by code, the largest first, each with points in it.

    A point is latitude, longitude and the width of the country there in degrees of latitude.
    """
    with Path(__file__).with_name("countries.csv").open(encoding="utf-8", newline="") as file:
        return [
            (
                line["code"],
                [
                    (latitude, longitude, width)
                    for point in line["points"].split(";")
                    for latitude, longitude, width in [map(float, point.split())]
                ],
            )
            for line in csv.DictReader(file)
        ]


# The map of a page ------------------------------------------------------------------------------


class MapView(NamedTuple):
    """A map for wide and narrow screens."""

    words: str
    wide: MapDrawing
    narrow: MapDrawing


def map_view(dots: Sequence[CityDot], words: str) -> MapView:
    return MapView(words, MapDrawing(dots, WIDE_SIZE), MapDrawing(dots, NARROW_SIZE))
