"""A working day in a real browser: from two reports to readers, a correction, a withdrawal."""

from typing import TYPE_CHECKING

import pyotp
import pytest
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
from tests.make import make_code, make_place, make_source
from tests.support.desk_browser import press, sign_in_in_browser, wait_for_text
from tests.support.desk_people import PASSWORD, forget_used_codes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page


@pytest.fixture
def world(desk_world: Settings) -> Settings:
    """A published city with names in three scripts, and two reports, in Korean and in English."""
    names = [("en", "Dandong"), ("ko", "단둥"), ("zh-Hans", "丹东")]
    city = make_place(
        4,
        "dandong",
        parent="province-2",
        names=[{"language": of, "text": text, "preferred": True} for of, text in names],
    )
    korean = make_source(7, title="단둥 노동자", language="ko", published="2019-04-23")
    english = make_source(8, title="Workers in Dandong", outlet="outlet-2", published="2019-04-25")
    with desk_session(desk_world) as db:
        save_all(
            db, [city, korean, english, make_code("dprk", "nationality", label="North Koreans")]
        )
        publish_approved(db, "The first")
    return desk_world


def box(page: "Page", path: str) -> "Locator":
    return page.locator(f'[id="{path}"]')


def cites(page: "Page", index: int, source: str, words: str, stance: str = "supports") -> None:
    at = f"citations.{index}"
    box(page, f"{at}.source").fill(source)
    box(page, f"{at}.chain.0.attribution").select_option(
        "resident" if index == 0 else "outlet-own-voice"
    )
    box(page, f"{at}.paraphrase").fill(words)
    box(page, f"{at}.stance").select_option(stance)
    box(page, f"{at}.kind").select_option("occurrence")


def begins_entry(page: "Page", button: str) -> None:
    """Begin an entry of the Korean report, and open it on a page of its own with all fields."""
    page.goto("/desk/sources/S7")
    press(page, button)
    page.goto(f"/desk/drafts/{page.url.partition('open=')[2].partition('#')[0]}")
    page.get_by_text("All fields", exact=True).click()


def draft_number(page: "Page") -> int:
    return int(page.url.split("?")[0].split("#")[0].rsplit("/", 1)[1])


def record_of(world: Settings, page: "Page") -> str:
    with desk_session(world) as db:
        return db.get_one(Draft, draft_number(page)).record


@pytest.fixture
def invited(world: Settings) -> tuple[Settings, str]:
    """Invite Ngozi as a contributor; return the link that she was sent."""
    with desk_session(world) as db:
        amal = db.scalars(select(Person).where(Person.name == "Amal")).one()
        _, token = commands.invite(db, "ngozi@example.org", DeskRole.CONTRIBUTOR, by=amal)
    return world, f"/desk/welcome/{token}"


def joins_with_a_second_factor(page: "Page", link: str, world: Settings) -> None:
    """Follow Ngozi's link, add an app, and sign in again with its code."""
    page.goto(link)
    page.get_by_label("Your name").fill("Ngozi")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Save and sign in")
    page.goto("/desk/account/second-factor")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    press(page, "Turn it on")
    expect(page.locator(".codes li").first).to_be_visible()
    press(page, "Sign out")
    with desk_session(world) as db:
        forget_used_codes(db)
    sign_in_in_browser(page, "Ngozi")
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    press(page, "Continue")
    expect(page.get_by_role("heading", name="My desk")).to_be_visible()


