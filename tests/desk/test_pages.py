"""Rules for every desk page: strict templates, no inline script or style, no serious axe issue."""

import re
from typing import Any

import pytest
from jinja2 import StrictUndefined
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save
from app.settings import Settings
from app.web.templates import environment
from tests.browser import WINDOWS, complaints_of, grave_faults
from tests.conftest import desk_session, open_page, serving
from tests.desk.conftest import Visit
from tests.make import a_small_world, make_event, make_source
from tests.support.desk_accounts import invite
from tests.support.desk_browser import sign_in_in_browser
from tests.support.desk_people import (
    PASSWORD,
    add_factor,
    give_password,
    make_people,
    sign_in,
)
from tests.support.draft_pages import begin, decide, fields, post, submit, two_versions, write_event
from tests.support.messages import store_message
from tests.support.worlds import publish_new


def test_desk_templates_have_no_inline_script_or_style(database: Settings, visit: Visit) -> None:
    environment.cache_clear()
    env = environment()
    assert env.undefined is StrictUndefined
    answers, secret = pages_of_the_desk(database, visit)
    rendered = {name for _, name in (env.cache or {})}
    assert rendered >= {name for name in env.list_templates() if name.startswith("desk/")}
    for answer in answers:
        assert "<h1" in answer.text, answer.url
        assert not [word for word in ("style=", "<style", "<script>") if word in answer.text]
        assert "Desk – private" in answer.text
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert secret not in answer.text


def pages_of_the_desk(database: Settings, visit: Visit) -> tuple[list[Any], str]:
    """Return responses in which every template of the desk is, and the secret of Amal's app."""
    basma = make_people(database, "Amal", "Basma", "Chidi")["Basma"]
    client = visit()
    client.base_url = client.base_url.copy_with(host="localhost")
    answers = [
        client.get("/desk/sign-in"),
        client.get("/desk/welcome/x"),
        sign_in(client, "Amal", "wrong"),
    ]
    sign_in(client, "Amal")
    answers.append(client.get(invite(client, "Dora")))
    answers.append(client.post(f"/desk/people/{basma}/link"))
    answers.append(client.get("/desk/account"))
    secret, _ = add_factor(client)
    passkey = {"name": "My phone", "own_password": PASSWORD}
    answers.append(client.post("/desk/account/passkeys", data=passkey))
    addresses = ["/desk", "/desk/account", "/desk/people", f"/desk/people/{basma}", "/desk/audit"]
    answers += [client.get(address) for address in addresses]
    other = visit("203.0.113.7")
    sign_in(other, "Basma")
    draft, conflict_page = two_versions(other, client)
    answers += [conflict_page, client.get(f"{draft}?check=1")]
    assert client.post(f"{draft}/reading", data={"path": "title", "title": "x"}).status_code == 200
    saved = {**fields(client.get(draft).text), "do": "autosave"}
    assert client.post(draft, data=saved).status_code == 200
    report = {"key": "key", "url": "https://example.org/report"}
    begun = other.post("/desk/sources", data=report).headers["location"]
    source = begun.partition("?")[0].rsplit("/", 1)[1]
    addresses = ["/desk", "/desk/sources", f"/desk/sources/{source}", f"/desk/search?q={source}"]
    answers += [other.get(address) for address in addresses]
    answers += pages_of_entries(f"/desk/sources/{source}", other)
    pasted = "https://example.org/new https://example.org/later"
    other.post("/desk/round", data={"links": pasted})
    answers += [other.get(address) for address in ("/desk/round/links/1", "/desk/feeds")]
    answers.append(other.get(other.post("/desk/round/links/1/source").headers["location"]))
    answers.append(other.get(begin(other, "S", key="source")))
    store_message(database, about="E1", words="Please remove it.")
    answers += [other.get(address) for address in ("/desk/round", "/desk/round/messages/1")]
    table = [("file", ("events.csv", b"title\nOne\n"))]
    answers += [other.get("/desk/imports"), other.post("/desk/imports", files=table)]
    answers += pages_of_review(database, other, client)
    answers += pages_of_a_report(other, client)
    chidi = visit("203.0.113.8")
    sign_in(chidi, "Chidi")
    change = begin(chidi, record="O1")
    answers += [other.get(change), chidi.get(change), other.get("/desk/confirmations")]
    without_code = visit()
    give_password(without_code, "Amal")
    answers.append(without_code.get("/desk/sign-in/code"))
    return answers, secret


