"""An article, and steps to enter records from it."""

import re

import pytest
from starlette.testclient import TestClient

from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_source
from tests.support.draft_pages import fields

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


def enter(client: TestClient, at: str, **what: str) -> str:
    key = re.search(r'name="key" value="(\w+)"', client.get(at).text)
    assert key
    answer = client.post(at, data={"key": key[1], **what})
    assert answer.status_code == 303
    return str(answer.headers["location"])


TICKED = {"carry.place": "yes", "carry.nationality": "yes", "carry.said": "yes"}
TICKED |= {"carry.speaker": "yes"}
"""The blocks that a page ticks by itself."""
EVENT = {
    "title": "Firms were told",
    "summary": "Reported by one newspaper.",
    "type": "stay-limit",
    "happened": "2019-04~",
    "terms.0.code": "place-1",
    "terms.0.role": "via",
    "citations.0.paraphrase": "Firms were told.",
    "citations.0.chain.0.attribution": "resident",
}
FIGURE = {
    "counts": "present",
    "population": "workers",
    "quantifier": "about",
    "point": "2,000",
    "as_of": "2019-04",
    "terms.0.role": "at",
    "citations.0.paraphrase": "So many are there.",
}


def sent_twice(client: TestClient, at: str, do: str, **typed: str) -> str:
    """Return the redirect of a double click: browsers follow the second response."""
    sent = {**fields(client.get(at).text), **typed, "do": do}
    first, second = (client.post(at.partition("?")[0], data=sent) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    return str(second.headers["location"])
