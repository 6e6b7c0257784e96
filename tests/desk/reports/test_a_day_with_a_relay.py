"""A working day: a Korean report is entered card by card, reviewed, and reaches its readers."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.desk.draft_form.catalogue import Catalogue
from app.desk.reports import texts
from app.kinds import RecordForm
from app.record.publishing.integrity import find_problems
from app.settings import Settings
from tests.browser import complaints_of, grave_faults
from tests.conftest import desk_session, open_page, serving
from tests.make import make_code, make_source
from tests.support.desk_browser import press, sign_in_in_browser, wait_for_text
from tests.support.desk_people import person
from tests.support.draft_pages import DANDONG
from tests.support.worlds import publish_new

KOREAN = """\
중국 단둥의 한 소식통은 북한 노동자 약 300명이 4월 15일 귀국했다고 말했다. \
이 소식통은 의류 공장에 아직 200여 명이 남아 있다고 전했다.

공장들은 일손이 모자라 주문을 줄이고 있으며, 새 사람을 구하기도 쉽지 않다고 한다. \
강가의 시장과 숙소에도 손님이 눈에 띄게 줄어 상인들이 걱정하고 있다. \
이웃 도시의 상점들도 작년보다 훨씬 조용하다는 이야기가 곳곳에서 들려온다. \
역 앞의 식당 주인은 아침마다 줄을 서던 손님이 이제는 보이지 않는다고 했다. \
짐을 싣던 트럭 기사들은 일감이 줄어 쉬는 날이 많아졌다고 한다. \
공장 담장 너머로 들리던 재봉틀 소리도 저녁이면 일찍 그친다. \
주민들은 앞으로 어떻게 될지 아무도 말해 주지 않는다며 답답해했다. \
기숙사 창문에는 불이 꺼진 방이 많고, 마당에는 버려진 상자들이 쌓여 있다. \
시장에서 과일을 파는 노인은 이런 겨울은 처음이라며 고개를 저었다.

""" + " ".join(
    f"{one}{other} 골목에는 눈이 내리고 {other}{one} 담장은 하얗다."
    for one in "가나다라마바사"
    for other in "자차카타파하"
)
"""Long enough that a part of its shingles, chosen by the desk's secret, tells it from others."""


@pytest.fixture
def world(desk_world: Settings) -> Settings:
    """A city with names in three scripts; S8, read before, has the words of the Korean S7."""
    records: list[RecordForm] = [
        DANDONG,
        make_source(7, title="단둥 노동자 귀국", language="ko", published="2019-04-23"),
        make_source(
            8, title="단둥에서 귀국", outlet="outlet-2", language="ko", published="2019-04-22"
        ),
        make_code("kp", "nationality", label="North Koreans"),
        make_code("repatriation", "type", label="Workers sent home"),
    ]
    publish_new(desk_world, *records)
    with desk_session(desk_world) as db:
        amal = person(desk_world, "Amal")
        kept = texts.store(db, desk_world, amal, "S8", text=KOREAN, language="ko")
        assert texts.mark_text(db, Catalogue(db, amal), kept, "2019-04-22")
    return desk_world


def paste(page: Page, source: str, text: str) -> None:
    page.goto(f"/desk/sources/{source}")
    page.get_by_label("Text of the report").fill(text)
    press(page, "Mark the text")


def entry(page: Page, words: str) -> Locator:
    """Return the one entry that says so."""
    found = page.locator(".entry").filter(has_text=words)
    expect(found).to_have_count(1)
    return found


def add(page: Page, button: str, statement: str) -> Locator:
    """Begin an entry, write its statement, choose who says it, and return the open card."""
    press(page, button)
    page.get_by_label("What the report says").fill(statement)
    page.locator("[name='card.says'][value=A]").check()
    return page.locator(".card-fields")


def take(page: Page, field: str, words: str) -> None:
    """Write a mark of the text into a field, by a press on it."""
    page.locator(f'[name="{field}"]').focus()
    page.locator(".mk", has_text=words).first.click()


def close(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator(".entry.is-open")).to_have_count(0)


