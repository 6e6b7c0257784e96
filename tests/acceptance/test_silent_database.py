"""Pages and background threads while the database is frozen, locked or broken."""

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median

import pytest

from app.database import engines
from app.database.cluster import DESK_LOGIN, READER_LOGIN
from app.database.embedded import running
from app.database.engines import WAIT_STEP_SECONDS
from app.database.migrating import migrate
from app.record.index import edition_watcher
from app.settings import Settings
from tests.conftest import desk_session, serving, wait_until
from tests.make import a_small_world, make_event, publish_all
from tests.support.database_server import HASH_SECRET, SECRET_KEY
from tests.support.desk_accounts import as_owner
from tests.support.environment import environment_of
from tests.support.processes import children_of, free_port, running_command, workers_of
from tests.support.temporary_folders import temporary_folder

MAX_PAGE_SECONDS = 5
"""What readers are promised. The test allows twice as long, since the machine may be busy."""
READERS = 60
"""More than there are threads to answer them."""


@pytest.fixture(scope="module")
def own_server() -> Iterator[tuple[Settings, int]]:
    """A server that a test may freeze, since nobody else uses it, and its process."""
    with temporary_folder() as folder, running(folder / "data", {"fsync": "off"}) as server:
        server.create_database("frozen")
        settings = Settings(
            database_url=server.url("frozen", DESK_LOGIN),
            reader_database_url=server.url("frozen", READER_LOGIN),
            migrate_database_url=server.url("frozen"),
            secret_key=SECRET_KEY,
            hash_secret=HASH_SECRET,
        )
        migrate(settings, logins=True)
        with desk_session(settings) as desk:
            publish_all(desk, *a_small_world(), make_event(1), make_event(2, citations=[]))
        yield settings, server.process


@contextmanager
def frozen(process: int) -> Iterator[None]:
    processes = [process, *children_of(process)]
    for each in processes:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in processes:
            os.kill(each, signal.SIGCONT)


def status_of(address: str) -> tuple[int, float]:
    began = time.monotonic()
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
            status = answer.status
            answer.read()
    except urllib.error.HTTPError as error:
        status = error.code
    return status, time.monotonic() - began


def test_frozen_database_gives_503_on_every_page_in_time(
    own_server: tuple[Settings, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, process = own_server
    assert (
        edition_watcher.POLL_SECONDS + engines.WATCH_SILENCE_SECONDS + WAIT_STEP_SECONDS
        < MAX_PAGE_SECONDS - 1
    )
    # A quarter of the time: what is left is for a machine that is busy with something else.
    monkeypatch.setattr(engines, "WATCH_SILENCE_SECONDS", 0.8)
    with serving(settings) as site, ThreadPoolExecutor(READERS) as readers:
        wait_until(lambda: status_of(f"{site}/healthz")[0] == 200, "the site")
        assert status_of(f"{site}/events?q=first")[0] == 200
        assert status_of(f"{site}/desk/sign-in")[0] == 200
        at_desk = f"{site}/desk/welcome/{'x' * 43}"
        assert status_of(at_desk)[0] == 404
        pages = [f"{site}/events/E1?edition=1&n={n}" for n in range(READERS - 1)]
        with frozen(process):
            answers = {page: readers.submit(status_of, page) for page in (*pages, at_desk)}
            health = [status_of(f"{site}/healthz") for _ in range(20)]
            found = {page: answer.result() for page, answer in answers.items()}
            assert {page: status for page, (status, _) in found.items() if status != 503} == {}
            assert max(seconds for _, seconds in found.values()) < 2 * MAX_PAGE_SECONDS
            wait_until(lambda: status_of(f"{site}/healthz")[0] == 503, "it to say so")
            health += [status_of(f"{site}/healthz") for _ in range(5)]
            # No health check waits for the database. A few are slow while all readers connect.
            assert median(seconds for _, seconds in health) < engines.WATCH_SILENCE_SECONDS
            # By now nobody even tries.
            assert status_of(f"{site}/events/E2?edition=1")[0] == 503
        wait_until(lambda: status_of(f"{site}/healthz")[0] == 200, "it to go on")
        assert status_of(f"{site}/events/E2?edition=1")[0] == 200


def test_worker_that_fails_for_long_is_replaced(two_published_events: Settings) -> None:
    port = free_port()
    environment = {
        **environment_of(two_published_events),
        "PORT": str(port),
        "SOJOURN_PUBLIC_ONLY": "1",
        "SOJOURN_WORKER_GIVE_UP_SECONDS": "1",
    }
    address = f"http://127.0.0.1:{port}/healthz"

    def is_well() -> bool:
        try:
            return status_of(address)[0] == 200
        except OSError:
            return False

    with running_command(["sojourn", "serve"], environment) as run:
        wait_until(is_well, "the site")
        first = workers_of(run.pid)
        as_owner(two_published_events, "ALTER TABLE record.edition RENAME TO gone")
        wait_until(lambda: set(workers_of(run.pid)).difference(first), "another worker")
        as_owner(two_published_events, "ALTER TABLE record.gone RENAME TO edition")
        wait_until(is_well, "the other worker to answer")
