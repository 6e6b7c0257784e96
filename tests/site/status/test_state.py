"""The answer of what applies where: which sentence fits, and what it names."""

from datetime import date
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.kinds import RecordForm
from app.record.names.directory import read_directory
from app.site.status.state import State, states_of
from tests.make import (
    a_small_world,
    make_citation,
    make_code,
    make_event,
    make_link,
    make_place,
    make_stage,
    make_term,
    publish_all,
)
from tests.support.indexed import select_indexed

DAY = date(2026, 6, 1)


def rule(number: int = 1, *steps: tuple[str, str], **changes: Any) -> RecordForm:
    """Return a rule for North Koreans in place-1, reported by its own citation."""
    stages = [make_stage(step, day, f"C{number}") for step, day in steps]
    values = {
        "happened": "2016",
        "stages": stages,
        "terms": [make_term(), make_term("nationality", "kp")],
        "citations": [make_citation(number, said="2026-05-31", paraphrase="They must go.")],
    }
    return make_event(number, **values | changes)


def state(db: Session, place: str = "place-1", people: str = "kp", on: date = DAY) -> State:
    edition = select_indexed(db)
    directory = read_directory(db, edition)
    [found] = states_of(db, edition, directory, [(place, False)], people=[people], on=on)
    return found


def at(place: str) -> dict[str, Any]:
    return {"terms": [make_term(code=place), make_term("nationality", "kp")]}


WORLD: tuple[RecordForm, ...] = (
    make_code("kp", "nationality", label="North Korean"),
    make_code("a-decree", is_law=True),
    make_code("easing", direction="eases"),
    *(make_place(number, parent="country-3") for number in range(11, 19)),
    make_place(19, names=[{"text": "Gulf states"}]),
)


def text(answer: Markup) -> str:
    return answer.striptags().replace("\xa0", " ")


SURE = "One outlet, in its own words"


def test_answer_is_the_first_that_fits(desk: Session) -> None:
    denied = [make_citation(3, said="2026-05-31", paraphrase="They must go.")]
    denied.append(make_citation(33, 2, stance="disputes"))
    plan = make_stage("planned", "2025-01", "C7", planned_for="2027-01")
    until = make_stage("in-force", "2019-01", "C6", valid_until="2020-12-31")
    open_until = make_stage("in-force", "2026-03", "C24", valid_until="2026-12")
    publish_all(
        desk,
        *a_small_world(),
        *WORLD,
        rule(1, ("in-force", "2026-03-01"), **at("place-11")),
        rule(2, ("announced", "2026-03-01"), **at("place-12")),
        rule(22, ("enforced", "2025-11-01"), **at("place-12")),
        rule(3, ("in-force", "2026-03-01"), **at("place-13"), citations=denied),
        rule(4, ("in-force", "2020-01-01"), ("eased", "2023-06-01"), **at("place-14")),
        make_event(44, happened="2023-06-02", links="E4 reverses", **at("place-20")),
        rule(5, ("enforced", "2020-01-01"), **at("place-15")),
        rule(6, **at("place-16"), stages=[until]),
        rule(7, **at("place-17"), stages=[plan]),
        rule(8, ("in-force", "2017-09-11"), type="a-decree", **at("place-18")),
        rule(
            23, **at("place-22"), stages=[make_stage("planned", "2023", "C23", planned_for="2025")]
        ),
        rule(24, **at("place-23"), stages=[open_until]),
        make_place(22, parent="country-3"),
        make_place(23, parent="country-3"),
        make_place(20, parent="country-3"),
    )
    before = "in the 24 months before"
    expected = {
        11: f"1 rule was reported in force or ordered {before}: Event 1; in force, 1 March 2026 (3 "
        f"months ago). {SURE}.",
        12: f"2 rules were reported in force or ordered {before}. The newest: Event 2; announced "
        f"or ordered, 1 March 2026 (3 months ago). {SURE}.",
        13: "No report in the record says which rules apply to North Korean workers in Place-13 on "
        "1 June 2026. The newest report is of 1 March 2026 (3 months ago): Event 3. "
        f"{SURE}. Disputed: whether it happened.",
        14: "Last reported of a rule about North Korean workers in Place-14: reversed 2 June 2023: "
        f"Event 44. {SURE}. The rule until then: Event 4.",
        15: "The newest report of a rule about North Korean workers in Place-15 is of 1 January "
        f"2020 (6 years ago): Event 5. {SURE}.",
        16: "Last reported of a rule about North Korean workers in Place-16: in force, January "
        f"2019 (7 years ago); stated end 31 December 2020. {SURE}. The rule until then: Event 6.",
        17: "The record has only plans of a rule about North Korean workers in Place-17. That does "
        "not mean that there is none. Event 7: planned for January 2027.",
        18: "1 law about North Korean workers with no recorded end: Event 8.",
        19: "The record has no rule about North Korean workers in the Gulf states. That does not "
        "mean that there is none.",
        22: "The record has only plans of a rule about North Korean workers in Place-22. That does "
        "not mean that there is none. Event 23: was announced for 2025; whether it began, no "
        "report in the record says.",
        23: f"1 rule was reported in force or ordered {before}: Event 24; in force, March 2026 (2 "
        f"months ago); stated end December 2026. {SURE}.",
    }
    found = {number: text(state(desk, f"place-{number}").answer) for number in expected}
    assert found == expected


