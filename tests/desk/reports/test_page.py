"""The page of a report: entries are drafts, open as cards, with the report's defaults."""

import re

from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.approved.models import Draft, DraftState
from app.desk.approved.store import save_all
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.report_settings import ReportText
from app.kinds import EstimateForm
from app.vocabulary.citations import Derivation
from tests.conftest import desk_session
from tests.make import make_actor, make_citation, make_code, make_event, make_place, make_step
from tests.support.desk_people import person
from tests.support.draft_pages import FIGURE, ReportEditor, begin, fields, post, stored

STATEMENT = "The city limits how long workers stay."
COMPLETE = {
    "card.statement": STATEMENT,
    "type": "stay-limit",
    "card.mode": "ongoing",
    "card.when": "2019-03",
    "card.where": "place-1",
    "card.nationality": "not-stated",
    "card.says": "O",
    "citations.0.certainty": "firm",
}


def entries(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition('id="entries"')[2]).split())


def test_entry_has_statement_as_title_summary_and_paraphrase(editor: ReportEditor) -> None:
    page = editor.add("E", **COMPLETE).text
    (draft,) = editor.drafts()
    assert {draft.document["title"], draft.document["summary"]} == {STATEMENT}
    (citation,) = draft.document["citations"]
    assert (citation["paraphrase"], citation["source"]) == (STATEMENT, editor.source)
    assert (draft.document["attested"], draft.document["happened"]) == ("2019-03", "")
    assert "To complete" not in entries(page) and "1 of 1 entry is complete." in entries(page)


def test_entry_left_blank_is_neither_kept_twice_nor_submitted(editor: ReportEditor) -> None:
    for _ in range(2):
        editor.press("new E")
    assert len(editor.drafts()) == 1
    assert "Nothing entered yet." in editor.page()
    assert "There is nothing to submit." in editor.press("send").text


def test_new_entry_has_defaults_of_the_report(editor: ReportEditor) -> None:
    with desk_session(editor.settings) as db:
        save_all(db, [make_code("kp", "nationality", label="North Koreans")])
    editor.press("save", places="place-1", nationality="kp", **{"new-default": "paper:student"})
    page = editor.press("new E")
    sent = fields(page.text)
    assert (sent["card.where"], sent["card.nationality"]) == ("", "")
    choices = page.text.partition('name="card.nationality"')[2].partition("</select>")[0]
    assert re.findall(r'value="(\w*)', choices)[:2] == ["", "kp"], "that of the report is first"
    assert 'value="set card.where place-1"' in page.text, "a place is offered, not written"
    assert "card.was.tick.0" in sent and "card.tick.0" not in sent
    editor.client.post(re.findall(r'action="(/desk/drafts/\d+)"', page.text)[0], data=sent)
    (draft,) = editor.drafts()
    assert {row["key"] for row in draft.document["terms"]} == {"place"}
    number = fields(editor.press("new M").text)
    assert "card.was.tick.0" in number and "card.tick.0" not in number
    assert number["card.nationality"] == "kp"


def test_changed_speaker_is_changed_where_entries_have_the_chain(editor: ReportEditor) -> None:
    # The target is inside the block, so that browsers unfold it.
    assert editor.press("add speakers").url.fragment == "block.speakers.0.attribution"
    words = "speakers.0.words"
    editor.press("save", **{words: "a trader", "speakers.0.attribution": "resident"})
    for letter in "AO":
        editor.add("E", **COMPLETE | {"card.says": letter})
    opened = editor.client.get(f"{editor.at}?open={editor.drafts()[0].id}")
    assert 'value="set card.by a trader"' in opened.text
    editor.press("save", **{words: "a trader in the city"})
    said, own = (draft.document["citations"][0]["chain"][0]["words"] for draft in editor.drafts())
    assert (said, own) == ("a trader in the city", "")
    assert "by A: " in entries(editor.page())


