"""The response cache: hits, 304, keys, limits, and invalidation by editions and purges."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import pytest
from fastapi import APIRouter, Request
from sqlalchemy import event
from starlette.responses import Response
from starlette.testclient import TestClient

from app.desk import routes as desk_pages
from app.main import create_app
from app.record import editions
from app.record.index.edition_watcher import PublishedState
from app.record.publishing.purge import purge
from app.settings import Settings
from app.site import routes as pages
from app.site.api import routes as api_pages
from app.site.export import table_writer
from app.web import response_cache
from app.web.cookies import PUBLISHED_EDITION_COOKIE
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from tests.conftest import desk_session, is_a_request, reader_session, wait_until
from tests.make import a_small_world, make_estimate, make_event, publish_all
from tests.support.routes import iterate_routes, public_addresses


@contextmanager
def reading(settings: Settings) -> Iterator[tuple[TestClient, list[str]]]:
    """A client of a site that knows its edition, and the statements run for its requests."""
    app = create_app(settings)
    statements: list[str] = []
    with TestClient(app, follow_redirects=False) as client:
        wait_until(lambda: "etag" in client.get("/privacy").headers, "the site to know its edition")

        @event.listens_for(app.state.reader_engine, "before_cursor_execute")
        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if is_a_request():
                statements.append(statement)

        yield client, statements


@pytest.mark.parametrize(
    "address", ["/events", "/events?place=china", "/events.json", "/events/E1", "/sources.csv", "/"]
)
def test_repeated_request_is_answered_without_a_statement(
    published: Settings, address: str
) -> None:
    with reading(published) as (client, statements):
        first = client.get(address)
        assert first.status_code == 200
        statements.clear()
        second = client.get(address)
        assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])
        assert dict(second.headers) == dict(first.headers)
        assert statements == []


def test_matching_etag_gets_304(published: Settings) -> None:
    with reading(published) as (client, _):
        tag = client.get("/events?place=china").headers["etag"]
        again = client.get("/events?place=china", headers={"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert {*again.headers} == {"etag", "cache-control", "vary"}
        for tags in (
            tag.removeprefix("W/"),
            f'{tag},"other"',
        ):  # what lies between may have made a strong one of it
            assert (
                client.get("/events?place=china", headers={"If-None-Match": tags}).status_code
                == 304
            )
        assert client.get("/events?place=russia", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "address", ["/events", "/events.json?place=china", "/events.csv", "/sources.xlsx", "/codebook"]
)
def test_matching_date_gets_304(published: Settings, address: str) -> None:
    """As `wget -N` and `curl -z` ask, the first time and again."""
    with reader_session(published) as db:
        at = parsedate_to_datetime(format_datetime(editions.select_edition(db).at.astimezone(UTC)))
    with reading(published) as (client, _):
        for _turn in range(2):
            asked = {"If-Modified-Since": format_datetime(at, usegmt=True)}
            had = client.get(address, headers=asked)
            assert (had.status_code, had.content) == (304, b"")
            assert (
                had.headers["last-modified"] == asked["If-Modified-Since"] and "etag" in had.headers
            )
            before = {"If-Modified-Since": format_datetime(at - timedelta(seconds=1), usegmt=True)}
            assert client.get(address, headers=before).status_code == 200
            for nonsense in ("yesterday", "", format_datetime(at).replace("+0000", "")):
                assert (
                    client.get(address, headers={"If-Modified-Since": nonsense}).status_code == 200
                )
            # A tag says more than a day: it also tells one release from another.
            assert (
                client.get(address, headers=asked | {"If-None-Match": '"other"'}).status_code == 200
            )
        assert client.get("/events/E99999.json", headers=asked).status_code == 404


def test_last_modified_of_past_edition_changes_with_a_purge(
    database: Settings,
) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1), make_event(2, citations=[]))
    time.sleep(1)  # two editions of one second have one day
    with desk_session(database) as desk:
        publish_all(desk, make_event(3, citations=[]))
    with reading(database) as (client, _):
        first, second = (
            client.get(f"/events.json?edition={no}").headers["last-modified"] for no in (1, 2)
        )
        assert parsedate_to_datetime(first) < parsedate_to_datetime(second)
        assert client.get("/events.json", headers={"If-Modified-Since": first}).status_code == 200
        # The page of a past edition names the newest one.
        assert client.get("/events?edition=1").headers["last-modified"] == second
        time.sleep(1)
        with desk_session(database) as desk:
            purge(desk, "E1")
        asked = {"If-Modified-Since": second}
        wait_until(
            lambda: client.get("/events.json?edition=1", headers=asked).status_code == 200,
            "it to go",
        )


@pytest.mark.parametrize("asked", [{}, {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}])
def test_long_file_stops_after_headers_for_head_and_304(
    published: Settings, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str]
) -> None:
    written: list[Any] = []

    def endless(*_given: Any) -> Iterator[str]:
        while len(written) < 1_000:
            written.append(1)
            yield secrets.token_hex(35_000)  # what packs well would wait for more of it

    monkeypatch.setattr(table_writer, "as_csv", endless)
    with reading(published) as (client, _):
        answer = client.request("GET" if asked else "HEAD", "/events.csv", headers=asked)
        assert (answer.status_code, answer.content) == (304 if asked else 200, b"")
        assert len(written) < 10


def test_host_and_encoding_are_part_of_the_cache_key(published: Settings) -> None:
    with reading(published) as (client, _):
        packed = client.get("/events", headers={"Accept-Encoding": "gzip"})
        plain = client.get("/events", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" in packed.headers and "content-encoding" not in plain.headers
        assert packed.text == plain.text
        assert (
            client.get("/events", headers={"Host": "localhost"}).headers["etag"]
            != packed.headers["etag"]
        )


@pytest.mark.parametrize(
    "first, then",
    [
        ("GZIP", "identity"),
        ("*", "identity"),
        ("*;q=1", "br;q=0"),
        ("gzip;q=0, *", "gzip"),
        ("xgzip, zstd", "gzip"),
        ("br;q=0, gzip", "br"),
        ("gzip" + ";" * 300, "identity"),
    ],
)
def test_cached_encoding_is_one_that_each_reader_accepts(
    published: Settings, first: str, then: str
) -> None:
    with reading(published) as (client, _):
        # The test client decodes what it gets, whether or not it asked for that.
        client.get("/events", headers={"Accept-Encoding": first})
        encoding = client.get("/events", headers={"Accept-Encoding": then}).headers.get(
            "content-encoding", "identity"
        )
        assert encoding in (then, "identity")


def test_cache_size_counts_addresses_and_headers(published: Settings) -> None:
    with reading(published) as (client, _):
        cache: response_cache.ResponseCache = client.app.response_cache  # type: ignore[attr-defined]
        before = cache.bytes
        query = "&".join(f"not_topic=topic-{number}" for number in range(500))
        answer = client.get(f"/events?{query}", headers={"Accept-Encoding": "zstd"})
        headers = sum(len(name) + len(value) for name, value in answer.headers.raw)
        assert answer.status_code == 200 and "etag" in answer.headers
        assert cache.bytes - before >= len(query) + headers + answer.num_bytes_downloaded


def test_unknown_host_gets_no_cached_response(published: Settings) -> None:
    with reading(published.model_copy(update={"trusted_hosts": ["testserver"]})) as (client, _):
        tag = client.get("/events").headers["etag"]
        for asked in ({}, {"If-None-Match": tag}):
            answer = client.get("/events", headers={"Host": "elsewhere.example", **asked})
            assert (answer.status_code, "etag" in answer.headers) == (400, False)
        # Which of two hosts a page was written for, not everybody would say alike.
        twice = [("Host", "testserver"), ("Host", "elsewhere.example")]
        assert "etag" not in client.get("/events", headers=twice).headers


def test_304_has_cors_headers(published: Settings) -> None:
    with reading(published) as (client, _):
        tag = client.get("/events.csv").headers["etag"]
        again = client.get("/events.csv", headers={"If-None-Match": tag})
        assert (again.status_code, again.headers["access-control-allow-origin"]) == (304, "*")


def test_large_file_gets_304_without_a_statement(
    published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(response_cache, "MAX_CACHED_BODY_BYTES", 100)
    with reading(published) as (client, statements):
        tag = client.get("/events.csv").headers["etag"]
        statements.clear()
        assert client.get("/events.csv", headers={"If-None-Match": tag}).status_code == 304
        assert statements == []
        assert client.get("/events.csv").status_code == 200 and statements


def test_publisher_gets_no_response_of_an_older_edition(published: Settings) -> None:
    with reading(published) as (client, statements):
        tag = client.get("/events").headers["etag"]
        statements.clear()
        ahead = {"Cookie": f"{PUBLISHED_EDITION_COOKIE}=999", "If-None-Match": tag}
        assert client.get("/events", headers=ahead).status_code == 200 and statements
        statements.clear()
        level = {"Cookie": f"{PUBLISHED_EDITION_COOKIE}=1", "If-None-Match": tag}
        assert client.get("/events", headers=level).status_code == 304 and statements == []


def test_head_has_headers_of_get_and_no_body(published: Settings) -> None:
    with reading(published) as (client, _):
        got, head = client.get("/events/E1"), client.head("/events/E1")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == got.headers["content-length"]
        assert client.head("/events/E99999").status_code == 404


@pytest.mark.parametrize(
    "address", ["/events/E99999", "/events?sort=happened", "/healthz", "/desk/sign-in"]
)
def test_errors_redirects_and_private_pages_are_not_cached(
    published: Settings, address: str
) -> None:
    with reading(published) as (client, statements):
        client.get(address)
        statements.clear()
        assert "etag" not in client.get(address).headers


def test_new_edition_replaces_cached_responses(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1))
    with reading(database) as (client, _):
        before = client.get("/events.json")
        assert before.json()["total"] == 1
        with desk_session(database) as desk:
            publish_all(desk, make_event(2, citations=[]))
        wait_until(lambda: client.get("/events.json").json()["total"] == 2, "the new edition")
        after = client.get("/events.json", headers={"If-None-Match": before.headers["etag"]})
        assert (after.status_code, after.json()["edition"]) == (200, 2)
        # A past edition reads as it did; its page names another newest one.
        assert client.get("/events.json?edition=1").json()["total"] == 1


def test_purge_removes_cached_responses(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(
            desk,
            *a_small_world(),
            make_event(1, title="Something dangerous"),
            make_event(2, citations=[]),
        )
    with reading(database) as (client, _):
        addresses = [
            "/events",
            "/events?edition=1",
            "/events/E1?edition=1",
            "/events.json?edition=1",
        ]
        assert all("Something dangerous" in client.get(address).text for address in addresses)
        with desk_session(database) as desk:
            purge(desk, "E1")
        wait_until(
            lambda: not any("dangerous" in client.get(address).text for address in addresses),
            "it to go",
        )


def test_list_of_rendered_events_runs_no_statement(
    published: Settings,
) -> None:
    with reading(published) as (client, statements):
        assert client.get("/events").status_code == 200
        statements.clear()
        again = client.get("/events?not_place=atlantis")
        assert again.text.count('<article class="ev"') == 50
        assert statements == []


def test_city_page_and_files_share_one_query(published: Settings) -> None:
    with reading(published) as (client, statements):
        assert client.get("/cities/dandong").status_code == 200
        statements.clear()
        assert client.get("/cities/dandong.csv").status_code == 200
        assert statements == []


def test_purged_record_is_in_no_list_without_notification(database: Settings) -> None:
    with desk_session(database) as desk:
        dangerous = make_event(1, title="Something dangerous")
        publish_all(
            desk, *a_small_world(), dangerous, make_event(2, citations=[]), make_estimate(1)
        )
    with reading(database) as (client, _):
        assert "Something dangerous" in client.get("/events").text
        of_places = ["/cities", "/cities/place-1"]
        assert all("/estimates/M1" in client.get(address).text for address in of_places)
        watch = client.app.state.watch  # type: ignore[attr-defined]
        watch.stop()
        watch.newest = None  # as while the database can't be watched
        with desk_session(database) as desk:
            purge(desk, "E1")
            purge(desk, "M1")
        there = client.get("/events").text
        assert "dangerous" not in there and 'id="E2"' in there
        assert not any("/estimates/M1" in client.get(address).text for address in of_places)


def test_cache_size_is_limited(published: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "MAX_CACHE_BYTES", 150_000)
    layers: list[response_cache.ResponseCache] = []
    make = response_cache.ResponseCache.__init__

    def note(self: response_cache.ResponseCache, *given: Any, **named: Any) -> None:
        make(self, *given, **named)
        layers.append(self)

    monkeypatch.setattr(response_cache.ResponseCache, "__init__", note)
    with reading(published) as (client, _):
        for year in range(2000, 2026):
            client.get(f"/events?from={year}", headers={"Accept-Encoding": "identity"})
        assert 0 < layers[0].bytes <= 150_000
        assert layers[0].bytes == sum(
            response_cache._size(key, response) for key, response in layers[0].responses.items()
        )
        assert len(layers[0].responses) < 26


def test_response_of_later_edition_is_not_cached(published: Settings) -> None:
    """Between the look at the edition and the answer another one may have come in."""
    with reading(published) as (client, _):
        layer = client.app.response_cache  # type: ignore[attr-defined]
        stale = PublishedState(edition=0, purges=0, at=datetime(2026, 1, 1, tzinfo=UTC))
        layer.newest = lambda: stale
        assert "etag" not in client.get("/events").headers
        assert not layer.responses


# What is declared ---------------------------------------------------------------------------------


def declared_paths() -> set[str]:
    """The path templates of the routes whose answers may be kept."""
    return {
        route.path
        for router in (pages.router, api_pages.router, desk_pages.router)
        for route in iterate_routes(router)
        if isinstance(route, EditionRoute)
    }


def test_cache_holds_exactly_the_routes_that_declare_it(database: Settings) -> None:
    """Requests every public GET route with `edition=`, and the desk's pages while signed out."""
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1), make_estimate(1))
    addresses = public_addresses(1) | {
        "/desk": "/desk?edition=1",
        "/desk/sign-in": "/desk/sign-in?edition=1",
    }
    with reading(database) as (client, _):
        layer = client.app.response_cache  # type: ignore[attr-defined]
        for path, address in addresses.items():
            if path.endswith((".png", ".zip")):
                continue
            for method in ("HEAD", "GET"):
                layer.responses.clear()
                answer = client.request(method, address, follow_redirects=True)
                assert (len(layer.responses) == 1) == (path in declared_paths()), address
                says_no_store = "no-store" in answer.headers.get("cache-control", "")
                assert not layer.responses or not (
                    says_no_store or "set-cookie" in answer.headers
                ), address


