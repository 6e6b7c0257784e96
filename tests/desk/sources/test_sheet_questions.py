"""The sheet asks for terms that the text names and no row has; a press answers, or submits."""

import pytest
from starlette.testclient import TestClient

from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_code
from tests.support.articles import report
from tests.support.draft_pages import fields
from tests.support.html import words
from tests.support.sheet_pages import add_event, press, sheet

__all__ = ["report"]

TEXT = "Firms were told on Monday. They send North Koreans home, a trader said."
USE, REFUSE = "use-default nationality:kp", "refuse-default nationality:kp"
QUESTION = "The text names a nationality, but no row has one: North Koreans."


@pytest.fixture
def asked(chidi: TestClient, report: str, desk_world: Settings) -> str:
    """A report whose text names North Koreans, with one accepted row without a nationality."""
    with desk_session(desk_world) as db:
        save_all(db, [make_code("kp", "nationality", label="North Koreans")])
    press(chidi, report, "keep-text", text=TEXT)
    for row in sheet(desk_world)["rows"]:
        press(chidi, report, f"reject {row['row']}")
    add_event(chidi, report, "Firms were told")
    return report


def to_do(page: str) -> str:
    start = page.index('id="left"')
    return page[start : page.index("</ul>", start)]


def test_nationality_of_the_text_is_asked_for_and_ticked_with_one_press(
    chidi: TestClient, asked: str, desk_world: Settings
) -> None:
    page = chidi.get(asked).text
    assert QUESTION in words(page) and 'href="#sentence-2"' in page
    assert "Nationality?" in to_do(page) and f'value="{USE}"' in to_do(page)

    page = press(chidi, asked, USE).text

    assert QUESTION not in words(page) and 'id="ask-nationality"' not in page
    (term,) = sheet(desk_world)["defaults"]
    assert (term["key"], term["code"], term["ticked"]) == ("nationality", "kp", "yes")


def test_answer_that_no_row_needs_it_is_remembered(
    chidi: TestClient, asked: str, desk_world: Settings
) -> None:
    page = press(chidi, asked, REFUSE).text
    assert QUESTION not in words(page)
    assert sheet(desk_world)["not_defaults"] == "nationality:kp"
    assert QUESTION in words(press(chidi, asked, "undo").text)


def test_nationality_of_one_row_ends_the_question(
    chidi: TestClient, asked: str, desk_world: Settings
) -> None:
    key = next(row["row"] for row in sheet(desk_world)["rows"] if row["state"] == "accepted")
    page = press(chidi, f"{asked}?open={key}", f"add-term {key} nationality")
    assert QUESTION not in words(page.text)


def test_report_without_rows_is_asked_nothing(
    chidi: TestClient, asked: str, desk_world: Settings
) -> None:
    key = next(row["row"] for row in sheet(desk_world)["rows"] if row["state"] == "accepted")
    assert QUESTION not in words(press(chidi, asked, f"reject {key}").text)


def test_submitting_asks_first_and_then_submits(
    chidi: TestClient, asked: str, desk_world: Settings
) -> None:
    press(chidi, asked, "use-default place:place-1")
    key = next(row["row"] for row in sheet(desk_world)["rows"] if row["state"] == "accepted")
    values = {f"rows.{key}.when": "2019-04"}
    page = press(chidi, f"{asked}?open={key}", "submit", **values)
    said = words(page.text)
    assert "One question before review" in said and "fix before review" not in said, said
    assert '<a href="#ask-nationality">' in page.text
    sent = {**fields(page.text), "do": "submit-anyway"}
    answer = chidi.post(asked, data=sent)
    assert "check=1" not in answer.headers["location"]
    assert "submitted for review" in chidi.get(asked).text
    assert QUESTION not in words(chidi.get(asked).text), "a report in review is asked nothing"
