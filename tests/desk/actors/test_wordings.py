"""Wordings of actors: those that look like one, and naming the actor in all of them."""

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.actors.wordings import wording_groups
from app.desk.approved.draft_models import Draft, DraftState
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.kinds import EventForm
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_actor, make_citation, make_event, make_term
from tests.support.desk_people import person
from tests.support.worlds import WORLDS, World


def event(number: int, wording: str, code: str = "") -> EventForm:
    terms = [make_term(), make_term("actor", code, printed=wording)]
    return make_event(number, terms=terms, citations=[make_citation(number)])


def publish_wordings(settings: Settings) -> None:
    ministry = make_actor(1, "ministry", names=[{"text": "Ministry of Labour of Ruritania"}])
    firm = make_actor(2, "firm", kind="company", names=[{"text": "Alpha Trading Company"}])
    events = [
        event(1, "the Ministry of Labor of Ruritania"),
        event(2, "Ruritania’s Ministry of Labour"),
        event(3, "Alpha Trading Compan"),
        event(4, "An official"),
        event(5, "The ministry’s office", "ministry"),
        event(6, "The ministry’s office"),
    ]
    with desk_session(settings) as db:
        save_all(db, [ministry, firm, *events])
        publish_approved(db, "The first")


WORLDS["wordings"] = World(publish_wordings, "desk_world")


@pytest.fixture
def wordings(desk_world: Settings) -> Settings:
    return desk_world


def test_groups_and_suggestions(wordings: Settings) -> None:
    with desk_session(wordings) as db:
        groups = wording_groups(Catalogue(db, person(wordings, "Basma")))
    found = {frozenset(each.text for each in group.wordings): group.suggested for group in groups}
    assert found == {
        frozenset(
            {"the Ministry of Labor of Ruritania", "Ruritania’s Ministry of Labour"}
        ): "ministry",
        # A wording that means one actor elsewhere.
        frozenset({"The ministry’s office"}): "ministry",
        # No firm is proposed for a name that is only like its own.
        frozenset({"Alpha Trading Compan"}): "",
        frozenset({"An official"}): "",
    }


def test_ticked_wordings_get_the_actor_by_drafts(wordings: Settings, basma: TestClient) -> None:
    refused = basma.post("/desk/actors", data={"wording.1": "An official", "actor": "nobody"})
    assert refused.status_code == 422 and "No actor has this name" in refused.text
    page = basma.get("/desk/actors").text
    assert (
        "Are these 2 the same actor?" in page and 'value="Ministry of Labour of Ruritania"' in page
    )
    key = re.search(r'name="key" value="([^"]+)"', page)
    sent = {"wording.1": "Ruritania’s Ministry of Labour", "actor": "ministry"}
    answer = basma.post("/desk/actors", data={**sent, **({"key": key[1]} if key else {})})
    assert answer.status_code == 303 and "/desk/bulk/" in answer.headers["location"]
    with desk_session(wordings) as db:
        [draft] = db.scalars(select(Draft))
        assert (draft.record, draft.state) == ("E2", DraftState.IN_REVIEW)
        assert draft.document["terms"][1]["code"] == "ministry"
        assert draft.document["terms"][1]["printed"] == "Ruritania’s Ministry of Labour"
