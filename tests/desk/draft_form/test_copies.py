"""Which copies of a source say a thing: one press each, without scripts."""

import re

from starlette.testclient import TestClient

from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_source
from tests.support.draft_pages import begin, post, stored

COPIES = [
    {"host_kind": "own", "extent": "full"},
    {"host_kind": "republisher", "host": "Weekly", "extent": "full"},
]


def draft_citing(chidi: TestClient, settings: Settings) -> str:
    with desk_session(settings) as db:
        relay = make_source(2, derived_from=[{"source": "S1", "how": "relay"}])
        save_all(db, [make_source(1, copies=COPIES), relay])
    at = begin(chidi)
    post(chidi, at, "add citations")
    post(chidi, at, **{"citations.0.source": "S1"})
    post(chidi, at, **{"citations.0.copy_read": "1"})
    return at


def test_press_says_also_in_or_missing_in_another_copy(
    chidi: TestClient, desk_world: Settings
) -> None:
    at = draft_citing(chidi, desk_world)
    page = chidi.get(at).text
    offered = re.findall(r'value="copy citations\.0\.(\w+) (\w+)"', page)
    assert offered == [("also_in", "2"), ("missing_in", "2"), ("missing_in", "S2")]
    post(chidi, at, "copy citations.0.also_in 2")
    assert stored(desk_world, at).document["citations"][0]["also_in"] == "2"
    post(chidi, at, "copy citations.0.missing_in 2")
    post(chidi, at, "copy citations.0.missing_in S2")
    row = stored(desk_world, at).document["citations"][0]
    assert (row["also_in"], row["missing_in"]) == ("", "2, S2"), "never on both lists"
    post(chidi, at, "copy citations.0.missing_in 2")
    assert stored(desk_world, at).document["citations"][0]["missing_in"] == "S2"


def test_new_copy_gets_a_number_that_no_other_had(chidi: TestClient, desk_world: Settings) -> None:
    with desk_session(desk_world) as db:
        save_all(db, [make_source(1, copies=COPIES)])
    at = begin(chidi, record="S1")
    post(chidi, at, "remove copies.1")
    post(chidi, at, "add copies")
    numbers = [row["id"] for row in stored(desk_world, at).document["copies"]]
    assert numbers == ["1", "3"], "a citation may name copy 2"
