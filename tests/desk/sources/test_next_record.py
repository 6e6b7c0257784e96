"""Submitting a draft and going on with the next one."""

import re

import pytest
from starlette.testclient import TestClient

from app.desk.approved.draft_models import DraftState
from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_code, make_event
from tests.support.articles import ADDRESS, EVENT, FIGURE, enter, report, sent_twice
from tests.support.draft_pages import begin, fields, post, stored

__all__ = ["report"]


def test_submitting_starts_the_next_record_of_the_article(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    first = enter(chidi, report, kind="E")
    assert first.endswith("?focus=title")
    second = sent_twice(chidi, first, "submit E", **EVENT)
    assert second.endswith("?focus=title")
    assert stored(desk_world, first).state == DraftState.IN_REVIEW
    event = stored(desk_world, first).record
    assert f"{event} was submitted." in chidi.get(second).text
    begun = stored(desk_world, second).document
    assert [(row["code"], row["role"]) for row in begun["terms"]] == [("place-1", "via")]
    assert [step["attribution"] for step in begun["citations"][0]["chain"]] == ["resident"]
    assert (begun["title"], begun["happened"], begun["citations"][0]["paraphrase"]) == ("", "", "")

    post(chidi, second, "looked all")
    third = sent_twice(chidi, second, "submit M", **EVENT)
    assert stored(desk_world, third).document["event"] == stored(desk_world, second).record
    cleared = post(chidi, third, "save", event="")
    assert f'value="set event {event}"' in chidi.get(cleared.headers["location"]).text, (
        "the estimate's form must offer the article's events as buttons"
    )
    post(chidi, third, "looked all")
    counted = {"carry.counted": "yes", "carry.period": "yes"}
    fourth = sent_twice(chidi, third, "submit M", **FIGURE, **counted, event=event)
    begun = stored(desk_world, fourth).document
    assert (begun["counts"], begun["population"], begun["as_of"]) == (
        "present",
        "workers",
        "2019-04",
    )
    assert (begun["event"], begun["point"], begun["quantifier"]) == (event, "", "")
    post(chidi, fourth, "looked all")
    assert sent_twice(chidi, fourth, "submit", **FIGURE) == report, (
        "submitting without a next record must lead to the article's page"
    )


def test_ticks_of_what_to_carry_over_survive_saving(chidi: TestClient, report: str) -> None:
    first = enter(chidi, report, kind="E")
    sent = fields(chidi.get(first).text)
    assert sent["carry.shown"] == "yes"
    chidi.post(first, data={**sent, "carry.place": "", "carry.paper": "yes", "do": "save"})
    page = chidi.get(first).text
    ticks = re.findall(r'name="carry\.(\w+)"\s+value="yes" checked', page)
    assert "place" not in ticks and "paper" in ticks


def test_only_ticked_blocks_are_carried_over(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    first = enter(chidi, report, kind="E")
    post(chidi, first, "add terms paper")
    paper = {"terms.1.code": "student"}
    unticked = {"carry.place": "", "carry.speaker": "", "carry.paper": "yes"}
    second = sent_twice(chidi, first, "submit E", **EVENT, **paper, **unticked)
    begun = stored(desk_world, second).document
    assert [(row["key"], row["code"]) for row in begun["terms"]] == [
        ("place", ""),
        ("paper", "student"),
    ]
    assert [step["attribution"] for step in begun["citations"][0]["chain"]] == ["outlet-own-voice"]
    page = chidi.get(second).text
    ticks = re.findall(r'name="carry\.(\w+)"\s+value="yes" checked', page)
    assert ticks == ["event", "nationality", "said", "paper"], "the choice is kept for the next"


def test_carried_values_are_marked_until_changed_or_looked_at(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    second = sent_twice(chidi, enter(chidi, report, kind="E"), "submit E", **EVENT)
    row, chain = stored(desk_world, second).carried
    assert (row.partition("/")[0], chain.rpartition("/")[2]) == ("terms", "chain")
    page = chidi.get(second).text
    assert f'value="looked {row}"' in page and f'value="looked {chain}"' in page
    answer = post(chidi, second, "submit", **EVENT | {"terms.0.role": "at"})
    assert stored(desk_world, second).carried == [chain], "a change removes the mark"
    assert stored(desk_world, second).state == DraftState.DRAFT
    words = "Speaker: carried over; mark it as checked"
    assert words in chidi.get(answer.headers["location"]).text
    post(chidi, second, f"looked {chain}")
    assert stored(desk_world, second).carried == []
    post(chidi, second, "submit")
    assert stored(desk_world, second).state == DraftState.IN_REVIEW


def test_speaker_of_an_added_citation_is_marked_until_looked_at(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    first = enter(chidi, report, kind="E")
    post(chidi, first, "add citations", **EVENT | {"citations.0.chain.0.occasion": "a call"})
    added = stored(desk_world, first).document["citations"][1]
    mark = f"citations/{added['row']}/chain"
    assert stored(desk_world, first).carried == [mark]
    page = chidi.get(first).text
    folded = page.index('name="citations.1.chain.0.occasion"')
    opened = page.rindex("<details", 0, folded)
    assert page[opened:].startswith('<details class="facet" open>'), "it holds a carried value"
    post(chidi, first, "submit")
    assert stored(desk_world, first).state == DraftState.DRAFT
    post(chidi, first, "looked all")
    assert stored(desk_world, first).carried == []


def test_speaker_carried_by_citing_under_a_record_is_marked(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    with desk_session(desk_world) as db:
        save_all(db, [make_event(71)])
    post(chidi, enter(chidi, report, kind="E"), "save", **EVENT)
    cited = enter(chidi, report, record="E71")
    draft = stored(desk_world, cited)
    added = draft.document["citations"][1]
    assert [step["attribution"] for step in added["chain"]] == ["resident"]
    assert draft.carried == [f"citations/{added['row']}/chain"]


def test_estimate_takes_event_nationality_and_group_from_event(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    with desk_session(desk_world) as db:
        save_all(db, [make_code("kp", "nationality"), make_code("cooks", "group")])
    first = enter(chidi, report, kind="E")
    post(chidi, first, "add terms nationality")
    post(chidi, first, "add terms group")
    named = {"terms.1.code": "kp", "terms.2.code": "cooks"}
    figure = sent_twice(chidi, first, "submit M", **EVENT, **named)
    begun = stored(desk_world, figure).document
    assert begun["event"] == stored(desk_world, first).record
    assert [row["code"] for row in begun["terms"]] == ["place-1", "kp", "cooks"]
    assert "event" in stored(desk_world, figure).carried


def test_nothing_is_carried_over_with_all_boxes_unticked(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    with desk_session(desk_world) as db:
        save_all(db, [make_code("kp", "nationality"), make_code("cooks", "group")])
    first = enter(chidi, report, kind="E")
    post(chidi, first, "add terms nationality")
    post(chidi, first, "add terms group")
    named = {"terms.1.code": "kp", "terms.2.code": "cooks"}
    blocks = ("event", "place", "nationality", "said", "speaker")
    unticked = {f"carry.{block}": "" for block in blocks}
    figure = sent_twice(chidi, first, "submit M", **EVENT, **named, **unticked)
    begun = stored(desk_world, figure)
    assert begun.document["event"] == "" and begun.carried == []
    assert [(row["key"], row["code"]) for row in begun.document["terms"]] == [("place", "")]


def test_summary_and_speakers_are_copied_by_buttons(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    first = enter(chidi, report, kind="E")
    post(chidi, first, "above citations.0.paraphrase", summary="Firms were told to send them home.")
    citation = stored(desk_world, first).document["citations"][0]
    assert citation["paraphrase"] == "Firms were told to send them home."
    assert "As in the summary" not in chidi.get(first).text, (
        "the button “As in the summary” must disappear once a paraphrase is typed"
    )
    said = {"citations.0.chain.0.attribution": "resident", "citations.0.chain.0.words": "a baker"}
    post(chidi, first, "save", **said)

    second = enter(chidi, report, kind="E")
    post(
        chidi,
        second,
        "save",
        **{"citations.0.chain.0.attribution": "observers", "citations.0.chain.0.words": ""},
    )
    page = chidi.get(second).text
    assert f'value="speakers citations.0 {citation["id"]}">Resident: a baker<' in page
    assert (
        post(chidi, second, f"speakers citations.0 {citation['id']}")
        .headers["location"]
        .endswith("paraphrase")
    )
    steps = stored(desk_world, second).document["citations"][0]["chain"]
    assert [(step["attribution"], step["words"]) for step in steps] == [("resident", "a baker")]

    figure = enter(chidi, report, kind="M")
    stated = {"population_text": "workers of the city", "terms.0.code": "place-1"}
    stated |= {name: text for name, text in FIGURE.items() if "." not in name}
    post(chidi, figure, "above citations.0.paraphrase", **stated)
    said_of_it = stored(desk_world, figure).document["citations"][0]["paraphrase"]
    assert said_of_it == "About 2,000 workers of the city, people present, Place-1, April 2019"


@pytest.mark.parametrize(
    "line",
    [
        "above",
        "above x",
        "above citations.9.paraphrase",
        "above terms",
        "speakers citations.0",
        "speakers x C1",
    ],
)
def test_invalid_copy_action_changes_nothing(
    chidi: TestClient, report: str, desk_world: Settings, line: str
) -> None:
    at = enter(chidi, report, kind="E")
    before = stored(desk_world, at).document
    assert post(chidi, at, line).status_code == 303
    assert stored(desk_world, at).document == before


def test_estimate_suggests_approved_events_of_the_article(chidi: TestClient, report: str) -> None:
    figure = enter(chidi, "/desk/sources/S1", kind="M")
    assert 'value="set event E1"' in chidi.get(figure).text
    assert 'value="set event E1"' not in chidi.get(enter(chidi, report, kind="M")).text


def test_incomplete_draft_starts_no_next_record(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    at = enter(chidi, report, kind="E")
    answer = post(chidi, at, "submit E", **{**EVENT, "title": ""})
    assert answer.headers["location"].endswith("?check=1")
    assert stored(desk_world, at).state == DraftState.DRAFT
    assert chidi.get(report).text.count('href="/desk/drafts/') == 1


def test_submitted_source_starts_a_record_that_cites_it(
    chidi: TestClient, desk_world: Settings
) -> None:
    at = chidi.post("/desk/sources", data={"key": "k", "url": ADDRESS}).headers["location"]
    assert at.endswith("?focus=outlet")
    read = {"outlet": "outlet-1", "title": "Go home", "title_basis": "printed", "kind": "news"}
    read |= {"published": "2019-05-01", "published_basis": "stated", "copies.0.extent": "full"}
    event = sent_twice(chidi, at, "submit E", **read)
    cited = stored(desk_world, event).document["citations"][0]
    assert (cited["source"], cited["said"]) == (stored(desk_world, at).record, "2019-05-01")


def test_unknown_outlet_is_started_from_its_name(chidi: TestClient, desk_world: Settings) -> None:
    """The editor need not look for the form of outlets, and returns to the source."""
    source = (
        chidi.post("/desk/sources", data={"key": "k", "url": ADDRESS})
        .headers["location"]
        .partition("?")[0]
    )
    post(chidi, source, outlet="가상일보", title="Go home")
    assert 'value="make outlet"' in chidi.get(source).text
    outlet = post(chidi, source, "make outlet").headers["location"]
    assert post(chidi, source, "make outlet").headers["location"] == outlet, (
        "pressing the button twice must start only one outlet"
    )
    begun = stored(desk_world, outlet).document
    assert [(name["text"], name["language"]) for name in begun["names"]] == [("가상일보", "ko")]
    answer = post(chidi, outlet, "submit", code="gasang", kind="newspaper")
    assert answer.headers["location"] == source
    page = chidi.get(source).text
    assert "was submitted." in page and 'value="make outlet"' not in page
    assert stored(desk_world, source).document["title"] == "Go home"


def test_cited_source_is_started_from_its_address(chidi: TestClient, desk_world: Settings) -> None:
    event = begin(chidi)
    post(chidi, event, "add citations")
    post(chidi, event, **{"citations.0.source": "workers leave"})
    assert "make citations" not in chidi.get(event).text, (
        "plain words must not offer to start a source"
    )
    source = post(
        chidi, event, "make citations.0.source", **{"citations.0.source": ADDRESS}
    ).headers["location"]
    assert stored(desk_world, source).document["url"] == ADDRESS
    read = {
        "outlet": "outlet-1",
        "title": "Go home",
        "title_basis": "printed",
        "published": "2019-05-01",
        "published_basis": "stated",
        "copies.0.extent": "full",
    }
    assert post(chidi, source, "submit", **read).headers["location"] == event


@pytest.mark.parametrize(
    "line", ["make", "make outlet.0", "make no", "make title", "make citations.x.source"]
)
def test_empty_or_unknown_box_starts_no_draft(
    chidi: TestClient, desk_world: Settings, line: str
) -> None:
    event = begin(chidi)
    assert post(chidi, event, line).headers["location"].partition("?")[0] == event
