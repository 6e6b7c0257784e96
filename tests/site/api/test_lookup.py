"""Looking up a source by its address, with the records that cite it."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_citation, make_event, make_source, publish_all, withdraw

URL = "https://www.example.org/News/1/?b=2&utm_source=letter&a=1"
COPY = {"host_kind": "mirror", "url": "http://mirror.example/x/", "extent": "full"}


@pytest.fixture(scope="module")
def world(server: "object", template: str) -> Iterator[Settings]:
    name = server.create(template)  # type: ignore[attr-defined]
    settings: Settings = server.settings(name)  # type: ignore[attr-defined]
    copies = [COPY | {"archive": "https://archive.example/2019/x"}]
    with desk_session(settings) as desk:
        publish_all(desk, *a_small_world(), make_source(1, url=URL, copies=copies))
        publish_all(
            desk,
            make_event(1),
            make_event(2, citations=[make_citation(2)]),
            make_source(3, url="https://example.org/gone"),
        )
        withdraw(desk, "E2")
    yield settings
    server.drop(name)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "http://example.org/News/1?a=1&b=2",
        "https://EXAMPLE.org:443/News/1?a=1&b=2&fbclid=x#part",
        "http://mirror.example/x/",
        "https://www.mirror.example/x",
        "https://archive.example/2019/x",
    ],
)
def test_lookup_finds_source_by_address_variants(world: Settings, url: str) -> None:
    with TestClient(create_app(world)) as client:
        said = client.get("/api/v1/lookup", params={"url": url}).json()
        assert said["known"] and [source["id"] for source in said["sources"]] == ["S1"]
        assert said["sources"][0]["page"] == "http://testserver/sources/S1"
        assert [(each["id"], each["page"]) for each in said["rests_on_it"]] == [
            ("E1", "http://testserver/events/E1")
        ]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/News/1",
        "https://example.org/news/1?a=1&b=2",
        "https://example.org/",
        "https://other.example",
    ],
)
def test_lookup_of_similar_address_finds_nothing(world: Settings, url: str) -> None:
    with TestClient(create_app(world)) as client:
        said = client.get("/api/v1/lookup", params={"url": url}).json()
        assert (said["known"], said["sources"], said["rests_on_it"]) == (False, [], [])


def test_lookup_answers_as_of_an_edition(world: Settings) -> None:
    with TestClient(create_app(world)) as client:
        asked = {"url": "https://example.org/gone"}
        assert (
            client.get("/api/v1/lookup", params=asked | {"edition": "1"}).json()["known"] is False
        )
        now = client.get("/api/v1/lookup", params=asked).json()
        assert now["known"] is True
        assert client.get(now["permalink"]).json()["known"] is True
        resting = client.get("/api/v1/lookup", params={"url": URL, "edition": "2"}).json()[
            "rests_on_it"
        ]
        assert [each["id"] for each in resting] == ["E1", "E2"]


@pytest.mark.parametrize(
    "query", ["", "url=", "url=example.org", "url=ftp://example.org", "url=https://x&colour=red"]
)
def test_lookup_of_invalid_address_is_422(world: Settings, query: str) -> None:
    with TestClient(create_app(world)) as client:
        answer = client.get(f"/api/v1/lookup?{query}")
        assert answer.status_code == 422
        assert [error["key"] for error in answer.json()["errors"]] == [
            "colour" if "colour" in query else "url"
        ]
