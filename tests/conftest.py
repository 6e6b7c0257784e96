"""What the tests stand on: a real PostgreSQL, a database for each test that writes, one published record to read.

With DATABASE_URL set, to a login that may create databases and roles, that server is used, 15 or later; without, one
starts itself in a temporary folder.
"""

import base64
import contextlib
import functools
import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import hypothesis
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from app import paths
from app.database import embedded
from app.database.engines import desk_engine, libpq_url, reader_engine
from app.database.migrating import migrate
from app.database.sessions import DeskSession, ReaderSession
from app.errors import CommandError
from app.record.editions import newest_edition_number
from app.record.index import edition_watcher
from app.settings import Settings
from app.worker_pool import POOL
from tests.support.html import fold_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from starlette.testclient import TestClient

    from tests.browser import Fonts

# Several runs on one server keep out of each other's way.
RUN = f"sojourn_test_{secrets.token_hex(3)}"
SECRET_KEY, HASH_SECRET = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
MOST_SECONDS = 120
"""How long anything may take on a machine that is busy with something else, before a test gives it up."""


@pytest.fixture(scope="session", autouse=True)
def folded_pages() -> Iterator[None]:
    """Tests read pages as a browser shows them: how a template is wrapped is nobody's promise."""
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
    """No setting of the person who runs the tests leaks into them; DATABASE_URL was read when the tests started."""
    with pytest.MonkeyPatch.context() as patch:
        for field in Settings.model_fields.values():
            patch.delenv(str(field.validation_alias), raising=False)
        yield


WATCHES: "weakref.WeakSet[edition_watcher.EditionWatcher]" = weakref.WeakSet()
"""Those of all sites that were started here."""


@pytest.fixture(scope="session", autouse=True)
def known_watches() -> Iterator[None]:
    """Remembers them, and lets them stop at once: a thousand sites that each wait for theirs take two minutes."""
    start = edition_watcher.EditionWatcher.start

    def known(self: edition_watcher.EditionWatcher) -> None:
        WATCHES.add(self)
        start(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edition_watcher, "STOP_CHECK_SECONDS", 0.01)
        patch.setattr(edition_watcher.EditionWatcher, "start", known)
        yield


@pytest.fixture(scope="session", autouse=True)
def kept_workers() -> Iterator[None]:
    """One pool of worker processes for all sites of the session, instead of new processes for each."""
    POOL.open()
    yield
    POOL.close()


# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("however long", deadline=None)
hypothesis.settings.load_profile("however long")

# A shell lets what it starts in the background ignore Ctrl-C, and the programs that these tests start would inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)

GIVEN_DATABASE_URL = os.environ.get("DATABASE_URL")


@dataclass
class Server:
    """A PostgreSQL server on which the tests may make databases."""

    admin_url: str
    logins: dict[str, tuple[str, str | None]]
    names = itertools.count(1)

    def create(self, template: str | None = None) -> str:
        name = f"{RUN}_{next(self.names)}"
        with self._admin() as connection:
            copied = sql.Identifier(template or "template0")
            # Every other test makes a database. Where nothing is synced, files are copied in half the time of a log.
            make = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
            connection.execute(make.format(sql.Identifier(name), copied))
        return name

    def drop(self, name: str) -> None:
        with self._admin() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def settings(self, name: str) -> Settings:
        """The settings of an installation on this database, with its three separate logins."""
        return Settings(
            database_url=self.url(name, "desk"),
            reader_database_url=self.url(name, "reader"),
            migrate_database_url=self.url(name),
            secret_key=SECRET_KEY,
            hash_secret=HASH_SECRET,
        )

    def url(self, name: str, login: str | None = None) -> str:
        url = make_url(libpq_url(self.admin_url)).set(database=name)
        if login:
            user, password = self.logins[login]
            url = url.set(username=user, password=password)
        return url.render_as_string(hide_password=False)

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(libpq_url(self.admin_url), autocommit=True)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if GIVEN_DATABASE_URL:
        # Logins of this run alone, with passwords: the real border between desk and reader is what we test.
        logins: dict[str, tuple[str, str | None]] = {
            group: (f"{RUN}_{group}", secrets.token_hex(16)) for group in ("desk", "reader")
        }
        yield Server(GIVEN_DATABASE_URL, logins)
        with psycopg.connect(libpq_url(GIVEN_DATABASE_URL), autocommit=True) as connection:
            for login, _ in logins.values():
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(login)))
        return
    stop_what_killed_runs_left()
    with temporary_folder() as folder:
        # Nothing here has to survive a power cut.
        hasty = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        with embedded.running(folder, hasty) as running:
            yield Server(
                running.url("postgres"),
                {"desk": (embedded.DESK_LOGIN, None), "reader": (embedded.READER_LOGIN, None)},
            )


