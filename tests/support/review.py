"""Submit changes and decide on them, as the review pages do."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.record.models import Version
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.draft_pages import begin, post

WHY = {"change.why": "corrected", "change.reason": "The report says otherwise."}


def handed_in(client: TestClient, record: str = "E1", **typed: str) -> str:
    """Submit a change; return the URL of its draft."""
    at = begin(client, record=record)
    answer = post(client, at, "submit", **{**WHY, **(typed or {"title": "Another title"})})
    assert answer.headers["location"] == "/desk", answer.headers["location"]
    return at


def review_of(at: str) -> str:
    return at.replace("drafts", "review")


def decide(client: TestClient, at: str, do: str, **typed: str) -> Any:
    page = client.get(review_of(at)).text
    number = re.search(r'name="number" value="(\d+)"', page)
    assert number, page
    confirmed = dict.fromkeys(re.findall(r'name="(confirm\.C\d+)"', page), "yes")
    return client.post(review_of(at), data={"number": number[1], "do": do, **confirmed, **typed})


def read(client: TestClient, address: str) -> str:
    """Return a page without marks of differences."""
    return re.sub(r"</?(?:ins|del)>", "", client.get(address).text)


def title_now(settings: Settings) -> str:
    with desk_session(settings) as db:
        row = db.query(Version).filter(Version.id == "E1", Version.closed.is_(None)).one()
        return str(row.payload["form"]["title"])


@pytest.fixture
def published(published_world: Settings) -> Settings:
    return published_world
