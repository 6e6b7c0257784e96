"""What was last reported of a measure by a day: its group, its stated end, its age (rule 2)."""

from datetime import date
from typing import Any, cast

import pytest
from pydantic import ValidationError

from app.record.derivation.facts import EventFacts
from app.record.derivation.rows import derive_row
from app.record.names.status_labels import last_reported_labels
from app.record.payloads import EventPayload
from app.record.publishing.validation import stage_problems
from app.record.rules import measure_types, reported_status
from app.record.rules.reported_status import CONFIRMED_FOR_MONTHS, End, MeasureStatus, status_on
from app.vocabulary.events import StatusGroup, Step, Track
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_code,
    make_event,
    make_link,
    make_source,
    make_stage,
)
from tests.support.notation import stages
from tests.support.tables import differing

UNTIL = make_stage("in-force", "2020-04", valid_until="2020-12-31")
RECENT, LAW, ENDED = StatusGroup.RECENT, StatusGroup.LAW, StatusGroup.ENDED
OLD, PLANNED = StatusGroup.UNCONFIRMED, StatusGroup.PLANNED
DONE = StatusGroup.DONE


def payload(*stages: Any, **changes: Any) -> EventPayload:
    event = make_event(stages=list(stages), **changes)
    return cast(EventPayload, derive_row(event, a_context(*a_small_world(), event)).payload)


def status(day: str, *stages: Any, is_law: bool = False, **changes: Any) -> MeasureStatus:
    found = status_on(payload(*stages, **changes), date.fromisoformat(day), is_law)
    assert found is not None
    return found


def test_group_and_last_step_on_a_day() -> None:
    expected = {
        # A report counts for 24 months, the last day included; then it is not confirmed.
        ("enforced 2022-05-01", "2022-05-01"): (RECENT, "enforced"),
        ("enforced 2022-05-01", "2024-05-01"): (RECENT, "enforced"),
        ("enforced 2022-05-01", "2024-05-02"): (OLD, "enforced"),
        ("enforced 2022-05-01", "2026-11-27"): (OLD, "enforced"),
        # The age counts from the first possible day, so that no report looks newer than it is.
        ("enforced 2022", "2024-01-01"): (RECENT, "enforced"),
        ("enforced 2022", "2024-01-02"): (OLD, "enforced"),
        ("announced ../2019-05", "2019-06-01"): (RECENT, "announced"),
        # A later report confirms it again.
        ("enforced 2019, enforced 2024-06", "2024-07-01"): (RECENT, "enforced"),
        # Plans stay plans; once anything else was reported they do not count as plans.
        ("planned 2019-03", "2019-04-01"): (PLANNED, "planned"),
        ("planned 2019-03", "2030-01-01"): (PLANNED, "planned"),
        ("planned 2019-03, enforced 2019-06-01", "2019-07-01"): (RECENT, "enforced"),
        ("announced 2019-03, planned 2019-06-01", "2019-07-01"): (RECENT, "announced"),
        # What took effect is not taken back by an announcement, whatever its day.
        ("announced ../2024-05-02, in-force 2024-04-01", "2024-04-15"): (RECENT, "in-force"),
        ("announced ../2024-05-02, in-force 2024-04-01", "2024-05-10"): (RECENT, "in-force"),
        # An end that was reported ends it, and the practice reported before it.
        ("in-force 2019-01, ended 2019-05-01", "2019-06-01"): (ENDED, "ended"),
        ("in-force 2019-01, ended 2019-05-01", "2019-04-30"): (RECENT, "in-force"),
        ("enforced 2019-04, ended 2019-05-01", "2019-06-01"): (ENDED, "ended"),
        ("ended 2019-05-01, enforced 2019-06-01", "2019-07-01"): (RECENT, "enforced"),
        # An act done once is no rule: it neither holds nor fades, at any age.
        ("done 2015-03", "2015-04-01"): (DONE, "done"),
        ("done 2015-03", "2026-11-27"): (DONE, "done"),
        ("announced 2016-02, done 2016-03", "2026-11-27"): (DONE, "done"),
        ("announced 2016-02, done 2016-03", "2016-02-29"): (RECENT, "announced"),
        ("enforced 2017-03, done 2017-04", "2026-11-27"): (DONE, "done"),
        ("done 2016-03, effect-seen 2016-05", "2026-11-27"): (DONE, "effect-seen"),
        ("done 2016-03, enforced 2016-05", "2026-11-27"): (OLD, "enforced"),
        ("done 2016-03, in-force 2026-05", "2026-11-27"): (RECENT, "in-force"),
        ("done 2016-03, ended 2016-05-01", "2026-11-27"): (ENDED, "ended"),
        # A practice that is no longer so needs no end of a rule, and ends none.
        ("not-enforced 2018, no-longer 2019-03-28", "2019-06-01"): (ENDED, "no-longer"),
        ("no-longer [..2019-03-28], not-enforced [..2019-03-28]", "2019-06-01"): (
            ENDED,
            "no-longer",
        ),
        ("no-longer 2019-03, enforced 2019-05", "2019-06-01"): (RECENT, "enforced"),
        ("in-force 2019-05, no-longer 2019-03", "2019-06-01"): (RECENT, "in-force"),
        # The newest track decides; of two equal ones the law.
        ("in-force 2015, evasion 2019-05-01", "2019-06-01"): (RECENT, "evasion"),
        ("evasion 2019-05-01, in-force 2019-05-01", "2019-06-01"): (RECENT, "in-force"),
    }

    def found(steps: str, day: str) -> object:
        found = status(day, *stages(steps))
        return found.group, found.main.last.step

    assert differing(found, expected) == {}


