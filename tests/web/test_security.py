"""What every answer carries, what no log holds, and what a reader's login can reach."""

import json
import logging
import re
import urllib.request

import pytest
from starlette.testclient import TestClient

from app.errors import CommandError
from app.main import create_app
from app.settings import Settings
from app.web.static import static
from tests.conftest import wait_until
from tests.support.database_server import HASH_SECRET

ADDRESSES = [
    "/",
    "/events",
    "/events.json",
    "/events.csv",
    "/events/E1",
    "/about",
    "/privacy",
    "/nope",
    "/healthz",
    "/static/nope",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_response_has_security_headers(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("address", ["/", "/events", "/events/E1", "/about", "/privacy", "/nope"])
def test_no_page_has_inline_script_or_style(client: TestClient, address: str) -> None:
    text = client.get(address).text
    assert "style=" not in text and "<style" not in text
    assert "<script>" not in text and " onclick=" not in text


def test_static_file_is_immutable_only_at_its_hashed_address(client: TestClient) -> None:
    for address in ("/favicon.ico", "/static/site.css", "/static/site.css?v=of-another-release"):
        answer = client.get(address)
        assert answer.headers["cache-control"] == "no-cache", address
        tag = answer.headers["etag"]
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    hashed = client.get(static("site.css"))
    assert "immutable" in hashed.headers["cache-control"]
    assert hashed.headers["content-type"].startswith("text/css")


def test_unknown_host_is_refused(client: TestClient) -> None:
    assert client.get("/events", headers={"host": "evil.example"}).status_code == 400


HOSTILE_HOSTS = ["testserver:6666", "testserver:443", "TESTSERVER:81"]
WITH_OWN_ADDRESS = [
    "/events.json",
    "/events.csv",
    "/events.atom",
    "/events.feed.json",
    "/events/E1",
    "/events?place=china",
    "/cite.txt?of=/events",
    "/cities/dandong.svg",
    "/oembed?url=http://testserver/events",
    "/api/v1/events",
    "/data",
]


@pytest.mark.parametrize("address", WITH_OWN_ADDRESS)
def test_port_invented_by_client_is_in_no_link(client: TestClient, address: str) -> None:
    for host in HOSTILE_HOSTS:
        hostile = {
            "Host": host,
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Port": "6666",
            "Forwarded": "host=e.vil",
        }
        answer = client.get(address.replace("//testserver", f"//{host}"), headers=hostile)
        assert answer.status_code == 200, host
        said = answer.text.replace(f"url={address.partition('url=')[2]}", "") + str(answer.headers)
        assert not re.search(r"testserver:\d|evil|e\.vil", said, re.IGNORECASE), host


@pytest.mark.parametrize(
    "host", ["testserver:", "testserver:0x50", "a@testserver", "testserver/", ""]
)
def test_malformed_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/events.json", headers={"Host": host}).status_code == 400


def test_port_of_the_site_is_in_its_links(site: str) -> None:
    with urllib.request.urlopen(f"{site}/events.json") as answer:  # noqa: S310 - of this very test
        assert json.load(answer)["permalink"].startswith(f"{site}/events?")


@pytest.mark.parametrize(
    "host", ["*", "*example.org", "a*.example.org", "http://example.org", "example.org:80", "a b"]
)
def test_invalid_trusted_host_stops_the_start(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("SOJOURN_TRUSTED_HOSTS", f"localhost,{host}")
    with pytest.raises(
        CommandError, match=re.escape(f"SOJOURN_TRUSTED_HOSTS: “{host}” is no host name")
    ):
        Settings.from_environment()


@pytest.mark.parametrize(
    ("public_url", "covers_subdomains", "header"),
    [
        ("https://testserver", False, "max-age=31536000"),
        ("https://testserver", True, "max-age=31536000; includeSubDomains"),
        ("http://testserver", True, None),
        (None, True, None),
    ],
)
def test_hsts_covers_subdomains_if_set(
    published: Settings, public_url: str | None, covers_subdomains: bool, header: str | None
) -> None:
    changed = published.model_copy(
        update={"public_url": public_url, "hsts_subdomains": covers_subdomains}
    )
    with TestClient(create_app(changed)) as client:
        for address in ("/about", "/nope", "/static/site.css"):
            assert client.get(address).headers.get("strict-transport-security") == header


@pytest.mark.parametrize(
    "address",
    [
        "/static/icons.svg",
        "/static/world.svg",
        "/favicon.ico",
        "/events.svg?edition=1",
        "/cities/dandong.svg",
    ],
)
def test_svg_names_its_charset(client: TestClient, address: str) -> None:
    assert client.get(address).headers["content-type"] == "image/svg+xml; charset=utf-8"


@pytest.mark.parametrize("address", [*ADDRESSES, "/static/site.css", "/robots.txt"])
def test_text_names_its_charset(client: TestClient, address: str) -> None:
    kind = client.get(address).headers["content-type"]
    assert "charset=utf-8" in kind or kind == "application/json"


@pytest.mark.parametrize("address", ["/", "/events.json", "/api/v1/events", "/desk", "/nope"])
def test_trace_is_not_answered(client: TestClient, address: str) -> None:
    answer = client.request("TRACE", address, headers={"x-secret": "sent by a client"})
    assert answer.status_code in {403, 404, 405} and "sent by a client" not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        *(
            "/events.exe",
            "/events.csv.exe",
            "/events/E1.exe",
            "/cities/dandong.exe",
            "/cities.exe",
            "/changes.exe",
        ),
        *(
            "/figure/events.exe",
            "/figure/events.csv.exe",
            "/figure/cities/dandong.exe",
            "/preview/events.exe.png",
        ),
        *(
            "/data.exe",
            "/data/dictionary.exe",
            "/cite.exe?of=/events",
            "/codebook.exe",
            "/status.exe",
            "/embed/events.exe",
        ),
    ],
)
def test_unknown_ending_is_not_found(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_error_has_a_page_and_log_without_readers_input(
    published: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("somebody looked for Dandong")

    monkeypatch.setattr("app.site.events.routes.timeline", fail)
    with caplog.at_level(logging.DEBUG), TestClient(create_app(published)) as client:
        answer = client.get("/events?q=Dandong")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert re.search("RuntimeError at ([^ ]+ > )+app/site/events/routes.py", caplog.text)
    # The client of this test writes a log of its own.
    ours = [record for record in caplog.records if not record.name.startswith("http")]
    assert "Dandong" not in "".join(record.getMessage() for record in ours)


def test_missing_database_gives_page_with_retry() -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    with TestClient(create_app(Settings(database_url=nowhere, hash_secret=HASH_SECRET))) as client:
        answer = client.get("/events")
        assert answer.status_code == 503
        assert "Nothing is lost" in answer.text
        assert client.get("/events.json").json()["status"] == 503
        health = client.get("/healthz")
        assert (health.status_code, health.json()["status"]) == (503, "unavailable")


def test_empty_record_has_a_page(database: Settings) -> None:
    with TestClient(create_app(database)) as client:
        assert client.get("/events").status_code == 404
        well = {"status": "ok", "edition": 0, "served": 0, "seconds_behind": 0}
        wait_until(lambda: client.get("/healthz").json() == well, "the first look")
