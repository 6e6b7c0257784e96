"""The list of sources with its filters, and the page of one source."""

import csv
import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app import paths
from app.database.sessions import ReaderSession
from app.main import create_app
from app.record.models import Version
from app.record.publishing.publish import Merge, publish
from app.settings import Settings
from app.site.sources.sources import host_of
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_citation,
    make_estimate,
    make_event,
    make_source,
    make_step,
    publish_all,
    withdraw,
)
from tests.support.html import words


def listed(html: str) -> list[str]:
    return re.findall(r'<article class="ev" id="(S\d+)"', html)


# The list -----------------------------------------------------------------------------------------


def test_sources_are_listed_by_year_newest_first(client: TestClient) -> None:
    text = client.get("/sources").text
    assert "185 sources" in words(text)
    years = [int(year) for year in re.findall(r"<h2>(\d{4})</h2>", text)]
    assert years == sorted(years, reverse=True) and years[0] == 2025


@pytest.mark.parametrize("sort", ["-published", "published", "added", "changed"])
def test_pages_show_every_source_once(client: TestClient, sort: str) -> None:
    seen: list[str] = []
    address = f"/sources?sort={sort}" if sort != "-published" else "/sources"
    for _ in range(20):
        text = client.get(address).text
        seen += listed(text)
        following = re.search(r'href="(/sources\?[^"]*after=[^"]+)" rel="next', text)
        if not following:
            break
        address = following[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 185


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("outlet=rfa", lambda item: item["outlet"] == "rfa"),
        ("lang=ko", lambda item: item["language"] == "ko"),
        ("kind=un-document", lambda item: item["kind"] == "un-document"),
        ("basis=unknown", lambda item: item["published_is"] == "unknown"),
        ("has=derived", lambda item: item["derived_from"]),
        ("not_has=link", lambda item: not item["address"]),
    ],
)
def test_filter_shows_matching_sources(client: TestClient, query: str, asked: object) -> None:
    assert callable(asked)
    everything = client.get("/sources.json?limit=1000").json()["items"]
    fitting = {item["id"] for item in everything if asked(item)}
    assert fitting
    assert set(listed(client.get(f"/sources?{query}&limit=1000").text)) <= fitting
    assert client.get(f"/sources.json?{query}").json()["total"] == len(fitting)


def test_sources_without_place_can_be_filtered(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1))
    with TestClient(create_app(database)) as client:
        assert 'name="place" value="none"' in client.get("/sources").text
        assert listed(client.get("/sources?place=none").text) == ["S2"]


def test_inferred_date_is_marked(client: TestClient) -> None:
    text = client.get("/sources?q=%22continue+to+face+sojourn%22").text
    assert listed(text) == ["S1"]
    assert '<span class="tag tag-caution">Date inferred by us</span>' in text


def test_histogram_counts_by_date_of_publication(client: TestClient) -> None:
    text = words(client.get("/sources").text)
    assert "Sources by date of publication" in text and "goes on" not in text


def test_matching_words_are_marked_in_titles(client: TestClient) -> None:
    assert "<mark>sojourn</mark>" in client.get("/sources?q=sojourn").text


def test_equivalent_address_redirects_to_canonical_one(client: TestClient) -> None:
    answer = client.get("/sources?kind=news&outlet=rfa&q=")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sources?outlet=rfa&kind=news",
    )


# One source ---------------------------------------------------------------------------------------


def test_page_shows_date_of_publication_and_its_basis(client: TestClient) -> None:
    text = words(client.get("/sources/S1").text)
    assert "About June 2019" in text and "Date inferred by us" in text
    assert "Read in full" in text and "24 November 2026" in text


def test_page_lists_exactly_the_citing_records(client: TestClient, reader: ReaderSession) -> None:
    """Compares the page of every source of the seeds with the stored citations."""
    citing: dict[str, set[str]] = {}
    paraphrases: dict[str, set[str]] = {}
    for row in reader.scalars(select(Version).where(Version.kind.in_(("E", "M")))):
        for citation in row.payload["form"]["citations"]:
            citing.setdefault(citation["source"], set()).add(row.id)
            paraphrases.setdefault(citation["source"], set()).add(citation["id"])
    for item in client.get("/sources.json?limit=1000").json()["items"]:
        text = client.get(f"/sources/{item['id']}").text
        resting = set(
            re.findall(
                r'<div class="resting">.*?class="pid" href="/(?:events|estimates)/([EM]\d+)"', text
            )
        )
        assert resting == citing.get(item["id"], set()), item["id"]
        assert set(re.findall(r'<article class="cite[^>]*id="(C\d+)"', text)) == paraphrases.get(
            item["id"], set()
        )


