"""A day of accounts in a real browser, half of it without scripts."""

import re
from typing import TYPE_CHECKING

import pyotp
from playwright.sync_api import expect

from app.desk.identity import commands, second_factor
from app.settings import Settings
from tests.conftest import desk_session, serving
from tests.support.desk_browser import open_page, press, type_password
from tests.support.desk_people import PASSWORD, forget_used_codes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def add_app(page: "Page") -> str:
    """Fill in the page that adds an authenticator app; return the secret."""
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    press(page, "Turn it on")
    expect(page.locator(".codes li")).to_have_count(second_factor.RECOVERY_CODE_COUNT)
    return secret


def test_accounts_work_from_first_link_to_disabling(database: Settings, browser: "Browser") -> None:
    with desk_session(database) as db:
        first_link = commands.make_first_link(db)
    with (
        serving(database) as site,
        open_page(browser, site, java_script_enabled=False) as amal,
        open_page(browser, site) as chidi,
        open_page(
            browser, site, user_agent="Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1"
        ) as phone,
    ):
        # Amal opens the first link, sets a password and is the admin.
        amal.goto(f"/desk/welcome/{first_link}")
        amal.get_by_label("E-mail").fill("amal@example.org")
        amal.get_by_label("Your name").fill("Amal")
        amal.get_by_label("Password").fill(PASSWORD)
        press(amal, "Save and sign in")
        # An admin needs a second factor before anything else.
        expect(amal.get_by_role("heading", name="Add a second factor to continue")).to_be_visible()
        expect(amal.get_by_role("navigation")).to_have_count(0)
        add_app(amal)
        amal.get_by_role("link", name="I have saved these codes").click()
        expect(amal.get_by_role("heading", name="My desk")).to_be_visible()

        # She invites Chidi, as a contributor.
        amal.get_by_role("navigation").get_by_role("link", name="People").click()
        amal.get_by_label("E-mail").fill("chidi@example.org")
        press(amal, "Create an invitation")
        link = amal.get_by_label("Link").input_value()

        # He follows the link, adds a second factor and signs out.
        chidi.goto(link)
        chidi.get_by_label("Your name").fill("Chidi")
        chidi.get_by_label("Password").fill(PASSWORD)
        press(chidi, "Save and sign in")
        expect(chidi.get_by_role("navigation").get_by_role("link", name="People")).to_have_count(0)
        chidi.get_by_role("link", name="Chidi").click()
        chidi.get_by_role("link", name="Add an authenticator app").click()
        secret = add_app(chidi)
        recovery_code = chidi.locator(".codes li").first.inner_text()
        chidi.get_by_role("link", name="I have saved these codes").click()
        expect(chidi.get_by_text("10 recovery codes are left")).to_be_visible()
        press(chidi, "Sign out")
        expect(chidi.get_by_role("heading", name="Sign in")).to_be_visible()
        chidi.go_back()
        # The Back button shows no page of the desk.
        expect(chidi.get_by_role("heading", name="Sign in")).to_be_visible()

        # He signs in with it on this computer, and with a recovery code on a phone.
        with desk_session(database) as db:
            forget_used_codes(db)
        type_password(chidi, "Chidi")
        chidi.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
        press(chidi, "Continue")
        expect(chidi.get_by_role("heading", name="My desk")).to_be_visible()
        type_password(phone, "Chidi")
        phone.get_by_label("Code", exact=True).fill(recovery_code)
        press(phone, "Continue")
        expect(phone.get_by_role("heading", name="My desk")).to_be_visible()

        # He sees the phone among his sign-ins, and ends it.
        chidi.get_by_role("link", name="Chidi").click()
        expect(chidi.get_by_text("9 recovery codes are left")).to_be_visible()
        chidi.get_by_role("row", name=re.compile("Safari on iPhone")).get_by_role("button").click()
        expect(chidi.get_by_text("The session has ended.")).to_be_visible()
        phone.goto("/desk/account")
        expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()

        # Amal disables him: he is out at once, and cannot come back.
        amal.goto("/desk/people")
        amal.get_by_role("link", name="Chidi").click()
        press(amal, "Disable")
        expect(
            amal.get_by_text("All sessions of Chidi have ended, and the account is disabled.")
        ).to_be_visible()
        chidi.goto("/desk/account")
        expect(chidi.get_by_role("heading", name="Sign in")).to_be_visible()
        type_password(chidi, "Chidi")
        expect(chidi.get_by_role("alert")).to_contain_text("The e-mail or password is wrong")
