"""Plans that another event of the record carries out (rule 2)."""

from datetime import date
from typing import Any, cast

import pytest

from app.kinds import EventForm
from app.record.derivation.rows import derive_row
from app.record.names.status_labels import last_reported_labels
from app.record.payloads import EventPayload
from app.record.rules.reported_status import carried_out_by, status_on
from app.vocabulary.events import EventLink, StatusGroup
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_event,
    make_link,
    make_stage,
)

ON = date(2019, 12, 1)


def plan(*carriers: EventForm, **changes: Any) -> EventPayload:
    event = make_event(stages=[make_stage("planned", "2019-05-01")], **changes)
    return cast(
        EventPayload,
        derive_row(event, a_context(*a_small_world(), event, *carriers)).payload,
    )


def carrier(number: int = 2, type: EventLink = EventLink.IMPLEMENTS, **changes: Any) -> EventForm:
    values: dict[str, Any] = {"happened": "2019-06-15", "links": [make_link("E1", type, number)]}
    return make_event(number, **values | changes)


SAID = [make_citation(2), make_citation(3, about="L2")]
HEDGED = [make_citation(2, certainty="hedged"), make_citation(3, about="L2")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "carried out by E2 (editors’ reading), 15 June 2019"),
        ({"happened": "2019-06-15/.."}, "carried out by E2 (editors’ reading), since 15 June 2019"),
        ({"happened": ""}, "carried out by E2 (editors’ reading)"),
        ({"citations": SAID}, "reportedly carried out by E2, 15 June 2019"),
        ({"citations": HEDGED}, "reportedly carried out by E2, 15 June 2019"),
        (
            {"citations": [make_citation(2, certainty="hedged")]},
            "possibly carried out by E2 (editors’ reading), 15 June 2019",
        ),
    ],
)
def test_plan_says_which_event_carries_it_out(changes: dict[str, Any], words: str) -> None:
    payload = plan(carrier(**changes))
    assert last_reported_labels(payload) == [("planned", f"Planned; {words}")]
    found = status_on(payload, ON, is_law=False)
    assert found and (found.group, found.main.group) == (StatusGroup.CARRIED_OUT,) * 2


@pytest.mark.parametrize(
    ("carriers", "on"),
    [
        ([], ON),
        # Before the other event has begun, it is only a plan.
        ([carrier()], date(2019, 6, 14)),
        # A plan carries nothing out, and other links don't either.
        ([carrier(stages=[make_stage("planned", "2019-06-15", "C2")])], ON),
        ([carrier(type=EventLink.FOLLOWS)], ON),
    ],
)
def test_plan_that_nothing_carries_out_was_not_reported_begun(
    carriers: list[EventForm], on: date
) -> None:
    payload = plan(*carriers)
    found = status_on(payload, on, is_law=False)
    assert found and found.group is StatusGroup.PLANNED


def test_link_of_the_plan_itself_does_not_carry_it_out() -> None:
    """A plan that puts a resolution into effect is not carried out by the resolution."""
    resolution = make_event(2, happened="2019-04-01")
    payload = plan(resolution, links=[make_link("E2", EventLink.IMPLEMENTS)])
    assert carried_out_by(payload, ON) == []


def test_earliest_carrier_comes_first_and_measures_with_other_steps_have_none() -> None:
    late = carrier(3, happened="2019-07", links=[make_link("E1", EventLink.IMPLEMENTS, 3)])
    payload = plan(late, carrier())
    assert [each["event"] for each in carried_out_by(payload, ON)] == ["E2", "E3"]
    begun = make_event(
        stages=[make_stage("planned", "2019-05-01"), make_stage("in-force", "2019-06-01")]
    )
    row = derive_row(begun, a_context(*a_small_world(), begun, carrier()))
    assert row.payload["carried_out_by"] == []


def test_past_edition_does_not_tell_of_carriers() -> None:
    payload = plan(carrier())
    del payload["carried_out_by"]
    assert carried_out_by(payload, ON) == []