def test_page_shows_ancestors_and_derivatives(
    client: TestClient,
) -> None:
    """S2 translates S3, and S4 repeats S3. S20 repeats an unread report of Daily NK."""
    above = words(client.get("/sources/S2").text)
    assert "Translates Workers in Dandong going home" in above
    below = client.get("/sources/S3").text
    assert "Translated by" in below and "Repeated by" in below
    assert {'href="/sources/S2"', 'href="/sources/S4"'} <= set(
        re.findall(r'href="/sources/S\d+"', below)
    )
    unread = client.get("/sources/S20").text
    assert "its own report has not been read" in unread and 'href="/outlets/daily-nk"' in unread


def test_indirectly_citing_records_name_the_source_between(client: TestClient) -> None:
    text = client.get("/sources/S3").text
    through = text.partition("Records that cite reports that repeat it")[2].partition("</section>")[
        0
    ]
    assert 'href="/events/E4"' in through and 'href="/sources/S2"' in through


def test_unlinked_address_is_shown_with_reason(client: TestClient) -> None:
    with (paths.SEEDS / "copies.csv").open(encoding="utf-8") as file:
        mirrors = [
            row for row in csv.DictReader(file) if row["host_kind"] == "mirror" and row["url"]
        ]
    assert mirrors
    for copy in mirrors:
        text = client.get(f"/sources/{copy['record']}").text
        assert "Shown without a link" in text
        shown = copy["url"].replace("&", "&amp;")
        assert shown in text and f'href="{shown}"' not in text, copy["record"]


def test_external_links_send_no_referrer(client: TestClient) -> None:
    for address in ("/sources", "/sources/S1", "/outlets/rfa"):
        outward = re.findall(r'<a [^>]*href="https?://[^>]*>', client.get(address).text)
        assert outward, address
        assert all("noreferrer" in link and "nofollow" in link for link in outward), address


def test_speakers_are_counted(client: TestClient) -> None:
    voices = (
        client.get("/sources/S1").text.partition('<ul class="voices">')[2].partition("</ul>")[0]
    )
    assert "Some observers of North Korea" in voices
    said = [int(number) for number in re.findall(r'<span class="n">(\d+)<', voices)]
    assert said == sorted(said, reverse=True) and sum(said) == len(
        re.findall(r'<article class="cite', client.get("/sources/S1").text)
    )


def test_address_with_title_redirects_to_id(client: TestClient) -> None:
    answer = client.get("/sources/dailynk-2019-seed?edition=1")
    assert (answer.status_code, answer.headers["location"]) == (301, "/sources/S1?edition=1")


def test_json_has_the_row(client: TestClient) -> None:
    found = client.get("/sources/S4.json").json()
    assert found["derived_from"] == [{"source": "S3", "how": "relay"}]
    assert found["rests_on"] == ["S3"] and "E1" in found["cited_by"]


def test_withdrawn_source_shows_reason(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_source(3))
        withdraw(desk, "S3", "It was no report.")
    with TestClient(create_app(database)) as client:
        text = words(client.get("/sources/S3").text)
        assert "This record was withdrawn" in text and "It was no report." in text
        assert "Report 3" in client.get("/sources/S3?edition=1").text


def test_merged_source_redirects_except_in_past_editions(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_source(3))
        publish(desk, (), merged=[Merge("S3", "S1", "Read twice.")])
    with TestClient(create_app(database), follow_redirects=False) as client:
        answer = client.get("/sources/S3")
        assert (answer.status_code, answer.headers["location"]) == (301, "/sources/S1")
        assert client.get("/sources/S3?edition=1").status_code == 200


def test_uncited_source_says_so(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(
            desk,
            *a_small_world(),
            make_source(3, published="", published_basis="unknown", language=""),
        )
    with TestClient(create_app(database)) as client:
        text = words(client.get("/sources/S3").text)
        assert "No events or estimates cite it." in text and "No date was found" in text
        assert "No copies are recorded." in text and "does not refer to another report" in text


def test_source_that_passes_on_an_outlet_names_it(database: Settings) -> None:
    chain = [
        make_step("anonymous-source", "a trader", named="no"),
        make_step("other-outlet", outlet="outlet-2"),
    ]
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1, citations=[make_citation(chain=chain)]))
    with TestClient(create_app(database)) as client:
        text = words(client.get("/sources/S1").text)
        assert "It passes on what Outlet-2 reported. Which report that was is not recorded." in text
        assert "does not refer to another report" not in text


def test_retracted_citation_is_marked(database: Settings) -> None:
    citations = [
        make_citation(1),
        make_citation(2, stance="withdraws", about="C1", paraphrase="We were wrong."),
    ]
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1, citations=citations), make_estimate(1))
    with TestClient(create_app(database)) as client:
        text = words(client.get("/sources/S1").text)
        assert "Later retracted" in text and "in the source: It happened." in text


@pytest.mark.parametrize(
    ("address", "host"),
    [("https://www.example.org/a", "example.org"), ("", ""), ("http://[", "")],
)
def test_host_of_any_stored_address_is_shown(address: str, host: str) -> None:
    assert host_of(address) == host
