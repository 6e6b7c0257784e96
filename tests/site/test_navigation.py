"""Links lead from the front page to every kind of page."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from starlette.testclient import TestClient

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
            for link in re.findall(r'<a [^>]*?href="(/[^"]*)"', client.get(page).text)
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
