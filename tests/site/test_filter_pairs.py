"""Every list answers every filter key, alone and beside others."""

import random
from collections.abc import Iterator
from urllib.parse import urlencode

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
from app.site.dataset import REGISTERED

RANDOM_QUERIES = 8
CODES = {"place": "dandong", "type": "stay-limit", "outlet": "daily-nk", "lang": "ko"}
VALUES: dict[type[Filter], str] = {
    Day: "2019",
    OneDay: "2019-06-20",
    Since: "1",
    Words: "workers",
    Number: "1",
    Id: "E1",
    Position: "2019-06-15.1_1",
    WebAddress: "https://example.org/1",
}


def value_of(key: Filter) -> str:
    """Return a well-formed value; of codes, one of the record if a few are known here."""
    if isinstance(key, Terms):
        return CODES.get(key.key, [*key.closed, "none" if key.has_none else "nowhere"][0])
    return [*key.choices][-1] if isinstance(key, Choice) else VALUES[type(key)]


def queries(filters: type[Filters]) -> Iterator[list[tuple[str, str]]]:
    """Yield each key and `not_` key alone, then random queries of two to six keys."""
    pairs = [(key.key, value_of(key)) for key in filters.FILTERS]
    pairs += [(f"not_{key.key}", value_of(key)) for key in filters.terms()]
    yield from ([pair] for pair in pairs)
    chance = random.Random(f"filter pairs {filters.__name__}")
    for _ in range(RANDOM_QUERIES):
        yield chance.sample(pairs, min(len(pairs), chance.randint(2, 6)))


def test_list_answers_every_key_and_random_queries(client: TestClient) -> None:
    wrong = []
    for path, dataset in REGISTERED.items():
        for query in queries(dataset.filter_class):
            address = f"{path}?{urlencode(query)}"
            if client.get(address, follow_redirects=True).status_code not in {200, 404}:
                wrong.append(address)
    assert wrong == [] and len(REGISTERED) > 10


def test_list_page_past_the_end_links_to_first_page(client: TestClient) -> None:
    for path in ("/events", "/estimates", "/sources"):
        page = client.get(f"{path}?sort=added&after=0_1").text
        assert "The list has no such page." in page and "Back to the first page" in page, path
