"""The page of an actor: in which part it is named, and what search engines may list."""

import re
from typing import Any

from starlette.testclient import TestClient

from tests.make import make_actor, make_event, make_term
from tests.support.event_pages import module_site
from tests.support.html import words

LEI = "5493001KJTIIGC8Y1R12"
FIRM: dict[str, Any] = {"kind": "company", "lei": LEI}


NAMED = make_term("actor", "actor-1", printed="A firm", citation="C1")
BODY = make_term("actor", "actor-3", printed="Customs", citation="C1")
made = module_site(
    make_actor(1, **FIRM, reply="We deny it.", reply_on="2024-05", note="MARKER"),
    make_actor(2, **FIRM),
    make_actor(3),
    make_event(1, terms=[make_term(), NAMED, BODY]),
)
"""Firms 1 and 2, and a body."""


def test_only_companies_are_closed_to_search_engines(made: TestClient) -> None:
    for number, is_open in ((1, False), (2, False), (3, True)):
        page = made.get(f"/actors/actor-{number}")
        assert ('name="robots" content="noindex"' not in page.text) is is_open, number
        assert ("noindex" not in page.headers.get("x-robots-tag", "")) is is_open, number
    sitemap = made.get("/sitemap.xml").text
    assert "/actors/actor-3<" in sitemap and "/actors/actor-1<" not in sitemap
    file = made.get("/actors/actor-1.json")
    assert file.headers["x-robots-tag"] == "noindex"
    html = made.get("/actors/actor-1").text
    for part in ("We deny it.", "May 2024", f"LEI {LEI}"):
        assert part in words(html), part
    assert "MARKER" not in html + file.text
    assert "Reply We know of no reply." in words(made.get("/actors/actor-2").text)
    assert made.get("/actors/a1").headers["location"].endswith("/actors/actor-1")


def test_page_says_which_bodies_are_included(client: TestClient, made: TestClient) -> None:
    assert "Bodies under it" not in words(made.get("/actors/actor-1").text)
    assert "Bodies under it are included." in words(client.get("/actors/government-of-china").text)


# Lists, and the keys that find what names an actor ------------------------------------------------


CHINA = "government-of-china"


def ids(client: TestClient, address: str) -> set[str]:
    return {item["id"] for item in client.get(f"{address}&limit=1000").json()["items"]}


def test_page_keeps_the_wording_of_sources(client: TestClient) -> None:
    page = words(client.get(f"/actors/{CHINA}").text)
    assert "as “Chinese authorities”" in page
    assert re.search(r"Named in \d+ events , as reported: ordered \d+, .+, denied \d+\.", page)


def test_actor_is_found_with_its_bodies_and_by_its_part(client: TestClient) -> None:
    under = ids(client, "/events.json?actor=liaoning-provincial-government")
    named = ids(client, f"/events.json?actor={CHINA}")
    denied = ids(client, f"/events.json?actor_role=denies:{CHINA}")
    assert under and under < named and denied and denied < named
    page = client.get(f"/events?actor_role=denies:{CHINA}").text
    assert "Denied: Government of China" in words(page)


def test_unknown_actor_is_named_and_leads_to_a_search(client: TestClient) -> None:
    # Its key is titled “Part of”, which is not what is missing.
    shown = words(client.get("/actors?actor=nobody").text)
    assert "“Part of: nobody” is not in this edition" in shown
    response = client.get("/actors/goverment-of-china")
    assert response.status_code == 404 and "/search?q=goverment+of+china" in response.text
