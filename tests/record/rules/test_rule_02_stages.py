"""Stages of a measure on a day, certain or possible, on each of two tracks (rule 2)."""

from typing import Any

from app.record.rules import stages as rule
from app.vocabulary.events import Track
from tests.make import cited, facts_of, make_citation, make_event, stages
from tests.support.tables import differing

LAW, PRACTICE = Track.LAW, Track.PRACTICE


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

    def found(text: str) -> object:
        return rule.newest_steps(rule.date_steps(stages(text), [make_citation()]))

    assert differing(found, newest) == {}


def test_step_counts_only_by_a_citation_that_reports_it() -> None:
    reported = {
        ("announced", "stance=mentions"): "",
        ("enforced", "stance=mentions"): "",
        ("announced", "reports_event=no"): "",
        ("enforced", "reports_event=no"): "",
        ("announced", "reports_event=yes"): "announced",
        ("announced", "certainty=hedged"): "announced?",
        ("announced", "certainty=asked"): "announced?",
        ("announced", "stance=supports); S1 (stance=withdraws, about=C1"): "announced?",
        # A plan comes before the event, and an effect is another one.
        ("planned", "reports_event=no"): "planned",
        ("effect-seen", "reports_event=no"): "effect-seen",
    }

    def found(step: str, said: str) -> str:
        event = make_event(stages=f"{step} 2019-05-01", citations=f"S1 ({said})")
        return counted(event)

    assert differing(found, reported) == {}
    (step,) = rule.date_steps(stages("announced 2019-05-01"), cited("S1 (stance=disputes)"))
    assert step.is_hedged


def counted(event: Any, *others: Any) -> str:
    """Return the steps that count, with a question mark where they are only possible."""
    dated = facts_of(event, *others).steps
    return " ".join(f"{each.step}{'?' * each.is_hedged}" for each in dated if each.latest)


def test_linked_event_answers_for_its_own_citation() -> None:
    event = make_event(1, stages="eased 2019-05-01", links="E2 follows")
    other = make_event(2, citations="C1 S1 (reports_event=no)")
    assert counted(event.model_copy(update={"citations": []}), other) == "eased"
    # A retraction in another event keeps the step certain.
    assert counted(event, make_event(2, citations="S1 (stance=withdraws)")) == "eased"
