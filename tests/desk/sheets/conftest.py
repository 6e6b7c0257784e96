"""A report that can be entered, and two editors at its sheet."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.identity.models import Person
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_source
from tests.support.desk_people import email


@pytest.fixture
def report(desk_world: Settings) -> Settings:
    """S7 of outlet 2, approved and published; nothing is entered from it."""
    with desk_session(desk_world) as db:
        source = make_source(
            7, title="Workers leave", outlet="outlet-2", published="2019-03-18", language="ko"
        )
        save_all(db, [source])
        publish_approved(db, "Before")
    return desk_world


@pytest.fixture
def db(report: Settings) -> Iterator[Session]:
    with desk_session(report) as session:
        yield session


@pytest.fixture
def amal(db: Session) -> Person:
    return _person(db, "Amal")


@pytest.fixture
def basma(db: Session) -> Person:
    return _person(db, "Basma")


@pytest.fixture
def chidi(db: Session) -> Person:
    return _person(db, "Chidi")


def _person(db: Session, name: str) -> Person:
    return db.scalars(select(Person).where(Person.email == email(name))).one()
