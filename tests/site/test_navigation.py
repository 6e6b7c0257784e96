"""Links lead from the front page to every kind of page."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.support.html import words

ROUTES = Path(__file__).parent.parent / "routes.txt"
PAGE = re.compile(
    r"^GET +(/(?!desk|api/|embed|healthz|oembed|search/|tell/)[^{.\s]*)$", re.MULTILINE
)
MAX_CLICKS = 3


def test_lists_are_at_most_three_clicks_from_the_front_page(client: TestClient) -> None:
    pages = set(PAGE.findall(ROUTES.read_text()))
    assert len(pages) > 20
    reached = newest = {"/"}
    for _ in range(MAX_CLICKS):
        links = {
            address
            for page in newest
            for link in re.findall(r' (?:href|action)="(/[^"]*)"', client.get(page).text)
            for address in (link, urlsplit(link).path)
        }
        newest = links & (pages | {"/pages/overview", "/events?view=table"}) - reached
        reached = reached | newest
    assert sorted(pages - reached) == []


def test_sitemap_has_the_pages_that_search_engines_may_show(client: TestClient) -> None:
    text = client.get("/sitemap.xml").text
    found = re.findall(r"<loc>http://testserver(/[^<]*)</loc>(?:<lastmod>([0-9-]{10})<)?", text)
    addresses = [address for address, _day in found]
    assert len(addresses) == len({*addresses}) > 100
    assert {"/", "/events", "/laws", "/events/E5", "/cities/dandong", "/places/china"} <= {
        *addresses
    }
    assert all(day for address, day in found if re.search("[0-9]$", address))
    titles: set[str] = set()
    for number, address in enumerate(addresses[::7], 1):
        page = client.get(address)
        titles |= {*re.findall(r"<title[^>]*>(.*) – Sojourn</title>", page.text)}
        assert len(titles) == number, f"{address} has the title of another page, or none"
        assert page.status_code == 200 and "noindex" not in page.text, address
        canonical = re.search(r'<link rel="canonical" href="([^"]*)"', page.text)
        assert not canonical or canonical[1] == f"http://testserver{address}"


# Files of the site --------------------------------------------------------------------------------


ADDRESS = "/.well-known/security.txt"


def test_security_txt_has_the_required_fields(published: Settings) -> None:
    contacts = ["mailto:security@example.org", "https://example.org/report"]
    settings = published.model_copy(
        update={"security_contact": contacts, "public_url": "https://example.org"}
    )
    with TestClient(create_app(settings)) as client:
        answer = client.get(ADDRESS)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in answer.text.splitlines()]
    assert [value for name, value in fields if name == "Contact"] == contacts
    (expires,) = [value for name, value in fields if name == "Expires"]
    left = datetime.fromisoformat(expires) - datetime.now(UTC)
    assert timedelta(days=90) < left < timedelta(days=365)
    assert ["Canonical", f"https://example.org{ADDRESS}"] in fields


def test_security_txt_is_missing_without_contact(client: TestClient) -> None:
    assert client.get(ADDRESS).status_code == 404


def test_contact_is_an_address() -> None:
    with pytest.raises(ValidationError, match="must look like mailto"):
        Settings(security_contact=["security@example.org"])


# Other names of a record, unknown ones, and invalid editions --------------------------------------


def test_invalid_edition_gets_error_page(client: TestClient) -> None:
    wrong = ["x", "-1", "2019-13", "2019-02-30", "99999999999999", "0", "%00", "１"]
    for address in ("/", "/about", "/events/E1", "/sources/S1", "/outlets/rfa", "/places/china"):
        for edition in wrong:
            answer = client.get(f"{address}?edition={edition}")
            assert answer.status_code == 404, (address, edition)
            assert "edition" in words(answer.text), (address, edition)


def test_malformed_name_gets_page_of_unknown_record(client: TestClient) -> None:
    names = [
        "%00",
        "%F0%9F%98%80",
        "%ED%A0%BD",
        "..%2F..",
        "x" * 5_000,
        "'--",
        "S0",
        "S99999999999",
    ]
    for kind in ("events", "estimates", "sources", "outlets", "places"):
        for name in names:
            answer = client.get(f"/{kind}/{name}")
            assert answer.status_code == 404, (kind, name)
            assert "There is no page at this address" in words(answer.text), (kind, name)


def test_unknown_name_leads_to_a_search_or_list(client: TestClient) -> None:
    for address, meant in (
        ("/places/Dangdong", "/search?q=Dangdong"),
        ("/outlets/데일리NK", "/search?q=%EB%8D%B0%EC%9D%BC%EB%A6%ACNK"),
        ("/sources/S9999", "/sources"),
    ):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert f'href="{meant}"' in answer.text.partition("<h2>Try")[2], address


def test_lower_case_id_redirects_to_record(client: TestClient) -> None:
    for page, id in (
        ("events", "E5"),
        ("sources", "S6"),
        ("estimates", "M84"),
        ("events", "E5.json"),
    ):
        answer = client.get(f"/{page}/{id.lower()}?edition=1")
        told = answer.status_code, answer.headers["location"]
        assert told == (301, f"/{page}/{id}?edition=1")
