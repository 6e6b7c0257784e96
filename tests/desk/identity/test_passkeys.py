"""Passkeys in a browser with a virtual authenticator: adding, signing in, removing, failures."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, text
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from app.desk.identity.models import Challenge
from app.desk.identity.sign_ins import hash_of
from app.desk.identity.throttle import MAX_PER_ADDRESS
from app.settings import Settings
from tests.browser import grave_faults
from tests.conftest import desk_session, open_page, serving
from tests.desk.conftest import Visit
from tests.support.desk_browser import sign_in_in_browser, type_password
from tests.support.desk_people import PASSWORD, is_in, make_people, person, sign_in

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def with_device(page: Page) -> Iterator[Any]:
    """Add a virtual authenticator to the browser; return its CDP session and id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield lambda what, **more: session.send(f"WebAuthn.{what}", {**added, **more})


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def by_name(site: str) -> str:
    """Return the address with the host `localhost`: passkeys need a host name."""
    return site.replace("127.0.0.1", "localhost")


def add(page: Page, name: str, password: str = PASSWORD) -> None:
    page.goto("/desk/account")
    form = page.locator("#passkey-form")
    form.get_by_label("Name of the passkey").fill(name)
    form.get_by_label("Your password").fill(password)
    press(page, "Add a passkey")


def test_passkey_is_added_signs_in_and_is_removed(database: Settings, browser: Browser) -> None:
    make_people(database, "Chidi")
    with (
        serving(database) as site,
        open_page(browser, by_name(site)) as page,
        with_device(page) as device,
    ):
        sign_in_in_browser(page, "Chidi")
        add(page, "My phone", password="not hers at all")
        expect(page.get_by_role("alert")).to_contain_text(
            "This password is wrong. Enter your current password."
        )
        add(page, "My phone")
        expect(page.get_by_text("where to store “My phone”")).to_be_visible()
        assert grave_faults(page) == []
        press(page, "Continue")
        expect(page.locator(".codes li")).to_have_count(10)
        recovery_code = page.locator(".codes li").first.inner_text()
        # The device already has a passkey, and reports it.
        add(page, "My phone again")
        press(page, "Continue")
        expect(page.get_by_role("alert")).to_contain_text(
            "It may already have a passkey for this account."
        )

        # The passkey alone is enough.
        press(page, "Sign out")
        assert grave_faults(page) == []
        with page.expect_request("**/desk/sign-in/passkey") as sent:
            press(page, "Use a passkey")
        expect(page.get_by_role("heading", name="My desk")).to_be_visible()
        # Its response works once.
        answer: Any = {
            name: values[0] for name, values in parse_qs(sent.value.post_data or "").items()
        }
        again = page.context.request.post(
            "/desk/sign-in/passkey", form=answer, headers={"sec-fetch-site": "same-origin"}
        )
        assert again.status == 422
        page.goto("/desk/account")
        row = page.get_by_role("row", name="My phone")
        expect(row).not_to_contain_text("never")
        assert grave_faults(page) == []

        # After the password comes the passkey or, without scripts, a recovery code.
        press(page, "Sign out")
        type_password(page, "Chidi")
        expect(page.get_by_text("Password accepted.")).to_be_visible()
        assert grave_faults(page) == []
        press(page, "Use a passkey")
        expect(page.get_by_role("heading", name="My desk")).to_be_visible()
        with open_page(browser, by_name(site), java_script_enabled=False) as plain:
            type_password(plain, "Chidi")
            expect(plain.get_by_role("button", name="Use a passkey")).to_be_hidden()
            plain.get_by_label("Code", exact=True).fill(recovery_code)
            press(plain, "Continue")
            expect(plain.get_by_role("heading", name="My desk")).to_be_visible()

        # Rejected: a device without user verification, and a disabled person.
        press(page, "Sign out")
        device("setUserVerified", isUserVerified=False)
        press(page, "Use a passkey")
        expect(page.get_by_role("alert")).to_be_visible()
        device("setUserVerified", isUserVerified=True)
        set_disabled(database, "now()")
        page.goto("/desk/sign-in")
        press(page, "Use a passkey")
        expect(page.get_by_role("alert")).to_contain_text("or the account is disabled")
        set_disabled(database, "NULL")

        # After removing the passkey, the password is enough again.
        press(page, "Use a passkey")
        expect(page.get_by_role("heading", name="My desk")).to_be_visible()
        page.goto("/desk/account")
        page.locator("#passkey-form").get_by_label("Your password").fill(PASSWORD)
        row.get_by_role("button", name="Remove").click()
        expect(page.get_by_text("The passkey was removed here.")).to_be_visible()
        press(page, "Sign out")
        press(page, "Use a passkey")
        expect(page.get_by_role("alert")).to_contain_text("No known passkey")
        sign_in_in_browser(page, "Chidi")
        expect(page.get_by_role("heading", name="My desk")).to_be_visible()
    with desk_session(database) as db:
        log = db.scalars(text("SELECT action FROM desk.audit ORDER BY id")).all()
    assert [each.removesuffix("-passkey") for each in log if "passkey" in each] == [
        *("added", "used", "failed", "used", "failed", "used", "removed", "failed")
    ]
    assert person(database, "Chidi").recovery_hashes == []


