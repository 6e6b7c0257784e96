"""The response cache: hits, keys, limits, and invalidation by editions and purges."""

from datetime import UTC, datetime

import anyio
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message

from app.record.index.edition_watcher import PublishedState
from app.record.publishing.purge import purge
from app.settings import Settings
from app.web.security import PUBLISHED_EDITION_COOKIE
from tests.conftest import desk_session, wait_until
from tests.make import a_small_world, make_estimate, make_event, publish_all
from tests.support.cached_site import client_and_statements
from tests.support.routes import public_addresses


def test_repeated_request_is_answered_without_a_statement(
    cached_site: tuple[TestClient, list[str]],
) -> None:
    client, statements = cached_site
    others = "/events.json", "/events/E1", "/sources.csv", "/"
    for address in ("/events", "/events?place=china", *others):
        first = client.get(address)
        statements.clear()
        second = client.get(address)
        assert first.status_code == 200 and statements == [], address
        assert second.content == first.content, address
        headers, before = dict(second.headers), dict(first.headers)
        assert headers.pop("x-request-id") != before.pop("x-request-id")
        assert headers == before and "etag" in headers, address


def test_host_and_encoding_are_part_of_the_cache_key(cached: TestClient) -> None:
    packed = cached.get("/events", headers={"Accept-Encoding": "gzip"})
    plain = cached.get("/events", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" in packed.headers and "content-encoding" not in plain.headers
    assert packed.text == plain.text
    other = cached.get("/events", headers={"Host": "localhost"})
    assert other.headers["etag"] != packed.headers["etag"]


def test_unknown_host_gets_no_cached_response(published: Settings) -> None:
    with client_and_statements(published.model_copy(update={"trusted_hosts": ["testserver"]})) as (
        client,
        _,
    ):
        tag = client.get("/events").headers["etag"]
        for asked in ({}, {"If-None-Match": tag}):
            answer = client.get("/events", headers={"Host": "elsewhere.example", **asked})
            assert (answer.status_code, "etag" in answer.headers) == (400, False)
        # Of two Host headers, another layer may pick the other one.
        twice = [("Host", "testserver"), ("Host", "elsewhere.example")]
        assert "etag" not in client.get("/events", headers=twice).headers


def test_publisher_gets_no_response_of_an_older_edition(
    cached_site: tuple[TestClient, list[str]],
) -> None:
    client, statements = cached_site
    tag = client.get("/events").headers["etag"]
    statements.clear()
    ahead = {"Cookie": f"{PUBLISHED_EDITION_COOKIE}=999", "If-None-Match": tag}
    assert client.get("/events", headers=ahead).status_code == 200 and statements
    statements.clear()
    level = {"Cookie": f"{PUBLISHED_EDITION_COOKIE}=1", "If-None-Match": tag}
    assert client.get("/events", headers=level).status_code == 304 and statements == []


def test_errors_redirects_and_private_pages_are_not_cached(cached: TestClient) -> None:
    for address in ("/events/E99999", "/estimates?sort=-as-of", "/healthz", "/desk/sign-in"):
        for _ in range(2):
            assert "etag" not in cached.get(address).headers, address


def test_new_edition_replaces_cached_responses(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1))
    with client_and_statements(database) as (client, _):
        before = client.get("/events.json")
        assert before.json()["total"] == 1
        with desk_session(database) as desk:
            publish_all(desk, make_event(2, citations=[]))
        wait_until(lambda: client.get("/events.json").json()["total"] == 2, "the new edition")
        after = client.get("/events.json", headers={"If-None-Match": before.headers["etag"]})
        assert (after.status_code, after.json()["edition"]) == (200, 2)
        # A past edition is unchanged, but its page links to the newest one.
        assert client.get("/events.json?edition=1").json()["total"] == 1


def test_purge_removes_cached_responses(database: Settings) -> None:
    dangerous = make_event(1, title="Something dangerous")
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), dangerous, make_event(2, citations=[]))
    with client_and_statements(database) as (client, _):
        past = "/events?edition=1", "/events/E1?edition=1", "/events.json?edition=1"

        def shown() -> list[bool]:
            return ["dangerous" in client.get(each).text for each in ("/events", *past)]

        assert all(shown())
        with desk_session(database) as desk:
            purge(desk, "E1")
        wait_until(lambda: not any(shown()), "it to go")


def test_purged_record_is_in_no_list_without_notification(database: Settings) -> None:
    with desk_session(database) as desk:
        dangerous = make_event(1, title="Something dangerous")
        publish_all(
            desk, *a_small_world(), dangerous, make_event(2, citations=[]), make_estimate(1)
        )
    with client_and_statements(database) as (client, _):
        assert "Something dangerous" in client.get("/events").text
        of_places = ["/cities", "/cities/place-1"]
        assert all("/estimates/M1" in client.get(address).text for address in of_places)
        watch = client.app.state.watch  # type: ignore[attr-defined]
        watch.stop()
        watch.newest = None  # As while the watcher has lost the database.
        with desk_session(database) as desk:
            purge(desk, "E1")
            purge(desk, "M1")
        there = client.get("/events").text
        assert "dangerous" not in there and 'id="E2"' in there
        assert not any("/estimates/M1" in client.get(address).text for address in of_places)


def test_response_that_a_reader_broke_off_is_not_cached(published: Settings) -> None:
    with client_and_statements(published) as (client, _):
        for address in public_addresses().values():
            assert client.portal is not None
            client.portal.call(leave_after_first_part, client.app, address)
            after, whole = (
                client.get(address, headers={"Accept-Encoding": encoding})
                for encoding in ("identity", "gzip")
            )
            assert after.content == whole.content or "etag" not in after.headers, address


async def leave_after_first_part(app: ASGIApp, address: str) -> None:
    """Request a file as a browser that is closed when the first part of it has come."""
    has_left = anyio.Event()
    path, _, query = address.encode().partition(b"?")

    async def receive() -> Message:
        await has_left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message.get("body"):
            has_left.set()
            await anyio.lowlevel.checkpoint()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path.decode(),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"testserver")],
        "client": ("127.0.0.1", 50_000),
        "server": ("testserver", 80),
    }
    await app(scope, receive, send)


def test_response_that_knows_a_later_edition_is_not_cached(published: Settings) -> None:
    """An edition may be published between the check of the edition and the response.

    The page of a past edition links to the newest one, so it can become stale too.
    """
    with client_and_statements(published) as (client, _):
        layer = client.app.response_cache  # type: ignore[attr-defined]
        layer.responses.clear()
        layer.newest = lambda: PublishedState(0, 0, datetime(2026, 1, 1, tzinfo=UTC))
        for address in ("/events", "/events?edition=1"):
            assert "etag" not in client.get(address).headers
            assert not layer.responses.values


def test_response_of_an_earlier_edition_is_not_cached(published: Settings) -> None:
    """One that began before an edition or a purge may end after it."""
    with client_and_statements(published) as (client, _):
        client.get("/events")
        layer = client.app.response_cache  # type: ignore[attr-defined]
        key, response = next(iter(layer.responses.values.items()))
        layer.responses.clear()
        layer._store(key, response, PublishedState(0, 0, datetime(2026, 1, 1, tzinfo=UTC)))
        assert not layer.responses.values
