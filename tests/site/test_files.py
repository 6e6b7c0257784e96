"""The same rows as workbook and on a map: same keys, order and ids as in CSV, and nothing that runs or is fetched."""

import csv
import io
import tracemalloc
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.site.rows import Column, cell
from app.site.sheets import as_xlsx
from tests.conftest import desk_session
from tests.make import a_small_world, make_citation, make_event, make_place, make_term, publish_all

VIEWS = [
    *(
        "/events?",
        "/events?from=2019&to=2019&place=china",
        "/events?q=workers&sort=-happened",
        "/events?not_type=dispatch",
    ),
    *("/estimates?", "/estimates?place=russia", "/sources?lang=ko", "/cities?place=china", "/changes?why=added"),
]


def at(view: str, ending: str) -> str:
    path, _mark, query = view.partition("?")
    return f"{path}{ending}?{query}"


def workbook(client: TestClient, view: str) -> openpyxl.Workbook:
    answer = client.get(at(view, ".xlsx"))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


@pytest.mark.parametrize("view", VIEWS)
def test_a_workbook_has_the_cells_of_the_csv_file(client: TestClient, view: str) -> None:
    table = list(csv.reader(io.StringIO(client.get(at(view, ".csv")).content.decode("utf-8-sig"))))
    sheet = workbook(client, view)["Rows"]
    rows = [[cell("" if value is None else value) for value in row] for row in sheet.iter_rows(values_only=True)]
    assert rows == table and len(rows) > 1


@pytest.mark.parametrize("view", VIEWS)
def test_a_workbook_says_what_it_is(client: TestClient, view: str) -> None:
    about = {str(row[0]): str(row[1]) for row in workbook(client, view)["About"].iter_rows(values_only=True)}
    assert about["Licence"] == "CC BY 4.0" and about["Edition"].startswith("1, 20") and about["Filter"]
    page = about["Address"].removeprefix("http://testserver")
    assert page.endswith("edition=1") and client.get(page).status_code == 200
    header = next(csv.reader(io.StringIO(client.get(at(view, ".csv")).content.decode("utf-8-sig"))))
    assert all(about[name].endswith(".") for name in header)


def test_the_same_question_has_the_same_file(client: TestClient) -> None:
    assert client.get("/cities.xlsx?place=china").content == client.get("/cities.xlsx?place=china").content


@pytest.mark.parametrize(
    "title", ['=HYPERLINK("https://evil.example")', "+1", "-1", "@SUM(A1)", "https://evil.example"]
)
def test_no_cell_runs_and_none_is_a_link(database: Settings, title: str) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1, title=title))
    with TestClient(create_app(database)) as client:
        sheet = workbook(client, "/events")["Rows"]
        here = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "E1")[1]
        assert (here.value, here.data_type, here.hyperlink) == (title, "s", None)
        [row] = csv.DictReader(io.StringIO(client.get("/events.csv").content.decode("utf-8-sig")))
        assert row["title"][0] not in "=+-@"


def test_a_workbook_takes_no_more_memory_for_more_rows() -> None:
    columns: list[Column[int]] = [Column(name, "A text.", lambda n: f"{n} {'x' * 200}") for name in ("id", "a", "b")]

    def peak(rows: int) -> int:
        tracemalloc.start()
        for _chunk in as_xlsx(columns, range(rows), [("Filter", "All")], datetime(2026, 1, 1, tzinfo=UTC)):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(8_000) < peak(1_000) + 500_000


# On a map ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", [view for view in VIEWS if view.startswith(("/events", "/cities"))])
def test_features_are_the_rows_in_their_order(client: TestClient, view: str) -> None:
    answer = client.get(at(view, ".geojson"))
    assert answer.headers["content-type"] == "application/geo+json"
    body = answer.json()
    items = client.get(at(view, ".json") + "&limit=1000").json()["items"] if "/events" in view else None
    items = items if items is not None else client.get(at(view, ".json")).json()["items"]
    assert body["type"] == "FeatureCollection" and body["total"] == len(items) == len(body["features"]) > 0
    assert body["licence"] == "CC BY 4.0" and body["edition"] == 1 and body["filter"]
    assert client.get(body["page"].removeprefix("http://testserver")).status_code == 200
    for feature, item in zip(body["features"], items, strict=True):
        assert feature["type"] == "Feature" and feature["id"] == item["id"]
        assert feature["properties"] == {key: item[key] for key in feature["properties"]}
        for longitude, latitude in points(feature["geometry"]):
            assert -180 <= longitude <= 180 and -90 <= latitude <= 90


