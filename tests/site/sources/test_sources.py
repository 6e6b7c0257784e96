"""The list of sources with its filters, and the page of one source."""

import re
from collections import defaultdict

from starlette.testclient import TestClient

from tests.make import (
    make_citation,
    make_estimate,
    make_event,
    make_outlet,
    make_source,
    make_step,
)
from tests.support.event_pages import module_site
from tests.support.html import words

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


def test_list_marks_inferred_dates_and_matching_words(client: TestClient) -> None:
    text = client.get("/sources?q=%22continue+to+face+sojourn%22").text
    assert listed(text) == ["S1"]
    assert '<span class="note">Date inferred by us</span>' in text
    assert "<mark>sojourn</mark>" in client.get("/sources?q=sojourn").text
    text = words(client.get("/sources").text)
    assert re.search(r"\d+ sources . We read \d+ of them, \d+ in full.", text)
    assert "By date. Each bar is a link." in text


# One source ---------------------------------------------------------------------------------------


def test_page_shows_date_of_publication(client: TestClient) -> None:
    html = client.get("/sources/S1").text
    sentence = "News report by Daily NK , about June 2019. "
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
