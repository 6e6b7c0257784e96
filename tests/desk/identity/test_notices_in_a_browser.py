"""Notices and their choices in a browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from app.settings import Settings
from tests.browser import WINDOWS, Fonts, Window, complaints_of, grave_faults
from tests.conftest import serving
from tests.support.desk_browser import open_page, sign_in_in_browser
from tests.support.reports import decide, reports, submit, write_event

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["reports"]


@pytest.mark.parametrize("window", WINDOWS, ids=str)
def test_notices_fit_and_have_no_grave_faults(
    reports: Settings,
    browsers: Callable[[Fonts], "Browser"],
    basma: TestClient,
    amal: TestClient,
    window: Window,
) -> None:
    write_event(basma)
    submit(basma)
    decide(amal, publish="yes")
    with (
        serving(reports) as site,
        open_page(browsers(window.fonts), site, **window.options) as page,
    ):
        sign_in_in_browser(page, "Basma")
        complaints = complaints_of(page)
        for address in ("/desk/notices", "/desk/account"):
            page.goto(address)
            assert grave_faults(page) == []
        page.get_by_label("Approved, by mail").uncheck()
        page.locator("form[action$=choices]").get_by_role("button", name="Save").click()
        expect(page.get_by_label("Approved, by mail")).not_to_be_checked()
        page.get_by_role("link", name="Notices").click()
        page.get_by_role("button", name="Mark all as read").click()
        expect(page.get_by_text("Marked as read.")).to_be_visible()
        assert complaints == []
