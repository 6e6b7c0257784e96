"""Recently opened views: an optional list in the reader's browser."""

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def stored(page: "Page") -> list[str]:
    kept: dict[str, Any] = page.evaluate("({...localStorage})")
    return [view["address"] for text in kept.values() for view in json.loads(text)]


def test_recent_views_are_opt_in_and_cleared_with_a_button(page: "Page") -> None:
    from playwright.sync_api import expect

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
    assert stored(page) == ["/cities/dandong", "/events?place=dandong", "/events/E5"]
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


def test_recent_views_keep_at_most_twelve(page: "Page") -> None:
    page.goto("/")
    page.get_by_role("button", name="Keep a list").click()
    for n in range(1, 15):
        page.goto(f"/events/E{n}")
    page.goto("/about")
    assert stored(page) == [f"/events/E{n}" for n in range(14, 2, -1)]


def test_recent_views_are_absent_without_scripts(browser: "Browser", site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    assert not page.locator("#recent-views").is_visible()
    context.close()
