"""Checks of all filters, columns, codes, settings, pages, templates and tables at once."""

import csv
import io
import random
from typing import Any
from urllib.parse import urlencode

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from jinja2 import StrictUndefined
from markupsafe import Markup, escape
from pydantic.fields import FieldInfo
from sqlalchemy import event
from starlette.testclient import TestClient

from app import paths
from app.database.engines import migration_engine
from app.database.migrating import migrate
from app.desk.approved.models import DeskBase as Desk
from app.desk.approved.publish import publish_approved
from app.desk.csv.reader import import_folder
from app.desk.identity.commands import invite
from app.desk.identity.roles import DeskRole
from app.filtering import Choice, Terms
from app.main import create_app
from app.record.filters import LISTS
from app.record.models import RecordBase as Record
from app.settings import Settings
from app.site.components.urls import list_address
from app.site.estimates.estimates import ESTIMATES_PER_PAGE
from app.site.events.timeline import EVENTS_PER_PAGE
from app.site.export.list_columns import COLUMNS
from app.site.maps.city_dots import MAP_CACHE
from app.site.sources.sources import SOURCES_PER_PAGE
from app.vocabulary import sources as vocabulary_sources
from app.vocabulary.code import Code
from app.web.templates import environment
from tests.conftest import desk_session, is_a_request, wait_until
from tests.support.forms import all_forms
from tests.support.queries import ABSURD_QUERIES, LIST_PAGES, ids_on_page, random_query
from tests.support.vocabulary import ENUMS

EVERY_FILTER = [filter for lists in LISTS.values() for filter in lists.FILTERS]


# Documented ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("filter", EVERY_FILTER, ids=lambda filter: filter.key)
def test_filters_have_title_and_description(filter: Any) -> None:
    assert filter.title and filter.description.endswith(".")


@pytest.mark.parametrize(
    "column", [c for columns in COLUMNS.values() for c in columns], ids=lambda column: column.name
)
def test_columns_have_description(column: Any) -> None:
    assert column.description.endswith(".")


@pytest.mark.parametrize("list_", ENUMS, ids=lambda list_: list_.__name__)
def test_codes_have_label_and_lists_definition(list_: type[Code]) -> None:
    assert list_.__doc__
    for code in list_:
        assert code.label, code
    if list_ is not vocabulary_sources.HostKind:
        assert all(code.definition.endswith(".") for code in list_)


@pytest.mark.parametrize(
    "field", Settings.model_fields.values(), ids=lambda field: field.validation_alias
)
def test_every_setting_has_a_description_and_is_in_operate(field: FieldInfo) -> None:
    assert field.description
    assert f"`{field.validation_alias}`" in (paths.ROOT / "docs/operate.md").read_text()


def test_form_fields_have_title_and_description() -> None:
    for form in all_forms():
        for name, field in form.model_fields.items():
            assert field.title and field.description, f"{form.__name__}.{name}"


# One answer in three dresses ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", LISTS)
def test_page_json_csv_and_counts_agree_for_random_filters(client: TestClient, kind: str) -> None:
    chance, lists = random.Random(f"20261124{kind}"), LISTS[kind]
    at = list_address(kind)
    everything = client.get(f"{at}.json?limit=1000").json()
    codes = {
        key: [option["code"] for option in options] for key, options in everything["facets"].items()
    }
    for _ in range(40):
        filters, dropped = lists.from_pairs(random_query(lists, chance, codes))
        assert not dropped
        query = filters.query_string()
        as_json = client.get(f"{at}.json?{filters.with_(limit='1000').query_string()}").json()
        ids = [item["id"] for item in as_json["items"]]
        table = list(
            csv.DictReader(io.StringIO(client.get(f"{at}.csv?{query}").content.decode("utf-8-sig")))
        )
        page = client.get(f"{at}?{query}").text
        assert [row["id"] for row in table] == ids, query
        assert as_json["total"] == len(ids) <= everything["total"], query
        shown = ids_on_page(page, at, kind)
        assert shown == ids[: len(shown)] and len(shown) == min(len(ids), ROWS_PER_PAGE[kind]), (
            query
        )
        for key, options in as_json["facets"].items():
            for option in options:
                if key not in filters.included and key not in filters.excluded:
                    narrowed = filters.with_(**{key: option["code"]})
                    if option["count"] and chance.random() < 0.02:
                        found = client.get(f"{at}.json?{narrowed.query_string()}").json()
                        assert found.get("total") == option["count"], (
                            narrowed.query_string(),
                            found,
                        )


