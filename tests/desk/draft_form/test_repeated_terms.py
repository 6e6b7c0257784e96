"""Cautions about terms that stand twice, and about a figure for a place and for its whole."""

import pytest

from app.desk.approved.store import save_all
from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.repeated_terms import repeated_terms
from app.forms import EstimateForm, EventForm, Term
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_estimate, make_event, make_term
from tests.support.desk_people import make_people, person

CITY, PROVINCE = make_term(code="place-1"), make_term(code="province-2")


@pytest.mark.parametrize(
    ("terms", "cautions"),
    [
        ([CITY], []),
        ([CITY, CITY], ["terms.1.code"]),
        ([CITY, PROVINCE], ["terms.0.code"]),
        ([CITY, make_term(code="province-2", role="from")], []),
    ],
)
def test_terms_that_repeat_are_pointed_out(
    database: Settings, terms: list[Term], cautions: list[str]
) -> None:
    make_people(database, "Chidi")
    with desk_session(database) as db:
        save_all(db, [*a_small_world()])
        catalogue = Catalogue(db, person(database, "Chidi"))
        figure = documents.document_of(make_estimate(9, terms=terms))
        found = [each.anchor for each in repeated_terms(catalogue, EstimateForm, figure)]
        assert found == cautions
        # An event may happen in a city and in its whole province.
        event = documents.document_of(make_event(9, terms=terms))
        twice = [each.anchor for each in repeated_terms(catalogue, EventForm, event)]
        assert twice == (cautions if terms.count(CITY) == 2 else [])