def test_block_asks_about_unknown_outlets_and_speakers_entered_twice(editor: ReportEditor) -> None:
    for _letter in "AB":
        editor.press("add speakers")
    words = {
        "speakers.0.words": "Panel of Experts",
        "speakers.1.words": "report of the Panel of experts",
    }
    page = editor.press("save", **words, **{"speakers.1.through": "Daily North"})
    assert page.url.fragment == "asked" and "Is B the same as A?" in page.text
    assert "No record has the name “Daily North” yet." in page.text
    made = editor.press("outlet speakers.1.through newspaper Daily North").text
    assert fields(made, "report")["speakers.1.through"] == "daily-north"
    editor.press("save", **{"speakers.1.through": "unnamed", "speakers.1.words": "a trader"})
    assert 'id="asked"' not in editor.page()
    editor.add("E", **COMPLETE | {"card.says": "B"})
    _trader, passed_on = editor.drafts()[0].document["citations"][0]["chain"]
    assert (passed_on["attribution"], passed_on["named"]) == ("other-outlet", "no")


def test_card_says_that_the_report_names_nobody(editor: ReportEditor) -> None:
    editor.add("E", **COMPLETE | {"card.says": "X"})
    (draft,) = editor.drafts()
    assert draft.document["citations"][0]["chain"][0]["attribution"] == "unattributed"
    assert "1 of 1 entry is complete." in editor.page()


def test_settings_that_two_people_changed_are_not_overwritten(
    editor: ReportEditor, basma: TestClient
) -> None:
    hers = ReportEditor(basma, editor.settings, editor.at)
    editor.press("save")
    opened = fields(editor.page(), "report")
    hers.press("save", places="place-1")
    other = {**opened, "nationality": "kp", "do": "save"}
    assert editor.client.post(editor.at, data=other).status_code == 303
    refused = editor.client.post(editor.at, data={**opened, "places": "province-2", "do": "save"})
    assert refused.status_code == 409 and 'value="province-2"' in refused.text
    again = {**fields(refused.text, "report"), "do": "save"}
    assert editor.client.post(editor.at, data=again).status_code == 303
    saved = fields(editor.page(), "report")
    assert (saved["places"], saved["nationality"]) == ("province-2", "kp")


def test_own_voice_is_offered_to_entries_of_a_derived_report_that_have_it(
    editor: ReportEditor,
) -> None:
    begun = editor.press("new E")
    assert "card.says" not in fields(begun.text), "no speaker is chosen in advance"
    unsaid = editor.on_card(begun, "save", **{"card.statement": STATEMENT}).text
    assert "Choose one." in unsaid.partition("<legend>Who says it")[2].partition("<label>")[0]
    editor.on_card(begun, "done", **COMPLETE)
    editor.press(f"relay S1 {Derivation.RELAY.value}")
    (draft,) = editor.drafts()
    assert 'value="O"' in editor.page(f"?open={draft.id}")
    without = editor.press("new E").text
    assert 'value="O"' not in without and "card.says" not in fields(without)


def test_complete_entries_are_submitted_and_all_that_others_lack_is_said(
    editor: ReportEditor,
) -> None:
    editor.add("E", **COMPLETE)
    editor.add("M", **{"card.statement": "Some two thousand work there.", "point": "2,000"})
    page = editor.press("send").text
    assert [draft.state for draft in editor.drafts()] == [DraftState.IN_REVIEW, DraftState.DRAFT]
    errors = page.partition('class="errors"')[2].partition("</ul>")[0]
    for words in ("Measures: ", "Reported as: ", "Unit: ", "Where: ", "Certainty: "):
        assert words in errors, words
    second = editor.drafts()[1]
    assert f"?open={second.id}&amp;check=1&amp;focus=card.where#card.where" in errors
    assert re.search(rf'entry-title"[^>]*&amp;check=1#entry-{second.id}"', editor.page())


