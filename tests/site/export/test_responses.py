"""Lists as JSON and CSV: structure, headers, paging and errors."""

from typing import Any
from unittest.mock import Mock

import pytest
from starlette.testclient import TestClient

from app.files import escape_formula
from app.main import create_app
from app.settings import Settings
from app.site.export.columns import ESTIMATE, as_fields
from tests.make import make_estimate


def test_json_has_the_documented_structure(client: TestClient) -> None:
    body = client.get("/events.json?place=china&limit=2").json()
    heading = ["edition", "query", "filter", "licence", "permalink"]
    hints = ["hint", "also", "by_word"]
    assert list(body) == [*heading, "total", "undated", "next", *hints, "facets", "items"]
    for address in ("/changes.json", "/cities.json"):
        assert list(client.get(address).json())[:6] == [*heading, "total"]
    assert body["permalink"] == "http://testserver/events?place=china&edition=1"
    assert body["edition"] == 1
    assert body["query"] == {"place": ["china"], "limit": ["2"]}
    assert body["filter"].startswith(f"{body['total']} events: in China.")
    assert len(body["items"]) == 2 and all(item["id"].startswith("E") for item in body["items"])
    assert set(body["facets"]["place"][0]) == {"code", "label", "count", "selected"}


def test_licence_in_chinese_becomes_ascii_in_headers(published: Settings) -> None:
    settings = published.model_copy(update={"licence": "知识共享 署名 4.0"})
    with TestClient(create_app(settings)) as client:
        for address in ("/events.csv", "/events.json", "/data/dictionary.csv", "/events.atom"):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert answer.headers["x-sojourn-licence"] == "???? ?? 4.0"
        assert "知识共享 署名 4.0" in client.get("/events.json").text


def test_text_with_a_sign_of_formulas_gets_an_apostrophe() -> None:
    for sign in "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20":
        assert escape_formula(f"{sign}1+1") == f"'{sign}1+1"
        assert escape_formula(f"1{sign}1") == f"1{sign}1"


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"point": 2000, "quantifier": "about"}, (1500, 2000, 2500)),
        ({"point": 13221, "quantifier": "exact"}, (13221, 13221, 13221)),
        ({"point": None, "low": 2000, "high": 5000, "quantifier": "range"}, (2000, 3500, 5000)),
        ({"point": None, "low": 53, "quantifier": "at-least"}, (53, None, None)),
        ({"point": None, "high": 80000, "quantifier": "up-to"}, (None, None, 80000)),
    ],
)
def test_estimate_has_middle_and_bounds_of_its_number(
    numbers: dict[str, Any], expected: tuple[float | None, ...]
) -> None:
    form = make_estimate(**numbers).model_dump(mode="json", exclude_defaults=True)
    bounds = [each for each in ESTIMATE if each.name in {"at_least", "middle", "at_most"}]
    assert tuple(as_fields(bounds, Mock(payload={"form": form})).values()) == expected
