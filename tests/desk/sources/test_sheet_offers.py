"""What a sheet offers from its address and its text, and asks for before review."""

import html

from app.documents import Document
from tests.support.sheet_pages import SheetEditor, address_of, sheet


def new_source(editor: SheetEditor, url: str) -> SheetEditor:
    typed = {"url": url, "key": "k1", "do": "open-sheet"}
    at = editor.client.post("/desk/sources", data=typed).headers["location"]
    return SheetEditor(editor.client, editor.settings, at.partition("?")[0])


def document_of(new: SheetEditor) -> Document:
    return sheet(new.settings, new.at.rpartition("/")[2])


def test_first_lines_of_a_text_are_offered_and_its_days_wait_for_publication(
    editor: SheetEditor,
) -> None:
    new = new_source(editor, "https://example.org/workers")
    text = (
        "Plants in Dandong told to send workers home\nThe Amnok Ilbo, 14 March 2019\n"
        "By our correspondent\n\n300 workers are to leave by around 20 April, a trader said."
    )
    # Without scripts, what was typed beside the text is saved with it.
    title = {"source.title_en": "Plants must send workers home"}
    page = new.press("keep-text", open="shared", text=text, **title)
    assert address_of(page).endswith("?open=shared&focus=source.published")
    assert f'value="{title["source.title_en"]}"' in page.text
    assert "enter the day of publication" in page.text and ">Language?</a>" in page.text
    page = new.client.get(f"{new.at}?open=shared")
    for use in (
        "set source.published 2019-03-14",
        "set source.title Plants in Dandong told to send workers home",
        "set source.language en",
    ):
        assert f'value="{use}"' in page.text and "the text" in page.text
        page = new.press(use, open="shared")
        assert f'value="{use}"' not in page.text
    assert "Language?" not in page.text
    page = new.press("entry 4 event").text
    key = document_of(new)["rows"][0]["row"]
    assert f"take {key} date [..2019-04-20~]" in html.unescape(page), "marked again by that day"


def test_town_of_the_gazetteer_is_added_by_one_press_for_all_rows(editor: SheetEditor) -> None:
    keys = [editor.add(), editor.add()]
    for key in keys:
        editor.press_in(key, "save", where="Mudanjiang")
    path = f"rows.{keys[0]}.where"
    assert "Add Mudanjiang, China" in editor.page(f"?open={keys[0]}")
    for line in ("town rows.x.where 1 Mudanjiang", f"town {path} 1 x"):
        editor.press(line)
    assert {row["where"] for row in editor.rows} == {"Mudanjiang"}, (
        "an unknown town changes nothing"
    )

    editor.press(f"town {path} 2035715 Mudanjiang", open=keys[0], places="Mudanjiang")

    assert {row["where"] for row in editor.rows} == {"mudanjiang"} == {editor.document["places"]}


def test_outlet_is_offered_for_the_speaker_of_its_sentence(editor: SheetEditor) -> None:
    editor.press("keep-text", text="It rained. Outlet-1 said that firms were told in March 2019.")
    editor.press("entry 2 event")
    key = editor.rows[0]["row"]
    page = editor.press(f"add-speaker {key}", open=key).text
    path = f"speakers.{editor.document['speakers'][0]['row']}"
    assert f'value="set {path}.outlet outlet-1"' in page
    editor.press(f"set {path}.through outlet-1", open="shared")
    page = editor.page("?open=shared")
    assert f'value="set {path}.through outlet-1"' not in page
    assert editor.document["speakers"][0]["through"] == "outlet-1"
