"""What a list says about the words of its search field."""

from typing import Any

import pytest
from starlette.testclient import TestClient


def results(client: TestClient, address: str) -> str:
    return client.get(address).text.partition('id="results"')[2].partition("</main>")[0]


@pytest.mark.parametrize("page", ["/events", "/estimates", "/sources"])
def test_list_tells_what_its_words_find_there(client: TestClient, page: str) -> None:
    html = results(client, f"{page}?q=seafood")
    folded = html.partition('<details class="more">')[2].partition("</details>")[0]
    assert "Also searched: equivalents of seafood" in folded and "수산물" in folded
    assert f'href="{page}?q=%22seafood%22"' in html and "Search these exact words" in html
    html = results(client, f"{page}?q=zzyzx+Dandong")
    assert "“zzyzx” has no results in this list" in html and "“Dandong” finds:" in html
    assert f'href="{page}?q=Dandong"' in html
    assert 'href="/search?q=zzyzx+Dandong"' in html and 'href="/tell"' in html
    assert "on record" not in html.partition('class="search-exact"')[0]
    assert "has no record that matches these filters" not in html


def test_empty_list_offers_nearest_words_with_the_same_filter(client: TestClient) -> None:
    html = results(client, "/events?q=resturants&place=dandong")
    assert 'href="/events?q=restaurants&amp;place=dandong"' in html


def test_word_is_counted_under_the_other_filters(client: TestClient) -> None:
    html = results(client, "/events?q=zzyzx+seafood&place=kuwait")
    assert html.count("has no results in this list with these filters") == 2
    listed = results(client, "/events?q=seafood&place=kuwait")
    assert "has no results in this list with these filters" in listed


@pytest.mark.parametrize("path", ["/events.json", "/api/v1/events", "/api/v1/sources"])
def test_json_of_a_list_carries_the_hints_of_its_page(client: TestClient, path: str) -> None:
    def answer(query: str) -> Any:
        return client.get(f"{path}?q={query}").json()

    empty = answer("zzyzx resturants Dandong")
    assert (empty["total"], empty["hint"]) == (0, "")
    unknown, misspelled, place = empty["by_word"]
    assert (unknown["words"], unknown["total"]) == ("zzyzx", 0)
    assert (misspelled["total"], misspelled["nearest"][0]) == (0, "restaurants")
    assert place == {
        "words": "Dandong",
        "total": answer("Dandong")["total"],
        "nearest": [],
        "reason": "",
    }
    found = answer("seafood")
    assert found["by_word"] == [] and "수산물" in found["also"]["seafood"]
    assert "is in nearly every text" in answer("of the")["hint"]
