"""Steps of desk tests in a real browser: opening a page, signing in, pressing buttons."""

from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from tests.conftest import SERVED, desk_session, wait_until
from tests.support.desk_people import FACTOR_SECRET, PASSWORD, email


def type_password(page: Page, name: str) -> None:
    page.goto("/desk/sign-in")
    page.get_by_label("E-mail").fill(email(name))
    page.get_by_label("Password").fill(PASSWORD)
    # On a busy machine, a click returns before the browser begins to navigate.
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def sign_in_in_browser(page: Page, name: str) -> None:
    """Sign in with the password and, where required, the code of the app."""
    type_password(page, name)
    if "/desk/sign-in/code" not in page.url:
        return
    address = urlsplit(page.url)
    with desk_session(SERVED[f"http://127.0.0.1:{address.port}"]) as db:
        db.execute(text("UPDATE desk.person SET factor_step = 0"))
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(FACTOR_SECRET).now())
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()


def press(page: Page, name: str, exact: bool = True) -> None:
    """Press a button and wait for the next page, because a click returns before the navigation."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=exact).click()


def wait_for_text(reader: Page, address: str, words: str) -> None:
    """Reload until the page shows the text. A worker may serve the old page for a moment."""

    def is_there() -> bool:
        reader.goto(address)
        return reader.get_by_text(words).first.is_visible()

    wait_until(is_there, f"{words} at {address}")


def begins_an_event(page: Page) -> None:
    """Start an event and wait for its page.

    Navigating earlier would cancel the redirect, and Back would skip the page.
    """
    page.goto("/desk/search")
    page.get_by_role("button", name="New event").click()
    expect(page.get_by_role("heading", name="New event")).to_be_visible()


def box(page: Page, path: str) -> Locator:
    return page.locator(f'[id="{path}"]')
