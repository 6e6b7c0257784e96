"""Citations that may mean another event, laws that are named, and the earliest report (rule 4)."""

from typing import Any

import pytest

from app.record.derivation.facts import EventFacts
from app.record.rules import independence
from app.vocabulary.citations import CitationKind
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_event,
)

OTHER = {"field": "scope", "value": "any year", "differs": "other-reading"}


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, False),
        ({"reports_event": "yes"}, True),
        ({"reports_event": "no"}, False),
        ({"field": "date"}, False),
        # Another number is no other event, and another value is no other reading.
        ({"field": "number"}, True),
        ({"differs": "rival"}, True),
    ],
)
def test_other_reading_reports_the_event_only_with_an_answer(
    changes: dict[str, Any], counts: bool
) -> None:
    citations = [make_citation(1), make_citation(2, 2, **OTHER | changes)]
    found = independence.event_support(citations, is_plan=False)
    assert [each.id for each in found] == ["C1", *(["C2"] if counts else [])]


def test_undecided_reading_counts_where_nothing_else_supports_the_event() -> None:
    undecided = make_citation(1, **OTHER)
    assert independence.event_support([undecided], is_plan=False) == [undecided]


@pytest.mark.parametrize(
    ("names_law", "has_law", "counts"),
    [(True, True, True), (False, True, False), (True, False, False)],
)
def test_law_is_supported_by_sources_that_name_it(
    names_law: bool, has_law: bool, counts: bool
) -> None:
    cited = make_citation(kind="legal", reports_event="no", names_law=names_law)
    law = [{"relation": "based-on", "reading": "source", "printed": "a law"}]
    event = make_event(citations=[cited], legal=law if has_law else [])
    found = EventFacts(event, a_context(*a_small_world())).field_support
    assert (CitationKind.LEGAL in found) is counts


def test_other_reading_supports_no_field_of_the_event() -> None:
    """A headline that says it otherwise is no support of what the text says."""
    text = make_citation(1, kind="date")
    headline = make_citation(
        2, kind="date", field="date", differs="other-reading", value="2018", reports_event="no"
    )
    event = make_event(citations=[make_citation(3), text, headline])
    found = EventFacts(event, a_context(*a_small_world())).field_support
    assert [each.id for each in found[CitationKind.DATE][2]] == [text.id]


def test_background_reports_nothing_whatever_the_answer() -> None:
    said = make_citation(kind="context", reports_event="yes")
    assert independence.event_support([said], is_plan=False) == []
