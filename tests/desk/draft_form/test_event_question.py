"""New citations about a field are not submitted before somebody says whether they report more."""

from typing import Any

import pytest

from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft
from app.desk.draft_form.documents import document_of
from app.desk.draft_form.event_question import unanswered_citations
from app.desk.draft_form.fields import DraftSheet
from app.desk.draft_form.views import boxes_in
from app.forms import EstimateForm, EventForm
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_citation, make_estimate, make_event
from tests.support.desk_people import make_people, person

AT = "citations.0.reports_event"


@pytest.mark.parametrize(
    ("citation", "is_asked"),
    [
        *(({"kind": kind}, True) for kind in ("date", "number", "scope", "effect", "legal")),
        *(({"kind": kind}, False) for kind in ("occurrence", "statement", "forecast", "cause")),
        ({"kind": "number", "reports_event": "yes"}, False),
        ({"kind": "number", "reports_event": "no"}, False),
        ({"kind": "number", "stance": "mentions"}, False),
        ({"kind": "number", "stance": "disputes"}, False),
        ({"kind": "number", "about": "C9"}, False),
    ],
)
def test_new_citation_about_field_needs_answer(
    database: Settings, citation: dict[str, Any], is_asked: bool
) -> None:
    document = document_of(make_event(citations=[make_citation(1), make_citation(9, 2)]))
    document["citations"][0] |= citation
    with desk_session(database) as db:
        found = unanswered_citations(db, EventForm, document)
    assert list(found) == ([AT] if is_asked else [])
    if is_asked:
        assert found[AT].startswith("Choose “Yes” if the source also reports")


def test_approved_citation_may_stay_undecided(database: Settings) -> None:
    old = make_event(citations=[make_citation(1, kind="number"), make_citation(2)])
    added = make_citation(3, 2, kind="date")
    # C2 reported the event, and now only its number: the question is new for it.
    changed = make_citation(2, kind="number")
    after = old.model_copy(update={"citations": [old.citations[0], changed, added]})
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), old])
        db.flush()
        assert list(unanswered_citations(db, EventForm, document_of(after))) == [
            "citations.1.reports_event",
            "citations.2.reports_event",
        ]


def test_question_is_on_forms_of_events_only(database: Settings) -> None:
    make_people(database, "Chidi")
    forms: list[EventForm | EstimateForm] = [
        make_event(citations=[make_citation(1, kind="number")]),
        make_estimate(),
    ]
    with desk_session(database) as db:
        catalogue = Catalogue(db, person(database, "Chidi"))
        for form in forms:
            sheet = DraftSheet(type(form), document_of(form), catalogue)
            boxes = {box.path: box for each in sheet.sections for box in boxes_in(each.parts)}
            assert (AT in boxes) is isinstance(form, EventForm)
            assert not unanswered_citations(db, EstimateForm, document_of(form))
            assert AT not in check_draft(type(form), document_of(form), catalogue).errors
        box = DraftSheet(EventForm, document_of(forms[0]), catalogue).box_at(AT)
    assert [choice.label for choice in box.choices] == [
        "No answer (needed for date, number, scope, effect and law)",
        "Yes: It reports that the event happened and counts as support for it.",
        "No: It supports only its own field, such as the number.",
    ]
