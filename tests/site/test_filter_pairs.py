"""Every list answers every filter key and every pair of keys, with and without matches."""

import random
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from app.filter_values import Id, OneDay, Position, WebAddress
from app.filtering import (
    Choice,
    Day,
    Filter,
    Filters,
    Number,
    Since,
    Terms,
    Words,
)
from app.main import create_app
from app.record.filters import (
    LISTS,
    NAMED_FILTERS,
    ChangeFilters,
    CityFilters,
    CompareFilters,
    EstimateBreakdownFilters,
    EventBreakdownFilters,
    EventFilters,
    LookupFilters,
    MirrorFilters,
    SourceFilters,
    StatusFilters,
)
from tests.conftest import desk_session, wait_until
from tests.make import make_estimate, make_event, make_source, publish_all
from tests.support.database_server import Server
from tests.support.kept_records import kept_record

LIST_PAGES: dict[str, type[Filters]] = {
    "/events": EventFilters,
    "/events/breakdown": EventBreakdownFilters,
    "/estimates/breakdown": EstimateBreakdownFilters,
    "/estimates": LISTS["M"],
    "/sources": SourceFilters,
    "/cities": CityFilters,
    "/status": StatusFilters,
    "/compare": CompareFilters,
    "/changes": ChangeFilters,
    "/embed/events": EventFilters,
    "/api/v1/events": EventFilters,
    "/api/v1/estimates": LISTS["M"],
    "/api/v1/sources": SourceFilters,
    "/api/v1/cities": CityFilters,
    "/api/v1/places": NAMED_FILTERS["P"],
    "/api/v1/outlets": NAMED_FILTERS["O"],
    "/api/v1/changes": MirrorFilters,
    "/api/v1/lookup": LookupFilters,
}
KNOWN_CODES = {"place": "place-1", "type": "stay-limit", "outlet": "outlet-1", "lang": "en"}


VALUES = {
    Day: ("2019", "2199"),
    OneDay: ("2019-06-20", "1801-01-01"),
    Since: ("1", "2199-01"),
    Words: ("event", "zzz"),
    Number: ("1", "1"),
    Id: ("E1", "E999"),
    Position: ("2019-06-15.1_1", "none.0_999"),
    WebAddress: ("https://example.org/1", "https://example.org/2"),
}


def values_of(key: Filter) -> tuple[str, str]:
    """Return a value that a record of the small world has, if there is one, and one that none has.

    Both are well-formed.
    """
    match key:
        case Terms(closed=closed):
            first = closed[0] if closed else "none" if key.has_none else "nowhere"
            return KNOWN_CODES.get(key.key, first), closed[-1] if closed else "nowhere"
        case Choice(choices=choices):
            return list(choices)[1], list(choices)[-1]
        case Since() if key.key == "edition":
            return "1", "1"
        case Day() if key.key.endswith("to"):
            return "2019", "1801"
    return VALUES[type(key)]


Query = list[tuple[str, str]]


def queries(filters: type[Filters], count: int) -> Iterator[Query]:
    """Yield each key and `not_` key alone, then as many random queries of two to six keys."""
    for key in filters.FILTERS:
        for value in {*values_of(key)}:
            yield [(key.key, value)]
            if isinstance(key, Terms):
                yield [(f"not_{key.key}", value)]
    chance = random.Random(f"filter pairs {filters.__name__}")
    for _ in range(count):
        keys = chance.sample(filters.FILTERS, min(len(filters.FILTERS), chance.randint(2, 6)))
        yield [
            (
                f"not_{key.key}" if isinstance(key, Terms) and chance.random() < 0.3 else key.key,
                chance.choice(values_of(key)),
            )
            for key in keys
        ]


@pytest.fixture(scope="module")
def small_site(server: Server, template: str) -> Iterator[TestClient]:
    """Two editions of a few records: the first is answered by SQL, the second by the index."""
    with kept_record(server, template, make_event(1), make_estimate(1)) as settings:
        with desk_session(settings) as desk:
            publish_all(desk, make_event(2, citations=[]), make_source(3, published="2021"))
        app = create_app(settings)
        with TestClient(app, follow_redirects=True, raise_server_exceptions=False) as client:
            wait_until(lambda: app.state.indexes.serving is not None, "the index to be ready")
            yield client


def assert_answered(client: TestClient, path: str, queries: Iterable[Query]) -> None:
    answers = {f"{path}{urlencode(query)}": 0 for query in queries}
    for address in answers:
        answers[address] = client.get(address).status_code
    assert {at: status for at, status in answers.items() if status not in {200, 404, 422}} == {}


@pytest.mark.parametrize("path", LIST_PAGES)
def test_list_answers_every_key_and_random_queries(small_site: TestClient, path: str) -> None:
    assert_answered(small_site, f"{path}?", queries(LIST_PAGES[path], 15))


def test_list_page_past_the_end_links_to_first_page(small_site: TestClient) -> None:
    for path in ("/events", "/estimates", "/sources"):
        page = small_site.get(f"{path}?sort=changed&after=1_1").text
        if "has no such page" not in page:
            page = small_site.get(f"{path}?sort=added&after=0_1").text
        assert "The list has no such page." in page and "Back to the first page" in page, path
