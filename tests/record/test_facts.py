"""Facts that follow from a form: direction, position, rights and laws."""

import pytest
from pydantic import ValidationError

from app.record.filters import EventFilters
from tests.make import facts_of, make_code, make_event, make_law, make_place, make_term
from tests.support.tables import differing

POSITION = {"latitude": 40.1, "longitude": 124.4, "precision_km": 5.0}


def test_direction_is_that_of_the_type_unless_the_event_has_its_own() -> None:
    expected = {
        ("tightens", None): {"tightens"},
        ("tightens", "leaves"): {"leaves"},
        ("tightens", "no-direction"): {"none"},
        (None, "eases"): {"eases"},
        (None, None): {"none"},
    }
    key = next(each for each in EventFilters.terms() if each.key == "direction")

    def found(of_type: str | None, own: str | None) -> object:
        rule = make_code("some-rule", "type", direction=of_type)
        return {*key.codes(facts_of(make_event(type="some-rule", direction=own), rule))}

    assert differing(found, expected) == {}


def test_position_is_that_of_the_only_public_city() -> None:
    city = {"kind": "city", "parent": "province-2", **POSITION}
    places = (
        make_place(8, "city-8", **city),
        make_place(9, "city-9", **city),
        make_place(7, "site-7", parent="city-8", kind="site"),
    )
    expected = {
        "place city-8": POSITION,
        "place city-8; place province-2": POSITION,
        "place city-8 (role=from); place city-9 (role=to)": None,
        "place site-7": None,
        "place province-2": None,
        "place city-8 (role=shown-only); place country-3": None,
    }

    def found(text: str) -> object:
        return facts_of(make_event(terms=text, exact_place="city-9"), *places).position

    assert differing(found, expected) == {}


def test_right_is_found_with_its_wider_one_and_not_if_exempt() -> None:
    codes = [make_code("banking", "right"), make_code("driving", "right")]
    codes.append(make_code("money-transfer", "right", group="banking"))
    text = "place; right money-transfer; right driving (role=exempt)"
    facts = facts_of(make_event(terms=text), *codes)
    assert facts.covered("right") == {"banking", "money-transfer"}
    assert facts.exempt == {"right:driving"}
    with pytest.raises(ValidationError, match="does not fit a right"):
        make_term("right", "driving", "from")


def test_law_is_found_with_the_one_above_it() -> None:
    laws = [make_law(1, "sanctions"), make_law(2, "unscr-2397", parent="sanctions")]
    legal = [{"instrument": "unscr-2397", "relation": "signs", "reading": "source"}]
    assert facts_of(make_event(legal=legal), *laws).laws == {"sanctions", "unscr-2397"}
