"""What filters of lists match: citations, places, sides, excluded codes (rules 10, 11, 12, 16)."""

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.models import FilterTerm, Version
from app.record.rules.containment import parents_of, place_and_ancestors
from app.vocabulary.events import Side
from app.vocabulary.record import PlaceKind
from tests.make import (
    a_small_world,
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_place,
    make_source,
    make_step,
    make_term,
    publish_all,
)
from tests.support.record_queries import counted, finder, ids
from tests.support.tables import differing


def publish_events(desk: Session, *of_events: str) -> None:
    """Publish events E1, E2 … with these terms."""
    publish_all(desk, *(make_event(n, terms=text) for n, text in enumerate(of_events, 1)))


def assert_found(desk: Session, expected: dict[str, str]) -> None:
    find = finder(desk)
    assert differing(lambda query: " ".join(find(query)), expected) == {}


def test_key_matches_if_one_citation_matches(desk: Session) -> None:
    """Rule 10: a Korean report of 2019 by a resident, and one of 2020 that repeats outlet-1."""
    korean = make_source(
        3, outlet="outlet-1", language="ko", published="2019-03", published_basis="inferred"
    )
    english = make_source(4, outlet="outlet-2", language="en", published="2020")
    one = make_citation(1, 3, chain=[make_step("resident", "a resident")])
    other = make_citation(2, 4, chain=[make_step("other-outlet", outlet="outlet-1")])
    publish_all(desk, *a_small_world(), korean, english, make_event(1, citations=[one, other]))
    publish_all(desk, make_event(2, citations=[]))
    assert_found(
        desk,
        {
            "outlet=outlet-1": "E1",
            "outlet=outlet-2": "E1",
            "origin=outlet-1": "E1",
            "origin=outlet-2": "",
            "lang=ko": "E1",
            "attribution=resident": "E1",
            # No citation is both Korean and of outlet-2; each key matches another citation.
            "outlet=outlet-2&lang=ko": "E1",
            "attribution=resident&lang=en": "E1",
            "basis=inferred&outlet=outlet-2": "E1",
            "published_from=2019-03-15&published_to=2019-03-15": "E1",
            "published_from=2020-06&published_to=2020-06": "E1",
            "published_from=2019-04&published_to=2019-12": "",
            "published_from=2020&lang=ko": "E1",
            "not_lang=ko": "E2",
            "lang=ja": "",
            **{f"{key}=none": "E2" for key in ("outlet", "origin", "lang", "attribution", "basis")},
        },
    )


def test_disputing_citation_counts_for_attribution(desk: Session) -> None:
    denied = make_citation(
        1, 2, stance="disputes", chain=[make_step("government-statement", "a ministry")]
    )
    publish_all(desk, *a_small_world(), make_event(1, citations=[denied]))
    query = "outlet=outlet-2&attribution=government-statement&corroboration=none"
    assert ids(desk, query) == ["E1"]


# Places (rule 11) ---------------------------------------------------------------------------------

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


def test_surroundings_and_parents_of_place() -> None:
    surroundings = {
        "hunchun": {"hunchun", "yanbian", "jilin", "northeast", "china", "world"},
        "plant": {"plant", "hunchun", "yanbian", "jilin", "northeast", "china", "world"},
        "jilin": {"jilin", "northeast", "china", "world"},
        "world": {"world"},
        "nowhere": {"nowhere"},
    }
    assert differing(lambda code: place_and_ancestors(code, TREE), surroundings) == {}
    nearest_first = {
        ("plant", None): ["hunchun", "yanbian", "jilin", "china", "world"],
        ("plant", PlaceKind.COUNTRY): ["hunchun", "yanbian", "jilin", "china"],
        ("northeast", PlaceKind.COUNTRY): ["china"],
        ("world", None): [],
        ("nowhere", None): [],
    }
    assert differing(lambda code, up_to: parents_of(code, TREE, up_to), nearest_first) == {}
    circle = {
        "east": make_place(1, "east", kind="region", parent="west"),
        "west": make_place(2, "west", kind="region", parent="east"),
    }
    assert parents_of("east", circle) == ["west"]


