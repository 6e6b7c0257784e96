"""Secrets in leads, feeds, captures and messages stay hidden from readers and logs."""

import logging
from collections import defaultdict
from typing import Any

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from app.desk.approved.models import Draft
from app.settings import Settings
from app.web.urls import ADDRESSES
from tests.conftest import desk_session
from tests.support.draft_pages import post
from tests.support.hostile_server import HostileServer

PAGE = b"<title>SECRET page</title><meta name=author content='SECRET author'>"
RSS = b'<rss version="2.0"><channel><title>SECRET feed</title></channel></rss>'
PUBLIC = [
    "/",
    "/events",
    "/events.json",
    "/sources",
    "/sources.csv",
    "/changes",
    "/changes.atom",
    "/data",
    "/about",
]
PUBLIC += ["/privacy", "/tell", "/tell/sent", "/tell?about=SECRE", "/healthz", "/nothing"]


@pytest.fixture
def planting(
    visit: Any, hostile: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> tuple[TestClient, HostileServer]:
    """A reader without waiting time for the form, and the hostile server."""
    monkeypatch.setattr("app.site.tell.MIN_FORM_SECONDS", 0)
    return visit("192.0.2.2"), hostile


def planted(
    basma: TestClient, reader: TestClient, hostile: HostileServer, settings: Settings
) -> tuple[str, str]:
    """Put secrets into a lead, a feed, a capture and a message; return addresses of the draft."""
    url = hostile.says("/SECRET-address", PAGE)
    basma.post("/desk/round", data={"links": f"SECRET title {url}", "note": "SECRET note"})
    basma.post("/desk/feeds", data={"url": hostile.says("/SECRET-feed", RSS, "text/xml")})
    article = str(basma.post("/desk/round/links/1/source").headers["location"]).partition("?")[0]
    with desk_session(settings) as db:
        record = article.rsplit("/", 1)[1]
        number = db.scalars(select(Draft.id).where(Draft.record == record)).one()
    draft = f"/desk/drafts/{number}"
    post(basma, draft, "capture")
    key = reader.get("/tell").text.split('name="key" value="')[1].split('"')[0]
    letter = {
        "kind": "removal",
        "about": "SECRET",
        "words": "SECRET words",
        "reach": "SECRET@example.org",
        "key": key,
    }
    assert reader.post("/tell", data=letter).status_code == 303
    basma.post("/desk/round/messages/1", data={"do": "note", "note": "SECRET answer"})
    return draft, article


def test_intake_secrets_are_hidden_from_readers(
    basma: TestClient,
    chidi: TestClient,
    planting: tuple[TestClient, HostileServer],
    published_world: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    reader, hostile = planting
    caplog.set_level(logging.DEBUG)
    draft, article = planted(basma, reader, hostile, published_world)
    named = defaultdict(lambda: "1", {"record": "S3", "token": "token", "code": "outlet-1"})
    addresses = {
        name: at.format_map(named) for name, at in ADDRESSES.items() if at.startswith("/desk")
    }
    addresses |= {"draft": draft, "article": article}
    addresses["round"] += "?view=closed"
    shown = {name for name, at in addresses.items() if "SECRET" in basma.get(at).text}
    assert shown >= {"round", "lead", "feeds", "letter", "draft", "article"}, (
        "editors must see the secrets on these pages"
    )
    assert basma.get("/desk/captures/1").status_code == 200
    for client, may_see in (
        (reader, set[str]()),
        (chidi, {"round", "lead", "lead-new", "article", "articles"}),
    ):
        for name, at in addresses.items():
            if name in {"sign-out", "end-sign-in"} | may_see:
                continue
            for answer in (client.get(at), client.post(at, data=named)):
                assert "SECRET" not in answer.text + str(answer.headers), (name, answer.status_code)
        for at in PUBLIC:
            assert "SECRET" not in client.get(at).text, at
    with desk_session(published_world) as db:
        assert "SECRET" not in "".join(map(str, db.execute(text("SELECT * FROM record.version"))))
        assert "SECRET" not in "".join(
            map(str, db.execute(text("SELECT words FROM desk.audit WHERE action <> 'added-feed'")))
        )
    # Exclude the logs of the test client.
    ours = "".join(
        record.getMessage()
        for record in caplog.records
        if not record.name.startswith(("http", "asyncio"))
    )
    assert "SECRET" not in ours