@pytest.mark.parametrize("day", ["2018-12-31", "2010-01-01"])
def test_measure_is_not_listed_before_its_first_step(day: str) -> None:
    steps = stages("in-force 2019-01, ended unknown")
    assert status_on(payload(*steps), date.fromisoformat(day), is_law=False) is None


@pytest.mark.parametrize(
    ("valid_until", "day", "group"),
    [
        ("2020-12-31", "2020-12-31", RECENT),
        ("2020-12-31", "2021-01-01", ENDED),
        ("2020-12", "2020-12-31", RECENT),
        ("2020-12", "2021-01-01", ENDED),
        ("2022-12", "2022-12-01", OLD),  # not yet passed, but the report is older than 24 months
    ],
)
def test_stated_end_passes_after_its_last_possible_day(
    valid_until: str, day: str, group: StatusGroup
) -> None:
    found = status(day, make_stage("in-force", "2020-04-27", valid_until=valid_until))
    assert found.group is group
    assert found.main.end is (End.STATED if group is ENDED else End.NONE)


def test_easing_at_the_stated_end_is_its_reported_end() -> None:
    expected = {
        # An end or easing reported for the stated end is an end that was reported.
        ("2020-12-31", "2021-03-01"): (ENDED, End.REPORTED),
        ("2020-12", "2021-03-01"): (ENDED, End.REPORTED),
        # One before it leaves the stated end as it is; one after it lifts it.
        ("2020-06", "2021-03-01"): (ENDED, End.STATED),
        ("2021-02", "2021-03-01"): (RECENT, End.NONE),
    }

    def found(eased: str, day: str) -> tuple[object, ...]:
        found = status(day, UNTIL, make_stage("eased", eased))
        return (found.group, found.main.end)

    assert differing(found, expected) == {}


@pytest.mark.parametrize(
    ("said", "day", "stated", "end"),
    [
        # Stated in advance: shown from the day of its citation.
        ("2020-05-01", "2020-06-01", True, End.NONE),
        ("2020-05-01", "2021-01-01", True, End.STATED),
        # Reported only afterwards: no end had been stated on a day before it.
        ("2024-07-09", "2020-06-01", False, End.NONE),
        ("2024-07-09", "2021-01-01", True, End.TOLD_LATER),
        ("2024-07-09", "2026-11-27", True, End.TOLD_LATER),
        ("2020-08-01", "2020-06-01", False, End.NONE),
        ("2020-08-01", "2020-09-01", True, End.NONE),
    ],
)
def test_stated_end_counts_from_the_day_it_was_told(
    said: str, day: str, stated: bool, end: End
) -> None:
    found = status(day, UNTIL, citations=[make_citation(said=said)])
    assert (found.main.stated_end is not None, found.main.end) == (stated, end)


def test_past_edition_does_not_tell_when_an_end_was_told() -> None:
    past = payload(UNTIL, citations=[make_citation(said="2024-07-09")])
    for step in past["steps"]:
        del step["reported"]
    found = status_on(past, date(2021, 1, 1), is_law=False)
    assert found and found.main.end is End.STATED


