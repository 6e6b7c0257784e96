"""The pages of actors, their list, and the keys that find what names them."""

import re

from starlette.testclient import TestClient

from tests.support.html import words

CHINA = "government-of-china"


def ids(client: TestClient, address: str) -> set[str]:
    return {item["id"] for item in client.get(f"{address}&limit=1000").json()["items"]}


def test_page_keeps_the_wording_of_sources(client: TestClient) -> None:
    page = words(client.get(f"/actors/{CHINA}").text)
    assert "as “Chinese authorities”" in page
    assert re.search(r"Named in \d+ events , as reported: ordered \d+, .+, denied \d+\.", page)
    event = client.get("/events/E4").text
    assert (
        "Ordered by Government of China , host country, according to the sources “Chinese"
        in words(event)
    )


def test_actor_is_found_with_its_bodies_and_by_its_part(client: TestClient) -> None:
    under = ids(client, "/events.json?actor=liaoning-provincial-government")
    named = ids(client, f"/events.json?actor={CHINA}")
    denied = ids(client, f"/events.json?actor_role=denies:{CHINA}")
    assert under and under < named and denied and denied < named
    page = client.get(f"/events?actor_role=denies:{CHINA}").text
    assert "Denied: Government of China" in words(page)


def test_list_finds_by_any_name_and_kind(client: TestClient) -> None:
    page = words(client.get("/actors?q=중국 정부").text)
    assert "Government of China" in page and "Security Council" not in page
    page = client.get("/actors?kind=international-body").text
    assert 'href="/actors/united-nations"' in page and f'href="/actors/{CHINA}"' not in page
    # Its key is titled “Part of”, which is not what is missing.
    shown = words(client.get("/actors?actor=nobody").text)
    assert "“Part of: nobody” is not in this edition" in shown
    response = client.get("/actors/goverment-of-china")
    assert response.status_code == 404 and f"/actors/{CHINA}" in response.text
