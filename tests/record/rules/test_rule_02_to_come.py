"""What was to come: plans with a deadline, rules announced for a later day, steps foretold."""

from datetime import date
from typing import Any, cast

import pytest

from app.kinds import EventForm, Stage
from app.record.derivation.rows import derive_row
from app.record.names.status_labels import deadline_in_words, last_reported_labels
from app.record.payloads import EventPayload
from app.record.rules.reported_status import status_on
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_event,
    make_link,
    make_stage,
)

REPORTED = [make_citation(said="2024-08-20")]


def payload_of(*stages: Stage, others: tuple[EventForm, ...] = (), **changes: Any) -> EventPayload:
    values: dict[str, Any] = {"happened": "", "citations": REPORTED, "stages": list(stages)}
    event = make_event(**values | changes)
    row = derive_row(event, a_context(*a_small_world(), event, *others))
    return cast(EventPayload, row.payload)


def badge(payload: EventPayload) -> str:
    [(_code, label)] = last_reported_labels(payload)
    return label


PLAN = {"first_reported": "2019-03-27"}


@pytest.mark.parametrize(
    ("step", "event", "label"),
    [
        ({"deadline": "2019-10-31"}, {}, "; to be done by 31 October 2019"),
        ({}, {"deadline": "2019-10"}, "; to be done by October 2019"),
        ({"planned_for": "2019-05", "deadline": "2019-10"}, {}, "; planned for May 2019"),
        ({}, {"deadline": "unstated"}, ""),
    ],
)
def test_plan_reads_by_when_it_is_to_be_done(
    step: dict[str, str], event: dict[str, Any], label: str
) -> None:
    reported = [make_citation(said="2019-03-27")]
    payload = payload_of(make_stage("planned", "", **PLAN | step), citations=reported, **event)
    assert badge(payload) == f"Planned, first reported 27 March 2019{label}"


def test_deadline_of_the_step_comes_before_that_of_the_event() -> None:
    payload = payload_of(make_stage("planned", "", deadline="2019-10-31", **PLAN), deadline="2020")
    status = status_on(payload, date(2019, 5, 15), is_law=False)
    assert status and deadline_in_words(payload, status.main.last) == "31 October 2019"


ANNOUNCED = make_stage("announced", "2024-08-20", planned_for="2024-09-03")


def test_rule_announced_for_a_later_day_says_so_and_that_it_was_not_reported_begun() -> None:
    payload = payload_of(ANNOUNCED)
    announced = "Announced for 3 September 2024"
    assert badge(payload) == f"{announced}; start not reported"


@pytest.mark.parametrize(
    "told",
    [
        {"stages": [ANNOUNCED, make_stage("enforced", "2024-09-10")]},
        {"others": (make_event(2, links=[make_link("E1", "implements", 2)]),)},
        {"citations": [*REPORTED, make_citation(2, kind="effect", reports_event="no")]},
    ],
)
def test_announced_rule_of_which_practice_is_told_is_not_called_unreported(
    told: dict[str, Any],
) -> None:
    payload = payload_of(*told.pop("stages", [ANNOUNCED]), **told)
    label = dict(last_reported_labels(payload))["announced"]
    assert label == "Announced for 3 September 2024"


@pytest.mark.parametrize(
    ("step", "day", "label"),
    [
        (
            "in-force",
            "2024-09-03",
            "Was to be in force from 3 September 2024, reported 20 August 2024",
        ),
        ("ended", "2024-09-03", "Was to end 3 September 2024, reported 20 August 2024"),
        ("in-force", "2024-08-20", "In force, last reported 20 August 2024"),
        # The days overlap: it may have been reported on or after its day.
        ("in-force", "2024-08", "In force, last reported August 2024"),
    ],
)
def test_step_later_than_its_report_was_to_come(step: str, day: str, label: str) -> None:
    payload = payload_of(make_stage(step, day))
    assert badge(payload) == label


def test_badge_keeps_the_stated_end_of_an_earlier_step() -> None:
    announced = make_stage("announced", "2024-08-20", valid_until="2025-03")
    payload = payload_of(announced, make_stage("in-force", "2024-08-20"))
    assert badge(payload) == "In force, last reported 20 August 2024; stated end March 2025"
    later = payload_of(announced, make_stage("in-force", "2025-06"))
    assert "stated end" not in badge(later), "it was in force after that end"
