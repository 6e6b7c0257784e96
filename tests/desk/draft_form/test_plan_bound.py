"""The form proposes when a plan without a date may be carried out (rule 1)."""

from typing import Any

import pytest

from app.desk.approved.store import save_all
from app.desk.draft_form.actions import run_action
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import document_of
from app.desk.draft_form.plan_bound import plan_bound
from app.forms import EventForm, Stage
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_citation, make_event, make_stage
from tests.support.desk_people import make_people, person

ANNOUNCED = make_stage("planned", "2019-03-27")


@pytest.mark.parametrize(
    ("stages", "fields", "proposed"),
    [
        ([ANNOUNCED], {"deadline": "2019-10-31"}, ["2019-03-27/2019-10-31"]),
        ([make_stage("announced", "")], {"deadline": "2019-10"}, ["2019-03-28/2019-10-31"]),
        (
            [make_stage("planned", "2019-03-27", deadline="2019-10-31")],
            {},
            ["2019-03-27/2019-10-31"],
        ),
        # Something else dates it, or is to.
        ([ANNOUNCED], {"deadline": "2019-10-31", "happened": "2019-06"}, []),
        ([make_stage("planned", "2019-03-27", planned_for="2019-06")], {"deadline": "2019-10"}, []),
        (
            [ANNOUNCED],
            {"deadline": "2019-10", "within": "2019", "within_reason": "By the report."},
            [],
        ),
        # It is no mere plan, or one end is not known.
        ([ANNOUNCED, make_stage("in-force", "2019-05")], {"deadline": "2019-10-31"}, []),
        ([make_stage("planned", "[..2019-03-27]")], {"deadline": "2019-10-31"}, []),
        ([ANNOUNCED], {"deadline": "unstated"}, []),
        ([ANNOUNCED], {}, []),
        ([make_stage("planned", "2019-11-01")], {"deadline": "2019-10-31"}, []),
        ([], {"deadline": "2019-10-31"}, []),
    ],
)
def test_form_proposes_bound_of_plan_up_to_deadline(
    database: Settings, stages: list[Stage], fields: dict[str, Any], proposed: list[str]
) -> None:
    make_people(database, "Chidi")
    event = make_event(
        stages=stages,
        citations=[make_citation(said="2019-03-28")],
        **{"happened": "", **fields},
    )
    with desk_session(database) as db:
        save_all(db, a_small_world())
        db.flush()
        catalogue = Catalogue(db, person(database, "Chidi"))
        found = plan_bound(catalogue, document_of(event), EventForm, "within")
    assert [each.value for each in found] == proposed


@pytest.mark.parametrize(
    ("written", "reason"),
    [("", "From the announcement of the plan to its deadline."), ("By hand.", "By hand.")],
)
def test_one_press_fills_in_bound_and_reason(written: str, reason: str) -> None:
    document = document_of(make_event(happened="", stages=[ANNOUNCED])) | {"within_reason": written}
    changed, at = run_action(EventForm, document, "bound within 2019-03-27/2019-10-31")
    assert (changed["within"], changed["within_reason"]) == ("2019-03-27/2019-10-31", reason)
    assert at == "within"
