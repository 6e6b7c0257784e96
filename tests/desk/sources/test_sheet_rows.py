"""Rows of a sheet without scripts: of another kind, with names of several words, and closed."""

import re

from tests.support.draft_pages import fields
from tests.support.sheet_pages import SheetEditor, key_of_open_row


def test_row_that_lacks_something_stays_open_at_that_field(editor: SheetEditor) -> None:
    key = editor.add()
    page = editor.press_in(key, f"done {key}", statement="A" * 201)
    assert key_of_open_row(page) == key
    assert f'data-focus="rows.{key}.statement"' in page.text
    assert page.text.count("Statement: This is too long. Use at most 200 characters.") == 1
    sent = {**fields(page.text), f"rows.{key}.statement": "A" * 201, "do": f"done {key}"}
    answer = editor.client.post(editor.at, data=sent, headers={"hx-request": "true"})
    said = re.search(r'data-said="([^"]*)"', answer.text)
    assert said and said[1].startswith("Saved. ") and "Use at most 200 characters." in said[1]
    assert said[1].endswith("1 row: 1 incomplete"), "screen readers hear what was done"
    values = {"statement": "Workers left", "where": "place-1", "type": "repatriation"}
    page = editor.press_in(key, f"done {key}", **values, step="announced")
    assert f'data-focus="rows.{key}.step"' in page.text, "its type is no measure"
    page = editor.press_in(key, f"done {key}", type="stay-limit", step="")
    assert 'name="open" value=""' in page.text


def test_row_without_a_record_becomes_one_of_another_kind(editor: SheetEditor) -> None:
    key = editor.add()
    page = editor.press_in(key, f"kind {key} estimate", statement="300 left", when="2019-04").text
    row = editor.row(key)
    assert (row["kind"], row["statement"], row["when"]) == ("estimate", "300 left", "2019-04")
    # Without a default of the report its population is in sight, and says nothing of a default.
    at = page.index(f'name="rows.{key}.population"')
    assert "<details" not in page[page.index(f"row-{key}-title") : at]
    assert "Default of this report" not in page
    done = editor.add_event()
    assert f'value="kind {done} estimate"' not in editor.press(f"open {done}").text


def test_row_forgets_its_link_to_a_row_that_is_removed(editor: SheetEditor) -> None:
    event, key = editor.add_event(), editor.add("estimate")
    editor.press(f"add-link {key}", open=key)
    link = f"links.{editor.row(key)['links'][0]['row']}"
    editor.press_in(key, "save", **{f"{link}.to": "1", f"{link}.relation": "same-study"})
    assert [each["to"] for each in editor.row(key)["links"]] == [event]
    editor.press(f"remove {event}")
    assert editor.row(key)["links"] == []
