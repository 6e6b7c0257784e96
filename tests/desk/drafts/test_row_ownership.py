"""Rows that a contributor adds to another person's record."""

import re

from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_citation
from tests.support.draft_pages import begin, post, stored
from tests.support.private_values import (
    markers,
    secret_event,
    secrets_kept,
)

__all__ = ["secrets_kept"]


def test_notes_in_a_contributors_new_row_are_hidden_and_kept(
    chidi: TestClient, basma: TestClient, secrets_kept: Settings
) -> None:
    at = begin(chidi, record="E9")
    post(chidi, at, "add citations")
    assert "Hidden from you" in chidi.get(at).text
    post(basma, at, "save", **{"citations.2.note": "MARKER of the editor"})
    assert not markers(chidi.get(at).text)
    post(chidi, at, "save", title="Another title")
    assert stored(secrets_kept, at).document["citations"][2]["note"] == "MARKER of the editor"


def test_update_names_rows_without_their_private_values(
    chidi: TestClient, secrets_kept: Settings
) -> None:
    """Names made from private values would let a reader guess them."""
    at = begin(chidi, record="E9")
    keys = []
    for note in ("MARKER of a new one", "MARKER of another"):
        with desk_session(secrets_kept) as db:
            new = make_citation(92, 9, paraphrase="It was said again.", note=note)
            save(db, secret_event(citations=[*secret_event().citations, new]))
            publish_approved(db, "Published")
        keys += re.findall(
            r'name="take\.citations\.([0-9a-f]{1,8})"', chidi.get(f"{at}/update").text
        )
    assert len(keys) >= 2 and len(set(keys)) == 1


def test_posted_citation_ids_are_ignored(chidi: TestClient, secrets_kept: Settings) -> None:
    at = begin(chidi, record="E9")
    before = stored(secrets_kept, at).document["citations"]
    post(
        chidi,
        at,
        "save",
        **{"citations.0.id": "C91", "citations.1.id": "C90"},
        title="Another title",
    )
    after = stored(secrets_kept, at).document
    assert after["title"] == "Another title" and after["citations"] == before
