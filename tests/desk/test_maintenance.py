"""A day of maintenance in a real browser, half of it without scripts."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.record.publishing.integrity import find_problems
from app.settings import Settings
from tests.browser import grave_faults
from tests.conftest import desk_session, serving
from tests.make import make_citation, make_code, make_event, make_place, make_term
from tests.support.desk_browser import (
    confirm_request,
    open_page,
    press,
    sign_in_in_browser,
    wait_for_text,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def world(desk_world: Settings) -> Settings:
    """A town entered twice, an event without citation, and two codes for one kind of permit."""
    student = make_term("paper", "student")
    there = [make_term(code="place-8"), student]
    with desk_session(desk_world) as db:
        names = [{"text": "Place-1 City"}]
        save_all(db, [make_place(8, parent="province-2", names=names), make_code("study", "paper")])
        here = make_event(1, title="The morning", terms=[make_term(), student])
        night = make_event(2, title="The night", terms=there, citations=[make_citation(2, 2)])
        save_all(db, [here, night, make_event(3, title="Nobody says so", citations=[])])
        publish_approved(db, "The first")
    return desk_world


def test_maintenance_works_from_quality_list_to_purge(world: Settings, browser: "Browser") -> None:
    with (
        serving(world) as site,
        open_page(browser, site, java_script_enabled=False) as basma,
        open_page(browser, site, viewport={"width": 390, "height": 844}) as amal,
        open_page(browser, site) as reader,
    ):
        sign_in_in_browser(basma, "Basma")
        sign_in_in_browser(amal, "Amal")
        fix_line_of_quality_list(basma)
        record_coverage_check(basma, reader)
        merge_towns_and_undo(basma, reader)
        change_vocabulary(amal, reader)
        change_code_in_bulk(basma, amal, reader)
        purge_record(basma, amal, reader)
    with desk_session(world) as db:
        assert find_problems(db) == []


def fix_line_of_quality_list(basma: "Page") -> None:
    basma.goto("/desk")
    basma.get_by_role("link", name="Events with no citation").click()
    basma.get_by_role("link", name="Nobody says so").click()
    basma.get_by_label("Reason").fill("Nobody reports it.")
    press(basma, "Withdraw")
    expect(basma.get_by_text("Withdrawn: Nobody reports it.")).to_be_visible()
    basma.goto("/desk/quality")
    expect(basma.get_by_role("row", name="Events with no citation")).to_contain_text("0")


def record_coverage_check(basma: "Page", reader: "Page") -> None:
    basma.goto("/desk/checks")
    for label, typed in (("Places", "Place-1"), ("Outlets", "Outlet-1"), ("Languages", "ko")):
        basma.get_by_label(label).fill(typed)
    basma.get_by_label("From", exact=True).fill("2019-06-01")
    basma.get_by_label("To", exact=True).fill("2019-06-07")
    basma.get_by_label("Nothing new").check()
    press(basma, "Record and publish")
    expect(basma.get_by_role("status").first).to_contain_text(
        "The check was recorded, in edition 3"
    )
    wait_for_text(reader, "/cities/place-1", "Last checked")
    wait_for_text(reader, "/about", "Outlet-1")


def merge_towns_and_undo(basma: "Page", reader: "Page") -> None:
    basma.goto("/desk/records/P8")
    basma.get_by_role("link", name="Merge with another record").click()
    basma.get_by_label("Id, name or words from the title").fill("P1")
    press(basma, "Search")
    basma.get_by_role("region", name="Find the other record").get_by_role(
        "link", name="Place-1"
    ).click()
    basma.get_by_label("Reason").fill("One town, entered twice.")
    press(basma, "Merge and publish")
    expect(basma.get_by_role("status").first).to_contain_text("now redirects to P1")
    wait_for_text(reader, "/events?place=place-8", "The morning")
    expect(reader).to_have_url(re.compile("/events[?]place=place-1$"))
    expect(reader.get_by_text("The night").first).to_be_visible()
    reader.goto("/cities/place-8")
    expect(reader).to_have_url(re.compile("/cities/place-1$"))
    reader.goto("/events?place=place-8&edition=1")
    expect(reader.get_by_text("The night").first).to_be_visible()
    expect(reader.get_by_text("The morning")).to_have_count(0)

    basma.goto("/desk/records/P1")
    basma.get_by_text("Undo this merge").click()
    basma.locator('textarea[id^="undo"]').fill("They are two towns.")
    press(basma, "Undo the merge")
    wait_for_text(reader, "/changes", "They are two towns.")
    reader.goto("/cities/place-8")
    expect(reader).to_have_url(re.compile("/cities/place-8$"))


def change_vocabulary(amal: "Page", reader: "Page") -> None:
    amal.goto("/desk/vocabulary")
    amal.get_by_role("link", name="Add a code to Visas and permits").click()
    amal.get_by_label("Code", exact=True).fill("work-visa")
    amal.get_by_label("Label").fill("Work visa")
    amal.get_by_label("Definition").fill("A visa to work.")
    press(amal, "Add and publish")
    expect(amal.get_by_role("status").first).to_contain_text("was added to the codebook")
    amal.get_by_label("Label").fill("Working visa")
    amal.get_by_label("Reason").first.fill("As the law calls it.")
    amal.get_by_label("Wording").check()
    press(amal, "Change and publish")
    wait_for_text(reader, "/codebook/paper", "Working visa")
    amal.goto("/desk/vocabulary/paper:student")
    assert grave_faults(amal) == []
    amal.get_by_label("Successor").fill("study")
    amal.get_by_label("Reason").last.fill("One kind of paper.")
    press(amal, "Retire and publish")
    wait_for_text(reader, "/events?paper=study", "The morning")
    wait_for_text(
        reader,
        "/events?paper=student",
        "“Student” was replaced by “Study”. These are the results for “Study”.",
    )


def change_code_in_bulk(basma: "Page", amal: "Page", reader: "Page") -> None:
    """Replace a code in many records; an admin approves and confirms the citations in doubt."""
    basma.goto("/desk/bulk")
    basma.get_by_label("Which records").fill("/events?paper=student")
    press(basma, "Show them")
    basma.get_by_label("Codes or field").select_option(label="Visa or permit")
    basma.get_by_label("Old", exact=True).fill("student")
    basma.get_by_label("New", exact=True).fill("Study")
    press(basma, "Preview the changes")
    expect(basma.get_by_role("region", name="Changes")).to_contain_text("2 records")
    basma.get_by_label("Reason for the change").fill("One kind of paper.")
    basma.get_by_label("Wording").check()
    press(basma, "Create the drafts and submit them")
    expect(basma.get_by_role("status").first).to_contain_text("2 records were changed in drafts")

    amal.goto("/desk/bulk")
    amal.get_by_role("link", name="paper: student → study").click()
    boxes = amal.get_by_role("checkbox")
    boxes.first.check()
    press(amal, "Approve 2 changes for the next edition")
    expect(amal.get_by_role("alert")).to_contain_text("confirm each citation")
    for each in boxes.all():
        each.check()
    press(amal, "Approve 1 change for the next edition")
    amal.goto("/desk/review")
    amal.get_by_label("Summary of this edition").fill("One kind of paper")
    press(amal, "Publish ticked changes")
    expect(amal.get_by_text("Published as edition")).to_be_visible()
    wait_for_text(reader, "/events/E2", "One kind of paper.")


def purge_record(basma: "Page", amal: "Page", reader: "Page") -> None:
    basma.goto("/desk/records/E2")
    expect(basma.get_by_role("link", name="Remove it permanently")).to_have_count(0)
    amal.goto("/desk/records/E2")
    amal.get_by_role("link", name="Remove it permanently").click()
    amal.get_by_label("Reason for the log").fill("Asked for.")
    amal.get_by_label("Type E2").fill("E3")
    assert grave_faults(amal) == []
    press(amal, "Remove permanently")
    expect(amal.get_by_role("alert")).to_contain_text("Type the id, E2")
    expect(amal.get_by_label("Reason for the log")).to_have_value("Asked for.")
    amal.get_by_label("Type E2").fill("E2")
    press(amal, "Remove permanently")
    expect(amal.get_by_role("status").first).to_contain_text("until a second person confirms it")
    confirm_request(basma, "Confirm permanent removal")
    wait_for_text(reader, "/events/E2?edition=1", "removed")
    reader.goto("/events?edition=1")
    expect(reader.get_by_text("The morning").first).to_be_visible()
    expect(reader.get_by_text("The night")).to_have_count(0)
