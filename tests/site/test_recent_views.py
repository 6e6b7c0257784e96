"""Recently opened views: an optional list in the reader's browser."""

import json
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.conftest import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page


def stored_views_are(page: "Page", expected: list[str]) -> None:
    """Wait for these addresses: a page that is left may be stored after the next one is shown."""

    def stored() -> list[str]:
        kept: dict[str, Any] = page.evaluate("({...localStorage})")
        return [view["address"] for text in kept.values() for view in json.loads(text)]

    wait_until(lambda: stored() == expected, f"the stored views {expected}")


def test_recent_views_are_opt_in_and_cleared_with_a_button(
    page: "Page", plain_page: "Page"
) -> None:
    asked: list[str] = []
    page.on(
        "request",
        lambda request: asked.append(f"{request.url} {request.post_data} {request.headers}"),
    )
    for address in ("/events?place=dandong", "/"):
        page.goto(address)
    assert page.evaluate("localStorage.length") == 0
    links = page.locator("#recent-views li a")
    expect(links).to_have_count(0)

    page.get_by_role("button", name="Keep a list").click()
    for address in (
        "/events?place=dandong",
        "/events/E5",
        "/about",
        "/events?place=dandong",
        "/cities/dandong",
        "/",
    ):
        page.goto(address)
    # The preview of a draft looks like a public page, but the list outlives the session.
    preview = page.request.get("/events/E5").text()
    page.route("**/preview", lambda route: route.fulfill(body=preview, content_type="text/html"))
    page.goto("/desk/drafts/1/preview")
    page.goto("/")
    stored_views_are(page, ["/cities/dandong", "/events?place=dandong", "/events/E5"])
    expect(links.nth(1)).to_have_text("Events: Dandong – Sojourn")
    links.nth(1).click()
    expect(page).to_have_title("Events: Dandong – Sojourn")
    # The script that keeps the view runs after the title is shown.
    page.wait_for_load_state()
    assert not [line for line in asked if "sojourn-recent" in line]

    page.go_back()
    expect(links.first).to_have_attribute("href", "/events?place=dandong")
    page.get_by_role("button", name="Delete the list").click()
    expect(links).to_have_count(0)
    page.goto("/events/E5")
    page.goto("/")
    assert page.evaluate("localStorage.length") == 0

    plain_page.goto("/")
    expect(plain_page.locator("#recent-views")).to_be_hidden()


def test_recent_views_keep_at_most_twelve(page: "Page") -> None:
    page.goto("/")
    page.get_by_role("button", name="Keep a list").click()
    addresses = [f"/events?from={year}" for year in range(2001, 2015)]
    for address in addresses:
        page.goto(address)
    page.goto("/about")
    stored_views_are(page, addresses[:1:-1])
