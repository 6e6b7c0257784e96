"""What a test of the desk finds in its database: each world is made once and copied for each test.

A fixture with the name of a world has a database that is a copy of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.identity.models import Device, SignIn
from app.desk.identity.sign_ins import hash_of
from app.kinds import RecordForm
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_event
from tests.support.desk_people import ROLES, make_people

TOKENS = {name: f"the token of {name}".ljust(43, ".") for name in ROLES}


@dataclass(frozen=True)
class World:
    make: Callable[[Settings], None]
    """Adds to the database what the world on which it builds has not."""
    builds_on: str = ""


def add_signed_in_people_and_records(settings: Settings) -> None:
    ids = make_people(settings, *ROLES)
    with desk_session(settings) as db:
        for name, id in ids.items():
            token_hash = hash_of(TOKENS[name])
            db.add(SignIn(token_hash=token_hash, person=id, browser="Firefox on Linux"))
            db.add(Device(token_hash=token_hash, person=id))
        save_all(db, [*a_small_world(), make_event()])


def publish_first_edition(settings: Settings) -> None:
    with desk_session(settings) as db:
        publish_approved(db, "The first")


def publish_new(settings: Settings, *forms: RecordForm) -> None:
    """Approve these forms, and publish what is approved as one edition."""
    with desk_session(settings) as db:
        save_all(db, forms)
        publish_approved(db, "Published")


WORLDS = {
    "desk_world": World(add_signed_in_people_and_records),
    "published_world": World(publish_first_edition, "desk_world"),
}
"""By the name of the fixture; each after the one on which it builds."""


def give_cookies(client: TestClient, name: str) -> TestClient:
    """Give a client the cookies of a person who is signed in."""
    for cookie in ("sojourn", "sojourn-device"):
        client.cookies.set(cookie, TOKENS[name], domain="testserver.local", path="/")
    return client


def world_of(
    name: str, make: Callable[[Settings], None], builds_on: str = "desk_world"
) -> Callable[[Settings], Settings]:
    """Return the fixture of this name: a database with what `make` adds to another world."""
    WORLDS[name] = World(make, builds_on)

    @pytest.fixture
    def world(desk_world: Settings) -> Settings:
        return desk_world

    return world


def desk_with(name: str, *forms: RecordForm) -> Callable[[Settings], Settings]:
    """Return the fixture of this name: the world of the desk, and an edition with these forms."""
    return world_of(name, lambda settings: publish_new(settings, *forms))
