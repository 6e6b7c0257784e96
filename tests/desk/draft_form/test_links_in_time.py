"""A link to an event that began after this one was over is pointed out at the desk."""

from typing import Any

import pytest

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import document_of
from app.desk.draft_form.links_in_time import links_against_time
from app.forms import EventForm
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_event, make_link
from tests.support.desk_people import make_people, person


@pytest.mark.parametrize(
    ("when", "type", "other", "is_shown"),
    [
        ({"happened": "2019-03"}, "effect-of", {"happened": "2019-06"}, True),
        ({"happened": "", "attested": "2019-03-27"}, "effect-of", {"happened": "2019-06~"}, True),
        ({"happened": "2019-03"}, "follows", {"happened": "2019-06"}, True),
        ({"happened": "2019-06"}, "effect-of", {"happened": "2019-06"}, False),
        ({"happened": "2019-03"}, "part-of", {"happened": "2019-06"}, False),
        ({"happened": "2019-03/.."}, "effect-of", {"happened": "2019-06"}, False),
        ({"happened": "2019-03"}, "effect-of", {"happened": "../2019-06"}, False),
        ({"happened": ""}, "effect-of", {"happened": "2019-06"}, False),
    ],
)
def test_effect_before_its_cause_is_pointed_out(
    database: Settings, when: dict[str, Any], type: str, other: dict[str, Any], is_shown: bool
) -> None:
    make_people(database, "Chidi")
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), make_event(2, **other)])
        document = document_of(make_event(1, **when, links=[make_link("E2", type)]))
        catalogue = Catalogue(db, person(database, "Chidi"))
        found = list(links_against_time(catalogue, EventForm, document))
    assert [each.anchor for each in found] == (["links.0"] if is_shown else [])
    if is_shown:
        assert found[0].words.startswith("Link to E2, “")
