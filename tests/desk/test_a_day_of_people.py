"""A day of people at the desk, in a real browser, half of it without scripts: from first link to last sign-in."""

import re
from typing import TYPE_CHECKING

import pyotp
from playwright.sync_api import expect

from app.desk.people import commands, second_factor
from app.settings import Settings
from tests.conftest import desk_session, serving
from tests.desk.cast import PASSWORD
from tests.desk.test_pages import comes_in, opened
from tests.desk.test_second_factor import forget_last_step

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def press(page: "Page", name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_the_first_link_to_the_last_sign_in(database: Settings, browser: "Browser") -> None:
    with desk_session(database) as db:
        first_link = commands.make_first_link(db)
    with (
        serving(database) as site,
        opened(browser, site, java_script_enabled=False) as amal,
        opened(browser, site) as chidi,
        opened(browser, site, user_agent="Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1") as phone,
    ):
        # Amal opens the first link, sets a password and is the admin.
        amal.goto(f"/desk/welcome/{first_link}")
        amal.get_by_label("E-mail").fill("amal@example.org")
        amal.get_by_label("Your name").fill("Amal")
        amal.get_by_label("Password").fill(PASSWORD)
        press(amal, "Save and sign in")
        expect(amal.get_by_role("heading", name="My desk")).to_be_visible()

        # She invites Chidi, as a contributor.
        amal.get_by_role("navigation").get_by_role("link", name="People").click()
        amal.get_by_label("E-mail").fill("chidi@example.org")
        press(amal, "Make an invitation")
        link = amal.get_by_label("Link").input_value()

        # He follows the link, adds a second factor and signs out.
        chidi.goto(link)
        chidi.get_by_label("Your name").fill("Chidi")
        chidi.get_by_label("Password").fill(PASSWORD)
        press(chidi, "Save and sign in")
        expect(chidi.get_by_role("navigation").get_by_role("link", name="People")).to_have_count(0)
        chidi.get_by_role("link", name="Chidi").click()
        chidi.get_by_role("link", name="Add an authenticator app").click()
        secret = chidi.locator(".secret").inner_text().replace(" ", "")
        chidi.get_by_label("Your password").fill(PASSWORD)
        chidi.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
        press(chidi, "Turn it on")
        expect(chidi.locator(".codes li")).to_have_count(second_factor.RECOVERY_CODES)
        recovery_code = chidi.locator(".codes li").first.inner_text()
        chidi.get_by_role("link", name="I have kept them").click()
        expect(chidi.get_by_text("10 recovery codes are left")).to_be_visible()
        press(chidi, "Sign out")
        expect(chidi.get_by_role("heading", name="Sign in")).to_be_visible()
        chidi.go_back()
        # Nothing stays behind the Back button.
        expect(chidi.get_by_role("heading", name="Sign in")).to_be_visible()

        # He signs in with it on this computer, and with a recovery code on a phone.
        forget_last_step(database)
        comes_in(chidi, "Chidi")
        chidi.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
        press(chidi, "Go on")
        expect(chidi.get_by_role("heading", name="My desk")).to_be_visible()
        comes_in(phone, "Chidi")
        phone.get_by_label("Code", exact=True).fill(recovery_code)
        press(phone, "Go on")
        expect(phone.get_by_role("heading", name="My desk")).to_be_visible()

        # He sees the phone among his sign-ins, and ends it.
        chidi.get_by_role("link", name="Chidi").click()
        expect(chidi.get_by_text("9 recovery codes are left")).to_be_visible()
        chidi.get_by_role("row", name=re.compile("Safari on iPhone")).get_by_role("button").click()
        expect(chidi.get_by_text("That browser is signed out.")).to_be_visible()
        phone.goto("/desk/account")
        expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()

        # Amal disables him: he is out at once, and cannot come back.
        amal.goto("/desk/people")
        amal.get_by_role("link", name="Chidi").click()
        press(amal, "Disable")
        expect(amal.get_by_text("Chidi is signed out everywhere and can’t sign in again.")).to_be_visible()
        chidi.goto("/desk/account")
        expect(chidi.get_by_role("heading", name="Sign in")).to_be_visible()
        comes_in(chidi, "Chidi")
        expect(chidi.get_by_role("alert")).to_contain_text("Nobody has this address and this password")
