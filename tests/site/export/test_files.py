"""Cells of files, GeoJSON, and the headers of all files."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from starlette.testclient import TestClient

from app.settings import Settings
from app.site.export.static_copy import file_name, simplify
from app.site.references.citable import FORMATS as REFERENCES
from tests.make import make_citation, make_event, make_place, make_term
from tests.support.event_pages import published_as
from tests.support.lists import LIST_VIEWS, csv_rows, file_address
from tests.support.tables import differing

LICENCE = "https://creativecommons.org/licenses/by/4.0/"

# Cells --------------------------------------------------------------------------------------------

READ: dict[str, Callable[[str], object]] = {
    "text": str,
    "list": str,
    "count": int,
    "number": float,
    "flag": ["true", "false"].index,
    "day": date.fromisoformat,
    "moment": datetime.fromisoformat,
}
"""Parsers of cells by what their column holds."""


def test_dictionary_describes_every_column_and_cell(client: TestClient) -> None:
    told = csv_rows(client, "/data/dictionary.csv")
    for view in LIST_VIEWS:
        columns = {
            row["column"]: row["holds"] for row in told if view.startswith(f"/{row['list']}?")
        }
        table = csv_rows(client, file_address(view, ".csv"))
        assert list(table[0]) == list(columns), view
        cells = [(columns[name], cell) for row in table for name, cell in row.items()]
        assert all(cell == "" or READ[holds](cell) is not None for holds, cell in cells), view


# GeoJSON ------------------------------------------------------------------------------------------


def test_geojson_features_are_the_rows_in_order(client: TestClient) -> None:
    for view in [view for view in LIST_VIEWS if view.startswith("/events")]:
        answer = client.get(file_address(view, ".geojson"))
        assert answer.headers["content-type"] == "application/geo+json"
        body = answer.json()
        items = client.get(file_address(view, ".json") + "&limit=1000").json()["items"]
        assert body["type"] == "FeatureCollection" and body["filter"]
        assert body["total"] == len(items) == len(body["features"]) > 0, view
        assert (body["licence"], body["edition"]) == ("CC BY 4.0", 1)
        assert client.get(body["page"].removeprefix("http://testserver")).status_code == 200
        for feature, item in zip(body["features"], items, strict=True):
            assert (feature["type"], feature["id"]) == ("Feature", item["id"])
            # A property is flat, as in CSV: a link is its type and the other's id.
            item["links"] = [f"{link['type']}:{link['to']}" for link in item["links"]]
            assert feature["properties"] == {key: item[key] for key in feature["properties"]}
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
        make_place(5, kind="province", parent="country-3", latitude=41.0, longitude=125.0),
        make_place(6, "port", kind="town", parent="country-3", latitude=42.0, longitude=130.0),
    ]
    at_place = [["place-1"], ["mill"], ["place-5"], ["place-1", "port"], ["country-3"]]
    events = [
        make_event(n, terms=[make_term(code=code) for code in codes], citations=[make_citation(n)])
        for n, codes in enumerate(at_place, 1)
    ]
    with published_as(database, (*places, *events)) as client:
        features = client.get("/events.geojson").json()["features"]
    found = {feature["id"]: points(feature["geometry"]) for feature in features}
    city, port = [124.4, 40.1], [130.0, 42.0]
    assert found == {"E1": [city], "E2": [city], "E3": [], "E4": [city, port], "E5": []}


# Headers ------------------------------------------------------------------------------------------

FILES = [
    *(f"/events.{ending}" for ending in ("csv", "json", "xlsx", "geojson", "atom")),
    "/estimates.csv",
    "/sources.xlsx",
    "/cities.csv",
    "/changes.csv",
    "/changes.json",
    "/events/E5.json",
    "/cities/dandong.csv",
    "/status.json",
    "/events/breakdown.csv",
    "/compare.csv?place=dandong&place=hunchun",
    "/codebook.json",
    "/cite.bib?of=/events/E5",
]
ELSEWHERE = {"Origin": "https://elsewhere.example"}


def test_file_allows_cors_and_names_edition_and_licence(client: TestClient) -> None:
    for address in FILES:
        answer = client.get(address, headers=ELSEWHERE)
        headers = answer.headers
        assert headers["access-control-allow-origin"] == "*", address
        assert headers["cross-origin-resource-policy"] == "cross-origin", address
        assert headers["x-sojourn-edition"] == "1", address
        assert headers["x-sojourn-licence"] == "CC BY 4.0", address
        assert "X-Sojourn-Edition" in headers["access-control-expose-headers"], address
        assert answer.links["license"]["url"] == LICENCE, address


def test_cors_preflight_allows_if_none_match(client: TestClient) -> None:
    """Browsers send a preflight request before a request with If-None-Match."""
    asking = {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    for address in FILES:
        answer = client.options(address, headers=ELSEWHERE | asking)
        assert answer.status_code == 204, address
        assert answer.headers["access-control-allow-origin"] == "*", address
        assert "If-None-Match" in answer.headers["access-control-allow-headers"], address
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS", address


def test_pages_do_not_allow_cors_but_errors_of_files_do(client: TestClient) -> None:
    for address in ("/", "/events", "/about", "/desk/sign-in"):
        headers = client.get(address, headers=ELSEWHERE).headers
        assert headers["cross-origin-resource-policy"] == "same-origin", address
        options = client.options(address)
        assert options.status_code == 204 and "GET" in options.headers["allow"], address
        for each in (headers, options.headers):
            assert "access-control-allow-origin" not in each, address
    refused = client.get("/events.json?colour=red")
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (422, "*")


def test_file_links_to_its_view(client: TestClient) -> None:
    for ending in (".csv", ".xlsx", ".geojson"):
        answer = client.get(f"/events{ending}?place=china&from=2019&limit=7")
        view = "http://testserver/events?from=2019&place=china&edition=1"
        assert answer.links["cite-as"]["url"] == view, ending
        name = f'filename="sojourn-events-china-2019-edition-1{ending}"'
        assert name in answer.headers["content-disposition"]


def test_json_page_links_to_the_next_page(client: TestClient) -> None:
    answer = client.get("/events.json?limit=10")
    said, view = answer.json(), "http://testserver/events?edition=1"
    assert answer.links["cite-as"]["url"] == said["permalink"] == view
    assert answer.links["next"]["url"] == f"http://testserver{said['next']}"
    assert "next" not in client.get("/events.json?limit=1000").links


PACKED_ALREADY = ("image/png", "application/zip", "application/vnd.openxmlformats")


def test_text_files_are_compressed(client: TestClient) -> None:
    views = ["/events", "/estimates", "/sources"]
    endings = [".csv", ".json", ".xlsx", ".atom"]
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


# Names of files in a static copy ------------------------------------------------------------------


def test_address_becomes_a_file_or_is_left_out() -> None:
    def file_of(address: str) -> str | None:
        found = simplify(address, "3")
        return None if found is None else file_name(found)

    assert (
        differing(
            file_of,
            {
                "/": "index.html",
                "/events": "events/index.html",
                "/events?edition=3": "events/index.html",
                "/events?edition=2": None,
                "/events?place=dandong": None,
                "/events?after=50&edition=3": "events/after-50/index.html",
                "/events/E1#C5": "events/E1/index.html",
                "/events.csv?sort=-happened&edition=3": "events.csv",
                "/events.csv?place=dandong": None,
                "/status?place=dandong": "status/place-dandong/index.html",
                "/static/site.css?v=1": "static/site.css",
                "/cite?of=/events/E1?edition=3": "cite/of-events-E1-edition-3/index.html",
                "/cite?of=/events?place=dandong": None,
                "/cite.bib?of=/events/E1": None,
                "/api": "api/index.html",
                "/api/v1/events": None,
                "/search?q=visa": None,
                "/desk": None,
                "/../etc/passwd": None,
            },
        )
        == {}
    )
