"""The page of an actor: who names it, in which part, and what search engines may list."""

import re
from typing import Any

from starlette.testclient import TestClient

from tests.make import make_actor, make_citation, make_event, make_step, make_term
from tests.support.event_pages import module_site
from tests.support.html import words

LEI = "5493001KJTIIGC8Y1R12"
FIRM: dict[str, Any] = {"kind": "company", "lei": LEI}


NAMED = make_term("actor", "actor-1", printed="A firm", citation="C1")
BODY = make_term("actor", "actor-3", printed="Customs", citation="C2")
CITATIONS = [
    make_citation(1, chain=[make_step("government-statement", "Border Protection")]),
    make_citation(2, chain=[make_step("anonymous-source", "a trader")]),
    make_citation(3, 2, chain=[make_step("resident", "cooks", speakers_text="several")]),
]
made = module_site(
    make_actor(1, **FIRM, reply="We deny it.", reply_on="2024-05", note="MARKER"),
    make_actor(2, **FIRM),
    make_actor(3),
    make_event(1, terms=[make_term(), NAMED, BODY], citations=CITATIONS),
)
"""Firms 1 and 2, and a body that one of three citations names."""


def section(html: str, heading: str) -> str:
    """Return the words of a section of a page, from its heading to the next one."""
    return words(re.split(r"<h2", html.split(f'id="{heading}"', 1)[1])[0])


def test_page_names_speakers_of_its_citations_only(made: TestClient) -> None:
    said = section(made.get("/actors/actor-1").text, "who")
    assert "Border Protection" in said and "trader" not in said and "cooks" not in said.lower()
    said = section(made.get("/actors/actor-3").text, "who")
    assert "trader" in said and "cooks" not in said.lower() and "Border" not in said


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