def points(geometry: dict[str, Any] | None) -> list[list[float]]:
    if geometry is None:
        return []
    assert geometry["type"] in {"Point", "MultiPoint"}
    coordinates = geometry["coordinates"]
    return list(coordinates) if geometry["type"] == "MultiPoint" else [coordinates]


def test_only_cities_are_points_and_a_workplace_lies_in_its_city(database: Settings) -> None:
    """A province is never drawn as a dot on its capital, nor an unknown place anywhere."""
    places = [
        make_place(1, parent="province-2", latitude=40.1, longitude=124.4),
        make_place(4, "mill", kind="site", parent="place-1"),
        make_place(5, "province-5", kind="province", parent="country-3", latitude=41.0, longitude=125.0),
        make_place(6, "port", kind="town", parent="country-3", latitude=42.0, longitude=130.0),
    ]
    at_place = {1: ["place-1"], 2: ["mill"], 3: ["province-5"], 4: ["place-1", "port"], 5: ["country-3"]}
    events = [
        make_event(n, terms=[make_term(code=code) for code in codes], citations=[make_citation(n)])
        for n, codes in at_place.items()
    ]
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), *places, *events)
    with TestClient(create_app(database)) as client:
        found = {f["id"]: points(f["geometry"]) for f in client.get("/events.geojson").json()["features"]}
    city, port = [124.4, 40.1], [130.0, 42.0]
    assert found == {"E1": [city], "E2": [city], "E3": [], "E4": [city, port], "E5": []}


# Headers ----------------------------------------------------------------------------------------------------------

FILES = [
    *("/events.csv", "/events.json", "/events.xlsx", "/events.geojson", "/events.atom", "/events.feed.json"),
    *("/estimates.csv", "/sources.xlsx", "/cities.csv", "/cities.geojson", "/changes.csv", "/changes.json"),
    *("/events/E5.json", "/cities/dandong.csv", "/status.json", "/codebook.json", "/cite.bib?of=/events/E5"),
]


@pytest.mark.parametrize("address", FILES)
def test_the_pages_of_others_may_read_it_and_learn_its_edition_and_licence(client: TestClient, address: str) -> None:
    headers = client.get(address, headers={"Origin": "https://elsewhere.example"}).headers
    assert headers["access-control-allow-origin"] == "*" and headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["x-sojourn-edition"] == "1" and headers["x-sojourn-licence"] == "CC BY 4.0"
    assert "X-Sojourn-Edition" in headers["access-control-expose-headers"]


@pytest.mark.parametrize("address", ["/", "/events", "/about", "/desk/sign-in"])
def test_pages_are_for_readers_only(client: TestClient, address: str) -> None:
    headers = client.get(address, headers={"Origin": "https://elsewhere.example"}).headers
    assert "access-control-allow-origin" not in headers and headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".geojson"])
def test_a_file_leads_back_to_the_view_it_is_of(client: TestClient, ending: str) -> None:
    answer = client.get(f"/events{ending}?place=china&from=2019&limit=7")
    assert answer.links["cite-as"]["url"] == "http://testserver/events?from=2019&place=china&edition=1"
    assert client.get(answer.links["describedby"]["url"]).json()["tableSchema"]["columns"]
    name = f'filename="sojourn-events-china-2019-edition-1{ending}"'
    assert name in answer.headers["content-disposition"]


def test_a_page_of_rows_leads_to_the_next(client: TestClient) -> None:
    answer = client.get("/events.json?limit=40")
    assert answer.links["next"]["url"] == f"http://testserver{answer.json()['next']}"
    assert "next" not in client.get("/events.json?limit=1000").links
