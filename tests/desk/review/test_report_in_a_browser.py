"""The review of a report in a browser: accessible, and decided by keys."""

import pytest
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient

from app.settings import Settings
from tests.conftest import open_page, serving
from tests.support.desk_browser import sign_in_in_browser
from tests.support.draft_pages import REVIEW, submit, written


@pytest.fixture
def handed_in(reports: Settings, basma: TestClient) -> Settings:
    written(basma)
    submit(basma)
    return reports


def test_report_is_decided_by_ticks_and_keys(handed_in: Settings, browser: Browser) -> None:
    with serving(handed_in) as site, open_page(browser, site) as page:
        sign_in_in_browser(page, "Amal")
        page.goto(REVIEW)
        ticks = {n: page.locator(f"[data-row='{n}'] [data-tick]") for n in (1, 2, 3)}
        rows = {n: page.locator(f"[data-row='{n}']") for n in (1, 2, 3)}
        undo = page.get_by_role("button", name="Undo the last tick")
        all_ticked = page.get_by_role("button", name="Approve 3 rows", exact=True)

        # The button and the totals count what is ticked.
        totals = page.locator("[data-total]")
        expect(all_ticked).to_be_visible()
        expect(totals).to_have_text(["2", "3", "1"])
        ticks[1].uncheck()
        ticks[3].uncheck()
        expect(page.get_by_role("button", name="Approve row 2, return rows 1, 3")).to_be_visible()
        expect(totals).to_have_text(["1", "1", "0"])
        ticks[2].uncheck()
        expect(page.get_by_role("button", name="Return rows 1, 2, 3")).to_be_visible()

        page.goto(REVIEW)
        # The last tick is undone, by key or button.
        expect(undo).to_be_disabled()
        rows[1].focus()
        page.keyboard.press("a")
        ticks[3].uncheck()
        expect(page.locator("#key-status")).to_have_text("Row 3 is not ticked.")
        rows[2].focus()
        page.keyboard.press("u")
        expect(ticks[3]).to_be_checked()
        expect(rows[3]).to_be_focused()
        undo.click()
        expect(all_ticked).to_be_visible()
        expect(undo).to_be_disabled()

        page.keyboard.press("j")
        expect(rows[2]).to_be_focused()
        # By its place on the keyboard: a Korean input method sends another letter.
        rows[2].evaluate(
            "row => row.dispatchEvent(new KeyboardEvent('keydown', "
            "{ code: 'KeyA', key: 'ㅁ', bubbles: true, cancelable: true }))"
        )
        expect(ticks[2]).not_to_be_checked()
        page.keyboard.press("c")
        page.keyboard.type("Which firms? A jab.")
        expect(page.locator("[data-row='2'] textarea")).to_have_value("Which firms? A jab.")
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status").first).to_contain_text(
            "2 rows were approved. 1 row was returned."
        )
