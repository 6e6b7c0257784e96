"""Readers send messages: form, errors, database rights, and logs."""

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.database.engines import reader_engine
from app.database.sessions import LetterboxSession
from app.main import create_app
from app.settings import Settings
from app.site import tell as telling
from tests.browser import grave_faults
from tests.conftest import open_page, reader_session, serving
from tests.desk.conftest import Visit
from tests.support.desk_browser import sign_in_in_browser
from tests.support.messages import WORDS, form_key, send_message, stored_messages
from tests.support.worlds import give_cookies

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SEND = "SELECT letterbox.send('{key}', '{kind}', '', 'x', '', ARRAY['n'], NULL)"
CODE_ADDRESS = re.compile(r"/tell/[a-z2-7]{4}(-[a-z2-7]{4}){3}")


pytestmark = pytest.mark.usefixtures("quick_writers")


# Sending ------------------------------------------------------------------------------------------


def test_message_is_stored_as_written(visit: Visit, desk_world: Settings) -> None:
    reader, basma = visit("198.51.100.9"), give_cookies(visit(), "Basma")
    assert CODE_ADDRESS.fullmatch(send_message(reader, reach="me@example.org").headers["location"])
    (letter,) = stored_messages(desk_world)
    assert (letter.kind, letter.about, letter.words) == ("removal", "/events/E7", WORDS)
    assert (letter.reach, letter.state, letter.owner) == ("me@example.org", "new", None)
    assert not reader.cookies
    assert "Basma" not in basma.get("/tell").text and send_message(basma).status_code == 303


def test_form_is_prefilled_and_not_cached(visit: Visit, in_the_record: Settings) -> None:
    reader = visit()
    answer = reader.get("/tell?about=/events/E7&kind=removal")
    assert 'value="/events/E7"' in answer.text and 'value="removal" checked' in answer.text
    assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers
    assert answer.headers["referrer-policy"] == "same-origin", (
        "the referrer policy must let browsers send the origin of the form"
    )
    assert form_key(reader) != form_key(reader)
    assert "Enter the code that was shown" in reader.get("/tell/sent").text
    assert (
        'href="/tell?about=/events/E7"' in reader.get("/events/E7").text
        and 'href="/tell"' in reader.get("/").text
    )


WRONG: list[tuple[dict[str, str], str]] = [
    ({"words": ""}, "Enter a message"),
    ({"words": " \n\x00"}, "Enter a message"),
    ({"words": "x" * 5_001}, "too long"),
    ({"kind": ""}, "Choose one"),
    ({"kind": "praise"}, "Choose one"),
    ({"about": "x" * 501}, "too long"),
    ({"website": "http://spam.example"}, "Leave the last field empty"),
    ({"key": "x"}, "Check your message and send it again"),
    ({"key": "6925e0a1.0123456789abcdef." + "0" * 32}, "Check your message and send it again"),
]


def test_invalid_message_shows_error_and_keeps_text(visit: Visit, desk_world: Settings) -> None:
    reader = visit()
    for typed, why in WRONG:
        answer = send_message(reader, **{"reach": "me@example.org", **typed})
        assert (
            answer.status_code == 422 and why in answer.text and "me@example.org" in answer.text
        ), typed
        assert typed.get("words", WORDS).strip("\x00 \n") in answer.text
    assert stored_messages(desk_world) == []


