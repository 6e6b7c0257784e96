"""Drafts are hidden from people without permission: every address and the log are checked."""

import logging

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.kinds import EventForm, is_private
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.draft_pages import begin, fields, post
from tests.support.html import first_match
from tests.support.review import decide
from tests.support.routes import every_address
from tests.support.worlds import give_cookies

WHY = {"change.why": "corrected", "change.reason": "SECRET reason"}


def secrets_of_basma(basma: TestClient, amal: TestClient) -> dict[str, str]:
    """A change by Basma and a comment by Amal, with a secret in every field.

    Returns names of what they wrote, to fill in addresses.
    """
    at = begin(basma, record="E1")
    page = fields(basma.get(at).text)
    typed = {name: f"SECRET {name}" for name in ("title", "summary", "note", "happened_text")}
    typed |= {
        name: f"SECRET {name}"
        for name in page
        if name.endswith((".paraphrase", ".note", ".exact_words"))
    }
    wanted = {name for name, field in EventForm.model_fields.items() if is_private(field)}
    assert wanted - set(typed) == {"exact_happened", "exact_place"}, (
        "every private field must hold a secret, except a date and a place"
    )
    assert post(basma, at, "submit", **typed, **WHY).headers["location"] == "/desk"
    id = at.rsplit("/", 1)[1]
    decide(amal, at, "save", comment="SECRET comment on a field", field="title")
    assert decide(amal, at, "return", comment="SECRET comment").status_code == 303
    assert post(basma, at, "submit").headers["location"] == "/desk"
    named = {"id": id, "record": "E1", "comment": "1", "token": "token", "code": "outlet-1"}
    return named | {"name": changed_together(basma)}


def changed_together(basma: TestClient) -> str:
    """A bulk edit of one source by Basma with a secret reason; return its name."""
    at, act = (
        "/desk/bulk",
        {"what": "field.outlet", "new": "outlet-2"},
    )
    seen = first_match(
        r'name="take.S1" value="([^"]+)"', basma.post(at, data=act | {"take.S1": "yes"}).text
    )
    why = {"step": "make", "take.S1": seen, "why": "corrected", "reason": "SECRET reason"}
    return basma.post(at, data=act | why).headers["location"].rsplit("/", 1)[1]


def test_other_peoples_drafts_are_shown_at_no_address(
    chidi: TestClient,
    basma: TestClient,
    visit: Visit,
    published_world: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As a reader and another contributor: drafts, previews, comments, histories and the queue."""
    caplog.set_level(logging.DEBUG)
    amal = give_cookies(visit("192.0.2.1"), "Amal")
    named = secrets_of_basma(basma, amal)
    addresses = every_address(named)
    shown = {name for name, address in addresses.items() if "SECRET" in amal.get(address).text}
    wanted = {
        "draft-preview",
        "review",
        "reviews",
        "desk-record",
        "bulk-review",
    }
    assert shown >= wanted, "the editor Amal must see the secrets on all wanted pages"
    reader = visit("192.0.2.2")
    own = begin(chidi, key="his own")
    for client in (reader, chidi):
        for name, address in addresses.items():
            if name in {"sign-out", "end-sign-in"}:
                continue
            sent = named | {"version": f"{named['id']}.1", "number": "1", "sheet": "x"}
            posted = [
                client.post(address, data=sent | {"do": do})
                for do in ("save", "autosave", "same E1")
            ]
            for answer in (client.get(address), *posted):
                assert "SECRET" not in answer.text, name
                assert "SECRET" not in str(answer.headers), name
        for address in ("/", "/events", "/events.json", "/events/E1", "/events/E1.json", own):
            assert "SECRET" not in client.get(address).text
    assert chidi.get("/desk").status_code == 200, "Chidi must still be signed in after all requests"
    with desk_session(published_world) as db:
        record = "".join(map(str, db.execute(text("SELECT * FROM record.version"))))
    assert "SECRET" not in record
    assert "SECRET" not in caplog.text
