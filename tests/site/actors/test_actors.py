"""The pages of actors, their list, and the keys that find what names them."""

import html
import re

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_actor, make_event, make_term, publish_all


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def ids(client: TestClient, address: str) -> list[str]:
    return [item["id"] for item in client.get(address).json()["items"]]


def test_page_keeps_the_wording_of_sources(client: TestClient) -> None:
    page = words(client.get("/actors/government-of-china").text)
    assert "Names used by sources" in page and "Chinese authorities 14 entries" in page
    assert "as “Chinese authorities”" in page


def test_event_prints_the_wording_with_a_link_to_the_actor(client: TestClient) -> None:
    page = client.get("/events/E4").text
    assert re.search(r'<a href="/actors/government-of-china">\s*Chinese authorities\s*</a>', page)


def test_body_is_found_under_the_one_above_it(client: TestClient) -> None:
    under = ids(client, "/events.json?actor=ministry-of-commerce-of-china&limit=1000")
    above = ids(client, "/events.json?actor=government-of-china&limit=1000")
    assert under and set(under) < set(above)


def test_part_of_an_actor_narrows_what_it_is_named_in(client: TestClient) -> None:
    named = set(ids(client, "/events.json?actor=government-of-china&limit=1000"))
    denied = set(ids(client, "/events.json?actor_role=denies:government-of-china&limit=1000"))
    assert denied and denied < named
    page = client.get("/events?actor_role=denies:government-of-china").text
    assert "Denied: Government of China" in html.unescape(page)


@pytest.mark.parametrize("page", ["/sources", "/changes", "/events"])
@pytest.mark.parametrize("query", ["actor=government-of-china", "law=unscr-2397"])
def test_every_list_has_the_keys(client: TestClient, page: str, query: str) -> None:
    everything = client.get(f"{page}.json").json()["total"]
    assert 0 < client.get(f"{page}.json?{query}").json()["total"] < everything


def test_company_is_closed_to_search_engines_and_says_who_names_it(client: TestClient) -> None:
    response = client.get("/actors/rixin-foods")
    assert response.headers["x-robots-tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text
    page = words(response.text)
    assert "Sources" in page and "US Customs and Border Protection" in page
    assert "Reply We know of no reply." in page
    assert client.get("/actors/rixin-foods.json").headers["x-robots-tag"] == "noindex"
    assert "x-robots-tag" not in client.get("/actors/government-of-china").headers


def test_company_is_open_once_an_editor_allows_it(database: Settings) -> None:
    firm = {"kind": "company", "reply": "We deny it.", "reply_on": "2024-05", "lei": LEI}
    with desk_session(database) as db:
        publish_all(
            db,
            *a_small_world(),
            make_actor(1, **firm, note="MARKER"),
            make_actor(2, **firm, indexable=True),
            make_event(1, terms=[make_term(), make_term("actor", "actor-1", printed="A firm")]),
        )
    with TestClient(create_app(database)) as client:
        closed, opened = (client.get(f"/actors/actor-{number}") for number in (1, 2))
        assert "x-robots-tag" in closed.headers and "x-robots-tag" not in opened.headers
        page = words(closed.text)
        assert "We deny it." in page and "May 2024" in page and f"LEI {LEI}" in page
        assert "MARKER" not in closed.text + client.get("/actors/actor-1.json").text
        assert (
            client.get("/actors/a1", follow_redirects=False)
            .headers["location"]
            .endswith("/actors/actor-1")
        )


LEI = "5493001KJTIIGC8Y1R12"


def test_list_counts_and_finds_by_any_name(client: TestClient) -> None:
    page = words(client.get("/actors?q=중국 정부").text)
    assert "Government of China" in page and "FIFA" not in page
    page = words(client.get("/actors?kind=company").text)
    assert "Rixin Foods" in page and "Chinese customs" not in page


def test_unknown_actor_suggests_one_with_a_similar_name(client: TestClient) -> None:
    response = client.get("/actors/goverment-of-china")
    assert response.status_code == 404 and "/actors/government-of-china" in response.text


def test_api_lists_actors_and_one_of_them(client: TestClient) -> None:
    listed = client.get("/api/v1/actors?kind=international-body").json()["items"]
    assert {item["code"] for item in listed} >= {"united-nations", "un-security-council"}
    one = client.get("/api/v1/actors/un-security-council").json()
    assert (one["schema"], one["parent"]) == ("Organization", "united-nations")


def test_card_of_a_list_says_which_part_an_actor_has(client: TestClient) -> None:
    page = client.get("/events?actor=government-of-china").text
    card = page.partition('<article class="ev" id="E4">')[2].partition("</article>")[0]
    assert "As reported: ordered by Government of China (“Chinese authorities”)" in words(card)


@pytest.mark.parametrize("page", ["/events", "/estimates", "/sources", "/changes", "/status"])
@pytest.mark.parametrize("noun", ["actor", "law"])
def test_code_of_no_actor_or_law_has_a_notice_and_an_error_in_files(
    client: TestClient, page: str, noun: str
) -> None:
    shown = words(client.get(f"{page}?{noun}=nobody").text)
    assert f"“{noun.title()}: nobody” is not in this edition, so nothing matches." in shown
    answer = client.get(f"{page}.json?{noun}=nobody")
    assert answer.status_code == 422 and answer.json()["errors"][0]["key"] == noun


def test_list_of_actors_says_that_there_is_no_such_actor(client: TestClient) -> None:
    """Its key is titled “Part of”, which is not what is missing."""
    shown = words(client.get("/actors?actor=nobody").text)
    assert "“Part of: nobody” is not in this edition" in shown
