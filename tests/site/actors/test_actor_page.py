"""The page of an actor: who names it, in which part, and what search engines may list."""

import re

import pytest
from starlette.testclient import TestClient

from tests.support.html import words


def section(html: str, heading: str) -> str:
    """Return the words of a section of a page, from its heading to the next one."""
    return words(re.split(r"<h2", html.split(f'id="{heading}"', 1)[1])[0])


def test_company_page_names_speakers_of_its_citations_only(client: TestClient) -> None:
    said = section(client.get("/actors/rixin-foods").text, "who")
    assert "US Customs and Border Protection" in said
    assert "The Epoch Times" not in said, "its citation does not name the firm"


def test_speaker_of_another_citation_is_not_named_for_the_actor(client: TestClient) -> None:
    """At E41 only C111 says that Chinese customs take part."""
    said = section(client.get("/actors/chinese-customs").text, "who")
    assert "One of the sources in China" in said and "several sources" not in said


@pytest.mark.parametrize(
    ("code", "is_open"),
    [("rixin-foods", False), ("government-of-china", True)],
)
def test_only_companies_are_closed_to_search_engines(
    client: TestClient, code: str, is_open: bool
) -> None:
    page = client.get(f"/actors/{code}")
    assert ('name="robots" content="noindex"' not in page.text) is is_open
    assert ("noindex" not in page.headers.get("x-robots-tag", "")) is is_open


def test_actor_without_bodies_below_says_nothing_of_them(client: TestClient) -> None:
    assert "Bodies under it" not in words(client.get("/actors/rixin-foods").text)
    assert "Bodies under it are included." in words(client.get("/actors/government-of-china").text)
