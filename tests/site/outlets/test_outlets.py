"""The list of outlets."""

import pytest
from starlette.testclient import TestClient

from tests.site.places.test_places import row_of, rows_of
from tests.support.html import words


def test_outlets_are_listed_with_their_counts(client: TestClient) -> None:
    html = client.get("/outlets").text
    assert "/outlets/daily-nk" in rows_of(html)[:5]
    row = row_of(html, "/outlets/daily-nk")
    for address in ("/sources", "/events", "/estimates"):
        assert f'href="{address}?outlet=daily-nk"' in row, address
    assert "South Korea" in words(row)


@pytest.mark.parametrize(
    ("query", "has", "lacks"),
    [
        ("?kind=agency", "/outlets/reuters", "/outlets/daily-nk"),
        ("?lang=ko", "/outlets/daily-nk", "/outlets/reuters"),
        ("?q=reut", "/outlets/reuters", "/outlets/daily-nk"),
    ],
)
def test_outlets_are_found_by_kind_language_and_name(
    client: TestClient, query: str, has: str, lacks: str
) -> None:
    found = rows_of(client.get(f"/outlets{query}").text)
    assert has in found and lacks not in found
