"""What the form proposes, points out or refuses beside a field."""

from typing import Any

from app.database.sessions import DeskSession
from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft
from app.desk.draft_form.choices import choices_of
from app.desk.draft_form.documents import blank_row, document_of
from app.desk.draft_form.links_in_time import links_against_time
from app.desk.draft_form.offered_values import offered_values
from app.desk.draft_form.repeated_terms import repeated_terms
from app.desk.draft_form.share_question import share_without_whole
from app.desk.draft_form.still_held import still_held
from app.desk.identity.models import Person
from app.kinds import (
    ChainStep,
    EstimateForm,
    EventForm,
    FigureToFigure,
    SourceForm,
    Stage,
    Term,
)
from app.vocabulary.events import EventLink
from tests.make import (
    make_citation,
    make_estimate,
    make_event,
    make_link,
    make_source,
    make_stage,
    make_term,
)
from tests.support.tables import failing

ANNOUNCED = make_stage("planned", "2019-03-27")
CITY, PROVINCE = make_term(code="place-1"), make_term(code="province-2")


def test_first_report_after_its_citation_is_refused(catalogue: Catalogue) -> None:
    def error(first_reported: str, said: str) -> str | None:
        stage = make_stage("announced", "2019-05", first_reported=first_reported)
        event = make_event(stages=[stage], citations=[make_citation(said=said)])
        errors = check_draft(EventForm, document_of(event), catalogue).errors
        return errors.get("stages.0.first_reported")

    refused = (
        "“First reported”, 21 June 2019, is later than 20 June 2019, when the citation was said "
        "or published. Correct one of the two dates."
    )
    cases = [
        ("2019-06-20", "", None),
        ("2019-06-01", "2019-06-10", None),
        ("2019-06-21", "2019-06-10", refused),
    ]
    assert failing(cases, error) == []


def test_effect_before_its_cause_is_pointed_out(
    desk: DeskSession, catalogue: Catalogue, writer: Person
) -> None:
    def pointed_out(type: str, other: str, **when: str) -> list[str]:
        with desk.begin_nested() as attempt:
            save_all(desk, [make_event(2, happened=other)])
            document = document_of(make_event(1, **when, links=[make_link("E2", type)]))
            found = [*links_against_time(Catalogue(desk, writer), EventForm, document)]
            attempt.rollback()
        assert all(each.words.startswith("Link to E2, “") for each in found)
        return [each.anchor for each in found]

    march = {"happened": "2019-03"}
    cases: list[tuple[dict[str, str], str, str, bool]] = [
        (march, "effect-of", "2019-06", True),
        ({"happened": "", "attested": "2019-03-27"}, "effect-of", "2019-06~", True),
        (march, "follows", "2019-06", True),
        ({"happened": "2019-06"}, "effect-of", "2019-06", False),
        (march, "part-of", "2019-06", False),
        ({"happened": "2019-03/.."}, "effect-of", "2019-06", False),
        (march, "effect-of", "../2019-06", False),
        ({"happened": ""}, "effect-of", "2019-06", False),
    ]
    assert (
        failing(cases, lambda when, type, other: pointed_out(type, other, **when) == ["links.0"])
        == []
    )


def test_terms_that_repeat_are_pointed_out(catalogue: Catalogue) -> None:
    def pointed_out(terms: list[Term]) -> tuple[str, ...]:
        """Return the terms of an estimate and of an event that repeat."""
        figure, event = document_of(make_estimate(9, terms=terms)), make_event(9, terms=terms)
        found = [
            *repeated_terms(catalogue, EstimateForm, figure),
            *repeated_terms(catalogue, EventForm, document_of(event)),
        ]
        return tuple(each.anchor for each in found)

    cases = [
        ([CITY], ()),
        ([CITY, CITY], ("terms.1.code", "terms.1.code")),
        # An event may happen in a city and in its whole province.
        ([CITY, PROVINCE], ("terms.0.code",)),
        ([CITY, make_term(code="province-2", role="from")], ()),
    ]
    assert failing(cases, pointed_out) == []


