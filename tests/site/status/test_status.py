"""The status page: certain and possible stages of measures, with evidence."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.record.editions import select_edition
from app.record.filters import StatusFilters
from app.record.names.directory import read_directory
from app.record.publishing.purge import purge
from app.site.status.entries import MeasureEntry
from app.site.status.page import StatusPage, status
from tests.make import (
    a_small_world,
    make_citation,
    make_event,
    make_link,
    make_place,
    make_stage,
    make_term,
    publish_all,
)

DANDONG = "/status?on=2019-12-22&place=dandong"


def words(client: TestClient, address: str) -> str:
    """Return the text of the page, without tags and repeated spaces."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_page_counts_in_force_enforced_and_planned(client: TestClient) -> None:
    told = words(client, DANDONG)
    assert "On 22 December 2019 in Dandong , for certain: 4 in force , 5 announced" in told
    assert "UN Security Council orders repatriation of workers within 24 months" in told
    assert "Dandong restaurant staff reported sent home just before the deadline" in told
    assert "2 only planned" in told


def test_plan_after_its_day_is_still_planned(client: TestClient) -> None:
    told = words(client, DANDONG)
    assert "Planned for May or June 2019; that has passed. Planned, not confirmed." in told
    assert "Planned for December 2019; not confirmed." in told
    assert "Planned for December 2019; that has passed." in words(
        client, "/status?on=2020-01-01&place=dandong"
    )


def test_certain_and_possible_are_listed_separately(client: TestClient) -> None:
    stood = client.get("/status.json?on=2019-12-22&place=dandong").json()["items"]
    limits = {
        (item["step"], item["reading"])
        for item in stood
        if item["id"] == "E1" and item["track"] == "law"
    }
    assert limits == {("announced", "certain"), ("in-force", "possible")}
    told = words(client, DANDONG)
    assert "Possibly already: In force" in told
    assert "The source puts it with reserve. For certain only: Announced" in told
    assert "hedged: “seem to be”" in told


def test_step_shows_speaker_and_links_to_citation(client: TestClient) -> None:
    page = client.get(DANDONG).text
    proofs = set(re.findall(r'href="(/events/E\d+)#(C\d+)"', page))
    assert ("/events/E44", "C117") in proofs
    # The enforcement of the resolution has a citation of another event.
    assert ("/events/E45", "C119") in proofs
    for address, citation in proofs:
        assert f'id="{citation}"' in client.get(address).text, (address, citation)


def test_measure_of_larger_place_is_listed_and_marked(client: TestClient) -> None:
    told = words(client, DANDONG)
    assert (
        "What was ruled for a larger place holds here too and is shown, marked as such: Liaoning"
        in told
    )
    assert "for China as a whole" in told and "worldwide" in told
    by_id = {
        item["id"]: item["covers"]
        for item in client.get("/status.json?on=2019-12-22&place=dandong").json()["items"]
    }
    assert by_id["E5"] == "for China as a whole" and by_id["E25"] == "for Liaoning as a whole"
    assert by_id["E105"] == "from China as a whole"
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
            "“place=Atlantis City” is left out: it is the name of no place on record.",
        ),
        ("place=atlantis", "“place=atlantis” is left out"),
        ("on=2019-13-01", "“on=2019-13-01” is left out"),
        ("on=2019-12", "it is not a single day; write one as 2019-12-22"),
        ("on=2019-12-22%7E", "is left out"),
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


def test_page_and_json_have_same_measures(client: TestClient) -> None:
    items = client.get("/status.json?on=2019-12-22&place=dandong").json()["items"]
    page = client.get(DANDONG).text
    assert len(re.findall(r'<article class="stood', page)) == len(items)
    assert len(re.findall(r'<article class="stood is-possible', page)) == len(
        [item for item in items if item["reading"] == "possible"]
    )


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
    assert f"Within 30 days of that day the record has {told['count']} events" in words(
        client, "/status?on=2019-12-22&place=china"
    )


def test_day_without_measures_says_nothing(client: TestClient) -> None:
    told = words(client, "/status?on=1990-01-01&place=dandong")
    assert "nothing on record had been planned, announced, put in force or enforced" in told
    assert "Next change: about" not in told and "Next change: 1 May 2012" in told


def test_step_without_date_is_listed_separately(client: TestClient) -> None:
    assert "Steps whose day is not known" in words(
        client, "/status?on=2020-01-01&place=saratov-obl"
    )


