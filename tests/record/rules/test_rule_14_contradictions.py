"""Disputes by sources, contradictions by editors, and checks of credibility 1 (rule 14)."""

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.derivation.facts import EventFacts
from app.record.models import Version
from app.record.publishing.integrity import find_problems
from app.record.publishing.validation import PublishError
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_event,
    make_link,
    make_source,
    publish_all,
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


CONFIRMED = [make_citation(1, 1, credibility=1), make_citation(2, 2)]


@pytest.mark.parametrize(
    ("citations", "lapsed"),
    [
        (CONFIRMED, []),
        ([make_citation(1, 1, credibility=1)], ["C1"]),
        ([make_citation(1, 1, credibility=2)], []),
        ([*CONFIRMED, make_citation(3, 2, stance="withdraws")], ["C1"]),
        ([make_citation(1, 1, credibility=1), make_citation(2, 2, kind="cause")], ["C1"]),
    ],
)
def test_credibility_1_needs_two_independent_sources(
    citations: list[object], lapsed: list[str]
) -> None:
    assert (
        EventFacts(make_event(citations=citations), a_context(*a_small_world())).lapsed_credibility
        == lapsed
    )


def test_unsupported_credibility_1_is_refused(desk: Session) -> None:
    with pytest.raises(PublishError, match="C1 is graded 1, which needs two independent sources"):
        publish_all(desk, *a_small_world(), make_event(citations=CONFIRMED[:1]))


def test_lapsed_credibility_is_stored_and_reported(desk: Session) -> None:
    publish_all(desk, *a_small_world(), make_event(citations=CONFIRMED))
    publish_all(
        desk, make_source(2, outlet="outlet-2", derived_from=[{"source": "S1", "how": "relay"}])
    )
    payload = desk.scalars(
        select(Version.payload).where(Version.id == "E1", Version.closed.is_(None))
    ).one()
    assert payload["lapsed_credibility"] == ["C1"]
    assert find_problems(desk) == [
        "E1: C1 is graded 1, which needs two independent sources; one has fallen away."
    ]
    with pytest.raises(PublishError, match="C1 is graded 1"):
        publish_all(desk, make_event(title="Edited", citations=CONFIRMED))
