"""The page of what applies where: its form, its answer, its groups, and its files."""

import re
from html import unescape
from typing import Any

from starlette.testclient import TestClient

from app.settings import Settings
from tests.make import make_code, make_event, make_stage, make_term
from tests.support.event_pages import published_as
from tests.support.html import words

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
    assert '<a href="/status?place=dandong" rel="nofollow">Dandong</a>' in page
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
