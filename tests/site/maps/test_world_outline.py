"""The outline of the world from TopoJSON arcs, and the frames that map coordinates to pixels."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from app.paths import COUNTRIES
from app.site.maps.boxes import SHEET_HEIGHT, SHEET_WIDTH, project
from app.site.maps.world_outline import MapFrame, world_outline

DANDONG = 40.13, 124.39
HUNCHUN = 42.86, 130.37
KUWAIT = 29.37, 47.98

TWO_COUNTRIES = {
    "type": "Topology",
    # One step is one degree, counted from the equator and the prime meridian.
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    # The border runs north along 10° E, between two countries. An ice shelf is far south.
    "arcs": [
        [[10, 0], [0, 10]],
        [[10, 10], [-10, 0], [0, -10], [10, 0]],
        [[10, 0], [10, 0], [0, 10], [-10, 0]],
        [[0, -80], [10, 0], [0, -5], [-10, 0], [0, 5]],
    ],
    "objects": {
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "arcs": [[[2, -1]], [[3]]]},
            ],
        },
        "land": {
            "type": "GeometryCollection",
            "geometries": [{"type": "MultiPolygon", "arcs": [[[1, 2]], [[3]]]}],
        },
    },
}

WEST, MIDDLE, EAST = (round(project(0, lon)[0]) for lon in (0, 10, 20))
NORTH, SOUTH = (round(project(lat, 0)[1]) for lat in (10, 0))


def parts(svg: str) -> dict[str, str]:
    return dict(re.findall(r'<path id="(\w+)"[^>]* d="([^"]*)"', svg))


def corners(path: str) -> list[list[tuple[int, int]]]:
    """Return the points of each line of a path, in absolute coordinates."""
    lines = []
    for line in path.replace("z", "").split("M")[1:]:
        first, _, steps = line.partition("l")
        x, y = map(int, first.split())
        points = [(x, y)]
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + step_x, y + step_y
            points.append((x, y))
        lines.append(points)
    return lines


def test_coast_encloses_both_countries_and_border_is_drawn_once(tmp_path: Path) -> None:
    atlas = tmp_path / "atlas.json"
    atlas.write_text(json.dumps(TWO_COUNTRIES))
    drawing = parts(world_outline(atlas))
    (coast,) = corners(drawing["land"])
    assert set(coast) == {(x, y) for x in (WEST, MIDDLE, EAST) for y in (NORTH, SOUTH)}
    assert coast[0] == coast[-1]
    assert corners(drawing["borders"]) == [[(MIDDLE, SOUTH), (MIDDLE, NORTH)]]
    # The ice shelf is not in it.
    assert all(y < SHEET_HEIGHT for _, y in coast)


def test_real_outline_has_lines_but_no_colours() -> None:
    svg = world_outline(COUNTRIES)
    for part in parts(svg).values():
        for line in corners(part):
            # None crosses the world.
            assert all(abs(x - next_x) < SHEET_WIDTH / 10 for (x, _), (next_x, _) in pairwise(line))
    # Land beyond one edge is repeated at the other.
    starts = {min(x for x, _ in line) for line in corners(parts(svg)["land"])}
    ends = {max(x for x, _ in line) for line in corners(parts(svg)["land"])}
    assert 0 in starts and round(SHEET_WIDTH) in ends
    assert svg.count("<path") == 2
    assert "style" not in svg and "#" not in svg
    assert "fill" not in re.sub(r'<path id="borders" fill="none"', "", svg)
    # Dandong is on the border, so a border line passes within a degree of it.
    borders = corners(parts(svg)["borders"])
    x, y = project(*DANDONG)
    assert min(abs(x - px) + abs(y - py) for line in borders for px, py in line) < 25


def test_project_maps_extremes_to_corners_of_sheet() -> None:
    for place, corner in [
        ((84, -180), (0, 0)),
        ((84, 180), (SHEET_WIDTH, 0)),
        ((-57, -180), (0, SHEET_HEIGHT)),
    ]:
        assert project(*place) == pytest.approx(corner)


def test_frame_contains_every_place() -> None:
    for places in (
        [DANDONG],
        [DANDONG, HUNCHUN],
        [DANDONG, HUNCHUN, KUWAIT],
        [(-33.4, -70.6), (64.1, -21.9), (-41.3, 174.8)],
    ):
        for width, height in ((800, 500), (358, 320)):
            frame = MapFrame.around(places, width=width, height=height)
            for place in places:
                x, y = frame.place(*place)
                assert 0 <= x <= width and 0 <= y <= height, place


def test_frame_of_one_city_shows_surrounding_country() -> None:
    frame = MapFrame.around([DANDONG], width=800, height=500)
    assert frame.place(*DANDONG) == pytest.approx((400, 250), abs=0.2)
    west, east = frame.place(40, 117.5)[0], frame.place(40, 131)[0]
    assert 0 < west < east < 800


def test_frame_stays_on_the_sheet() -> None:
    world = MapFrame.around([], width=800, height=500)
    assert world.place(84, -180)[0] == pytest.approx(0, abs=1)
    assert world.place(84, 180)[0] == pytest.approx(800, abs=1)
    edge = MapFrame.around([(-50, 179)], width=800, height=500)
    assert edge.left + edge.width / edge.scale <= SHEET_WIDTH + 1e-6
    assert edge.top + edge.height / edge.scale <= SHEET_HEIGHT + 1e-6


def test_dots_and_outline_use_the_same_projection() -> None:
    """The transform of the outline maps projected coordinates to the position of their dot."""
    frame = MapFrame.around([DANDONG, HUNCHUN], width=800, height=500)
    scale, left, top = map(float, re.findall(r"-?[\d.]+", frame.transform))
    x, y = project(*HUNCHUN)
    assert frame.place(*HUNCHUN) == pytest.approx(((x + left) * scale, (y + top) * scale), abs=0.2)
