"""What a sheet offers from its address and its text, and asks for before review."""

import html
import re

from app.desk.approved.store import save_all
from app.desk.draft_form.documents import Document
from tests.conftest import desk_session
from tests.make import make_code
from tests.support.draft_pages import fields
from tests.support.html import words
from tests.support.sheet_pages import SheetEditor, address_of, sheet


def new_source(editor: SheetEditor, url: str) -> SheetEditor:
    typed = {"url": url, "key": "k1", "do": "open-sheet"}
    at = editor.client.post("/desk/sources", data=typed).headers["location"]
    return SheetEditor(editor.client, editor.settings, at.partition("?")[0])


def document_of(new: SheetEditor) -> Document:
    return sheet(new.settings, new.at.rpartition("/")[2])


def test_day_in_the_address_is_offered_as_published(editor: SheetEditor) -> None:
    new = new_source(editor, "https://example.org/2026/02/11/new")
    use = "set source.published 2026-02-11"
    page = new.press("open-shared").text
    assert f'value="{use}"' in page and "the address" in page

    page = new.press(use, open="shared").text

    assert fields(page)["source.published"] == "2026-02-11"
    assert f'value="{use}"' not in page


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
    rows = document_of(new)["rows"]
    assert [(row["when"], row["point"]) for row in rows if row["kind"] == "estimate"] == [
        ("", "300")
    ]
    # A speaker whom the editor describes keeps the rows when the text is marked again.
    [speaker] = document_of(new)["speakers"]
    path = f"speakers.{speaker['row']}"
    described = {f"{path}.attribution": "company", f"{path}.words": "A manager"}
    page = new.press("save", open="shared", **described)
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
    document = document_of(new)
    assert "[..2019-04-20~]" in {row["when"] for row in document["rows"]}
    speakers = [(each["letter"], each["words"]) for each in document["speakers"]]
    assert speakers == [(speaker["letter"], "A manager")]
    assert {row["speaker"] for row in document["rows"]} == {speaker["letter"]}


def test_speakers_of_one_kind_show_how_the_text_names_them(editor: SheetEditor) -> None:
    text = (
        "300 workers sent home from Dandong\n\n"
        "300 workers left Dandong in March 2019, a trader said. "
        "200 workers stayed in Hunchun, a source in China said."
    )
    page = editor.press("keep-text", text=text).text
    table = page[page.index('<table class="table speakers"') :].split("</table>")[0]
    names = re.findall(r'<q class="note" lang="en">([^<]+)</q>', table)
    assert names == ["trader", "source in China"], editor.document["speakers"]
    assert {row["sentences"] for row in editor.rows} == {"2", "3"}, "a headline makes no rows"
    key = editor.rows[0]["row"]
    opened = editor.press(f"open {key}").text
    choices = html.unescape(opened[opened.index(f'id="rows.{key}.speaker"') :])
    assert "“trader”" in choices.split("</select>")[0]


def test_deadline_of_the_text_is_offered_beside_its_field(editor: SheetEditor) -> None:
    told = "In March 2019 plants in Dandong were told to send their workers home by 20 April 2019."
    editor.press("keep-text", text=told)
    key = editor.rows[0]["row"]
    editor.press_in(key, "save", when="2019-03", deadline="")
    [use] = re.findall(rf'value="(use {key} deadline \d+)"', editor.page(f"?open={key}"))
    editor.press(use, open=key)
    row = editor.rows[0]
    assert [row[name] for name in ("when", "deadline", "deadline_text")] == [
        "2019-03",
        "2019-04-20",
        "by 20 April 2019",
    ]


def test_denial_stages_and_unknown_towns_are_asked_about(editor: SheetEditor) -> None:
    text = (
        "Workers were deported from Dandong on 3 June 2019, a trader said. In the first step women "
        "must leave by 1 July, in the second step all others by 1 August. The embassy denied it."
    )
    page = editor.press("keep-text", text=text).text
    assert "Disputes row 1?" in page
    assert "Disputes row 1<" in page, "the answer says what it does"
    assert page.count(f'Part of <a href="#row-{editor.rows[0]["row"]}"') == 2
    assert "Deadline: 1 July 2019" in page and "Deadline: 1 August 2019" in page
    assert "mk-deny" in page and "(denial)" in page


def test_town_of_the_gazetteer_is_added_by_one_press_for_all_rows(editor: SheetEditor) -> None:
    text = (
        "300 workers left Mudanjiang in March 2019, a trader said. "
        "200 workers stayed in Mudanjiang, a source in China said."
    )
    page = editor.press("keep-text", text=text).text
    path = f"rows.{editor.rows[0]['row']}.where"
    places = [row["where"] for row in editor.rows]
    assert {*places} == {"Mudanjiang"}
    assert page.count("Add the place Mudanjiang, China") == 1, "one press serves all rows"
    for line in ("town rows.x.where 1 Mudanjiang", f"town {path} 1 x"):
        editor.press(line)
    assert [row["where"] for row in editor.rows] == places, "an unknown town changes nothing"

    page = editor.press(f"town {path} 2035715 Mudanjiang").text

    assert {row["where"] for row in editor.rows} == {"mudanjiang"}
    assert "Add the place" not in page


def test_nationality_that_the_text_names_and_no_row_has_is_asked_for(editor: SheetEditor) -> None:
    use, refuse = "use-default nationality:kp", "refuse-default nationality:kp"
    question = "The text names a nationality, but no row has one: North Koreans."
    with desk_session(editor.settings) as db:
        save_all(db, [make_code("kp", "nationality", label="North Koreans")])
    text = "Firms were told on Monday. They send North Koreans home, a trader said."
    editor.press("keep-text", text=text)
    for row in editor.rows:
        editor.press(f"reject {row['row']}")
    assert question not in words(editor.page()), "a report without rows is asked nothing"
    key = editor.add_event()
    page = editor.page()
    assert question in words(page) and 'href="#sentence-2"' in page
    to_do = page[page.index('id="left"') :].split("</ul>")[0]
    assert "Nationality?" in to_do and f'value="{use}"' in to_do

    page = editor.press(use).text
    assert question not in words(page) and 'id="ask-nationality"' not in page
    (term,) = editor.document["defaults"]
    assert (term["key"], term["code"], term["ticked"]) == ("nationality", "kp", "yes")
    assert question in words(editor.press("undo").text)
    # A nationality of one row ends the question, too.
    assert question not in words(editor.press(f"add-term {key} nationality", open=key).text)
    editor.press("undo")
    # That no row needs it is remembered.
    assert question not in words(editor.press(refuse).text)
    assert editor.document["not_defaults"] == "nationality:kp"
    assert question in words(editor.press("undo").text)

    # Submitting asks first, and then submits.
    editor.press("use-default place:place-1")
    page = editor.press_in(key, "submit", when="2019-04").text
    said = words(page)
    assert "One question before review" in said and "fix before review" not in said, said
    assert '<a href="#ask-nationality">' in page
    sent = {**fields(page), "do": "submit-anyway"}
    answer = editor.client.post(editor.at, data=sent)
    assert "check=1" not in answer.headers["location"]
    page = words(editor.page())
    assert "submitted for review" in page
    assert question not in page, "a report in review is asked nothing"
