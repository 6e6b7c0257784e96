"""The share menu in a browser: copying links, sharing on a phone, and its position."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DANDONG = "/cities/dandong?edition=1"


def test_link_is_copied_as_newest_or_with_edition(page: "Page", site: str) -> None:
    from playwright.sync_api import expect

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def copy(said: str) -> str:
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("button", name=said)).to_be_visible()
        expect(page.get_by_role("status").filter(has_text=said)).to_have_count(1)
        return str(page.evaluate("navigator.clipboard.readText()"))

    page.goto("/events?place=china")
    newest, lasting = f"{site}/events?place=china", f"{site}/events?place=china&edition=1"
    assert copy("Copied, as of now") == newest
    page.get_by_text("Share", exact=True).click()
    page.locator("button[data-copy-from=link-lasting]").click()
    expect(page.locator("button[data-copy-from=link-lasting]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == lasting
    page.goto("/events?place=china&edition=1")
    assert copy("Copied, as of edition 1") == lasting


def test_phone_shares_link_with_other_apps(browser: "Browser", site: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844})
    plain = context.new_page()
    plain.add_init_script("delete Navigator.prototype.share")
    plain.goto("/events/E5")
    plain.get_by_text("Share", exact=True).click()
    assert not plain.locator("[data-share]").is_visible()
    page = context.new_page()
    page.add_init_script("Navigator.prototype.share = async (what) => { window.sent = what; }")
    page.goto("/events/E5")
    page.get_by_text("Share", exact=True).click()
    page.locator("[data-share]").click()
    page.wait_for_function("window.sent")
    assert page.evaluate("window.sent.url") == f"{site}/events/E5"
    assert page.evaluate("window.sent.title").startswith("Order or request")
    context.close()
