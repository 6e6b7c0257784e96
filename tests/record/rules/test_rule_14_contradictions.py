"""Disputes by sources and contradictions by editors (rule 14)."""

import pytest
from pydantic import ValidationError

from app.record.derivation.facts import EventFacts
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_event,
    make_link,
)


def test_contradicts_link_needs_reason() -> None:
    with pytest.raises(ValidationError, match="give the reason"):
        make_link("E2", "contradicts")
    assert make_link("E2", "contradicts", reason="Both name the same day.").type == "contradicts"


def test_contradicts_link_and_dispute_are_independent() -> None:
    ours = make_event(1, links=[make_link("E2", "contradicts", reason="Both name the same day.")])
    theirs = make_event(2, citations=[make_citation(2), make_citation(3, 2, stance="disputes")])
    context = a_context(*a_small_world(), ours, theirs)
    assert EventFacts(ours, context).disputed == {}
    assert EventFacts(theirs, context).disputed == {"occurrence": ["C3"]}
    assert theirs.links == []
