"""The direction of an event: its own, or that of its type."""

import pytest

from app.record.derivation.facts import EventFacts
from app.record.filters import EventFilters
from tests.make import a_context, a_small_world, make_code, make_event


@pytest.mark.parametrize(
    ("of_type", "own", "found"),
    [
        ("tightens", None, "tightens"),
        ("tightens", "leaves", "leaves"),
        ("tightens", "no-direction", "none"),
        (None, "eases", "eases"),
        (None, None, "none"),
    ],
)
def test_direction_is_that_of_the_type_unless_the_event_has_its_own(
    of_type: str | None, own: str | None, found: str
) -> None:
    rule = make_code("some-rule", "type", nature="measure", group="host-state", direction=of_type)
    event = make_event(type="some-rule", direction=own)
    facts = EventFacts(event, a_context(*a_small_world(), rule, event))
    key = next(each for each in EventFilters.terms() if each.key == "direction")
    assert key.codes(facts) == {found}