MEMORY = Path("/dev/shm")


def temporary_root() -> Path:
    """Memory, where a system has enough of it as a folder.

    Nothing here has to last, and copying the files of a database, which every other test does, takes 20 ms there and
    300 ms on a busy disk.
    """
    with contextlib.suppress(OSError):
        room = os.statvfs(MEMORY)
        # As root, the programs of the server are copied beside its data and started there.
        runs_programs = not room.f_flag & os.ST_NOEXEC
        if runs_programs and os.access(MEMORY, os.W_OK) and room.f_bavail * room.f_frsize > 3 << 30:
            return MEMORY
    return Path("/tmp")


def stop_what_killed_runs_left(older_than_seconds: float = 3600) -> None:
    """A run that was killed outright could stop nothing. What is in use, or recent, is another run's."""
    for folder in (*Path("/tmp").glob("sojourn-test-*"), *MEMORY.glob("sojourn-test-*")):
        with contextlib.suppress(OSError, CommandError):
            found = folder.stat()
            if found.st_uid == os.geteuid() and time.time() - found.st_mtime > older_than_seconds:
                places = [
                    place
                    for place in (folder, *folder.iterdir())
                    if (place / "postgres-18").is_dir()
                ]
                if all(embedded.stop_if_unused(place) for place in places):
                    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that another account can enter too: as root, the server runs under one."""
    folder = Path(tempfile.mkdtemp(prefix="sojourn-test-", dir=temporary_root()))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server: Server) -> Iterator[str]:
    """The name of a database with roles and tables and nothing in them."""
    name = server.create()
    migrate(server.settings(name), logins=True)
    yield name
    server.drop(name)


@pytest.fixture
def database(server: Server, template: str) -> Iterator[Settings]:
    """A database with empty tables for one test alone, as the settings of an installation on it."""
    name = server.create(template)
    yield server.settings(name)
    server.drop(name)


@pytest.fixture
def empty_database(server: Server) -> Iterator[Settings]:
    """A database for one test alone that has never been migrated."""
    name = server.create()
    yield server.settings(name)
    server.drop(name)


@pytest.fixture(scope="session")
def published(server: Server, template: str) -> Iterator[Settings]:
    """The seeds, published as edition 1. Shared by all tests that only read."""
    from app.desk.approved.publish import publish_approved
    from app.desk.csv.reader import import_folder

    name = server.create(template)
    settings = server.settings(name)
    with desk_session(settings) as session:
        report = import_folder(session, paths.SEEDS, False)
        assert not report.errors, "\n".join(str(problem) for problem in report.errors)
        publish_approved(session, "The first reports")
    yield settings
    server.drop(name)


@contextlib.contextmanager
def desk_session(settings: Settings, readers_see_it: bool = True) -> Iterator[DeskSession]:
    """A transaction of the desk: committed at the end, rolled back by an error. Then readers see what it published,
    unless the test keeps their site from it."""
    engine = desk_engine(settings)
    try:
        with DeskSession(engine) as session, session.begin():
            yield session
        if readers_see_it:
            _let_readers_see(engine)
    finally:
        engine.dispose()


def _let_readers_see(engine: Engine) -> None:
    """Waits for the sites of this database to bring in what is new."""
    sites = [
        each
        for each in WATCHES
        if each.is_running and each.engine.url.database == engine.url.database
    ]
    if not sites:
        return
    with DeskSession(engine) as session:
        last = newest_edition_number(session)
    # One that has just begun may be bringing in the edition before.
    wait_until(
        lambda: all((each.newest.edition if each.newest else 0) >= last for each in sites),
        "readers to see it",
        0.005,
    )


@contextlib.contextmanager
def reader_session(settings: Settings) -> Iterator[ReaderSession]:
    engine = reader_engine(settings)
    try:
        with ReaderSession(engine) as session, session.begin():
            yield session
    finally:
        engine.dispose()


@pytest.fixture
def desk(database: Settings) -> Iterator[DeskSession]:
    """The desk of this test's own database."""
    with desk_session(database) as session:
        yield session