@pytest.mark.parametrize("address", ["/tell?about=E1&edition=1", "/tell?edition=1"])
def test_letter_form_with_edition_key_is_each_readers_own(
    published: Settings, address: str
) -> None:
    with reading(published) as (client, _):
        keys = [
            re.findall(r'name="key" value="([^"]+)"', client.get(address).text) for _ in range(2)
        ]
        assert keys[0] and keys[0] != keys[1]
        answer = client.get(address)
        assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers
        assert (
            client.get(
                address, headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
            ).status_code
            == 200
        )


@pytest.mark.parametrize(
    "header", [("Cache-Control", "no-store"), ("Cache-Control", "private"), ("Set-Cookie", "a=b")]
)
def test_declared_route_with_private_headers_is_not_cached(
    published: Settings, header: tuple[str, str]
) -> None:
    router = APIRouter(route_class=EditionRoute)

    @router.get("/private-page")
    def private_page(request: Request, db: Reader) -> Response:
        return page(
            request,
            "site/about/privacy.html",
            edition=editions.select_edition(db),
            headers=dict([header]),
        )

    app = create_app(published)
    app.include_router(router)
    with TestClient(app) as client:
        wait_until(lambda: "etag" in client.get("/privacy").headers, "the site to know its edition")
        answer = client.get("/private-page?edition=1")
        assert (answer.status_code, answer.headers[header[0]]) == (200, header[1])
        assert "etag" not in answer.headers and len(app.response_cache.responses) == 1


def test_past_edition_written_with_a_later_newest_is_not_cached(published: Settings) -> None:
    """The page of a past edition names the newest one: it too is of one moment."""
    with reading(published) as (client, _):
        layer = client.app.response_cache  # type: ignore[attr-defined]
        stale = PublishedState(edition=0, purges=0, at=datetime(2026, 1, 1, tzinfo=UTC))
        layer.newest = lambda: stale
        assert "etag" not in client.get("/events?edition=1").headers
        assert not layer.responses
