"""Looking up a source by its address, with the records that cite it."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_event, make_source, publish_all, withdraw
from tests.support.event_pages import published_as

URL = "https://www.example.org/News/1/?b=2&utm_source=letter&a=1"
COPY = {
    "host_kind": "mirror",
    "url": "http://mirror.example/x/",
    "extent": "full",
    "archive": "https://archive.example/2019/x",
}


@pytest.fixture(scope="module")
def client(module_database: Settings) -> Iterator[TestClient]:
    with published_as(module_database, (make_source(1, url=URL, copies=[COPY]),)) as client:
        with desk_session(module_database) as desk:
            other = make_event(2)
            gone = make_source(3, url="https://example.org/gone")
            publish_all(desk, make_event(1), other, gone)
            withdraw(desk, "E2")
        yield client


def look_up(client: TestClient, url: str, **asked: str) -> Any:
    return client.get("/api/v1/lookup", params={"url": url, **asked}).json()


def test_lookup_finds_source_by_address_variants(client: TestClient) -> None:
    for url in (
        URL,
        "http://example.org/News/1?a=1&b=2",
        "https://EXAMPLE.org:443/News/1?a=1&b=2&fbclid=x#part",
        "http://mirror.example/x/",
        "https://www.mirror.example/x",
        "https://archive.example/2019/x",
    ):
        said = look_up(client, url)
        found = [(each["id"], each["page"]) for each in (*said["sources"], *said["rests_on_it"])]
        assert said["known"] and found == [
            ("S1", "http://testserver/sources/S1"),
            ("E1", "http://testserver/events/E1"),
        ], url


def test_lookup_of_similar_address_finds_nothing(client: TestClient) -> None:
    for url in (
        "https://example.org/News/1",
        "https://example.org/news/1?a=1&b=2",
        "https://example.org/",
        "https://other.example",
    ):
        said = look_up(client, url)
        assert (said["known"], said["sources"], said["rests_on_it"]) == (False, [], []), url


def test_lookup_answers_as_of_an_edition(client: TestClient) -> None:
    gone = "https://example.org/gone"
    assert look_up(client, gone, edition="1")["known"] is False
    now = look_up(client, gone)
    assert now["known"] and client.get(now["permalink"]).json()["known"] is True
    resting = look_up(client, URL, edition="2")["rests_on_it"]
    assert [each["id"] for each in resting] == ["E1", "E2"]


def test_lookup_of_invalid_address_is_422(client: TestClient) -> None:
    for query, key in (
        ("", "url"),
        ("url=", "url"),
        ("url=example.org", "url"),
        ("url=ftp://example.org", "url"),
        ("url=https://x&colour=red", "colour"),
    ):
        answer = client.get(f"/api/v1/lookup?{query}")
        errors = [error["key"] for error in answer.json()["errors"]]
        assert (answer.status_code, errors) == (422, [key]), query
