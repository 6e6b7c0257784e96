"""A report that can be entered, and the people of its desk: all of it is rolled back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.database.engines import desk_engine
from app.database.sessions import DeskSession
from app.desk.approved.draft_models import Draft
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.identity.models import Person
from app.desk.sheets import commands, marking
from app.desk.sheets.models import ReportSheet
from app.documents import Document
from app.settings import Settings
from tests.conftest import MOST_SECONDS, desk_session
from tests.make import a_small_world, make_event, make_source
from tests.support.database_server import Server
from tests.support.desk_people import email, make_people


@pytest.fixture(autouse=True)
def patient_marking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not fail the tests: a text that takes too long gets no marks."""
    monkeypatch.setattr(marking, "MAX_SECONDS", MOST_SECONDS)


def make_report(settings: Settings) -> None:
    """Add S7 of outlet 2, approved and published; nothing is entered from it."""
    with desk_session(settings) as db:
        source = make_source(
            7, title="Workers leave", outlet="outlet-2", published="2019-03-18", language="ko"
        )
        save_all(db, [source])
        publish_approved(db, "Before")


@pytest.fixture
def report(desk_world: Settings) -> Settings:
    """The report on a database of its own, where others see what a test writes."""
    make_report(desk_world)
    return desk_world


@pytest.fixture(scope="session")
def world(server: Server, template: str) -> Iterator[Settings]:
    """The report on a database that does not change, since every test rolls back."""
    name = server.create(template)
    settings = server.settings(name)
    make_people(settings, "Amal", "Basma", "Chidi")
    with desk_session(settings) as db:
        save_all(db, [*a_small_world(), make_event()])
    make_report(settings)
    yield settings
    server.drop(name)


@pytest.fixture
def db(world: Settings) -> Iterator[Session]:
    engine = desk_engine(world)
    with DeskSession(engine) as session, session.begin() as transaction:
        yield session
        if transaction.is_active:
            # What is checked at the end of a transaction is checked although it is rolled back.
            session.flush()
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            transaction.rollback()
    engine.dispose()


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


@dataclass
class Entered:
    """The saved sheet of S7, and who writes it."""

    db: Session
    by: Person
    sheet: ReportSheet

    def save(self, *rows: Document, **values: Any) -> None:
        document = {**self.sheet.document, "rows": [*rows], **values}
        commands.save(self.db, self.sheet, document, self.sheet.number, page="p", by=self.by)

    def row(self, key: str) -> Document:
        return next(row for row in self.sheet.document["rows"] if row["row"] == key)

    def make_drafts(self) -> list[Draft]:
        return commands.make_drafts(self.db, self.sheet, self.by)

    def hand_in(self) -> list[Draft]:
        return commands.hand_in(self.db, self.sheet, self.by)

    def errors(self) -> list[Any]:
        return commands.row_errors(self.db, self.sheet, self.by)


class Enter(Protocol):
    """Begin and save the sheet with these rows."""

    def __call__(self, *rows: Document, by: Person | None = None, **values: Any) -> Entered: ...


@pytest.fixture
def enter(db: Session, amal: Person) -> Enter:
    def entering(*rows: Document, by: Person | None = None, **values: Any) -> Entered:
        entered = Entered(db, by or amal, commands.begin(db, by or amal, "S7"))
        entered.save(*rows, **values)
        return entered

    return entering
