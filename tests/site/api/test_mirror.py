"""What the changes of the API say of a purge, and how they are filtered."""

from starlette.testclient import TestClient

from app.record.publishing.purge import purge
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    make_event,
)
from tests.support.event_pages import published_as


def test_purged_record_is_one_change_without_content(database: Settings) -> None:
    with published_as(
        database,
        (make_event(1, title="Something dangerous"), make_event(2, citations=[])),
        (make_event(1, title="Something dangerous still"),),
    ) as client:
        with desk_session(database) as desk:
            purge(desk, "E1", "For the safety of a person")
        answer = client.get("/api/v1/changes?since=1&limit=1000")
        [told] = [item for item in answer.json()["items"] if item["id"] == "E1"]
        assert (told["state"], told["record"], told["title"]) == ("purged", None, "")
        assert told["edition_message"] == "For the safety of a person" and not told["differences"]
        assert told["edition"] == 3 and "dangerous" not in answer.text
        # Neither changes up to the edition before nor the page, which lists no purges, have it.
        for address in ("/api/v1/changes?edition=2&limit=1000", "/changes.json?limit=1000"):
            assert "E1" not in [item["id"] for item in client.get(address).json()["items"]]


def test_api_changes_are_filtered_like_the_page(client: TestClient) -> None:
    same = "place=hunchun&what=event&sort=newest&limit=1000"
    programs, page = (
        client.get(f"{path}?{same}").json() for path in ("/api/v1/changes", "/changes.json")
    )
    ids, shown = ([item["id"] for item in each["items"]] for each in (programs, page))
    assert ids == shown != [] and programs["filter"] == page["filter"]
