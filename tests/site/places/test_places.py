"""The list of places, and the shape that every list of named records has."""

import re

import pytest
from starlette.testclient import TestClient

from app.site.named_lists import NamedList
from tests.support.html import first_match, words
from tests.support.lists import csv_rows, pages_from


def rows_of(html: str) -> list[str]:
    """Return the addresses of the rows, in order."""
    return re.findall(r'<th scope="row"[^>]*>\s*<a href="([^"]+)"', html)


def row_of(html: str, address: str) -> str:
    table = html.partition("<tbody>")[2]
    return table.partition(f'<a href="{address}"')[2].partition("</tr>")[0]


def test_most_used_place_is_first(client: TestClient) -> None:
    html = client.get("/places").text
    assert {"/places/world", "/places/china", "/cities/dandong"} <= {*rows_of(html)[:10]}
    html = client.get("/outlets").text
    answer = r"The record has \d+ outlets. The most used is Daily NK , with \d+ sources."
    assert re.search(answer, words(html))
    assert re.search(r"\d+ outlets found.", words(client.get("/outlets?kind=agency").text))
    assert rows_of(html)[0] == "/outlets/daily-nk"
    row = row_of(html, "/outlets/daily-nk")
    assert 'href="/sources?outlet=daily-nk"' in row and "South Korea" in words(row)


def test_record_is_found_by_part_of_a_name_and_by_filter(client: TestClient) -> None:
    for listed, has, lacks in [
        ("/places?q=%EB%8B%A8%EB%91%A5", "/cities/dandong", "/cities/hunchun"),
        ("/places?q=dand", "/cities/dandong", "/cities/hunchun"),
        ("/places?q=far+russian", "/places/ru-far-east", "/cities/hunchun"),
        ("/places?q=chin&level=country", "/places/china", "/cities/hunchun"),
        ("/places?q=hun&place=jilin", "/cities/hunchun", "/cities/dandong"),
        ("/outlets?kind=agency", "/outlets/reuters", "/outlets/daily-nk"),
        ("/outlets?lang=ko", "/outlets/daily-nk", "/outlets/reuters"),
    ]:
        found = rows_of(client.get(listed).text)
        assert has in found and lacks not in found, listed


def test_files_have_all_rows_of_the_list_in_its_order(client: TestClient) -> None:
    for path, query in [
        ("/places", "q=hun&place=jilin"),
        ("/outlets", "kind=agency&after=100"),
        ("/actors", ""),
        ("/laws", "sort=name&edition=1"),
    ]:
        found = client.get(f"{path}.json?{query}").json()
        table = csv_rows(client, f"{path}.csv?{query}")
        codes = [item["code"] for item in found["items"]]
        assert [row["code"] for row in table] == codes and found["total"] == len(codes) > 0
        page = client.get(f"{path}?{query.replace('&after=100', '')}").text
        assert codes == [address.rpartition("/")[2] for address in rows_of(page)], path
        assert found["items"][0]["names"] and f'href="{path}.csv' in page
        assert found["permalink"].removeprefix("http://testserver").startswith(path)
    assert client.get("/laws.json?colour=red").status_code == 422


def test_list_without_a_match_says_so_and_leads_back(client: TestClient) -> None:
    text = client.get("/places?q=atlantis").text
    assert rows_of(text) == [] and "No names in this list match “atlantis”." in words(text)
    assert 'href="/places"' in text.partition("<main")[2]


def test_pages_of_a_long_list_have_each_row_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows_of(client.get("/places?sort=name").text)
    monkeypatch.setattr(NamedList, "rows_per_page", 10)
    pages = pages_from(client, "/places?sort=name&edition=1")
    found = [address for html in pages for address in rows_of(html)]
    assert found == whole and len(whole) > 20


def test_menu_marks_the_part_of_the_site_that_crumbs_begin_with(client: TestClient) -> None:
    for page, current, first in [
        ("/events/E5", "Events", "Events"),
        ("/estimates/M84", "Places", "Estimates"),
        ("/cities/dandong", "Places", "Places"),
        ("/outlets/daily-nk", "Sources", "Sources"),
        ("/laws/unscr-2397", "", "Laws"),
    ]:
        html = client.get(page).text
        marked = re.findall(r'aria-current="page">([^<]+)<', html.partition("</header>")[0])
        assert marked == ([current] if current else []), page
        crumbs = re.search(r'class="crumbs".*?<a [^>]*>([^<]+)</a>', html, re.DOTALL)
        assert (crumbs[1] if crumbs else "") == first, page


def test_card_of_a_place_has_the_answer_of_its_page(client: TestClient) -> None:
    for place in ("cities/dandong", "places/jilin"):
        said = first_match('<p class="answer-lead">(.*?)</p>', client.get(f"/{place}").text)
        assert said in client.get(f"/search?q={place[7:]}").text, place
