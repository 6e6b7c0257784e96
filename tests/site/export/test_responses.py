"""The timeline as data: shapes, headers, and answers to what has no meaning."""

import csv
import io
from unittest.mock import Mock

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.site.export.record_columns import EVENT
from tests.conftest import wait_until


def test_json_has_the_shape_that_was_promised(client: TestClient) -> None:
    body = client.get("/events.json?place=china&limit=2").json()
    heading = ["edition", "query", "filter", "licence", "permalink"]
    assert list(body) == [*heading, "total", "undated", "next", "facets", "items"]
    for address in ("/changes.json", "/cities.json"):
        assert list(client.get(address).json())[:6] == [*heading, "total"]
    assert body["permalink"] == "http://testserver/events?place=china&edition=1"
    assert body["edition"] == 1
    assert body["query"] == {"place": ["china"], "limit": ["2"]}
    assert body["filter"].startswith(f"{body['total']} events in China.")
    assert len(body["items"]) == 2 and all(item["id"].startswith("E") for item in body["items"])
    assert set(body["facets"]["place"][0]) == {"code", "label", "count", "selected"}


def test_next_leads_through_all_rows_of_the_same_edition(client: TestClient) -> None:
    seen: list[str] = []
    address = "/events.json?limit=40"
    while address:
        body = client.get(address).json()
        seen += [item["id"] for item in body["items"]]
        address = body["next"]
        assert address is None or "edition=1" in address
    assert len(seen) == len(set(seen)) == body["total"] == 125


def test_json_and_csv_are_of_the_same_columns(client: TestClient) -> None:
    item = client.get("/events.json?limit=1").json()["items"][0]
    header = next(csv.reader(io.StringIO(client.get("/events.csv").content.decode("utf-8-sig"))))
    assert header == [column.name for column in EVENT] == list(item)[: len(EVENT)]
    assert header[0] == "id"


def test_csv_says_what_it_holds(client: TestClient) -> None:
    answer = client.get("/events.csv?from=2019&to=2019&place=china")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["x-sojourn-edition"] == "1"
    assert answer.headers["x-sojourn-licence"] == "CC BY 4.0"
    assert (
        'filename="sojourn-events-china-2019-edition-1.csv"'
        in answer.headers["content-disposition"]
    )
    metadata = client.get("/events.csv-metadata.json?from=2019&to=2019&place=china").json()
    assert [column["name"] for column in metadata["tableSchema"]["columns"]] == [
        column.name for column in EVENT
    ]
    assert "China" in metadata["dc:title"] and metadata["dc:rights"] == "CC BY 4.0"


def test_licence_in_chinese_is_sent_with_every_file(published: Settings) -> None:
    settings = published.model_copy(update={"licence": "知识共享 署名 4.0"})
    with TestClient(create_app(settings)) as client:
        for address in ("/events.csv", "/events.json", "/data/dictionary.csv", "/events.atom"):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert answer.headers["x-sojourn-licence"] == "???? ?? 4.0"
        assert "知识共享 署名 4.0" in client.get("/events.json").text


def test_no_cell_runs_as_a_formula(client: TestClient) -> None:
    rows = list(csv.reader(io.StringIO(client.get("/events.csv").content.decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@"}]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("colour=red", "colour"),
        ("place=atlantis", "place"),
        ("from=2019-13", "from"),
        ("sort=up", "sort"),
        ("limit=1001", "limit"),
    ],
)
@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_machines_hear_of_what_has_no_meaning(
    client: TestClient, query: str, key: str, suffix: str
) -> None:
    answer = client.get(f"/events.{suffix}?{query}")
    assert answer.status_code == 422
    assert [error["key"] for error in answer.json()["errors"]] == [key]


def test_an_event_as_json_has_its_citations_with_their_chains(client: TestClient) -> None:
    body = client.get("/events/E5.json").json()
    assert body["id"] == "E5" and body["edition"] == 1
    assert {citation["stance"] for citation in body["citations"]} == {
        "supports",
        "disputes",
        "mentions",
    }
    assert all(citation["chain"] for citation in body["citations"])


def test_health_names_the_edition(client: TestClient) -> None:
    well = {"status": "ok", "edition": 1, "served": 1, "seconds_behind": 0}
    wait_until(lambda: client.get("/healthz").json() == well, "the worker to say so")


def test_a_row_is_written_as_json_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = (
        "/events.json",
        "/estimates.json?place=hunchun",
        "/sources.json?limit=3",
        "/api/v1/events?q=china",
    )
    # Until the worker has its indexes it keeps no row.
    wait_until(lambda: "etag" in client.get("/privacy").headers, "the worker to know its edition")
    first = {address: client.get(address).content for address in addresses}
    monkeypatch.setattr(
        "app.site.export.record_columns.as_json",
        Mock(side_effect=AssertionError("it was written before")),
    )
    client.app.kept.answers.clear()  # type: ignore[attr-defined]
    assert {address: client.get(address).content for address in addresses} == first
