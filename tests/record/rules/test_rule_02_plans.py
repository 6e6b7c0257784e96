"""Plans, what was to come, and links with other events that tell of a measure (rule 2)."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.kinds import EventForm
from app.record.names.status_labels import deadline_in_words, last_reported_labels
from app.record.rules import reported_status
from app.record.rules.reported_status import carried_out_by, is_our_reading, status_on
from app.vocabulary.events import StatusGroup
from tests.make import make_citation, make_event, make_link, payload_of, stages
from tests.support.tables import differing, misjudged

ON = date(2019, 12, 1)


# Plans that another event carries out -------------------------------------------------------------


def plan(*carriers: EventForm, steps: str = "planned 2019-05-01", **changes: Any) -> Any:
    return payload_of(make_event(stages=steps, **changes), *carriers)


def carrier(number: int = 2, type: str = "implements", **changes: Any) -> EventForm:
    values: dict[str, Any] = {"happened": "2019-06-15", "links": [make_link("E1", type, number)]}
    return make_event(number, **values | changes)


def test_plan_says_which_event_carries_it_out() -> None:
    hedged = make_citation(2, certainty="hedged")
    of_link = make_citation(3, about="L2")
    for changes, words in (
        ({}, "carried out by E2 (editors’ reading), 15 June 2019"),
        ({"happened": "2019-06-15/.."}, "carried out by E2 (editors’ reading), since 15 June 2019"),
        ({"happened": ""}, "carried out by E2 (editors’ reading)"),
        (
            {"citations": [make_citation(2), of_link]},
            "reportedly carried out by E2, 15 June 2019",
        ),
        ({"citations": [hedged, of_link]}, "reportedly carried out by E2, 15 June 2019"),
        ({"citations": [hedged]}, "possibly carried out by E2 (editors’ reading), 15 June 2019"),
    ):
        payload = plan(carrier(**changes))
        assert last_reported_labels(payload) == [("planned", f"Planned, 1 May 2019; {words}")]
        found = status_on(payload, ON, is_law=False)
        assert found and (found.group, found.main.group) == (StatusGroup.CARRIED_OUT,) * 2


def test_plan_that_nothing_carries_out_was_not_reported_begun() -> None:
    for carriers, on in (
        ([], ON),
        # Before the other event has begun, it is only a plan.
        ([carrier()], date(2019, 6, 14)),
        # A plan carries nothing out, and other links don't either.
        ([carrier(stages=stages("planned 2019-06-15 C2"))], ON),
        ([carrier(type="follows")], ON),
    ):
        found = status_on(plan(*carriers), on, is_law=False)
        assert found and found.group is StatusGroup.PLANNED
    # A plan that puts a resolution into effect is not carried out by the resolution.
    resolution = make_event(2, happened="2019-04-01")
    assert carried_out_by(plan(resolution, links=[make_link("E2", "implements")]), ON) == []
    past = plan(carrier())
    del past["carried_out_by"]
    assert carried_out_by(past, ON) == [], "a past edition does not tell of carriers"


def test_earliest_carrier_comes_first_and_measures_with_other_steps_have_none() -> None:
    late = carrier(3, happened="2019-07")
    assert [each["event"] for each in carried_out_by(plan(late, carrier()), ON)] == ["E2", "E3"]
    begun = plan(carrier(), steps="planned 2019-05-01, in-force 2019-06-01")
    assert begun["carried_out_by"] == []


def test_link_with_a_citation_is_not_our_reading() -> None:
    about = make_citation(3, about="L2", kind="context")
    for link, citations, is_ours in (
        ({}, [], True),
        ({"citation": "C2"}, [], False),
        ({"citation": "C2", "reason": "In part only."}, [], False),
        ({}, [about], False),
        ({"reason": "By the order of events."}, [about], True),
    ):
        links = [make_link("E1", "implements", 2, **link)]
        other = make_event(2, links=links, citations=[make_citation(2), *citations])
        planned = make_event(1, stages="planned 2019-05-01")
        assert is_our_reading(payload_of(other, planned), "L2") is is_ours
        [carried] = payload_of(planned, other)["carried_out_by"]
        assert carried["is_ours"] is is_ours


def test_link_rests_on_a_supporting_citation_of_its_event() -> None:
    refusals = {
        "C9": "the link to E1 cites C9, which is no citation here; choose one of C2",
        "C3": "the link to E1 cites C3, which does not support it",
    }

    def make(citation: str) -> None:
        said = [make_citation(2), make_citation(3, stance="disputes")]
        make_event(2, links=[make_link("E1", "reverses", citation=citation)], citations=said)

    assert misjudged(ValidationError, make, refusals) == {}


# What was to come: deadlines, rules announced for a later day, steps foretold ---------------------


def to_come(steps: str, *others: EventForm, said: str = "2024-08-20", **changes: Any) -> Any:
    """Return the payload of an event of an unknown day that was reported on one day."""
    values: dict[str, Any] = {"happened": "", "citations": [make_citation(said=said)]}
    return payload_of(make_event(stages=steps, **values | changes), *others)


def badge(payload: Any) -> str:
    [(_code, label)] = last_reported_labels(payload)
    return label


def test_deadline_of_a_step_comes_before_that_of_its_event() -> None:
    step = "planned - (deadline=2019-10-31, first_reported=2019-03-27)"
    payload = to_come(step, deadline="2020")
    status = status_on(payload, date(2019, 5, 15), is_law=False)
    assert status and deadline_in_words(payload, status.main.last) == "31 October 2019"


ANNOUNCED = "announced 2024-08-20 (planned_for=2024-09-03)"


def test_step_later_than_its_report_was_to_come() -> None:
    badges = {
        ANNOUNCED: "Announced for 3 September 2024",
        "in-force 2024-09-03": "Foretold for 3 September 2024: in force (report of 20 August 2024)",
        "ended 2024-09-03": "Foretold for 3 September 2024: ended (report of 20 August 2024)",
        "in-force 2024-08-20": "In force, 20 August 2024",
        # The days overlap: it may have been reported on or after its day.
        "in-force 2024-08": "In force, August 2024",
        "in-force 2024-08-20 (valid_until=2025-03)": (
            "In force, 20 August 2024; stated end March 2025"
        ),
    }
    assert differing(lambda steps: badge(to_come(steps)), badges) == {}


# Other links --------------------------------------------------------------------------------------


def test_links_against_a_measure() -> None:
    """Whether one from another event tells against it, and one of its own."""
    expected = {
        "shows-not-applied": (True, False),
        "reverses": (True, False),
        "reverses-in-part": (True, False),
        "evades": (True, False),
        "do-not-agree": (True, True),
        "contradicts": (True, True),
        "follows": (False, False),
        "answers": (False, False),
    }

    def found(type: str) -> object:
        measure = make_event(1, stages="in-force 2019-06-01")
        links = [make_link(to, type, reason="In part.") for to in ("E1", "E2")]
        theirs = payload_of(measure, make_event(2, links=links[:1]))
        ours = payload_of(measure.model_copy(update={"links": links[1:]}), make_event(2))
        return tuple(bool(reported_status.objections(each)) for each in (theirs, ours))

    assert differing(found, expected) == {}


@pytest.mark.parametrize("type", ["contradicts", "shows-not-applied", "do-not-agree"])
def test_our_judgement_needs_a_reason(type: str) -> None:
    with pytest.raises(ValidationError, match="give the reason"):
        make_link("E2", type)
