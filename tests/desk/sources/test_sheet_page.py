"""The sheet of a report without scripts: every press posts the form."""

import html
import re

from starlette.testclient import TestClient

from app.desk.approved.draft_models import Draft
from app.desk.sheets import commands
from tests.conftest import desk_session
from tests.support.draft_pages import fields
from tests.support.sheet_pages import SheetEditor, address_of

PASTED = "Secret passage. 300 workers left Dandong in March 2019, a trader said."


def drafts_of(editor: SheetEditor) -> dict[str, Draft]:
    """Return the drafts by record."""
    with desk_session(editor.settings) as db:
        drafts = {draft.record: draft for draft in db.query(Draft)}
        db.expunge_all()
        return drafts


def test_added_row_becomes_a_draft_when_done(editor: SheetEditor) -> None:
    key = editor.add_event()
    row = editor.row(key)
    assert "Firms were told" in editor.page()
    draft = drafts_of(editor)[row["record"]]
    document = draft.document
    assert draft.article == "S7"
    assert (document["title"], document["type"]) == ("Firms were told", "stay-limit")
    assert document["citations"][0]["paraphrase"] == "Firms were told"
    before = editor.rows
    for field in ("record E999", "kind citation", "more {}"):
        editor.press(f"set rows.{key}.{field}")
        assert editor.rows == before, "a press sets no field that is not typed"


def test_view_of_a_sheet_writes_nothing_and_waits_for_no_lock(editor: SheetEditor) -> None:
    key = editor.add()
    editor.press_in(key, f"open {key}", statement="Firms were told")
    with desk_session(editor.settings) as db:
        locked = commands.find(db, "S7", to_write=True)
        assert locked is not None
        number = locked.number
        assert "Type:" in editor.page(f"?open={key}"), "the row has no type, and the page says so"
    assert editor.rows[0]["record"] == ""
    with desk_session(editor.settings) as db:
        after = commands.find(db, "S7")
        assert after is not None and after.number == number
    assert drafts_of(editor) == {}


def test_speakers_days_and_defaults_are_entered_once(editor: SheetEditor) -> None:
    editor.press("open-shared")
    editor.press("add-speaker", open="shared")
    path = f"speakers.{editor.document['speakers'][0]['row']}"
    who = {f"{path}.attribution": "resident", f"{path}.words": "a baker"}
    editor.press("add-day", open="shared", **who)
    said = {f"days.{editor.document['days'][0]['row']}.said": "2019-04-20"}
    page = editor.press("close-shared", open="shared", **said, **{"source.title_en": "In English"})
    assert "a baker" in page.text and "20 April 2019" in page.text
    document = editor.document
    assert (document["speakers"][0]["letter"], document["days"][0]["letter"]) == ("A", "X")
    assert drafts_of(editor)["S7"].document["title_en"] == "In English"
    key = editor.add()
    editor.press(f"speaker {key} A", open=key)
    assert editor.row(key)["speaker"] == "A"
    # A speaker and a day that are begun in a row are that row's.
    other = editor.add()
    editor.press(f"add-speaker {other}", open=other)
    editor.press(f"add-day {other}", open=other)
    assert (editor.row(other)["speaker"], editor.row(other)["day"]) == ("B", "Y")

    # Defaults can be chosen without a text.
    chosen = {"population": "workers", "places": "Place-1, Nowhere"}
    page = editor.press("add-default", **chosen, **{"new-default": "paper:student-visa"})
    assert {name: editor.document[name] for name in chosen} == chosen
    assert 'value="make place places Nowhere"' in page.text
    sent = fields(page.text)
    (tick,) = (name for name in sent if name.startswith("default."))
    assert sent.pop(tick) == "yes"
    editor.client.post(editor.at, data={**sent, "population": "", "do": "save"})
    assert editor.document["population"] == ""
    assert [term["ticked"] for term in editor.document["defaults"]] == [""]


def test_invalid_row_is_named_and_nothing_is_submitted(editor: SheetEditor) -> None:
    key = editor.add()
    page = editor.press_in(key, "submit", statement="Firms were told", when="no date").text
    target = f"?check=1&open={key}&focus=rows.{key}.when#rows.{key}.when"
    assert f'href="{html.escape(target)}">Row 1, When:' in page
    page = editor.page(f"?open={key}")
    assert 'value="no date"' in page, "what was typed must stay"
    assert 'aria-invalid="true"' in page
    assert {draft.state for draft in drafts_of(editor).values()} <= {"draft"}


