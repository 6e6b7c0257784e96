"""What the form refuses or points out: the table is `advice.txt`."""

from copy import deepcopy
from pathlib import Path

import pytest

from app.database.sessions import DeskSession
from app.desk.approved.store import save_all
from app.desk.draft_form.advice import cautions, check_draft, errors_of_entry
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.fields import choices_of, run_action
from app.desk.identity.models import Person
from app.documents import document_of, set_text
from app.kinds import EventForm, RecordForm, Stage
from app.record.publishing.validation import PublishError, refuse_contradictory_speakers
from app.record.publishing.working_set import Change
from app.vocabulary.events import EventLink
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import Why
from tests.make import (
    make_citation,
    make_estimate,
    make_event,
    make_link,
    make_place,
    make_source,
    make_step,
    make_term,
)
from tests.support.tables import failing

TERMS = [make_term(), make_term(code="province-2", role="from")]
CHAIN = [make_step("named-official", "Geng"), make_step("other-outlet", outlet="outlet-2")]
GULF = make_place(8, "gulf-states", kind="region")
FORMS: dict[str, RecordForm] = {
    "event": make_event(
        terms=TERMS,
        stages="planned 2019-03-27",
        citations=[make_citation(1, chain=CHAIN), make_citation(9, 2)],
        links="E2 effect-of",
    ),
    "estimate": make_estimate(9, terms=TERMS),
    "source": make_source(9),
    "place": GULF,
}


@pytest.fixture
def known(desk: DeskSession, catalogue: Catalogue, writer: Person) -> Catalogue:
    """The small world with what the table refers to."""
    kuwait = make_place(9, "kuwait", kind="country", regions=["gulf-states"])
    others = zip((2, 3, 4), ("2019-06", "2019-06~", "../2019-06"), strict=True)
    events = [
        make_event(number, happened=day, citations=[make_citation(50 + number)])
        for number, day in others
    ]
    save_all(desk, [GULF, kuwait, make_source(3, url="https://example.org/letter"), *events])
    desk.flush()
    return Catalogue(desk, writer)


def test_form_says_what_the_table_tells(known: Catalogue) -> None:
    def said(kind: str, typed: str, field: str) -> str:
        form, document = type(FORMS[kind]), deepcopy(document_of(FORMS[kind]))
        for each in filter(None, typed.split("; ")):
            path, is_text, text = each.partition("=")
            if is_text:
                set_text(document, path, text)
            else:
                document, _focus = run_action(form, document, each)
        found = {each.anchor: each.words for each in cautions(known, form, document)}
        found |= errors_of_entry(known, form, document)
        found |= check_draft(form, document, known).errors
        return found.get(field, "")

    table = (
        (Path(__file__).parent / "advice.txt").read_text().replace(" chain.", " citations.0.chain.")
    )
    wrong = []
    for line in (line for line in table.splitlines() if not line.startswith("#")):
        *case, expected = (part.strip() for part in line.split("|"))
        words = said(*case)
        is_as_told = not words if expected == "–" else expected.strip("…") in words
        if not is_as_told or (expected == "…" and not words):
            wrong.append((line, words))
    assert wrong == []


def test_approved_citation_may_stay_undecided(desk: DeskSession, catalogue: Catalogue) -> None:
    old = make_event(citations="S1 (kind=number); S1")
    added = make_citation(3, 2, kind="date")
    # C2 reported the event, and now only its number: the question is new for it.
    changed = make_citation(2, kind="number")
    after = old.model_copy(update={"citations": [old.citations[0], changed, added]})
    save_all(desk, [old])
    desk.flush()
    asked = [f"citations.{n}.reports_event" for n in (1, 2)]
    assert [*errors_of_entry(catalogue, EventForm, document_of(after))] == asked


def test_chain_that_cannot_be_is_not_published() -> None:
    def is_refused(*chain: tuple[str, str]) -> bool:
        cited = make_citation(chain=[make_step(kind, words) for kind, words in chain])
        change = Change(make_event(citations=[cited]), RecordKind.EVENT, "E1", Why.ADDED)
        try:
            refuse_contradictory_speakers([change])
        except PublishError as error:
            return "can’t pass on" in str(error)
        return False

    geng = ("named-official", "Geng")
    cases = [
        (("outlet-own-voice", ""), geng, True),
        (("outlet-own-voice", ""), ("other-outlet", ""), False),
        (geng, ("named-official", "geng"), True),
        (geng, ("named-official", "Kong"), False),
    ]
    assert failing(cases, is_refused) == []


def test_step_offers_citations_of_linked_events(desk: DeskSession, catalogue: Catalogue) -> None:
    plan = make_event(1, stages="planned 2019-05")
    link = make_link("E1", EventLink.IMPLEMENTS)
    carrier = make_event(2, links=[link])
    save_all(desk, [plan, carrier, make_event(3)])

    def offered(event: EventForm) -> list[str]:
        chosen = {"citation": ""}
        choices = choices_of(catalogue, document_of(event), Stage, "citation", chosen)
        return [choice.code for choice in choices]

    assert failing([(plan, ["", "C1"]), (carrier, ["", "C2", "C1"])], offered) == []
