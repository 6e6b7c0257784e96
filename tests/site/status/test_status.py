"""The page of what applies where: its form, its answer, its groups, and its files."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.kinds import RecordForm
from app.record.names.directory import read_directory
from app.settings import Settings
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
from tests.support.event_pages import published_as
from tests.support.html import words
from tests.support.indexed import select_indexed

DANDONG = "/status?on=2019-12-22&place=dandong"
TODAY = "/status?on=2026-12-01&place=china"


def main(client: TestClient, address: str) -> str:
    """Return the text of the page."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return unescape(words(answer.text.partition("<main")[2].partition("</main>")[0]))


def body(client: TestClient, address: str) -> Any:
    return client.get(address.replace("/status", "/status.json")).json()


def ids(page: str, heading: str) -> list[str]:
    """Return the rules of one group of a page."""
    part = page.partition(f'id="{heading}"')[2]
    part = re.split(r"</section>|</details>", part, maxsplit=1)[0]
    return re.findall(r'<a href="/events/(E\d+)">[^0-9]', part)


def test_page_has_three_groups_and_a_fold(client: TestClient) -> None:
    page, told = client.get(TODAY).text, main(client, TODAY)
    assert ids(page, "in-force") == ["E19", "E18", "E17"]
    # The home country's border is no rule of a host country.
    assert ids(page, "elsewhere") == ["E47"] and not ids(page, "ended")
    assert ids(page, "older") == ["E52", "E122", "E44", "E1", "E2", "E6", "E5", "E4", "E3"]
    # A link to the table opens the fold around it.
    fold = page.partition('<details class="fold older">')[2].partition("</details>")[0]
    assert '<table class="old-rules" id="older">' in fold
    assert 'id="unclear"' not in page
    for part in (
        "These may have ended since, or were only planned.",
        "Since 22 December 2017; no recorded end",
        "Eased, 27 August 2023 (3 years ago)",
        "Was announced for May or June 2019; whether it began, no report in the record says",
        "Disputed: the date 2 reports against it",
        "single acts such as one group sent home, and events without a reported status. All events",
    ):
        assert part in told, part
    # What a later report tells is not known on an earlier day.
    then = client.get(DANDONG).text
    assert "E122" not in then and ids(then, "in-force")[0] == "E44"


def test_day_and_edition_of_an_answer_are_named(client: TestClient) -> None:
    published = body(client, "/status")["on"]
    answers = {
        "/status?on=2019-12-22&place=dandong": "On 22 December 2019, by what is known now:",
        "/status?on=2150-01-01&place=dandong": "The record ends on ",
        "/status?place=dandong": "Show 3 laws about North Korean workers with no recorded end",
        # What is here is about the people of the record; who asks may mean those from there.
        "/status?place=china": "The record has no rule about workers from China.",
    }
    for address, words_ in answers.items():
        assert words_ in main(client, address), address
    page = client.get("/status").text
    assert f'name="on" type="date" value="{published}"' in page
    assert f"/status?on={published}&amp;edition=1" in page  # the lasting address names the day
    title = client.get(DANDONG).text.partition("<title>")[2].partition("</title>")[0]
    assert title.replace("\xa0", " ").startswith(
        "What applies to North Korean workers in Dandong on 22 December 2019"
    )


def test_past_edition_says_by_which_edition(database: Settings) -> None:
    code, rule = (
        make_code("kp", "nationality", label="North Korean"),
        make_event(
            stages="in-force 2019-06-15",
            terms="place; nationality kp",
        ),
    )
    changed = rule.model_copy(update={"title": "Another title"})
    with published_as(database, (code, rule), (changed,)) as site:
        assert "By edition 1: The newest report of a rule about" in main(
            site, "/status?place=place-1&edition=1"
        )
        assert "By edition" not in main(site, "/status?place=place-1")
        past = main(site, "/status?on=2019-07-01&place=place-1&edition=1")
        assert "On 1 July 2019, by edition 1: 1 rule was reported in force" in past


def test_place_is_found_by_any_name(client: TestClient) -> None:
    for place, address in [
        *((name, DANDONG) for name in ("단둥", "丹东", "Tandong", "DANDONG")),
        ("단둥, Hunchun", f"{DANDONG}&place=hunchun"),
        ("Atlantis, Hunchun", "/status?on=2019-12-22&place=hunchun&place=Atlantis"),
    ]:
        answer = client.get("/status", params={"on": "2019-12-22", "place": place})
        assert (answer.status_code, answer.headers["location"]) == (303, address), place
    told = main(client, answer.headers["location"])
    assert "No place has the name “Atlantis”." in told and "rules were reported in force" in told
    page = client.get("/status?place=Dandnog").text
    assert 'value="Dandnog"' in page and "No place has this name." in page
    assert 'href="/search?q=Dandnog"' in page
    assert "No rule" not in page


