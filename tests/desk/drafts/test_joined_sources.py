"""Counting sources as one or apart in a draft, without scripts."""

import pytest
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_citation, make_event
from tests.support.draft_pages import begin, post, stored

SAME = "The same report, credited to two newspapers."


@pytest.fixture
def at(chidi: TestClient, desk_world: Settings) -> str:
    """The draft of a published event that two outlets report."""
    cited = [make_citation(1, 1), make_citation(2, 2)]
    with desk_session(desk_world) as db:
        save_all(db, [make_event(citations=cited)])
        publish_approved(db, "The first")
    return begin(chidi, record="E1")


def test_two_sources_are_counted_as_one_with_a_reason(
    chidi: TestClient, desk_world: Settings, at: str
) -> None:
    post(chidi, at, "add joined_sources joined")
    page = chidi.get(at).text
    for option in ('<option value="S1">S1 · ', '<option value="C2">C2 · '):
        assert option in page, "sources and citations of the record are offered"
    row = {"member": "S1", "other": "", "reason": SAME}
    answer = post(chidi, at, **{f"joined_sources.0.{name}": text for name, text in row.items()})
    assert "sources that count as one are two: choose both" in chidi.get(
        answer.headers["location"]
    ).text.replace("Sources that", "sources that")
    post(chidi, at, **{"joined_sources.0.other": "S2"})
    assert "things to fix" not in chidi.get(at).text
    (decision,) = stored(desk_world, at).document["joined_sources"]
    assert (decision["how"], decision["member"], decision["other"]) == ("joined", "S1", "S2")
    history = chidi.get("/desk/records/E1").text
    assert SAME in history and "Counted as one" in history
