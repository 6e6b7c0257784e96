"""The frames that map coordinates to pixels."""

import re

import pytest

from app.paths import STATIC
from app.site.maps.city_dots import SHEET_HEIGHT, SHEET_WIDTH, MapFrame, project

DANDONG = 40.13, 124.39
HUNCHUN = 42.86, 130.37
KUWAIT = 29.37, 47.98


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
    assert (
        f'viewBox="0 0 {SHEET_WIDTH:.0f} {SHEET_HEIGHT:.0f}"' in (STATIC / "world.svg").read_text()
    )
    frame = MapFrame.around([DANDONG, HUNCHUN], width=800, height=500)
    scale, left, top = map(float, re.findall(r"-?[\d.]+", frame.transform))
    x, y = project(*HUNCHUN)
    assert frame.place(*HUNCHUN) == pytest.approx(((x + left) * scale, (y + top) * scale), abs=0.2)
