"""The map of cities: its section of the world, dots, and names without overlap."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.paths import STATIC
from app.site.charts.glyphs import width_in_pixels
from app.site.maps.city_dots import (
    BASELINE_PIXELS,
    LETTER_PIXELS,
    LINE_PIXELS,
    SHEET_HEIGHT,
    SHEET_WIDTH,
    CityDot,
    MapDrawing,
    MapFrame,
    PlacedDot,
    map_view,
    project,
)
from tests.support.charts import overlapping


def dot(code: str, latitude: float, longitude: float, count: int = 1) -> CityDot:
    return CityDot(code, code.capitalize(), (), latitude, longitude, count, f"/events?place={code}")


DANDONG = dot("dandong", 40.13, 124.39, 35)
HUNCHUN = dot("hunchun", 42.86, 130.37, 11)


def placed(drawing: MapDrawing) -> dict[str, PlacedDot]:
    return {each.dot.code: each for each in drawing.dots}


def name_boxes(drawing: MapDrawing) -> list[tuple[float, float, float, float]]:
    boxes = []
    for each in drawing.dots:
        if each.name:
            x, baseline = each.name
            half = width_in_pixels(f"{each.dot.label} {each.dot.count}", LETTER_PIXELS) / 2
            top = baseline - BASELINE_PIXELS
            boxes.append((x - half, top, x + half, top + LINE_PIXELS))
    return boxes


def test_dots_and_outline_use_the_same_projection() -> None:
    """The transform of the outline maps projected coordinates to the position of their dot."""
    assert (
        f'viewBox="0 0 {SHEET_WIDTH:.0f} {SHEET_HEIGHT:.0f}"' in (STATIC / "world.svg").read_text()
    )
    place = HUNCHUN.latitude, HUNCHUN.longitude
    frame = MapFrame([place, (40.13, 124.39)], 800, 500)
    scale, left, top = map(float, re.findall(r"-?[\d.]+", frame.transform))
    x, y = project(*place)
    assert frame.place(*place) == pytest.approx(((x + left) * scale, (y + top) * scale), abs=0.2)


def test_dots_are_at_their_places_and_as_large_as_their_counts() -> None:
    view = map_view([DANDONG, HUNCHUN], "Cities")
    dandong, hunchun = placed(view.wide)["dandong"], placed(view.narrow)["hunchun"]
    assert dandong.name and dandong.name[0] > dandong.x
    assert dandong.radius > hunchun.radius
    hunchun = placed(view.wide)["hunchun"]
    assert hunchun.x > dandong.x and hunchun.y < dandong.y


ROUNDED_PIXELS = 0.25
"""What two boxes may overlap, since each position is rounded to a tenth."""


@given(
    st.lists(
        st.tuples(
            st.floats(-50, 80), st.floats(-179, 179), st.integers(1, 500), st.integers(2, 18)
        ),
        min_size=1,
        max_size=25,
    )
)
def test_names_overlap_nothing_and_stay_on_the_map(
    given: list[tuple[float, float, int, int]],
) -> None:
    dots = [
        dot(f"{'x' * length}{index}", a, b, count)
        for index, (a, b, count, length) in enumerate(given)
    ]
    view = map_view(dots, "Cities")
    for drawing in (view.wide, view.narrow):
        frame = drawing.frame
        for each in drawing.dots:
            assert 0 <= each.x <= frame.width and 0 <= each.y <= frame.height
        boxes = name_boxes(drawing)
        for left, top, right, bottom in boxes:
            assert min(left, top) >= -ROUNDED_PIXELS
            assert right <= frame.width + ROUNDED_PIXELS
            assert bottom <= frame.height + ROUNDED_PIXELS
        assert overlapping(boxes, ROUNDED_PIXELS) == []