def test_invalid_query_has_notice_on_page_and_error_in_files(client: TestClient) -> None:
    for query, told in [
        ("place=atlantis", "No place has this name."),
        ("on=2019-13-01", "“on=2019-13-01” was ignored"),
        ("on=2019-12", "it is not a single day; write one as 2019-12-22"),
    ]:
        assert told in main(client, f"/status?{query}"), query
        refused = client.get(f"/status.json?{query}")
        assert refused.status_code == 422 and refused.json()["errors"], query
        assert client.get(f"/status.csv?{query}").status_code == 422, query


def test_rules_are_those_about_the_people_chosen(database: Settings) -> None:
    def of(number: int, nationality: str, type_: str = "stay-limit", **changes: Any) -> Any:
        terms = [make_term(), *([make_term("nationality", nationality)] if nationality else [])]
        stages = [make_stage("in-force", "2019-06-15", f"C{number}")]
        return make_event(number, type=type_, terms=terms, stages=stages, **changes)

    forms = (
        make_code("import-detention", group="international", nature="measure"),
        make_code("kp", "nationality", label="North Korean"),
        make_code("ph", "nationality", label="Filipino"),
        of(1, "kp"),
        of(2, "kp"),
        of(3, "kp"),
        of(4, "ph"),
        of(5, "", no_nationality="any"),
        of(6, "kp", "import-detention"),
    )
    shown = {
        "": ["E3", "E2", "E1"],
        "&nationality=ph": ["E4"],
        "&nationality=none": ["E5", "E4", "E3", "E2", "E1"],
        "&type=import-detention": ["E6"],
    }
    with published_as(database, forms) as site:
        found = {
            query: ids(site.get(f"/status?on=2019-07-01&place=place-1{query}").text, "in-force")
            for query in shown
        }
        file = body(site, "/status?on=2019-07-01&place=place-1&nationality=ph")["measures"]
    # In files, too, with a column that tells them.
    assert {row["id"]: row["names_no_nationality"] for row in file} == {"E4": False, "E5": True}
    assert {query: sorted(each) for query, each in found.items()} == {
        query: sorted(each) for query, each in shown.items()
    }


# Files ------------------------------------------------------------------------------------------


def test_files_have_one_row_a_measure_with_its_group(client: TestClient) -> None:
    for address in (DANDONG, TODAY, "/status?on=2018-01-31", "/status?on=2023-05-01&place=russia"):
        file = body(client, address)
        assert sum(file["groups"].values()) == file["total"] == len(file["measures"])
        lines = client.get(address.replace("?", ".csv?")).text.splitlines()
        assert lines[0].lstrip("\ufeff").split(",")[:4] == ["id", "title", "type", "group"]
        assert len(lines) == 1 + file["total"]
    rows = {row["id"]: row for row in body(client, DANDONG)["measures"]}
    assert (rows["E1"]["law_step"], rows["E1"]["law_alleged"]) == ("in-force", True)
    assert rows["E43"]["exempt"] == ["group:irregular workers in plants", "sector:manufacturing"]
    assert rows["E43"]["exempt_words"] == ["sector:manufacturing:plants"]
    assert rows["E43"]["covers_words"] == []
    assert rows["E43"]["nationalities"] == ["kp"] and rows["E43"]["groups"] == ["restaurant-staff"]
    assert "" in {row["covers"] for row in rows.values()} and rows["E19"]["covers"] == "Worldwide"
    russia = "/status?on=2026-11-27&place=russia&type=status-restriction"
    assert {row["id"]: row["planned_for"] for row in body(client, russia)["measures"]} == {
        "E124": ""
    }


def test_json_has_the_step_of_each_track_and_other_events(client: TestClient) -> None:
    file = body(client, DANDONG)
    steps = {(item["id"], item["step"], item["reading"]) for item in file["items"]}
    assert ("E1", "in-force", "possible") in steps
    assert {item["id"] for item in file["items"]} == {row["id"] for row in file["measures"]}
    assert [each["id"] for each in file["deadlines"]] == ["E19"]
    told = body(client, "/status?on=2019-06-01&place=china")["other_events"]
    assert told["count"] > 0
    assert client.get(told["list"]).json()["total"] == told["count"]


# The answer of what applies where: which sentence fits, and what it names


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