def test_step_is_proposed_as_still_so_at_a_later_citation(catalogue: Catalogue) -> None:
    def proposed(step: str, day: str, said: str) -> list[str]:
        event = make_event(stages=[make_stage(step, day)], citations=[make_citation(said=said)])
        document = document_of(event)
        found = [*still_held(catalogue, document, Stage, "date", document["stages"][0])]
        assert all(each.words.startswith("since ") for each in found)
        return [each.value for each in found]

    cases = [
        ("in-force", "2019-02-05", "", ["2019-02-05/.."]),
        ("in-force", "2019-02", "2019-04", ["2019-02/.."]),
        ("in-force", "2019-02", "2019-03", []),
        ("in-force", "2019-05-20", "", []),
        ("in-force", "2019-02-05/..", "", []),
        ("in-force", "unknown", "", []),
        ("announced", "2019-02-05", "", []),
    ]
    assert failing(cases, proposed) == []


def test_step_offers_citations_of_events_linked_either_way(
    desk: DeskSession, catalogue: Catalogue
) -> None:
    plan = make_event(1, stages=[make_stage("planned", "2019-05")])
    link = make_link("E1", EventLink.IMPLEMENTS)
    carrier = make_event(2, citations=[make_citation(2)], links=[link])
    save_all(desk, [plan, carrier, make_event(3, citations=[make_citation(3)])])

    def offered(event: EventForm) -> list[str]:
        chosen = {"citation": ""}
        choices = choices_of(catalogue, document_of(event), Stage, "citation", chosen)
        return [choice.code for choice in choices]

    assert failing([(plan, ["", "C1", "C2"]), (carrier, ["", "C2", "C1"])], offered) == []


def test_address_of_another_source_is_an_error(desk: DeskSession, catalogue: Catalogue) -> None:
    """Two sources may not have one address: publishing would refuse the second."""
    address = "https://example.org/letter"
    save_all(desk, [make_source(1, url=address)])

    def is_taken(number: int, values: dict[str, Any]) -> bool:
        document = document_of(make_source(number, **values))
        error = check_draft(SourceForm, document, catalogue).errors.get("url", "")
        assert not error or error.startswith("S1 already has this address")
        return bool(error)

    copy = {"url": address, "extent": "full", "host_kind": "mirror"}
    cases: list[tuple[int, dict[str, Any], bool]] = [
        (9, {"url": address + "?utm_source=mail"}, True),
        (9, {"url": "https://example.org/other"}, False),
        (9, {"url": "", "copies": [copy]}, False),
        (1, {"url": address}, False),
    ]
    assert failing(cases, is_taken) == []


def test_office_in_words_is_offered_as_government() -> None:
    def offered(kind: str, words: str) -> bool:
        row = blank_row(ChainStep, attribution=kind, words=words)
        found = [each.value for each in offered_values(ChainStep, "attribution", row)]
        return found == ["government-statement"]

    cases = [
        ("document", "official figures of the Ministry of Labour", True),
        ("document", "immigration data", True),
        ("anonymous-source", "통계청 자료", True),
        ("document", "official figures", False),
        ("document", "a contract", False),
        ("named-official", "head of the immigration office", False),
        ("company", "office of the firm", False),
    ]
    assert failing(cases, offered) == []


def test_population_is_offered_as_whole() -> None:
    def offered(values: dict[str, str]) -> list[str]:
        row = {**blank_row(EstimateForm), "population": "workers", **values}
        return [each.value for each in offered_values(EstimateForm, "share_of", row)]

    cases: list[tuple[dict[str, str], list[str]]] = [
        ({"form": "share", "population_text": "all who left"}, ["all who left"]),
        ({"form": "share"}, ["workers"]),
        ({"form": "share", "share_of": "all there"}, []),
        ({"form": "number"}, []),
    ]
    assert failing(cases, offered) == []


def test_share_needs_words_or_link_of_its_whole() -> None:
    share = {**blank_row(EstimateForm), "form": "share"}
    link = blank_row(FigureToFigure, type="share-of", to="M1")
    assert "share_of" in share_without_whole(EstimateForm, share)
    for enough in ({"share_of": "all there"}, {"links": [link]}, {"form": "number"}):
        assert not share_without_whole(EstimateForm, {**share, **enough})
    assert not share_without_whole(EventForm, share)
