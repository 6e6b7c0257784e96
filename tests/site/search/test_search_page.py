"""The search over everything: groups, cards, hits and the JSON."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient


def found(client: TestClient, query: str, **more: str) -> Any:
    response = client.get("/search.json", params={"q": query, **more})
    assert response.status_code == 200
    return response.json()


def ids(client: TestClient, query: str, kind: str = "") -> list[str]:
    return [hit["id"] for hit in found(client, query)["best"] if kind in ("", hit["kind"])]


def test_place_gets_a_card_with_estimate_events_and_rules(client: TestClient) -> None:
    page = client.get("/search?q=Hunchun").text
    card = page.partition('<article class="card')[2].partition("</article>")[0]
    assert 'href="/cities/hunchun"' in card and "about 6,000" in card
    assert 'href="/events?place=hunchun"' in card and 'href="/status?place=hunchun"' in card
    assert "Latest estimate for the whole place" in card and "Rules" in card


def test_city_without_events_gets_a_card(client: TestClient) -> None:
    page = client.get("/search?q=Khabarovsk").text
    assert 'href="/events?place=khabarovsk"' in page and "0 events" in page


def test_outlet_gets_a_card(client: TestClient) -> None:
    page = client.get("/search?q=Daily NK").text
    assert "Outlet" in page and 'href="/outlets/daily-nk"' in page


def test_results_are_grouped_and_lead_to_filtered_lists(client: TestClient) -> None:
    page = client.get("/search?q=Hunchun").text
    kinds = found(client, "Hunchun")["kinds"]
    assert kinds["events"]["total"] and f"Events {kinds['events']['total']}" in page
    assert 'href="/events?q=Hunchun"' in page
    assert '<span class="none">Outlets 0</span>' in page
    listed = client.get("/events.json?q=Hunchun").json()
    assert listed["total"] == kinds["events"]["total"]


def test_each_hit_says_why_it_was_found(client: TestClient) -> None:
    assert all(hit["why"] for hit in found(client, "Hunchun textile")["best"])
    assert all(hit["why"] for hit in found(client, "2397")["best"])


@pytest.mark.parametrize(
    ("query", "kind", "id"),
    [
        ("Dandong", "places", "dandong"),
        ("단둥", "places", "dandong"),
        ("Daily NK", "outlets", "daily-nk"),
        ("privacy", "help", "/privacy"),
        ("independent sources", "help", "/about#support"),
    ],
)
def test_search_finds_entries_by_name(client: TestClient, query: str, kind: str, id: str) -> None:
    assert id in ids(client, query, kind)


def test_search_is_never_stored(client: TestClient) -> None:
    for path in ("/search?q=x", "/search.json?q=x", "/search?q=%20x"):
        response = client.get(path, follow_redirects=False)
        assert response.headers["Cache-Control"] == "no-store"


def test_empty_search_shows_only_the_field(client: TestClient) -> None:
    page = client.get("/search").text
    assert re.search(r'name="q"[^>]*value=""', page) and 'class="hit"' not in page


def test_header_leads_to_the_search_from_every_page(client: TestClient) -> None:
    for path in ("/", "/events", "/events/E5", "/about"):
        assert 'class="find" role="search" action="/search"' in client.get(path).text


@pytest.mark.parametrize(
    "query", ['"', "-", "OR", "\\", "%", "'" * 50, "\u0345", "<x>", "a" * 2000]
)
def test_strange_queries_are_answered(client: TestClient, query: str) -> None:
    assert client.get("/search", params={"q": query}).status_code == 200
