"""Rights that people lose, and laws, as filter values of an event."""

import pytest
from pydantic import ValidationError

from app.record.derivation.facts import EventFacts
from tests.make import a_context, a_small_world, make_code, make_event, make_law, make_term


def test_right_is_found_with_its_wider_one_and_not_if_exempt() -> None:
    codes = [make_code("banking", "right"), make_code("driving", "right")]
    codes.append(make_code("money-transfer", "right", group="banking"))
    event = make_event(
        terms=[
            make_term(),
            make_term("right", "money-transfer"),
            make_term("right", "driving", "exempt"),
        ]
    )
    facts = EventFacts(event, a_context(*a_small_world(), *codes, event))
    assert facts.covered("right") == {"banking", "money-transfer"}
    assert facts.exempt == {"right:driving"}


def test_right_is_barred_or_exempt() -> None:
    with pytest.raises(ValidationError, match="does not fit a right"):
        make_term("right", "driving", "from")


def test_law_is_found_with_the_one_above_it() -> None:
    laws = [
        make_law(1, "sanctions"),
        make_law(2, "unscr-2397", parent="sanctions"),
    ]
    legal = [{"instrument": "unscr-2397", "relation": "signs", "reading": "source"}]
    event = make_event(legal=legal)
    facts = EventFacts(event, a_context(*a_small_world(), *laws, event))
    assert facts.laws == {"sanctions", "unscr-2397"}