@pytest.mark.parametrize(
    "query", ["", "?place=china", "?q=workers", "?from=2017&to=2019&place=china&type=dispatch"]
)
def test_timeline_runs_few_statements_for_any_filter(published: Settings, query: str) -> None:
    assert 0 < len(_statements(published, f"/events{query}")) <= 3


CARD_STATEMENTS = 4
"""What the card of a place reads: rules, newest event, and its estimates with their citations."""


def test_first_list_of_a_place_also_reads_its_card(published: Settings) -> None:
    first = _statements(published, "/events?place=dandong", warmed="/events?place=china")
    assert len(first) <= 3 + CARD_STATEMENTS


PAGES = [
    "/estimates",
    "/estimates?place=china",
    "/estimates/M1",
    "/estimates/M84",
    "/cities",
    "/cities?has=stock",
]
PAGES += [
    "/cities/dandong",
    "/cities/beijing",
    "/cities/dandong.svg",
    "/cities/dandong.csv",
    "/places/russia.json",
]
PAGES += ["/events/E1", "/events/E8", "/events/E116"]
PAGES += ["/", "/about", "/pages", "/pages/overview"]
PAGES += ["/events/breakdown", "/events/breakdown?rows=place&columns=month&q=workers"]
PAGES += ["/events/breakdown.csv?rows=outlet", "/events/breakdown.json"]
PAGES += ["/compare", "/compare?place=dandong", "/compare?place=dandong&place=hunchun"]
PAGES += [
    "/compare?place=china&place=kuwait&place=malaysia&place=russia",
    "/compare.csv?place=dandong&place=hunchun",
]
PAGES += ["/status", "/status?on=2019-12-22&place=dandong", "/codebook"]
PAGES += [
    "/sources",
    "/sources?q=workers",
    "/sources/S1",
    "/outlets/daily-nk",
    "/places/china",
    "/places/world",
]
PAGES += ["/cite?of=/events?place=china%26edition=1", "/cite?of=/events/E1?edition=1"]
PAGES += ["/embed/events", "/embed/cities/dandong", "/oembed?url=http://testserver/events"]
PAGES += [
    "/events.svg?edition=1",
    "/preview/events.png?place=china&edition=1",
    "/preview/cities/dandong.png?edition=1",
]
PAGES += ["/cite?of=/places/china?edition=1", "/changes", "/changes?place=china&q=workers"]
ROWS_PER_PAGE = {"E": EVENTS_PER_PAGE, "M": ESTIMATES_PER_PAGE, "S": SOURCES_PER_PAGE}
PAGES += [
    "/api",
    "/api/v1/events?place=china",
    "/api/v1/changes?since=0",
    "/api/v1/vocabulary",
    "/api/v1/places",
]
PAGES += [
    "/api/v1/lookup?url=https://www.example.org/news/1",
    "/api/v1/events/E5",
    "/api/v1/cities/dandong",
]


@pytest.mark.parametrize("address", PAGES)
def test_page_runs_few_statements(published: Settings, address: str) -> None:
    assert len(_statements(published, address)) <= 5


def _statements(
    published: Settings, address: str, warmed: str = "/sources?place=china"
) -> list[str]:
    """Return the statements of one request to a warm site, without those of background threads."""
    app = create_app(published)
    seen: list[str] = []

    @event.listens_for(app.state.reader_engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if is_a_request():
            seen.append(statement)

    with TestClient(app) as client:
        # Not the page itself, which might then be given as it was kept.
        wait_until(lambda: "etag" in client.get("/about").headers, "the edition to be cacheable")
        client.get("/changes?limit=1")  # the totals of changes are counted once in an edition
        client.get(warmed)  # the card of a place is read once in an edition
        seen.clear()
        assert client.get(address).status_code == 200
    return seen


# Absurd input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", [*LIST_PAGES, "/events/breakdown", "/compare", "/cities", "/status", "/changes"]
)
@pytest.mark.parametrize(
    "pairs", ABSURD_QUERIES, ids=lambda pairs: f"{pairs[0][0]}={pairs[0][1][:20]!r}"[:60]
)
def test_absurd_input_gets_a_page_without_error(
    client: TestClient, pairs: list[tuple[str, str]], address: str
) -> None:
    query = urlencode(pairs)
    answer = client.get(f"{address}?{query}")
    if answer.status_code == 303:  # once: the address it leads to is canonical
        answer = client.get(answer.headers["location"])
    assert answer.status_code == 200, answer.status_code
    assert "<h1" in answer.text
    assert client.get(f"{address}.json?{query}").status_code in {200, 404, 422}
    assert client.get(f"{address}.csv?{query}").status_code in {200, 404, 422}