def test_form_sent_too_fast_or_too_late_is_refused(
    visit: Visit, desk_world: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = visit()
    monkeypatch.setattr(telling, "MIN_FORM_SECONDS", 60)
    key = form_key(reader)
    assert "sent too quickly" in send_message(reader, key).text
    monkeypatch.setattr(telling, "MIN_FORM_SECONDS", 0)
    monkeypatch.setattr(telling, "MAX_FORM_SECONDS", -1)
    late = send_message(reader, key)
    assert "open for a long time" in late.text and WORDS in late.text
    monkeypatch.setattr(telling, "MAX_FORM_SECONDS", 60)
    assert send_message(reader, key).status_code == 303


def test_changed_message_of_same_form_is_stored(visit: Visit, desk_world: Settings) -> None:
    reader = visit("198.51.100.9")
    key = form_key(reader)
    first = send_message(reader, key).headers["location"]
    # The reader goes back, changes a field, and sends the form again.
    changes = [
        {"words": "It names a person too."},
        {"about": "/events/E8"},
        {"reach": "a@b.example"},
        {"kind": "other"},
    ]
    later = [send_message(reader, key, **typed).headers["location"] for typed in changes]
    assert len({first, *later}) == 5
    assert [letter.words for letter in stored_messages(desk_world)] == [
        WORDS,
        "It names a person too.",
        *[WORDS] * 3,
    ]
    assert (
        send_message(reader, key).headers["location"] == first
        and len(stored_messages(desk_world)) == 5
    )
    assert all("Received" in reader.get(address).text for address in (first, *later))


def test_reader_role_can_send_but_not_read(desk_world: Settings, visit: Visit) -> None:
    send_message(visit())
    with reader_session(desk_world) as reading:
        for statement in ("SELECT * FROM desk.letter", SEND.format(key="k", kind="other")):
            with (
                pytest.raises(DBAPIError, match=r"permission denied|read-only"),
                reading.begin_nested(),
            ):
                reading.execute(text(statement))
    engine = reader_engine(desk_world).execution_options(postgresql_readonly=False)
    with LetterboxSession(engine) as writing, writing.begin():
        assert writing.scalar(text(SEND.format(key="k", kind="other"))) == "kept"
        for statement in (
            "SELECT * FROM desk.letter",
            "UPDATE desk.letter SET words = ''",
            "DELETE FROM desk.letter_count",
            "INSERT INTO record.edition (no, message, release) VALUES (99, '', '')",
            "SELECT * FROM desk.letter_salt",
            "SELECT letterbox.hash_networks('guess', ARRAY['n'])",
            SEND.format(key="k2", kind="praise"),
        ):
            with (
                pytest.raises(DBAPIError, match=r"permission denied|ck_letter_kind"),
                writing.begin_nested(),
            ):
                writing.execute(text(statement))
    engine.dispose()


def test_message_on_replica_answers_503(
    visit: Visit, desk_world: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only transaction fails like one on a replica."""
    real = LetterboxSession.scalar

    def only_reading(session: Session, *asked: Any, **more: Any) -> Any:
        session.execute(text("SET TRANSACTION READ ONLY"))
        return real(session, *asked, **more)

    reader = visit()
    key = form_key(reader)
    monkeypatch.setattr(LetterboxSession, "scalar", only_reading)
    assert send_message(reader, key).status_code == 503


def test_public_only_site_accepts_messages(desk_world: Settings) -> None:
    app = create_app(desk_world.model_copy(update={"public_only": True, "database_url": None}))
    client = TestClient(app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})
    assert send_message(client).status_code == 303 and len(stored_messages(desk_world)) == 1
    assert client.get("/desk/round").status_code == 404


def test_logs_hold_neither_message_nor_address(
    visit: Visit,
    desk_world: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError(f"{WORDS} from 198.51.100.9")

    reader = visit("198.51.100.9")
    key = form_key(reader)
    with caplog.at_level("DEBUG"):
        send_message(reader, key)
        monkeypatch.setattr(telling, "_send", fail)
        assert send_message(reader).status_code == 500
    ours = "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("http")
    )
    assert re.search("RuntimeError at [^ ]+ > app/site/tell.py", ours)
    assert "dormitory" not in ours and "198.51" not in ours


# In a browser -------------------------------------------------------------------------------------


def test_message_without_scripts_lets_editor_hide_record(
    in_the_record: Settings, browser: "Browser"
) -> None:
    with serving(in_the_record) as site:
        with open_page(browser, site, java_script_enabled=False) as page:
            page.goto("/events/E7")
            page.get_by_role("link", name="Report a mistake").click()
            expect(page.get_by_label("Record or page")).to_have_value("/events/E7")
            page.get_by_label("Remove something").check()
            page.get_by_label("Message", exact=True).fill(WORDS)
            page.get_by_role("button", name="Send").click()
            expect(page.get_by_role("heading", name="Your message: Received")).to_be_visible()
            code = page.locator("strong.code").inner_text()
            assert page.context.cookies() == []
            page.set_viewport_size({"width": 390, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            page.get_by_role("link", name="Enter a code").click()
            page.get_by_label("Code").fill("abcd")
            page.get_by_role("button", name="Show the state").click()
            expect(page.get_by_role("alert")).to_contain_text("No message has this code")
            page.get_by_label("Code").fill(code)
            page.get_by_role("button", name="Show the state").click()
            expect(page.get_by_role("heading", name="Your message: Received")).to_be_visible()
        with open_page(browser, site) as page:
            sign_in_in_browser(page, "Basma")
            page.get_by_role("link", name="Read messages").click()
            page.get_by_role("link", name="/events/E7").click()
            assert grave_faults(page) == []
            page.get_by_role("button", name="Hide it from readers now").click()
            expect(page.get_by_role("status").first).to_contain_text("hidden from readers")
            page.goto("/events/E7")
            expect(page.get_by_role("heading", name="This record was withdrawn")).to_be_visible()