def test_number_without_words_is_told_from_its_fields(editor: ReportEditor) -> None:
    with desk_session(editor.settings) as db:
        save_all(db, [make_code("kp", "nationality", label="North Korean")])
    card = {"card.where": "place-1", "card.when": "2019-04", "card.nationality": "kp"}
    typed = {**FIGURE, **card, "card.says": "O", "citations.0.paraphrase": ""}
    page = editor.on_card(editor.press("new M"), "add citations", **typed)
    assert "Does the report say all of “about 2,000, people present”" in page.text
    (draft,) = editor.drafts()
    draft.document["citations"].pop()
    with desk_session(editor.settings) as db:
        catalogue = Catalogue(db, person(editor.settings, "Chidi"))
        form = check_draft(EstimateForm, draft.document, catalogue).form
    said = "Workers, North Korean: about 2,000, people present, Place-1, April 2019."
    assert form and form.citations[0].paraphrase == said


def test_report_is_added_to_a_record_by_its_title(editor: ReportEditor) -> None:
    assert (
        "No other event or estimate has these words" in editor.press("cite", record="nothing").text
    )
    page = editor.press("cite", record="event 1")
    said = {"citations.1.paraphrase": "It says so, too.", "card.says": "O"}
    assert "<h3>Adds to E1: Event 1</h3>" in page.text
    own = editor.on_card(page, "cite", record="event 1", **said)
    assert "No other event or estimate has these words" in own.text, "E1 has this report already"
    (draft,) = editor.drafts()
    opened = editor.client.get(f"{editor.at}?open={draft.id}")
    assert f'href="{opened.url.path}?open={draft.id}"' in own.text
    again = editor.on_card(opened, "cite", record="E1")
    editor.on_card(again, "done")
    (draft,) = editor.drafts()
    _own, added = draft.document["citations"]
    assert draft.record == "E1" and added["source"] == editor.source, "added once"
    assert "It says so, too. adds to E1, “" in entries(editor.page())


def test_contributor_sees_entries_of_their_own_only(
    editor: ReportEditor, basma: TestClient
) -> None:
    editor.add("E", **COMPLETE)
    hers = ReportEditor(basma, editor.settings, editor.at)
    hers.add("E", **COMPLETE | {"card.statement": "SECRET of an editor."})
    assert "SECRET" not in editor.page() and "SECRET" in hers.page()
    assert STATEMENT in hers.page()
    (_own, other) = editor.drafts()
    assert editor.client.get(f"{editor.at}?open={other.id}").text.count("SECRET") == 0
    assert editor.client.get(f"/desk/drafts/{other.id}").status_code == 404


def test_text_is_marked_again_when_its_report_has_another_day(editor: ReportEditor) -> None:
    begun = editor.client.post("/desk/sources", data={"key": "k", "url": "https://news.example/9"})
    at = begun.headers["location"]
    new = ReportEditor(editor.client, editor.settings, at.partition("?")[0])
    new.press("keep-text", text="Workers left Dandong in late April.")
    new.on_card(editor.client.get(at), "done", published="2022-05-03")
    assert f'href="{new.at}"' in editor.client.get("/desk").text
    new.page()
    with desk_session(editor.settings) as db:
        assert "2022-04" in str(db.get_one(ReportText, new.source).marks)


def test_done_first_shows_records_that_look_the_same(editor: ReportEditor) -> None:
    with desk_session(editor.settings) as db:
        event = make_event(8, happened="2019-04-02", citations=[make_citation(8)])
        save_all(db, [event, make_actor(7, country="PL"), make_actor(8)])
    editor.add("E", **COMPLETE | {"card.by": "actor-8, actor-7", "card.by.as": "says:"})
    (draft,) = editor.drafts()
    assert [row["code"] for row in draft.document["terms"][-2:]] == ["actor-8", "actor-7"]
    page = editor.add("E", **COMPLETE | {"card.by": "Warsaw", "card.by.as": "orders:"})
    assert "Possible duplicates" in page.text
    assert 'value="set card.by actor-7"' in page.text
    assert 'id="draft"' not in editor.on_card(page, "done").text
    assert editor.drafts()[-1].document["terms"][-1]["printed"] == "Warsaw"


