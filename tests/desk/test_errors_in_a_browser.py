"""Errors of a form in a browser: the summary has the focus, and leads to the fields."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from app.desk.approved.publish import publish_approved
from app.settings import Settings
from tests.browser import grave_faults
from tests.conftest import desk_session, serving
from tests.support.desk_browser import open_page, sign_in_in_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_error_of_a_removal_leads_to_its_field(desk_world: Settings, browser: "Browser") -> None:
    with desk_session(desk_world) as db:
        publish_approved(db, "The first")
    with (
        serving(desk_world) as site,
        open_page(browser, site, viewport={"width": 390, "height": 844}) as page,
    ):
        sign_in_in_browser(page, "Amal")
        page.goto("/desk/records/E1/purge")
        page.get_by_label("Reason for the log").fill(" ")
        page.get_by_label("Type E1 to confirm").fill("E2")
        page.get_by_role("button", name="Remove permanently").click()
        expect(page.get_by_role("alert")).to_be_focused()
        assert grave_faults(page) == []
        page.get_by_role("link", name="Enter a reason for the log").click()
        reason = page.get_by_label("Reason for the log")
        expect(reason).to_be_focused()
        expect(reason).to_have_accessible_description(
            "Who requested it, and when. Don’t repeat the content. "
            "Error: Enter a reason for the log, without repeating the content."
        )
        expect(page.get_by_label("Type E1 to confirm")).to_have_value("E2")
