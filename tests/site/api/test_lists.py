"""Lists and records of the API: the rows and queries of the pages, and stable addresses."""

from starlette.testclient import TestClient

from app.record.publishing.publish import Merge, publish
from app.record.publishing.purge import purge
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_citation, make_event, make_place, withdraw
from tests.support.event_pages import published_as


def test_api_record_equals_its_row_in_the_list(client: TestClient) -> None:
    for address in ("events/E5", "estimates/M84", "sources/S4", "outlets/daily-nk", "places/jilin"):
        name, _slash, asked = address.partition("/")
        alone = client.get(f"/api/v1/{address}").json()
        [listed] = [
            item
            for item in client.get(f"/api/v1/{name}?limit=1000").json()["items"]
            if asked in {item["id"], item.get("code")}
        ]
        assert {key: alone[key] for key in listed} == listed
        assert (alone["state"], alone["edition"], alone["licence"]) == ("live", 1, "CC BY 4.0")
        assert client.get(alone["permalink"], follow_redirects=True).status_code == 200


def test_api_record_keeps_answering_after_changes(database: Settings) -> None:
    events = [make_event(n, citations=[make_citation(n)]) for n in (1, 2, 3, 4)]
    with published_as(
        database, (*events, make_place(7, "old-town", parent="province-2"))
    ) as client:
        with desk_session(database) as desk:
            withdraw(desk, "E1")
            publish(desk, (), merged=[Merge("E2", "E3", "The same.")])
        with desk_session(database) as desk:
            purge(desk, "E4")
        gone = client.get("/api/v1/events/E1").json()
        told = gone["state"], gone["reason"], gone["id"]
        assert told == ("withdrawn", "It was another city.", "E1")
        assert client.get("/api/v1/events/E1?edition=1").json()["title"] == "Event 1"
        led = client.get("/api/v1/events/E2?edition=4")
        assert (led.status_code, led.headers["location"]) == (301, "/api/v1/events/E3?edition=4")
        for edition in ("", "?edition=1"):
            assert client.get(f"/api/v1/events/E4{edition}").status_code == 410
        assert client.get("/api/v1/places/P7").headers["location"] == "/api/v1/places/old-town"
        for kind in ("events/E9", "cities/nowhere", "places/nowhere", "x", "events/E3?edition=99"):
            answer = client.get(f"/api/v1/{kind}")
            assert (answer.status_code, answer.json()["status"]) == (404, 404), kind


def test_invalid_query_is_422_naming_the_keys(client: TestClient) -> None:
    for query, keys in (
        ("colour=red", ["colour"]),
        ("place=atlantis", ["place"]),
        ("from=1&limit=1001", ["from", "limit"]),
        ("not_q=x", ["not_q"]),
        ("from=2020&to=2019", ["to"]),
        ("after=1_1", ["after"]),
        ("edition=x", ["edition"]),
    ):
        answer = client.get(f"/api/v1/events?{query}")
        errors = answer.json()["errors"]
        assert (answer.status_code, [error["key"] for error in errors]) == (422, keys), query
        assert all(error["reason"] for error in errors), query
    read = client.get("/api/v1/events?place=DANDONG&from=").json()
    assert read["query"] == {"place": ["dandong"]}


def test_methods_that_write_are_405(client: TestClient) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = client.request(method, "/api/v1/events")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS"), method
        assert answer.json()["status"] == 405