def test_first_and_last_day_have_no_further_links(client: TestClient) -> None:
    assert "A day earlier" not in words(client, "/status?on=1800-01-01")
    assert "A day later" not in words(client, "/status?on=2200-12-31")


def test_day_after_edition_has_notice(client: TestClient) -> None:
    assert "what was reported after that is not in it" in words(client, "/status?on=2150-01-01")


# A record made for it -----------------------------------------------------------------------------


def told(db: Session, query: list[tuple[str, str]]) -> StatusPage:
    edition = select_edition(db)
    filters, dropped = StatusFilters.from_pairs(query)
    return status(db, edition, (filters, dropped), read_directory(db, edition))


def entries(page: StatusPage) -> dict[tuple[str, str], MeasureEntry]:
    return {
        (entry.id, group.step.code): entry
        for track in page.tracks
        for group in track.groups
        for entry in (*group.certain, *group.possible)
    }


ON = [("on", "2019-07-01"), ("place", "place-1")]


@pytest.mark.parametrize(
    ("citation", "stage", "reason"),
    [
        ({}, {"date": "2019-06/2019-08"}, "It may have been reached only after that day."),
        ({"certainty": "hedged"}, {}, "The source puts it with reserve."),
        ({"stance": "mentions"}, {}, "The source does not vouch for it."),
    ],
)
def test_possible_step_shows_reason(
    desk: Session, citation: dict[str, Any], stage: dict[str, str], reason: str
) -> None:
    limit = make_event(
        stages=[make_stage("in-force", stage.get("date", "2019-06-01"))],
        citations=[make_citation(**citation)],
    )
    publish_all(desk, *a_small_world(), limit)
    assert entries(told(desk, ON))["E1", "in-force"].reason == reason


def test_step_with_retracted_citation_is_possible(desk: Session) -> None:
    back = make_citation(2, 1, stance="withdraws", about="C1")
    limit = make_event(
        stages=[make_stage("in-force", "2019-06-01")], citations=[make_citation(1), back]
    )
    publish_all(desk, *a_small_world(), limit)
    assert entries(told(desk, ON))["E1", "in-force"].reason == "The source took it back later."


def test_step_cited_in_purged_event_says_citation_is_gone(
    desk: Session,
) -> None:
    limit = make_event(
        stages=[make_stage("enforced", "2019-06-01", "C2")], links=[make_link("E2", "follows")]
    )
    publish_all(desk, *a_small_world(), limit, make_event(2, type="repatriation"))
    purge(desk, "E2")
    entry = entries(told(desk, ON))["E1", "enforced"]
    assert entry.reason == "What it rested on can no longer be seen."
    assert entry.evidence[0].address == ""


def test_two_reports_of_same_day_are_both_shown(desk: Session) -> None:
    limit = make_event(
        stages=[
            make_stage("enforced", "2019-06-01", "C1"),
            make_stage("enforced", "2019-06-01", "C2"),
        ],
        citations=[make_citation(1), make_citation(2, 2, paraphrase="Another saw it.")],
    )
    publish_all(desk, *a_small_world(), limit)
    proofs = entries(told(desk, ON))["E1", "enforced"].evidence
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
    assert found.keys() == {("E4", "in-force"), ("E5", "in-force")}
    assert (
        found["E4", "in-force"].covers == "for Province-2 as a whole"
        and not found["E5", "in-force"].covers
    )
    # A province's status holds what lies inside it, as everywhere.
    inside = entries(told(desk, [("on", "2019-07-01"), ("place", "province-2")]))
    assert {id for id, _ in inside} == {"E1", "E2", "E3", "E4", "E5"}
    assert not any(entry.covers for entry in inside.values())


def test_entry_shows_other_track_and_earlier_steps(desk: Session) -> None:
    history = [("announced", "2019-04"), ("in-force", "2019-05-01"), ("not-enforced", "2019-06-01")]
    publish_all(
        desk, *a_small_world(), make_event(stages=[make_stage(step, day) for step, day in history])
    )
    entry = entries(told(desk, ON))["E1", "in-force"]
    assert [(mark.code, day) for mark, day in entry.earlier] == [("announced", "April 2019")]
    assert entry.across and entry.across.code == "not-enforced"
    assert told(desk, ON).day == date(2019, 7, 1)
