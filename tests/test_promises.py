"""Checks of all filters, columns, codes, settings, pages, templates and tables at once."""

import contextlib
import csv
import gc
import io
import random
import re
from collections.abc import Iterator
from typing import Any

import feedparser
import openpyxl
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.schema import CreateSchema
from starlette.testclient import TestClient

from app.caches import Cache
from app.database.engines import migration_engine
from app.desk.approved.models import DeskBase as Desk
from app.record.filters import LISTS
from app.record.models import RecordBase as Record
from app.settings import Settings
from app.site.components.urls import list_address
from app.site.estimates import Estimates
from app.site.events.events import Events
from app.site.export.columns import COLUMNS
from app.site.sources import Sources
from app.vocabulary import sources as vocabulary_sources
from tests.support.cached_site import client_and_statements
from tests.support.forms import all_forms
from tests.support.queries import ABSURD_QUERIES, LIST_PAGES, ids_on_page, some_filters
from tests.support.vocabulary import ENUMS

ROWS_PER_PAGE = {"E": Events.per_page, "M": Estimates.per_page, "S": Sources.per_page}


# Documented ---------------------------------------------------------------------------------------


def test_filters_columns_codes_and_fields_are_described() -> None:
    wrong: list[object] = []
    keys = [key for lists in LISTS.values() for key in lists.FILTERS]
    wrong += [each.key for each in keys if not each.description.endswith(".")]
    columns = [each for some in COLUMNS.values() for each in some]
    wrong += [each.name for each in columns if not each.description.endswith(".")]
    wrong += [key.key for key in keys if not key.title]
    for list_ in ENUMS:
        # Hosts of copies need no definition.
        without = list_ is vocabulary_sources.HostKind
        wrong += [code for code in list_ if not code.label]
        wrong += [code for code in list_ if not without and not code.definition.endswith(".")]
        assert list_.__doc__, list_
    fields = [(form, *each) for form in all_forms() for each in form.model_fields.items()]
    wrong += [(form, name) for form, name, each in fields if not (each.title and each.description)]
    assert wrong == []


# One answer in every format -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", LISTS)
def test_page_json_csv_and_counts_agree_for_random_filters(client: TestClient, kind: str) -> None:
    chance, lists = random.Random(f"20261124{kind}"), LISTS[kind]
    at = list_address(kind)
    everything = client.get(f"{at}.json?limit=1000").json()
    codes = {
        key: [option["code"] for option in options] for key, options in everything["facets"].items()
    }
    asked = found = 0
    while asked < 25 or found < 5:
        asked += 1
        filters = some_filters(lists, chance, codes)
        query = filters.query_string()
        as_json = client.get(f"{at}.json?{filters.with_(limit='1000').query_string()}").json()
        ids = [item["id"] for item in as_json["items"]]
        text = client.get(f"{at}.csv?{query}").content.decode("utf-8-sig")
        assert [row["id"] for row in csv.DictReader(io.StringIO(text))] == ids, query
        assert as_json["total"] == len(ids) <= everything["total"], query
        shown = ids_on_page(client.get(f"{at}?{query}").text, at, kind)
        assert shown == ids[: ROWS_PER_PAGE[kind]], query
        free = as_json["facets"].keys() - filters.included.keys() - filters.excluded.keys()
        options = [(key, option) for key in sorted(free) for option in as_json["facets"][key]]
        counted = [(key, option) for key, option in options if option["count"]]
        for key, option in chance.sample(counted, min(3, len(counted))):
            narrowed = filters.with_(**{key: option["code"]}).query_string()
            total = client.get(f"{at}.json?{narrowed}").json().get("total")
            assert total == option["count"], narrowed
        if ids and found < 5:  # an empty list proves nothing
            found += 1
            assert_other_formats_agree(client, kind, query, as_json["items"])


def assert_other_formats_agree(
    client: TestClient, kind: str, query: str, rows: list[dict[str, Any]]
) -> None:
    """Compare workbook, API, map, frame, feed, citation and bibliography with the rows."""
    at, ids = list_address(kind), [row["id"] for row in rows]
    workbook = io.BytesIO(client.get(f"{at}.xlsx?{query}").content)
    sheet = openpyxl.load_workbook(workbook, read_only=True)["Rows"]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ids, query
    assert client.get(f"/api/v1{at}?{query}&limit=1000").json()["items"] == rows, query
    if kind == "E":
        features = client.get(f"{at}.geojson?{query}").json()["features"]
        assert [feature["id"] for feature in features] == ids, query
        framed = ids_on_page(client.get(f"/embed{at}?{query}").text, at, kind)
        assert framed == ids[: Events.per_page], query
    entries = feedparser.parse(client.get(f"{at}.atom?{query}").content).entries
    followed = {entry.id.rpartition("/")[2] for entry in entries}
    assert followed <= {*ids} and len(followed) == min(len(ids), 50), query
    view = {"of": f"{at}?{query}"}
    [reference] = client.get("/cite.json", params=view).json()
    assert re.search(rf"\b{len(ids):,} rows?\b", reference["note"]), query
    sources = client.get("/bibliography.json", params=view).json()
    behind = {source for row in rows for source in row.get("sources", [row["id"]])}
    assert {each["id"].rpartition("-")[2] for each in sources} == behind, query


