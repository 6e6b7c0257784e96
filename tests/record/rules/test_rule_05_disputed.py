"""Disputed fields of a record, and the citations that dispute them (rule 5)."""

import pytest
from sqlalchemy.orm import Session

from app.kinds import Citation
from app.record.derivation.rows import derive_row
from app.record.rules.disputes import disputed_fields
from app.vocabulary.citations import CitationKind
from app.vocabulary.support import Disputed
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_estimate,
    make_event,
    publish_all,
)
from tests.support.record_queries import counted, ids

BY_KIND = {
    "occurrence": "occurrence",
    "effect": "occurrence",
    "statement": "occurrence",
    "forecast": "occurrence",
    "date": "date",
    "number": "number",
    "scope": "scope",
    "legal": "scope",
    "cause": "cause",
    "context": "cause",
}


@pytest.mark.parametrize("kind", CitationKind)
def test_each_citation_kind_disputes_a_field(kind: CitationKind) -> None:
    assert disputed_fields([make_citation(stance="disputes", kind=kind)]) == {BY_KIND[kind]: ["C1"]}


@pytest.mark.parametrize("field", Disputed)
def test_named_field_overrides_citation_kind(field: Disputed) -> None:
    assert disputed_fields([make_citation(stance="disputes", kind="occurrence", field=field)]) == {
        field: ["C1"]
    }


@pytest.mark.parametrize(
    "citations",
    [
        [make_citation()],
        [make_citation(stance="mentions")],  # "could not verify"
        [
            make_citation(stance="disputes", about="C2"),
            make_citation(2),
        ],  # a denial of another citation
        [make_citation(stance="disputes"), make_citation(2, stance="withdraws", about="C1")],
        [
            make_citation(field="date", value="2019-05", differs="rival")
        ],  # a different value, without a dispute
    ],
)
def test_other_stances_and_statements_dispute_nothing(citations: list[Citation]) -> None:
    assert disputed_fields(citations) == {}


def test_disputed_fields_are_in_codebook_order() -> None:
    said = [
        make_citation(1, stance="disputes", kind="cause"),
        make_citation(2, stance="disputes", kind="occurrence"),
        make_citation(3, 2, stance="disputes", kind="statement"),
    ]
    assert list(disputed_fields(said).items()) == [("occurrence", ["C2", "C3"]), ("cause", ["C1"])]


def test_disputed_estimate_is_marked() -> None:
    figure = make_estimate(citations=[make_citation(401, kind="number", stance="disputes")])
    assert derive_row(figure, a_context(*a_small_world())).payload["disputed"] == {
        "number": ["C401"]
    }


def test_events_are_found_by_disputed_field(desk: Session) -> None:
    denied = make_event(1, citations=[make_citation(1), make_citation(2, 2, stance="disputes")])
    dated = make_event(
        2, citations=[make_citation(3), make_citation(4, 2, stance="disputes", kind="date")]
    )
    publish_all(desk, *a_small_world(), denied, dated, make_event(3, citations=[make_citation(5)]))
    assert ids(desk, "disputed=occurrence") == ["E1"]
    assert ids(desk, "disputed=occurrence&disputed=date") == ["E1", "E2"]
    assert ids(desk, "disputed=none") == ["E3"]
    assert counted(desk).facets["disputed"] == {"occurrence": 1, "date": 1, "none": 1}
