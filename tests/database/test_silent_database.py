"""Pages and background threads while the database is locked, full or broken."""

import threading
from contextlib import ExitStack

import psycopg
import pytest
from alembic.script import ScriptDirectory
from starlette.testclient import TestClient

from app import paths
from app.database import engines, server_checks
from app.database.engines import libpq_url
from app.database.migrating import migrate
from app.errors import CommandError
from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.make import make_event, publish_all
from tests.support.desk_accounts import as_owner


def test_locked_table_gives_503_before_the_lock_is_gone(two_published_events: Settings) -> None:
    with TestClient(create_app(two_published_events)) as client:
        wait_until(lambda: client.get("/healthz").status_code == 200, "the site")
        with psycopg.connect(libpq_url(two_published_events.migrate_database_url or "")) as locking:
            locking.execute("LOCK record.version IN ACCESS EXCLUSIVE MODE")
            assert client.get("/events/E1?edition=1").status_code == 503


def test_full_pool_gives_503_and_editions_still_come_in(
    two_published_events: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "POOL_WAIT_SECONDS", 0.1)
    app = create_app(two_published_events)
    with TestClient(app) as client, ExitStack() as held:
        wait_until(lambda: client.get("/healthz").json()["served"] == 1, "the site")
        for _ in range(engines.MAX_CONNECTIONS):
            held.enter_context(app.state.reader_engine.connect())
        end_watching = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE '%record.purged%' "
            "AND pid <> pg_backend_pid()"
        )
        as_owner(two_published_events, end_watching)
        assert client.get("/events/E1?edition=1").status_code == 503
        with desk_session(two_published_events, readers_see_it=False) as desk:
            publish_all(desk, make_event(3, citations=[]))
        wait_until(lambda: client.get("/healthz").json()["edition"] == 2, "the watch to see it")
        held.close()
        wait_until(
            lambda: client.get("/healthz").json()["served"] == 2, "the edition to be brought in"
        )


def test_migration_of_table_in_use_waits_and_gives_up(
    empty_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "MIGRATION_OPTIONS", {"lock_timeout": "100ms"})
    newest = ScriptDirectory(str(paths.MIGRATIONS)).get_revision(server_checks.newest_revision())
    migrate(empty_database, str(newest.down_revision))
    with psycopg.connect(libpq_url(empty_database.migrate_database_url or "")) as using:
        using.execute("LOCK desk.alembic_version IN ACCESS EXCLUSIVE MODE")
        failures: list[CommandError] = []

        def try_it() -> None:
            try:
                migrate(empty_database)
            except CommandError as stop:
                failures.append(stop)

        thread = threading.Thread(target=try_it, daemon=True)
        thread.start()
        thread.join(30)
        assert not thread.is_alive()
        assert "see what else uses it, and run the command again" in str(failures[0])
    migrate(empty_database)
