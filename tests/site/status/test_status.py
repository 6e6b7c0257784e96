"""The status page: what was last reported of measures by a date, in groups that add up."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.record.filters import StatusFilters
from app.record.names.directory import read_directory
from app.record.publishing.purge import purge
from app.site.status.entries import MeasureEntry
from app.site.status.page import StatusPage, status
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

DANDONG = "/status?on=2019-12-22&place=dandong"


def words(client: TestClient, address: str) -> str:
    """Return the text of the page, without tags and repeated spaces."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def entry_of(client: TestClient, address: str, id: str) -> str:
    """Return the text of a measure's entry that is shown in full."""
    articles = client.get(address).text.split('<article class="rule">')[1:]
    entry = next(text for text in articles if f'href="/events/{id}"' in text.partition("</h3>")[0])
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", entry.partition("</article>")[0])).split())


TODAY = "/status?on=2026-11-27&place=china"


def test_groups_add_up_to_the_total(client: TestClient) -> None:
    for address in (DANDONG, TODAY, "/status?on=2018-01-31", "/status?on=2023-05-01&place=russia"):
        told, file = words(client, address), client.get(address.replace("?", ".json?")).json()
        assert sum(file["groups"].values()) == file["total"] == len(file["measures"])
        total = re.search(r"the record has (\d+) measures?", told)
        larger = re.search(r" in it, and (\d+) for (a )?larger place", told)
        assert total, address
        rules = file["total"] - file["groups"]["done"]
        assert int(total[1]) + (int(larger[1]) if larger else 0) == rules, address
        page = client.get(address).text
        rows = len(re.findall(r'<article class="rule"', page))
        rows += len(re.findall(r'<th scope="row" class="full">', page))
        assert rows == file["total"], address


def test_acts_done_once_are_listed_apart_from_rules(client: TestClient) -> None:
    address = "/status?on=2026-11-27"
    page, told = client.get(address).text, words(client, address)
    rules, _heading, acts = page.partition('id="acts-done"')
    for act in ("Nepal deports 54 workers", "US customs stops fifteen shipments"):
        assert act not in rules and act in acts
    assert "8 single acts are listed separately." in told
    assert "Done once Reported for March 2015" in told
    assert "Cambodia: all six restaurants reported closed" not in page
    assert "Done once, March 2015" in words(client, "/events/E23")
    assert "Not confirmed" not in words(client, "/events/E23")
    nepal = words(client, "/status?on=2015-12-31&place=nepal")
    assert "the record has 1 measure for Nepal" in nepal
    assert "1 single act is listed separately." in nepal


def test_lockdown_of_2022_is_not_listed_as_enforced_today(client: TestClient) -> None:
    page = client.get(TODAY).text
    open_part, _fold, folded = page.partition('<details class="fold" id="old">')
    assert "Pandemic lockdown" not in open_part and "Pandemic lockdown" in folded
    assert "Not confirmed since about June 2022" in words(client, TODAY)
    found = {row["id"]: row for row in client.get(TODAY.replace("?", ".json?")).json()["measures"]}
    assert found["E52"]["group"] == "unconfirmed"


def test_older_reports_are_folded_with_their_number(client: TestClient) -> None:
    page = client.get(TODAY).text
    assert re.findall(r'<details class="fold" id="(\w+)">', page) == ["old", "plans", "done"]
    assert '<details class="fold" id="old" open' not in page
    assert "for certain" not in page and "in force today" not in page


def test_headings_speak_of_reports_that_were_read(client: TestClient) -> None:
    told = words(client, TODAY)
    assert "No report that we read confirms them for a later day." in told
    assert "Planned; start not reported" in told
    assert "never reported" not in told and "Nothing says" not in told
    # Where no row of the group says so, its head does not either.
    assert "Some were reported as eased" not in told


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/about", "is the day that the report is about, not its publication"),
        (
            "/codebook",
            "The day of a status is the one that a report is about, however late it was published",
        ),
        (DANDONG, "The day is the one that a report is about, not its publication"),
    ],
)
def test_pages_say_what_the_day_of_a_status_is(client: TestClient, address: str, said: str) -> None:
    assert said in words(client, address)


def test_law_does_not_fade(client: TestClient) -> None:
    told = words(client, TODAY)
    laws = told.partition("Laws and listings with no recorded end")[2].partition(
        "Reported ended, or"
    )[0]
    assert "UN Security Council orders repatriation of workers within 24 months" in laws
    assert "Since 22 December 2017" in laws


