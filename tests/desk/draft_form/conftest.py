"""A contributor, and what is known to the form: all of it is rolled back."""

import pytest

from app.database.sessions import DeskSession
from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from tests.make import a_small_world
from tests.support.desk_people import add_person


@pytest.fixture
def writer(desk: DeskSession) -> Person:
    return add_person(desk, "Chidi")


@pytest.fixture
def catalogue(desk: DeskSession, writer: Person) -> Catalogue:
    """What the contributor knows of the small world."""
    save_all(desk, a_small_world())
    desk.flush()
    return Catalogue(desk, writer)
