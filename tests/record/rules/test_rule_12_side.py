"""The side of the ordering actor is a field of the term, set by an editor (rule 12)."""

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.vocabulary.events import Side
from tests.make import a_small_world, make_event, make_term, publish_all
from tests.support.record_queries import counted, finder
from tests.support.tables import differing


def orders(words: str, side: str | None) -> object:
    return make_term("actor", printed=words, side=side)


def carries_out(words: str, side: str | None) -> object:
    return make_term("actor", role="carries-out", printed=words, side=side)


def acts(role: str, side: str | None) -> object:
    return make_term("actor", role=role, printed="Ministry of Labour", side=side)


@pytest.fixture
def orders_of_all_sides(desk: Session) -> Session:
    both = [make_term(), orders("Ministry of Labour", "home-state"), orders("a plant", "employer")]
    carried_out = [
        make_term(),
        make_term("actor", role="carries-out", printed="Ministry of Labour"),
    ]
    publish_all(
        desk,
        *a_small_world(),
        make_event(1, terms=[make_term(), orders("Ministry of Labour", "host-state")]),
        make_event(2, terms=both),
        make_event(3, terms=carried_out),
        make_event(4, terms=[make_term(), orders("someone", None)]),
        make_event(5, terms=[make_term(), orders("the Security Council", "international")]),
        make_event(6, terms=[make_term(), carries_out("China", "host-state")]),
        make_event(
            7, terms=[make_term(), acts("agrees", "host-state"), acts("agrees", "home-state")]
        ),
        make_event(8, terms=[make_term(), acts("says", "home-state")]),
    )
    return desk


def test_one_ministry_has_side_of_each_event(orders_of_all_sides: Session) -> None:
    expected = {
        # A practice of which no order is reported has the side of who carries it out.
        # Parties to an agreement, and who makes a statement, have a side without an order.
        "side=host-state": "E1 E6 E7",
        "side=home-state": "E2 E7 E8",
        "side=employer": "E2",
        "side=international": "E5",
        "side=host-state&side=home-state": "E1 E2 E6 E7 E8",
        "side=none": "E3 E4",
        "not_side=none": "E1 E2 E5 E6 E7 E8",
    }
    find = finder(orders_of_all_sides)
    assert differing(lambda query: " ".join(find(query)), expected) == {}


def test_event_ordered_by_two_sides_counts_for_both(orders_of_all_sides: Session) -> None:
    assert counted(orders_of_all_sides).facets["side"] == {str(side): 1 for side in Side} | {
        "host-state": 3,
        "home-state": 3,
        "none": 2,
    }


def test_only_acting_actor_has_side() -> None:
    with pytest.raises(ValidationError, match="only an actor that orders, agrees to"):
        make_term("actor", role="told", printed="a plant", side="employer")
