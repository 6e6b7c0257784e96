"""Terms of an event on its page, with the citation that alone names them."""

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
                make_term(citation="C1"),
                make_term("actor", printed="A ministry", citation="C1"),
                make_term("nationality", "kp"),
            ]
        ),
        "",
        "A ministry C1|Whom North Korean|Place-1 C1",
        "",
    ),
    (make_event(no_nationality="not-stated"), "", "Whom Nationality not stated", ""),
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
        "Laws mentioned Resolution 2397 Refers to, according to a source|"
        "Planned law, according to a source; “a bill”",
        "Law Resolution",
    ),
]


def test_terms_laws_and_copies_are_told_as_reported(database: Settings) -> None:
    forms, *more = CASES[0]
    assert faults_of(database, [((KP, LAW, forms), *more), *CASES[1:]]) == []  # type: ignore[list-item]


def test_estimate_and_its_file_say_what_one_citation_names(database: Settings) -> None:
    terms = [make_term(), make_term("nationality", "kp", citation="C401")]
    with published_as(database, (KP, make_estimate(terms=terms))) as client:
        html = client.get("/estimates/M1").text
        assert "Citation of one value North Korean C401" in words(html) and 'href="#C401"' in html
        assert client.get("/estimates/M1.json").json()["terms"][1]["citation"] == "C401"