def test_both_versions_of_one_field_are_shown_to_choose(
    editor: SheetEditor, basma: TestClient
) -> None:
    key, other = editor.add_event("As it was"), editor.add_event("Another")
    at, report, chidi = f"{editor.at}?open={key}", editor.at, editor.client
    her_form, his = (fields(who.get(at).text) for who in (basma, chidi))
    elsewhere = fields(editor.page(f"?open={other}"))
    basma.post(report, data={**her_form, f"rows.{key}.statement": "Her words", "do": "save"})
    answer = chidi.post(report, data={**elsewhere, f"rows.{other}.statement": "His", "do": "save"})
    assert answer.status_code == 303, "changes of different rows are joined"
    assert [row["statement"] for row in editor.rows] == ["Her words", "His"]
    answer = chidi.post(report, data={**his, f"rows.{key}.statement": "His words", "do": "save"})
    assert answer.status_code == 200
    assert "Her words" in answer.text and "His words" in answer.text
    form = answer.text[answer.text.index(f'action="{report}/choose"') :]
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    # What only she changed is ticked as hers.
    sent |= dict.fromkeys(
        re.findall(r'name="(take\.[^"]+)" value="theirs" checked', form), "theirs"
    )
    (name,) = {*re.findall(r'name="(take\.[^"]+)"', form)} - {*sent}
    asked = chidi.post(f"{report}/choose", data=sent).text
    assert f'<a href="#{name}">' in asked and f'id="{name}"' in asked
    crafted = {"rows.0.more": '{"citations": [{"row": [], "chain": "x"}]}', "rows.0.kind": "x"}
    chosen = {**sent, **crafted, name: "mine"}
    assert chidi.post(f"{report}/choose", data={**chosen, "aside": "1"}).status_code == 422
    assert chidi.post(f"{report}/choose", data=chosen).status_code == 303
    row = editor.rows[0]
    assert (row["statement"], row["more"], row["kind"]) == ("His words", "", "event")
    assert chidi.get(report).status_code == 200


def test_sheet_of_somebody_else_can_only_be_read(editor: SheetEditor, basma: TestClient) -> None:
    hers = SheetEditor(basma, editor.settings, editor.at)
    hers.add_event("Hers alone")
    page = editor.page()
    assert "Basma is entering this report" in page and 'value="submit"' not in page
    sent = {"number": "1", "page": "x", "open": "", "do": "add event"}
    assert editor.client.post(editor.at, data=sent).status_code == 303
    assert len(editor.rows) == 1


def test_broken_form_is_refused_and_typed_words_are_read(editor: SheetEditor) -> None:
    editor.add_event()
    for number in ("", "x", "99999", "-1"):
        sent = {"number": number, "page": "x", "open": "", "do": "save"}
        assert editor.client.post(editor.at, data=sent).status_code == 422

    def read(path: str, **typed: str) -> str:
        data = {"path": path} | {f"rows.a1.{name}": text for name, text in typed.items()}
        answer = editor.client.post(f"{editor.at}/reading", data=data)
        return answer.text if answer.status_code == 200 else str(answer.status_code)

    assert "April 2019" in read("rows.a1.when", when="early April 2019")
    unknown = read("rows.a1.where", where="place-1, nowhere at all")
    assert "No record has this name yet." in unknown
    assert read("rows.a1.more") == "204"


def test_text_is_private_and_never_stored_by_a_browser(editor: SheetEditor) -> None:
    for text in ("", " \n "):
        assert editor.press("keep-text", text=text).status_code == 422
    answer = editor.press("keep-text", text="word " * 21_000)
    assert answer.status_code == 422
    assert "the limit is 100,000" in answer.text and "word word" in answer.text, "it stays"

    page = editor.press("keep-text", text=PASTED)
    assert "Secret" not in address_of(page) + page.url.query.decode()
    assert "Secret passage" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "Secret passage" not in str(editor.document)
    editor.press("delete-text")
    assert "Secret passage" not in editor.page()
