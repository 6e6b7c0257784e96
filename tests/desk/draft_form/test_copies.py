"""Numbers of the copies of a source."""

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


def test_new_copy_gets_a_number_that_no_other_had(chidi: TestClient, desk_world: Settings) -> None:
    with desk_session(desk_world) as db:
        save_all(db, [make_source(1, copies=COPIES)])
    at = begin(chidi, record="S1")
    post(chidi, at, "remove copies.1")
    post(chidi, at, "add copies")
    numbers = [row["id"] for row in stored(desk_world, at).document["copies"]]
    assert numbers == ["1", "3"]
