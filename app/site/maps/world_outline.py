"""The world's outline, drawn once from Natural Earth data, and the sums that put places on it.

Pages draw their own dots; the outline is one file that they point at, so that it is fetched once and takes its colours
from the stylesheet.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from pathlib import Path
from typing import Any, Self

UNITS_PER_DEGREE = 25
"""Fine enough that rounding stays below the spacing of the outline's own points (1 : 50 million)."""

STANDARD_PARALLEL = 37.5
"""Where shapes come out true. At this latitude an equirectangular map of the whole world is least distorted overall."""

NORTH, SOUTH = 84.0, -57.0
"""No workers are reported from the ice; leaving it out makes room for the rest."""

Point = tuple[int, int]
Arc = tuple[Point, ...]


def project(lat: float, lon: float) -> tuple[float, float]:
    """Where a place lies on the world's sheet; x grows to the east, y to the south."""
    x = (lon + 180) * cos(radians(STANDARD_PARALLEL)) * UNITS_PER_DEGREE
    return x, (NORTH - lat) * UNITS_PER_DEGREE


SHEET_WIDTH, SHEET_HEIGHT = project(SOUTH, 180)
AROUND = round(SHEET_WIDTH)


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture of part of the sheet, in the pixels in which a page draws it: words and dots keep their size."""

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
        """The closest picture that holds all these latitudes and longitudes, and never so close that the land is lost.

        Without any place it shows the world.
        """
        points = [project(lat, lon) for lat, lon in places]
        whole = min(width / SHEET_WIDTH, height / SHEET_HEIGHT)
        if not points:
            return cls._centred(width, height, whole, SHEET_WIDTH / 2, SHEET_HEIGHT / 2)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        across = max(max(xs) - min(xs), least_degrees * UNITS_PER_DEGREE)
        down = max(max(ys) - min(ys), least_degrees * UNITS_PER_DEGREE * height / width)
        scale = max(min((width - 2 * margin) / across, (height - 2 * margin) / down), whole)
        return cls._centred(width, height, scale, (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)

    @classmethod
    def _centred(cls, width: int, height: int, scale: float, x: float, y: float) -> Self:
        left = _within(x - width / scale / 2, SHEET_WIDTH - width / scale)
        top = _within(y - height / scale / 2, SHEET_HEIGHT - height / scale)
        return cls(width, height, scale, left, top)

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """Where to draw a dot, in pixels from the picture's upper left corner."""
        x, y = project(lat, lon)
        return round((x - self.left) * self.scale, 1), round((y - self.top) * self.scale, 1)

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    @property
    def transform(self) -> str:
        """What an SVG ``transform`` must say to bring the sheet into this picture."""
        return f"scale({self.scale:.5f}) translate({-self.left:.1f} {-self.top:.1f})"


def _within(start: float, most: float) -> float:
    """Keep the picture on the sheet; where it is larger than the sheet, centre the sheet in it."""
    return most / 2 if most < 0 else min(max(start, 0), most)


@cache
def world_outline(topology: Path) -> str:
    """The outline as an SVG file with two parts, ``#land`` and ``#borders``, for ``<use href>``.

    It carries no colours: what is used from it inherits the page's own, dark or light or printed. Lines keep their
    width however near the picture is. A border between two countries is drawn once, a coast never as a border.
    """
    atlas = json.loads(topology.read_text(encoding="utf-8"))
    arcs = [tuple(_steps(arc, atlas["transform"])) for arc in atlas["arcs"]]
    land = "".join(
        _outline(ring)
        for geometry in atlas["objects"]["land"]["geometries"]
        for shape in _rings(geometry)
        for ring in _on_the_sheet(_joined(shape, arcs))
    )
    borders = "".join(
        _line(arcs[index]) for index in _shared(atlas["objects"]["countries"]["geometries"])
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SHEET_WIDTH:.0f} {SHEET_HEIGHT:.0f}">'
        f'<path id="land" vector-effect="non-scaling-stroke" d="{land}"/>'
        f'<path id="borders" fill="none" vector-effect="non-scaling-stroke" d="{borders}"/></svg>'
    )


def _steps(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> Iterator[Point]:
    """A TopoJSON arc (first a point, then differences) as points of the sheet, without those that fall together."""
    (scale_x, scale_y), (start_x, start_y) = transform["scale"], transform["translate"]
    lon = lat = 0
    before = None
    for step in arc:
        lon, lat = lon + step[0], lat + step[1]
        x, y = project(lat * scale_y + start_y, lon * scale_x + start_x)
        point = round(x), round(y)
        if point != before:
            yield point
        before = point


def _rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    """The rings of one shape, each as the numbers of its arcs; ``~n`` runs arc n backwards."""
    match geometry["type"]:
        case "Polygon":
            yield from geometry["arcs"]
        case "MultiPolygon":
            for polygon in geometry["arcs"]:
                yield from polygon


def _joined(ring: list[int], arcs: list[Arc]) -> list[Point]:
    points: list[Point] = []
    for number in ring:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(part[1:] if points else part)
    return points


def _on_the_sheet(ring: list[Point]) -> Iterator[list[Point]]:
    """The shape without its jumps from one edge of the sheet to the other, and once more at the other edge.

    The atlas runs across the antimeridian as if the world were round; on the sheet that would be a line through Russia.
    """
    if min(y for _, y in ring) >= SHEET_HEIGHT:
        return
    turned, before = 0, ring[0][0]
    whole = []
    for x, y in ring:
        if abs(x - before) > AROUND / 2:
            turned += AROUND if x < before else -AROUND
        whole.append((x + turned, y))
        before = x
    yield whole
    if min(x for x, _ in whole) < 0:
        yield _held_at(AROUND, [(min(x + AROUND, AROUND), y) for x, y in whole])
    if max(x for x, _ in whole) > AROUND:
        yield _held_at(0, [(max(x - AROUND, 0), y) for x, y in whole])


def _held_at(edge: int, ring: list[Point]) -> list[Point]:
    """Only the part on the sheet: of a run of points along the edge, its ends are enough."""
    return [
        (x, y)
        for (before, _), (x, y), (after, _) in zip(
            [ring[-1], *ring], ring, [*ring[1:], ring[0]], strict=False
        )
        if not before == x == after == edge
    ]


def _shared(countries: Iterable[dict[str, Any]]) -> list[int]:
    """The arcs that belong to more than one country."""
    belongs: Counter[int] = Counter()
    for country in countries:
        belongs.update(
            {number if number >= 0 else ~number for ring in _rings(country) for number in ring}
        )
    return sorted(number for number, times in belongs.items() if times > 1)


def _outline(ring: list[Point]) -> str:
    """A closed shape; islands smaller than the rounding are left out."""
    line = _line(ring)
    return f"{line}z" if len(ring) > 3 else ""


def _line(points: Sequence[Point]) -> str:
    """SVG path data in differences, which compress far better than positions."""
    if len(points) < 2:
        return ""
    (x, y), *rest = points
    path = [f"M{x} {y}l"]
    for next_x, next_y in rest:
        step_x, step_y = next_x - x, next_y - y
        path.append(f"{step_x}{'' if step_y < 0 else ' '}{step_y} ")
        x, y = next_x, next_y
    return "".join(path).rstrip().replace(" -", "-")