CARD_STATEMENTS = 4
"""What the card of a place reads: rules, newest event, and its estimates with their citations."""
PAGES_WITH_STATEMENTS = [
    *("/", "/about", "/codebook", "/estimates?place=china", "/estimates/M84", "/cities"),
    *("/cities/dandong", "/cities/dandong.svg", "/places/russia.json", "/places/world"),
    *("/events/E1", "/events/breakdown?rows=place&columns=month&q=workers"),
    "/compare?place=china&place=kuwait&place=malaysia&place=russia",
    *("/status", "/status?place=dandong", "/sources?q=workers", "/outlets/daily-nk"),
    *("/cite?of=/events?place=china%26edition=1", "/changes?place=china&q=workers"),
    *("/embed/cities/dandong", "/preview/events.png?place=china&edition=1"),
    *("/api/v1/vocabulary", "/api/v1/changes?since=0", "/api/v1/cities/dandong"),
    "/api/v1/lookup?url=https://www.example.org/news/1",
]


def test_page_runs_few_statements(published: Settings) -> None:
    with client_and_statements(published) as (client, statements):

        def count(address: str, warmed: str = "/sources?place=china") -> int:
            """Count the statements of one request to a site that has forgotten all answers."""
            for cache in [each for each in gc.get_objects() if isinstance(each, Cache)]:
                cache.clear()
            # The totals of changes and the card of a place are read once in an edition.
            for other in ("/about", "/changes?limit=1", warmed):
                client.get(other)
            statements.clear()
            assert client.get(address, follow_redirects=True).status_code == 200, address
            return len(statements)

        counts = {address: count(address) for address in PAGES_WITH_STATEMENTS}
        assert {address: most for address, most in counts.items() if most > 5} == {}
        for query in ("", "?place=china", "?q=workers", "?from=2017&place=china&type=dispatch"):
            assert 0 < count(f"/events{query}") <= 3, query
        first = count("/events?place=dandong", warmed="/events?place=china")
        assert first <= 3 + CARD_STATEMENTS


# Absurd input -------------------------------------------------------------------------------------


def test_absurd_input_gets_a_page_without_error(client: TestClient) -> None:
    wrong = []
    others = "/events/breakdown", "/compare", "/cities", "/status", "/changes"
    for address in (*LIST_PAGES, *others):
        for query in ABSURD_QUERIES:
            answer = client.get(f"{address}?{query}")
            if answer.status_code == 303:  # once: the address it leads to is canonical
                answer = client.get(answer.headers["location"])
            files = [client.get(f"{address}.{ending}?{query}") for ending in ("json", "csv")]
            if (
                answer.status_code != 200
                or "<h1" not in answer.text
                or {file.status_code for file in files} - {200, 404, 422}
            ):
                wrong.append(f"{address}?{query[:80]}")
    assert wrong == []


# Templates, tables, imports -----------------------------------------------------------------------


def test_models_and_migrations_agree(database: Settings, empty_database: Settings) -> None:
    """Tables and columns by Alembic; constraints and indexes as PostgreSQL itself writes them."""
    metadata: Any = [Desk.metadata, Record.metadata]
    options = {"include_schemas": True, "version_table_schema": "desk"}
    options["include_name"] = lambda name, kind, _: kind != "schema" or name in {"desk", "record"}
    with opened(database) as migrated, opened(empty_database) as made:
        assert compare_metadata(MigrationContext.configure(migrated, opts=options), metadata) == []
        for each in metadata:
            made.execute(CreateSchema(each.schema))
            each.create_all(made)
        assert definitions(migrated) == definitions(made)


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Connection]:
    engine = migration_engine(settings)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def definitions(connection: Connection) -> set[tuple[str, str]]:
    found = connection.execute(
        text(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype <> 't' "
            "AND connamespace::regnamespace::text IN ('desk', 'record') UNION "
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname IN ('desk', 'record')"
        )
    )
    return {(name, words) for name, words in found if not name.startswith("alembic")}
