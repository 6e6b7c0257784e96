"""The list of outlets."""

from starlette.testclient import TestClient

from tests.site.places.test_places import row_of, rows_of
from tests.support.html import words


def test_outlets_are_listed_with_their_counts(client: TestClient) -> None:
    html = client.get("/outlets").text
    assert rows_of(html)[0] == "/outlets/daily-nk"
    row = row_of(html, "/outlets/daily-nk")
    for address in ("/sources", "/events", "/estimates"):
        assert f'href="{address}?outlet=daily-nk"' in row, address
    assert "South Korea" in words(row)
    for query, has, lacks in [
        ("?kind=agency", "reuters", "daily-nk"),
        ("?lang=ko", "daily-nk", "reuters"),
        ("?q=reut", "reuters", "daily-nk"),
    ]:
        found = rows_of(client.get(f"/outlets{query}").text)
        assert f"/outlets/{has}" in found and f"/outlets/{lacks}" not in found, query
