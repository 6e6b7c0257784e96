"""Earlier versions of a report's sheet: what differs, and restoring one."""

from starlette.testclient import TestClient

from app.desk.sheets import commands
from tests.conftest import desk_session
from tests.support.sheet_pages import SheetEditor


def number_of(editor: SheetEditor) -> int:
    with desk_session(editor.settings) as db:
        found = commands.find(db, "S7")
        assert found is not None
        return found.number


def test_restored_version_is_a_new_one(editor: SheetEditor) -> None:
    key = editor.add_event("As it was")
    before = number_of(editor)
    editor.press_in(key, "save", statement="Otherwise")
    after = number_of(editor)

    def restore(number: int) -> str:
        answer = editor.client.post(f"{editor.at}/restore", data={"number": str(number)})
        return str(answer.headers.get("location", answer.status_code))

    assert restore(before) == editor.at
    assert f"Version {before} was restored." in editor.page()
    (row,) = editor.rows
    assert row["statement"] == "As it was" and row["record"]
    assert number_of(editor) == after + 1
    restore(after)
    assert editor.rows[0]["statement"] == "Otherwise"
    assert restore(999) == "404"


def test_another_contributor_restores_nothing(editor: SheetEditor, basma: TestClient) -> None:
    hers = SheetEditor(basma, editor.settings, editor.at)
    hers.press_in(hers.add_event("Hers alone"), "save", statement="Hers again")
    history = editor.page("/history")
    assert "Basma is entering this report" in history and 'name="number"' not in history
    editor.client.post(f"{editor.at}/restore", data={"number": "1"})
    assert editor.rows[0]["statement"] == "Hers again"
