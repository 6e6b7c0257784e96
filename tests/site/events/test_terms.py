"""Terms of an event on its page: what is alleged, and by which citation."""

from app.settings import Settings
from tests.make import (
    make_code,
    make_estimate,
    make_event,
    make_law,
    make_term,
)
from tests.support.event_pages import Case, faults_of, published_as
from tests.support.html import words

KP = make_code("kp", "nationality", label="North Korean")
LAW = make_law(1, "unscr-2397", names=[{"text": "Resolution 2397"}])
CASES: list[Case] = [
    (
        make_event(
            terms=[
                make_term(certainty="hedged"),
                make_term("actor", printed="A ministry", certainty="hedged", citation="C1"),
                make_term("nationality", "kp", certainty="asked"),
            ]
        ),
        "",
        "A ministry alleged C1|North Korean as a rumour or question|Place-1 alleged",
        "",
    ),
    # Without a certainty, a term says nothing of it.
    (
        make_event(terms=[make_term(), make_term("nationality", "kp")]),
        "",
        "Nationality North Korean",
        "alleged",
    ),
    (make_event(no_nationality="not-stated"), "", "Nationality Not stated by sources", ""),
    # Parties and speakers are not said to order.
    (
        make_event(
            terms=[
                make_term(),
                make_term("actor", role="agrees", printed="Indonesia", side="home-state"),
                make_term("actor", role="says", printed="The ministry", side="host-state"),
            ]
        ),
        "",
        "Agreed by Indonesia, home country|Said by The ministry, host country",
        "Ordered by",
    ),
    # A law that is mentioned or planned is no legal basis.
    (
        make_event(
            legal=[
                {"instrument": "unscr-2397", "relation": "refers-to", "reading": "source"},
                {"relation": "to-become", "reading": "source", "printed": "a bill"},
            ]
        ),
        "",
        "Laws mentioned Resolution 2397 Refers to it, according to a source|"
        "Is a plan for it, according to a source; “a bill”",
        "Legal basis",
    ),
]


def test_terms_laws_and_copies_are_told_as_reported(database: Settings) -> None:
    forms, *more = CASES[0]
    assert faults_of(database, [((KP, LAW, forms), *more), *CASES[1:]]) == []  # type: ignore[list-item]


def test_estimate_and_its_files_say_what_is_alleged(database: Settings) -> None:
    terms = [make_term(), make_term("nationality", "kp", certainty="hedged", citation="C401")]
    with published_as(database, (KP, make_estimate(terms=terms))) as client:
        html = client.get("/estimates/M1").text
        assert "Nationality: North Korean, alleged." in words(html) and 'href="#C401"' in html
        assert "Certainty North Korean alleged C401" in words(html)
        file = client.get("/estimates.csv").text
        assert "nationality:kp:hedged:C401" in file
        term = client.get("/estimates/M1.json").json()["terms"][1]
        assert (term["certainty"], term["citation"]) == ("hedged", "C401")
