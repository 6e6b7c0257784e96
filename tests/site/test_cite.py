"""Citing a view: reference formats, bibliography, and checking a fingerprint."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import rispy
from lxml.html import fromstring  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from pybtex.database import parse_string
from starlette.testclient import TestClient

from app.record.publishing.purge import purge
from app.settings import Settings
from app.site.references.citable import SINGLE_QUOTES
from tests.conftest import desk_session
from tests.make import make_estimate, make_event, make_source, publish_all, withdraw
from tests.support.event_pages import published_as
from tests.support.html import first_match

CHINA_2019 = "/events?from=2019&to=2019&place=china"
VIEWS = [
    "/events",
    CHINA_2019,
    "/events?q=%EB%8B%A8%EB%91%A5&not_type=dispatch&view=table",
    "/estimates?place=russia",
    "/sources?lang=ko",
    "/events/E5",
    "/estimates/M84",
    "/sources/S4",
    "/outlets/daily-nk",
    "/cities/dandong",
    "/events/breakdown?rows=place&place=china",
    "/compare?place=dandong&place=hunchun",
    "/places/china",
    *("/places", "/outlets", "/actors", "/laws", "/pages"),
    "/cities?place=jilin",
    "/status?on=2019-12-22&place=dandong",
]


def cite(client: TestClient, of: str, ending: str = "", fingerprint: str = "") -> Any:
    given = f"&fingerprint={fingerprint}" if fingerprint else ""
    answer = client.get(f"/cite{ending}?of={quote(of)}{given}", follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer


def reference(client: TestClient, of: str) -> dict[str, Any]:
    item: dict[str, Any] = cite(client, of, ".json").json()[0]
    return item


def fingerprint(client: TestClient, of: str) -> str:
    return first_match("sha256:([0-9a-f]{64})", reference(client, of)["note"])


# What it says -------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", VIEWS)
def test_every_format_and_the_page_have_all_parts_of_the_reference(
    client: TestClient, of: str
) -> None:
    said = reference(client, of)
    day = "-".join(f"{part:02}" for part in said["issued"]["date-parts"][0])
    sha256 = fingerprint(client, of)
    rows = re.search("[0-9,]+ rows?", said["note"])
    assert rows and "CC BY 4.0" in said["note"] and said["version"] == "1"

    [entry] = parse_string(cite(client, of, ".bib").text, "bibtex").entries.values()
    [card] = rispy.loads(cite(client, of, ".ris").text)
    fields = entry.fields
    when = f"{fields['year']}-{fields['month']:0>2}-{fields['day']:0>2}"
    title = said["title"].replace("%", r"\%").replace("&", r"\&")
    told = fields["title"].strip("{}"), fields["edition"], when, fields["url"]
    assert told == (title, "1", day, said["URL"])
    told = card["title"], card["edition"], card["date"].replace("/", "-"), card["urls"][0]
    assert told == (title, "1", day, said["URL"])
    for note in (fields["note"], card["notes"][0]):
        assert sha256 in note and rows[0] in note and "CC BY 4.0" in note

    text = cite(client, of, ".txt").text.strip()
    quoted = said["title"].translate(SINGLE_QUOTES)
    for part in (quoted, "Edition 1", said["URL"], rows[0], sha256[:16], "CC BY 4.0"):
        assert part in text
    shown = unescape(re.sub(r"</?span[^>]*>", "", cite(client, of).text))
    assert text in shown

    # The address is canonical: it does not redirect, and it names the edition.
    address = urlsplit(said["URL"])
    permanent = f"{address.path}?{address.query}"
    assert address.query.endswith("edition=1") and client.get(permanent).status_code == 200
    assert reference(client, permanent)["URL"] == said["URL"]

    page = client.get(of, follow_redirects=True).text
    head = fromstring(page).head
    assert [
        head.xpath(f"string(meta[@name='DC.{name}']/@content)")
        for name in ("title", "identifier", "date", "rights")
    ] == [said["title"], said["URL"], day, "CC BY 4.0"]
    assert head.xpath("link[@rel='cite-as']/@href") == [said["URL"]]
    files = head.xpath("link[@rel='describedby']/@href")
    assert files and {client.get(file).status_code for file in files} == {200}
    assert f'href="/cite?of={address.path}' in page


# The sources behind it ----------------------------------------------------------------------------


def test_bibliography_has_exactly_the_sources_of_view(client: TestClient) -> None:
    for of in ("/events/E5", "/estimates?place=russia", CHINA_2019, "/sources"):
        path, _mark, query = of.partition("?")
        said = client.get(f"{path}.json?{query}{'&limit=1000' if path.count('/') == 1 else ''}")
        rows = said.json().get("items", [said.json()])
        expected = {source for row in rows for source in row.get("sources", [row["id"]])}
        at = f"/bibliography.{{}}?of={quote(of)}"
        items = client.get(at.format("json")).json()
        assert {item["id"].rpartition("-")[2] for item in items} == expected, of
        entries = parse_string(client.get(at.format("bib")).text, "bibtex").entries
        cards = {card["id"]: card for card in rispy.loads(client.get(at.format("ris")).text)}
        assert entries.keys() == cards.keys() == {item["id"] for item in items}, of
        assert f"{len(expected)} sources" in cite(client, of).text, of
        for item in items:
            assert cards[item["id"]]["title"] == item["title"]
            if "issued" in item and len(item["issued"]["date-parts"]) == 1:
                year = str(item["issued"]["date-parts"][0][0])
                assert entries[item["id"]].fields["year"] == cards[item["id"]]["year"] == year


# Whether an old citation holds --------------------------------------------------------------------


@contextmanager
def a_record(database: Settings) -> Iterator[TestClient]:
    """Publish two events and an estimate as edition 1."""
    forms = make_event(1), make_event(2, citations=[]), make_estimate(1)
    with published_as(database, forms) as client:
        client.follow_redirects = True
        yield client


def test_citation_holds_after_later_editions(database: Settings) -> None:
    with a_record(database) as client:
        views = ["/events?edition=1", "/events/E1?edition=1", "/cities/place-1?edition=1"]
        cited = {of: cite(client, of, ".txt").text for of in views}
        with desk_session(database) as desk:
            publish_all(desk, make_event(1, title="Changed"), make_event(3, citations=[]))
            withdraw(desk, "E2")
        for text in cited.values():
            assert "The citation is correct" in client.get("/cite", params={"of": text}).text
        now = client.get("/cite", params={"of": cited["/events?edition=1"]}).text
        assert "Rows that differ in edition 3: 1 added, 1 changed, 1 removed." in now
        assert fingerprint(client, "/events?edition=1") != fingerprint(client, "/events?edition=3")


def test_wrong_fingerprint_and_purge_are_reported(database: Settings) -> None:
    with a_record(database) as client:
        text = cite(client, "/events?edition=1", ".txt").text
        mistyped = re.sub(
            "sha256:.", lambda found: f"sha256:{'0' if found[0][-1] != '0' else '1'}", text
        )
        assert "The fingerprint does not match" in client.get("/cite", params={"of": mistyped}).text
        with desk_session(database) as desk:
            purge(desk, "E1")
        assert "The fingerprint does not match" in client.get("/cite", params={"of": text}).text


def test_cite_handles_withdrawn_and_unknown_records(database: Settings) -> None:
    with a_record(database) as client:
        with desk_session(database) as desk:
            withdraw(desk, "E2", "It was another city.")
        assert "withdrawn: It was another city" in cite(client, "/events/E2", ".bib").text
        for of in (
            "/events/E99",
            "/nowhere",
            "/events/E1?edition=99",
            "hello",
            "/desk/people",
            "/",
        ):
            page = client.get("/cite", params={"of": of})
            assert page.status_code == 200 and "No page was found at this address" in page.text, of
            answer = client.get("/cite.bib", params={"of": of})
            assert (answer.status_code, answer.json()["errors"][0]["key"]) == (422, "of"), of
        assert client.get("/cite.docx?of=/events").status_code == 404


# In a browser -------------------------------------------------------------------------------------


def test_bibtex_escapes_address(database: Settings) -> None:
    hostile = "https://example.org/a}}\n}\n@misc{b, note={\\input{/etc/passwd}}"
    with published_as(database, (make_source(9, url=hostile),)) as client:
        text = client.get("/bibliography.bib?of=/sources/S9?edition=1").text
    (entry,) = parse_string(text, "bibtex").entries.values()
    assert "\\input" not in text
    assert entry.fields["url"].startswith("https://example.org/a%7D%7D%0A%7D%0A@misc%7Bb")


# The share menu in a browser ----------------------------------------------------------------------


DANDONG = "/cities/dandong?edition=1"


def test_link_is_copied_as_newest_or_with_edition(page: Page, site: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def copy(said: str) -> str:
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("button", name=said)).to_be_visible()
        expect(page.get_by_role("status").filter(has_text=said)).to_have_count(1)
        return str(page.evaluate("navigator.clipboard.readText()"))

    page.goto("/events?place=china")
    newest, lasting = f"{site}/events?place=china", f"{site}/events?place=china&edition=1"
    assert copy("Copied, as of now") == newest
    page.get_by_text("Share", exact=True).click()
    page.locator("button[data-copy-from=link-lasting]").click()
    expect(page.locator("button[data-copy-from=link-lasting]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == lasting
    page.goto("/events?place=china&edition=1")
    assert copy("Copied, as of edition 1") == lasting


def test_phone_shares_link_with_other_apps(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844})
    plain = context.new_page()
    plain.add_init_script("delete Navigator.prototype.share")
    plain.goto("/events/E5")
    plain.get_by_text("Share", exact=True).click()
    assert not plain.locator("[data-share]").is_visible()
    page = context.new_page()
    page.add_init_script("Navigator.prototype.share = async (what) => { window.sent = what; }")
    page.goto("/events/E5")
    page.get_by_text("Share", exact=True).click()
    page.locator("[data-share]").click()
    page.wait_for_function("window.sent")
    assert page.evaluate("window.sent.url") == f"{site}/events/E5"
    assert page.evaluate("window.sent.title").startswith("Order or request")
    context.close()
