"""Stages of a measure on a day, certain or possible, on each of two tracks (rule 2)."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.record.derivation.facts import EventFacts
from app.record.rules import stages as rule
from app.vocabulary.events import LADDER, Step, Track
from tests.make import a_context, a_small_world, make_citation, make_event, make_link, make_stage
from tests.support.notation import cited, stages
from tests.support.tables import differing

LAW, PRACTICE = Track.LAW, Track.PRACTICE


def steps(history: str, **citation: Any) -> list[rule.DatedStep]:
    return rule.date_steps(stages(history), [make_citation(**citation)])


def test_newest_step_of_each_track() -> None:
    newest = {
        # An announcement outranks a plan, and both give way to what took effect.
        "announced 2019-05, planned 2019-04": {LAW: "announced"},
        "planned 2019-05, announced 2019-04": {LAW: "announced"},
        "planned 2019-05-31, announced 2019-05": {LAW: "announced"},
        "planned 2019-05, planned 2019-06": {LAW: "planned"},
        "in-force 2019-05, announced 2019-05": {LAW: "in-force"},
        "in-force 2024-04-01, announced ../2024-05-02": {LAW: "in-force"},
        "in-force 2024-04-01, announced 2024-05-02": {LAW: "in-force"},
        "eased 2023-08, announced 2024-05": {LAW: "eased"},
        "suspended 2023-08, planned 2024-05": {LAW: "suspended"},
        # One that surely comes after an end starts again.
        "ended 2023-08, announced 2024-05": {LAW: "announced"},
        "ended 2023-08, announced ../2024-05": {LAW: "ended"},
        "ended 2023-08, announced 2023-07/2023-10": {LAW: "ended"},
        # What took effect: the newest, or one further along that may be as late.
        "in-force 2020, ended 2020-06": {LAW: "ended"},
        "ended 2020-06, in-force 2020-07": {LAW: "in-force"},
        "suspended 2020-06, in-force 2020-06-15": {LAW: "suspended"},
        "suspended 2020-06, in-force ../2024": {LAW: "in-force"},
        # In practice the newest day decides.
        "evasion 2020-06, enforced 2020-07": {PRACTICE: "enforced"},
        "evasion 2020-06-01, enforced 2020-06": {PRACTICE: "enforced"},
        "announced 2019-05, in-force 2019-05": {LAW: "in-force"},
        # A step of unknown date is before all others.
        "ended unknown, announced 2019-05": {LAW: "announced"},
        "ended unknown": {LAW: "ended"},
        # Any step may be the first; tracks are independent.
        "eased 2019-05, evasion 2019-01": {LAW: "eased", PRACTICE: "evasion"},
        "": {},
    }
    assert differing(lambda text: rule.newest_steps(steps(text)), newest) == {}


def test_hedged_citation_makes_stage_only_possible() -> None:
    for said in ("certainty=hedged", "certainty=asked", "stance=disputes"):
        (step,) = rule.date_steps(stages("announced 2019-05-01"), cited(f"S1 ({said})"))
        assert step.is_hedged, said


def test_step_counts_only_by_a_citation_that_reports_it() -> None:
    reported = {
        ("announced", "stance=mentions"): {},
        ("enforced", "stance=mentions"): {},
        ("announced", "reports_event=no"): {},
        ("enforced", "reports_event=no"): {},
        ("announced", "reports_event=yes"): {LAW: "announced"},
        # A plan comes before the event, and an effect is another one.
        ("planned", "reports_event=no"): {LAW: "planned"},
        ("effect-seen", "reports_event=no"): {PRACTICE: "effect-seen"},
    }

    def found(step: str, said: str) -> dict[Track, Step]:
        event = make_event(stages=stages(f"{step} 2019-05-01"), citations=cited(f"S1 ({said})"))
        dated = EventFacts(event, a_context(*a_small_world())).steps
        return {step.step.track: step.step for step in dated if step.latest}

    assert differing(found, reported) == {}


def test_linked_event_answers_for_its_own_citation() -> None:
    event = make_event(1, stages=stages("eased 2019-05-01"), links=[make_link("E2", "follows")])
    event = event.model_copy(update={"citations": []})
    other = make_event(2, citations=[make_citation(1, reports_event="no")])
    dated = EventFacts(event, a_context(*a_small_world(), event, other)).steps
    assert [(step.step, bool(step.latest), step.is_hedged) for step in dated] == [
        ("eased", True, False)
    ]


def test_stage_of_retracted_citation_is_only_possible() -> None:
    back = make_citation(2, 1, stance="withdraws", about="C1")
    event = make_event(stages=stages("announced 2019-05-01"), citations=[make_citation(1), back])
    assert [step.is_hedged for step in EventFacts(event, a_context(*a_small_world())).steps] == [
        True
    ]


def test_retraction_in_another_event_keeps_stage_certain() -> None:
    event = make_event(
        1,
        stages=stages("announced 2019-05-01"),
        links=[make_link("E2", "follows")],
        citations=[make_citation(1)],
    )
    other = make_event(2, citations=[make_citation(2, stance="withdraws")])
    assert [
        step.is_hedged
        for step in EventFacts(event, a_context(*a_small_world(), event, other)).steps
    ] == [False]


def test_ended_step_needs_date_or_unknown() -> None:
    with pytest.raises(ValidationError, match="an end needs a day"):
        make_stage("ended", "")
    assert make_stage("ended", "unknown").date == "unknown"


def test_law_track_has_six_steps_and_practice_four() -> None:
    assert [step for step in LADDER if step.track is LAW] == LADDER[:6]
    assert [step for step in LADDER if step.track is PRACTICE] == LADDER[6:]