def test_practice_that_ended_with_its_rule_has_no_stated_end_of_its_own() -> None:
    reported = status(
        "2019-06-01", make_stage("enforced", "2019-04"), make_stage("ended", "2019-05")
    )
    assert reported.other and reported.other.end is End.OF_RULE_REPORTED
    stated = status("2021-01-01", UNTIL, make_stage("enforced", "2020-11"))
    practice = stated.main if stated.main.track is Track.PRACTICE else stated.other
    assert practice and practice.end is End.OF_RULE_STATED


def test_stated_end_of_law_ends_practice_reported_before_it() -> None:
    assert status("2021-01-01", UNTIL, make_stage("enforced", "2020-11")).group is ENDED
    assert status("2021-03-01", UNTIL, make_stage("enforced", "2021-02")).group is RECENT


def test_law_does_not_fade_until_an_end_is_recorded() -> None:
    groups = {
        "in-force 2006-10-14": LAW,
        "announced 2006-10-14, enforced 2007": LAW,
        "in-force 2006-10-14, ended 2016-01-16": ENDED,
        "planned 2006-10-14": PLANNED,
    }
    assert (
        differing(lambda steps: status("2026-11-27", *stages(steps), is_law=True).group, groups)
        == {}
    )


def test_practice_of_a_law_that_is_no_longer_so_ends_no_law() -> None:
    steps = stages("in-force 2017-12-22, no-longer 2019-03")
    found = status("2019-06-01", *steps, is_law=True)
    assert (found.main.track, found.main.group) == (Track.LAW, LAW)
    assert found.other and found.other.group is ENDED


def test_practice_that_is_no_longer_so_only_allegedly_has_not_ended() -> None:
    steps = stages("not-enforced 2018, no-longer 2019-03")
    found = status("2019-06-01", *steps, citations=[make_citation(certainty="hedged")])
    assert (found.group, found.main.last.step) == (RECENT, Step.NO_LONGER)


def test_practice_that_was_no_longer_so_does_not_end_with_its_rule() -> None:
    steps = stages("no-longer 2019-03-01, ended 2019-05-01")
    found = status("2019-06-01", *steps)
    assert found.other and found.other.end is End.REPORTED


def test_practice_of_a_law_fades() -> None:
    steps = stages("in-force 2017-12-22, enforced 2019-12-21")
    found = status("2026-11-27", *steps, is_law=True)
    assert (found.main.track, found.main.group) == (Track.LAW, LAW)
    assert found.other and found.other.group is OLD


def test_types_are_laws_by_their_marker_and_by_code_before_it() -> None:
    marked = make_code("decree", is_law=True)
    assert measure_types.law_types({marked.id: marked}) == {"decree"}
    plain = make_code()
    assert measure_types.law_types({plain.id: plain}) == {
        "legal-instrument",
        "sanctions-designation",
    }
    with pytest.raises(ValidationError, match="only a type of measure is a law"):
        make_code("sighting", nature="act", is_law=True)


def test_hedged_last_step_is_alleged_beside_the_last_firm_one() -> None:
    stages = [make_stage("announced", "2019-04"), make_stage("in-force", "2019-06", "C2")]
    citations = [make_citation(1), make_citation(2, certainty="hedged")]
    found = status("2019-07-01", *stages, citations=citations).main
    assert found.last.step is Step.IN_FORCE and found.last.is_alleged
    assert found.firm and found.firm.step is Step.ANNOUNCED


@pytest.mark.parametrize(
    ("stages", "day", "last"),
    [
        # Of one kind, the later first day confirms; a vaguer date is no later report.
        ([("2025~", ""), ("2025-11-05", "2025-11-05")], "2025-11-10", "2025-11-05"),
        ([("2025~", ""), ("2025-11-05", "2025-11-05")], "2027-01-15", "2025-11-05"),
        ([("2025~", ""), ("2025-11-05", "2025-11-05")], "2025-10-01", "2025~"),
        # So does the later report of a state.
        ([("2025-02-05/..", "2025-11-05"), ("2025-06", "")], "2026-01-01", "2025-02-05/.."),
        ([("2025-02-05/..", "2025-05-05"), ("2025-06", "")], "2026-01-01", "2025-06"),
        # What was surely reached by one report may not be "reached only after that day".
        ([("2025-01-01", ""), ("2025-06/2025-12", "")], "2025-08-01", "2025-06/2025-12"),
    ],
)
def test_later_report_of_one_kind_confirms_it(
    stages: list[tuple[str, str]], day: str, last: str
) -> None:
    written = payload(
        *(make_stage("in-force", on, f"C{n}") for n, (on, _) in enumerate(stages, 1)),
        citations=[make_citation(n, said=said) for n, (_, said) in enumerate(stages, 1)],
    )
    found = status_on(written, date.fromisoformat(day), is_law=False)
    assert found and found.group is RECENT
    assert reported_status.stage_of(written, found.main.last)["date"] == last


