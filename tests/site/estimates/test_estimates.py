"""The list of estimates: rows, headings, and equality of page, files and counts."""

import re

from starlette.testclient import TestClient

from tests.support.html import words


def ids(client: TestClient, query: str) -> set[str]:
    return {row["id"] for row in client.get(f"/estimates.json?{query}").json()["items"]}


def row_of(html: str, id: str) -> str:
    return html[html.index(f'id="{id}"') :].partition("</tr>")[0]


def test_row_shows_value_population_place_time_and_speaker(client: TestClient) -> None:
    text = client.get("/estimates?place=hunchun&sort=as-of").text
    line = words(row_of(text, "M5"))
    for said in (
        *("About 3,000", "Arrivals", "Hunchun", "January to March 2025", "via Yomiuri Shimbun"),
        "KBS World",
    ):
        assert said in line, said
    # They are grouped by their first year, unless they are not sorted by date.
    headings = re.findall(r'scope="rowgroup">([^<]*?) <', text)
    assert headings == ["2019", "2024", "2025"]
    assert 'scope="rowgroup"' not in client.get("/estimates?place=hunchun&sort=added").text


def test_conflicting_estimates_link_to_each_other(client: TestClient) -> None:
    text = client.get("/estimates?place=russia&conflict=conflicts&conflict=differs").text
    for figure, rival, mark in [("M84", "M141", "In conflict with"), ("M66", "M69", "Differs")]:
        line = row_of(text, figure)
        assert mark in words(line) and f'href="/estimates/{rival}"' in line
        assert ("In conflict with" in words(line)) == (mark == "In conflict with")
    # S107 supports M84, S177 of a newspaper disputes it, and is not shown as its speaker.
    line = row_of(text, "M84")
    assert "Euromaidan Press" in words(line) and "S107" not in line
    assert "S177" not in line and "Vedomosti" not in words(line)
    assert "Disputed: the number" in words(line)


def test_level_filter_separates_country_from_its_cities(client: TestClient) -> None:
    """`level` separates an estimate for China from estimates for places within it."""
    whole, own = ids(client, "place=china"), ids(client, "place=china&level=country")
    assert own < whole and "M1" in whole - own and "M46" in own


def test_estimates_are_found_by_who_says_or_denies_them(client: TestClient) -> None:
    said = ids(client, "actor=government-of-china")
    assert {"M46", "M47", "M36"} <= said
    assert "M36" not in ids(client, "actor_role=says:government-of-china")
    assert ids(client, "actor_role=denies:government-of-china") == {"M36", "M37"}
    # What a body says, the actor above it says too.
    for code in ("ministry-of-internal-affairs-of-russia", "government-of-russia"):
        assert "M79" in ids(client, f"actor={code}"), code
    assert 'href="/actors/government-of-china"' in client.get("/estimates/M46").text
    listed = client.get("/actors?q=Government of China").text
    assert 'href="/estimates?actor=government-of-china"' in listed
