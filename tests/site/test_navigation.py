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
            urlsplit(link).path
            for page in newest
            for link in re.findall(r'<a [^>]*?href="(/[^"]*)"', client.get(page).text)
        }
        newest = links & (pages | {"/pages/overview"}) - reached
        reached = reached | newest
    assert sorted(pages - reached) == []
