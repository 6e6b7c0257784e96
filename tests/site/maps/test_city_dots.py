"""Dots of cities on the map: positions, sizes, labels without overlap, and detail maps."""

from dataclasses import replace
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from app.site.maps.city_dots import (
    LETTER_PIXELS,
    NARROW_SIZE,
    PIXELS_ABOVE,
    PIXELS_BELOW,
    WIDE_SIZE,
    CityDot,
    MapDrawing,
    MapName,
    PlacedDot,
    maps,
    text_width,
)
from tests.support.charts import overlapping


def dot(code: str, latitude: float, longitude: float, count: int = 1) -> CityDot:
    return CityDot(code, code.capitalize(), (), latitude, longitude, count, f"/events?place={code}")


DANDONG = dot("dandong", 40.13, 124.39, 35)
HUNCHUN = dot("hunchun", 42.86, 130.37, 11)
SINUIJU = dot("sinuiju", 40.1, 124.4, 4)
KUWAIT = dot("kuwait", 29.37, 47.98, 4)


def named(drawing: MapDrawing) -> dict[str, PlacedDot]:
    return {placed.dot.code: placed for placed in drawing.dots}


def label_box(placed: PlacedDot) -> tuple[float, float, float, float] | None:
    if placed.label is None:
        return None
    words = (
        placed.dot.label if placed.holds_its_number else f"{placed.dot.label} {placed.dot.count}"
    )
    width = LETTER_PIXELS * len(words)
    left = placed.label.x - width if placed.label.is_left else placed.label.x
    return left, placed.label.y - PIXELS_ABOVE, left + width, placed.label.y + PIXELS_BELOW


def name_box(name: MapName) -> tuple[float, float, float, float]:
    width = text_width(name.text)
    left = name.x if name.kind == "capital" else name.x - width / 2
    return left, name.y - PIXELS_ABOVE, left + width, name.y + PIXELS_BELOW


def test_dots_are_at_their_places_and_as_large_as_their_counts() -> None:
    view = maps([DANDONG, HUNCHUN, KUWAIT], "Cities")[0]
    assert set(named(view.wide)) == set(named(view.narrow)) == {"dandong", "hunchun", "kuwait"}
    placed = named(view.wide)
    assert placed["dandong"].radius > placed["hunchun"].radius > placed["kuwait"].radius
    placed = named(maps([DANDONG, HUNCHUN], "Cities")[0].wide)
    assert placed["hunchun"].x > placed["dandong"].x
    assert placed["hunchun"].y < placed["dandong"].y


def test_covered_dot_is_moved_and_tied_to_its_place() -> None:
    placed = named(maps([DANDONG, SINUIJU], "Cities")[0].wide)
    dandong, sinuiju = placed["dandong"], placed["sinuiju"]
    away = hypot(dandong.x - sinuiju.x, dandong.y - sinuiju.y)
    assert away > dandong.radius + sinuiju.radius
    assert dandong.holds_its_number and not dandong.tether
    frame = maps([DANDONG, SINUIJU], "Cities")[0].wide.frame
    x, y = frame.place(SINUIJU.latitude, SINUIJU.longitude)
    assert sinuiju.tether == f"M{x} {y}L{sinuiju.x} {sinuiju.y}"


def test_city_without_estimate_shows_no_number_of_people() -> None:
    some = replace(DANDONG, count=80_000, people="up to 80,000")
    none = replace(HUNCHUN, count=0, people="", is_ring=True)
    placed = named(maps([some, none], "Cities")[0].wide)
    assert placed["dandong"].radius > placed["hunchun"].radius
    assert not placed["dandong"].holds_its_number and not placed["hunchun"].holds_its_number
    drawn = maps([some, none], "Cities")[0].wide.drawn
    assert "up to 80,000</tspan>" in drawn and " event" not in drawn


def test_crowded_cities_get_a_detail_map_that_the_overview_marks() -> None:
    whole, closer = maps([DANDONG, HUNCHUN, SINUIJU, KUWAIT], "Cities")
    assert (whole.around, closer.around) == ("", "Dandong")
    assert set(named(closer.wide)) == {"dandong", "hunchun", "sinuiju"}
    assert whole.wide.inset and closer.wide.inset is None
    left, top, right, bottom = whole.wide.inset
    placed = named(whole.wide)
    for code in ("dandong", "hunchun", "sinuiju"):
        assert left < placed[code].x < right and top < placed[code].y < bottom
    assert placed["kuwait"].x < left
    labelled = [code for code in ("dandong", "hunchun", "kuwait") if placed[code].label]
    assert labelled == ["dandong", "kuwait"]
    assert len(maps([DANDONG, HUNCHUN, SINUIJU], "Cities")) == 1
    (empty,) = maps([], "Cities")
    assert (list(empty.wide.dots), list(empty.narrow.dots)) == ([], [])


places = st.lists(
    st.tuples(st.floats(-50, 80), st.floats(-179, 179), st.integers(1, 500), st.integers(2, 18)),
    min_size=1,
    max_size=25,
)


ROUNDED_PIXELS = 0.25
"""What two boxes may overlap, since each position is rounded to a tenth."""


@given(places)
def test_labels_overlap_nothing_and_stay_on_the_map(
    given: list[tuple[float, float, int, int]],
) -> None:
    dots = [
        dot(f"{'x' * length}{index}", a, b, count)
        for index, (a, b, count, length) in enumerate(given)
    ]
    for view in maps(dots, "Cities"):
        for drawing, (width, height) in ((view.wide, WIDE_SIZE), (view.narrow, NARROW_SIZE)):
            boxes = [box for placed in drawing.dots if (box := label_box(placed))]
            boxes += [name_box(name) for name in drawing.names]
            assert all(
                b[0] >= -ROUNDED_PIXELS
                and b[1] >= -ROUNDED_PIXELS
                and b[2] <= width + ROUNDED_PIXELS
                and b[3] <= height + ROUNDED_PIXELS
                for b in boxes
            )
            assert overlapping(boxes, ROUNDED_PIXELS) == []
