"""A place matches itself and places within it, but not its ancestors (rule 11)."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.models import FilterTerm, Version
from app.record.rules.containment import parents_of, place_and_ancestors
from app.vocabulary.record import PlaceKind
from tests.make import a_small_world, make_estimate, make_event, make_place, make_term, publish_all
from tests.support.record_queries import counted, finder
from tests.support.tables import differing

TREE = {
    form.code: form
    for form in [
        make_place(1, "world", kind="world"),
        make_place(2, "china", kind="country", parent="world"),
        make_place(3, "jilin", kind="province", parent="china", regions=["northeast"]),
        make_place(4, "yanbian", kind="district", parent="jilin"),
        make_place(5, "hunchun", parent="yanbian"),
        make_place(6, "northeast", kind="region", parent="china"),
        make_place(7, "plant", kind="site", parent="hunchun"),
    ]
}


def test_surroundings_of_place() -> None:
    expected = {
        "hunchun": {"hunchun", "yanbian", "jilin", "northeast", "china", "world"},
        "plant": {"plant", "hunchun", "yanbian", "jilin", "northeast", "china", "world"},
        "jilin": {"jilin", "northeast", "china", "world"},
        "world": {"world"},
        "nowhere": {"nowhere"},
    }
    assert differing(lambda code: place_and_ancestors(code, TREE), expected) == {}


def test_parents_of_place_are_nearest_first() -> None:
    expected = {
        ("plant", None): ["hunchun", "yanbian", "jilin", "china", "world"],
        ("plant", PlaceKind.COUNTRY): ["hunchun", "yanbian", "jilin", "china"],
        ("northeast", PlaceKind.COUNTRY): ["china"],
        ("world", None): [],
        ("nowhere", None): [],
    }
    assert differing(lambda code, up_to: parents_of(code, TREE, up_to), expected) == {}


def test_parents_of_places_within_each_other_end() -> None:
    circle = {
        "east": make_place(1, "east", kind="region", parent="west"),
        "west": make_place(2, "west", kind="region", parent="east"),
    }
    assert parents_of("east", circle) == ["west"]


@pytest.fixture
def places(desk: Session) -> Session:
    northeast = make_place(4, "northeast", kind="region")
    province = make_place(
        2, "province-2", kind="province", parent="country-3", regions=["northeast"]
    )
    publish_all(desk, *a_small_world(), northeast, province)
    publish_all(
        desk,
        make_event(1, terms=[make_term(code="place-1")]),
        make_event(2, terms=[make_term(code="province-2")]),
        make_event(
            3, terms=[make_term(code="country-3"), make_term(code="place-1", role="shown-only")]
        ),
        make_event(
            4,
            terms=[make_term(code="place-1", role="from"), make_term(code="country-3", role="to")],
        ),
        make_estimate(1, terms=[make_term(code="province-2")]),
        make_estimate(2, terms=[make_term(code="place-1")]),
    )
    return desk


def test_place_filter_finds_events_within(places: Session) -> None:
    expected = {
        "place=place-1": "E1 E4",
        "place=province-2": "E1 E2 E4",
        "place=northeast": "E1 E2 E4",
        "place=country-3": "E1 E2 E3 E4",
        # Every row with the term is excluded, even if it has another place too.
        "place=country-3&not_place=place-1": "E2 E3",
        "not_place=province-2": "E3",
        # Pictured places have their own key.
        "shown=place-1": "E3",
        "shown=province-2": "E3",
        "shown=none": "E1 E2 E4",
    }
    find = finder(places)
    assert differing(lambda query: " ".join(find(query)), expected) == {}


def test_places_are_counted_at_every_level(places: Session) -> None:
    assert counted(places).facets["place"] == {
        "place-1": 2,
        "province-2": 3,
        "northeast": 3,
        "country-3": 4,
    }


def test_province_estimate_is_not_in_its_city(places: Session) -> None:
    def figures(code: str) -> list[str]:
        number = places.scalar(
            select(FilterTerm.no).where(FilterTerm.key == "place", FilterTerm.code == code)
        )
        found = (
            select(Version.id)
            .where(Version.kind == "M", Version.terms.contains([number]))
            .order_by(Version.id)
        )
        return list(places.scalars(found))

    assert figures("place-1") == ["M2"]
    assert figures("province-2") == ["M1", "M2"]