def test_stated_end_that_passed_is_said(client: TestClient) -> None:
    told = words(client, TODAY)
    assert "The stated period has ended; nothing was reported since." in told
    assert "In force, last reported 27 April 2020" in told
    before = words(client, "/status?on=2020-06-01&place=china")
    assert "Stated end: 31 December 2020." in before and "nothing was reported since." not in before


def test_end_that_was_reported_is_not_a_stated_end_that_passed(client: TestClient) -> None:
    now = entry_of(client, TODAY, "E47")
    assert "Its end or easing was reported." in now and "Last reported: 27 August 2023" in now
    assert "Stated end" not in now and "nothing was reported since" not in now
    # On a past day, no source had stated the end of which later ones tell.
    assert "Stated end" not in entry_of(client, "/status?on=2020-06-01&place=china", "E47")


def test_links_against_a_measure_stand_in_its_entry(client: TestClient) -> None:
    told = words(client, TODAY)
    assert (
        "Not applied, in the editors’ reading: China said to tolerate workers with expired" in told
    )
    assert "Does not agree with: China reported to take in thousands of new workers" in told
    assert (
        "Reversed in part, in the editors’ reading: North Korea lets citizens abroad return" in told
    )
    # A report that came after the selected day is not part of it.
    assert "China said to tolerate workers" not in words(client, DANDONG)


def test_place_page_counts_larger_places_apart(client: TestClient) -> None:
    found = client.get("/status.json?place=dandong").json()
    file, on = found["measures"], found["on"]
    here, larger = (
        sum(bool(row["covers"]) is is_wide for row in file if row["group"] != "done")
        for is_wide in (False, True)
    )
    assert here and larger
    assert (
        f"the record has {here} measures for Dandong or a place in it, "
        f"and {larger} for larger places around it."
    ) in words(client, f"/status?on={on}&place=dandong")


def test_past_day_is_told_by_reports_known_today(client: TestClient) -> None:
    past = words(client, "/status?on=2020-06-01")
    assert re.search(
        r"For 1 June 2020, the record has \d+ measures, according to reports known today\.", past
    )
    assert "Reported later: 28 August 2023" in entry_of(client, "/status?on=2020-06-01", "E47")
    day = client.get("/status.json").json()["on"]
    now = words(client, f"/status?on={day}")
    assert "known today" not in now and "Reported later" not in now


def test_title_names_day_and_place(client: TestClient) -> None:
    title = client.get(DANDONG).text.partition("<title>")[2].partition("</title>")[0]
    assert (
        "Rules last reported for 22\N{NO-BREAK SPACE}December\N{NO-BREAK SPACE}2019: Dandong"
        in title
    )
    assert "Rules last reported for 22 December 2019" in words(client, "/status?on=2019-12-22")


def test_plan_after_its_day_is_still_planned(client: TestClient) -> None:
    told = words(client, DANDONG)
    passed = "Planned for May or June 2019. That date has passed; start not reported"
    assert passed in told
    assert "Planned for December 2019; not confirmed." in told
    assert "Planned for December 2019. That date has passed;" in words(
        client, "/status?on=2020-01-01&place=dandong"
    )


def test_plan_without_a_day_is_not_said_to_have_passed(client: TestClient) -> None:
    told = words(client, "/status?on=2026-11-27&place=russia")
    assert "A plan, reported 28 November 2023; planned date not stated." in told
    file = client.get("/status.json?on=2026-11-27&place=russia").json()
    assert next(row for row in file["measures"] if row["id"] == "E124")["planned_for"] == ""


def test_hedged_step_is_alleged_beside_the_firm_one(client: TestClient) -> None:
    stood = client.get("/status.json?on=2019-12-22&place=dandong").json()
    limits = {
        (item["step"], item["reading"])
        for item in stood["items"]
        if item["id"] == "E1" and item["track"] == "law"
    }
    assert limits == {("announced", "certain"), ("in-force", "possible")}
    row = next(row for row in stood["measures"] if row["id"] == "E1")
    assert row["law_step"] == "in-force" and row["law_alleged"] is True
    told = words(client, DANDONG)
    assert "In force (alleged)" in told
    assert "Stated firmly: Announced or ordered" in told
    assert "The source reports it with reservations." in told
    assert "With reservations: “seem to be”" in told


