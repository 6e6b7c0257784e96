"""Submitting a draft and going on with the next one."""

import pytest
from starlette.testclient import TestClient

from app.desk.approved.draft_models import DraftState
from app.settings import Settings
from tests.support.articles import ADDRESS, EVENT, FIGURE, enter, report, sent_twice
from tests.support.draft_pages import begin, post, stored

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
    assert f"{event} is handed in." in chidi.get(second).text
    begun = stored(desk_world, second).document
    assert [(row["code"], row["role"]) for row in begun["terms"]] == [("place-1", "via")]
    assert [step["attribution"] for step in begun["citations"][0]["chain"]] == ["resident"]
    assert (begun["title"], begun["happened"], begun["citations"][0]["paraphrase"]) == ("", "", "")

    third = sent_twice(chidi, second, "submit M", **EVENT)
    assert f'value="set event {event}"' in chidi.get(third).text, (
        "the estimate's form must offer the article's event as a button"
    )
    fourth = sent_twice(chidi, third, "submit M", **FIGURE, event=event)
    begun = stored(desk_world, fourth).document
    assert (begun["counts"], begun["population"], begun["as_of"]) == (
        "present",
        "workers",
        "2019-04",
    )
    assert (begun["event"], begun["point"], begun["quantifier"]) == (event, "", "")
    assert sent_twice(chidi, fourth, "submit", **FIGURE) == report, (
        "submitting without a next record must lead to the article's page"
    )


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
    assert "is handed in. Now" in page and 'value="make outlet"' not in page
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
        "published": "2019-05-01",
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
