"""A hostile server, an application that may fetch only from it, and fixtures for messages."""

from collections.abc import Iterator

import pytest

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.settings import Settings
from app.site import tell as telling
from tests.conftest import desk_session
from tests.make import make_event
from tests.support.hostile_server import HostileServer, hostile_server
from tests.support.worlds import WORLDS, World


@pytest.fixture
def hostile() -> Iterator[HostileServer]:
    with hostile_server() as server:
        yield server


@pytest.fixture
def database(database: Settings, hostile: HostileServer) -> Settings:
    """Settings that allow the hostile server, which is also the public archive."""
    return database.model_copy(
        update={"fetch_also_from": [hostile.here], "archive_url": hostile.at("/save?page={url}")}
    )


@pytest.fixture
def quick_writers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "MIN_FORM_SECONDS", 0)


def publish_dormitory(settings: Settings) -> None:
    with desk_session(settings) as db:
        save_all(db, [make_event(7, title="Seen at the dormitory")])
        publish_approved(db, "The first")


WORLDS["in_the_record"] = World(publish_dormitory, "desk_world")


@pytest.fixture
def in_the_record(desk_world: Settings) -> Settings:
    return desk_world
