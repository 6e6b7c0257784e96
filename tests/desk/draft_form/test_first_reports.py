"""The form refuses a first report that is later than its citation, and names both days."""

import pytest

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft
from app.desk.draft_form.documents import document_of
from app.forms import EventForm
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_citation, make_event, make_stage
from tests.support.desk_people import make_people, person

AT = "stages.0.first_reported"


@pytest.mark.parametrize(
    ("first_reported", "said", "error"),
    [
        ("2019-06-20", "", None),
        ("2019-06-01", "2019-06-10", None),
        (
            "2019-06-21",
            "2019-06-10",
            (
                "“First reported”, 21 June 2019, is later than 20 June 2019, when the "
                "citation was said or published. Correct one of the two dates."
            ),
        ),
    ],
)
def test_first_report_after_its_citation_is_refused(
    database: Settings, first_reported: str, said: str, error: str | None
) -> None:
    make_people(database, "Chidi")
    event = make_event(
        stages=[make_stage("announced", "2019-05", first_reported=first_reported)],
        citations=[make_citation(said=said)],
    )
    with desk_session(database) as db:
        save_all(db, a_small_world())
        db.flush()
        catalogue = Catalogue(db, person(database, "Chidi"))
        errors = check_draft(EventForm, document_of(event), catalogue).errors
    assert errors.get(AT) == error
