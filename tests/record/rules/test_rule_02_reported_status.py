"""What was last reported of a measure by a day: its group, its stated end, its age (rule 2)."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.record.names.status_labels import last_reported_labels
from app.record.publishing.validation import stage_problems
from app.record.rules import reported_status, rule_groups
from app.record.rules.reported_status import CONFIRMED_FOR_MONTHS, last_reported, status_on
from app.vocabulary.events import StatusGroup, Track
from tests.make import (
    facts_of,
    make_citation,
    make_code,
    make_event,
    make_link,
    make_source,
    make_stage,
    payload_of,
    stages,
)
from tests.support.tables import differing, misjudged

UNTIL = "in-force 2020-04 (valid_until=2020-12-31)"
RECENT, LAW, ENDED = StatusGroup.RECENT, StatusGroup.LAW, StatusGroup.ENDED
OLD = StatusGroup.UNCONFIRMED


def payload(steps: str, said: str = "S1", **changes: Any) -> Any:
    return payload_of(make_event(stages=steps, citations=said, **changes))


def status(case: str, said: str = "S1", is_law: bool = False) -> Any:
    """Return the status of steps on a day, such as `enforced 2019 on 2021-06-01`."""
    steps, day = case.split(" on ")
    return status_on(payload(steps, said), date.fromisoformat(day), is_law)


def test_group_and_last_step_on_a_day() -> None:
    expected = {
        # A report counts for 24 months, the last day included; then it is not confirmed.
        "enforced 2022-05-01 on 2022-05-01": "recent enforced",
        "enforced 2022-05-01 on 2024-05-01": "recent enforced",
        "enforced 2022-05-01 on 2024-05-02": "unconfirmed enforced",
        "enforced 2022-05-01 on 2026-11-27": "unconfirmed enforced",
        # The age counts from the first possible day, so that no report looks newer than it is.
        "enforced 2022 on 2024-01-01": "recent enforced",
        "enforced 2022 on 2024-01-02": "unconfirmed enforced",
        "announced ../2019-05 on 2019-06-01": "recent announced",
        # A later report confirms it again.
        "enforced 2019, enforced 2024-06 on 2024-07-01": "recent enforced",
        # Plans stay plans; once anything else was reported they do not count as plans.
        "planned 2019-03 on 2019-04-01": "planned planned",
        "planned 2019-03 on 2030-01-01": "planned planned",
        "planned 2019-03, enforced 2019-06-01 on 2019-07-01": "recent enforced",
        "announced 2019-03, planned 2019-06-01 on 2019-07-01": "recent announced",
        # What took effect is not taken back by an announcement, whatever its day.
        "announced ../2024-05-02, in-force 2024-04-01 on 2024-04-15": "recent in-force",
        "announced ../2024-05-02, in-force 2024-04-01 on 2024-05-10": "recent in-force",
        # An end that was reported ends it, and the practice reported before it.
        "in-force 2019-01, ended 2019-05-01 on 2019-06-01": "ended ended",
        "in-force 2019-01, ended 2019-05-01 on 2019-04-30": "recent in-force",
        "enforced 2019-04, ended 2019-05-01 on 2019-06-01": "ended ended",
        "ended 2019-05-01, enforced 2019-06-01 on 2019-07-01": "recent enforced",
        # An act done once is no rule: it neither holds nor fades, at any age.
        "done 2015-03 on 2015-04-01": "done done",
        "done 2015-03 on 2026-11-27": "done done",
        "announced 2016-02, done 2016-03 on 2026-11-27": "done done",
        "announced 2016-02, done 2016-03 on 2016-02-29": "recent announced",
        "enforced 2017-03, done 2017-04 on 2026-11-27": "done done",
        "done 2016-03, effect-seen 2016-05 on 2026-11-27": "done effect-seen",
        "done 2016-03, enforced 2016-05 on 2026-11-27": "unconfirmed enforced",
        "done 2016-03, in-force 2026-05 on 2026-11-27": "recent in-force",
        "done 2016-03, ended 2016-05-01 on 2026-11-27": "ended ended",
        # A practice that is no longer so needs no end of a rule, and ends none.
        "not-enforced 2018, no-longer 2019-03-28 on 2019-06-01": "ended no-longer",
        "no-longer [..2019-03-28], not-enforced [..2019-03-28] on 2019-06-01": "ended no-longer",
        "no-longer 2019-03, enforced 2019-05 on 2019-06-01": "recent enforced",
        "in-force 2019-05, no-longer 2019-03 on 2019-06-01": "recent in-force",
        # The newest track decides; of two equal ones the law.
        "in-force 2015, evasion 2019-05-01 on 2019-06-01": "recent evasion",
        "evasion 2019-05-01, in-force 2019-05-01 on 2019-06-01": "recent in-force",
        # Before its first step it is not listed.
        "in-force 2019-01, ended unknown on 2018-12-31": "",
        "in-force 2019-01, ended unknown on 2010-01-01": "",
        # A stated end passes after its last possible day, or a later report of an end comes first.
        f"{UNTIL} on 2020-12-31": "recent in-force",
        f"{UNTIL} on 2021-01-01": "ended in-force",
        "in-force 2020-04 (valid_until=2020-12) on 2020-12-31": "recent in-force",
        "in-force 2020-04 (valid_until=2020-12) on 2021-01-01": "ended in-force",
        "in-force 2020-04-27 (valid_until=2022-12) on 2022-12-01": "unconfirmed in-force",
        # It ends practice reported before it.
        f"{UNTIL}, enforced 2020-11 on 2021-01-01": "ended enforced",
        f"{UNTIL}, enforced 2021-02 on 2021-03-01": "recent enforced",
        # A step without a date dates from its first report.
        "announced unknown (first_reported=2019-06-20) on 2019-06-20": "recent announced",
        "announced unknown (first_reported=2019-06-20) on 2019-06-19": "",
    }

    def found(case: str) -> str:
        found = status(case)
        return f"{found.group} {found.main.last.step}" if found else ""

    assert differing(found, expected) == {}


def test_end_that_passed_is_reported_or_stated() -> None:
    expected = {
        f"{UNTIL} on 2020-12-31": "recent",
        f"{UNTIL} on 2021-01-01": "ended lapsed",
        # An end or easing reported for the stated end is an end that was reported.
        f"{UNTIL}, eased 2020-12-31 on 2021-03-01": "ended",
        f"{UNTIL}, eased 2020-12 on 2021-03-01": "ended",
        # One before it leaves the stated end as it is; one after it lifts it.
        f"{UNTIL}, eased 2020-06 on 2021-03-01": "ended lapsed",
        f"{UNTIL}, eased 2021-02 on 2021-03-01": "recent",
    }

    def found(case: str) -> str:
        found = status(case)
        return f"{found.group}{' lapsed' if found.main.is_lapsed else ''}"

    assert differing(found, expected) == {}


def test_stated_end_counts_from_the_day_it_was_told() -> None:
    expected = {
        # Stated in advance: shown from the day of its citation.
        ("2020-05-01", "2020-06-01"): (True, False),
        ("2020-05-01", "2021-01-01"): (True, True),
        # Reported only afterwards: no end had been stated on a day before it.
        ("2024-07-09", "2020-06-01"): (False, False),
        ("2024-07-09", "2021-01-01"): (True, True),
        ("2024-07-09", "2026-11-27"): (True, True),
        ("2020-08-01", "2020-06-01"): (False, False),
        ("2020-08-01", "2020-09-01"): (True, False),
    }

    def found(said: str, day: str) -> object:
        found = status(f"{UNTIL} on {day}", f"S1 (said={said})").main
        return found.stated_end is not None, found.is_lapsed

    assert differing(found, expected) == {}
    past = payload(UNTIL, "S1 (said=2024-07-09)")
    for step in past["steps"]:
        del step["reported"]
    then = status_on(past, date(2021, 1, 1), is_law=False)
    assert then and then.main.is_lapsed, "an edition without days of reports"


def test_practice_ends_with_its_rule_or_by_itself() -> None:
    for case in (
        "enforced 2019-04, ended 2019-05 on 2019-06-01",
        f"{UNTIL}, enforced 2020-11 on 2021-01-01",
        "no-longer 2019-03-01, ended 2019-05-01 on 2019-06-01",
    ):
        found = status(case)
        practice = next(e for e in (found.main, found.other) if e.track is Track.PRACTICE)
        assert practice.group is ENDED and not practice.is_lapsed, case


def test_law_does_not_fade_until_an_end_is_recorded() -> None:
    groups = {
        "in-force 2006-10-14": (LAW, None),
        "announced 2006-10-14, enforced 2007": (LAW, OLD),
        "in-force 2006-10-14, ended 2016-01-16": (ENDED, None),
        "planned 2006-10-14": (StatusGroup.PLANNED, None),
        "in-force 2019-02-05": (LAW, None),
        # Practice fades, or is no longer so, and ends no law.
        "in-force 2017-12-22, enforced 2019-12-21": (LAW, OLD),
        "in-force 2017-12-22, no-longer 2019-03": (LAW, ENDED),
    }

    def found(steps: str) -> object:
        found = status(f"{steps} on 2026-11-27", is_law=True)
        return found.main.group, found.other and found.other.group

    assert differing(found, groups) == {}


def test_types_are_laws_by_their_marker_and_by_code_before_it() -> None:
    marked, plain = make_code("decree", is_law=True), make_code()
    assert rule_groups.law_types({marked.id: marked}) == {"decree"}
    before = {"legal-instrument", "sanctions-designation"}
    assert rule_groups.law_types({plain.id: plain}) == before
    with pytest.raises(ValidationError, match="only a type of measure is a law"):
        make_code("sighting", nature="act", is_law=True)


def test_hedged_step_is_alleged_and_ends_nothing() -> None:
    hedged = "S1; S1 (certainty=hedged)"
    found = status("announced 2019-04, in-force 2019-06 C2 on 2019-07-01", hedged).main
    assert (found.last.step, found.last.is_alleged) == ("in-force", True)
    assert status("in-force 2019-04, ended 2019-06 C2 on 2019-07-01", hedged).group is RECENT
    practice = "not-enforced 2018, no-longer 2019-03 on 2019-06-01"
    found = status(practice, "S1 (certainty=hedged)")
    assert (found.group, found.main.last.step) == (RECENT, "no-longer")


def test_later_report_of_one_kind_confirms_it() -> None:
    expected = {
        # Of one kind, the later first day confirms; a vaguer date is no later report.
        ("2025~", "", "2025-11-05", "2025-11-05", "2025-11-10"): "2025-11-05",
        ("2025~", "", "2025-11-05", "2025-11-05", "2027-01-15"): "2025-11-05",
        ("2025~", "", "2025-11-05", "2025-11-05", "2025-10-01"): "2025~",
        # So does the later report of a state.
        ("2025-02-05/..", "2025-11-05", "2025-06", "", "2026-01-01"): "2025-02-05/..",
        ("2025-02-05/..", "2025-05-05", "2025-06", "", "2026-01-01"): "2025-06",
        # What was surely reached by one report may not be "reached only after that day".
        ("2025-01-01", "", "2025-06/2025-12", "", "2025-08-01"): "2025-06/2025-12",
    }

    def found(one: str, said: str, other: str, also_said: str, day: str) -> object:
        steps = f"in-force {one} C1, in-force {other} C2"
        written = payload(steps, f"S1 (said={said}); S1 (said={also_said})")
        found = status_on(written, date.fromisoformat(day), is_law=False)
        assert found and found.group is RECENT
        return found.main.last.stage["date"]

    assert differing(found, expected) == {}


def test_step_that_another_kind_replaced_confirms_nothing() -> None:
    steps = "in-force 2019-02-05/.. C1, suspended 2019-12-01 C2, in-force 2020-03/2020-06 C2"
    found = status(f"{steps} on 2020-05-01", "S1 (said=2021-01-01); S1 (said=2020-07-01)").main
    assert found.last.position == 2


def test_months_are_full_months() -> None:
    months = {
        (date(2025, 1, 31), date(2025, 2, 28)): 0,
        (date(2025, 1, 28), date(2025, 2, 28)): 1,
        (date(2025, 2, 28), date(2025, 1, 1)): 0,
    }
    assert differing(reported_status.months_between, months) == {}
    assert CONFIRMED_FOR_MONTHS == 24


# Late reports: steps of which a later report tells, and states that were so when reported ---------

REPORT = "S1 (said=2019-11-05)"


def test_age_counts_from_the_report_of_a_state() -> None:
    groups = {
        # A state counts from the report by which it still held.
        ("in-force 2019-02-05/..", "2021-11-05"): RECENT,
        ("in-force 2019-02-05/..", "2021-11-06"): OLD,
        # Between its first day and that report it held.
        ("in-force 2019-02-05/..", "2019-08-01"): RECENT,
        ("in-force 2019-02-05/..", "2019-02-05"): RECENT,
        ("in-force 2019-02-05/.. (valid_until=2019-06-30)", "2019-12-01"): RECENT,
        # What is over counts from its own day, however late the report.
        ("in-force 2019-02-05", "2021-02-05"): RECENT,
        ("in-force 2019-02-05", "2021-02-06"): OLD,
        ("in-force 2019-02", "2019-03-01"): RECENT,
        ("in-force 2019-02-05 (valid_until=2019-06-30)", "2019-12-01"): ENDED,
    }
    assert differing(lambda steps, day: status(f"{steps} on {day}", REPORT).group, groups) == {}
    written = payload("in-force 2019-02-05/.., eased 2019-07-01", REPORT)
    assert last_reported(written)[Track.LAW].step == "eased", "the later step outranks a state"


def test_vague_report_is_named_and_counts_from_its_first_possible_day() -> None:
    expected = {
        ("2019-02-05/..", "2019-11"): ("November 2019", "2019-11-30", "2019-11-01"),
        # The first day of a report is not known, or before the step: then that of the step.
        ("2019-04-01/..", "[..2019-05-02]"): (
            "2 May 2019 or earlier",
            *("2019-05-02", "2019-04-01"),
        ),
        ("2019-10-26~/..", "2019-10/2020-04~"): (
            "October 2019 to about April 2020",
            *("2020-04-30", "2019-10-26"),
        ),
    }

    def found(day: str, said: str) -> object:
        written = payload(f"in-force {day}", f"S1 (said={said})")
        [(_code, words)] = last_reported_labels(written)
        step: Any = last_reported(written)[Track.LAW]
        report = words.partition(", last reported ")[2]
        return report, str(step.held.last), str(step.day)

    assert differing(found, expected) == {}
    source = make_source(1, published="2013-11~/2014-04~")
    event = make_event(stages="in-force 2013-10-26~/..")
    [(_code, words)] = last_reported_labels(payload_of(event, source))
    assert words == (
        "In force, since about 26 October 2013, "
        "last reported about November 2013 to about April 2014"
    )


# First reports and plans -------------------------------------------------------------------------


def test_first_report_is_not_later_than_its_citation() -> None:
    is_late = {
        ("2019-06-20", ""): False,  # the source is of that day
        ("2019-06-21", ""): True,
        ("2019-06", ""): False,
        ("2019-07", ""): True,
        ("2019-05-01", "2019-06-10"): False,
        ("2019-06-21", "2019-06-10"): True,
    }

    def found(first_reported: str, said: str) -> bool:
        steps = stages(f"announced 2019-05 (first_reported={first_reported})")
        event = make_event(stages=steps, citations=[make_citation(said=said)])
        reasons = stage_problems(facts_of(event))
        assert all(
            "20 June 2019" in each and "2019, which is later than" in each for each in reasons
        )
        return bool(reasons)

    assert differing(found, is_late) == {}
    event = make_event(stages="announced 2019-05 (first_reported=2030)")
    undated = make_source(1, published="", published_basis="unknown")
    assert stage_problems(facts_of(event, undated)) == []


def test_step_without_date_is_not_headed_by_its_report() -> None:
    badges = {
        "done": "Done once, date not known, first reported 20 June 2019",
        "in-force": "In force, date not known, first reported 20 June 2019",
        "planned": "Planned, date not known, first reported 20 June 2019",
    }

    def found(step: str) -> str:
        return last_reported_labels(payload(f"{step} - (first_reported=2019-06-20)"))[0][1]

    assert differing(found, badges) == {}


def test_step_refuses_fields_that_do_not_fit() -> None:
    refusals = {
        "enforced 2019-05 (planned_for=2019-12)": "only a planned or announced status",
        "ended 2019-05 (valid_until=2019-12)": "has no stated end",
        "done 2019-05 (valid_until=2019-12)": "an act done once has no stated end",
        "in-force 2019-05 (valid_until=2019-01)": "January 2019, is before May 2019",
        "lapsed 2020-04-27": "is calculated",
        "ended -": "an end needs a day",
    }
    assert misjudged(ValidationError, stages, refusals) == {}
    assert make_stage("ended", "unknown").date == "unknown"


def test_act_has_planned_steps_only() -> None:
    def problems(steps: str) -> list[str]:
        return stage_problems(facts_of(make_event(type="repatriation", stages=steps)))

    assert problems("planned 2019-05") == []
    assert "can only be planned" in problems("enforced 2019-05")[0]


# A stated end that passed, in the filter ---------------------------------------------------------


def test_filter_finds_a_stated_end_that_passed() -> None:
    expected = {
        (UNTIL, "2020-12-31", ""): ["in-force"],
        (UNTIL, "2021-01-01", ""): ["lapsed"],
        (f"{UNTIL}, in-force 2021-02", "2021-03-01", ""): ["in-force"],
        (f"{UNTIL}, enforced 2020-11", "2021-03-01", ""): ["enforced", "lapsed"],
        (UNTIL, "2021-01-01", "reverses"): ["in-force"],
        # The rest of a measure that was reversed in part is not said to have ended.
        (UNTIL, "2021-01-01", "reverses-in-part"): ["lapsed"],
    }

    def found(steps: str, day: str, link: str) -> list[str]:
        links = [make_link("E1", link)] if link else []
        facts = facts_of(make_event(stages=steps), make_event(2, links=links))
        facts.context.day = date.fromisoformat(day)
        return sorted(facts.stages_found)

    assert differing(found, expected) == {}
