"""Every list answers every filter key and every pair of keys, with and without matches."""

import random
import re
from collections.abc import Iterator
from itertools import combinations
from urllib.parse import quote, urlencode

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
from app.record.breakdown_filters import BreakdownFilters
from app.record.compare_filters import CompareFilters
from app.record.filters import (
    LISTS,
    ChangeFilters,
    CityFilters,
    EventFilters,
    LookupFilters,
    MirrorFilters,
    OutletFilters,
    PlaceFilters,
    SourceFilters,
    StatusFilters,
)
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.make import a_small_world, make_estimate, make_event, make_source, publish_all
from tests.support.routes import get_paths

LIST_PAGES: dict[str, type[Filters]] = {
    "/events": EventFilters,
    "/events/breakdown": BreakdownFilters,
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
    "/api/v1/places": PlaceFilters,
    "/api/v1/outlets": OutletFilters,
    "/api/v1/changes": MirrorFilters,
    "/api/v1/lookup": LookupFilters,
}
KNOWN_CODES = {"place": "place-1", "type": "stay-limit", "outlet": "outlet-1", "lang": "en"}


def matching_value(key: Filter) -> str:
    """Return a value that a record of the small world has, if there is one."""
    match key:
        case Terms(closed=closed):
            return KNOWN_CODES.get(key.key) or (
                closed[0] if closed else "none" if key.has_none else "nowhere"
            )
        case Day():
            return "2019"
        case OneDay():
            return "2019-06-20"
        case Since() if key.key == "edition":
            return "1"
        case Since():
            return "1"
        case Choice(choices=choices):
            return list(choices)[1]
        case Words():
            return "event"
        case Number():
            return "1"
        case Id():
            return "E1"
        case Position():
            return "2019-06-15.1_1"
        case WebAddress():
            return "https://example.org/1"
    raise AssertionError(f"no value for {key}")


def unmatched_value(key: Filter) -> str:
    """Return a well-formed value that no record of the small world has."""
    match key:
        case Terms(closed=closed):
            return closed[-1] if closed else "nowhere"
        case Day():
            return "1801" if key.key.endswith("to") else "2199"
        case OneDay():
            return "1801-01-01"
        case Since() if key.key != "edition":
            return "2199-01"
        case Choice(choices=choices):
            return list(choices)[-1]
        case Words():
            return "zzz"
        case Id():
            return "E999"
        case Position():
            return "none.0_999"
    return matching_value(key)


def single_queries(filters: type[Filters]) -> Iterator[list[tuple[str, str]]]:
    """Yield each key alone, and each `not_` key."""
    for key in filters.FILTERS:
        values = dict.fromkeys([matching_value(key), unmatched_value(key)])
        yield from ([(key.key, value)] for value in values)
        if isinstance(key, Terms):
            yield from ([(f"not_{key.key}", value)] for value in values)


def unmatched_queries(filters: type[Filters]) -> Iterator[list[tuple[str, str]]]:
    """Yield each key alone, with a value that matches nothing."""
    yield from ([(key.key, unmatched_value(key))] for key in filters.FILTERS)


def pair_queries(filters: type[Filters], size: int) -> Iterator[list[tuple[str, str]]]:
    """Yield queries of `size` keys without matches, so that each pair of keys is in one of them."""
    missing = set(combinations(range(len(filters.FILTERS)), 2))
    chance = random.Random(f"pairs of {filters.__name__}")
    while missing:
        keys = set(min(missing))
        while len(keys) < min(size, len(filters.FILTERS)):
            others = [place for place in range(len(filters.FILTERS)) if place not in keys]
            chance.shuffle(others)
            keys.add(
                max(
                    others,
                    key=lambda new: sum((min(new, old), max(new, old)) in missing for old in keys),
                )
            )
        missing -= set(combinations(sorted(keys), 2))
        yield [
            (key.key, unmatched_value(key))
            for key in (filters.FILTERS[place] for place in sorted(keys))
        ]


