"""The sheet of a report without scripts: every press posts the form."""

import html
import re

import pytest
from starlette.testclient import TestClient

from app.desk.approved.draft_models import Draft
from app.desk.approved.store import save_all
from app.desk.sheets import commands
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_estimate
from tests.support.articles import report
from tests.support.draft_pages import fields
from tests.support.sheet_pages import add_event, address_of, key_of_open_row, press, sheet

__all__ = ["report"]

PASTED = "Secret passage. 300 workers left Dandong in March 2019, a trader said."


def test_added_row_becomes_a_draft_when_accepted(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    key, page = add_event(chidi, report, "Firms were told")
    assert "Firms were told" in page.text
    row = next(row for row in sheet(desk_world)["rows"] if row["row"] == key)
    assert row["state"] == "accepted"
    with desk_session(desk_world) as db:
        draft = db.query(Draft).where(Draft.record == row["record"]).one()
        assert draft.article == "S7"
        assert (draft.document["title"], draft.document["type"]) == (
            "Firms were told",
            "stay-limit",
        )
        assert draft.document["citations"][0]["paraphrase"] == "Firms were told"


@pytest.mark.parametrize("field", ["record E999", "kind citation", "more {}", "state rejected"])
def test_press_sets_no_field_that_is_not_typed(
    chidi: TestClient, report: str, desk_world: Settings, field: str
) -> None:
    key, _page = add_event(chidi, report, "Firms were told")
    before = sheet(desk_world)["rows"]
    press(chidi, report, f"set rows.{key}.{field}")
    assert sheet(desk_world)["rows"] == before


def test_rows_are_copied_moved_rejected_and_restored(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    first, _page = add_event(chidi, report, "The first")
    second, _page = add_event(chidi, report, "The second")

    press(chidi, report, f"up {second}")
    assert [row["row"] for row in sheet(desk_world)["rows"]] == [second, first]
    page = press(chidi, report, f"copy {first}")
    copy = key_of_open_row(page)
    assert [row["statement"] for row in sheet(desk_world)["rows"]] == [
        "The second",
        "The first",
        "The first",
    ]
    page = press(chidi, report, f"reject {copy}")
    assert "1 rejected row" in page.text
    page = press(chidi, report, f"restore {copy}")
    assert "rejected row" not in page.text
    page = press(chidi, report, f"remove {copy}")
    assert [row["row"] for row in sheet(desk_world)["rows"]] == [second, first]
    press(chidi, report, "undo")
    assert copy in [row["row"] for row in sheet(desk_world)["rows"]]


def test_row_opens_in_the_long_form_and_shows_what_was_saved_there(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    key, _page = add_event(chidi, report, "Firms were told")
    sent = {**fields(chidi.get(f"{report}?open={key}").text), "do": f"full {key}"}
    at = chidi.post(report, data=sent).headers["location"]
    assert re.fullmatch(r"/desk/drafts/\d+", at)
    form = fields(chidi.get(at).text)
    chidi.post(at, data={**form, "title": "Told apart", "do": "save"})
    assert "Told apart" in chidi.get(report).text
    press(chidi, f"{report}?open={key}", "save", **{f"rows.{key}.when": "2019-04"})
    row = sheet(desk_world)["rows"][0]
    assert (row["title"], row["when"]) == ("Told apart", "2019-04")


def test_view_of_a_sheet_writes_nothing_and_waits_for_no_lock(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    key = key_of_open_row(press(chidi, report, "add event"))
    first = f"rows.{key}.statement"
    press(chidi, f"{report}?open={key}", f"open {key}", **{first: "Firms were told"})
    with desk_session(desk_world) as db:
        locked = commands.find(db, "S7", to_write=True)
        assert locked is not None
        number = locked.number
        page = chidi.get(f"{report}?open={key}")
        assert page.status_code == 200
        assert "Type:" in page.text, "the row has no type, and the page must say so"
    assert sheet(desk_world)["rows"][0]["record"] == ""
    with desk_session(desk_world) as db:
        after = commands.find(db, "S7")
        assert after is not None and after.number == number
        assert db.query(Draft).count() == 0


def test_what_a_long_form_and_the_open_sheet_both_changed_is_shown_to_choose(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    key, _page = add_event(chidi, report, "Firms were told")
    shown = fields(chidi.get(f"{report}?open={key}").text)
    at = chidi.post(report, data={**shown, "do": f"full {key}"}).headers["location"]
    shown = fields(chidi.get(f"{report}?open={key}").text)
    form = fields(chidi.get(at).text)
    chidi.post(at, data={**form, "happened": "2019-03", "do": "save"})
    typed = {**shown, f"rows.{key}.when": "2019-04", "do": "save"}
    answer = chidi.post(report, data=typed)
    assert answer.status_code == 200 and "Two versions" in answer.text


def test_citation_speaks_of_a_row_by_its_number(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    first, _page = add_event(chidi, report, "Firms were told")
    page = press(chidi, report, "add citation")
    key = key_of_open_row(page)
    texts = {f"rows.{key}.record": "1", f"rows.{key}.statement": "A driver says so, too."}
    press(chidi, address_of(page), f"accept {key}", **texts)
    rows = sheet(desk_world)["rows"]
    assert [link["to"] for link in rows[1]["links"]] == [first]
    with desk_session(desk_world) as db:
        (draft,) = db.query(Draft)
        assert len(draft.document["citations"]) == 2
    at = f"{report}?open={key}"
    assert fields(chidi.get(at).text)[f"rows.{key}.record"] == "1"
    page = press(chidi, at, "save", **{f"rows.{key}.record": ""})
    assert sheet(desk_world)["rows"][1]["links"] == []


def test_estimate_is_compared_with_a_row_and_with_a_record(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    with desk_session(desk_world) as db:
        save_all(db, [make_estimate(1)])
    first = key_of_open_row(press(chidi, report, "add estimate"))
    page = press(chidi, address_of(press(chidi, report, "add estimate")), "save")
    second = key_of_open_row(page)
    for relation, to in (("rounds", "1"), ("compared-with", "m1")):
        page = press(chidi, address_of(page), f"add-link {second}")
        (link,) = [each for each in sheet(desk_world)["rows"][1]["links"] if not each["relation"]]
        path = f"rows.{second}.links.{link['row']}"
        typed = {f"{path}.relation": relation, f"{path}.to": to}
        page = press(chidi, f"{report}?open={second}", "save", **typed)
    links = [(each["relation"], each["to"]) for each in sheet(desk_world)["rows"][1]["links"]]
    assert links == [("rounds", first), ("compared-with", "M1")]
    typed_again = fields(chidi.get(f"{report}?open={second}").text)
    assert [typed_again[name] for name in typed_again if name.endswith(".to")] == ["1", "M1"]
    read = chidi.post(f"{report}/reading", data={"path": f"{path}.to", f"{path}.to": "M1"})
    assert "M1" in read.text and "No record has this name" not in read.text

    page = press(chidi, f"{report}?open={second}", f"accept {second}")
    with desk_session(desk_world) as db:
        record = sheet(desk_world)["rows"][1]["record"]
        draft = db.query(Draft).where(Draft.record == record).one()
        assert ("compared-with", "M1") in [
            (each["type"], each["to"]) for each in draft.document["links"]
        ]


def test_speakers_days_and_defaults_are_entered_once(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    page = press(chidi, report, "open-shared")
    page = press(chidi, address_of(page), "add-speaker")
    speaker = sheet(desk_world)["speakers"][0]["row"]
    who = {f"speakers.{speaker}.attribution": "resident", f"speakers.{speaker}.words": "a baker"}
    page = press(chidi, address_of(page), "add-day", **who)
    day = sheet(desk_world)["days"][0]["row"]
    said = {f"days.{day}.said": "2019-04-20", "source.title_en": "In English"}
    page = press(chidi, address_of(page), "close-shared", **said)
    assert "a baker" in page.text and "20 April 2019" in page.text
    document = sheet(desk_world)
    assert (document["speakers"][0]["letter"], document["days"][0]["letter"]) == ("A", "X")
    with desk_session(desk_world) as db:
        source = db.query(Draft).where(Draft.record == "S7").one()
        assert source.document["title_en"] == "In English"

    page = press(chidi, report, "add event")
    key = key_of_open_row(page)
    page = press(chidi, address_of(page), f"speaker {key} A")
    assert sheet(desk_world)["rows"][0]["speaker"] == "A"


def test_unknown_outlet_of_a_speaker_is_one_error(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    press(chidi, f"{report}?open=shared", "add-speaker")
    speaker = sheet(desk_world)["speakers"][0]["row"]
    through = f"speakers.{speaker}.through"
    who = {f"speakers.{speaker}.attribution": "resident", through: "Nowhere Times"}
    press(chidi, f"{report}?open=shared", "close-shared", **who)
    for statement in ("Firms were told", "Workers leave"):
        key, _page = add_event(chidi, report, statement)
        press(chidi, f"{report}?open={key}", f"speaker {key} A", **{f"rows.{key}.where": "place-1"})
    page = press(chidi, report, "submit")
    problems = page.text.partition('class="errors"')[2].partition("</div>")[0]
    assert problems.count("<li>") == 1 and "Passed on by" in problems
    assert f"#{through}" in problems
    assert f'id="{through}-error"' in chidi.get(f"{report}?check=1&open=shared").text


def test_speaker_and_day_begun_in_a_row_are_that_row_s(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    page = press(chidi, report, "add event")
    key = key_of_open_row(page)
    page = press(chidi, address_of(page), f"add-speaker {key}")
    assert sheet(desk_world)["rows"][0]["speaker"] == "A"
    press(chidi, f"{report}?open={key}", f"add-day {key}")
    assert sheet(desk_world)["rows"][0]["day"] == "X"


def test_words_that_mean_one_date_become_it_without_scripts(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    page = press(chidi, report, "add event")
    key = key_of_open_row(page)
    typed = {f"rows.{key}.when": "in May 2019", f"rows.{key}.deadline": "by the end of June"}
    page = press(chidi, f"{report}?open={key}", "save", **typed)
    row = sheet(desk_world)["rows"][0]
    assert row["when"] == "2019-05"
    # The end of a month can mean more than one date, so that the words stay.
    assert row["deadline"] == "by the end of June" and "choose one below" in page.text
    # Those of a date that we convert are kept, as in the long form.
    press(chidi, f"{report}?open={key}", "save", **{f"rows.{key}.when": "15 Shawwal 1440"})
    row = sheet(desk_world)["rows"][0]
    assert (row["when"], row["when_text"]) == ("2019-06-18~", "15 Shawwal 1440")


def test_default_is_chosen_and_its_tick_taken_off(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    press(chidi, report, "add-default", **{"new-default": "nationality:kp"})
    page = press(chidi, report, "add-default", **{"new-default": "population:workers"})
    assert (sheet(desk_world)["nationality"], sheet(desk_world)["population"]) == ("kp", "workers")
    sent = fields(page.text)
    assert sent.pop("default.nationality") == "yes"
    chidi.post(report, data={**sent, "do": "save"})
    assert (sheet(desk_world)["nationality"], sheet(desk_world)["population"]) == ("", "workers")


def test_estimate_is_accepted_with_its_drafted_statement(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    page = press(chidi, report, "add estimate")
    key = key_of_open_row(page)
    values = {"type": "present", "quantifier": "about", "point": "300", "where": "place-1"}
    typed = {f"rows.{key}.{name}": text for name, text in values.items()}
    page = press(chidi, address_of(page), f"accept {key}", **typed)
    assert "About 300 people in Place-1" in page.text
    assert sheet(desk_world)["rows"][0]["statement"] == "About 300 people in Place-1"
    page = press(chidi, f"{report}?open={key}", "save", **{f"rows.{key}.point": "400"})
    assert sheet(desk_world)["rows"][0]["statement"] == "About 400 people in Place-1"
    own = {f"rows.{key}.statement": "Some 400 live there"}
    press(chidi, f"{report}?open={key}", f"accept {key}", **own)
    press(chidi, f"{report}?open={key}", "save", **{f"rows.{key}.point": "500"})
    assert sheet(desk_world)["rows"][0]["statement"] == "Some 400 live there"


def test_speaker_takes_the_words_of_the_text(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    press(chidi, report, "keep-text", text=PASTED)
    speaker = sheet(desk_world)["speakers"][0]["row"]
    assert sheet(desk_world)["speakers"][0]["words"] == ""
    press(chidi, report, f"set speakers.{speaker}.words trader")
    page = chidi.get(f"{report}?open=shared")
    assert f'value="set speakers.{speaker}.words trader"' not in page.text
    assert sheet(desk_world)["speakers"][0]["words"] == "trader"


def test_invalid_row_is_named_and_nothing_is_submitted(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    page = press(chidi, report, "add event")
    key = key_of_open_row(page)
    typed = {f"rows.{key}.statement": "Firms were told", f"rows.{key}.when": "no date"}
    page = press(chidi, address_of(page), "submit", **typed)
    assert "fix before review" in page.text and "Row 1, When:" in page.text
    page = chidi.get(f"{report}?open={key}")
    assert 'value="no date"' in page.text, "what was typed must stay"
    assert 'aria-invalid="true"' in page.text
    with desk_session(desk_world) as db:
        assert not db.query(Draft).where(Draft.state == "in-review").count()


def test_missing_field_of_a_new_source_is_named_with_a_link_that_opens_it(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    typed = {"url": "https://example.org/new", "key": "k1", "do": "open-sheet"}
    at = chidi.post("/desk/sources", data=typed).headers["location"].partition("?")[0]
    add_event(chidi, at, "Firms were told")

    page = press(chidi, at, "submit")

    assert "is incomplete" not in page.text
    found = re.search(r'href="([^"]+)#[^"]*">This report, Date basis:', page.text)
    assert found, "the error must name the field of the source"
    query = html.unescape(found[1])
    assert query == "?check=1&open=shared&focus=source.published_basis"
    assert 'id="source.published_basis"' in chidi.get(f"{at}{query}").text


def test_error_of_a_row_opens_the_row_at_its_field(chidi: TestClient, report: str) -> None:
    page = press(chidi, report, "add event")
    key = key_of_open_row(page)
    typed = {f"rows.{key}.statement": "Firms were told", f"rows.{key}.when": "no date"}

    page = press(chidi, address_of(page), "submit", **typed)

    target = f"?check=1&open={key}&focus=rows.{key}.when#rows.{key}.when"
    assert f'href="{html.escape(target)}"' in page.text


def test_changes_of_different_rows_are_joined(
    chidi: TestClient, basma: TestClient, report: str, desk_world: Settings
) -> None:
    first, _page = add_event(chidi, report, "The first")
    second, _page = add_event(chidi, report, "The second")
    hers = fields(basma.get(f"{report}?open={first}").text)
    his = fields(chidi.get(f"{report}?open={second}").text)
    basma.post(report, data={**hers, f"rows.{first}.statement": "Hers", "do": "save"})
    answer = chidi.post(report, data={**his, f"rows.{second}.statement": "His", "do": "save"})
    assert answer.status_code == 303
    assert [row["statement"] for row in sheet(desk_world)["rows"]] == ["Hers", "His"]


def test_both_versions_of_one_field_are_shown_to_choose(
    chidi: TestClient, basma: TestClient, report: str, desk_world: Settings
) -> None:
    key, _page = add_event(chidi, report, "As it was")
    hers, his = (fields(who.get(f"{report}?open={key}").text) for who in (basma, chidi))
    basma.post(report, data={**hers, f"rows.{key}.statement": "Her words", "do": "save"})
    answer = chidi.post(report, data={**his, f"rows.{key}.statement": "His words", "do": "save"})
    assert answer.status_code == 200
    assert "Two versions" in answer.text
    assert "Her words" in answer.text and "His words" in answer.text
    form = answer.text[answer.text.index('action="/desk/sources/S7/choose"') :]
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    name = re.search(r'name="(take\.rows\.[^"]*)"', form)
    assert name
    asked = chidi.post(f"{report}/choose", data=sent)
    assert "Choose a value for each difference" in asked.text
    assert f'<a href="#{name[1]}">' in asked.text and f'id="{name[1]}"' in asked.text
    crafted = {"rows.0.more": '{"citations": [{"row": [], "chain": "x"}]}', "rows.0.kind": "x"}
    chosen = {**sent, **crafted, name[1]: "mine"}
    assert chidi.post(f"{report}/choose", data={**chosen, "aside": "1"}).status_code == 422
    assert chidi.post(f"{report}/choose", data=chosen).status_code == 303
    row = sheet(desk_world)["rows"][0]
    assert (row["statement"], row["more"], row["kind"]) == ("His words", "", "event")
    assert chidi.get(report).status_code == 200


def test_sheet_of_somebody_else_can_only_be_read(
    chidi: TestClient, basma: TestClient, report: str, desk_world: Settings
) -> None:
    add_event(basma, report, "Hers alone")
    page = chidi.get(report)
    assert "Basma is entering this report" in page.text
    assert "Submit for review" not in page.text
    sent = {"number": "1", "page": "x", "open": "", "do": "add event"}
    assert chidi.post(report, data=sent).status_code == 303
    assert len(sheet(desk_world)["rows"]) == 1


@pytest.mark.parametrize("number", ["", "x", "99999", "-1"])
def test_broken_form_is_refused(chidi: TestClient, report: str, number: str) -> None:
    add_event(chidi, report, "Firms were told")
    sent = {"number": number, "page": "x", "open": "", "do": "save"}
    assert chidi.post(report, data=sent).status_code == 422


def test_typed_words_are_read_from_the_body(chidi: TestClient, report: str) -> None:
    add_event(chidi, report, "Firms were told")
    path = "rows.a1.when"
    answer = chidi.post(f"{report}/reading", data={"path": path, path: "early April 2019"})
    assert "April 2019" in answer.text
    where = {"path": "rows.a1.where", "rows.a1.where": "place-1, nowhere at all"}
    answer = chidi.post(f"{report}/reading", data=where)
    assert "No record has this name yet." in answer.text
    assert chidi.post(f"{report}/reading", data={"path": "rows.a1.more"}).status_code == 204


def test_text_is_private_and_never_stored_by_a_browser(
    chidi: TestClient, basma: TestClient, report: str, desk_world: Settings
) -> None:
    page = press(chidi, report, "keep-text", text=PASTED)
    assert "Secret" not in address_of(page) + page.url.query.decode()
    assert "Secret passage" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "Secret passage" not in str(sheet(desk_world))
    press(chidi, report, "delete-text")
    assert "Secret passage" not in chidi.get(report).text


@pytest.mark.parametrize("typed", ["", " \n "])
def test_empty_text_is_refused(chidi: TestClient, report: str, typed: str) -> None:
    answer = press(chidi, report, "keep-text", text=typed)
    assert answer.status_code == 422
    assert "Paste the text of the report here." in answer.text


def test_too_long_text_is_refused_and_kept_in_its_box(chidi: TestClient, report: str) -> None:
    answer = press(chidi, report, "keep-text", text="word " * 21_000)
    assert answer.status_code == 422
    assert "the limit is 100,000" in answer.text and "word word" in answer.text


def test_marks_become_rows_and_their_fields(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    press(chidi, report, "keep-text", text=PASTED)
    rows = sheet(desk_world)["rows"]
    figure = next(row for row in rows if row["kind"] == "estimate")
    assert figure["state"] == "proposed"
    assert not any(figure[name] for name in ("when_text", "hedge_words", "printed_words"))
    page = chidi.get(report)
    assert "to decide" in page.text
    page = press(chidi, report, f"accept {figure['row']}")
    assert key_of_open_row(page) == figure["row"], "only a person can write the statement"
    figure = next(row for row in sheet(desk_world)["rows"] if row["row"] == figure["row"])
    assert (figure["state"], figure["point"]) == ("accepted", "300")
    assert figure["printed_words"] == "300 workers", "the wording is filled by the press"


def test_sentence_without_a_row_is_offered_or_ignored(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    press(chidi, report, "keep-text", text=PASTED)
    press(chidi, report, "ignore 1")
    assert [row["sentences"] for row in sheet(desk_world)["rows"] if row["state"] == "rejected"]
    before = len(sheet(desk_world)["rows"])
    press(chidi, report, "offer 1")
    assert len(sheet(desk_world)["rows"]) == before + 1


def test_relay_is_asked_about_set_and_remembered(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    words = " ".join(f"Word{number} of the {number}th statement." for number in range(60))
    other = "/desk/sources/S1"
    for at in (other, report):
        press(chidi, at, "keep-text", text=words)
    page = chidi.get(report)
    assert "100% of this text is in" in page.text and 'href="/desk/sources/S1"' in page.text
    with desk_session(desk_world) as db:
        assert not db.query(Draft).where(Draft.record == "S7").count(), (
            "nothing is set without a press"
        )
    press(chidi, report, "relay S1 none")
    assert "of this text is in" not in chidi.get(report).text
    assert sheet(desk_world)["not_relays"] == "S1"
    press(chidi, report, "undo")
    press(chidi, report, "relay S1 relay")
    assert "of this text is in" not in chidi.get(report).text
    with desk_session(desk_world) as db:
        source = db.query(Draft).where(Draft.record == "S7").one()
        assert [row["source"] for row in source.document["derived_from"]] == ["S1"]
    # E1 cites S1: the answer cites this report there too.
    page = chidi.get(report)
    assert "This report repeats" in page.text and "same.S1.E1" in page.text
    press(chidi, report, "compare S1", **{"same.S1.E1": "also"})
    with desk_session(desk_world) as db:
        event = db.query(Draft).where(Draft.record == "E1").one()
        assert [row["source"] for row in event.document["citations"]] == ["S1", "S7"]


def test_outlet_that_nobody_knows_is_begun_from_its_field(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    page = press(chidi, report, "add-speaker")
    key = sheet(desk_world)["speakers"][0]["row"]
    path = f"speakers.{key}.outlet"
    at = f"{report}?open=shared"
    press(chidi, at, "save", **{path: "Harbour Echo"})
    page = chidi.get(at)
    button = f"make outlet {path} Harbour Echo"
    assert f'value="{button}"' in page.text
    answer = chidi.post(report, data={**fields(page.text), "do": button})
    outlet = answer.headers["location"]
    assert re.fullmatch(r"/desk/drafts/\d+", outlet)
    # Its only submission leads back to the report.
    assert "then add an event" not in chidi.get(outlet).text
    with desk_session(desk_world) as db:
        draft = db.query(Draft).one()
        assert (draft.kind, draft.article, draft.document["names"][0]["text"]) == (
            "O",
            "S7",
            "Harbour Echo",
        )
        code = draft.document["code"]
    assert sheet(desk_world)["speakers"][0]["outlet"] == code != ""
    assert fields(chidi.get(at).text)[path] == code


def test_estimate_names_its_event_in_one_field(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    event, _page = add_event(chidi, report, "Workers leave")
    page = press(chidi, report, "add estimate")
    key = key_of_open_row(page)
    page = press(chidi, address_of(page), "save", **{f"rows.{key}.event": event})
    links = sheet(desk_world)["rows"][1]["links"]
    assert [(link["relation"], link["to"]) for link in links] == [("of-event", event)]
    at = f"{report}?open={key}"
    assert fields(chidi.get(at).text)[f"rows.{key}.event"] == event
    press(chidi, at, "save", **{f"rows.{key}.event": ""})
    assert sheet(desk_world)["rows"][1]["links"] == []
