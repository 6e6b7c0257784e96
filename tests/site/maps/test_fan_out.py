"""Dots that would cover each other are moved apart."""

from itertools import combinations
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from app.site.maps.city_dots import fan_out


def test_dots_apart_stay_where_they_are() -> None:
    circles = [(50.0, 50.0, 10.0), (80.0, 50.0, 10.0)]
    assert fan_out(circles, 200, 200) == circles


def test_first_dot_stays_and_second_moves_as_little_as_possible() -> None:
    first, second = fan_out([(50.0, 50.0, 10.0), (52.0, 50.0, 5.0)], 200, 200)
    assert first == (50.0, 50.0, 10.0)
    assert 16 < hypot(second[0] - 50, second[1] - 50) < 21


@given(
    st.lists(
        st.tuples(st.floats(100, 140), st.floats(100, 140), st.floats(4, 8)),
        min_size=2,
        max_size=12,
    )
)
def test_few_dots_never_overlap(circles: list[tuple[float, float, float]]) -> None:
    fanned = fan_out(circles, 300, 300)
    assert len(fanned) == len(circles)
    for (x, y, radius), (other_x, other_y, other) in combinations(fanned, 2):
        assert hypot(x - other_x, y - other_y) >= radius + other


def test_dots_without_room_stay_where_they_are() -> None:
    circles = [(10.0, 10.0, 9.0)] * 4
    assert fan_out(circles, 20, 20) == circles
