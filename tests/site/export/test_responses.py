"""Lists as JSON and CSV: structure, headers, paging and errors."""

import csv
import io
from unittest.mock import Mock

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.site.export.list_columns import EVENT
from app.web.csv_safety import escape_formula
from tests.conftest import wait_until


def test_json_has_the_documented_structure(client: TestClient) -> None:
    body = client.get("/events.json?place=china&limit=2").json()
    heading = ["edition", "query", "filter", "licence", "permalink"]
    hints = ["hint", "also", "by_word"]
    assert list(body) == [*heading, "total", "undated", "next", *hints, "facets", "items"]
    for address in ("/changes.json", "/cities.json"):
        assert list(client.get(address).json())[:6] == [*heading, "total"]
    assert body["permalink"] == "http://testserver/events?place=china&edition=1"
    assert body["edition"] == 1
    assert body["query"] == {"place": ["china"], "limit": ["2"]}
    assert body["filter"].startswith(f"{body['total']} events: in China.")
    assert len(body["items"]) == 2 and all(item["id"].startswith("E") for item in body["items"])
    assert set(body["facets"]["place"][0]) == {"code", "label", "count", "selected"}


def test_next_links_cover_all_rows_of_one_edition(client: TestClient) -> None:
    seen: list[str] = []
    address = "/events.json?limit=40"
    while address:
        body = client.get(address).json()
        seen += [item["id"] for item in body["items"]]
        address = body["next"]
        assert address is None or "edition=1" in address
    assert len(seen) == len(set(seen)) == body["total"] == 126


def test_json_and_csv_have_the_same_columns(client: TestClient) -> None:
    item = client.get("/events.json?limit=1").json()["items"][0]
    header = next(csv.reader(io.StringIO(client.get("/events.csv").content.decode("utf-8-sig"))))
    assert header == [column.name for column in EVENT] == list(item)[: len(EVENT)]
    assert header[0] == "id"


def test_csv_and_its_metadata_state_edition_and_licence(client: TestClient) -> None:
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


def test_licence_in_chinese_becomes_ascii_in_headers(published: Settings) -> None:
    settings = published.model_copy(update={"licence": "知识共享 署名 4.0"})
    with TestClient(create_app(settings)) as client:
        for address in ("/events.csv", "/events.json", "/data/dictionary.csv", "/events.atom"):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert answer.headers["x-sojourn-licence"] == "???? ?? 4.0"
        assert "知识共享 署名 4.0" in client.get("/events.json").text


def test_no_csv_cell_starts_like_a_formula(client: TestClient) -> None:
    rows = list(csv.reader(io.StringIO(client.get("/events.csv").content.decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@"}]


@pytest.mark.parametrize("sign", "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
def test_text_with_a_sign_of_formulas_gets_an_apostrophe(sign: str) -> None:
    assert escape_formula(f"{sign}1+1") == f"'{sign}1+1"
    assert escape_formula(f"1{sign}1") == f"1{sign}1"


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
def test_file_with_invalid_query_is_422_naming_the_key(
    client: TestClient, query: str, key: str, suffix: str
) -> None:
    answer = client.get(f"/events.{suffix}?{query}")
    assert answer.status_code == 422
    assert [error["key"] for error in answer.json()["errors"]] == [key]


def test_event_json_includes_citations_with_chains(client: TestClient) -> None:
    body = client.get("/events/E5.json").json()
    assert body["id"] == "E5" and body["edition"] == 1
    assert {citation["stance"] for citation in body["citations"]} == {
        "supports",
        "disputes",
        "mentions",
    }
    assert all(citation["chain"] for citation in body["citations"])


def test_healthz_names_the_edition(client: TestClient) -> None:
    well = {"status": "ok", "edition": 1, "served": 1, "seconds_behind": 0}
    wait_until(lambda: client.get("/healthz").json() == well, "the worker to say so")


def test_row_is_serialized_as_json_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = (
        "/events.json",
        "/estimates.json?place=hunchun",
        "/sources.json?limit=3",
        "/api/v1/events?q=china",
    )
    # Rows are cached only once the worker has loaded its indexes.
    wait_until(lambda: "etag" in client.get("/privacy").headers, "the worker to know its edition")
    first = {address: client.get(address).content for address in addresses}
    monkeypatch.setattr(
        "app.site.export.list_columns.as_json",
        Mock(side_effect=AssertionError("it was written before")),
    )
    client.app.response_cache.responses.clear()  # type: ignore[attr-defined]
    assert {address: client.get(address).content for address in addresses} == first
