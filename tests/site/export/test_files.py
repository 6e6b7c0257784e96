"""Files of lists as CSV metadata and GeoJSON, and the headers of all files."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.site.references.formats import FORMATS as REFERENCES
from tests.conftest import desk_session
from tests.make import a_small_world, make_citation, make_event, make_place, make_term, publish_all
from tests.support.lists import LIST_VIEWS, file_address

# CSV metadata -------------------------------------------------------------------------------------

READ: dict[str, Callable[[str], object]] = {
    "string": str,
    "integer": int,
    "double": float,
    "boolean": ["true", "false"].index,
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
}
"""Parsers of cells by the datatype of their column."""


@pytest.mark.parametrize("view", [*LIST_VIEWS, "/cities/dandong?", "/places/russia?"])
def test_csv_metadata_describes_every_column_and_cell(client: TestClient, view: str) -> None:
    answer = client.get(file_address(view, ".csv-metadata.json"))
    assert answer.headers["content-type"] == "application/csvm+json"
    told = answer.json()
    assert told["dc:rights"] == "CC BY 4.0" and told["schema:version"] == "1" and told["dc:title"]
    assert told["dc:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    text = client.get(told["url"]).content.decode("utf-8-sig")
    assert text == client.get(file_address(view, ".csv")).content.decode("utf-8-sig")
    columns, table = told["tableSchema"]["columns"], list(csv.DictReader(io.StringIO(text)))
    assert list(table[0]) == [column["name"] for column in columns]
    for column in columns:
        assert column["dc:description"].endswith(".")
        for row in table:
            for value in (
                row[column["name"]].split(column["separator"])
                if "separator" in column
                else [row[column["name"]]]
            ):
                assert value == "" or READ[column["datatype"]](value) is not None
    keys = [tuple(row[name] for name in told["tableSchema"]["primaryKey"]) for row in table]
    assert len(keys) == len(set(keys)) > 0


@pytest.mark.parametrize(
    "address",
    [
        "/events.csv",
        "/events.csv?place=dandong&from=2019",
        "/events.csv?from=2019&place=dandong&edition=1",
        "/estimates.csv?q=%22Hunchun%22",
        "/sources.csv",
        "/cities.csv",
        "/changes.csv",
        "/status.csv?on=2019-12-22&place=dandong",
        "/events/breakdown.csv",
        "/compare.csv?place=dandong&place=hunchun",
        "/cities/dandong.csv",
        "/data/dictionary.csv",
    ],
)
def test_csv_reader_finds_metadata_that_names_the_file(client: TestClient, address: str) -> None:
    """The rules of https://www.w3.org/TR/tabular-data-model/#locating-metadata.

    A reader follows the link of the file, and ignores metadata with the `url` of another file.
    """
    links = parse_link_header(client.get(address).headers["link"])
    [found] = [
        link
        for link in links
        if link["rel"] == "describedby" and link["type"] == "application/csvm+json"
    ]
    location = urljoin(f"http://testserver{address}", found["url"])
    answer = client.get(location)
    assert answer.headers["content-type"] == "application/csvm+json"
    assert urljoin(location, answer.json()["url"]) == f"http://testserver{address}"


def parse_link_header(header: str) -> list[dict[str, str]]:
    return [
        {"url": url, **dict(re.findall(r';\s*(\w+)="([^"]*)"', rest))}
        for url, rest in re.findall(r"<([^>]*)>([^<]*)", header)
    ]


# GeoJSON ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "view", [view for view in LIST_VIEWS if view.startswith(("/events", "/cities"))]
)
def test_geojson_features_are_the_rows_in_order(client: TestClient, view: str) -> None:
    answer = client.get(file_address(view, ".geojson"))
    assert answer.headers["content-type"] == "application/geo+json"
    body = answer.json()
    items = (
        client.get(file_address(view, ".json") + "&limit=1000").json()["items"]
        if "/events" in view
        else None
    )
    items = items if items is not None else client.get(file_address(view, ".json")).json()["items"]
    assert (
        body["type"] == "FeatureCollection"
        and body["total"] == len(items) == len(body["features"]) > 0
    )
    assert body["licence"] == "CC BY 4.0" and body["edition"] == 1 and body["filter"]
    assert client.get(body["page"].removeprefix("http://testserver")).status_code == 200
    for feature, item in zip(body["features"], items, strict=True):
        assert feature["type"] == "Feature" and feature["id"] == item["id"]
        # A property is flat, as in CSV: a link is its type and the other's id.
        flat = dict(item)
        if "links" in flat:
            flat["links"] = [f"{link['type']}:{link['to']}" for link in item["links"]]
        assert feature["properties"] == {key: flat[key] for key in feature["properties"]}
        for longitude, latitude in points(feature["geometry"]):
            assert -180 <= longitude <= 180 and -90 <= latitude <= 90


def points(geometry: dict[str, Any] | None) -> list[list[float]]:
    if geometry is None:
        return []
    assert geometry["type"] in {"Point", "MultiPoint"}
    coordinates = geometry["coordinates"]
    return list(coordinates) if geometry["type"] == "MultiPoint" else [coordinates]


def test_geojson_locates_workplace_at_city_and_province_nowhere(database: Settings) -> None:
    """Provinces and unknown places have no coordinates."""
    places = [
        make_place(1, parent="province-2", latitude=40.1, longitude=124.4),
        make_place(4, "mill", kind="site", parent="place-1"),
        make_place(
            5, "province-5", kind="province", parent="country-3", latitude=41.0, longitude=125.0
        ),
        make_place(6, "port", kind="town", parent="country-3", latitude=42.0, longitude=130.0),
    ]
    at_place = {
        1: ["place-1"],
        2: ["mill"],
        3: ["province-5"],
        4: ["place-1", "port"],
        5: ["country-3"],
    }
    events = [
        make_event(n, terms=[make_term(code=code) for code in codes], citations=[make_citation(n)])
        for n, codes in at_place.items()
    ]
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), *places, *events)
    with TestClient(create_app(database)) as client:
        found = {
            f["id"]: points(f["geometry"]) for f in client.get("/events.geojson").json()["features"]
        }
    city, port = [124.4, 40.1], [130.0, 42.0]
    assert found == {"E1": [city], "E2": [city], "E3": [], "E4": [city, port], "E5": []}


# Headers ------------------------------------------------------------------------------------------

FILES = [
    *(
        "/events.csv",
        "/events.json",
        "/events.xlsx",
        "/events.geojson",
        "/events.atom",
        "/events.feed.json",
    ),
    *(
        "/estimates.csv",
        "/sources.xlsx",
        "/cities.csv",
        "/cities.geojson",
        "/changes.csv",
        "/changes.json",
    ),
    *(
        "/events/E5.json",
        "/cities/dandong.csv",
        "/status.json",
        "/events/breakdown.csv",
        "/compare.csv?place=dandong&place=hunchun",
        "/codebook.json",
        "/cite.bib?of=/events/E5",
    ),
]


@pytest.mark.parametrize("address", FILES)
def test_file_allows_cors_and_exposes_edition_header(client: TestClient, address: str) -> None:
    headers = client.get(address, headers={"Origin": "https://elsewhere.example"}).headers
    assert (
        headers["access-control-allow-origin"] == "*"
        and headers["cross-origin-resource-policy"] == "cross-origin"
    )
    assert headers["x-sojourn-edition"] == "1" and headers["x-sojourn-licence"] == "CC BY 4.0"
    assert "X-Sojourn-Edition" in headers["access-control-expose-headers"]


@pytest.mark.parametrize("address", FILES)
def test_cors_preflight_allows_if_none_match(client: TestClient, address: str) -> None:
    """Browsers send a preflight request before a request with If-None-Match."""
    asking = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    answer = client.options(
        address, headers=asking | {"Access-Control-Request-Headers": "if-none-match"}
    )
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
    assert "If-None-Match" in answer.headers["access-control-allow-headers"]
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", ["/events", "/desk/sign-in"])
def test_options_of_page_lists_methods_without_cors(client: TestClient, address: str) -> None:
    answer = client.options(address)
    assert answer.status_code == 204 and "GET" in answer.headers["allow"]
    assert "access-control-allow-origin" not in answer.headers


def test_error_of_file_allows_cors(client: TestClient) -> None:
    answer = client.get("/events.json?colour=red")
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (422, "*")


@pytest.mark.parametrize("address", FILES)
def test_every_file_links_to_its_licence(client: TestClient, address: str) -> None:
    assert (
        client.get(address).links["license"]["url"]
        == "https://creativecommons.org/licenses/by/4.0/"
    )


@pytest.mark.parametrize("address", ["/", "/events", "/about", "/desk/sign-in"])
def test_pages_do_not_allow_cors(client: TestClient, address: str) -> None:
    headers = client.get(address, headers={"Origin": "https://elsewhere.example"}).headers
    assert (
        "access-control-allow-origin" not in headers
        and headers["cross-origin-resource-policy"] == "same-origin"
    )


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".geojson"])
def test_file_links_to_its_view_and_metadata(client: TestClient, ending: str) -> None:
    answer = client.get(f"/events{ending}?place=china&from=2019&limit=7")
    assert (
        answer.links["cite-as"]["url"] == "http://testserver/events?from=2019&place=china&edition=1"
    )
    assert client.get(answer.links["describedby"]["url"]).json()["tableSchema"]["columns"]
    name = f'filename="sojourn-events-china-2019-edition-1{ending}"'
    assert name in answer.headers["content-disposition"]


def test_json_page_links_to_the_next_page(client: TestClient) -> None:
    answer = client.get("/events.json?limit=40")
    assert (
        answer.links["cite-as"]["url"]
        == answer.json()["permalink"]
        == "http://testserver/events?edition=1"
    )
    assert answer.links["next"]["url"] == f"http://testserver{answer.json()['next']}"
    assert "next" not in client.get("/events.json?limit=1000").links


PACKED_ALREADY = ("image/png", "application/zip", "application/vnd.openxmlformats")


def test_text_files_are_compressed(client: TestClient) -> None:
    views = ["/events", "/estimates", "/sources", "/cities", "/changes"]
    endings = [".csv", ".json", ".xlsx", ".atom", ".feed.json", ".csv-metadata.json"]
    references = [
        f"/{what}.{ending}?of=/events" for what in ("cite", "bibliography") for ending in REFERENCES
    ]
    beside = [
        "/events.geojson",
        "/data/dictionary.csv",
        "/data.zip",
        "/api/v1/openapi.json",
        "/cities/dandong.svg",
    ]
    for address in [*(view + ending for view in views for ending in endings), *references, *beside]:
        whole = client.get(address, headers={"Accept-Encoding": "identity"})
        if len(whole.content) < 1_000:
            continue
        packed = client.get(address, headers={"Accept-Encoding": "gzip"})
        is_packed = (
            packed.headers.get("content-encoding") == "gzip"
            and "Accept-Encoding" in packed.headers["vary"]
        )
        assert is_packed != whole.headers["content-type"].startswith(PACKED_ALREADY), address
        assert packed.content == whole.content, address
