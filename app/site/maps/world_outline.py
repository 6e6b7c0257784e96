"""The outline of the world from Natural Earth data, and the projection of coordinates.

The outline is one SVG file that all maps refer to, so browsers load it once. Its colours come from
the stylesheet.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from app.site.maps.boxes import (
    SHEET_HEIGHT,
    SHEET_WIDTH,
    UNITS_PER_DEGREE,
    WORLD_WIDTH,
    project,
)

Point = tuple[int, int]
Arc = tuple[Point, ...]


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


@cache
def world_outline(topology: Path) -> str:
    """Return an SVG file with two elements, `#land` and `#borders`, for `<use href>`.

    It has no colours, so the elements inherit those of the page. Line width does not depend on
    scale. A border between two countries is drawn once, and coasts are no borders.
    """
    atlas = json.loads(topology.read_text(encoding="utf-8"))
    arcs = [tuple(_decoded_arc(arc, atlas["transform"])) for arc in atlas["arcs"]]
    land = "".join(
        _closed_path(ring)
        for geometry in atlas["objects"]["land"]["geometries"]
        for shape in _rings(geometry)
        for ring in _split_at_antimeridian(_join_arcs(shape, arcs))
    )
    borders = "".join(
        _path_data(arcs[index])
        for index in _shared_arcs(atlas["objects"]["countries"]["geometries"])
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SHEET_WIDTH:.0f} '
        f'{SHEET_HEIGHT:.0f}"><path id="land" vector-effect="non-scaling-stroke" '
        f'd="{land}"/><path id="borders" fill="none" vector-effect="non-scaling-stroke" '
        f'd="{borders}"/></svg>'
    )


def country_rings(atlas: dict[str, Any]) -> Iterator[tuple[str, list[list[Point]]]]:
    """Yield the ISO 3166-1 number ("" if it has none) and outline of each country."""
    arcs = [tuple(_decoded_arc(arc, atlas["transform"])) for arc in atlas["arcs"]]
    for geometry in atlas["objects"]["countries"]["geometries"]:
        yield (
            str(geometry.get("id", "")),
            [
                ring
                for shape in _rings(geometry)
                for ring in _split_at_antimeridian(_join_arcs(shape, arcs))
            ],
        )


def _decoded_arc(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> Iterator[Point]:
    """Decode a TopoJSON arc (a point, then differences) to points of the sheet."""
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
    """Yield the rings of a shape as numbers of arcs. `~n` is arc n in reverse."""
    match geometry["type"]:
        case "Polygon":
            yield from geometry["arcs"]
        case "MultiPolygon":
            for polygon in geometry["arcs"]:
                yield from polygon


def _join_arcs(ring: list[int], arcs: list[Arc]) -> list[Point]:
    points: list[Point] = []
    for number in ring:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(part[1:] if points else part)
    return points


def _split_at_antimeridian(ring: list[Point]) -> Iterator[list[Point]]:
    """Split a ring at the antimeridian, and repeat it at the opposite edge of the sheet.

    Otherwise a ring that crosses the antimeridian would be a line across Russia.
    """
    if min(y for _, y in ring) >= SHEET_HEIGHT:
        return
    shift, before = 0, ring[0][0]
    unwrapped = []
    for x, y in ring:
        if abs(x - before) > WORLD_WIDTH / 2:
            shift += WORLD_WIDTH if x < before else -WORLD_WIDTH
        unwrapped.append((x + shift, y))
        before = x
    yield unwrapped
    if min(x for x, _ in unwrapped) < 0:
        yield _without_edge_runs(
            WORLD_WIDTH, [(min(x + WORLD_WIDTH, WORLD_WIDTH), y) for x, y in unwrapped]
        )
    if max(x for x, _ in unwrapped) > WORLD_WIDTH:
        yield _without_edge_runs(0, [(max(x - WORLD_WIDTH, 0), y) for x, y in unwrapped])


def _without_edge_runs(edge: int, ring: list[Point]) -> list[Point]:
    """Remove points in the middle of a run along the edge."""
    return [
        (x, y)
        for (before, _), (x, y), (after, _) in zip(
            [ring[-1], *ring], ring, [*ring[1:], ring[0]], strict=False
        )
        if not before == x == after == edge
    ]


def _shared_arcs(countries: Iterable[dict[str, Any]]) -> list[int]:
    """Return the arcs that belong to more than one country."""
    countries_by_arc: Counter[int] = Counter()
    for country in countries:
        countries_by_arc.update(
            {number if number >= 0 else ~number for ring in _rings(country) for number in ring}
        )
    return sorted(number for number, times in countries_by_arc.items() if times > 1)


def _closed_path(ring: list[Point]) -> str:
    """Return the path of a closed ring, or "" if rounding has left too few points."""
    line = _path_data(ring)
    return f"{line}z" if len(ring) > 3 else ""


def _path_data(points: Sequence[Point]) -> str:
    """Return SVG path data with relative coordinates, which compress better."""
    if len(points) < 2:
        return ""
    (x, y), *rest = points
    path = [f"M{x} {y}l"]
    for next_x, next_y in rest:
        step_x, step_y = next_x - x, next_y - y
        path.append(f"{step_x}{'' if step_y < 0 else ' '}{step_y} ")
        x, y = next_x, next_y
    return "".join(path).rstrip().replace(" -", "-")
