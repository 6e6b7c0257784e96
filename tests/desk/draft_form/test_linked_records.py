"""A step may name the citations of linked events, whichever of the two has the link."""

import pytest

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.choices import choices_of
from app.desk.draft_form.documents import document_of
from app.forms import Stage
from app.settings import Settings
from app.vocabulary.events import EventLink
from tests.conftest import desk_session
from tests.make import a_small_world, make_citation, make_event, make_link, make_stage
from tests.support.desk_people import make_people, person


@pytest.mark.parametrize("number", [1, 2])
def test_step_offers_citations_of_events_linked_in_either_direction(
    database: Settings, number: int
) -> None:
    make_people(database, "Chidi")
    plan = make_event(1, stages=[make_stage("planned", "2019-05")])
    carrier = make_event(
        2, citations=[make_citation(2)], links=[make_link("E1", EventLink.IMPLEMENTS)]
    )
    unlinked = make_event(3, citations=[make_citation(3)])
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), plan, carrier, unlinked])
        db.flush()
        catalogue = Catalogue(db, person(database, "Chidi"))
        document = document_of([plan, carrier][number - 1])
        choices = choices_of(catalogue, document, Stage, "citation", {"citation": ""})
    assert [choice.code for choice in choices] == ["", f"C{number}", f"C{3 - number}"]