def test_date_with_several_readings_is_marked_in_its_words(editor: ReportEditor) -> None:
    page = editor.press(
        "keep-text", text="Workers left in late April. Others left on 3 April 2019."
    ).text
    values = re.findall('class="mk mk-date"[^>]* data-value="([^"]*)"', page)
    assert values == ["late April", "2019-04-03"]


def test_contributor_changes_no_text_of_others(editor: ReportEditor, basma: TestClient) -> None:
    hers = ReportEditor(basma, editor.settings, editor.at)
    for first, second, kept in ((hers, editor, True), (editor, hers, False)):
        first.press("keep-text", text="Workers must leave Dandong.")
        for do in ("keep-text", "delete-text"):
            second.press(do, text="Others.")
        assert ("Workers must leave" in hers.page()) is kept
        hers.press("delete-text")


def test_place_of_the_gazetteer_keeps_the_name_and_waits_until_it_is_used(
    editor: ReportEditor,
) -> None:
    china = make_place(8, "china", kind="country", country="CN", parent="")
    with desk_session(editor.settings) as db:
        save_all(db, [china])
    page = editor.press("new E")
    page = editor.on_card(page, "save", **COMPLETE | {"card.where": "图们"})
    (button,) = re.findall(r'value="(town card\.where \d+ 图们)"', page.text)
    page = editor.on_card(page, button, **COMPLETE | {"card.where": "图们"})
    assert fields(page.text)["card.where"] == "tumen"
    editor.on_card(page, "done", **{"card.where": "place-1"})
    editor.press("send")
    with desk_session(editor.settings) as db:
        (place,) = db.scalars(select(Draft).where(Draft.kind == "P")).all()
        assert place.state == DraftState.DRAFT, "a place that nothing names stays where it is"
        assert "图们" in {row["text"] for row in place.document["names"]}


def test_report_in_review_says_so_and_takes_more_entries(editor: ReportEditor) -> None:
    editor.add("E", **COMPLETE)
    editor.press("send")
    assert "This report is in review." in editor.page()
    first = editor.drafts()[0]
    assert f"open={first.id}" not in editor.page(), "what is in review is only read"
    editor.add("E", **COMPLETE)
    assert [draft.state for draft in editor.drafts()] == [DraftState.IN_REVIEW, DraftState.DRAFT]


def test_button_of_the_report_saves_the_open_card_first(editor: ReportEditor) -> None:
    page = editor.press("new E")
    page = editor.on_card(page, "new M", **{"card.statement": "Half a sentence"})
    assert "Half a sentence" in page.text
    assert [draft.document.get("title") for draft in editor.drafts()] == ["Half a sentence", None]


def test_text_is_marked_beside_an_open_card_which_is_saved(editor: ReportEditor) -> None:
    page = editor.press("new E")
    typed = {"card.statement": "Half a sentence", "text": "Workers must leave place-1."}
    page = editor.on_card(page, "keep-text", **typed)
    assert fields(page.text)["card.statement"] == "Half a sentence"
    assert "must leave" in page.text.partition("<textarea")[0]
    refused = {**fields(page.text), "text": " ", "do": "keep-text"}
    answer = editor.client.post(editor.at, params={"open": editor.drafts()[0].id}, data=refused)
    assert answer.status_code == 422 and 'id="draft"' in answer.text


def test_change_for_a_report_must_cite_it(editor: ReportEditor) -> None:
    page = editor.press("cite", record="E1")
    editor.on_card(page, "remove citations.1")
    assert "To complete: Citations" in entries(editor.page())


