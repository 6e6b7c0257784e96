"""Badges, symbols and grades explain themselves by press, hover and focus (WCAG 1.4.13)."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

OPEN = ".term-note:popover-open"


def badge(page: "Page") -> "Locator":
    return page.locator("button.cor").first


@pytest.fixture(params=["by the browser", "by the script"])
def event_page(request: pytest.FixtureRequest, browser: "Browser", site: str) -> "Iterator[Page]":
    """An event in a browser that knows `interestfor`, and in one that does not."""
    context = browser.new_context(base_url=site)
    context.set_default_timeout(30_000)
    page = context.new_page()
    if request.param == "by the script":
        # As in a browser that does not know the attribute: it does nothing with another name.
        page.add_init_script("delete HTMLButtonElement.prototype.interestForElement;")
        page.route(
            re.compile(r"/events/E5$|/site\.[^/]*js"),
            lambda route: route.fulfill(
                response=(answer := route.fetch()),
                body=answer.text().replace("interestfor", "data-interest"),
            ),
        )
    page.clock.install()
    page.goto("/events/E5")
    yield page
    context.close()


def pass_every_delay(page: "Page") -> None:
    """Let the script's delay pass; the browser's own is none, so that two frames are enough."""
    page.clock.run_for(1_000)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def without_delay(page: "Page") -> None:
    page.evaluate("document.styleSheets[0].insertRule('button { interest-delay: 0s !important; }')")


def test_focus_opens_and_escape_closes(event_page: "Page") -> None:
    event_page.locator("main a").first.focus()
    for _ in range(10):
        event_page.keyboard.press("Tab")
        if event_page.evaluate("document.activeElement.matches('[popovertarget]')"):
            break
    event_page.locator(OPEN).wait_for()
    event_page.keyboard.press("Escape")
    event_page.locator(OPEN).wait_for(state="detached")
    assert event_page.evaluate("document.activeElement.matches('[popovertarget]')")


def test_hover_opens_and_the_explanation_can_be_pointed_at(event_page: "Page") -> None:
    without_delay(event_page)
    badge(event_page).hover()
    note = event_page.locator(OPEN)
    note.wait_for()
    note.hover()
    pass_every_delay(event_page)
    assert note.is_visible()
    assert note.get_attribute("href", timeout=1_000).startswith("/codebook/")  # type: ignore[union-attr]
    event_page.mouse.move(0, 0)
    note.wait_for(state="detached")


def test_escape_closes_while_the_pointer_stays(event_page: "Page") -> None:
    without_delay(event_page)
    badge(event_page).hover()
    event_page.locator(OPEN).wait_for()
    event_page.keyboard.press("Escape")
    event_page.locator(OPEN).wait_for(state="detached")
    pass_every_delay(event_page)
    assert event_page.locator(OPEN).count() == 0


def test_press_opens_without_scripts(plain_page: "Page") -> None:
    plain_page.goto("/events/E5")
    badge(plain_page).click()
    plain_page.locator(OPEN).wait_for()


def test_keyboard_reaches_the_link_to_the_codebook(event_page: "Page") -> None:
    badge(event_page).focus()
    event_page.keyboard.press("Enter")
    event_page.locator(OPEN).wait_for()
    event_page.keyboard.press("Tab")
    assert event_page.evaluate("document.activeElement.className") == "term-note"
    event_page.keyboard.press("Enter")
    event_page.wait_for_url("**/codebook/corroboration#*")


SIGNS = {
    "symbol of a speaker": ("/events/E5", "t-speaker-"),
    "symbol in a chart": ("/cities/dandong", "t-speaker-"),
    "symbol on a source": ("/sources/S4", "t-speaker-"),
    "grade of an outlet": ("/outlets/daily-nk", "t-reliability-"),
    "grade on a source": ("/sources/S4", "t-reliability-"),
    "conflict": ("/places/russia", "t-conflict-"),
}


@pytest.mark.parametrize("name", SIGNS)
def test_sign_is_explained_and_linked(client: TestClient, name: str) -> None:
    address, term = SIGNS[name]
    page = client.get(address).text
    assert f'interestfor="{term}' in page
    used = set(re.findall(r'interestfor="([^"]+)"', page))
    assert used == set(re.findall(r'class="term-note" id="([^"]+)" popover ', page))
    for target in re.findall(r'popover href="([^"]+)"', page):
        path, _, anchor = target.partition("#")
        assert f'id="{anchor}"' in client.get(path).text or not anchor, target


def test_symbol_of_a_speaker_has_a_name(client: TestClient) -> None:
    page = client.get("/events/E5").text
    assert re.search(r'<button type="button" class="sy a-\w+" aria-label="[^"]+"', page)
