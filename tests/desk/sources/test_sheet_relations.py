"""Rows of a sheet that refer to others, and towns that only the gazetteer has, on the page."""

from starlette.testclient import TestClient

from app.settings import Settings
from tests.support.articles import report
from tests.support.sheet_pages import press, sheet

__all__ = ["report"]

STAGES = (
    "Workers were deported from Dandong on 3 June 2019, a trader said. In the first step women "
    "must leave by 1 July, in the second step all others by 1 August. The embassy denied it."
)


def paste(client: TestClient, at: str, text: str) -> str:
    return str(press(client, at, "keep-text", text=text).text)


def test_denial_and_stages_are_asked_about_on_the_page(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    page = paste(chidi, report, STAGES)
    keys = [row["row"] for row in sheet(desk_world)["rows"]]

    assert "Disputes row 1?" in page
    assert "Disputes row 1<" in page, "the answer says what it does"
    assert page.count(f'Part of <a href="#row-{keys[0]}"') == 2
    assert "Deadline: 1 July 2019" in page and "Deadline: 1 August 2019" in page
    assert "mk-deny" in page and "(denial)" in page


def test_town_of_the_gazetteer_is_added_by_one_press_for_all_rows(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    text = (
        "300 workers left Mudanjiang in March 2019, a trader said. "
        "200 workers stayed in Mudanjiang, a source in China said."
    )
    page = paste(chidi, report, text)
    estimates = [row for row in sheet(desk_world)["rows"] if row["kind"] == "estimate"]
    assert {row["where"] for row in estimates} == {"Mudanjiang"}
    assert page.count("Add the place Mudanjiang, China") == 1, "one press serves all rows"
    assert "Mudanjiang, not in the record" in page

    first = estimates[0]["row"]
    page = press(chidi, report, f"town rows.{first}.where 2035715 Mudanjiang").text

    assert {row["where"] for row in sheet(desk_world)["rows"]} == {"mudanjiang"}
    assert "Add the place" not in page


def test_unknown_town_changes_nothing(chidi: TestClient, report: str, desk_world: Settings) -> None:
    paste(chidi, report, "300 workers left Mudanjiang in March 2019, a trader said.")
    before = sheet(desk_world)["rows"]

    for line in ("town rows.x.where 1 Mudanjiang", f"town rows.{before[0]['row']}.where 1 x"):
        press(chidi, report, line)

    assert [row["where"] for row in sheet(desk_world)["rows"]] == [row["where"] for row in before]
