"""Steps on the page of a draft in a browser."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def begins_an_event(page: "Page") -> None:
    """Start an event and wait for its page.

    Navigating earlier would cancel the redirect, and Back would skip the page.
    """
    page.goto("/desk/search")
    page.get_by_role("button", name="New event").click()
    expect(page.get_by_role("heading", name="New event")).to_be_visible()


def box(page: "Page", path: str) -> "Locator":
    return page.locator(f'[id="{path}"]')
