"""Writing an event in a browser, by keyboard; what was typed is never lost."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from app.database.sessions import DeskSession
from app.desk.approved.models import Draft
from app.desk.approved.store import save_all
from app.desk.drafts import commands
from app.desk.drafts.commands import PostedDraft
from app.settings import Settings
from tests.browser import complaints_of
from tests.conftest import MOST_SECONDS, desk_session, open_page, serving, wait_until
from tests.make import make_source
from tests.support.desk_browser import begins_an_event, box, press, sign_in_in_browser
from tests.support.draft_pages import DANDONG, stored

ADDRESS = "https://news.example.org/2019/leave.html"


@pytest.fixture
def world(desk_world: Settings) -> Settings:
    """A city with names in three scripts, and a report of April 2019."""
    report = make_source(7, title="단둥 노동자", language="ko", url=ADDRESS, published="2019-04-23")
    with desk_session(desk_world) as db:
        save_all(db, [DANDONG, report])
    return desk_world


@pytest.fixture
def page(world: Settings, browser: Browser) -> Iterator[Page]:
    """A page of Chidi, who is signed in."""
    with serving(world) as site, open_page(browser, site) as page:
        sign_in_in_browser(page, "Chidi")
        yield page


def draft_of(settings: Settings, page: Page) -> Draft:
    return stored(settings, page.url.split("?")[0].split("#")[0])


def test_entry_is_written_by_keyboard(world: Settings, page: Page) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Reports").press("Enter")
    page.get_by_label("Address of the report").fill(ADDRESS + "?utm_source=mail")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Outlet-1, 23 April 2019").first.press("Enter")
    page.get_by_role("button", name="New event").press("Enter")
    expect(box(page, "card.statement")).to_be_focused()
    page.keyboard.type("Workers told to leave Dandong")
    page.get_by_label("Type", exact=True).select_option("stay-limit")

    # The date is read while it is typed; Tab moves to the suggestion.
    box(page, "card.when").focus()
    page.keyboard.type("late April 2019")
    offer = page.get_by_role("button", name="about April 2019")
    expect(offer).to_be_visible()
    page.keyboard.press("Tab")
    expect(offer).to_be_focused()
    page.keyboard.press("Enter")
    expect(box(page, "card.when")).to_have_value("2019-04~")
    expect(box(page, "card.when-reads")).to_contain_text("this means 1–30 April 2019")

    # A place is found by any name; the page says which one is meant.
    box(page, "card.where").focus()
    page.keyboard.type("단둥")
    expect(box(page, "card.where-reads")).to_contain_text("city in Province-2, Country-3")

    box(page, "card.nationality").select_option("any")
    # Ctrl+Enter would close the card, which says what is missing.
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Who says it: Choose one.")
    page.locator('[name="card.says"][value="O"]').check()
    box(page, "citations.0.certainty").select_option("firm")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    press(page, "Submit for review")
    expect(page.get_by_text("1 record of this report was submitted")).to_be_visible()


def test_leaving_with_unsaved_text_asks_first(world: Settings, page: Page) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    def goes_home() -> None:
        page.goto("/desk")
        expect(page.get_by_role("heading", name="My desk")).to_be_visible()

    def goes_back() -> None:
        page.go_back()
        expect(page.get_by_role("heading", name="New event")).to_be_visible()

    page.on("dialog", leave)
    begins_an_event(page)
    goes_home()
    assert asked == [], "leaving an untouched form must ask nothing"
    goes_back()
    # No autosave may succeed before the page is left, however slow the machine.
    page.route("**/desk/drafts/*", lambda route: route.abort())
    page.get_by_label("What happened").press_sequentially("Half")
    goes_home()
    assert asked == ["beforeunload"]
    page.unroute("**/desk/drafts/*")
    goes_back()
    page.get_by_label("What happened").press_sequentially("Half a title")
    expect(page.locator("#saved")).to_contain_text("Version 1")
    goes_home()
    assert asked == ["beforeunload"], "leaving an autosaved form must not ask again"


def test_text_typed_during_autosave_is_saved_next(
    world: Settings, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go_on, save = threading.Event(), threading.Event(), commands.save
    saved: list[str] = []

    def slowly(desk: DeskSession, draft: Draft, typed: PostedDraft, *given: Any) -> None:
        begun.set()
        assert may_go_on.wait(MOST_SECONDS)
        save(desk, draft, typed, *given)
        saved.append(typed.document["title"])

    begins_an_event(page)
    monkeypatch.setattr(commands, "save", slowly)
    page.get_by_label("What happened").fill("Half")
    wait_until(begun.is_set, "the page to save itself")
    page.keyboard.press("End")
    page.keyboard.type(" a title")
    may_go_on.set()
    wait_until(lambda: draft_of(world, page).document["title"] == "Half a title", "the second half")
    assert saved[0] == "Half"


def test_autosave_waits_for_the_response_to_a_button(
    world: Settings, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Boxes are disabled during the request, so an autosave would send none of them."""
    begun, may_go_on, save = threading.Event(), threading.Event(), commands.save
    sent: list[str] = []

    def slowly(*given: Any) -> None:
        begun.set()
        assert may_go_on.wait(MOST_SECONDS)
        save(*given)

    page.clock.install()
    begins_an_event(page)
    complaints = complaints_of(page)
    box(page, "card.statement").press_sequentially("A whole title")
    wait_until(
        lambda: draft_of(world, page).document["title"] == "A whole title",
        "the page to save itself",
    )
    monkeypatch.setattr(commands, "save", slowly)
    page.on("request", lambda request: sent.append(request.method))
    # Leaving the box is a change, which would start an autosave two seconds later.
    page.get_by_role("button", name="Save draft").last.click()
    wait_until(begun.is_set, "the button's request")
    page.clock.run_for(10_000)
    may_go_on.set()
    expect(page.get_by_text("things to fix before review")).to_be_visible()
    assert sent.count("POST") == 1
    assert not complaints
    assert draft_of(world, page).document["title"] == "A whole title"


def test_signing_in_again_keeps_unsaved_text(world: Settings, page: Page) -> None:
    begins_an_event(page)
    page.context.clear_cookies()
    page.get_by_label("What happened").fill("Typed in vain?")
    with page.expect_popup() as opened_tab:
        page.get_by_role("link", name="Sign in in another tab").click()
    sign_in_in_browser(opened_tab.value, "Chidi")
    page.get_by_role("button", name="Save draft").last.click()
    # It may have saved itself before the button was pressed.
    wait_until(lambda: draft_of(world, page).document["title"] == "Typed in vain?", "the title")
