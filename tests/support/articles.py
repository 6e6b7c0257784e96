"""An article, and steps to enter records from it."""

import secrets

import pytest
from starlette.testclient import TestClient

from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_place, make_source
from tests.support.draft_pages import fields
from tests.support.html import first_match

NAMES = [("en", "Dandong"), ("ko", "단둥"), ("zh-Hans", "丹东")]
DANDONG = make_place(
    4,
    "dandong",
    parent="province-2",
    names=[{"language": of, "text": text, "preferred": True} for of, text in NAMES],
)
"""A city with names in three scripts."""
ADDRESS = "https://www.example.org/2019/workers.html"


@pytest.fixture
def report(desk_world: Settings) -> str:
    """A report of outlet 2 with an address, from which nothing was entered yet."""
    with desk_session(desk_world) as db:
        save_all(
            db,
            [
                make_source(
                    7, title="Workers leave", outlet="outlet-2", url=ADDRESS, published="2019-04-23"
                )
            ],
        )
    return "/desk/sources/S7"


def enter(client: TestClient, at: str, kind: str = "", record: str = "") -> str:
    """Begin an entry of a report, or cite it in a record; return the page of the draft."""
    typed = {"do": "cite", "record": record, "page": secrets.token_hex(8)}
    answer = client.post(at, data=typed if record else {"do": f"new {kind}"})
    assert answer.status_code == 303, answer.text
    found = first_match(r"open=([0-9]+)", answer.headers["location"])
    return f"/desk/drafts/{found}"


def last_citation(client: TestClient, draft: str) -> str:
    """Return the path of the citation that was added last."""
    names = fields(client.get(draft).text)
    places = [int(name.split(".")[1]) for name in names if name.startswith("citations.")]
    return f"citations.{max(places)}"


EVENT = {
    "title": "Firms were told",
    "summary": "Reported by one newspaper.",
    "type": "stay-limit",
    "happened": "2019-04~",
    "terms.0.code": "place-1",
    "terms.0.role": "via",
    "card.nationality": "not-stated",
    "citations.0.paraphrase": "Firms were told.",
    "citations.0.certainty": "firm",
    "citations.0.chain.0.attribution": "resident",
}
FIGURE = {
    "counts": "present",
    "population": "workers",
    "quantifier": "about",
    "unit": "people",
    "citations.0.certainty": "firm",
    "point": "2,000",
    "as_of": "2019-04",
    "terms.0.role": "at",
    "citations.0.paraphrase": "So many are there.",
    "citations.0.chain.0.attribution": "outlet-own-voice",
}
PAGE = """<!doctype html><html lang="ko-KR"><head><meta charset="utf-8">\
<title>귀국 지시 | 데일리</title>
<meta property="og:title" content="귀국 지시"><meta property="og:site_name" content="Outlet-2">
<meta property="article:published_time" content="2019-06-20T23:30:00-09:00">\
<meta name="author" content="Kim Seul">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "귀국 지시",
"datePublished": "2019-06-20", "publisher": {"name": "Outlet-2"}, \
"author": [{"name": "Kim Seul"}]}]}</script></head>
<body><article><h1>귀국 지시</h1>\
<p>단둥의 노동자들에게 귀국하라는 지시가 내려졌다.</p></article></body></html>"""
"""A Korean article with metadata."""
