"""The position of a record: that of the only city or town that it names."""

import pytest

from app.record.derivation.facts import EventFacts
from tests.make import a_context, a_small_world, make_event, make_place, make_term

CITY = {"kind": "city", "latitude": 40.1, "longitude": 124.4, "precision_km": 5.0}


@pytest.mark.parametrize(
    ("codes", "roles", "has_position"),
    [
        (["city-8"], ["at"], True),
        (["city-8", "province-2"], ["at", "at"], True),
        (["city-8", "city-9"], ["from", "to"], False),
        (["site-7"], ["at"], False),
        (["province-2"], ["at"], False),
        (["city-8", "country-3"], ["shown-only", "at"], False),
    ],
)
def test_position_is_that_of_the_only_public_city(
    codes: list[str], roles: list[str], has_position: bool
) -> None:
    places = (
        make_place(8, "city-8", parent="province-2", **CITY),
        make_place(9, "city-9", parent="province-2", **CITY),
        make_place(7, "site-7", parent="city-8", kind="site"),
    )
    terms = [make_term(code=code, role=role) for code, role in zip(codes, roles, strict=True)]
    event = make_event(terms=terms, exact_place="city-9")
    position = EventFacts(event, a_context(*a_small_world(), *places, event)).position
    assert position == (
        {"latitude": 40.1, "longitude": 124.4, "precision_km": 5.0} if has_position else None
    )
