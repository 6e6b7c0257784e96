"""The sheet of a report in a browser: keys, input methods, two editors, a phone."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from app import documents
from app.desk.approved.draft_models import Draft
from app.desk.approved.store import save_all
from app.desk.sheets import commands
from app.desk.sheets.form import SheetForm, SheetSpeaker, StatementRow
from app.documents import ROW, Document
from app.settings import Settings
from tests.browser import WINDOWS, Fonts, Window, complaints_of, grave_faults, is_too_wide
from tests.conftest import desk_session, serving, wait_until
from tests.make import make_source
from tests.support.desk_browser import open_page, press, sign_in_in_browser
from tests.support.desk_people import person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

AT = "/desk/sources/S7"
KOREAN = {"j": "ㅓ", "s": "ㄴ", "b": "ㅠ"}
"""What a keyboard sends with a Korean input method, by what is printed on the key."""


def statement(key: str, words: str) -> Document:
    values = {"kind": "event", "type": "stay-limit", "where": "place-1", "when": "2019-04"}
    row = documents.blank_row(StatementRow, **values)
    return {**row, ROW: key, "statement": words}


@pytest.fixture
def world(desk_world: Settings) -> Settings:
    """A report with two speakers and three rows, which Chidi enters."""
    with desk_session(desk_world) as db:
        save_all(db, [make_source(7, title="단둥 노동자", language="ko", published="2019-04-23")])
    with desk_session(desk_world) as db:
        chidi = person(desk_world, "Chidi")
        sheet = commands.begin(db, chidi, "S7")
        document = documents.blank(SheetForm, source="S7")
        document["speakers"] = [
            documents.blank_row(
                SheetSpeaker, letter=letter, attribution="resident", words=f"speaker {letter}"
            )
            for letter in "AB"
        ]
        document["rows"] = [
            statement("a1", "Firms were told"),
            statement("a2", "Workers leave"),
            statement("a3", "A plant closes"),
        ]
        commands.save(db, sheet, document, 0, page="before", by=chidi)
    return desk_world


def stored(settings: Settings) -> Document:
    with desk_session(settings) as db:
        sheet = commands.find(db, "S7")
        assert sheet is not None
        return sheet.document


def row_of(page: "Page", key: str) -> "Locator":
    return page.locator(f"#row-{key} > .st-in")


def press_with_input_method(page: "Page", key: str) -> None:
    """Press a key as a browser reports it while a Korean input method is on."""
    session = page.context.new_cdp_session(page)
    sent = {"key": KOREAN[key], "code": f"Key{key.upper()}", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **sent})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **sent})


def test_rows_are_filled_by_keys(world: Settings, browser: "Browser") -> None:
    with serving(world) as site, open_page(browser, site) as page:
        complaints = complaints_of(page)
        sign_in_in_browser(page, "Chidi")
        page.goto(AT)
        row_of(page, "a1").focus()
        page.keyboard.press("j")
        expect(row_of(page, "a2")).to_be_focused()
        page.keyboard.press("k")
        expect(row_of(page, "a1")).to_be_focused()

        # Enter opens the row and then goes into it; letters typed there are letters.
        row_of(page, "a3").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#row-a3 .st-form")).to_be_visible()
        expect(row_of(page, "a3")).to_be_focused()
        page.keyboard.press("Enter")
        box = page.get_by_label("Statement", exact=True)
        expect(box).to_be_focused()
        page.keyboard.press("End")
        page.keyboard.type(" jax")
        expect(box).to_have_value("A plant closes jax")
        page.keyboard.press("Escape")
        expect(row_of(page, "a3")).to_be_focused()
        box.focus()
        page.keyboard.press("Control+Enter")
        expect(page.locator("#row-a3 .st-state")).to_have_text("Complete")
        assert stored(world)["rows"][2]["statement"] == "A plant closes jax"
        with desk_session(world) as db:
            record = stored(world)["rows"][2]["record"]
            draft = db.query(Draft).where(Draft.record == record).one()
            assert draft.document["title"] == "A plant closes jax"
        expect(row_of(page, "a3")).to_be_focused()
        page.keyboard.press("u")
        expect(page.locator("#row-a3")).not_to_contain_text("jax")

        # An offered value is taken by its key, and its field has the focus then.
        box = page.get_by_label("Text of the report")
        box.fill("It rained.")
        press(page, "Mark the text")
        page.get_by_text("Correct the text").click()
        box.fill("It rained. Firms heard on 4 May 2019.")
        press(page, "Mark the text again")
        page.get_by_role("button", name="Make an entry of sentence 2: Event").click()
        expect(page.get_by_label("Statement", exact=True)).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("1")
        expect(page.locator("[name$='.when']")).to_be_focused()
        expect(page.locator("[name$='.when']")).to_have_value("2019-05-04")
        expect(page.get_by_role("button", name=re.compile("^Take "))).to_have_count(0)
        assert complaints == []


def test_keys_turn_off_and_work_with_any_input_method(world: Settings, browser: "Browser") -> None:
    with serving(world) as site, open_page(browser, site) as page:
        sign_in_in_browser(page, "Chidi")
        page.goto(f"{AT}?focus=current#statements")
        page.wait_for_function("document.activeElement.matches('.st-in')")

        page.goto(AT)
        row_of(page, "a2").focus()
        page.keyboard.press("?")
        expect(page.locator("#all-keys")).to_be_focused()
        expect(page.get_by_text("Set a speaker: then press the letter")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#all-keys")).to_be_hidden()
        expect(row_of(page, "a2")).to_be_focused()

        # Keys that are off stay off.
        page.get_by_role("button", name="Turn keys off").click()
        page.reload()
        expect(page.get_by_role("button", name="Turn keys on")).to_be_visible()
        row_of(page, "a1").focus()
        page.keyboard.press("j")
        expect(row_of(page, "a1")).to_be_focused()
        page.get_by_role("button", name="Turn keys on").click()

        # Keys go by their place on the keyboard.
        row_of(page, "a1").focus()
        press_with_input_method(page, "s")
        expect(page.locator("#key-status")).to_contain_text("Speaker: press A, B, O")
        press_with_input_method(page, "b")
        expect(page.locator("#row-a1 .st-cells")).to_contain_text("speaker B")
        expect(row_of(page, "a1")).to_be_focused()
        press_with_input_method(page, "j")
        expect(row_of(page, "a2")).to_be_focused()

        # They act after a link to a row.
        page.evaluate(
            "document.querySelector('#left').insertAdjacentHTML('beforeend',"
            "'<a id=to-a3 href=#row-a3>Row 3</a>')"
        )
        page.locator("#to-a3").click()
        expect(row_of(page, "a3")).to_be_focused()


def test_page_saves_itself_and_joins_rows_of_two_editors(
    world: Settings, browser: "Browser"
) -> None:
    with (
        serving(world) as site,
        open_page(browser, site) as his,
        open_page(browser, site) as hers,
    ):
        sign_in_in_browser(his, "Chidi")
        sign_in_in_browser(hers, "Basma")
        his.goto(f"{AT}?open=a1")
        hers.goto(f"{AT}?open=a2")
        his.get_by_label("Statement", exact=True).fill("His words")
        wait_until(lambda: stored(world)["rows"][0]["statement"] == "His words", "his page to save")
        hers.get_by_label("Statement", exact=True).fill("Her words")
        wait_until(lambda: stored(world)["rows"][1]["statement"] == "Her words", "hers to save")
        assert stored(world)["rows"][0]["statement"] == "His words"

        # The same field: his page says so, and shows both versions at the next press.
        hers.goto(f"{AT}?open=a1")
        hers.get_by_label("Statement", exact=True).fill("Her view")
        wait_until(lambda: stored(world)["rows"][0]["statement"] == "Her view", "hers to save")
        his.get_by_label("Statement", exact=True).fill("His view")
        expect(his.get_by_text("Basma changed the same field.")).to_be_visible()
        expect(his.get_by_label("Statement", exact=True)).to_have_value("His view")
        his.get_by_role("button", name="Save draft", exact=True).last.click()
        expect(his.get_by_role("heading", name="Two versions")).to_be_visible()
        expect(his.get_by_text("Her view", exact=True)).to_be_visible()
        expect(his.get_by_text("His view")).to_be_visible()


def test_sheet_works_without_scripts(world: Settings, browser: "Browser") -> None:
    with (
        serving(world) as site,
        open_page(browser, site, java_script_enabled=False) as page,
    ):
        sign_in_in_browser(page, "Chidi")
        page.goto(AT)
        expect(page.get_by_role("button", name="Turn keys off")).to_be_hidden()
        page.get_by_label("Text of the report").fill("It rained. Firms heard on 4 May 2019.")
        page.get_by_role("button", name="Mark the text").click()
        page.get_by_role("button", name="Make an entry of sentence 2: Event").click()
        page.get_by_role("button", name="Take 4 May 2019").click()
        expect(page.locator("[name$='.when']")).to_have_value("2019-05-04")
        page.get_by_label("Statement", exact=True).fill("Firms heard of it")
        page.get_by_role("button", name="Done").click()
        # It lacks a type: it stays open, and says so.
        expect(page.locator(".st-open .missing")).to_contain_text("Type:")
        page.get_by_role("button", name="Close row 4").click()
        expect(page.get_by_role("heading", name="Firms heard of it")).to_be_visible()
        expect(page.locator(".st-incomplete .st-state")).to_have_text("Incomplete")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("heading", name="Firms heard of it")).to_have_count(0)


@pytest.mark.parametrize("window", WINDOWS, ids=str)
def test_sheet_fits_and_has_no_grave_faults(
    world: Settings, browsers: Callable[[Fonts], "Browser"], window: Window
) -> None:
    # High enough that the bar at the foot of the window covers nothing.
    options = replace(window, height=5_000).options
    with serving(world) as site, open_page(browsers(window.fonts), site, **options) as page:
        complaints = complaints_of(page)

        def look() -> None:
            assert grave_faults(page) == [], page.url
            for width in (320, 1280, window.width):
                page.set_viewport_size({"width": width, "height": 5_000})
                assert not is_too_wide(page), (page.url, width)

        sign_in_in_browser(page, "Chidi")
        for at in (AT, f"{AT}?open=a1", f"{AT}?check=1", "/desk/sources/S1"):
            page.goto(at)
            look()
        page.goto(f"{AT}#text")
        page.get_by_label("Text of the report").fill("About 300 left Place-1 on 4 May 2019.")
        press(page, "Mark the text")
        look()
        page.goto(f"{AT}#text")
        page.get_by_role("button", name="Make an entry of sentence 1: Estimate").click()
        expect(page.locator(".st-form .offered button")).not_to_have_count(0)
        look()
        page.goto(AT)
        page.get_by_role("button", name="Edit this report").click()
        expect(page.get_by_label("Who, in words").first).to_be_visible()
        look()
        assert complaints == []