def test_step_that_another_kind_replaced_confirms_nothing() -> None:
    stages = [
        make_stage("in-force", "2019-02-05/..", "C1"),
        make_stage("suspended", "2019-12-01", "C2"),
        make_stage("in-force", "2020-03/2020-06", "C2"),
    ]
    citations = [make_citation(1, said="2021-01-01"), make_citation(2, said="2020-07-01")]
    found = status("2020-05-01", *stages, citations=citations).main
    assert found.last.position == 2 and not found.is_reached


def test_hedged_end_does_not_end_a_measure() -> None:
    stages = [make_stage("in-force", "2019-04"), make_stage("ended", "2019-06", "C2")]
    citations = [make_citation(1), make_citation(2, certainty="hedged")]
    assert status("2019-07-01", *stages, citations=citations).group is RECENT


def test_months_are_full_months() -> None:
    months = reported_status.months_between
    assert months(date(2025, 1, 31), date(2025, 2, 28)) == 0
    assert months(date(2025, 1, 28), date(2025, 2, 28)) == 1
    assert months(date(2025, 2, 28), date(2025, 1, 1)) == 0
    assert CONFIRMED_FOR_MONTHS == 24


# First reports and plans -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first_reported", "said", "is_late"),
    [
        ("2019-06-20", "", False),  # the source is of that day
        ("2019-06-21", "", True),
        ("2019-06", "", False),
        ("2019-07", "", True),
        ("2019-05-01", "2019-06-10", False),
        ("2019-06-21", "2019-06-10", True),
    ],
)
def test_first_report_is_not_later_than_its_citation(
    first_reported: str, said: str, is_late: bool
) -> None:
    event = make_event(
        stages=[make_stage("announced", "2019-05", first_reported=first_reported)],
        citations=[make_citation(said=said)],
    )
    reasons = stage_problems(EventFacts(event, a_context(*a_small_world(), event)))
    assert bool(reasons) is is_late
    if is_late:
        assert "20 June 2019" in reasons[0] and "2019, which is later than" in reasons[0]


def test_first_report_of_undated_citation_is_not_checked() -> None:
    event = make_event(stages=[make_stage("announced", "2019-05", first_reported="2030")])
    world = [form for form in a_small_world() if form.id != "S1"]
    context = a_context(*world, make_source(1, published="", published_basis="unknown"), event)
    assert stage_problems(EventFacts(event, context)) == []


@pytest.mark.parametrize(
    ("step", "badge"),
    [
        ("done", "Done once, date not known, first reported 20 June 2019"),
        ("in-force", "In force, date not known, first reported 20 June 2019"),
        ("planned", "Planned, first reported 20 June 2019"),
    ],
)
def test_step_without_date_is_not_headed_by_its_report(step: str, badge: str) -> None:
    written = payload(make_stage(step, "", first_reported="2019-06-20"))
    assert last_reported_labels(written) == [(step, badge)]


def test_step_without_date_dates_from_its_first_report() -> None:
    stage = make_stage("announced", "unknown", first_reported="2019-06-20")
    assert status("2019-06-20", stage).main.last.day == date(2019, 6, 20)
    assert status_on(payload(stage), date(2019, 6, 19), is_law=False) is None


@pytest.mark.parametrize(
    ("step", "values", "refusal"),
    [
        ("enforced", {"planned_for": "2019-12"}, "only a planned or announced status"),
        ("ended", {"valid_until": "2019-12"}, "has no stated end"),
        ("done", {"valid_until": "2019-12"}, "an act done once has no stated end"),
        ("in-force", {"valid_until": "2019-01"}, "January 2019, is before May 2019"),
    ],
)
def test_step_refuses_fields_that_do_not_fit(
    step: str, values: dict[str, str], refusal: str
) -> None:
    with pytest.raises(ValidationError, match=refusal):
        make_stage(step, "2019-05", **values)


