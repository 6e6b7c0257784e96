"""A copy of the record that follows the changes equals the record after every edition."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.record.editions import select_edition
from app.record.publishing.purge import purge
from app.settings import Settings
from tests.conftest import desk_session, reader_session, wait_until
from tests.make import (
    make_event,
)
from tests.support.event_pages import published_as
from tests.support.publisher import Publisher

Copy = dict[str, Any]
LISTS = {"events": "E", "estimates": "M", "sources": "S", "places": "P", "outlets": "O"}


def follow(client: TestClient, address: str, copy: Copy) -> str:
    """Apply all pages to the copy, and return the address of later changes."""
    following: str | None = address
    while following:
        page = client.get(following).json()
        for change in page["items"]:
            if change["record"]:
                copy[change["id"]] = change["record"]
            else:
                assert change["state"] in {"withdrawn", "merged", "purged"}
                copy.pop(change["id"], None)
        following = page["next"]
    return str(page["follow"])


def current_record(client: TestClient) -> Copy:
    """Return all records of the lists."""
    found: Copy = {}
    for name in LISTS:
        address: str | None = f"/api/v1/{name}?limit=3"
        while address:
            page = client.get(address).json()
            found |= {item["id"]: item for item in page["items"]}
            address = page["next"]
    return found


def newest_of(settings: Settings) -> int:
    with reader_session(settings) as db:
        return select_edition(db).no


def seen_by(client: TestClient) -> set[Any]:
    """Return the editions of the lists. Some may still be cached from the edition before."""
    return {client.get(f"/api/v1/{name}?limit=3").json().get("edition") for name in LISTS}


def without_codes(copy: Copy) -> Copy:
    """Remove codes, which are in the vocabulary and not in a list."""
    return {id: record for id, record in copy.items() if ":" not in id}


@pytest.mark.parametrize("seed", range(2))
def test_mirror_equals_record_after_every_edition(database: Settings, seed: int) -> None:
    copy: Copy = {}
    late: Copy = {}
    address = "/api/v1/changes?since=0&limit=3"
    with desk_session(database) as desk:
        publisher = Publisher(desk, seed)
    with TestClient(create_app(database)) as client:
        for _edition in range(12):
            with desk_session(database) as publisher.db:
                publisher.act()
            wait_until(lambda: seen_by(client) == {newest_of(database)}, "the new edition")
            address = follow(client, address, copy)
            assert without_codes(copy) == current_record(client)
        follow(client, "/api/v1/changes?since=0", late)
        assert late == copy
        assert client.get(address).json()["total"] == 0


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
