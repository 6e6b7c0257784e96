"""Earlier versions of a report's sheet: what differs, and restoring one."""

import re

from starlette.testclient import TestClient

from app.desk.sheets import commands
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.articles import report
from tests.support.draft_pages import fields
from tests.support.html import words
from tests.support.sheet_pages import add_event, press, sheet

__all__ = ["report"]


def number_of(settings: Settings) -> int:
    with desk_session(settings) as db:
        found = commands.find(db, "S7")
        assert found is not None
        return found.number


def test_versions_name_who_when_and_the_fields_that_differ(
    chidi: TestClient, basma: TestClient, report: str, desk_world: Settings
) -> None:
    key, _page = add_event(chidi, report, "Firms were told")
    press(basma, f"{report}?open={key}", "save", **{f"rows.{key}.when": "2019-04"})
    history = basma.get(f"{report}/history").text
    newest = history.index("<tbody>")
    row = history[newest : history.index("</tr>", newest)]
    assert "Basma" in row and "Saved" in row and "1 difference" in row
    assert re.search(r"<dt>\s*Statements, 1: Firms were told[^<]*When\s*</dt>", row), row
    assert re.search(r"<ins>[^<]*2019-04", row)
    assert "Chidi" in history and "Started" in history
    assert "Restore" not in words(row), "the newest version has nothing to restore"
    assert f'href="{report}/history"' in chidi.get(report).text


def test_moved_rows_are_named_by_their_statements(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    add_event(chidi, report, "The first")
    second, _page = add_event(chidi, report, "The second")
    press(chidi, report, f"up {second}")
    history = words(chidi.get(f"{report}/history").text)
    assert "The first · The second" in history and "The second · The first" in history


def test_restored_version_is_a_new_one(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    key, _page = add_event(chidi, report, "As it was")
    before = number_of(desk_world)
    press(chidi, f"{report}?open={key}", "save", **{f"rows.{key}.statement": "Otherwise"})
    after = number_of(desk_world)
    answer = chidi.post(f"{report}/restore", data={"number": str(before)})
    assert answer.headers["location"] == report
    assert f"Version {before} was restored." in chidi.get(report).text
    (row,) = sheet(desk_world)["rows"]
    assert row["statement"] == "As it was" and row["record"]
    assert number_of(desk_world) == after + 1
    chidi.post(f"{report}/restore", data={"number": str(after)})
    assert sheet(desk_world)["rows"][0]["statement"] == "Otherwise"
    assert chidi.post(f"{report}/restore", data={"number": "999"}).status_code == 404


def test_version_kept_apart_in_a_conflict_is_listed_and_restored(
    chidi: TestClient, basma: TestClient, report: str, desk_world: Settings
) -> None:
    key, _page = add_event(chidi, report, "As it was")
    at, name = f"{report}?open={key}", f"rows.{key}.statement"
    hers, his = (fields(who.get(at).text) for who in (basma, chidi))
    basma.post(report, data={**hers, name: "Her words", "do": "save"})
    chidi.post(report, data={**his, name: "His words", "do": "autosave"})
    history = chidi.get(f"{report}/history").text
    assert "Kept apart" in history and "<ins>His words</ins>" in history
    number = re.search(r'value="(\d+)"', history[history.index("Kept apart") :])
    assert number
    chidi.post(f"{report}/restore", data={"number": number[1]})
    assert sheet(desk_world)["rows"][0]["statement"] == "His words"


def test_report_without_a_sheet_has_no_versions(chidi: TestClient, report: str) -> None:
    add_event(chidi, report, "Firms were told")
    assert 'name="number"' in chidi.get(f"{report}/history").text
    other = chidi.get("/desk/sources/S1/history")
    assert other.status_code == 404, "a report without a sheet has no versions"


def test_another_contributor_restores_nothing(
    chidi: TestClient, basma: TestClient, report: str, desk_world: Settings
) -> None:
    key, _page = add_event(basma, report, "Hers alone")
    press(basma, f"{report}?open={key}", "save", **{f"rows.{key}.statement": "Hers again"})
    history = chidi.get(f"{report}/history").text
    assert "Basma is entering this report" in history and 'name="number"' not in history
    chidi.post(f"{report}/restore", data={"number": "1"})
    assert sheet(desk_world)["rows"][0]["statement"] == "Hers again"