def test_csv_has_the_rows_of_the_page(client: TestClient) -> None:
    lines = client.get(TODAY.replace("?", ".csv?")).text.splitlines()
    file = client.get(TODAY.replace("?", ".json?")).json()
    assert lines[0].lstrip("\ufeff").split(",")[:4] == ["id", "title", "type", "group"]
    assert len(lines) == 1 + file["total"]
    assert client.get("/status.csv?on=2019-13-01").status_code == 422


def test_step_shows_speaker_and_links_to_citation(client: TestClient) -> None:
    page = client.get(DANDONG).text
    proofs = set(re.findall(r'href="(/events/E\d+)#(C\d+)"', page))
    assert ("/events/E44", "C117") in proofs
    # The effect of E69 has a citation of another event.
    russia = client.get("/status?on=2019-12-22&place=russia").text
    proofs |= set(re.findall(r'href="(/events/E\d+)#(C\d+)"', russia))
    assert ("/events/E70", "C180") in proofs
    for address, citation in proofs:
        assert f'id="{citation}"' in client.get(address).text, (address, citation)


def test_measure_of_larger_place_is_listed_and_marked(client: TestClient) -> None:
    told = words(client, DANDONG)
    assert "Measures for a larger place are included and marked: Liaoning" in told
    assert "in China, no more precise place given" in told and "as a whole" not in told
    assert "in Northeast China" in told and "worldwide" in told
    by_id = {
        item["id"]: item["covers"]
        for item in client.get("/status.json?on=2019-12-22&place=dandong").json()["items"]
    }
    assert by_id["E5"] == "in China, no more precise place given"
    assert by_id["E25"] == "in Liaoning, no more precise place given"
    assert by_id["E105"] == "from China, no more precise place given"
    # It names Hunchun, which is nearer but not the place asked for.
    assert by_id["E40"] == "in Northeast China"
    assert by_id["E43"] == by_id["E1"] == ""
    assert "E69" not in by_id  # Russia's


def test_place_is_found_by_any_name(client: TestClient) -> None:
    for name in ("단둥", "丹东", "Tandong", "DANDONG"):
        answer = client.get("/status", params={"on": "2019-12-22", "place": name})
        assert answer.status_code == 303 and answer.headers["location"] == DANDONG, name
    both = client.get("/status", params={"place": "단둥, Hunchun"})
    assert both.headers["location"] == "/status?place=dandong&place=hunchun"
    half = client.get("/status", params={"place": "Atlantis, Hunchun"})
    assert half.headers["location"] == "/status?place=hunchun&place=Atlantis"
    assert 'value="Hunchun, Atlantis"' in client.get(half.headers["location"]).text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "place=Atlantis+City",
            "“place=Atlantis City” was ignored: it is not a place in the record.",
        ),
        ("place=atlantis", "“place=atlantis” was ignored"),
        ("on=2019-13-01", "“on=2019-13-01” was ignored"),
        ("on=2019-12", "it is not a single day; write one as 2019-12-22"),
        ("on=2019-12-22%7E", "was ignored"),
        ("when=2019", "is not something this page can be filtered by"),
    ],
)
def test_invalid_query_has_notice_on_page_and_error_in_json(
    client: TestClient, query: str, said: str
) -> None:
    assert said in words(client, f"/status?{query}")
    refused = client.get(f"/status.json?{query}")
    assert refused.status_code == 422 and refused.json()["errors"]


def test_default_day_is_day_of_edition(client: TestClient) -> None:
    edition = client.get("/status.json").json()
    page = client.get("/status").text
    assert f'name="on" type="date" value="{edition["on"]}"' in page
    assert f"/status?on={edition['on']}&amp;edition=1" in page  # the lasting address names the day


def test_nearby_deadlines_show_distance(client: TestClient) -> None:
    assert "Deadline 22 December 2019 that day" in words(client, DANDONG)
    assert "Deadline 30 June 2019 10 days later" in words(
        client, "/status?on=2019-06-20&place=dandong"
    )
    assert "Deadline 30 June 2019 5 days before" in words(
        client, "/status?on=2019-07-05&place=dandong"
    )
    assert "Deadlines near" not in words(client, "/status?on=2019-09-15&place=dandong")


