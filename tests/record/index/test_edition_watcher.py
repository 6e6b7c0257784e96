"""A worker serves the old edition until the new one is loaded, even after failures."""

import json
import logging
import random
import re
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from app.database.engines import libpq_url
from app.main import create_app
from app.record.editions import select_edition
from app.record.filters import LISTS
from app.record.index import build_index, update_index
from app.settings import Settings
from tests.conftest import desk_session, reader_session, wait_until
from tests.make import a_small_world, make_event, publish_all
from tests.support.index_queries import assert_equals_oracle, random_filters
from tests.support.oracle import Oracle
from tests.support.processes import free_port, running_command


@pytest.fixture
def two_events(database: Settings) -> Settings:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1), make_event(2, citations=[]))
    return database


def publish_event(settings: Settings, number: int, readers_see_it: bool = True) -> None:
    with desk_session(settings, readers_see_it) as desk:
        publish_all(desk, make_event(number, citations=[]))


def as_owner(settings: Settings, statement: str) -> None:
    assert settings.migrate_database_url
    with psycopg.connect(libpq_url(settings.migrate_database_url), autocommit=True) as connection:
        connection.execute(statement)


# Health -----------------------------------------------------------------------------------------


def test_worker_that_fails_to_update_serves_old_edition(
    two_events: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with TestClient(create_app(two_events)) as client:
        wait_until(
            lambda: "etag" in client.get("/events").headers, "the first edition to be brought in"
        )
        well = {"status": "ok", "edition": 1, "served": 1, "seconds_behind": 0}
        wait_until(lambda: client.get("/healthz").json() == well, "common words to be gathered")
        assert client.get("/healthz").status_code == 200
        as_owner(two_events, "REVOKE SELECT ON record.term FROM sojourn_reader")
        with caplog.at_level(logging.ERROR, "sojourn"):
            publish_event(two_events, 3, readers_see_it=False)
            wait_until(lambda: "can't bring in the newest edition" in caplog.text, "it to fail")
        ill = client.get("/healthz").json()
        assert (ill["status"], ill["edition"], ill["served"]) == ("behind", 2, 1)
        assert (
            ill["problem"]
            == "Edition 2 can't be brought in (ProgrammingError); readers see edition 1."
        )
        # A new query, so that no cache can answer it.
        answer = client.get("/events.json?type=stay-limit&limit=7")
        assert (
            answer.headers["x-sojourn-edition"],
            answer.json()["edition"],
            answer.json()["total"],
        ) == ("1", 1, 2)
        assert client.get("/events/E3").status_code == 404
        as_owner(two_events, "GRANT SELECT ON record.term TO sojourn_reader")
        wait_until(
            lambda: client.get("/events.json?type=stay-limit&limit=7").json()["total"] == 3,
            "it to catch up",
        )
        assert client.get("/healthz").status_code == 200


def test_edition_loading_too_long_is_reported(two_events: Settings) -> None:
    app = create_app(two_events)
    with TestClient(app) as client:
        wait_until(
            lambda: "etag" in client.get("/events").headers, "the first edition to be brought in"
        )
        with app.state.indexes.busy:
            publish_event(two_events, 3, readers_see_it=False)
            wait_until(lambda: client.get("/healthz").json()["edition"] == 2, "the watch to see it")
            lagging = client.get("/healthz")
            assert (lagging.status_code, lagging.json()["edition"], lagging.json()["served"]) == (
                200,
                2,
                1,
            )
            assert app.state.indexes.behind_since
            app.state.indexes.behind_since -= 3600
            late = client.get("/healthz")
            assert late.status_code == 503
            assert re.search(
                r"has been on its way in for 36\d\d s; readers see edition 1",
                late.json()["problem"],
            )


# Processes --------------------------------------------------------------------------------------


@contextmanager
def worker(settings: Settings) -> Iterator[tuple[Any, int]]:
    """Run the site in another process."""
    port = free_port()
    environment = {
        "SOJOURN_PUBLIC_ONLY": "1",
        "READER_DATABASE_URL": settings.reader_database_url or "",
        "SOJOURN_HASH_SECRET": settings.hash_secret or "",
    }
    with running_command(["sojourn", "serve", "--port", str(port)], environment) as process:
        yield process, port


def serves(port: int, edition: int) -> bool:
    """Whether the worker has loaded that edition; false while it starts."""
    try:
        health = ask(port, "/healthz")
    except OSError:
        return False
    return (health.get("served"), health.get("seconds_behind")) == (edition, 0)


def ask(port: int, path: str) -> dict[str, Any]:
    """Return a page as JSON, even of a 503, which `/healthz` returns on a busy machine."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
            found: dict[str, Any] = json.load(response)
    except urllib.error.HTTPError as error:
        if path != "/healthz":
            raise
        found = json.load(error)
    return found


def test_killed_worker_does_not_affect_another(two_events: Settings) -> None:
    assert two_events.migrate_database_url
    with ExitStack() as running:
        doomed, port = running.enter_context(worker(two_events))
        _other, other_port = running.enter_context(worker(two_events))
        for each in (port, other_port):
            wait_until(partial(serves, each, 1), "a worker to start")
            assert ask(each, "/events.json?limit=1")["total"] == 2
        with psycopg.connect(libpq_url(two_events.migrate_database_url)) as lock:
            # An update reads terms, so both workers wait for this lock.
            locking = threading.Thread(
                target=lock.execute, args=["LOCK record.term IN ACCESS EXCLUSIVE MODE"]
            )
            with desk_session(two_events) as desk:
                publish_all(desk, make_event(3, citations=[]))
                locking.start()
                wait_until(lambda: waits(two_events, "LOCK record.term%"), "the lock to be next")
            locking.join()
            wait_until(
                lambda: waits(two_events, "%record.term%", but="LOCK%") == 2,
                "both to be in the middle of it",
            )
            for each in (port, other_port):
                assert ask(each, "/events.json?limit=2")["total"] == 2
                assert ask(each, "/healthz")["served"] == 1
            doomed.send_signal(signal.SIGKILL)
            doomed.wait()
            assert ask(other_port, "/events.json?limit=3")["total"] == 2
        wait_until(partial(serves, other_port, 2), "the other to go on")
        _new, new_port = running.enter_context(worker(two_events))
        wait_until(partial(serves, new_port, 2), "another to take its place")
        answers = [ask(each, "/events.json?from=2019&limit=4") for each in (other_port, new_port)]
        assert answers[0]["total"] == 3
        assert [answers[0][part] for part in ("items", "facets")] == [
            answers[1][part] for part in ("items", "facets")
        ]


def waits(settings: Settings, statement: str, but: str = "") -> int:
    """Return the number of connections that wait for a lock in a matching statement."""
    assert settings.migrate_database_url
    with psycopg.connect(libpq_url(settings.migrate_database_url), autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock' "
            "AND query LIKE %s AND query NOT LIKE %s",
            [statement, but],
        ).fetchone()
    assert row
    return int(row[0])


def test_concurrent_publishers_leave_consecutive_editions(
    two_events: Settings,
) -> None:
    """Four publish at once; a worker that polls meanwhile sees complete editions in order."""
    publishers = [
        threading.Thread(target=publish_some, args=[two_events, first])
        for first in (10, 20, 30, 40)
    ]
    with reader_session(two_events) as db:
        edition = select_edition(db)
        index = build_index(db, edition, "E")
    seen = [edition.no]
    for each in publishers:
        each.start()
    while seen[-1] < 1 + 4 * 3:
        # Read before the edition: the last one may be published between the two lines.
        some_publish = any(each.is_alive() for each in publishers)
        with reader_session(two_events) as db:
            edition = select_edition(db)
            if edition.no == seen[-1]:
                assert some_publish, "no edition may be missing once all publishers are done"
                continue
            seen.append(edition.no)
            index = update_index(db, index, edition)
            assert index.edition == edition.no
            # Each edition adds one event, so a row seen too early or late changes the count.
            assert len(index.live) == 2 + edition.no - 1
    for each in publishers:
        each.join()
    assert seen == sorted(set(seen))
    with reader_session(two_events) as db:
        chance = random.Random(7)
        all_filters = random_filters(db, edition, LISTS["E"], chance)
        assert_equals_oracle(
            Oracle(db, edition, LISTS["E"], all_filters),
            all_filters,
            [index, build_index(db, edition, "E")],
            chance,
        )


def publish_some(settings: Settings, first: int) -> None:
    for number in range(first, first + 3):
        publish_event(settings, number)
