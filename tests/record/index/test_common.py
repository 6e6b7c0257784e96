"""Common words: which words are common, and how a worker reads their rows in the background."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from app.database.engines import libpq_url
from app.main import create_app
from app.record.filters import LISTS, EventFilters
from app.record.index import searching
from app.record.index.manager import IndexManager
from app.record.lists import backend
from app.record.lists.backend import ListSession, select_edition
from app.record.names.directory import read_directory
from app.record.publishing.purge import purge
from app.settings import Settings
from tests.conftest import desk_session, reader_session, wait_until
from tests.make import a_small_world, make_code, make_event, publish_all
from tests.support.oracle import Oracle

SUMMARIES = ["Workers of a plant.", "단둥 노동자", "A restaurant closed.", "Nothing of the kind."]


@pytest.fixture
def many(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Forty events with four texts in turn; ten rows make a word common."""
    monkeypatch.setattr(searching, "MIN_ROWS", 9)
    with desk_session(database) as desk:
        events = [
            make_event(number, summary=SUMMARIES[number % 4], citations=[])
            for number in range(1, 41)
        ]
        publish_all(desk, *a_small_world(), make_code("student", "paper", label="Plant"), *events)
    return database


def look_at_the_record(settings: Settings) -> None:
    """Update the statistics, as autovacuum does."""
    assert settings.migrate_database_url
    with psycopg.connect(libpq_url(settings.migrate_database_url), autocommit=True) as connection:
        connection.execute("ANALYZE record.version")


@contextmanager
def worker(settings: Settings) -> Iterator[tuple[ListSession, IndexManager]]:
    """A reader's session and its indexes, before common words are read."""
    with reader_session(settings) as db:
        indexes = db.indexes
        assert indexes.catch_up()
        yield db, indexes


def words_of(indexes: IndexManager, kind: str = "E") -> set[str] | None:
    assert indexes.serving
    found = indexes.serving.indexes[kind].common
    return None if found is None else set(found.rows)


def total(db: ListSession, indexes: IndexManager, query: str, kind: str = "E") -> int:
    """Return the number of rows that match a query, compared with the oracle."""
    db.indexes, db.serving = indexes, indexes.serving
    edition = select_edition(db)
    names, filters = read_directory(db, edition), LISTS[kind].made_of({"q": [query]}, {})
    found = backend.match(db, edition, filters, names).counts().total
    assert found == len(Oracle(db, edition, LISTS[kind], names).rows(filters)), query
    return found


def test_search_of_common_words_reads_no_versions(many: Settings) -> None:
    look_at_the_record(many)
    with worker(many) as (db, indexes):
        assert indexes.gather()
        assert not indexes.gather()  # nothing is missing
        expected = {
            "workers": 10,
            "plant": 10,
            "workers -plant": 0,
            "-workers": 30,
            "closing OR 노동": 20,
            "the restaurants": 10,
            "-the": 40,
            "!": 40,
        }
        db.serving = indexes.serving
        edition = select_edition(db)
        names = read_directory(db, edition)
        statements: list[str] = []
        event.listen(
            db.get_bind(),
            "before_cursor_execute",
            lambda _, __, statement, *___: statements.append(statement),
        )
        for query, count in expected.items():
            filters = EventFilters().with_(q=query)
            assert backend.match(db, edition, filters, names).counts().total == count, query
        assert statements == []
        # Quoted words are found as written, with which rows of their stem don't help.
        for query, count in (expected | {'"Worker"': 0, '"workers"': 10}).items():
            assert total(db, indexes, query) == count, query


@pytest.mark.parametrize("is_purged", [False, True])
def test_common_words_are_read_again_after_an_edition_meanwhile(
    many: Settings, is_purged: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at_the_record(many)
    with worker(many) as (_db, indexes):

        def rest(_seconds: float) -> bool:
            with desk_session(many) as desk:
                publish_all(desk, make_event(41, summary="A plant closed.", citations=[]))
                if is_purged:
                    purge(desk, "E4")
            assert indexes.catch_up()
            return False

        monkeypatch.setattr(indexes.stopped, "wait", rest)
        assert indexes.gather() and words_of(indexes) is None
        monkeypatch.setattr(indexes.stopped, "wait", lambda _seconds: False)
        assert indexes.gather() and words_of(indexes)
        with reader_session(many) as db:
            counted = [total(db, indexes, word) for word in ("plant", "closed", "workers")]
            assert counted == ([10, 11, 9] if is_purged else [11, 11, 10])


def test_worker_answers_while_gathering_fails(
    many: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_given: object) -> None:
        raise OSError("there is no more room")

    monkeypatch.setattr("app.record.index.manager.gather_common_words", fail)
    with TestClient(create_app(many)) as client:
        wait_until(lambda: "“words” failed and tries again: OSError" in caplog.text, "it to say so")
        assert client.get("/events.json?q=workers").json()["total"] == 10
        wait_until(lambda: client.get("/healthz").status_code == 200, "the first look")
        health = client.get("/healthz")
        assert (health.status_code, health.json()["gathering"]) == (200, True)
