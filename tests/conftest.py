"""Fixtures of all tests: PostgreSQL, a database per writing test, a published record, a browser.

DATABASE_URL names a server to use: PostgreSQL 15 or later, and a login that may create databases
and roles. Without it, a server is started in a temporary folder.
"""

import contextlib
import os
import secrets
import signal
import socket
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import hypothesis
import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from psycopg import sql
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.database.engines import desk_engine, libpq_url, reader_engine
from app.database.migrating import migrate
from app.database.sessions import DeskSession, ReaderSession
from app.record.index import edition_watcher
from app.record.index.manager import IndexManager
from app.record.lists.backend import ListSession
from app.record.models import Edition
from app.settings import Settings
from tests.browser import browser as running_browser
from tests.make import a_small_world, make_event, publish_all
from tests.support.database_server import (
    EMPTY,
    GIVEN_DATABASE_URL,
    RUN,
    SMALL,
    Server,
    embedded_server,
    publish_small_record,
)
from tests.support.html import fold_html
from tests.support.temporary_folders import remove_leftovers_of_killed_runs

MOST_SECONDS = 120
"""How long a test waits for anything on a busy machine, before it fails."""


@pytest.fixture(scope="session", autouse=True)
def folded_pages() -> Iterator[None]:
    """Folds white space in pages, as browsers do: tests ignore how templates are wrapped."""
    text: Any = httpx2.Response.text

    def folded_text(response: Any) -> str:
        body: str = text.fget(response)
        is_page = response.headers.get("content-type", "").startswith(("text/html", "image/svg"))
        return fold_html(body) if is_page else body

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx2.Response, "text", property(folded_text))
        yield


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """Removes the settings of the person running the tests. DATABASE_URL was read on import."""
    with pytest.MonkeyPatch.context() as patch:
        for field in Settings.model_fields.values():
            patch.delenv(str(field.validation_alias), raising=False)
        yield


WATCHERS: "weakref.WeakSet[edition_watcher.EditionWatcher]" = weakref.WeakSet()
"""The edition watchers of all sites that the tests started."""


@pytest.fixture(scope="session", autouse=True)
def registered_watchers() -> Iterator[None]:
    """Registers each watcher, and lets it stop at once.

    Waiting for the watchers of a thousand sites would take two minutes.
    """
    start = edition_watcher.EditionWatcher.start

    def register_and_start(self: edition_watcher.EditionWatcher) -> None:
        WATCHERS.add(self)
        start(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edition_watcher, "STOP_CHECK_SECONDS", 0.01)
        patch.setattr(edition_watcher.EditionWatcher, "start", register_and_start)
        yield


@pytest.fixture(scope="session", autouse=True)
def shared_statements() -> Iterator[None]:
    """Each statement is compiled once in the session, not once for the engines of each test.

    What SQLAlchemy compiles belongs to a dialect, so all dialects of one class are equal here.
    """
    compiled: dict[Any, Any] = {}

    def create_with_shared_cache(*url: Any, **options: Any) -> Engine:
        return create_engine(*url, **options, execution_options={"compiled_cache": compiled})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.database.engines.create_engine", create_with_shared_cache)
        patch.setattr(PGDialect_psycopg, "__hash__", lambda self: hash(type(self)))
        patch.setattr(PGDialect_psycopg, "__eq__", lambda self, other: type(self) is type(other))
        yield


# The time per example depends on how busy the machine is, so there is no deadline. Ordinary runs
# repeat the same examples, so that a run fails only if the code has changed.
hypothesis.settings.register_profile(
    "same", deadline=None, derandomize=True, max_examples=50, database=None
)
hypothesis.settings.register_profile("random", deadline=None, max_examples=1_000)
hypothesis.settings.load_profile(os.environ.get("SOJOURN_TEST_EXAMPLES", "same"))

# A shell starts background jobs with SIGINT ignored. The programs that tests start would inherit
# that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if GIVEN_DATABASE_URL:
        # Logins with passwords, for this run only, so that tests run with the real privileges of
        # desk and reader.
        logins: dict[str, tuple[str, str | None]] = {
            group: (f"{RUN}_{group}", secrets.token_hex(16)) for group in ("desk", "reader")
        }
        yield Server(GIVEN_DATABASE_URL, logins)
        with psycopg.connect(libpq_url(GIVEN_DATABASE_URL), autocommit=True) as connection:
            for login, _ in logins.values():
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(login)))
        return
    remove_leftovers_of_killed_runs()
    with embedded_server() as running:
        yield running


@pytest.fixture(scope="session")
def template(server: Server) -> Iterator[str]:
    """The name of a database with roles and empty tables."""
    if not GIVEN_DATABASE_URL:
        yield EMPTY
        return
    name = server.create()
    # Several processes may share the server of DATABASE_URL, and its roles.
    with psycopg.connect(libpq_url(server.admin_url), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        migrate(server.settings(name), logins=True)
    yield name
    server.drop(name)


@pytest.fixture
def database(server: Server, template: str) -> Iterator[Settings]:
    """The settings of an installation on a database with empty tables, for one test."""
    with server.database(template) as settings:
        yield settings


@pytest.fixture(scope="module")
def module_database(server: Server, template: str) -> Iterator[Settings]:
    """As `database`, for all tests of a module: a fixture fills it, the tests only read it."""
    with server.database(template) as settings:
        yield settings


@pytest.fixture
def empty_database(server: Server) -> Iterator[Settings]:
    """The settings of an installation on a database without tables, for one test."""
    with server.database() as settings:
        yield settings


@pytest.fixture
def two_published_events(database: Settings) -> Settings:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1), make_event(2, citations=[]))
    return database


