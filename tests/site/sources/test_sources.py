"""The list of sources with its filters, and the page of one source."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.record.publishing.publish import Merge, publish
from app.settings import Settings
from app.site.presenters.source import host_of
from tests.conftest import desk_session
from tests.make import (
    make_citation,
    make_estimate,
    make_event,
    make_outlet,
    make_source,
    make_step,
    withdraw,
)
from tests.support.event_pages import module_site, published_as
from tests.support.html import words
from tests.support.lists import pages_from

MIRROR = "https://mirror.example/a?b=1&c=2"


PASSED_ON = [
    make_step("anonymous-source", "a trader", named="no"),
    make_step("other-outlet", outlet="outlet-2"),
]
CITATIONS = [
    make_citation(1),
    make_citation(2, stance="withdraws", about="C1", paraphrase="We were wrong."),
    make_citation(3, 4, chain=PASSED_ON),
    make_citation(4, 5),
    make_citation(5, 6, chain=[make_step("other-outlet", "some media")]),
]
COPY = {"host_kind": "mirror", "url": MIRROR, "extent": "full"}
UNREAD = [{"outlet": "outlet-3", "how": "relay"}]
made = module_site(
    make_outlet(3),
    make_source(3, published="", published_basis="unknown", language="", kind="other"),
    make_source(4, copies=[COPY]),
    make_source(5, derived_from=UNREAD),
    make_source(6, outlet="outlet-2"),
    make_event(1, citations=CITATIONS),
    make_estimate(1),
)


def listed(html: str) -> list[str]:
    return re.findall(r'<article class="ev" id="(S\d+)"', html)


# The list -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["-published", "published", "added", "changed"])
def test_pages_show_every_source_once(client: TestClient, sort: str) -> None:
    address = f"/sources?sort={sort}" if sort != "-published" else "/sources"
    pages = list(pages_from(client, address))
    seen = [id for html in pages for id in listed(html)]
    total = client.get("/sources.json?limit=1").json()["total"]
    assert len(seen) == len(set(seen)) == total > 20
    if sort == "-published":
        years = [int(year) for html in pages for year in re.findall(r"<h2>(\d{4})</h2>", html)]
        assert years == sorted(years, reverse=True) and len({*years}) > 5


def test_filter_shows_matching_sources(client: TestClient) -> None:
    everything = client.get("/sources.json?limit=1000").json()["items"]
    filters: dict[str, Callable[[Any], Any]] = {
        "outlet=rfa": lambda item: item["outlet"] == "rfa",
        "lang=ko": lambda item: item["language"] == "ko",
        "kind=un-document": lambda item: item["kind"] == "un-document",
        "basis=inferred": lambda item: item["published_is"] == "inferred",
        "has=derived": lambda item: item["derived_from"],
        "not_has=link": lambda item: not item["address"],
    }
    for query, asked in filters.items():
        fitting = {item["id"] for item in everything if asked(item)}
        assert fitting and len(fitting) < len(everything), query
        assert set(listed(client.get(f"/sources?{query}&limit=1000").text)) <= fitting
        assert client.get(f"/sources.json?{query}").json()["total"] == len(fitting)


def test_sources_without_place_can_be_filtered(made: TestClient) -> None:
    assert 'name="place" value="none"' in made.get("/sources").text
    assert sorted(listed(made.get("/sources?place=none").text)) == ["S2", "S3"]


def test_list_marks_inferred_dates_and_matching_words(client: TestClient) -> None:
    text = client.get("/sources?q=%22continue+to+face+sojourn%22").text
    assert listed(text) == ["S1"]
    assert '<span class="note">Date inferred by us</span>' in text
    assert "<mark>sojourn</mark>" in client.get("/sources?q=sojourn").text
    text = words(client.get("/sources").text)
    assert re.search(r"\d+ sources . We read \d+ of them, \d+ in full.", text)
    assert "Sources by date of publication" in text and "goes on" not in text


# One source ---------------------------------------------------------------------------------------


def test_page_shows_date_of_publication(client: TestClient) -> None:
    html = client.get("/sources/S1").text
    sentence = "News report in English by Daily NK , about June 2019 (date inferred by us). "
    for part in (
        f"{sentence}Read in full by us. The record cites it for",
        *("About June 2019", "Date inferred by us", "Read in full", "24 November 2026"),
    ):
        assert part in words(html), part
    answer = client.get("/sources/dailynk-2019-seed?edition=1")
    assert (answer.status_code, answer.headers["location"]) == (301, "/sources/S1?edition=1")


def test_page_lists_exactly_the_citing_records(client: TestClient) -> None:
    """Compares the page of every source with the citations of all events and estimates."""
    citing: defaultdict[str, set[str]] = defaultdict(set)
    paraphrases: defaultdict[str, set[str]] = defaultdict(set)
    for list_ in ("events", "estimates"):
        for row in client.get(f"/{list_}.json?limit=1000").json()["items"]:
            for citation in row["citations"]:
                citing[citation["source"]].add(row["id"])
                paraphrases[citation["source"]].add(citation["id"])
    for item in client.get("/sources.json?limit=1000").json()["items"]:
        id = item["id"]
        text = client.get(f"/sources/{id}").text
        resting = re.findall(
            r'<div class="resting">.*?class="pid" href="/(?:events|estimates)/([EM]\d+)"', text
        )
        assert set(resting) == citing[id], id
        assert {*re.findall(r'<li id="(C\d+)"', text)} == paraphrases[id], id


def test_page_shows_ancestors_and_derivatives(client: TestClient, made: TestClient) -> None:
    """S2 translates S3, and S4 repeats S3."""
    above = words(client.get("/sources/S2").text)
    assert "Translates Workers in Dandong going home" in above
    below = client.get("/sources/S3").text
    assert "Translated by" in below and "Repeated by" in below
    assert re.search(r"Translates a report by Daily NK \. [\w ]+ by us\.", above)
    for id in ("S2", "S4"):
        assert f'href="/sources/{id}"' in below
    found = client.get("/sources/S4.json").json()
    assert found["derived_from"] == [{"source": "S3", "how": "relay"}]
    assert found["rests_on"] == ["S3"] and "E1" in found["cited_by"]
    unread = made.get("/sources/S5").text
    assert "its own report has not been read" in unread and 'href="/outlets/outlet-3"' in unread


def test_addresses_elsewhere_are_linked_with_care_or_not(
    client: TestClient, made: TestClient
) -> None:
    for address in ("/sources", "/sources/S1", "/outlets/rfa"):
        outward = re.findall(r'<a [^>]*href="https?://[^>]*>', client.get(address).text)
        assert outward, address
        assert all("noreferrer" in link and "nofollow" in link for link in outward), address
    shown = MIRROR.replace("&", "&amp;")
    for page in ("/sources/S4", "/sources", "/events/E1", "/outlets/outlet-1"):
        assert f'href="{shown}"' not in made.get(page).text, page
    text = made.get("/sources/S4").text
    assert "Shown without a link" in text and shown in text


def test_page_says_what_is_missing_or_was_retracted(made: TestClient) -> None:
    text = words(made.get("/sources/S3").text)
    for part in (
        "Text by Outlet-1 , date not known. Not read by us.",
        "No event or estimate cites it.",
        "No date was found",
        "No copies are recorded.",
    ):
        assert part in text, part
    text = words(made.get("/sources/S1").text)
    assert "Later retracted" in text and "in Outlet-1: It happened." in text


def test_withdrawn_source_shows_reason_and_merged_one_redirects(database: Settings) -> None:
    with published_as(database, (make_source(3), make_source(4))) as client:
        with desk_session(database) as desk:
            withdraw(desk, "S3", "It was no report.")
            publish(desk, (), merged=[Merge("S4", "S1", "Read twice.")])
        text = words(client.get("/sources/S3").text)
        assert "This record was withdrawn" in text and "It was no report." in text
        assert "Report 3" in client.get("/sources/S3?edition=1").text
        answer = client.get("/sources/S4")
        assert (answer.status_code, answer.headers["location"]) == (301, "/sources/S1")
        assert client.get("/sources/S4?edition=1").status_code == 200


def test_host_of_any_stored_address_is_shown() -> None:
    for address, host in [("https://www.example.org/a", "example.org"), ("", ""), ("http://[", "")]:
        assert host_of(address) == host
