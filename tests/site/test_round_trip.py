"""One query gives the same rows as page, file, feed, API response, frame and citation."""

import csv
import io
import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import duckdb
import feedparser
import httpx2
import openpyxl
import pandas
import pytest
import rispy
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from pybtex.database import parse_string
from starlette.testclient import TestClient

from app.record.filters import LISTS
from app.site.components.urls import list_address
from app.site.estimates.estimates import ESTIMATES_PER_PAGE
from app.site.events.timeline import EVENTS_PER_PAGE
from app.site.sources.sources import SOURCES_PER_PAGE
from tests.support.queries import ids_on_page, random_query

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROWS_PER_PAGE = {"E": EVENTS_PER_PAGE, "M": ESTIMATES_PER_PAGE, "S": SOURCES_PER_PAGE}
VIEWS = [
    "/events?place=china&from=2019&to=2019",
    "/events?q=단둥&not_type=dispatch",
    "/estimates?place=russia",
]


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
        filters, _dropped = lists.from_pairs(random_query(lists, chance, codes))
        view = f"{path}?{filters.query_string()}"
        rows = rows_of(client, view)
        ids = [row["id"] for row in rows]
        if not ids:
            continue  # an empty result proves nothing
        asked += 1

        shown = ids_on_page(client.get(view).text, path, kind)
        assert shown == ids[: len(shown)] and len(shown) == min(len(ids), ROWS_PER_PAGE[kind]), view
        table = csv.DictReader(
            io.StringIO(client.get(at(view, ".csv")).content.decode("utf-8-sig"))
        )
        assert [row["id"] for row in table] == ids, view
        sheet = openpyxl.load_workbook(
            io.BytesIO(client.get(at(view, ".xlsx")).content), read_only=True
        )["Rows"]
        assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ids, view
        answered = client.get(f"/api/v1{view}&limit=1000").json()
        assert [item["id"] for item in answered["items"]] == ids and answered["total"] == len(
            ids
        ), view
        if kind == "E":
            features = client.get(at(view, ".geojson")).json()["features"]
            assert [feature["id"] for feature in features] == ids, view
            framed = client.get(f"/embed{view}").text
            assert ids_on_page(framed, path, kind) == shown, view

        followed = {
            entry.id.rpartition("/")[2]
            for entry in feedparser.parse(client.get(at(view, ".atom")).content).entries
        }
        assert followed == {
            item["id"].rpartition("/")[2]
            for item in client.get(at(view, ".feed.json")).json()["items"]
        }
        assert followed <= set(ids) and len(followed) == min(len(ids), 50), view

        [reference] = client.get("/cite.json", params={"of": view}).json()
        assert re.search(rf"\b{len(ids):,} rows?\b", reference["note"]), view
        behind = {
            item["id"].rpartition("-")[2]
            for item in client.get("/bibliography.json", params={"of": view}).json()
        }
        assert behind == (
            set(ids) if kind == "S" else {source for row in rows for source in row["sources"]}
        ), view


@pytest.mark.parametrize("view", VIEWS)
def test_other_programs_read_the_rows_of_a_shared_address(
    site: str, client: TestClient, view: str, tmp_path: Path
) -> None:
    """Programs get only the address of a shared view."""
    ids = [row["id"] for row in rows_of(client, view)]
    address = site + quote(view, safe="/?&=")
    assert ids and list(pandas.read_csv(at(address, ".csv"))["id"]) == ids
    assert list(pandas.read_excel(at(address, ".xlsx"))["id"]) == ids
    assert (
        list(
            pandas.json_normalize(_fetched_json(at(address, ".json") + "&limit=1000")["items"])[
                "id"
            ]
        )
        == ids
    )
    file = tmp_path / "rows.csv"
    file.write_bytes(_fetched(at(address, ".csv")))
    with duckdb.connect() as own:
        assert [
            id for (id,) in own.execute("select id from read_csv(?)", [str(file)]).fetchall()
        ] == ids
    feed = feedparser.parse(at(address, ".atom"))
    assert not feed.bozo and {entry.id.rpartition("/")[2] for entry in feed.entries} <= set(ids)

    of = quote(view, safe="")
    sources = _fetched_json(f"{site}/bibliography.json?of={of}")
    assert len(
        parse_string(_fetched(f"{site}/bibliography.bib?of={of}").decode(), "bibtex").entries
    ) == len(sources)
    assert len(rispy.loads(_fetched(f"{site}/bibliography.ris?of={of}").decode())) == len(sources)
    items = [*_fetched_json(f"{site}/cite.json?of={of}"), *sources]
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    assert len(bibliography.bibliography()) == len(items) > 1


def _fetched(address: str) -> bytes:
    return httpx2.get(address, timeout=60).raise_for_status().content


def _fetched_json(address: str) -> Any:
    return json.loads(_fetched(address))


def test_phone_without_scripts_shows_rows_of_shared_address(
    browser: "Browser", site: str, client: TestClient
) -> None:
    for view in VIEWS[:2]:
        context = browser.new_context(
            base_url=site,
            viewport={"width": 390, "height": 844},
            java_script_enabled=False,
            locale="ko-KR",
        )
        page = context.new_page()
        page.goto(view)
        shown = page.locator("article.ev").evaluate_all("rows => rows.map(row => row.id)")
        assert shown == [row["id"] for row in rows_of(client, view)][:EVENTS_PER_PAGE]
        context.close()
