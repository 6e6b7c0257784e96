"""New citations about a field are not submitted before somebody says whether they report more."""

from typing import Any

from app.database.sessions import DeskSession
from app.desk.approved.store import save_all
from app.desk.draft_form.advice import check_draft, errors_of_entry
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.fields import DraftSheet
from app.desk.draft_form.views import boxes_in
from app.documents import document_of
from app.kinds import EstimateForm, EventForm
from tests.make import make_citation, make_estimate, make_event
from tests.support.tables import failing

AT = "citations.0.reports_event"


def test_new_citation_about_field_needs_answer(catalogue: Catalogue) -> None:
    def asked(citation: dict[str, Any]) -> bool:
        document = document_of(make_event(citations=[make_citation(1), make_citation(9, 2)]))
        document["citations"][0] |= citation
        found = errors_of_entry(catalogue, EventForm, document)
        assert not found or found[AT].startswith("Choose “Yes” if the source also reports")
        return [*found] == [AT]

    number = {"kind": "number"}
    answers = [("reports_event", "yes"), ("reports_event", "no"), ("about", "C9")]
    answers += [("stance", "mentions"), ("stance", "disputes")]
    cases = [
        *(({"kind": kind}, True) for kind in ("date", "number", "scope", "effect", "legal")),
        *(({"kind": kind}, False) for kind in ("occurrence", "statement", "forecast", "cause")),
        *((number | {name: value}, False) for name, value in answers),
    ]
    assert failing(cases, asked) == []


def test_approved_citation_may_stay_undecided(desk: DeskSession, catalogue: Catalogue) -> None:
    old = make_event(citations=[make_citation(1, kind="number"), make_citation(2)])
    added = make_citation(3, 2, kind="date")
    # C2 reported the event, and now only its number: the question is new for it.
    changed = make_citation(2, kind="number")
    after = old.model_copy(update={"citations": [old.citations[0], changed, added]})
    save_all(desk, [old])
    desk.flush()
    asked = [f"citations.{n}.reports_event" for n in (1, 2)]
    assert [*errors_of_entry(catalogue, EventForm, document_of(after))] == asked


def test_question_is_on_forms_of_events_only(catalogue: Catalogue) -> None:
    forms: list[EventForm | EstimateForm] = [
        make_event(citations=[make_citation(1, kind="number")]),
        make_estimate(),
    ]
    for form in forms:
        sheet = DraftSheet(type(form), document_of(form), catalogue)
        boxes = {box.path: box for each in sheet.sections for box in boxes_in(each.parts)}
        assert (AT in boxes) is isinstance(form, EventForm)
        assert AT not in check_draft(type(form), document_of(form), catalogue).errors
    box = DraftSheet(EventForm, document_of(forms[0]), catalogue).box_at(AT)
    assert [choice.label for choice in box.choices] == [
        "No answer (needed for date, number, scope, effect and law)",
        "Yes: It reports that the event happened and counts as support for it.",
        "No: It supports only its own field, such as the number.",
    ]
