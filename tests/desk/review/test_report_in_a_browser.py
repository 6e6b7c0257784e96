"""The review of a report in a browser: on a phone and a desktop, by keys, and without scripts."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from app.settings import Settings
from tests.browser import complaints_of, grave_faults
from tests.conftest import serving
from tests.support.desk_browser import open_page, sign_in_in_browser
from tests.support.reports import REVIEW, reports, submit, written

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["reports"]

WIDTHS = {390: 844, 1280: 900}


@pytest.fixture
def handed_in(reports: Settings, basma: TestClient) -> Settings:
    written(basma)
    submit(basma)
    return reports


def is_wider_than_window(page: "Page") -> bool:
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_fits_and_has_no_grave_faults(
    handed_in: Settings, browser: "Browser", width: int, scheme: str
) -> None:
    size = {"width": width, "height": WIDTHS[width]}
    with (
        serving(handed_in) as site,
        open_page(browser, site, viewport=size, color_scheme=scheme) as page,
    ):
        sign_in_in_browser(page, "Amal")
        complaints = complaints_of(page)
        page.goto(REVIEW)
        page.get_by_text("Comment on row 2").click()
        page.locator("#row-2 [data-tick]").uncheck()
        expect(page.get_by_role("button", name="Approve 2 rows, return row 2")).to_be_visible()
        assert grave_faults(page) == []
        assert not is_wider_than_window(page)
        assert complaints == []


def test_button_and_totals_count_ticked_rows(handed_in: Settings, browser: "Browser") -> None:
    with serving(handed_in) as site, open_page(browser, site) as page:
        sign_in_in_browser(page, "Amal")
        page.goto(REVIEW)
        totals = page.locator("[data-total]")
        expect(page.get_by_role("button", name="Approve 3 rows", exact=True)).to_be_visible()
        expect(totals).to_have_text(["2", "3", "1"])
        effect = page.locator("[data-effect]")
        expect(effect).to_be_visible()
        page.locator("#row-1 [data-tick]").uncheck()
        page.locator("#row-3 [data-tick]").uncheck()
        expect(page.get_by_role("button", name="Approve row 2, return rows 1, 3")).to_be_visible()
        expect(totals).to_have_text(["1", "1", "0"])
        expect(effect).to_be_hidden()
        page.locator("#row-2 [data-tick]").uncheck()
        expect(page.get_by_role("button", name="Return rows 1, 2, 3")).to_be_visible()


def test_report_is_decided_by_keys(handed_in: Settings, browser: "Browser") -> None:
    with serving(handed_in) as site, open_page(browser, site) as page:
        sign_in_in_browser(page, "Amal")
        page.goto(REVIEW)
        page.locator("#row-1 [data-row]").focus()
        page.keyboard.press("j")
        # By its place on the keyboard: a Korean input method sends another letter.
        page.locator(":focus").evaluate(
            "row => row.dispatchEvent(new KeyboardEvent('keydown', "
            "{ code: 'KeyA', key: 'ㅁ', bubbles: true, cancelable: true }))"
        )
        expect(page.locator("#row-2 [data-tick]")).not_to_be_checked()
        page.keyboard.press("c")
        page.keyboard.type("Which firms? A jab.")
        expect(page.locator("#row-2 textarea")).to_have_value("Which firms? A jab.")
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status").first).to_contain_text(
            "2 rows were approved. 1 row was returned."
        )


def test_last_tick_is_undone_and_keys_are_listed(handed_in: Settings, browser: "Browser") -> None:
    with serving(handed_in) as site, open_page(browser, site) as page:
        sign_in_in_browser(page, "Amal")
        page.goto(REVIEW)
        undo = page.get_by_role("button", name="Undo the last tick")
        expect(undo).to_be_disabled()
        page.locator("#row-1 [data-row]").focus()
        page.keyboard.press("a")
        page.locator("#row-3 [data-tick]").uncheck()
        expect(page.locator("#key-status")).to_have_text("Row 3 is not ticked.")
        page.locator("#row-2 [data-row]").focus()
        page.keyboard.press("u")
        expect(page.locator("#row-3 [data-tick]")).to_be_checked()
        expect(page.locator("#row-3 [data-row]")).to_be_focused()
        undo.click()
        expect(page.get_by_role("button", name="Approve 3 rows", exact=True)).to_be_visible()
        expect(undo).to_be_disabled()

        page.keyboard.press("?")
        expect(page.locator("#all-keys")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#all-keys")).to_be_hidden()
        expect(page.locator("#row-1 [data-row]")).to_be_focused()
        page.keyboard.press("c")
        page.keyboard.press("Escape")
        expect(page.locator("#row-1 [data-row]")).to_be_focused()


def test_keys_can_be_turned_off(handed_in: Settings, browser: "Browser") -> None:
    with serving(handed_in) as site, open_page(browser, site) as page:
        sign_in_in_browser(page, "Amal")
        page.goto(REVIEW)
        page.get_by_role("button", name="Turn keys off").click()
        page.locator("#row-1 [data-row]").focus()
        page.keyboard.press("a")
        expect(page.locator("#row-1 [data-tick]")).to_be_checked()
        page.reload()
        expect(page.get_by_role("button", name="Turn keys on")).to_be_visible()


def test_report_is_decided_without_scripts(handed_in: Settings, browser: "Browser") -> None:
    with (
        serving(handed_in) as site,
        open_page(browser, site, java_script_enabled=False) as page,
    ):
        sign_in_in_browser(page, "Amal")
        page.goto("/desk/review")
        page.get_by_role("link", name="Report 7").click()
        page.locator("#row-2 [data-tick]").uncheck()
        page.get_by_text("Comment on row 2").click()
        page.get_by_label("Comment", exact=True).nth(1).fill("Which firms?")
        with page.expect_navigation():
            page.get_by_role("button", name="Approve ticked rows, return the others").click()
        expect(page.get_by_role("status").first).to_contain_text(
            "2 rows were approved. 1 row was returned."
        )
