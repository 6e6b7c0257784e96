"""One query gives the same rows as page, file, feed, API response, frame and citation."""

import io
import random
import re
from typing import Any

import feedparser
import openpyxl
import pytest
from starlette.testclient import TestClient

from app.record.filters import LISTS
from app.site.components.urls import list_address
from app.site.events.events import Events
from tests.support.queries import ids_on_page, some_filters


def at(view: str, ending: str) -> str:
    path, _mark, query = view.partition("?")
    return f"{path}{ending}?{query}"


def rows_of(client: TestClient, view: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(at(view, ".json") + "&limit=1000").json()["items"]
    return items


@pytest.mark.parametrize("kind", LISTS)
def test_every_format_has_the_same_rows_for_random_filters(client: TestClient, kind: str) -> None:
    chance, lists, path = random.Random(f"round trip {kind}"), LISTS[kind], list_address(kind)
    facets = client.get(f"{path}.json?limit=1").json()["facets"]
    codes = {key: [option["code"] for option in options] for key, options in facets.items()}
    asked = 0
    while asked < 5:
        filters = some_filters(lists, chance, codes)
        view = f"{path}?{filters.query_string()}"
        rows = rows_of(client, view)
        ids = [row["id"] for row in rows]
        if not ids:
            continue  # an empty result proves nothing
        asked += 1

        sheet = openpyxl.load_workbook(
            io.BytesIO(client.get(at(view, ".xlsx")).content), read_only=True
        )["Rows"]
        assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ids, view
        answered = client.get(f"/api/v1{view}&limit=1000").json()
        assert answered["items"] == rows and answered["total"] == len(ids), view
        if kind == "E":
            features = client.get(at(view, ".geojson")).json()["features"]
            assert [feature["id"] for feature in features] == ids, view
            framed = ids_on_page(client.get(f"/embed{view}").text, path, kind)
            assert framed == ids[: Events.per_page], view

        entries = feedparser.parse(client.get(at(view, ".atom")).content).entries
        followed = {entry.id.rpartition("/")[2] for entry in entries}
        assert followed <= set(ids) and len(followed) == min(len(ids), 50), view

        [reference] = client.get("/cite.json", params={"of": view}).json()
        assert re.search(rf"\b{len(ids):,} rows?\b", reference["note"]), view
        sources = client.get("/bibliography.json", params={"of": view}).json()
        behind = {source for row in rows for source in row.get("sources", [row["id"]])}
        assert {each["id"].rpartition("-")[2] for each in sources} == behind, view
