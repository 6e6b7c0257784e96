"""A world with events in construction."""

import pytest

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_citation, make_code, make_estimate, make_event, make_place, make_term
from tests.support.worlds import WORLDS, World


def publish_construction(settings: Settings) -> None:
    target, exempt = (make_term("sector", "construction", role) for role in ("target", "exempt"))
    events = [
        make_event(1, terms=[make_term(), target]),
        make_event(2, terms=[make_term(), target], citations=[make_citation(2, 2)]),
        make_event(3, terms=[make_term(), exempt], citations=[make_citation(3)]),
        make_event(4, citations=[make_citation(4)]),
    ]
    codes = [
        make_code("construction", "sector"),
        make_code("building", "sector"),
        make_code("old", "sector", successor="building"),
    ]
    with desk_session(settings) as db:
        save_all(db, [*codes, make_place(4, "place-4"), *events, make_estimate(1)])
        publish_approved(db, "The first")


WORLDS["construction"] = World(publish_construction, "desk_world")


@pytest.fixture
def construction(desk_world: Settings) -> Settings:
    """Three events in construction, one of them as exempt, and one in no sector."""
    return desk_world
