"""The desk's application on a database of its own, and clients with a given address."""

from collections.abc import Iterator
from typing import Protocol

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.desk.approved.store import save_all
from app.desk.identity import passwords
from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_event
from tests.support.desk_people import FIREFOX, make_people, password_hash, sign_in

REAL_HASHER = passwords.HASHER


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hash passwords with cheap parameters: the real ones would take half of the test time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
        )
        yield


@pytest.fixture
def real_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Restore the real hashing parameters."""
    monkeypatch.setattr(passwords, "HASHER", REAL_HASHER)
    kept = (passwords._dummy_hash, password_hash)
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()


class Visit(Protocol):
    """Open a client at an address, without cookies. The client follows no redirects."""

    def __call__(self, address: str = "198.51.100.1", user_agent: str = FIREFOX) -> TestClient: ...


@pytest.fixture
def one_person_desk() -> None:
    """Run acts without confirmation by a second person."""


@pytest.fixture
def app(database: Settings, request: pytest.FixtureRequest) -> Iterator[FastAPI]:
    settings = database.model_copy(
        update={"one_person_desk": "one_person_desk" in request.fixturenames}
    )
    with TestClient(create_app(settings)) as running:
        assert isinstance(running.app, FastAPI)
        yield running.app


@pytest.fixture
def visit(app: FastAPI) -> Visit:
    def visit(address: str = "198.51.100.1", user_agent: str = FIREFOX) -> TestClient:
        headers = {"sec-fetch-site": "same-origin", "user-agent": user_agent}
        return TestClient(app, follow_redirects=False, client=(address, 50_000), headers=headers)

    return visit


@pytest.fixture
def desk_world(database: Settings) -> Settings:
    """People, and a few approved records."""
    make_people(database, "Amal", "Basma", "Chidi")
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), make_event()])
    return database


@pytest.fixture
def chidi(desk_world: Settings, visit: Visit) -> TestClient:
    client = visit()
    sign_in(client, "Chidi")
    return client


@pytest.fixture
def amal(desk_world: Settings, visit: Visit) -> TestClient:
    client = visit("203.0.113.9")
    sign_in(client, "Amal")
    return client


@pytest.fixture
def basma(desk_world: Settings, visit: Visit) -> TestClient:
    client = visit("203.0.113.7")
    sign_in(client, "Basma")
    return client
