"""Responses at a record's address for other names, unknown names and invalid editions."""

import pytest
from starlette.testclient import TestClient

from tests.support.html import words


@pytest.mark.parametrize(
    "address", ["/", "/about", "/events/E1", "/sources/S1", "/outlets/rfa", "/places/china"]
)
@pytest.mark.parametrize(
    "edition", ["x", "-1", "2019-13", "2019-02-30", "99999999999999", "0", "%00", "１"]
)
def test_invalid_edition_gets_error_page(client: TestClient, address: str, edition: str) -> None:
    answer = client.get(f"{address}?edition={edition}")
    assert answer.status_code == 404
    assert "edition" in words(answer.text)


@pytest.mark.parametrize(
    "name",
    ["%00", "%F0%9F%98%80", "%ED%A0%BD", "..%2F..", "x" * 5_000, "'--", "S0", "S99999999999"],
)
@pytest.mark.parametrize("kind", ["events", "estimates", "sources", "outlets", "places"])
def test_malformed_name_gets_page_of_unknown_record(
    client: TestClient, kind: str, name: str
) -> None:
    answer = client.get(f"/{kind}/{name}")
    assert answer.status_code == 404
    assert "There is no page at this address" in words(answer.text)


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("/places/단둥", "/cities/dandong"),
        ("/places/Dangdong", "/cities/dandong"),
        ("/places/north-east-china", "/places/cn-northeast"),
        ("/outlets/daily-n-k", "/outlets/daily-nk"),
        ("/outlets/데일리NK", "/outlets/daily-nk"),
        ("/sources/S9999", "/sources"),
        ("/events/E9999", "/events"),
    ],
)
def test_unknown_name_gets_suggestions(client: TestClient, address: str, meant: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert f'href="{meant}"' in answer.text.partition("Did you mean")[2]


@pytest.mark.parametrize(
    "address", ["/events/E5", "/sources/S6", "/estimates/M84", "/events/E5.json"]
)
def test_lower_case_id_redirects_to_record(client: TestClient, address: str) -> None:
    page, _, id = address.rpartition("/")
    answer = client.get(f"{page}/{id.lower()}?edition=1")
    assert (answer.status_code, answer.headers["location"]) == (301, f"{address}?edition=1")


def test_json_of_unknown_record_is_json_error(client: TestClient) -> None:
    answer = client.get("/sources/S9999.json")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)