def test_other_events_are_counted_and_linked(client: TestClient) -> None:
    told = client.get("/status.json?on=2019-12-22&place=china").json()["other_events"]
    assert told["count"] > 0
    assert client.get(told["list"]).json()["total"] == told["count"]
    assert f"The record has {told['count']} events of these kinds within 30 days" in words(
        client, "/status?on=2019-12-22&place=china"
    )


def test_day_without_measures_says_so(client: TestClient) -> None:
    told = words(client, "/status?on=1990-01-01&place=dandong")
    assert "For 1 January 1990, the record has 0 measures for Dandong or a place in it" in told
    assert "No entry does not mean that nothing happened." in told
    assert "Next change: about" not in told and "Next change: 1 May 2012" in told


def test_measure_without_dated_step_is_listed_separately(client: TestClient) -> None:
    told = words(client, "/status?on=2020-01-01&place=saratov-obl")
    assert "Measures without a date" in told
    assert "They are not counted above" in told


def test_first_and_last_day_have_no_further_links(client: TestClient) -> None:
    assert "One day earlier" not in words(client, "/status?on=1800-01-01")
    assert "One day later" not in words(client, "/status?on=2200-12-31")


def test_day_after_edition_has_notice(client: TestClient) -> None:
    assert "has no later reports" in words(client, "/status?on=2150-01-01")


# A record made for it -----------------------------------------------------------------------------


def told(db: Session, query: list[tuple[str, str]]) -> StatusPage:
    edition = select_indexed(db)
    filters, dropped = StatusFilters.from_pairs(query)
    return status(db, edition, (filters, dropped), read_directory(db, edition))


def entries(page: StatusPage) -> dict[str, MeasureEntry]:
    return {
        entry.id: entry
        for group in (*page.open_groups, *page.folded_groups)
        for entry in group.entries
    }


ON = [("on", "2019-07-01"), ("place", "place-1")]


@pytest.mark.parametrize(
    ("citation", "reason"),
    [
        ({"certainty": "hedged"}, "The source reports it with reservations."),
        ({"stance": "mentions"}, "The source does not confirm it."),
    ],
)
def test_alleged_step_shows_reason(desk: Session, citation: dict[str, Any], reason: str) -> None:
    limit = make_event(
        stages=[make_stage("in-force", "2019-06-01")], citations=[make_citation(**citation)]
    )
    publish_all(desk, *a_small_world(), limit)
    entry = entries(told(desk, ON))["E1"]
    assert entry.main.step.label == "In force (alleged)"
    assert [proof.reason for proof in entry.evidence] == [reason]


def test_step_of_open_date_may_be_reached_later(desk: Session) -> None:
    limit = make_event(stages=[make_stage("in-force", "2019-06/2019-08")])
    publish_all(desk, *a_small_world(), limit)
    note = entries(told(desk, ON))["E1"].main.note
    assert note == "Its date may be later than that day."


def test_reversal_since_a_stated_end_is_not_called_silence(desk: Session) -> None:
    limit = make_event(
        stages=[make_stage("in-force", "2019-06-01", valid_until="2019-06-10")],
        citations=[make_citation(said="2019-06-01")],
    )
    back = make_event(2, happened="2019-06-20", links=[make_link("E1", "reverses")])
    publish_all(desk, *a_small_world(), limit, back)
    main = entries(told(desk, [*ON, ("type", "stay-limit")]))["E1"].main
    assert main.step.label == "In force" and main.reported == "Last reported: 1 June 2019"
    assert main.note == "Stated end: 10 June 2019. Later reports exist."


@pytest.mark.parametrize(
    ("reason", "citation", "is_ours"),
    [
        ("", {"about": "L1"}, False),
        # Nobody says it, the source does not vouch for it, or an editor gives the reason.
        ("", {}, True),
        ("", {"about": "L1", "stance": "mentions"}, True),
        ("In part.", {"about": "L1"}, True),
    ],
)
@pytest.mark.parametrize(
    "link",
    [("evades", "Evaded"), ("reverses", "Reversed"), ("reverses-in-part", "Reversed in part")],
)
def test_link_without_a_source_of_its_own_is_our_reading(
    desk: Session, link: tuple[str, str], reason: str, citation: dict[str, Any], is_ours: bool
) -> None:
    type, label = link
    limit = make_event(stages=[make_stage("in-force", "2019-06-01")])
    other = make_event(
        2,
        links=[make_link("E1", type, reason=reason)],
        citations=[make_citation(2), make_citation(3, **citation)],
    )
    publish_all(desk, *a_small_world(), limit, other)
    labels = [line.label for line in entries(told(desk, ON))["E1"].objections]
    assert labels == [
        f"{label}, in the editors’ reading:" if is_ours else f"Reportedly {label.lower()}:"
    ]


