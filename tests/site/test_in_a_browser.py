"""The site in a browser: accessibility, valid HTML, no third parties, layout, print."""

from pathlib import Path

import pytest
from jinja2 import StrictUndefined
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.web.templates import environment
from tests.browser import WINDOWS, complaints_of, grave_faults
from tests.conftest import open_page
from tests.support.html_validation import html_faults
from tests.support.page_kinds import CHINA_2019, NOT_OF_THE_SMALL_RECORD, PAGES


@pytest.mark.parametrize("window", WINDOWS)
def test_pages_are_accessible_fit_and_ask_nobody_else(
    browser: Browser, site: str, window: str
) -> None:
    wrong: list[str] = []
    with open_page(browser, site, **WINDOWS[window]) as page:
        asked: list[str] = []
        complaints = complaints_of(page)
        page.on("request", lambda request: asked.append(request.url))
        for name, address in PAGES.items():
            page.goto(address)
            found = grave_faults(page)
            found += [url for url in asked if not url.startswith(site)]
            found += [said for said in complaints if not (name == "missing" and "404" in said)]
            found += [f"cookie: {cookie}" for cookie in page.context.cookies()]
            wrong += [f"{name}: {fault}" for fault in found]
            asked.clear()
            complaints.clear()
            page.context.clear_cookies()
    assert not wrong, "\n".join(wrong)


def test_every_template_has_a_page_of_valid_html(published: Settings, tmp_path: Path) -> None:
    """A new template must get an address in PAGES."""
    environment.cache_clear()
    assert environment().undefined is StrictUndefined
    with TestClient(create_app(published)) as client:
        pages = {name: client.get(address).content.decode() for name, address in PAGES.items()}
        client.get("/search/suggestions?q=Hunch")
    nested = "<a href='/'><a href='/'>x</a></a>"
    page = f"<!doctype html><html lang='en'><head><title>x</title></head><body>{nested}</body>"
    [fault] = html_faults(tmp_path, {**pages, "an invalid page": f"{page}</html>"})
    assert fault.startswith("an invalid page, line 1: element-permitted-content")
    visited = {name for _, name in (environment().cache or {})}
    templates = {
        name
        for name in environment().list_templates()
        if name.endswith(".html") and not name.startswith("desk/")
    }
    assert templates - visited == NOT_OF_THE_SMALL_RECORD


def test_unopened_list_has_few_elements(page: Page) -> None:
    page.goto("/events")
    assert page.evaluate("document.getElementsByTagName('*').length") <= 1_500


def test_shared_address_looks_equal_without_scripts(page: Page, plain_page: Page) -> None:
    shown = []
    for browser in (page, plain_page):
        browser.goto(CHINA_2019)
        cards = browser.locator("#results a[href^='/events/E']")
        shown.append(cards.evaluate_all("links => links.map(link => link.getAttribute('href'))"))
    assert shown[0] == shown[1] and shown[0]


def test_printed_pages_have_whole_tables_and_no_controls(page: Page, site: str) -> None:
    paper_pixels = 703  # width of a sheet of A4 within its margins
    page.goto("/status")
    link = page.locator("#edition a").first
    assert link.inner_text() == "Link to this edition"
    page.emulate_media(media="print")
    assert f" {site}/status?" in link.inner_text(), "a printed link is a whole address"
    for address in ("/", "/status", "/events/breakdown", "/compare"):
        page.goto(address)
        expect(page.locator(".btn:visible, select:visible, form:visible")).to_have_count(0)
    page.goto(CHINA_2019)
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("main h1").first).to_be_visible()
    page.set_viewport_size({"width": paper_pixels, "height": 1000})
    for rows in ("type", "place"):
        page.goto(f"/events/breakdown?rows={rows}&columns=year")
        box = page.locator(".t-cross").bounding_box()
        assert box and box["x"] + box["width"] <= paper_pixels, rows
    # Charts and tables are those of a tablet.
    page.goto("/cities/dandong")
    expect(page.locator(".only-w").first).to_be_visible()
    expect(page.locator(".only-n").first).to_be_hidden()
    expect(page.locator(".t-figures thead").first).to_be_visible()