@pytest.fixture(scope="session")
def published(server: Server, template: str) -> Iterator[Settings]:
    """An installation's settings, with the small record as edition 1, for tests that only read."""
    if not GIVEN_DATABASE_URL:
        yield server.settings(SMALL)
        return
    with server.database(template) as settings:
        publish_small_record(settings)
        yield settings


@contextlib.contextmanager
def desk_session(settings: Settings, readers_see_it: bool = True) -> Iterator[DeskSession]:
    """A transaction of the desk: committed at the end, rolled back by an error.

    Then waits until running sites show what it published, unless `readers_see_it` is false.
    """
    engine = desk_engine(settings)
    try:
        with DeskSession(engine) as session, session.begin():
            yield session
        if readers_see_it:
            _wait_for_watchers(engine)
    finally:
        engine.dispose()


def _wait_for_watchers(engine: Engine) -> None:
    """Waits until the running sites of this database serve the newest edition."""
    watchers = [
        each
        for each in WATCHERS
        if each.is_running and each.engine.url.database == engine.url.database
    ]
    if not watchers:
        return
    with DeskSession(engine) as session:
        last = newest_edition_number(session)
    # A site that has just started may still be loading the previous edition.
    wait_until(
        lambda: all((each.newest.edition if each.newest else 0) >= last for each in watchers),
        "readers to see the newest edition",
        0.005,
    )


@contextlib.contextmanager
def reader_session(settings: Settings) -> Iterator[ListSession]:
    engine = reader_engine(settings)
    try:
        indexes = IndexManager(lambda: ReaderSession(engine))
        with ListSession(engine, indexes) as session, session.begin():
            yield session
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def rolled_back(server: Server, template: str) -> Iterator[Engine]:
    """The desk’s engine on a database that stays empty, since every test rolls back."""
    with server.database(template) as settings:
        engine = desk_engine(settings)
        yield engine
        engine.dispose()


@contextlib.contextmanager
def rolled_back_session(engine: Engine) -> Iterator[DeskSession]:
    with DeskSession(engine) as session, session.begin() as transaction:
        yield session
        if transaction.is_active:
            # What is checked at the end of a transaction is checked although it is rolled back.
            session.flush()
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            transaction.rollback()


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Iterator[DeskSession]:
    """A desk session. Rolled back, unless the test has a database, where others see its effect."""
    if "database" in request.fixturenames:
        session = desk_session(request.getfixturevalue("database"))
    else:
        session = rolled_back_session(request.getfixturevalue("rolled_back"))
    with session as opened:
        yield opened


@pytest.fixture
def reader(published: Settings) -> Iterator[ReaderSession]:
    """A reader session on the shared published record."""
    with reader_session(published) as session:
        yield session


@pytest.fixture(scope="session")
def client(published: Settings) -> Iterator[TestClient]:
    """A client without a browser on the shared record. Does not follow redirects."""
    from app.main import create_app

    with TestClient(create_app(published), follow_redirects=False) as client:
        yield client


SERVED: dict[str, Settings] = {}
"""Settings of the sites that `serving` runs, by address."""


@contextlib.contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Runs the site on a free port of this machine; yields its address."""
    import uvicorn

    from app.main import create_app

    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            create_app(settings), access_log=False, log_level="warning", ws="none", lifespan="on"
        )
        site = uvicorn.Server(config)
        thread = threading.Thread(target=site.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            wait_until(lambda: site.started or not thread.is_alive(), "the site to start")
            assert site.started
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            SERVED[address] = settings
            yield address
        finally:
            site.should_exit = True
            thread.join(10)


@pytest.fixture(scope="session")
def site(published: Settings) -> Iterator[str]:
    """The address of a running site on the shared record, for the browser."""
    with serving(published) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # A busy machine must not fail the tests.
    expect.set_options(timeout=30_000)
    with running_browser() as running:
        yield running


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page of a new browser profile. Relative addresses are resolved against the site."""
    with open_page(browser, site) as page:
        yield page


@pytest.fixture
def plain_page(browser: Browser, site: str) -> Iterator[Page]:
    """A page in a browser without scripts."""
    with open_page(browser, site, java_script_enabled=False) as page:
        yield page


@contextlib.contextmanager
def open_page(browser: Browser, site: str, **options: Any) -> Iterator[Page]:
    context = browser.new_context(base_url=site, **options)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def is_a_request() -> bool:
    """Whether this thread serves a request, as opposed to a background thread of the site."""
    return threading.current_thread().name.startswith("AnyIO")


def wait_until(
    condition: Callable[[], object],
    what: str,
    seconds_between: float = 0.02,
    seconds: float = MOST_SECONDS,
) -> None:
    """Waits until the condition is true; `what` names it in the failure message."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(seconds_between)


def is_alive(process: int) -> bool:
    """Whether a process runs; not if it has ended, and its parent has not noticed yet."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def pytest_configure() -> None:
    """Handle SIGTERM, as sent by `timeout`, like Ctrl-C: servers stop and folders are removed."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests that use a browser, so that `-m "not browser"` excludes them.

    With DATABASE_URL, deselect tests that use no database: they ran without it already.
    """
    fixtures = {item: set(getattr(item, "fixturenames", ())) for item in items}
    for item in items:
        if "browser" in fixtures[item]:
            item.add_marker(pytest.mark.browser)
    if GIVEN_DATABASE_URL:
        config.hook.pytest_deselected(
            items=[item for item in items if "server" not in fixtures[item]]
        )
        items[:] = [item for item in items if "server" in fixtures[item]]


def newest_edition_number(db: Session) -> int:
    """Return the newest edition in the database; 0 before the first one."""
    return db.scalar(select(func.coalesce(func.max(Edition.no), 0))) or 0