@pytest.fixture
def reader(published: Settings) -> Iterator[ReaderSession]:
    """The reader of the shared, published record."""
    with reader_session(published) as session:
        yield session


@pytest.fixture(scope="session")
def client(published: Settings) -> Iterator["TestClient"]:
    """A reader without a browser, on the shared record. Follows no redirects: where they lead is what we test."""
    from starlette.testclient import TestClient

    from app.main import create_app

    with TestClient(create_app(published), follow_redirects=False) as client:
        yield client


SERVED: dict[str, Settings] = {}
"""The settings of the sites that `serving` runs, by address."""


@contextlib.contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The site on a free port of this machine, as its address."""
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
def browsers() -> Iterator[Callable[["Fonts"], "Browser"]]:
    """Browsers by the fonts of their machine, each started on first use."""
    from playwright.sync_api import expect, sync_playwright

    from tests.browser import launch

    # A machine that is busy with something else says nothing about us.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright, contextlib.ExitStack() as running:

        @functools.cache
        def browser_with(fonts: "Fonts") -> "Browser":
            started = launch(playwright, fonts)
            running.callback(started.close)
            return started

        yield browser_with


@pytest.fixture(scope="session")
def browser(browsers: Callable[["Fonts"], "Browser"]) -> "Browser":
    from tests.browser import Fonts

    return browsers(Fonts.NOTO)


@pytest.fixture
def page(browser: "Browser", site: str) -> Iterator["Page"]:
    """A page of a new browser profile; relative addresses are those of the site."""
    with opened_page(browser, site) as page:
        yield page


@pytest.fixture(params=["NOTO", "NOTO_CJK"], ids=["Noto", "Noto CJK"])
def layout_page(
    request: pytest.FixtureRequest, browsers: Callable[["Fonts"], "Browser"], site: str
) -> Iterator["Page"]:
    """As `page`, for what depends on how wide and tall letters are: once with each set of fonts."""
    from tests.browser import Fonts

    with opened_page(browsers(Fonts[request.param]), site) as page:
        yield page


@contextlib.contextmanager
def opened_page(browser: "Browser", site: str) -> Iterator["Page"]:
    context = browser.new_context(base_url=site)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@contextlib.contextmanager
def running_command(
    command: list[str], environment: dict[str, str]
) -> Iterator["subprocess.Popen[str]"]:
    """One of our commands as a process of its own, with no settings but these."""
    names = {str(field.validation_alias) for field in Settings.model_fields.values()}
    clean = {name: value for name, value in os.environ.items() if name not in names}
    program = Path(sys.executable).parent / command[0]
    with subprocess.Popen(
        [program, *command[1:]],
        env={**clean, **environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()


def is_a_request() -> bool:
    """Whether this thread answers one; not one of those that a site keeps beside them, which come when they like."""
    return threading.current_thread().name.startswith("AnyIO")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def wait_until(
    is_so: Callable[[], object],
    what: str,
    seconds_between: float = 0.02,
    seconds: float = MOST_SECONDS,
) -> None:
    """Waits for what comes by itself: as long as a machine may take that is busy with something else."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(seconds_between)


def pytest_configure() -> None:
    """A request to end, such as `timeout` sends, ends as Ctrl-C does: with the servers stopped and nothing left."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever uses the browser is marked so, so that `-m "not browser"` leaves it out.

    On a server that is given, what never asks it for anything would only be done a second time.
    """
    asks = {item: set(getattr(item, "fixturenames", ())) for item in items}
    for item in items:
        if "browsers" in asks[item]:
            item.add_marker(pytest.mark.browser)
    if GIVEN_DATABASE_URL:
        config.hook.pytest_deselected(items=[item for item in items if "server" not in asks[item]])
        items[:] = [item for item in items if "server" in asks[item]]