def test_answer_tells_the_past_by_reports_up_to_the_day(desk: Session) -> None:
    publish_all(
        desk,
        *a_small_world(),
        *WORLD,
        make_code("ph", "nationality"),
        rule(1, ("in-force", "2017-09-11"), type="a-decree", **at("country-3")),
        rule(2, ("in-force", "2019-01"), ("ended", "2021-05-01")),
        rule(3, ("in-force", "2026-04-01"), **at("country-3")),
        rule(4, ("in-force", "2018-01"), links=[make_link("E5", "reverses")], **at("place-11")),
        rule(5, ("in-force", "2015-01"), **at("place-11")),
    )
    here = state(desk)
    assert [rule.id for rule in here.recent] == ["E3"]
    assert [rule.id for rule in here.ended] == ["E2"]
    assert text(here.answer).startswith(
        "1 law about North Korean workers with no recorded end: Event 1. 1 rule was reported"
    )
    then = state(desk, on=date(2020, 1, 1))
    assert "before: Event 2; in force, January 2019" in text(then.answer)
    # A rule of which only its reversal is newer has ended.
    assert [rule.id for rule in state(desk, "place-11").ended] == ["E5"]
    # Whom nobody names, no rule is about.
    assert text(state(desk, people="ph").answer).startswith("The record has no rule about")
    assert text(state(desk, "place-12", "none", date(2001, 1, 1)).answer).startswith(
        "The record has no rule about people of any nationality in Place-12."
    )


def test_border_of_the_home_country_is_no_rule_elsewhere(desk: Session) -> None:
    actor = make_term("actor", "", "orders", printed="the ministry", side="home-state")
    publish_all(
        desk,
        *a_small_world(),
        *WORLD,
        make_code("border-closure"),
        rule(
            1,
            ("in-force", "2020-01"),
            ("eased", "2023-08"),
            type="border-closure",
            terms=[*at("place-1")["terms"], actor],
        ),
    )
    here = state(desk)
    assert (here.rules, [rule.id for rule in here.elsewhere]) == ([], ["E1"])
    assert text(here.answer).startswith("The record has no rule about")


