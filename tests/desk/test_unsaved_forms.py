"""Input that could not be saved: kept on the error page, and on the page of the draft."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import psycopg
import pytest
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient

from app.database import engines
from app.database.engines import libpq_url
from app.settings import Settings
from tests.conftest import open_page, serving
from tests.desk.conftest import Visit
from tests.support.desk_browser import begins_an_event, sign_in_in_browser
from tests.support.desk_people import PASSWORD, give_password
from tests.support.draft_pages import begin, fields, stored
from tests.support.html import first_match

TYPED = 'Told <b>to</b> "leave" & more\r\n노동자'


@pytest.fixture
def short_lock_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the lock timeouts of 15 seconds, and of 4 seconds for readers."""
    for name in ("WEB_DESK_OPTIONS", "READER_OPTIONS"):
        monkeypatch.setattr(engines, name, getattr(engines, name) | {"lock_timeout": "300ms"})


@contextmanager
def locked(settings: Settings, table: str) -> Iterator[None]:
    with psycopg.connect(libpq_url(settings.migrate_database_url or "")) as connection:
        connection.execute(f"LOCK {table} IN ACCESS EXCLUSIVE MODE".encode())
        yield
        connection.rollback()


def fields_of_error_page(html: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', html)
    return {unescape(name): unescape(text) for name, text in found}


def test_save_of_locked_draft_can_be_repeated(
    short_lock_timeouts: None,
    chidi: TestClient,
    desk_world: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    at = begin(chidi)
    sent = {**fields(chidi.get(at).text), "summary": TYPED, "do": "save"}
    with locked(desk_world, "desk.draft"):
        answers = [chidi.post(at, data=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "The form could not be saved" in answers[0].text and "Send it again" in answers[0].text
    again = fields_of_error_page(answers[0].text)
    assert again == sent
    assert chidi.post(at, data=again).status_code == 303
    assert stored(desk_world, at).document["summary"] == TYPED.replace("\r\n", "\n")
    faults = [getattr(record, "fault", "") for record in caplog.records]
    assert "database: canceling statement due to lock timeout" in faults


def test_save_after_server_error_can_be_repeated(chidi: TestClient, desk_world: Settings) -> None:
    at = begin(chidi)
    sent = {**fields(chidi.get(at).text), "summary": TYPED, "do": "save"}
    rename = "ALTER TABLE desk.revision RENAME TO gone"
    with psycopg.connect(
        libpq_url(desk_world.migrate_database_url or ""), autocommit=True
    ) as owner:
        owner.execute(rename)
        answer = chidi.post(at, data=sent)
        owner.execute("ALTER TABLE desk.gone RENAME TO revision")
    assert answer.status_code == 500
    assert fields_of_error_page(answer.text) == sent
    assert chidi.post(at, data=sent).status_code == 303


def test_error_page_omits_passwords(
    short_lock_timeouts: None, desk_world: Settings, visit: Visit
) -> None:
    client = visit()
    with locked(desk_world, "desk.person"):
        answer = give_password(client, "Chidi")
    assert answer.status_code == 503
    assert PASSWORD not in unescape(answer.text) and "Go back" in answer.text


def test_reader_message_can_be_sent_again(
    short_lock_timeouts: None, desk_world: Settings, visit: Visit
) -> None:
    client = visit()
    page = client.get("/tell").text
    key = first_match(r'name="key" value="([^"]*)"', page)
    sent = {"kind": "other", "words": TYPED, "about": "", "reach": "", "key": key, "website": ""}
    # A message written too quickly would be rejected before the database is used.
    with locked(desk_world, "desk.letter"), pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.site.tell.MIN_FORM_SECONDS", -1)
        answer = client.post("/tell", data=sent)
    assert answer.status_code == 503
    assert fields_of_error_page(answer.text) == sent


def test_draft_page_shows_that_save_failed(
    short_lock_timeouts: None, desk_world: Settings, browser: Browser
) -> None:
    with serving(desk_world) as site, open_page(browser, site) as page:
        sign_in_in_browser(page, "Chidi")
        page.goto("/desk")
        begins_an_event(page)
        warning = page.locator("#not-saved")
        expect(warning).to_be_hidden()
        save = page.get_by_role("button", name="Save draft", exact=True).last
        with locked(desk_world, "desk.draft"):
            page.get_by_label("What happened").fill("Typed in vain?")
            save.click()
            expect(warning).to_be_visible()
            expect(page.get_by_label("What happened")).to_have_value("Typed in vain?")
        save.click()
        expect(warning).to_be_hidden()
        page.reload()
        expect(page.get_by_label("What happened")).to_have_value("Typed in vain?")