def test_head_of_unconfirmed_says_that_some_were_eased(desk: Session) -> None:
    limit = make_event(stages=[make_stage("in-force", "2015"), make_stage("eased", "2016")])
    publish_all(desk, *a_small_world(), limit)
    notes = {group.code: group.note for group in told(desk, ON).folded_groups}
    assert notes["unconfirmed"].endswith("Some were reported as eased or reversed.")


@pytest.mark.parametrize(
    ("practice", "day", "note"),
    [
        ("enforced", "2018-06-01", "In practice, a later day is reported."),
        ("effect-seen", "2018-06-01", "In practice, a later day is reported."),
        ("not-enforced", "2018-06-01", "No report that we read confirms"),
        ("enforced", "2018-01", "No report that we read confirms"),
    ],
)
def test_rule_whose_practice_is_of_a_later_day_is_not_said_to_lack_reports(
    desk: Session, practice: str, day: str, note: str
) -> None:
    stages = [make_stage("announced", "2018-01-10"), make_stage(practice, day)]
    limit = make_event(happened="2018-01-10", stages=stages)
    publish_all(desk, *a_small_world(), limit)
    entry = entries(told(desk, [("on", "2026-06-19"), ("place", "place-1")]))["E1"]
    lines = {line.track: line for line in (entry.main, entry.other) if line}
    assert lines["Legal status"].note.startswith(note)


@pytest.mark.parametrize(
    ("practice", "ended", "when"),
    [
        ("2019-04", "2019-05-01", "a later day"),
        ("2019-05-01", "2019-05-01", "the same day"),
        ("[..2019-05-01]", "[..2019-05-01]", "a day that may be later"),
        ("2019-05", "2019-05", "a day that may be later"),
    ],
)
def test_practice_of_an_ended_rule_names_its_end(
    desk: Session, practice: str, ended: str, when: str
) -> None:
    stages = [make_stage("enforced", practice), make_stage("ended", ended)]
    publish_all(desk, *a_small_world(), make_event(happened="", stages=stages))
    found = entries(told(desk, ON))["E1"]
    notes = {line.track: line.note for line in (found.main, found.other) if line}
    assert notes["In practice"] == f"The rule was reported as ended or eased on {when}."


def test_steps_of_an_alleged_event_are_alleged(desk: Session) -> None:
    hedged = make_citation(1, certainty="hedged", certainty_text="may")
    seen = make_event(2, type="repatriation", links=[make_link("E1", "effect-of")])
    limit = make_event(stages=[make_stage("effect-seen", "2019-06-01", "C2")], citations=[hedged])
    publish_all(desk, *a_small_world(), limit, seen)
    assert entries(told(desk, ON))["E1"].main.step.label == "Effect reported (alleged)"


def test_entry_says_whose_nationals_it_covers(client: TestClient) -> None:
    rows = words(client, "/status?on=2026-11-27&place=kuwait")
    assert "Nationality: Filipino" in rows and "Nationality: North Korean" in rows


def test_entry_has_wording_of_nationals_and_groups_covered(desk: Session) -> None:
    terms = [
        make_term(),
        make_term("nationality", "", printed="African countries", number=25),
        make_term("nationality", "kp", printed="women from there"),
        make_term("group", "restaurant-staff", printed="of twelve countries"),
    ]
    codes = [make_code("kp", "nationality"), make_code("restaurant-staff", "group")]
    limit = make_event(terms=terms, stages=[make_stage("in-force", "2019-06-01")])
    publish_all(desk, *a_small_world(), *codes, limit)
    entry = entries(told(desk, ON))["E1"]
    assert entry.nationals == ["“African countries”: 25", "Kp (“women from there”)"]
    assert entry.groups == ["Restaurant-staff (“of twelve countries”)"]


