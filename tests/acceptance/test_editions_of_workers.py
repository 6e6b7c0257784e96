"""A worker that dies while an edition comes in does not affect another one."""

import json
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

from app.database.engines import libpq_url
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.make import a_small_world, make_event, publish_all
from tests.support.processes import free_port, running_command


@pytest.fixture
def two_events(database: Settings) -> Settings:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1), make_event(2, citations=[]))
    return database


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