def random_queries(filters: type[Filters], count: int) -> Iterator[list[tuple[str, str]]]:
    """Yield queries of two to six keys in random order with random values, some negated."""
    chance = random.Random(f"filter pairs {filters.__name__}")
    for _ in range(count):
        keys = chance.sample(filters.FILTERS, min(len(filters.FILTERS), chance.randint(2, 6)))
        yield [
            (
                f"not_{key.key}" if isinstance(key, Terms) and chance.random() < 0.3 else key.key,
                chance.choice([matching_value, unmatched_value])(key),
            )
            for key in keys
        ]


@pytest.fixture(scope="module")
def small_site(server: "object", template: str) -> Iterator[TestClient]:
    """Two editions of a few records: the first is answered by SQL, the second by the index."""
    name = server.create(template)  # type: ignore[attr-defined]
    settings: Settings = server.settings(name)  # type: ignore[attr-defined]
    with desk_session(settings) as desk:
        publish_all(desk, *a_small_world(), make_event(1), make_estimate(1))
    with desk_session(settings) as desk:
        publish_all(desk, make_event(2, citations=[]), make_source(3, published="2021"))
    app = create_app(settings)
    with TestClient(app, follow_redirects=True, raise_server_exceptions=False) as client:
        wait_until(lambda: app.state.indexes.serving is not None, "the index to be ready")
        yield client
    server.drop(name)  # type: ignore[attr-defined]


def assert_answered(client: TestClient, address: str) -> None:
    status = client.get(address).status_code
    assert status in {200, 404, 422}, f"{status} for {address}"


@pytest.mark.parametrize("path", LIST_PAGES)
def test_list_answers_single_keys_and_random_queries(small_site: TestClient, path: str) -> None:
    filters = LIST_PAGES[path]
    for query in [*single_queries(filters), *random_queries(filters, 30)]:
        assert_answered(small_site, f"{path}?{urlencode(query)}")


@pytest.mark.parametrize("path", LIST_PAGES)
def test_list_answers_every_pair_of_keys(small_site: TestClient, path: str) -> None:
    """Pages get each pair alone; the API and frames, which read the same filters, get five keys."""
    for query in pair_queries(LIST_PAGES[path], 2 if path.count("/") == 1 else 5):
        assert_answered(small_site, f"{path}?{urlencode(query)}")


FILES = [
    path
    for path in get_paths()
    if path.partition(".")[0] in LIST_PAGES.keys() - {path} and path[-4:] != ".png"
]
"""The files of each list, without PNG, which reads the filter like SVG but is slow."""


@pytest.mark.parametrize("path", FILES)
def test_list_file_answers_every_unmatched_key(small_site: TestClient, path: str) -> None:
    for query in unmatched_queries(LIST_PAGES[path.partition(".")[0]]):
        assert_answered(small_site, f"{path}?{urlencode(query)}")


@pytest.mark.parametrize(
    "path", [path for path in LIST_PAGES if path.count("/") == 1 and path != "/changes"]
)
def test_citation_answers_every_unmatched_key(small_site: TestClient, path: str) -> None:
    for query in unmatched_queries(LIST_PAGES[path]):
        assert_answered(small_site, f"/cite.txt?of={quote(f'{path}?{urlencode(query)}')}")


@pytest.mark.parametrize(
    "query", ["published_to=1999", "published_from=2199", "published_from=1990&published_to=1999"]
)
def test_source_list_without_matches_offers_wider_list(small_site: TestClient, query: str) -> None:
    answer = small_site.get(f"/sources?{query}")
    assert answer.status_code == 200
    assert re.search(r'href="/sources"[^>]*>(<[^>]+>)*Remove the dates', answer.text)


@pytest.mark.parametrize("path", ["/events", "/estimates", "/sources"])
def test_list_page_past_the_end_links_to_first_page(small_site: TestClient, path: str) -> None:
    answer = small_site.get(f"{path}?sort=changed&after=1_1")
    page = (
        answer.text
        if "has no such page" in answer.text
        else small_site.get(f"{path}?sort=added&after=0_1").text
    )
    assert "The list has no such page." in page
    assert "Back to the first page" in page
