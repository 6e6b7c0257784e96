"""A form that claims the key or id of another person's row reveals nothing of that row."""

import re

from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_citation
from tests.support.draft_pages import begin, fields, post, stored
from tests.support.html import first_match
from tests.support.private_values import (
    WHY,
    markers,
    secret_event,
    secrets_kept,
    shown_to,
)

__all__ = ["secrets_kept"]


def as_own_rows(sent: dict[str, str]) -> dict[str, str]:
    """Return the posted fields with new keys for all citations and chains."""
    return {
        name: f"ab{index}" if name.endswith(".row") else text
        for index, (name, text) in enumerate(sent.items())
    }


def test_restored_version_shows_nothing_in_rows_taken_over(
    chidi: TestClient, secrets_kept: Settings
) -> None:
    at = begin(chidi, record="E9")
    draft = at.rsplit("/", 1)[1]
    taken = as_own_rows(fields(chidi.get(at).text))
    assert "C90" in taken.values()
    assert chidi.post(at, data={**taken, **WHY, "do": "save"}).status_code == 303
    shown_to(chidi, "/desk/records/E9/restore", version=f"{draft}.0")
    for address in (
        at,
        "/desk/records/E9",
        f"/desk/records/E9/compare?before={draft}.1&after={draft}.2",
    ):
        assert not markers(chidi.get(address).text), address
    # A later save does not make them the contributor's own either.
    post(chidi, at, "save", title="Another title")
    assert not markers(chidi.get(at).text)
    assert stored(secrets_kept, at).document["citations"][0]["note"] == "MARKER of the citation"


def test_version_restored_by_its_author_shows_own_values(
    chidi: TestClient, secrets_kept: Settings
) -> None:
    at = begin(chidi, record="E9")
    post(chidi, at, "add citations")
    post(chidi, at, "save", **{"citations.2.note": "my first note"})
    number = stored(secrets_kept, at).number
    post(chidi, at, "save", **{"citations.2.note": "my second note"})
    shown_to(chidi, "/desk/records/E9/restore", version=f"{at.rsplit('/', 1)[1]}.{number}")
    assert "my first note" in chidi.get(at).text
    shown_to(chidi, "/desk/records/E9/restore", version=f"{at.rsplit('/', 1)[1]}.{number + 1}")
    page = chidi.get(at).text
    assert "my second note" in page and not markers(page)


def test_note_of_an_editor_in_a_contributors_row_stays_hidden(
    chidi: TestClient, basma: TestClient, secrets_kept: Settings
) -> None:
    at = begin(chidi, record="E9")
    post(chidi, at, "add citations")
    post(chidi, at, "save", **{"citations.2.note": "my own note"})
    post(basma, at, "save", **{"citations.2.note": "MARKER of the editor"})
    assert not markers(chidi.get(at).text)
    post(chidi, at, "save", title="Another title")
    assert stored(secrets_kept, at).document["citations"][2]["note"] == "MARKER of the editor"


def test_update_shows_nothing_of_a_new_row_whose_key_is_claimed(
    chidi: TestClient, secrets_kept: Settings
) -> None:
    at = begin(chidi, record="E9")
    with desk_session(secrets_kept) as db:
        new = make_citation(92, 9, paraphrase="It was said again.", note="MARKER of a new one")
        save(db, secret_event(citations=[*secret_event().citations, new]))
        publish_approved(db, "The second")
    key = first_match(r'name="take\.citations\.([0-9a-f]{1,8})"', chidi.get(f"{at}/update").text)
    sent = {
        **fields(chidi.get(at).text),
        "citations.7.row": key,
        "citations.7.paraphrase": "Mine.",
    }
    assert chidi.post(at, data={**sent, **WHY, "do": "save"}).status_code == 303
    assert not markers(chidi.get(f"{at}/update").text)


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