def test_report_goes_to_readers(world: Settings, browser: Browser) -> None:
    with (
        serving(world) as site,
        open_page(browser, site) as chidi,
        open_page(browser, site) as amal,
        open_page(browser, site) as reader,
    ):
        complaints = complaints_of(chidi)
        sign_in_in_browser(chidi, "Chidi")
        sign_in_in_browser(amal, "Amal")

        # Chidi pastes the Korean report. It has the words of S8, which it passes on.
        paste(chidi, "S7", KOREAN)
        question = chidi.locator("#relay-S8")
        expect(question).to_contain_text(re.compile(r"% of this text is in\s+S8"))
        with chidi.expect_navigation():
            question.get_by_role("button", name="Set “Repeats”").click()
        expect(chidi.locator(".report-head")).to_contain_text("derived from S8")

        # A speaker and a default, then an entry of each statement, with what is marked in the text.
        chidi.locator("#block > summary").click()
        press(chidi, "Add a speaker")
        chidi.locator("#report [name='speakers.0.attribution']").select_option("resident")
        chidi.locator("[name=nationality]").select_option("kp")
        press(chidi, "Save")
        event = add(chidi, "New event", "Workers go home from Dandong")
        event.get_by_label("Nationality", exact=True).select_option("kp")
        event.get_by_label("Type", exact=True).select_option("repatriation")
        take(chidi, "card.when", "4월 15일")
        take(chidi, "card.where", "단둥")
        event.get_by_label("Certainty", exact=True).select_option("firm")
        close(chidi)
        stay = add(chidi, "New number", "More than 200 remain in factories")
        # Into a text a mark is written at the cursor, and can be undone.
        statement = stay.get_by_label("What the report says")
        take(chidi, "card.statement", "200여 명")
        expect(statement).to_have_value("More than 200 remain in factories200여 명")
        chidi.keyboard.press("Control+z")
        expect(statement).to_have_value("More than 200 remain in factories")
        press(chidi, "Submit for review")
        missing = chidi.locator(".errors")
        for words in ("Measures: ", "Where: ", "Certainty: "):
            expect(missing).to_contain_text(words)
        assert grave_faults(chidi) == []
        # What was complete is in review; the other entry follows.
        entry(chidi, "More than 200 remain").get_by_role("link").first.click()
        stay = chidi.locator(".card-fields")
        stay.get_by_label("Value").fill("200")
        for label, code in (
            ("Measures", "present"),
            ("Reported as", "more-than"),
            ("Unit", "people"),
            ("Population", "workers"),
            ("Certainty", "firm"),
        ):
            stay.get_by_label(label, exact=True).select_option(code)
        expect(stay.get_by_label("Low", exact=True)).to_have_value("200")
        stay.get_by_label("Date", exact=True).fill("2019-04-23")
        stay.get_by_label("Where").fill("Dandong")
        press(chidi, "Submit for review")
        expect(chidi.get_by_text("This report is in review.")).to_be_visible()

        # Amal returns one row with a comment; Chidi mends it, and all of it is approved.
        amal.goto("/desk/review/reports/S7")
        returned = amal.locator("li.rv").filter(has_text="More than 200 remain")
        returned.locator("[data-tick]").uncheck()
        returned.get_by_label("Comment", exact=True).fill("In which factories?")
        assert grave_faults(amal) == []
        with amal.expect_navigation():
            amal.get_by_role("button", name=re.compile("Approve .* return row")).click()
        expect(amal.get_by_role("status").first).to_contain_text("1 row was returned.")
        chidi.goto("/desk/sources/S7")
        entry(chidi, "More than 200 remain").get_by_role("link").first.click()
        expect(chidi.get_by_text("In which factories?", exact=True)).to_be_visible()
        chidi.get_by_label("What the report says").fill(
            "More than 200 remain in clothing factories"
        )
        close(chidi)
        press(chidi, "Submit for review")
        amal.goto("/desk/review/reports/S7")
        amal.get_by_role("button", name="Mark as resolved").click()
        expect(amal.get_by_text("resolved by Amal")).to_be_visible()
        with amal.expect_navigation():
            amal.get_by_role("button", name=re.compile("^Approve row [0-9]+$")).click()
        amal.goto("/desk/review")
        expect(amal.get_by_label("Summary of this edition")).to_have_value(
            re.compile("From a report")
        )
        press(amal, "Publish ticked changes")
        expect(amal.get_by_text("Published as edition 2")).to_be_visible()
        wait_for_text(reader, "/events?q=단둥", "Workers go home from Dandong")
        reader.get_by_role("link", name="Workers go home from Dandong").first.click()
        expect(reader.get_by_text("(23 April 2019)").first).to_be_visible()

        assert complaints == []
    with desk_session(world) as db:
        assert find_problems(db) == []
