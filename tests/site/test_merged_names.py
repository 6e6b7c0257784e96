"""Old codes of merged places and outlets keep working at every address."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.kinds import RecordForm
from app.record.publishing.publish import Approved, Merge, publish
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    make_estimate,
    make_event,
    make_outlet,
    make_place,
    make_source,
    make_term,
)
from tests.support.event_pages import published_as

URL = "https://twice.example.org/7"


@pytest.fixture(scope="module")
def client(module_database: Settings) -> Iterator[TestClient]:
    """Edition 2 merges a city, a province and an outlet; edition 3 a source and that outlet."""
    elsewhere = [make_term(code="place-8")]
    event, estimate = make_event(2, citations="S7"), make_estimate(1)
    source = make_source(7, outlet="outlet-8", url=URL)
    forms: tuple[RecordForm, ...] = (
        make_place(9, "province-9", kind="province", parent="country-3"),
        make_place(8, parent="province-9"),
        make_outlet(8),
        make_outlet(7),
        source,
        make_event(1),
        make_event(2, citations=event.citations, terms=elsewhere),
        make_estimate(1, terms=elsewhere),
    )
    with published_as(module_database, forms) as client:
        with desk_session(module_database) as desk:
            here: list[RecordForm] = [event, estimate, make_source(7, outlet="outlet-7", url=URL)]
            merged = [Merge("P8", "P1"), Merge("P9", "P2"), Merge("O8", "O7")]
            publish(desk, [Approved(form) for form in here], merged=merged)
            other = Approved(make_event(2))
            publish(desk, [other], merged=[Merge("S7", "S1"), Merge("O7", "O1")])
        yield client


LED_ON = {
    "/events?place=place-8": "/events?place=place-1",
    "/events?from=2019&not_place=place-8&view=map": "/events?from=2019&not_place=place-1&view=map",
    "/events?place=province-9": "/events?place=province-2",
    "/events?place=place-1&place=place-8": "/events?place=place-1",
    "/events?outlet=outlet-8&origin=outlet-7": "/events?outlet=outlet-1&origin=outlet-1",
    "/events?place=place-8&edition=3": "/events?place=place-1&edition=3",
    "/events/breakdown?place=place-8": "/events/breakdown?place=place-1",
    "/estimates?place=place-8": "/estimates?place=place-1",
    "/sources?outlet=outlet-8&place=place-8": "/sources?outlet=outlet-1&place=place-1",
    "/cities?place=province-9": "/cities?place=province-2",
    "/status?place=place-8": "/status?place=place-1",
    "/compare?place=place-4&place=place-8": "/compare?place=place-1&place=place-4",
    "/compare?place=place-1&place=place-8": "/compare?place=place-1",
    "/changes?place=place-8": "/changes?place=place-1",
    "/embed/events?place=place-8": "/embed/events?place=place-1",
}


def test_old_code_redirects_to_page_of_new_code(client: TestClient) -> None:
    for asked, meant in LED_ON.items():
        answer = client.get(asked)
        assert (answer.status_code, answer.headers.get("location")) == (303, meant), asked
        assert client.get(meant).status_code == 200
    for asked in ("/events?place=place-1", "/events?place=place-8&edition=1"):
        assert client.get(asked).status_code == 200, asked
    # A merge can be undone.
    for asked in ("/cities/place-8", "/outlets/outlet-8", "/sources/S7", "/api/v1/sources/S7"):
        answer = client.get(asked)
        told = answer.status_code, answer.headers["cache-control"]
        assert told == (301, "no-cache"), asked


def found(client: TestClient, address: str) -> list[str]:
    return [item["id"] for item in client.get(address).json()["items"]]


def test_files_by_old_code_equal_files_by_new_code(client: TestClient) -> None:
    for at, end in (("", ".json"), ("/api/v1", "")):
        for old, new in (
            ("place=place-8", "place=place-1"),
            ("outlet=outlet-8", "outlet=outlet-1"),
        ):
            for list_ in ("events", "estimates", "sources"):
                by_old, by_new = (found(client, f"{at}/{list_}{end}?{key}") for key in (old, new))
                assert by_old == by_new != [], (list_, old)
        for query, ids in (
            ("place=place-8", ["E1", "E2"]),
            ("place=place-8&edition=1", ["E2"]),
            ("place=place-1&edition=1", ["E1"]),
        ):
            assert found(client, f"{at}/events{end}?{query}") == ids, query
        said = client.get(f"{at}/events{end}?place=province-9").json()
        assert "place=province-2" in said["permalink"]
        city = client.get(f"{at}/cities{end}?place=province-9").json()
        assert [row["code"] for row in city["items"]] == ["place-1"]
    old_file, new_file = (client.get(f"/events.csv?place=place-{n}").text for n in (8, 1))
    assert old_file == new_file


def test_changes_include_those_under_the_old_code(client: TestClient) -> None:
    changes = client.get("/changes.json?place=place-8&sort=oldest").json()
    assert changes["query"]["place"] == ["place-1"]
    told = {(item["id"], item["edition"]) for item in changes["items"]}
    assert {("E1", 1), ("E2", 1), ("M1", 1), ("E2", 2), ("E2", 3)} <= told
    then = {
        item["id"] for item in client.get("/changes.json?place=place-8&edition=1").json()["items"]
    }
    assert then >= {"E2", "M1"} and "E1" not in then


def test_merged_source_is_found_by_its_address(client: TestClient) -> None:
    def ids(**asked: Any) -> list[str]:
        said = client.get("/api/v1/lookup", params={"url": URL, **asked}).json()
        assert said["known"]
        return [source["id"] for source in said["sources"]]

    assert ids() == ["S1"]
    assert ids(edition="2") == ["S7"]


def test_citation_of_old_place_is_compared_with_new_place(client: TestClient) -> None:
    """The cited view is reported as changed, not as removed."""
    for view in (
        "/events?place=place-8&edition=1",
        "/cities/place-8?edition=1",
        "/cities?place=province-9&edition=1",
    ):
        page = client.get("/cite", params={"of": view})
        while page.status_code == 303:
            page = client.get(page.headers["location"])
        assert page.status_code == 200, view
        assert "1 added" in page.text and ", 0 removed" in page.text, view
