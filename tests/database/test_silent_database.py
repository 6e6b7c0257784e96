"""Pages and background threads while the database is frozen, locked or broken."""

import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from statistics import median

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from starlette.testclient import TestClient

from app import paths
from app.database import engines, migrating
from app.database.embedded import DESK_LOGIN, READER_LOGIN, running
from app.database.engines import libpq_url
from app.database.migrating import migrate
from app.database.waits import WAIT_STEP_SECONDS
from app.errors import CommandError
from app.main import create_app
from app.record.index import edition_watcher
from app.settings import Settings
from tests.conftest import desk_session, serving, wait_until
from tests.make import a_small_world, make_event, publish_all
from tests.support.database_server import HASH_SECRET, SECRET_KEY
from tests.support.environment import environment_of
from tests.support.processes import children_of, free_port, running_command, workers_of
from tests.support.temporary_folders import temporary_folder

MAX_PAGE_SECONDS = 5
"""What readers are promised. The test allows twice as long, since the machine may be busy."""
READERS = 60
"""More than there are threads to answer them."""


@pytest.fixture
def two_events(database: Settings) -> Settings:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1), make_event(2, citations=[]))
    return database


def execute_as_owner(settings: Settings, statement: str) -> None:
    with psycopg.connect(
        libpq_url(settings.migrate_database_url or ""), autocommit=True
    ) as connection:
        connection.execute(statement.encode())


# Frozen -------------------------------------------------------------------------------------------


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


def test_locked_table_gives_503_before_the_lock_is_gone(two_events: Settings) -> None:
    with TestClient(create_app(two_events)) as client:
        wait_until(lambda: client.get("/healthz").status_code == 200, "the site")
        with psycopg.connect(libpq_url(two_events.migrate_database_url or "")) as locking:
            locking.execute("LOCK record.version IN ACCESS EXCLUSIVE MODE")
            assert client.get("/events/E1?edition=1").status_code == 503


def test_full_pool_gives_503_and_editions_still_come_in(
    two_events: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "POOL_WAIT_SECONDS", 0.1)
    app = create_app(two_events)
    with TestClient(app) as client, ExitStack() as held:
        wait_until(lambda: client.get("/healthz").json()["served"] == 1, "the site")
        for _ in range(engines.MAX_CONNECTIONS):
            held.enter_context(app.state.reader_engine.connect())
        end_watching = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE '%record.purged%' "
            "AND pid <> pg_backend_pid()"
        )
        execute_as_owner(two_events, end_watching)
        assert client.get("/events/E1?edition=1").status_code == 503
        with desk_session(two_events, readers_see_it=False) as desk:
            publish_all(desk, make_event(3, citations=[]))
        wait_until(lambda: client.get("/healthz").json()["edition"] == 2, "the watch to see it")
        held.close()
        wait_until(
            lambda: client.get("/healthz").json()["served"] == 2, "the edition to be brought in"
        )


# Threads that go on -------------------------------------------------------------------------------


def test_watch_survives_a_missing_table(two_events: Settings) -> None:
    app = create_app(two_events)
    with TestClient(app) as client:
        wait_until(lambda: client.get("/healthz").status_code == 200, "the site")
        execute_as_owner(two_events, "ALTER TABLE record.edition RENAME TO gone")
        wait_until(lambda: client.get("/healthz").status_code == 503, "the watch to fail")
        execute_as_owner(two_events, "ALTER TABLE record.gone RENAME TO edition")
        with desk_session(two_events, readers_see_it=False) as desk:
            publish_all(desk, make_event(3, citations=[]))
        wait_until(
            lambda: client.get("/healthz").json().get("served") == 2, "the new edition", seconds=30
        )


def test_worker_that_fails_for_long_is_replaced(two_events: Settings) -> None:
    port = free_port()
    environment = {
        **environment_of(two_events),
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
        execute_as_owner(two_events, "ALTER TABLE record.edition RENAME TO gone")
        wait_until(lambda: set(workers_of(run.pid)).difference(first), "another worker")
        execute_as_owner(two_events, "ALTER TABLE record.gone RENAME TO edition")
        wait_until(is_well, "the other worker to answer")


# Migrations ---------------------------------------------------------------------------------------


def test_migration_of_table_in_use_waits_and_gives_up(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "MIGRATION_OPTIONS", {"lock_timeout": "100ms"})
    monkeypatch.setattr(migrating, "PAUSES_SECONDS", (0.1, 0.1))
    newest = ScriptDirectory(str(paths.MIGRATIONS)).get_revision(migrating.newest_revision() or "")
    migrate(database, str(newest.down_revision))
    with psycopg.connect(libpq_url(database.migrate_database_url or "")) as using:
        using.execute("LOCK desk.alembic_version IN ACCESS EXCLUSIVE MODE")
        failures: list[CommandError] = []

        def try_it() -> None:
            try:
                migrate(database)
            except CommandError as stop:
                failures.append(stop)

        thread = threading.Thread(target=try_it, daemon=True)
        thread.start()
        thread.join(30)
        assert not thread.is_alive()
        assert "while another program is using them: stop `sojourn serve`" in str(failures[0])
    migrate(database)


def test_limits_in_database_url_are_kept(database: Settings) -> None:
    separator = "&" if "?" in (database.database_url or "") else "?"
    address = f"{database.database_url}{separator}connect_timeout=7"
    engine = engines.desk_engine(database.model_copy(update={"database_url": address}))
    try:
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
            driver = connection.connection.driver_connection
            assert driver is not None
            limits = driver.info.get_parameters()
        assert (
            limits["connect_timeout"],
            limits["tcp_user_timeout"],
            limits["keepalives_idle"],
        ) == (
            "7",
            "10000",
            "10",
        )
    finally:
        engine.dispose()
