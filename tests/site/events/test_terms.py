"""Terms of an event on its page: what is alleged, by which citation; and copies of its sources."""

from app.settings import Settings
from tests.make import (
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_law,
    make_source,
    make_term,
)
from tests.support.event_pages import page_of, published_as, section
from tests.support.html import words

KP = make_code("kp", "nationality", label="North Korean")


def test_alleged_term_says_so_and_links_its_citation(database: Settings) -> None:
    alleged = make_term("actor", printed="A ministry", certainty="hedged", citation="C1")
    asked = make_term("nationality", "kp", certainty="asked")
    event = make_event(terms=[make_term(certainty="hedged"), alleged, asked])
    page = page_of(database, KP, event)
    assert "A ministry alleged C1" in words(page) and 'href="#C1"' in page
    assert "North Korean as a rumour or question" in words(page)
    assert "Place-1 alleged" in words(page)


def test_term_without_certainty_reads_as_before(database: Settings) -> None:
    page = words(
        page_of(database, KP, make_event(terms=[make_term(), make_term("nationality", "kp")]))
    )
    assert "Nationality North Korean" in page and "alleged" not in page


def test_nationality_that_is_not_named_is_explained(database: Settings) -> None:
    assert "Nationality Not stated by sources" in words(
        page_of(database, make_event(no_nationality="not-stated"))
    )


def test_estimate_and_its_files_say_what_is_alleged(database: Settings) -> None:
    terms = [make_term(), make_term("nationality", "kp", certainty="hedged", citation="C401")]
    with published_as(database, (KP, make_estimate(terms=terms))) as client:
        page = words(client.get("/estimates/M1").text)
        assert "Nationality: North Korean, alleged." in page
        assert "Certainty North Korean alleged C401" in page
        file = client.get("/estimates.csv").text
        assert "nationality:kp:hedged:C401" in file
        term = client.get("/estimates/M1.json").json()["terms"][1]
        assert (term["certainty"], term["citation"]) == ("hedged", "C401")


def test_citation_names_copies_and_sources_without_it(database: Settings) -> None:
    copies = [
        {"host_kind": "own", "extent": "full"},
        {"host_kind": "republisher", "host": "Weekly", "extent": "full"},
        {"host_kind": "republisher", "host": "Daily", "extent": "excerpt"},
    ]
    cited = make_citation(copy_read="1", also_in=["2"], missing_in=["3", "S2"])
    page = page_of(database, make_source(1, copies=copies), make_event(citations=[cited]))
    says = section(page, "says")
    assert "read in copy 1" in says and "also in copy 2" in says and "missing in copy 3" in says
    assert "missing in S2" in says and 'href="/sources/S2"' in page


def test_parties_and_speakers_are_not_said_to_order(database: Settings) -> None:
    terms = [
        make_term(),
        make_term("actor", role="agrees", printed="Indonesia", side="home-state"),
        make_term("actor", role="says", printed="The ministry", side="host-state"),
    ]
    page = words(page_of(database, make_event(terms=terms)))
    assert (
        "Agreed by Indonesia, home country" in page and "Said by The ministry, host country" in page
    )
    assert "Ordered by" not in page


def test_law_that_is_mentioned_or_planned_is_no_legal_basis(database: Settings) -> None:
    law = make_law(1, "unscr-2397", names=[{"text": "Resolution 2397"}])
    legal = [
        {"instrument": "unscr-2397", "relation": "refers-to", "reading": "source"},
        {"relation": "to-become", "reading": "source", "printed": "a bill"},
    ]
    page = words(page_of(database, law, make_event(legal=legal)))
    assert "Laws mentioned Resolution 2397 Refers to it, according to a source" in page
    assert "Is a plan for it, according to a source; “a bill”" in page
    assert "Legal basis" not in page
