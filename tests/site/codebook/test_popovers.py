"""Badges, symbols and grades explain themselves by press, hover and focus (WCAG 1.4.13)."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page
from starlette.testclient import TestClient

OPEN = ".term-note:popover-open"
ESTIMATE = "/estimates/M84"


def badge(page: Page) -> Locator:
    return page.locator("button.cor").first


@pytest.fixture(params=["by the browser", "by the script"])
def estimate_page(request: pytest.FixtureRequest, browser: Browser, site: str) -> "Iterator[Page]":
    """An estimate in a browser that knows `interestfor`, and in one that does not."""
    context = browser.new_context(base_url=site)
    context.set_default_timeout(30_000)
    page = context.new_page()
    if request.param == "by the script":
        # As in a browser that does not know the attribute: it does nothing with another name.
        page.add_init_script("delete HTMLButtonElement.prototype.interestForElement;")
        page.route(
            re.compile(r"/estimates/M84$|/site\.[^/]*js"),
            lambda route: route.fulfill(
                response=(answer := route.fetch()),
                body=answer.text().replace("interestfor", "data-interest"),
            ),
        )
    page.goto(ESTIMATE)
    yield page
    context.close()


def test_focus_opens_and_escape_closes(estimate_page: Page) -> None:
    estimate_page.locator("main a").first.focus()
    for _ in range(10):
        estimate_page.keyboard.press("Tab")
        if estimate_page.evaluate("document.activeElement.matches('[popovertarget]')"):
            break
    estimate_page.locator(OPEN).wait_for()
    estimate_page.keyboard.press("Escape")
    estimate_page.locator(OPEN).wait_for(state="detached")
    assert estimate_page.evaluate("document.activeElement.matches('[popovertarget]')")


def test_press_opens_without_scripts(plain_page: Page) -> None:
    plain_page.goto(ESTIMATE)
    badge(plain_page).click()
    plain_page.locator(OPEN).wait_for()


SIGNS = {
    "symbol of a speaker": ("/events/E5", "t-speaker-"),
    "symbol in a chart": ("/cities/dandong", "t-speaker-"),
    "symbol in a frame": ("/embed/cities/dandong", "t-speaker-"),
    "badge in a table": ("/events?view=table", "t-stage-"),
    "badge of an estimate": (ESTIMATE, "t-corroboration-"),
    "role": ("/events/E5", "t-role-"),
    "grade of an outlet": ("/outlets/daily-nk", "t-reliability-"),
    "grade on a source": ("/sources/S4", "t-reliability-"),
    "conflict": ("/places/russia", "t-conflict-"),
}


@pytest.mark.parametrize("name", SIGNS)
def test_sign_is_explained_and_linked(client: TestClient, name: str) -> None:
    address, term = SIGNS[name]
    page = client.get(address).text
    assert f'interestfor="{term}' in page
    used = set(re.findall(r'(?:popovertarget|interestfor)="([^"]+)"', page))
    assert sorted(used) == sorted(re.findall(r'class="term-note" id="([^"]+)" popover ', page))
    for target in re.findall(r'popover href="([^"]+)"', page):
        path, _, anchor = target.partition("#")
        assert f'id="{anchor}"' in client.get(path).text or not anchor, target