def test_act_has_planned_steps_only() -> None:
    def problems(step: str) -> list[str]:
        visit = make_event(type="repatriation", stages=[make_stage(step, "2019-05")])
        return stage_problems(EventFacts(visit, a_context(*a_small_world(), visit)))

    assert problems("planned") == []
    assert "can only be planned" in problems("enforced")[0]


# Links -------------------------------------------------------------------------------------------


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

    def is_against(*events: Any) -> bool:
        derived: Any = derive_row(events[0], a_context(*a_small_world(), *events)).payload
        return bool(reported_status.objections(derived))

    def found(type: str) -> object:
        steps = stages("in-force 2019-06-01")
        other = make_event(2, links=[make_link("E1", type, reason="In part.")])
        own = make_event(1, stages=steps, links=[make_link("E2", type, reason="In part.")])
        return is_against(make_event(1, stages=steps), other), is_against(own, make_event(2))

    assert differing(found, expected) == {}


@pytest.mark.parametrize(
    ("links", "steps", "kind", "is_told"),
    [
        ([], [], "occurrence", False),
        (["follows"], [], "occurrence", False),
        (["follows"], ["announced"], "occurrence", False),
        (["follows"], ["enforced"], "occurrence", True),
        (["evades"], [], "occurrence", True),
        (["effect-of"], [], "occurrence", True),
        ([], [], "effect", True),
    ],
)
def test_practice_is_told_by_linked_events_and_effects(
    links: list[str], steps: list[str], kind: str, is_told: bool
) -> None:
    limit = make_event(
        stages=[make_stage("in-force", "2019-06-01")],
        citations=[make_citation(1), make_citation(2, kind=kind)],
    )
    other = make_event(
        2,
        stages=[make_stage(step, "2019-06-02", "C3") for step in steps],
        links=[make_link("E1", type) for type in links],
        citations=[make_citation(3)],
    )
    world = a_context(*a_small_world(), limit, other)
    derived, linked = (
        cast(EventPayload, derive_row(event, world).payload) for event in (limit, other)
    )
    told_by = [linked] if links else []
    assert reported_status.is_practice_told(derived, told_by) is is_told


@pytest.mark.parametrize("type", ["contradicts", "shows-not-applied", "do-not-agree"])
def test_our_judgement_needs_a_reason(type: str) -> None:
    with pytest.raises(ValidationError, match="give the reason"):
        make_link("E2", type)


# A stated end that passed, in the filter ---------------------------------------------------------


@pytest.mark.parametrize(
    ("stages", "day", "found"),
    [
        ([("in-force", "2020-04-27", {"valid_until": "2020-12-31"})], "2020-12-31", ["in-force"]),
        ([("in-force", "2020-04-27", {"valid_until": "2020-12-31"})], "2021-01-01", ["lapsed"]),
        (
            [
                ("in-force", "2020-04-27", {"valid_until": "2020-12-31"}),
                ("in-force", "2021-02", {}),
            ],
            "2021-03-01",
            ["in-force"],
        ),
        (
            [("in-force", "2020-04", {"valid_until": "2020-12-31"}), ("enforced", "2020-11", {})],
            "2021-03-01",
            ["enforced", "lapsed"],
        ),
    ],
)
def test_filter_finds_a_stated_end_that_passed(
    stages: list[tuple[str, str, dict[str, str]]], day: str, found: list[str]
) -> None:
    event = make_event(stages=[make_stage(step, on, **more) for step, on, more in stages])
    context = a_context(*a_small_world(), event)
    context.day = date.fromisoformat(day)
    assert sorted(EventFacts(event, context).stages_found) == found


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("reverses", {Step.IN_FORCE}),
        # The rest of a measure that was reversed in part is not said to have ended.
        ("reverses-in-part", {Step.LAPSED}),
    ],
)
def test_reversed_measure_has_not_merely_lapsed(link: str, found: set[Step]) -> None:
    until = make_stage("in-force", "2020-04-27", valid_until="2020-12-31")
    event, other = make_event(1, stages=[until]), make_event(2, links=[make_link("E1", link)])
    context = a_context(*a_small_world(), event, other)
    context.day = date(2021, 1, 1)
    assert EventFacts(event, context).stages_found == found


def test_step_that_is_calculated_is_not_entered() -> None:
    with pytest.raises(ValidationError, match="is calculated"):
        make_stage("lapsed", "2020-04-27")