def test_a_place_has_the_rules_that_apply_there_not_those_from_or_to_it(desk: Session) -> None:
    """`background` and what a comparison lists: its own rules, then those of a larger place."""

    def places(**roles: str) -> dict[str, Any]:
        named = [make_term(code=code.replace("_", "-"), role=role) for code, role in roles.items()]
        return {"terms": [*named, make_term("nationality", "kp")]}

    publish_all(
        desk,
        *a_small_world(),
        *WORLD,
        rule(1, ("in-force", "2016-01"), **places(place_11="at")),
        rule(2, ("in-force", "2017-01"), **places(place_12="at", place_11="to")),
        rule(3, ("in-force", "2018-01"), **places(place_12="at", country_3="at")),
        rule(4, ("in-force", "2019-01"), **places(country_3="at")),
    )
    here = state(desk, "place-11")
    assert [rule.id for rule in here.rules] == ["E4", "E3", "E1"]
    assert [rule.where for rule in here.older if rule.is_elsewhere] == ["Place-12, to Place-11"]
    assert [rule.id for rule in here.rules if rule.is_own] == ["E1"]
    assert {rule.id: rule.covers for rule in here.rules if rule.larger} == {
        "E4": "Country-3",
        "E3": "Country-3",
    }
    assert text(here.background) == (
        "For Place-11 itself, the newest report of a rule is of January 2016 (10 years ago): "
        "Event 1."
    )


SINCE = "2025-02-05/.."


@pytest.mark.parametrize(
    ("steps", "said", "words"),
    [
        # Support by several is of the event, not of a later date that one report has.
        ([("in-force", "2020-04-18", "C1"), ("in-force", "2021-07-27", "C2")], "", "1 report has"),
        ([("in-force", "2021-07-27", "C1"), ("in-force", "2021-07-27", "C2")], "", "2 reports h"),
        ([("in-force", "2021-07-27", "C1")], "", "2 independent sources"),
        # A vague report is not taken for a later day than that of the step.
        ([("in-force", SINCE, "C1")], "2025", "in force, 5 February 2025 (15 months ago). 2 i"),
        ([("in-force", SINCE, "C1")], "2025-06", "in force, June 2025 (11 months ago). 1 repo"),
    ],
)
def test_support_is_that_of_the_date(
    desk: Session, steps: list[tuple[str, str, str]], said: str, words: str
) -> None:
    citations = [
        make_citation(1, said=said or "2021-08-01"),
        make_citation(2, 2, said="2021-08-01"),
    ]
    stages = [make_stage(*step) for step in steps]
    publish_all(desk, *a_small_world(), *WORLD, rule(1, stages=stages, citations=citations))
    assert words in text(state(desk).answer)


def test_rules_of_any_nationality_are_counted_apart(desk: Session) -> None:
    def general(number: int, *steps: tuple[str, str]) -> RecordForm:
        terms = [make_term(code="place-11"), make_term("group", "", printed="people on patents")]
        return rule(number, *steps, terms=terms, no_nationality="any")

    publish_all(
        desk,
        *a_small_world(),
        *WORLD,
        make_code("ph", "nationality", label="Filipino"),
        general(1, ("in-force", "2026-03-01")),
        general(2, ("in-force", "2020-01-01")),
        general(3, ("in-force", "2020-01-01"), ("ended", "2023-01-01")),
        rule(5, ("in-force", "2026-03-01"), **at("country-3")),
    )
    here = state(desk, "place-11")
    assert [rule.id for rule in here.rules] == ["E5"]
    assert [rule.id for rule in here.general] == ["E1", "E3", "E2"]
    assert [rule.id for rule in here.older] == ["E2"]
    assert [rule.id for rule in here.ended] == ["E3"]
    assert here.background == (
        "For Place-11 itself, the record has no rule about North Korean workers."
    )
    # The answer counts what its link leads to, and says for whom the newest is.
    assert [rule.id for rule in here.general_now] == ["E1"]
    assert "#general" in here.answer
    assert text(here.answer).endswith(
        "1 rule for foreigners names no nationality, for people on patents: Event 1, 1 "
        "March 2026 (3 months ago)."
    )
    assert state(desk, "place-11", people="none").general == []
    asked = [("place-11", False)]
    [both] = states_of(desk, here.edition, here.directory, asked, people=["kp", "ph"])
    assert both.who == "North Korean or Filipino workers"
