"""A report that can be entered, and the people of its desk: all of it is rolled back."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database.engines import desk_engine
from app.desk.approved.models import Draft
from app.desk.drafts import commands
from app.desk.drafts.commands import PostedDraft
from app.desk.drafts.report_settings import begin_entry
from app.desk.identity.models import Person
from app.desk.reports import texts
from app.settings import Settings
from tests.conftest import MOST_SECONDS, rolled_back_session
from tests.make import make_source
from tests.support.database_server import Server
from tests.support.desk_people import email
from tests.support.worlds import desk_with


@pytest.fixture(autouse=True)
def patient_marking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not fail the tests: a text that takes too long gets no marks."""
    monkeypatch.setattr(texts, "MAX_SECONDS", MOST_SECONDS)


REPORT = make_source(
    7, title="Workers leave", outlet="outlet-2", published="2019-03-18", language="ko"
)
stored_report = desk_with("stored_report", REPORT)
"""The report on a database of its own, where others see what a test writes."""


@pytest.fixture(scope="session")
def world(server: Server, template_of: Callable[[str], str]) -> Iterator[Settings]:
    """The report on a database that does not change, since every test rolls back."""
    with server.database(template_of("stored_report")) as settings:
        yield settings


@pytest.fixture
def db(world: Settings) -> Iterator[Session]:
    engine = desk_engine(world)
    with rolled_back_session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def amal(db: Session) -> Person:
    return _person(db, "Amal")


@pytest.fixture
def basma(db: Session) -> Person:
    return _person(db, "Basma")


def _person(db: Session, name: str) -> Person:
    return db.scalars(select(Person).where(Person.email == email(name))).one()


def an_entry(db: Session, by: Person) -> Draft:
    """Begin and save an event of the report."""
    draft = begin_entry(db, by, "E", "S7")
    said = {"paraphrase": "It says so.", "certainty": "firm"}
    citations = [{**row, **said} for row in draft.document["citations"]]
    event = {"title": "It says so.", "summary": "It says so.", "type": "stay-limit"}
    place = {"key": "place", "code": "place-1", "role": "at"}
    terms = [{**draft.document["terms"][0], **place}]
    document = {**draft.document, **event, "citations": citations, "terms": terms}
    commands.save(db, draft, PostedDraft(document, 0, "p"), by)
    return draft
