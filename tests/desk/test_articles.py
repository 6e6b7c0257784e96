"""An article as the unit of work: known or not, and everything it says entered without typing its particulars again."""

import re

import pytest
from starlette.testclient import TestClient

from app.desk.commands import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.writing import begin, post, stored
from tests.make import make_source

ADDRESS = "https://www.example.org/2019/workers.html"


@pytest.fixture
def report(desk_world: Settings) -> str:
    """A report of outlet 2, found at an address, from which nothing was entered yet."""
    with desk_session(desk_world) as db:
        save_all(db, [make_source(7, title="Workers leave", outlet="outlet-2", url=ADDRESS, published="2019-04-23")])
    return "/desk/sources/S7"


def enter(client: TestClient, at: str, **what: str) -> str:
    key = re.search(r'name="key" value="(\w+)"', client.get(at).text)
    assert key
    answer = client.post(at, data={"key": key[1], **what})
    assert answer.status_code == 303
    return str(answer.headers["location"])


@pytest.mark.parametrize(
    "pasted",
    [ADDRESS, "http://example.org/2019/workers.html/", ADDRESS + "?utm_source=mail", " " + ADDRESS + "#top "],
)
def test_an_address_tells_that_a_source_is_known_and_what_rests_on_it(
    chidi: TestClient,
    report: str,
    pasted: str,
) -> None:
    draft = enter(chidi, report, kind="E")
    post(chidi, draft, title="Entered from it")
    page = chidi.get("/desk/sources", params={"url": pasted}).text
    assert "Known already" in page and f'href="{report}"' in page and "Entered from it" in page
    answer = chidi.post("/desk/sources", data={"key": "k", "url": pasted})
    assert answer.headers["location"] == report, "it is not made twice"


def test_a_new_address_begins_a_source_of_the_outlet_of_that_host(
    chidi: TestClient,
    report: str,
    desk_world: Settings,
) -> None:
    new = "https://example.org/2020/other.html"
    assert "Not known yet" in chidi.get("/desk/sources", params={"url": new}).text
    at = chidi.post("/desk/sources", data={"key": "k", "url": new}).headers["location"]
    document = stored(desk_world, at).document
    assert (document["url"], document["outlet"], document["copies"][0]["url"]) == (new, "outlet-2", new)
    assert "Known already" in chidi.get("/desk/sources", params={"url": new}).text, "a draft is known too"


@pytest.mark.parametrize("typed", ["", "WORKERS leave", "not an address", "https://", "//", "%00", "\0", "x" * 3000])
def test_any_words_can_be_looked_up(chidi: TestClient, report: str, typed: str) -> None:
    answer = chidi.get("/desk/sources", params={"url": typed})
    assert answer.status_code == 200
    found = answer.text.split("Worked on lately")[0]
    assert (">Outlet-2, 23 April 2019, Workers leave<" in found) == (typed in {"WORKERS leave", "https://", "//"})


def test_several_things_are_entered_without_typing_outlet_date_or_chain_again(
    chidi: TestClient,
    report: str,
    desk_world: Settings,
) -> None:
    event = enter(chidi, report, kind="E")
    first = stored(desk_world, event).document["citations"][0]
    assert (first["source"], first["said"], first["stance"], first["kind"]) == (
        "S7",
        "2019-04-23",
        "supports",
        "occurrence",
    )
    assert [step["attribution"] for step in first["chain"]] == ["outlet-own-voice"]
    post(
        chidi,
        event,
        **{"citations.0.chain.0.attribution": "resident", "citations.0.chain.0.words": "a resident of the city"},
    )

    post(chidi, event, "add citations")
    second = stored(desk_world, event).document["citations"][1]
    figure = stored(desk_world, enter(chidi, report, kind="M")).document["citations"][0]
    for citation in (second, figure):
        assert (citation["source"], citation["said"]) == ("S7", "2019-04-23")
        assert [step["words"] for step in citation["chain"]] == ["a resident of the city"]
    assert figure["kind"] == "number"
    assert second["id"] != first["id"]


def test_the_next_event_takes_over_places_and_terms_if_asked(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    event = enter(chidi, report, kind="E")
    typed = {"terms.0.code": "place-1", "terms.0.role": "via"}
    post(chidi, event, title="The first", **typed)
    assert "as in “The first”" in chidi.get(report).text
    record = stored(desk_world, event).record
    taken = stored(desk_world, enter(chidi, report, kind="E", like=record)).document["terms"]
    assert [(row["code"], row["role"]) for row in taken] == [("place-1", "via")]
    figure = stored(desk_world, enter(chidi, report, kind="M", like=record)).document["terms"]
    assert [row["code"] for row in figure] == ["place-1"]
    for like in ("", "E999", "S7"):
        fresh = stored(desk_world, enter(chidi, report, kind="E", like=like)).document["terms"]
        assert [row["code"] for row in fresh] == [""]


def test_a_citation_is_added_to_an_event_that_there_is(
    chidi: TestClient,
    report: str,
    desk_world: Settings,
) -> None:
    at = enter(chidi, report, record="e1")
    assert at.endswith("#citations.1")
    draft = stored(desk_world, at.split("?")[0])
    assert draft.record == "E1"
    assert [row["source"] for row in draft.document["citations"]] == ["S1", "S7"]
    assert "E1" in chidi.get(report).text


@pytest.mark.parametrize("record", ["", "E99", "S1", "M1", "nonsense"])
def test_nothing_is_cited_under_what_is_not_there(chidi: TestClient, report: str, record: str) -> None:
    assert enter(chidi, report, record=record) == report
    assert "There is no event or figure of that id." in chidi.get(report).text


def test_two_cannot_change_one_record_unseen(
    chidi: TestClient,
    basma: TestClient,
    report: str,
) -> None:
    post(basma, begin(basma, record="E1"), title="Hers")
    assert enter(chidi, report, record="E1") == report
    assert "Somebody else is changing that one" in chidi.get(report).text
    assert chidi.post("/desk/drafts", data={"key": "k", "record": "E1"}).headers["location"] == "/desk"


@pytest.mark.parametrize("id", ["S99", "E1", "x", ""])
def test_an_article_that_is_not_there(chidi: TestClient, report: str, id: str) -> None:
    assert chidi.get(f"/desk/sources/{id}").status_code == 404
    assert chidi.post(f"/desk/sources/{id}", data={"key": "k", "kind": "E"}).status_code in {404, 405}
