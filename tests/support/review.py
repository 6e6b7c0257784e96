"""Submit changes and decide on them, as the review pages do."""

import re
from collections.abc import Collection, Sequence
from typing import Any

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.desk.approved.models import Draft
from app.desk.identity.models import Person
from app.desk.review import commands
from app.desk.review.commands import Decision
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
    """Approve, publish or return one draft, or save a comment; all citations are confirmed."""
    page = client.get(review_of(at)).text
    number = re.search(r'name="seen\.(\d+)"\s+value="(\d+)"', page)
    assert number, page
    sent = {f"seen.{number[1]}": number[2]}
    sent |= dict.fromkeys(re.findall(r'name="(confirm\.C\d+)"', page), "yes")
    if do in {"return", "save"}:
        sent["do"] = "decide" if do == "return" else do
        typed = {f"{name}.{number[1]}": text for name, text in typed.items()}
    else:
        sent |= {"do": "decide", f"tick.{number[1]}": "yes"}
        sent |= {"publish": "yes"} if do == "publish" else {}
    return client.post(review_of(at), data={**sent, **typed})


def waiting_rows(db: Session, draft: Draft) -> Sequence[Draft]:
    reviewed = commands.one_draft(db, draft.id)
    assert reviewed
    return reviewed.drafts(db, to_write=True)


def approve(
    db: Session, draft: Draft, by: Person, settings: Settings, confirmed: Collection[str] = ()
) -> None:
    """Approve one draft, or raise PublishError."""
    rows = waiting_rows(db, draft)
    decision = Decision({draft.id: draft.number}, {draft.id}, confirmed=confirmed)
    commands.decide(db, rows, by, decision, settings)


def return_to_author(
    db: Session, draft: Draft, by: Person, settings: Settings, words: str = "Wait."
) -> None:
    rows = waiting_rows(db, draft)
    decision = Decision({draft.id: draft.number}, (), {draft.id: ("", words)})
    commands.decide(db, rows, by, decision, settings)


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
