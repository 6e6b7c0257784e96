"""Lists and records of the API: the rows of the pages, strict queries, and stable addresses."""

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.record.publishing.publish import Merge, publish
from app.record.publishing.purge import purge
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_citation, make_event, make_place, publish_all, withdraw


@pytest.mark.parametrize(
    "view",
    [
        *(
            "events?place=china&from=2019&sort=-happened",
            "events?q=workers&limit=7",
            "estimates?conflict=conflicts",
        ),
        *("sources?lang=ko&limit=50", "cities?place=china&sort=name"),
    ],
)
def test_api_list_has_the_rows_of_the_page(client: TestClient, view: str) -> None:
    path, _mark, query = view.partition("?")
    page, programs = (
        client.get(f"/{path}.json?{query}").json(),
        client.get(f"/api/v1/{view}").json(),
    )
    assert programs["items"] == page["items"] != []
    for key in page.keys() - {"next", "items"}:
        assert programs[key] == page[key]
    if page.get("next"):
        assert programs["next"] == page["next"].replace(f"/{path}.json", f"/api/v1/{path}")


@pytest.mark.parametrize("name", ["places", "outlets"])
def test_paging_places_and_outlets_returns_each_once(client: TestClient, name: str) -> None:
    seen: list[str] = []
    address = f"/api/v1/{name}?limit=30"
    while address:
        answer = client.get(address)
        seen += [item["id"] for item in answer.json()["items"]]
        assert answer.json()["next"] is None or answer.links["next"]["url"].endswith(
            answer.json()["next"]
        )
        address = answer.json()["next"]
    assert len(seen) == len(set(seen)) == answer.json()["total"] > 60


def test_places_and_outlets_are_filtered_by_query(client: TestClient) -> None:
    inside = client.get("/api/v1/places?place=jilin&not_level=province").json()
    assert "hunchun" in [item["code"] for item in inside["items"]]
    assert "jilin" not in [item["code"] for item in inside["items"]]
    assert inside["filter"] == "Places; Within: Jilin; Level: not Province"
    korean = client.get("/api/v1/outlets?lang=ko").json()["items"]
    assert korean and all("ko" in item["languages"] for item in korean)


@pytest.mark.parametrize(
    "address", ["events/E5", "estimates/M84", "sources/S4", "outlets/daily-nk", "places/jilin"]
)
def test_api_record_equals_its_row_in_the_list(client: TestClient, address: str) -> None:
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
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), *events, make_place(7, "old-town", parent="province-2"))
        withdraw(desk, "E1")
        publish(desk, (), merged=[Merge("E2", "E3", "The same.")])
    with desk_session(database) as desk:
        purge(desk, "E4")
    with TestClient(create_app(database), follow_redirects=False) as client:
        gone = client.get("/api/v1/events/E1").json()
        assert (gone["state"], gone["reason"], gone["id"]) == (
            "withdrawn",
            "It was another city.",
            "E1",
        )
        assert client.get("/api/v1/events/E1?edition=1").json()["title"] == "Event 1"
        led = client.get("/api/v1/events/E2?edition=4")
        assert (led.status_code, led.headers["location"]) == (301, "/api/v1/events/E3?edition=4")
        for edition in ("", "?edition=1"):
            assert client.get(f"/api/v1/events/E4{edition}").status_code == 410
        assert client.get("/api/v1/places/P7").headers["location"] == "/api/v1/places/old-town"
        for name in (
            "events/E9",
            "cities/nowhere",
            "places/nowhere",
            "nothing",
            "events/E3?edition=99",
        ):
            answer = client.get(f"/api/v1/{name}")
            assert (answer.status_code, answer.json()["status"]) == (404, 404)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("colour=red", ["colour"]),
        ("colour=", ["colour"]),
        ("place=atlantis", ["place"]),
        ("place=DANDONG&from=", ["place", "from"]),
        ("limit=05", ["limit"]),
        ("not_q=x", ["not_q"]),
        ("place=dandong&place-how=not", ["place-how"]),
        ("from=2020&to=2019", ["to"]),
        ("after=1_1", ["after"]),
        ("edition=x", ["edition"]),
    ],
)
def test_invalid_query_is_422_naming_the_keys(
    client: TestClient, query: str, keys: list[str]
) -> None:
    answer = client.get(f"/api/v1/events?{query}")
    assert answer.status_code == 422
    assert [error["key"] for error in answer.json()["errors"]] == keys
    assert all(error["reason"] for error in answer.json()["errors"])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_methods_that_write_are_405(client: TestClient, method: str) -> None:
    answer = client.request(method, "/api/v1/events")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json()["status"] == 405
