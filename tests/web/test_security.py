"""What every answer carries, what no log holds, and what a reader's login can reach."""

import logging
import re

import pytest
from starlette.testclient import TestClient

from app.errors import CommandError
from app.main import create_app
from app.settings import Settings, release
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


def test_every_response_has_security_headers_and_no_inline_code(client: TestClient) -> None:
    for address in ADDRESSES:
        answer = client.get(address)
        headers, text = answer.headers, answer.text
        policy, kind = headers["content-security-policy"], headers["content-type"]
        assert "default-src 'none'" in policy, address
        assert "unsafe" not in policy and "http" not in policy, address
        assert headers["x-content-type-options"] == "nosniff", address
        assert headers["referrer-policy"] == "no-referrer", address
        assert "set-cookie" not in headers, address
        assert "charset=utf-8" in kind or kind == "application/json", address
        if kind.startswith("text/html"):
            for code in ("style=", "<style", "<script>", " onclick="):
                assert code not in text, (address, code)


def test_static_file_is_immutable_only_at_its_hashed_address(client: TestClient) -> None:
    for address in ("/favicon.ico", "/static/site.css", "/static/site.css?v=of-another-release"):
        answer = client.get(address)
        assert answer.headers["cache-control"] == "no-cache", address
        tag = answer.headers["etag"]
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    hashed = client.get(static("site.css"))
    assert "immutable" in hashed.headers["cache-control"]
    assert hashed.headers["content-type"] == "text/css; charset=utf-8"
    assert "charset=utf-8" in client.get("/robots.txt").headers["content-type"]


def test_unknown_and_malformed_hosts_are_refused(client: TestClient) -> None:
    bad = "evil.example", "testserver:", "testserver:0x50", "a@testserver", "testserver/", ""
    for host in bad:
        assert client.get("/events.json", headers={"Host": host}).status_code == 400, host


def test_port_invented_by_client_is_in_no_link(client: TestClient) -> None:
    for address in (
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
    ):
        for host in ("testserver:6666", "testserver:443", "TESTSERVER:81"):
            hostile = {
                "Host": host,
                "X-Forwarded-Host": "evil.example",
                "X-Forwarded-Port": "6666",
                "Forwarded": "host=e.vil",
            }
            answer = client.get(address.replace("//testserver", f"//{host}"), headers=hostile)
            assert answer.status_code in {200, 301}, (address, host)
            said = answer.text.replace(f"url={address.partition('url=')[2]}", "")
            said += str(answer.headers)
            found = re.search(r"testserver:\d|evil|e\.vil", said, re.IGNORECASE)
            assert not found, (address, host)


def test_invalid_trusted_host_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("*", "*example.org", "a*.example.org", "http://example.org", "a.org:80", "a b"):
        monkeypatch.setenv("SOJOURN_TRUSTED_HOSTS", f"localhost,{host}")
        sentence = re.escape(f"SOJOURN_TRUSTED_HOSTS: “{host}” is no host name")
        with pytest.raises(CommandError, match=sentence):
            Settings.from_environment()


def test_hsts_covers_subdomains_if_set(published: Settings) -> None:
    for public_url, covers_subdomains, header in (
        ("https://testserver", False, "max-age=31536000"),
        ("https://testserver", True, "max-age=31536000; includeSubDomains"),
        ("http://testserver", True, None),
        (None, True, None),
    ):
        changes = {"public_url": public_url, "hsts_subdomains": covers_subdomains}
        with TestClient(create_app(published.model_copy(update=changes))) as client:
            for address in ("/about", "/nope", "/static/site.css"):
                headers = client.get(address).headers
                assert headers.get("strict-transport-security") == header, changes


def test_trace_is_not_answered(client: TestClient) -> None:
    for address in ("/", "/events.json", "/api/v1/events", "/desk", "/nope"):
        answer = client.request("TRACE", address, headers={"x-secret": "sent by a client"})
        assert answer.status_code in {403, 404, 405}, address
        assert "sent by a client" not in answer.text, address


def test_error_has_a_page_and_log_without_readers_input(
    published: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("somebody looked for Dandong")

    monkeypatch.setattr("app.site.events.events.Events.page", fail)
    with caplog.at_level(logging.DEBUG), TestClient(create_app(published)) as client:
        answer = client.get("/events?q=Dandong")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert re.search("RuntimeError at ([^ ]+ > )+app/site/dataset.py", caplog.text)
    # The client of this test writes a log of its own.
    ours = [record for record in caplog.records if not record.name.startswith("http")]
    assert "Dandong" not in "".join(record.getMessage() for record in ours)


def test_missing_database_gives_page_with_retry(caplog: pytest.LogCaptureFixture) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    with TestClient(create_app(Settings(database_url=nowhere, hash_secret=HASH_SECRET))) as client:
        answer = client.get("/events")
        assert client.get("/events.json").json()["status"] == 503
        health, live = client.get("/healthz"), client.get("/healthz/live")
        ready = client.get("/healthz/ready")
    assert answer.status_code == 503 and "Nothing is lost" in answer.text
    assert (health.status_code, health.json()["status"]) == (503, "unavailable")
    assert (ready.status_code, ready.json()["status"]) == (503, "not ready")
    assert (live.status_code, live.json()) == (200, {"status": "ok", "release": release()})
    assert live.headers["cache-control"] == "no-store"
    asked = answer.headers["x-request-id"]
    assert f"mention the request {asked}" in answer.text
    [line] = [each for each in caplog.records if getattr(each, "request", "") == asked]
    assert (line.status, line.route) == (503, "/events")  # type: ignore[attr-defined]
    assert line.fault.startswith("database: ")  # type: ignore[attr-defined]


def test_empty_record_has_a_page(database: Settings) -> None:
    with TestClient(create_app(database)) as client:
        assert client.get("/events").status_code == 404
        well = {"status": "ok", "edition": 0, "served": 0, "seconds_behind": 0}
        wait_until(lambda: client.get("/healthz").json() == well, "the first look")