def test_reports_are_published_corrected_and_withdrawn(
    invited: tuple[Settings, str], browser: "Browser"
) -> None:
    world, link = invited
    with (
        serving(world) as site,
        open_page(browser, site, java_script_enabled=False) as ngozi,
        open_page(browser, site) as basma,
        open_page(browser, site) as reader,
    ):
        joins_with_a_second_factor(ngozi, link, world)
        sign_in_in_browser(basma, "Basma")

        # Ngozi reads the Korean report and begins; half-way she saves and leaves.
        begins_entry(ngozi, "New event")
        ngozi.get_by_label("What the report says").fill("Workers leave the city")
        ngozi.get_by_label("Type", exact=True).select_option("stay-limit")
        box(ngozi, "card.when").fill("2019-04~")
        box(ngozi, "card.where").fill("단둥")
        box(ngozi, "citations.0.certainty").select_option("firm")
        cites(ngozi, 0, "S7", "Firms were told in early March.")
        press(ngozi, "Save draft")
        event = record_of(world, ngozi)
        ngozi.goto("/desk")

        # She adds the English report, a report that disputes it and two stages, and submits the
        # draft.
        ngozi.get_by_role("link", name="Workers leave the city").click()
        statement = ngozi.get_by_label("What the report says")
        expect(statement).to_have_value("Workers leave the city")
        ngozi.get_by_text("All fields", exact=True).click()
        ngozi.get_by_label("Summary").fill("Reported by two newspapers.")
        for index, (words, stance) in enumerate(
            [("It was announced.", "supports"), ("The ministry knows of nothing.", "disputes")],
            start=1,
        ):
            press(ngozi, "Add a citation")
            cites(ngozi, index, "S8", words, stance)
        for index, (step, day) in enumerate([("planned", "2019-03"), ("announced", "2019-04")]):
            press(ngozi, "Add a status change")
            box(ngozi, f"stages.{index}.step").select_option(step)
            box(ngozi, f"stages.{index}.date").fill(day)
            box(ngozi, f"stages.{index}.citation").select_option(index=index + 1)
        press(ngozi, "Submit for review")
        expect(ngozi.get_by_text("Submitted for review.")).to_be_visible()

        # And the figures: more than 2,000, of which 300 are without papers.
        stated = {"counts": "present", "as_of": "2019-04", "event": event}
        workers = {"quantifier": "more-than", "low": "2,000", "population": "workers"}
        whole = a_figure(world, ngozi, {**stated, **workers})
        without_papers = {"quantifier": "exact", "point": "300", "population": "overstayers"}
        part = a_figure(world, ngozi, {**stated, **without_papers}, part_of=whole)

        # Basma returns the event with a comment on one field; she mends it.
        basma.goto("/desk")
        open_report(basma)
        row = basma.locator("li.rv").filter(has_text="Workers leave the city").first
        row.get_by_text("Comment on row").click()
        expect(basma.get_by_text("The ministry knows of nothing.")).to_be_visible()
        expect(row.get_by_text("Dandong (dandong)")).to_be_visible()
        assert grave_faults(basma) == []
        row.get_by_role("link", name="Decide on this row alone").click()
        basma.get_by_text("Comment on row 1").click()
        basma.get_by_label("Field").select_option("title")
        basma.get_by_label("Comment", exact=True).fill("Which city?")
        basma.get_by_label("Approve row 1").uncheck()
        press(basma, "Return row 1")
        expect(basma.get_by_text("1 row was returned.")).to_be_visible()
        ngozi.goto("/desk")
        ngozi.get_by_role("region", name="Returned to me").get_by_role(
            "link", name="Workers leave the city"
        ).click()
        expect(ngozi.get_by_text("Which city?")).to_be_visible()
        statement.fill("Workers leave Dandong")
        press(ngozi, "Submit for review")

        # She approves the three and publishes them as one edition. A reader finds the event within
        # a second.
        basma.goto("/desk/review")
        open_report(basma)
        press(basma, "Approve 3 rows")
        basma.goto("/desk/review")
        basma.get_by_label("Summary of this edition").fill("Workers leave Dandong")
        press(basma, "Publish ticked changes")
        expect(basma.get_by_text("Published as edition 2")).to_be_visible()
        wait_for_text(reader, "/events?q=단둥", "Workers leave Dandong")
        reader.get_by_role("link", name="Workers leave Dandong").first.click()
        for words in ("The ministry knows of nothing.", "more than 2,000"):
            expect(reader.get_by_text(words).first).to_be_visible()

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
        basma.goto(f"/desk/records/{event}")
        assert grave_faults(basma) == []
        press(basma, "Compare the chosen versions")
        ngozi.goto(f"/desk/records/{event}")
        expect(ngozi.get_by_text("Corrected")).to_be_visible()

        # The event is withdrawn with one figure; the other figure stays and drops its reference.
        # The event's page gives the reason.
        basma.goto(f"/desk/records/{event}")
        basma.get_by_label("Reason").fill("It was another city.")
        press(basma, "Withdraw")
        expect(basma.get_by_role("alert")).to_contain_text(f"refers to {event}. Choose what")
        expect(basma.get_by_label("Reason")).to_have_value("It was another city.")
        assert grave_faults(basma) == []
        basma.locator("fieldset", has_text=part).get_by_label("Withdraw it, too").check()
        basma.locator("fieldset", has_text=whole).get_by_label(
            "Keep it, and remove the reference"
        ).check()
        press(basma, "Withdraw")
        expect(basma.get_by_text("Withdrawn: It was another city.")).to_be_visible()
        wait_for_text(reader, f"/estimates/{part}", "This record was withdrawn")
        wait_for_text(reader, f"/estimates/{whole}", "more than 2,000")
        expect(reader.get_by_text("This record was withdrawn")).to_have_count(0)
        wait_for_text(reader, f"/events/{event}", "This record was withdrawn")
        expect(reader.get_by_text("It was another city.").first).to_be_visible()
    with desk_session(world) as db:
        assert find_problems(db) == []


def open_report(page: "Page") -> None:
    """Follow the one entry of what waits for review, which is a report."""
    waiting = page.get_by_role("region", name="Waiting for review")
    expect(waiting.get_by_role("link")).to_have_count(1)
    waiting.get_by_role("link").click()


def a_figure(world: Settings, page: "Page", stated: dict[str, str], part_of: str = "") -> str:
    """Submit an estimate from the Korean report and return its id."""
    begins_entry(page, "New number")
    stated = {"unit": "people", "citations.0.certainty": "firm", **stated}
    stated["card.when"] = stated.pop("as_of")
    record = record_of(world, page)
    for name, value in stated.items():
        asked = box(page, name)
        if asked.evaluate("asked => asked.tagName") == "SELECT":
            asked.select_option(value)
        else:
            asked.fill(value)
    box(page, "card.where").fill("dandong")
    box(page, "card.statement").fill("So many are there.")
    page.locator('[name="card.says"][value="O"]').check()
    if part_of:
        press(page, "Add a link to another estimate")
        box(page, "links.0.type").select_option("part-of")
        box(page, "links.0.to").fill(part_of)
    press(page, "Submit for review")
    expect(page.get_by_text("Submitted for review.")).to_be_visible()
    return record