def set_disabled(settings: Settings, since: str) -> None:
    with desk_session(settings) as db:
        db.execute(text(f"UPDATE desk.person SET disabled_at = {since}"))


def test_passkey_is_enough_to_enrol(database: Settings, browser: Browser) -> None:
    make_people(database, "Basma", with_factor=False)
    phone: Any = {"width": 390, "height": 844}
    with (
        serving(database) as site,
        open_page(browser, by_name(site), viewport=phone) as page,
        with_device(page),
    ):
        page.goto("/desk/round")
        page.get_by_label("E-mail").fill("basma@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        press(page, "Sign in")
        expect(page.get_by_role("heading", name="Add a second factor to continue")).to_be_visible()
        form = page.locator("#passkey-form")
        form.get_by_label("Name of the passkey").fill("My phone")
        form.get_by_label("Your password").fill(PASSWORD)
        press(page, "Add a passkey")
        press(page, "Continue")
        expect(page.locator(".codes li")).to_have_count(10)
        page.get_by_role("link", name="I have saved these codes").click()
        expect(page.get_by_role("heading", name="This week’s round")).to_be_visible()

        # An editor can't remove the only factor.
        page.goto("/desk/account")
        expect(
            page.get_by_role("row", name="My phone").get_by_role("button", name="Remove")
        ).to_have_count(0)
        expect(page.get_by_text("Your role requires a second factor")).to_be_visible()
        with desk_session(database) as db:
            id = db.scalar(text("SELECT id FROM desk.passkey"))
        removing = page.context.request.post(
            f"/desk/account/passkeys/{id}/remove",
            form={"own_password": PASSWORD},
            headers={"sec-fetch-site": "same-origin"},
        )
        assert removing.status == 409


@pytest.fixture
def at_localhost(visit: Visit) -> TestClient:
    client = visit()
    client.base_url = client.base_url.copy_with(host="localhost")
    return client


def hostile_credentials() -> Iterator[str]:
    """Credentials that a program could send: JSON that is hard to parse, or has hostile content."""
    yield "[" * 9_000
    yield "9" * 19_000
    asked = {"type": "webauthn.create", "challenge": CHALLENGE, "origin": "http://localhost"}
    for client_data, attestation in (
        ({**asked, "challenge": {"a": [1]}}, "AA"),
        ({**asked, "challenge": "\ud800"}, "AA"),
        (asked, packed(b"\x81" * 9_000)),
        ({**asked, "type": "webauthn.get"}, "AA"),
    ):
        sent = {"authenticatorData": "AA", "signature": "AA", "attestationObject": attestation}
        sent["clientDataJSON"] = packed(json.dumps(client_data).encode())
        yield json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": sent})


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


CHALLENGE = packed(b"c" * 32)


def test_hostile_credential_is_rejected_without_error(
    database: Settings, at_localhost: TestClient
) -> None:
    basma = make_people(database, "Basma")["Basma"]

    def offer_challenge(person: int | None) -> None:
        with desk_session(database) as db:
            db.add(Challenge(hash=hash_of(b"c" * 32), person=person))

    for each in hostile_credentials():
        with suppress(IntegrityError):
            offer_challenge(None)
        answer = at_localhost.post("/desk/sign-in/passkey", data={"credential": each, "next": ""})
        assert answer.status_code == 422, each[:100]
    sign_in(at_localhost, "Basma")
    with desk_session(database) as db:
        db.execute(delete(Challenge))
    for each in hostile_credentials():
        with suppress(IntegrityError):
            offer_challenge(basma)
        answer = at_localhost.post(
            "/desk/account/passkeys/add", data={"credential": each, "name": "x"}
        )
        assert answer.headers["location"] == "/desk/account", each[:100]


def test_ip_address_or_plain_http_offers_no_passkeys(database: Settings, visit: Visit) -> None:
    make_people(database, "Basma")
    for host in ("127.0.0.1", "testserver"):
        client = visit()
        client.base_url = client.base_url.copy_with(host=host)
        assert "Use a passkey" not in client.get("/desk/sign-in").text
        assert client.post("/desk/sign-in/passkey/question").status_code == 404
        sign_in(client, "Basma")
        assert is_in(client)
        assert "Browsers create passkeys only for" in client.get("/desk/account").text


def test_challenges_expire_and_are_limited(database: Settings, at_localhost: TestClient) -> None:
    with desk_session(database) as db:
        db.execute(
            text("INSERT INTO desk.challenge VALUES ('old', NULL, now() - interval '6 minutes')")
        )
    most = MAX_PER_ADDRESS["passkey"]
    answers = [
        at_localhost.post("/desk/sign-in/passkey/question").status_code for _ in range(most + 1)
    ]
    assert answers == [200] * most + [429]
    with desk_session(database) as db:
        kept = db.scalar(text("SELECT count(*) FROM desk.challenge"))
        assert kept == most
        assert not db.scalar(text("SELECT count(*) FROM desk.challenge WHERE hash = 'old'"))