def test_outlet_begun_from_a_field_leads_back_to_it(editor: ReportEditor) -> None:
    page = editor.add("E", **COMPLETE | {"card.where": "place-1, Ryomyong"})
    assert "Where: No record has this name" in page.text
    new = editor.on_card(page, "make place card.where Ryomyong")
    back = editor.on_card(new, "back", kind="city", parent="place-1", code="ryomyong")
    assert "card.where" in str(back.url) and "1 of 1 entry is complete." in entries(back.text)
    assert "2 records of this report were submitted" in editor.press("send").text


def test_speakers_of_a_record_come_first_where_a_report_is_added(editor: ReportEditor) -> None:
    said = make_citation(1, chain=[make_step(attribution="resident", words="a trader")])
    with desk_session(editor.settings) as db:
        save_all(db, [make_event(citations=[said])])
    page = editor.press("cite", record="E1")
    (draft,) = editor.drafts()
    first = draft.document["citations"][0]
    assert f'value="={first["id"]}"' in page.text and "The same as in S1: " in page.text
    editor.on_card(page, "save", **{"card.says": f"={first['id']}"})
    (draft,) = editor.drafts()
    words = [row["chain"][0]["words"] for row in draft.document["citations"]]
    assert words == ["a trader", "a trader"]


def test_named_speaker_who_may_be_that_of_another_report_is_asked_about(
    editor: ReportEditor,
) -> None:
    said = make_citation(1, chain=[make_step("named-official", "Masir Kujat")])
    with desk_session(editor.settings) as db:
        save_all(db, [make_event(citations=[said])])
    editor.press("add speakers")
    speaker = {"attribution": "named-official", "words": "Masir Kujat, a deputy minister"}
    editor.press("save", **{f"speakers.0.{name}": text for name, text in speaker.items()})
    page = editor.press("cite", record="E1")
    complete = {"citations.1.paraphrase": "He says so.", "citations.1.certainty": "firm"}
    page = editor.on_card(page, "done", **complete, **{"card.says": "A"})
    assert "The same words: Choose one of these." in page.text
    for answer, how in (("unknown", "one-voice"), ("no", "two-voices")):
        page = editor.on_card(page, "save", **{"card.same": answer})
        (draft,) = editor.drafts()
        (decision,) = draft.document["joined_sources"]
        assert (decision["how"], decision["other"]) == (how, "C1")
        assert decision["member"] == draft.document["citations"][1]["id"] != ""
        assert fields(page.text)["card.same"] == answer


def test_outlet_is_added_on_the_card_of_the_report(editor: ReportEditor) -> None:
    page = editor.press("source")
    page = editor.on_card(page, "save", outlet="Forsal.pl")
    page = editor.on_card(page, "outlet outlet newspaper Forsal.pl", outlet="Forsal.pl")
    assert page.url.path == editor.at and fields(page.text)["outlet"] == "forsal-pl"
    with desk_session(editor.settings) as db:
        (outlet,) = db.scalars(select(Draft).where(Draft.kind == "O")).all()
        assert (outlet.document["kind"], outlet.article) == ("newspaper", editor.source)
    # Without a report, which would take it along, it is submitted at once.
    at = begin(editor.client, "O")
    post(editor.client, at, "outlet belongs_to agency Parent Press", belongs_to="Parent Press")
    assert stored(editor.settings, at).document["belongs_to"] == "parent-press"
    with desk_session(editor.settings) as db:
        agency = select(Draft).where(Draft.document["code"].astext == "parent-press")
        assert db.scalars(agency).one().state == DraftState.IN_REVIEW


def test_who_speaks_in_a_statement_is_not_asked_for_a_part(editor: ReportEditor) -> None:
    with desk_session(editor.settings) as db:
        save_all(db, [make_code("warning", "type", nature="statement")])
    editor.add("E", **COMPLETE | {"type": "warning", "card.by": "a ministry"})
    (draft,) = editor.drafts()
    assert draft.document["terms"][-1]["role"] == "says"
    assert "1 of 1 entry is complete." in editor.page()
