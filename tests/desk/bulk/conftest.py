"""A world with events in construction."""

import pytest

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_place,
    make_term,
)

SECTORS = [
    make_code("construction", "sector"),
    make_code("building", "sector"),
    make_code("old", "sector"),
]


@pytest.fixture
def world(desk_world: Settings) -> Settings:
    """Three events in construction, one of them as exempt, and one in no sector."""
    with desk_session(desk_world) as db:
        save_all(
            db,
            [
                *SECTORS[:2],
                SECTORS[2].model_copy(update={"successor": "building"}),
                make_place(4, "place-4"),
            ],
        )
        target, exempt = (
            make_term("sector", "construction", role) for role in ("target", "exempt")
        )
        events = [
            make_event(1, terms=[make_term(), target]),
            make_event(2, terms=[make_term(), target], citations=[make_citation(2, 2)]),
            make_event(3, terms=[make_term(), exempt], citations=[make_citation(3)]),
            make_event(4, citations=[make_citation(4)]),
        ]
        save_all(db, [*events, make_estimate(1)])
        publish_approved(db, "The first")
    return desk_world
