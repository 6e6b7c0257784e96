"""A working day in a real browser: from a report to readers, a correction, a withdrawal.

The contributor has no scripts. `reports/test_a_day_with_a_relay.py` is a day with them.
"""

from typing import TYPE_CHECKING

import pyotp
from playwright.sync_api import expect
from sqlalchemy import select

from app.desk.approved.models import Draft
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.identity import commands
from app.desk.identity.models import DeskRole, Person
from app.record.publishing.integrity import find_problems
from app.settings import Settings
from tests.browser import grave_faults
from tests.conftest import desk_session, open_page, serving
from tests.make import make_source
from tests.support.articles import DANDONG
from tests.support.desk_browser import box, press, sign_in_in_browser, wait_for_text
from tests.support.desk_people import PASSWORD, forget_used_codes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def publish_report_and_invite(settings: Settings) -> str:
    """Publish a city and a report, and return the link by which Ngozi joins."""
    korean = make_source(7, title="단둥 노동자", language="ko", published="2019-04-23")
    with desk_session(settings) as db:
        save_all(db, [DANDONG, korean])
        publish_approved(db, "The first")
        amal = db.scalars(select(Person).where(Person.name == "Amal")).one()
        _, token = commands.invite(db, "ngozi@example.org", DeskRole.CONTRIBUTOR, by=amal)
    return f"/desk/welcome/{token}"


def joins_with_a_second_factor(page: "Page", link: str, settings: Settings) -> None:
    """Follow Ngozi's link, add an app, and sign in again with its code."""
    page.goto(link)
    page.get_by_label("Your name").fill("Ngozi")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Save and sign in")
    page.goto("/desk/account")
    page.get_by_text("Add an authenticator app").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    adding = page.locator("details form")
    adding.get_by_label("Your password").fill(PASSWORD)
    adding.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    press(page, "Turn it on")
    expect(page.locator(".codes li").first).to_be_visible()
    press(page, "Sign out")
    with desk_session(settings) as db:
        forget_used_codes(db)
    sign_in_in_browser(page, "Ngozi")
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    press(page, "Continue")
    expect(page.get_by_role("heading", name="My desk")).to_be_visible()


def cites(page: "Page", index: int, who: str, words: str, stance: str = "supports") -> None:
    at = f"citations.{index}"
    box(page, f"{at}.source").fill("S7")
    box(page, f"{at}.paraphrase").fill(words)
    chosen = {"chain.0.attribution": who, "stance": stance, "kind": "occurrence"}
    for name, code in chosen.items():
        box(page, f"{at}.{name}").select_option(code)


def test_report_is_published_corrected_and_withdrawn(
    desk_world: Settings, browser: "Browser"
) -> None:
    link = publish_report_and_invite(desk_world)
    with (
        serving(desk_world) as site,
        open_page(browser, site, java_script_enabled=False) as ngozi,
        open_page(browser, site) as basma,
        open_page(browser, site) as reader,
    ):
        joins_with_a_second_factor(ngozi, link, desk_world)
        sign_in_in_browser(basma, "Basma")

        # Ngozi begins an entry on a page of its own; half-way she saves and leaves.
        ngozi.goto("/desk/sources/S7")
        press(ngozi, "New event")
        draft = int(ngozi.url.partition("open=")[2].partition("#")[0])
        ngozi.goto(f"/desk/drafts/{draft}")
        ngozi.get_by_text("All fields", exact=True).click()
        ngozi.get_by_label("What the report says").fill("Workers leave the city")
        ngozi.get_by_label("Type", exact=True).select_option("stay-limit")
        box(ngozi, "card.when").fill("2019-04~")
        box(ngozi, "card.where").fill("단둥")
        box(ngozi, "card.nationality").select_option("not-stated")
        box(ngozi, "citations.0.certainty").select_option("firm")
        cites(ngozi, 0, "resident", "Firms were told in early March.")
        press(ngozi, "Save draft")
        with desk_session(desk_world) as db:
            event = db.get_one(Draft, draft).record
        ngozi.goto("/desk")

        # She adds a citation that disputes it and a status change, and submits the draft.
        ngozi.get_by_role("link", name="Workers leave the city").click()
        statement = ngozi.get_by_label("What the report says")
        expect(statement).to_have_value("Workers leave the city")
        ngozi.get_by_text("All fields", exact=True).click()
        press(ngozi, "Add a citation")
        cites(ngozi, 1, "outlet-own-voice", "The ministry knows of nothing.", "disputes")
        press(ngozi, "Add a status change")
        box(ngozi, "stages.0.step").select_option("announced")
        box(ngozi, "stages.0.date").fill("2019-04")
        box(ngozi, "stages.0.citation").select_option(index=1)
        press(ngozi, "Submit for review")
        expect(ngozi.get_by_text("Submitted for review.")).to_be_visible()

        # Basma returns it with a comment on one field; Ngozi mends it.
        basma.goto("/desk")
        basma.get_by_role("region", name="Waiting for review").get_by_role("link").click()
        basma.get_by_text("Comment on row 1").click()
        basma.get_by_label("Field").select_option("title")
        basma.get_by_label("Comment", exact=True).fill("Which city?")
        basma.get_by_label("Approve row 1").uncheck()
        press(basma, "Return row 1")
        ngozi.goto("/desk")
        returned = ngozi.get_by_role("region", name="Returned to me")
        returned.get_by_role("link", name="Workers leave the city").click()
        expect(ngozi.get_by_text("Which city?")).to_be_visible()
        statement.fill("Workers leave Dandong")
        press(ngozi, "Submit for review")

        # Basma approves and publishes it. A reader finds the event.
        basma.goto("/desk/review/reports/S7")
        press(basma, "Approve row 1")
        basma.goto("/desk/review")
        basma.get_by_label("Summary of this edition").fill("Workers leave Dandong")
        press(basma, "Publish ticked changes")
        expect(basma.get_by_text("Published as edition 2")).to_be_visible()
        wait_for_text(reader, "/events?q=단둥", "Workers leave Dandong")
        reader.get_by_role("link", name="Workers leave Dandong").first.click()
        expect(reader.get_by_text("The ministry knows of nothing.").first).to_be_visible()

        # A correction follows; its history shows old and new.
        ngozi.goto(f"/desk/records/{event}")
        press(ngozi, "Edit")
        ngozi.get_by_label("What happened").fill("Workers told to leave Dandong")
        ngozi.get_by_label("Reason for the change").fill("The report says they were told.")
        ngozi.get_by_label("A correction of our mistake").check()
        press(ngozi, "Submit for review")
        basma.goto("/desk/review")
        basma.get_by_role("link", name="Workers told to leave Dandong").click()
        for mark in basma.get_by_role("checkbox").all():
            mark.check()
        basma.get_by_label("Publish now as edition 3").check()
        press(basma, "Approve row 1")
        expect(basma.get_by_text("Published as edition 3")).to_be_visible()
        wait_for_text(reader, f"/events/{event}", "Workers told to leave Dandong")
        reader.get_by_text("History of this entry").click()
        expect(reader.get_by_text("The report says they were told.").first).to_be_visible()

        # The event is withdrawn. Its page gives the reason.
        basma.goto(f"/desk/records/{event}")
        assert grave_faults(basma) == []
        basma.get_by_label("Reason").fill("It was another city.")
        press(basma, "Withdraw")
        expect(basma.get_by_text("Withdrawn: It was another city.")).to_be_visible()
        wait_for_text(reader, f"/events/{event}", "This record was withdrawn")
        expect(reader.get_by_text("It was another city.").first).to_be_visible()
    with desk_session(desk_world) as db:
        assert find_problems(db) == []