def test_place_filter_finds_what_is_within(desk: Session) -> None:
    northeast = make_place(4, "northeast", kind="region")
    province = make_place(
        2, "province-2", kind="province", parent="country-3", regions=["northeast"]
    )
    publish_all(desk, *a_small_world(), northeast, province)
    publish_events(
        desk,
        "place",
        "place province-2",
        "place country-3; place place-1 (role=shown-only)",
        "place place-1 (role=from); place country-3 (role=to)",
    )
    publish_all(desk, make_estimate(1, terms="place province-2"), make_estimate(2))
    assert_found(
        desk,
        {
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
        },
    )
    counts = {"place-1": 2, "province-2": 3, "northeast": 3, "country-3": 4}
    assert counted(desk).facets["place"] == counts
    # The estimate of a province is not one of its city.
    for code, figures in (("place-1", ["M2"]), ("province-2", ["M1", "M2"])):
        number = desk.scalar(
            select(FilterTerm.no).where(FilterTerm.key == "place", FilterTerm.code == code)
        )
        rows = select(Version.id).where(Version.kind == "M", Version.terms.contains([number]))
        assert sorted(desk.scalars(rows)) == figures


# Sides (rule 12) ----------------------------------------------------------------------------------


def test_one_ministry_has_side_of_each_event(desk: Session) -> None:
    """The side is a field of the term, set by an editor."""
    publish_all(desk, *a_small_world())
    publish_events(
        desk,
        "place; actor (printed=a ministry, side=host-state)",
        "place; actor (printed=a ministry, side=home-state); actor (printed=A, side=employer)",
        "place; actor (printed=a ministry, role=carries-out)",
        "place; actor (printed=someone)",
        "place; actor (printed=the Security Council, side=international)",
        "place; actor (printed=a ministry, role=carries-out, side=host-state)",
        "place; actor (printed=A, role=agrees, side=host-state)"
        "; actor (printed=B, role=agrees, side=home-state)",
        "place; actor (printed=a ministry, role=says, side=home-state)",
    )
    assert_found(
        desk,
        {
            # A practice of which no order is reported has the side of who carries it out.
            # Parties to an agreement, and who makes a statement, have a side without an order.
            "side=host-state": "E1 E6 E7",
            "side=home-state": "E2 E7 E8",
            "side=employer": "E2",
            "side=international": "E5",
            "side=host-state&side=home-state": "E1 E2 E6 E7 E8",
            "side=none": "E3 E4",
            "not_side=none": "E1 E2 E5 E6 E7 E8",
        },
    )
    # An event of two sides counts for both.
    others = {"host-state": 3, "home-state": 3, "none": 2}
    assert counted(desk).facets["side"] == {str(side): 1 for side in Side} | others
    with pytest.raises(ValidationError, match="only an actor that orders, agrees to"):
        make_term("actor", role="told", printed="a plant", side="employer")


# Excluded codes (rule 16) -------------------------------------------------------------------------


def test_excluded_code_removes_events_and_reduces_no_counts_of_its_facet(desk: Session) -> None:
    """`x` and `not_x` are one key. E1: student, E2: work, E3: both, E4: neither, elsewhere."""
    publish_all(desk, *a_small_world(), make_code("work", "paper"), make_place(4))
    both = "place; paper student; paper work"
    publish_events(desk, "place; paper student", "place; paper work", both, "place place-4")
    assert_found(
        desk,
        {
            "paper=student": "E1 E3",
            "not_paper=student": "E2 E4",
            "paper=work&not_paper=student": "E2",
            "not_paper=student&not_paper=work": "E4",
            "not_paper=none": "E1 E2 E3",
            "paper=none": "E4",
            # Included and excluded counts as included.
            "paper=student&not_paper=student": "E1 E3",
        },
    )
    for query in ("paper=student", "not_paper=student&not_paper=work", "paper=none"):
        assert counted(desk, query).facets["paper"] == {"student": 2, "work": 2, "none": 1}
    # Other keys are counted with both conditions.
    some = counted(desk, "paper=work&not_paper=student")
    assert (some.facets["place"]["place-1"], some.within["paper"]) == (1, {"work": 1})
    assert counted(desk, "not_place=place-4&paper=none").total == 0
