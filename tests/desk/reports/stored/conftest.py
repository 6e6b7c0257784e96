"""A report that can be entered, and the people of its desk: all of it is rolled back."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.database.engines import desk_engine
from app.database.sessions import DeskSession
from app.desk.approved.models import Draft
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands
from app.desk.drafts.commands import PostedDraft
from app.desk.drafts.report_settings import begin_entry
from app.desk.identity.models import Person
from app.desk.reports import marking
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


def an_entry(db: Session, by: Person, kind: str = "E", source: str = "S7", **texts: Any) -> Draft:
    """Begin and save an entry of a report."""
    catalogue = Catalogue(db, by)
    draft = begin_entry(db, by, catalogue, kind, source)
    said = {"paraphrase": "It says so.", "certainty": "firm"}
    citations = [{**row, **said} for row in draft.document["citations"]]
    event = {"title": "It says so.", "summary": "It says so.", "type": "stay-limit"}
    document = {**draft.document, **(event if kind == "E" else {}), "citations": citations, **texts}
    place = {"key": "place", "code": "place-1", "role": "at"}
    document["terms"] = [{**document["terms"][0], **place}]
    commands.save(db, draft, PostedDraft(document, 0, "p"), by)
    return draft
