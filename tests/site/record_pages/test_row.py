"""Responses at a record's address for other names, unknown names and invalid editions."""

from starlette.testclient import TestClient

from tests.support.html import words


def test_invalid_edition_gets_error_page(client: TestClient) -> None:
    wrong = ["x", "-1", "2019-13", "2019-02-30", "99999999999999", "0", "%00", "１"]
    for address in ("/", "/about", "/events/E1", "/sources/S1", "/outlets/rfa", "/places/china"):
        for edition in wrong:
            answer = client.get(f"{address}?edition={edition}")
            assert answer.status_code == 404, (address, edition)
            assert "edition" in words(answer.text), (address, edition)


def test_malformed_name_gets_page_of_unknown_record(client: TestClient) -> None:
    names = [
        "%00",
        "%F0%9F%98%80",
        "%ED%A0%BD",
        "..%2F..",
        "x" * 5_000,
        "'--",
        "S0",
        "S99999999999",
    ]
    for kind in ("events", "estimates", "sources", "outlets", "places"):
        for name in names:
            answer = client.get(f"/{kind}/{name}")
            assert answer.status_code == 404, (kind, name)
            assert "There is no page at this address" in words(answer.text), (kind, name)


def test_unknown_name_gets_suggestions(client: TestClient) -> None:
    for address, meant in (
        ("/places/단둥", "/cities/dandong"),
        ("/places/Dangdong", "/cities/dandong"),
        ("/places/north-east-china", "/places/cn-northeast"),
        ("/outlets/daily-n-k", "/outlets/daily-nk"),
        ("/outlets/데일리NK", "/outlets/daily-nk"),
        ("/sources/S9999", "/sources"),
        ("/events/E9999", "/events"),
    ):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert f'href="{meant}"' in answer.text.partition("Did you mean")[2], address


def test_lower_case_id_redirects_to_record(client: TestClient) -> None:
    for page, id in (
        ("events", "E5"),
        ("sources", "S6"),
        ("estimates", "M84"),
        ("events", "E5.json"),
    ):
        answer = client.get(f"/{page}/{id.lower()}?edition=1")
        told = answer.status_code, answer.headers["location"]
        assert told == (301, f"/{page}/{id}?edition=1")


def test_json_of_unknown_record_is_json_error(client: TestClient) -> None:
    answer = client.get("/sources/S9999.json")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)