def test_page_files_and_lanes_say_who_is_exempt(client: TestClient) -> None:
    address, exempt = DANDONG, "Exempt: “irregular workers in plants”, Manufacturing"
    assert exempt in words(client, address)
    file = client.get(address.replace("?", ".json?")).json()
    row = next(row for row in file["measures"] if row["id"] == "E43")
    assert row["exempt"] == ["group:irregular workers in plants", "sector:manufacturing"]
    assert row["exempt_words"] == ["sector:manufacturing:plants"]
    assert row["covers_words"] == []
    assert "Nationality: North Korean; groups: Restaurant staff" in words(client, address)
    assert row["nationalities"] == ["kp"] and row["groups"] == ["restaurant-staff"]
    lanes = words(client, "/events?from=2019-12&to=2019-12&place=dandong&view=lanes")
    # A lane has who acted, by whatever order: nobody may have ordered it.
    assert exempt in lanes and "events ordered" not in lanes


def test_step_with_retracted_citation_is_alleged(desk: Session) -> None:
    back = make_citation(2, 1, stance="withdraws", about="C1")
    limit = make_event(
        stages=[make_stage("in-force", "2019-06-01")], citations=[make_citation(1), back]
    )
    publish_all(desk, *a_small_world(), limit)
    entry = entries(told(desk, ON))["E1"]
    assert [proof.reason for proof in entry.evidence] == ["The source later retracted it."]


def test_step_cited_in_purged_event_says_citation_is_gone(desk: Session) -> None:
    limit = make_event(
        stages=[make_stage("enforced", "2019-06-01", "C2")], links=[make_link("E2", "follows")]
    )
    publish_all(desk, *a_small_world(), limit, make_event(2, type="repatriation"))
    purge(desk, "E2")
    proof = entries(told(desk, ON))["E1"].evidence[0]
    assert proof.says == "Its citation was removed."
    assert proof.address == ""


def test_planned_act_is_no_measure(desk: Session) -> None:
    visit = make_event(type="repatriation", stages=[make_stage("planned", "2019-06-01")])
    publish_all(desk, *a_small_world(), visit)
    assert entries(told(desk, ON)) == {}


def test_link_against_a_measure_replaces_silence(desk: Session) -> None:
    limit = make_event(
        deadline="2019-06-20",
        stages=[make_stage("announced", "2019-06-01")],
    )
    stay = make_event(
        2,
        type="repatriation",
        happened="2019-06-25",
        links=[make_link("E1", "shows-not-applied", reason="In part: some stayed.")],
    )
    publish_all(desk, *a_small_world(), limit, stay)
    entry = entries(told(desk, ON))["E1"]
    assert [(line.id, line.reason) for line in entry.objections] == [
        ("E2", "In part: some stayed.")
    ]
    assert entries(told(desk, [("on", "2019-06-21"), ("place", "place-1")]))["E1"].objections == []


@pytest.mark.parametrize(
    ("date_", "age"),
    [
        ("2019-07-01", "that day"),
        ("2019-06-30", "1 day before"),
        ("2019-06-01", "1 month before"),
        ("2017-07-01", "24 months before"),
        ("2017-06-30", "2 years before"),
        ("2019-05", "2 months before"),
        ("2018", "up to 18 months before"),
        # Rounded up: "up to 17 months" would be too little.
        ("2018-01-15/2018-12", "less than 18 months before"),
        ("2009-09/2018", "less than 10 years before"),
        ("2009-07/2018", "up to 10 years before"),
        ("2017-06-15/2018", "less than 3 years before"),
    ],
)
def test_age_in_words(desk: Session, date_: str, age: str) -> None:
    reported = [make_citation(said="2019-07-01")]
    event = make_event(stages=[make_stage("enforced", date_)], citations=reported)
    publish_all(desk, *a_small_world(), event)
    assert entries(told(desk, ON))["E1"].main.age == age


def test_two_reports_of_same_day_are_both_shown(desk: Session) -> None:
    limit = make_event(
        stages=[
            make_stage("enforced", "2019-06-01", "C1"),
            make_stage("enforced", "2019-06-01", "C2"),
        ],
        citations=[make_citation(1), make_citation(2, 2, paraphrase="Another saw it.")],
    )
    publish_all(desk, *a_small_world(), limit)
    proofs = entries(told(desk, ON))["E1"].evidence
    assert [proof.says for proof in proofs] == ["It happened.", "Another saw it."]


