"""An article as the unit of work: whether it is known, and what is prefilled from it."""

from starlette.testclient import TestClient

from app.settings import Settings
from tests.support.articles import ADDRESS, TICKED, enter
from tests.support.draft_pages import post, stored


def test_address_of_known_source_shows_its_records(chidi: TestClient, report: str) -> None:
    post(chidi, enter(chidi, report, kind="E"), title="Entries from this report")
    for pasted in (
        ADDRESS,
        "http://example.org/2019/workers.html/",
        ADDRESS + "?utm_source=mail",
        " " + ADDRESS + "#top ",
    ):
        page = chidi.get("/desk/sources", params={"url": pasted}).text
        assert f'href="{report}"' in page and "Entries from this report" in page, pasted
        answer = chidi.post("/desk/sources", data={"key": "k", "url": pasted})
        assert answer.headers["location"] == report, "no second source is begun"
    for typed in ("", "WORKERS leave", "not an address", "https://", "//", "%00", "\0", "x" * 3000):
        answer = chidi.get("/desk/sources", params={"url": typed})
        assert answer.status_code == 200
        is_found = "23 April 2019, Workers leave<" in answer.text.split("Recently edited")[0]
        assert is_found is (typed in {"WORKERS leave", "https://", "//"}), typed


def test_new_citation_is_prefilled_from_the_article(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    event = enter(chidi, report, kind="E")
    first = stored(desk_world, event).document["citations"][0]
    prefilled = {"source": "S7", "said": "2019-04-23", "stance": "supports", "kind": "occurrence"}
    assert first | prefilled == first
    assert [step["attribution"] for step in first["chain"]] == ["outlet-own-voice"]
    step = "citations.0.chain.0"
    post(chidi, event, **{f"{step}.attribution": "resident", f"{step}.words": "a baker"})

    post(chidi, event, "add citations")
    second = stored(desk_world, event).document["citations"][1]
    step, mention = "citations.1.chain.0", {"citations.1.stance": "mentions"}
    spy = {f"{step}.attribution": "intelligence", f"{step}.words": "a service"}
    post(chidi, event, **spy, **mention)
    like = {"like": stored(desk_world, event).record, **TICKED}
    figure = stored(desk_world, enter(chidi, report, kind="M", **like)).document["citations"][0]
    for citation in (second, figure):
        assert (citation["source"], citation["said"]) == ("S7", "2019-04-23")
        words = [step["words"] for step in citation["chain"]]
        assert words == ["a baker"], "the speaker of a mention is not copied"
    assert figure["kind"] == "number"
    assert second["id"] != first["id"]


def test_citation_is_added_to_an_existing_event(
    chidi: TestClient, report: str, desk_world: Settings
) -> None:
    for missing in ("", "E99", "S1", "M1", "nonsense"):
        assert enter(chidi, report, record=missing) == report
        said = "There is no event or estimate with that id. Check the id."
        assert said in chidi.get(report).text, missing
    at = enter(chidi, report, record="e1")
    assert at.endswith("#citations.1")
    draft = stored(desk_world, at.split("?")[0])
    assert draft.record == "E1"
    assert [row["source"] for row in draft.document["citations"]] == ["S1", "S7"]
    assert "E1" in chidi.get(report).text
    for id in ("S99", "E1", "x", ""):
        assert chidi.get(f"/desk/sources/{id}").status_code == 404
        answer = chidi.post(f"/desk/sources/{id}", data={"key": "k", "kind": "E"})
        assert answer.status_code in {404, 405}
