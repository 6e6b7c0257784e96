"""A hostile server, an application that may fetch only from it, and fixtures for messages."""

from collections.abc import Iterator

import pytest

from app.settings import Settings
from app.site import tell as telling
from tests.make import make_event
from tests.support.hostile_server import HostileServer, hostile_server
from tests.support.worlds import desk_with


@pytest.fixture
def hostile() -> Iterator[HostileServer]:
    with hostile_server() as server:
        yield server


@pytest.fixture
def database(database: Settings, hostile: HostileServer) -> Settings:
    """Settings that allow the hostile server."""
    return database.model_copy(update={"fetch_also_from": [hostile.here]})


@pytest.fixture
def quick_writers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "MIN_FORM_SECONDS", 0)


in_the_record = desk_with("in_the_record", make_event(7, title="Seen at the dormitory"))
