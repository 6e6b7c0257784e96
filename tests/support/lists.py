"""Addresses of lists, and readers of their pages and files."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape

from starlette.testclient import TestClient

LIST_VIEWS = [
    *(
        "/events?",
        "/events?from=2019&to=2019&place=china",
        "/events?q=workers&sort=-happened",
        "/events?not_type=dispatch",
    ),
    *(
        "/estimates?",
        "/estimates?place=russia",
        "/sources?lang=ko",
    ),
]


def file_address(view: str, ending: str) -> str:
    path, _mark, query = view.partition("?")
    return f"{path}{ending}?{query}"


def pages_from(client: TestClient, address: str) -> Iterator[str]:
    """Yield the pages of a list, from this address to the last."""
    while address:
        html = client.get(address).text
        yield html
        following = re.search(r'href="([^"]+)" rel="next', html)
        address = unescape(following[1]) if following else ""


def csv_rows(client: TestClient, address: str) -> list[dict[str, str]]:
    text = client.get(address).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))
