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


def test_estimates_are_found_by_who_says_or_denies_them(client: TestClient) -> None:
    said = ids(client, "actor=government-of-china")
    assert {"M46", "M47", "M36"} <= said
    assert "M36" not in ids(client, "actor_role=says:government-of-china")
    assert ids(client, "actor_role=denies:government-of-china") == {"M36", "M37"}
    # What a body says, the actor above it says too.
    for code in ("ministry-of-internal-affairs-of-russia", "government-of-russia"):
        assert "M79" in ids(client, f"actor={code}"), code
    listed = client.get("/actors?q=Government of China").text
    assert 'href="/estimates?actor=government-of-china"' in listed