# Templates, tables, imports -----------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["&", "<", ">", '"', "'"])
def test_templates_escape_values(sign: str) -> None:
    said = f"this {sign} that"
    printed = environment().from_string("{{ said }}").render(said=said)
    assert printed == escape(said) != said
    assert environment().from_string("{{ said }}").render(said=Markup(said)) == said  # noqa: S704 (it is to stay)


def test_templates_refuse_undefined_variables(published: Settings) -> None:
    """By an application of its own: another one may still know the answers, and render nothing."""
    environment.cache_clear()
    MAP_CACHE.values.clear()  # which are kept by the dots that they draw, for any reader
    env = environment()
    assert env.undefined is StrictUndefined
    addresses = [
        "/",
        "/about",
        "/privacy",
        "/accessibility",
        "/nope",
        "/events/E1",
        "/events",
        "/events?from=1990&to=1990",
        "/events?q=zebra+caravan",
        "/codebook",
    ]
    addresses += [f"/events?view={view}" for view in ("table", "lanes", "map")]
    addresses += [
        "/estimates",
        "/estimates/M84",
        "/estimates/M39",
        "/cities",
        "/cities?place=jilin",
        "/cities/dandong",
    ]
    addresses += [
        "/cities/dandong.svg",
        "/events/breakdown",
        "/compare?place=dandong&place=hunchun",
        "/status",
        "/sources",
        "/sources/S4",
        "/outlets/daily-nk",
        "/places/jilin",
    ]
    addresses += [
        "/embed/events",
        "/embed/cities/dandong",
        "/figure/events?edition=1",
        "/events.svg?edition=1",
    ]
    addresses += ["/preview/events/E5.png?edition=1"]
    addresses += ["/search?q=Hunchun%20workers", "/search", "/search/suggestions?q=hunc"]
    addresses += ["/pages", "/pages/overview"]
    addresses += ["/actors/fifa", "/laws/unscr-2397", "/places", "/events?place=dandong"]
    addresses += [
        "/changes",
        "/codebook/rules",
        "/codebook/changes",
        "/codebook/stage",
        "/data",
        "/api",
        "/cite",
        "/cite?of=/events/E1?edition=1",
        "/tell",
        "/tell/sent",
    ]
    with TestClient(create_app(published), follow_redirects=False) as client:
        for address in addresses:
            assert client.get(address).status_code == (404 if address == "/nope" else 200), address
    visited = {name for _, name in (env.cache or {})}
    # Those of the desk are visited by people who are signed in: tests/desk/test_pages.py.
    of_site = [name for name in env.list_templates() if not name.startswith("desk/")]
    assert visited >= {name for name in of_site if name != "site/record_pages/withdrawn.html"}


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


def test_migrations_run_up_down_and_up_with_data(database: Settings) -> None:
    with desk_session(database) as desk:
        assert not import_folder(desk, paths.SEEDS).errors
        publish_approved(desk, "Filled")
        invite(desk, "amal@example.org", DeskRole.ADMIN, by=None)
    migrate(database, "base")
    migrate(database)
    with desk_session(database) as desk:
        assert not import_folder(desk, paths.SEEDS).errors
        edition = publish_approved(desk, "Filled again")
        assert edition is not None and edition.no == 1


def test_default_of_choice_is_not_in_urls() -> None:
    for lists in LISTS.values():
        for filter in lists.FILTERS:
            if isinstance(filter, Choice):
                assert lists.from_pairs([(filter.key, filter.default)])[0].pairs() == []
            if isinstance(filter, Terms):
                assert filter.vocabulary
