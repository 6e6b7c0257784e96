"""Drafts, links, feeds, captures and messages are hidden: every address and the log are checked."""

import logging

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from app.desk.approved.models import Draft
from app.kinds import EventForm, is_private
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.draft_pages import begin, decide, fields, post
from tests.support.hostile_server import HostileServer
from tests.support.html import first_match
from tests.support.routes import every_address
from tests.support.worlds import give_cookies

WHY = {"change.why": "corrected", "change.reason": "SECRET reason"}
PAGE = b"<title>CONCEALED page</title><meta name=author content='CONCEALED author'>"
RSS = b'<rss version="2.0"><channel><title>CONCEALED feed</title></channel></rss>'
PUBLIC = [
    "/",
    "/events",
    "/events.json",
    "/events/E1",
    "/events/E1.json",
    "/sources",
    "/sources.csv",
    "/changes",
    "/changes.atom",
    "/data",
    "/about",
]
PUBLIC += ["/privacy", "/tell", "/tell/sent", "/tell?about=CONCEALE", "/healthz", "/nothing"]


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


def planted(
    basma: TestClient, reader: TestClient, hostile: HostileServer, settings: Settings
) -> tuple[str, str]:
    """Hide words in a link, a feed, a capture and a message; return addresses of the draft."""
    url = hostile.says("/CONCEALED-address", PAGE)
    basma.post("/desk/round", data={"links": f"CONCEALED title {url}", "note": "CONCEALED note"})
    basma.post("/desk/feeds", data={"url": hostile.says("/CONCEALED-feed", RSS, "text/xml")})
    article = str(basma.post("/desk/round/links/1/source").headers["location"]).partition("?")[0]
    with desk_session(settings) as db:
        record = article.rsplit("/", 1)[1]
        number = db.scalars(select(Draft.id).where(Draft.record == record)).one()
    draft = f"/desk/drafts/{number}"
    post(basma, draft, "capture")
    key = reader.get("/tell").text.split('name="key" value="')[1].split('"')[0]
    letter = {
        "kind": "removal",
        "about": "CONCEALED",
        "words": "CONCEALED words",
        "reach": "CONCEALED@example.org",
        "key": key,
    }
    assert reader.post("/tell", data=letter).status_code == 303
    basma.post("/desk/round/messages/1", data={"do": "note", "note": "CONCEALED answer"})
    return draft, article


@pytest.mark.usefixtures("quick_writers")
def test_secrets_are_shown_at_no_address(
    chidi: TestClient,
    basma: TestClient,
    visit: Visit,
    *,
    hostile: HostileServer,
    published_world: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As a reader and another contributor, who sees the links of the round, and reports."""
    caplog.set_level(logging.DEBUG)
    amal, reader = give_cookies(visit("192.0.2.1"), "Amal"), visit("192.0.2.2")
    named = secrets_of_basma(basma, amal)
    draft, article = planted(basma, reader, hostile, published_world)
    of_intake = every_address({"record": "S3", "token": "token", "code": "outlet-1"})
    of_intake |= {"draft": draft, "article": article}
    of_intake["round"] += "?view=closed"
    of_drafts = every_address(named)
    for editor, word, addresses, wanted in (
        (amal, "SECRET", of_drafts, "draft-preview review reviews desk-record bulk-review"),
        (basma, "CONCEALED", of_intake, "round lead feeds letter draft article"),
    ):
        shown = {name for name, at in addresses.items() if word in editor.get(at).text}
        assert shown >= {*wanted.split()}, "editors must see the secrets on these pages"
    assert basma.get("/desk/captures/1").status_code == 200
    own = begin(chidi, key="his own")
    may_see = {of_intake[name] for name in ("round", "lead", "article", "articles")}
    sent = named | {"version": f"{named['id']}.1", "number": "1", "sheet": "x"}
    for client in (reader, chidi):
        for at in dict.fromkeys([*of_drafts.values(), *of_intake.values(), *PUBLIC, own]):
            if at.endswith(("sign-out", "/end")):
                continue
            answers = [client.get(at)]
            if at.startswith("/desk"):
                acts = ("save", "autosave", "same E1")
                answers += [client.post(at, data=sent | {"do": do}) for do in acts]
            said = "".join(answer.text + str(answer.headers) for answer in answers)
            assert "SECRET" not in said, at
            assert "CONCEALED" not in said or (client is chidi and at in may_see), at
    assert chidi.get("/desk").status_code == 200, "Chidi must still be signed in after all requests"
    with desk_session(published_world) as db:
        kept = [*db.execute(text("SELECT * FROM record.version"))]
        kept += db.execute(text("SELECT words FROM desk.audit WHERE action <> 'added-feed'"))
    # Exclude the logs of the test client.
    ours = [each for each in caplog.records if not each.name.startswith(("http", "asyncio"))]
    everything = "".join(map(str, kept)) + "".join(each.getMessage() for each in ours)
    assert "SECRET" not in everything and "CONCEALED" not in everything
