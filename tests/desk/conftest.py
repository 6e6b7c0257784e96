"""The desk's application on a copy of a world, and clients with a given address."""

from collections.abc import Callable, Iterator
from typing import Protocol

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.desk.identity import passwords
from app.main import create_app
from app.settings import Settings
from tests.support.database_server import Server
from tests.support.desk_people import FIREFOX, password_hash
from tests.support.draft_pages import published, report, report_in_review, reports
from tests.support.worlds import WORLDS, give_cookies

__all__ = ["published", "report", "report_in_review", "reports"]

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


@pytest.fixture(scope="session")
def template_of(server: Server, template: str) -> Iterator[Callable[[str], str]]:
    """Return the name of the database of a world, made at its first use."""
    made = {"": template}

    def database_of(world: str) -> str:
        if world not in made:
            name = server.create(database_of(WORLDS[world].builds_on))
            WORLDS[world].make(server.settings(name))
            made[world] = name
        return made[world]

    yield database_of
    for name in set(made.values()) - {template}:
        server.drop(name)


@pytest.fixture
def database(
    request: pytest.FixtureRequest, server: Server, template_of: Callable[[str], str]
) -> Iterator[Settings]:
    """As in other folders, but a copy of the world that the test asks for."""
    asked = [world for world in ["", *WORLDS] if not world or world in request.fixturenames]
    with server.database(template_of(asked[-1])) as settings:
        yield settings


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
    """People who are signed in, and a few approved records."""
    return database


@pytest.fixture
def published_world(database: Settings) -> Settings:
    """The same, with these records as edition 1."""
    return database


@pytest.fixture
def chidi(desk_world: Settings, visit: Visit) -> TestClient:
    return give_cookies(visit(), "Chidi")


@pytest.fixture
def amal(desk_world: Settings, visit: Visit) -> TestClient:
    return give_cookies(visit("203.0.113.9"), "Amal")


@pytest.fixture
def basma(desk_world: Settings, visit: Visit) -> TestClient:
    return give_cookies(visit("203.0.113.7"), "Basma")
