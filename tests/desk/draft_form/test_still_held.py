"""The form proposes that a step still held, if its citation is more than a month later."""

import pytest

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import document_of
from app.desk.draft_form.still_held import still_held
from app.forms import Stage
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_citation, make_event, make_stage
from tests.support.desk_people import make_people, person


@pytest.mark.parametrize(
    ("step", "day", "said", "proposed"),
    [
        ("in-force", "2019-02-05", "", ["2019-02-05/.."]),
        ("in-force", "2019-02", "2019-04", ["2019-02/.."]),
        ("in-force", "2019-02", "2019-03", []),
        ("in-force", "2019-05-20", "", []),
        ("in-force", "2019-02-05/..", "", []),
        ("in-force", "unknown", "", []),
        ("announced", "2019-02-05", "", []),
    ],
)
def test_form_proposes_that_a_step_was_still_so(
    database: Settings, step: str, day: str, said: str, proposed: list[str]
) -> None:
    make_people(database, "Chidi")
    event = make_event(stages=[make_stage(step, day)], citations=[make_citation(said=said)])
    with desk_session(database) as db:
        save_all(db, a_small_world())
        db.flush()
        document = document_of(event)
        found = still_held(
            Catalogue(db, person(database, "Chidi")),
            document,
            Stage,
            "date",
            document["stages"][0],
        )
    assert [each.value for each in found] == proposed
    assert all(each.words.startswith("since ") for each in found)
