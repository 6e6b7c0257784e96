"""The list of estimates: rows, headings, and equality of page, files and counts."""

import csv
import io
import re

import pytest
from starlette.testclient import TestClient

from tests.support.html import words


def figures_on(html: str) -> list[str]:
    return re.findall(r'<tr id="(M\d+)"', html)


def test_list_without_filter_has_all_estimates(client: TestClient) -> None:
    seen: list[str] = []
    address = "/estimates"
    while address:
        text = client.get(address).text
        seen += figures_on(text)
        following = re.search(r'href="(/estimates\?[^"]*after=[^"]+)" rel="next', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 152


@pytest.mark.parametrize(
    "query",
    [
        "place=hunchun",
        "counts=arrivals&nationality=kp",
        "place=russia&from=2018&to=2018",
        "conflict=conflicts",
        "papers_were=issued",
    ],
)
def test_page_and_files_have_same_estimates_in_order(client: TestClient, query: str) -> None:
    items = client.get(f"/estimates.json?{query}&limit=1000").json()
    table = csv.DictReader(
        io.StringIO(client.get(f"/estimates.csv?{query}").content.decode("utf-8-sig"))
    )
    ids = [item["id"] for item in items["items"]]
    assert figures_on(client.get(f"/estimates?{query}").text) == ids == [row["id"] for row in table]
    assert len(ids) == items["total"] > 0


def test_row_shows_value_population_place_time_and_speaker(client: TestClient) -> None:
    text = client.get("/estimates?place=hunchun").text
    line = words(text[text.index('id="M5"') :].split("</tr>")[0])
    for said in (
        "About 3,000",
        "Arrivals",
        "Hunchun",
        "January to March 2025",
        "via Yomiuri Shimbun",
        "KBS World",
    ):
        assert said in line, said


def test_estimates_are_grouped_by_first_year(client: TestClient) -> None:
    text = client.get("/estimates?place=hunchun&sort=as-of").text
    headings = re.findall(r'scope="rowgroup">([^<]*?) <', text)
    assert headings == ["2019", "2024", "2025"]


def test_list_not_sorted_by_date_has_no_years(client: TestClient) -> None:
    assert 'scope="rowgroup"' not in client.get("/estimates?place=hunchun&sort=added").text


def test_disputing_source_is_not_shown_as_speaker(client: TestClient) -> None:
    """S107 supports M84, S177 of a newspaper disputes it."""
    text = client.get("/estimates?place=russia&counts=crossings").text
    line = text[text.index('id="M84"') :].split("</tr>")[0]
    assert "Euromaidan Press" in words(line) and "S107" not in line
    assert "S177" not in line and "Vedomosti" not in words(line)
    assert "Disputed: number" in words(line)


def test_conflicting_estimates_link_to_each_other(client: TestClient) -> None:
    text = client.get("/estimates?place=russia&conflict=conflicts&conflict=differs").text
    for figure, rival, mark in [
        ("M84", "M141", "In conflict with"),
        ("M85", "M141", "Conflicts, in the editors’ judgement, with"),
        ("M66", "M69", "Differs from"),
    ]:
        line = text[text.index(f'id="{figure}"') :].split("</tr>")[0]
        assert mark in words(line) and f'href="/estimates/{rival}"' in line
        assert ("In conflict with" in words(line)) == (mark == "In conflict with")


def test_counts_in_sentence_match_linked_lists(client: TestClient) -> None:
    text = client.get("/estimates?place=russia").text
    sentence = text[text.index('class="sentence"') :].split("</p>")[0]
    links = re.findall(r'href="(/estimates\?[^"]+)"[^>]*>([\d,]+)<', sentence)
    assert len(links) == 2
    for address, count in links:
        path, _, query = address.replace("&amp;", "&").partition("?")
        assert client.get(f"{path}.json?{query}").json()["total"] == int(count), address


def test_level_filter_separates_province_from_its_cities(client: TestClient) -> None:
    """`level` separates an estimate for Jilin from estimates for places within it."""
    whole = set(figures_on(client.get("/estimates?place=jilin").text))
    province = set(figures_on(client.get("/estimates?place=jilin&level=province").text))
    assert province < whole and "M1" in whole - province


def test_empty_list_suggests_wider_filters(client: TestClient) -> None:
    text = words(client.get("/estimates?place=hunchun&counts=money").text)
    assert "0 estimates" in text and "Remove one filter" in text and "Remove measures" in text