def test_measure_of_other_or_pictured_place_is_not_listed(desk: Session) -> None:
    """A measure whose larger place is only pictured is not listed either."""

    def limit(number: int, *places: Any) -> Any:
        return make_event(
            number, stages=[make_stage("in-force", "2019-06-01", f"C{number}")], terms=places
        )

    publish_all(
        desk,
        *a_small_world(),
        make_place(4, parent="province-2"),
        limit(1, make_term(code="place-4")),
        limit(2, make_term(code="place-4"), make_term(code="place-1", role="shown-only")),
        limit(3, make_term(code="place-4"), make_term(code="province-2", role="shown-only")),
        limit(4, make_term(code="province-2")),
        limit(5, make_term(code="place-1")),
    )
    found = entries(told(desk, ON))
    assert found.keys() == {"E4", "E5"}
    assert (
        found["E4"].covers == "in Province-2, no more precise place given"
        and not found["E5"].covers
    )
    # A province's status holds what lies inside it, as everywhere.
    inside = entries(told(desk, [("on", "2019-07-01"), ("place", "province-2")]))
    assert set(inside) == {"E1", "E2", "E3", "E4", "E5"}
    assert not any(entry.covers for entry in inside.values())


def test_entry_names_the_place_asked_for_first_and_counts_those_left_out(desk: Session) -> None:
    places = [make_place(number, parent="province-2") for number in range(11, 16)]
    limit = make_event(
        stages=[make_stage("in-force", "2019-06-01")],
        terms=[make_term(code=place.code) for place in places],
    )
    publish_all(desk, *a_small_world(), *places, limit)
    found = entries(told(desk, [("on", "2019-07-01"), ("place", "place-15")]))["E1"]
    assert [place.label for place in found.places] == ["Place-15", "Place-11", "Place-12"]
    assert found.more_places == "and 2 more places"


def test_movement_to_the_world_is_no_rule_of_every_place(desk: Session) -> None:
    """A region's ban is found in its members; “to the world” of one country is not."""

    def ban(number: int, *terms: Any) -> Any:
        stages = [make_stage("in-force", "2019-06-01", f"C{number}")]
        return make_event(number, stages=stages, terms=[*terms])

    publish_all(
        desk,
        *a_small_world(),
        make_place(4, "world", kind="world"),
        make_place(5, "gulf-states", kind="region", parent="world"),
        make_place(6, "kuwait", kind="country", parent="world", regions=["gulf-states"]),
        make_place(7, "myanmar", kind="country", parent="world"),
        ban(1, make_term(code="myanmar", role="from"), make_term(code="world", role="to")),
        ban(2, make_term(code="myanmar", role="from"), make_term(code="gulf-states", role="to")),
        ban(3, make_term(code="world")),
    )

    def listed(place: str) -> dict[str, str]:
        found = entries(told(desk, [("on", "2019-07-01"), ("place", place)]))
        return {id: entry.covers for id, entry in found.items()}

    assert listed("kuwait") == {
        "E2": "to Gulf-states, no more precise place given",
        "E3": "worldwide",
    }
    assert listed("myanmar") == {"E1": "", "E2": "", "E3": "worldwide"}


def test_law_for_a_larger_place_holds_for_it(desk: Session) -> None:
    """A law says where it holds; of other measures only the larger place may be known."""
    type_ = make_code("a-decree", is_law=True)
    law = make_event(
        type="a-decree",
        stages=[make_stage("in-force", "2019-06-01")],
        terms=[make_term(code="province-2")],
    )
    publish_all(desk, *a_small_world(), make_place(4, parent="province-2"), type_, law)
    found = entries(told(desk, [("on", "2019-07-01"), ("place", "place-4")]))
    assert found["E1"].covers == "for Province-2"


def test_entry_shows_other_track(desk: Session) -> None:
    history = [("announced", "2019-04"), ("in-force", "2019-05-01"), ("not-enforced", "2019-06-01")]
    publish_all(
        desk, *a_small_world(), make_event(stages=[make_stage(step, day) for step, day in history])
    )
    entry = entries(told(desk, ON))["E1"]
    assert entry.main.step.code == "not-enforced"
    assert entry.other and entry.other.step.code == "in-force"
    assert entry.other.reported == "Reported for 1 May 2019 (report of 20 June 2019)"
    assert told(desk, ON).day == date(2019, 7, 1)