def pages_of_entries(at: str, basma: TestClient) -> list[Any]:
    """Return pages of a report: with an open entry, with errors, and a choice of records."""
    here = basma.post(at, data={"do": "new E"}).headers["location"].partition("#")[0]
    draft = f"/desk/drafts/{here.partition('open=')[2]}"
    sent = {**fields(basma.get(here).text), "card.statement": "Hers"}
    assert basma.post(f"{draft}/reading", data={"path": "card.when"}).status_code == 200
    assert basma.post(draft, data={**sent, "do": "autosave"}).status_code == 200
    found = basma.post(at, data={"do": "cite", "record": "x"})
    return [found, *(basma.get(each) for each in (here, f"{at}?check=1", f"{here}&check=1"))]


def pages_of_review(database: Settings, basma: TestClient, amal: TestClient) -> list[Any]:
    """Return pages of a draft under review, and of merge, purge, codebook and bulk edit."""
    publish_new(
        database,
        *a_small_world(),
        make_source(9),
        make_event(70),
        make_event(71, title="Unchanged"),
    )
    at = begin(basma, record="E70")
    why = {"change.why": "corrected", "change.reason": "The report says otherwise."}
    assert post(basma, at, "submit", title="Another title", **why).headers["location"] == "/desk"
    with desk_session(database) as db:
        save(db, make_event(70, summary="Meanwhile."))
        publish_approved(db, "Meanwhile")
    review = at.replace("drafts", "review")
    answers = [amal.get(address) for address in ("/desk/review", review, f"{at}/update", "/desk")]
    decide(amal, at, "save", comment="As seen?", field="title")
    decide(amal, at, "return", comment="Nearly.")
    answers.append(amal.get("/desk/records/E70/merge?with=E71"))
    answers += [
        amal.get(f"/desk/{page}")
        for page in ("records/E70/purge", "quality", "quality/without-archive")
    ]
    answers += [
        amal.get(f"/desk/vocabulary{page}") for page in ("", "/new/type", "/type:stay-limit")
    ]
    act = {
        "what": "field.type",
        "new": "repatriation",
        "take.E71": "yes",
    }
    answers += [
        amal.get("/desk/bulk?in=/events?place=place-1"),
        (preview := amal.post("/desk/bulk", data=act)),
    ]
    seen = dict(re.findall(r'name="(take.E71)" value="([^"]+)"', preview.text))
    made = amal.post(
        "/desk/bulk", data={**act, **seen, "step": "make", "why": "clarified", "reason": "A slip."}
    )
    answers.append(amal.get(made.headers["location"]))
    return [
        *answers,
        *(basma.get(address) for address in ("/desk", at, "/desk/records/E70")),
    ]


def pages_of_a_report(basma: TestClient, amal: TestClient) -> list[Any]:
    """Return pages of a report in review, of one that can't be submitted yet, and of notices."""
    write_event(basma, "/desk/sources/S9")
    assert submit(basma, "/desk/sources/S9").headers["location"] == "/desk/sources/S9"
    refused = basma.get(submit(basma, "/desk/sources/S1").headers["location"])
    assert "fix before review" in refused.text, "an entry of S1 is incomplete"
    return [refused, amal.get("/desk/review/reports/S9"), basma.get("/desk/notices")]


# In a browser -------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", WINDOWS)
def test_desk_pages_are_accessible_and_fit(
    database: Settings, visit: Visit, browser: Browser, window: str
) -> None:
    answers, _secret = pages_of_the_desk(database, visit)
    addresses = {
        each.request.url.raw_path.decode()
        for each in answers
        if each.request.method == "GET" and each.status_code == 200
    }
    outside = {each for each in addresses if each.startswith(("/desk/sign-in", "/desk/welcome"))}
    with (
        serving(database) as site,
        open_page(browser, site, **WINDOWS[window]) as page,
    ):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        complaints = complaints_of(page)
        for some in (outside, addresses - outside):
            for address in sorted(some):
                answer = page.goto(address)
                assert answer and answer.status == 200, address
                page.evaluate(
                    "document.querySelectorAll('details').forEach(d => { d.open = true })"
                )
                assert grave_faults(page) == [], address
            sign_in_in_browser(page, "Amal")
        assert [address for address in asked if not address.startswith(site)] == []
        assert [words for words in complaints if "422" not in words] == []
