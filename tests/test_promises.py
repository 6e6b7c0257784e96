"""Checks of all filters, columns, codes, settings, pages, templates and tables at once."""

import csv
import gc
import io
import random
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from jinja2 import StrictUndefined
from starlette.testclient import TestClient

from app import paths
from app.caches import Cache
from app.database.engines import migration_engine
from app.desk.approved.models import DeskBase as Desk
from app.main import create_app
from app.record.filters import LISTS
from app.record.models import RecordBase as Record
from app.settings import Settings
from app.site.components.urls import list_address
from app.site.estimates import Estimates
from app.site.events.events import Events
from app.site.export.columns import COLUMNS
from app.site.sources import Sources
from app.vocabulary import sources as vocabulary_sources
from app.web.templates import environment
from tests.support.cached_site import client_and_statements
from tests.support.forms import all_forms
from tests.support.page_kinds import NOT_OF_THE_SMALL_RECORD, PAGES
from tests.support.queries import ABSURD_QUERIES, LIST_PAGES, ids_on_page, some_filters
from tests.support.vocabulary import ENUMS

ROWS_PER_PAGE = {"E": Events.per_page, "M": Estimates.per_page, "S": Sources.per_page}


# Documented ---------------------------------------------------------------------------------------


def test_filters_columns_codes_settings_and_fields_are_described() -> None:
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
    guide = (paths.ROOT / "docs/operate.md").read_text()
    for setting in Settings.model_fields.values():
        if not setting.description or f"`{setting.validation_alias}`" not in guide:
            wrong.append(setting.validation_alias)
    fields = [(form, *each) for form in all_forms() for each in form.model_fields.items()]
    wrong += [(form, name) for form, name, each in fields if not (each.title and each.description)]
    assert wrong == []


# One answer in three dresses ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", LISTS)
def test_page_json_csv_and_counts_agree_for_random_filters(client: TestClient, kind: str) -> None:
    chance, lists = random.Random(f"20261124{kind}"), LISTS[kind]
    at = list_address(kind)
    everything = client.get(f"{at}.json?limit=1000").json()
    codes = {
        key: [option["code"] for option in options] for key, options in everything["facets"].items()
    }
    for _ in range(25):
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


CARD_STATEMENTS = 4
"""What the card of a place reads: rules, newest event, and its estimates with their citations."""
PAGES_WITH_STATEMENTS = [
    *("/", "/about", "/api", "/codebook", "/pages", "/pages/overview"),
    *("/estimates", "/estimates?place=china", "/estimates/M1", "/estimates/M84"),
    *("/cities", "/cities?has=stock", "/cities/dandong", "/cities/tumen"),
    *("/cities/dandong.svg", "/cities/dandong.csv", "/places/russia.json"),
    *("/events/E1", "/events/E8", "/events/E112"),
    *("/events/breakdown", "/events/breakdown?rows=place&columns=month&q=workers"),
    *("/events/breakdown.csv?rows=outlet", "/events/breakdown.json"),
    *("/compare", "/compare?place=dandong", "/compare?place=dandong&place=hunchun"),
    "/compare?place=china&place=kuwait&place=malaysia&place=russia",
    *("/compare.csv?place=dandong&place=hunchun", "/status", "/status?place=dandong"),
    *("/sources", "/sources?q=workers", "/sources/S1", "/outlets/daily-nk"),
    *("/places/china", "/places/world"),
    *("/cite?of=/events?place=china%26edition=1", "/cite?of=/events/E1?edition=1"),
    *("/cite?of=/places/china?edition=1", "/changes", "/changes?place=china&q=workers"),
    *("/embed/events", "/embed/cities/dandong", "/oembed?url=http://testserver/events"),
    "/preview/events.png?place=china&edition=1",
    *("/preview/cities/dandong.png?edition=1", "/api/v1/vocabulary", "/api/v1/places"),
    *("/api/v1/events?place=china", "/api/v1/changes?since=0", "/api/v1/events/E5"),
    *("/api/v1/lookup?url=https://www.example.org/news/1", "/api/v1/cities/dandong"),
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


def test_templates_refuse_undefined_variables(published: Settings) -> None:
    """By an application of its own: another one may still know the answers, and render nothing."""
    environment.cache_clear()
    env = environment()
    assert env.undefined is StrictUndefined
    others = ["/estimates/M39", "/cities/dandong.svg", "/cite", "/search"]
    others += ["/preview/events/E5.png?edition=1", "/search/suggestions?q=hunc", "/codebook/stage"]
    others += ["/search?q=hunchun", "/cities?place=jilin", "/events?place=dandong"]
    with TestClient(create_app(published)) as client:
        for address in (*PAGES.values(), *others):
            status = 404 if address == "/nope" else 200
            assert client.get(address).status_code == status, address
    visited = {name for _, name in (env.cache or {})}
    # Those of the desk are visited by people who are signed in: tests/desk/test_pages.py.
    of_site = [name for name in env.list_templates() if not name.startswith("desk/")]
    assert {name for name in of_site if name not in visited} == NOT_OF_THE_SMALL_RECORD


def test_models_and_migrations_agree(database: Settings) -> None:
    engine = migration_engine(database)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, type_, _: (
                    type_ != "schema" or name in {"desk", "record"}
                ),
                "version_table_schema": "desk",
            },
        )
        both: Any = [Desk.metadata, Record.metadata]
        assert compare_metadata(context, both) == []
    engine.dispose()
