"""Supporting citations, and corroboration by the number of independent sources (rule 4)."""

import pytest
from pydantic import ValidationError

from app.forms import Citation, EventForm
from app.record.derivation.facts import EventFacts
from app.record.rules import independence
from app.vocabulary.citations import CitationKind
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_event,
    make_link,
    make_source,
    make_stage,
    make_step,
)

K = CitationKind
SUPPORTING = [K.OCCURRENCE, K.DATE, K.NUMBER, K.SCOPE, K.EFFECT, K.LEGAL]


def corroboration(form: EventForm, *around: object) -> list[str]:
    return EventFacts(form, a_context(*a_small_world(), *around)).corroborations  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", K)
def test_supporting_citation_kinds(kind: CitationKind) -> None:
    said = [make_citation(kind=kind)]
    assert bool(independence.supporting_citations(said, is_plan=False)) is (kind in SUPPORTING)
    assert bool(independence.supporting_citations(said, is_plan=True)) is (
        kind in [*SUPPORTING, K.FORECAST]
    )


@pytest.mark.parametrize("stance", ["disputes", "mentions", "withdraws"])
def test_only_supporting_stance_counts(stance: str) -> None:
    assert independence.supporting_citations([make_citation(stance=stance)], is_plan=True) == []


@pytest.mark.parametrize(
    ("citations", "standing"),
    [
        ([make_citation(1), make_citation(2, 2)], ["C1", "C2"]),
        # A source retracts one citation, or all of its own.
        (
            [make_citation(1), make_citation(2), make_citation(3, stance="withdraws", about="C1")],
            ["C2"],
        ),
        ([make_citation(1), make_citation(2), make_citation(3, stance="withdraws")], []),
        ([make_citation(1), make_citation(2, 2), make_citation(3, stance="withdraws")], ["C2"]),
        # A citation about a link or about another citation does not support the event.
        ([make_citation(1), make_citation(2, 2, about="C1")], ["C1"]),
    ],
)
def test_retracted_citations_do_not_count(citations: list[Citation], standing: list[str]) -> None:
    assert [citation.id for citation in independence.citations_in_force(citations)] == standing


ANONYMOUS, NAMED = (
    [make_step("resident", "a resident")],
    [make_step("named-official", "an ambassador")],
)
RELAYED = [make_step("other-outlet", outlet="outlet-1")]


@pytest.mark.parametrize(
    ("citations", "expected"),
    [
        ([], "none"),
        ([make_citation(stance="disputes")], "none"),
        ([make_citation(kind="cause"), make_citation(2, 2, kind="context")], "none"),
        ([make_citation(chain=ANONYMOUS)], "single-anonymous"),
        (
            [make_citation(1, chain=ANONYMOUS), make_citation(2, chain=ANONYMOUS)],
            "single-anonymous",
        ),
        ([make_citation(1, chain=ANONYMOUS), make_citation(2, chain=NAMED)], "single-source"),
        ([make_citation()], "single-source"),
        ([make_citation(1, 1), make_citation(2, 2, chain=RELAYED)], "relayed"),
        ([make_citation(1, 1), make_citation(2, 2)], "independent"),
        ([make_citation(1, 1), make_citation(2, 2, kind="cause")], "single-source"),
        (
            [make_citation(1, 1), make_citation(2, 2), make_citation(3, 2, stance="withdraws")],
            "single-source",
        ),
    ],
)
def test_corroboration_of_independent_sources(citations: list[Citation], expected: str) -> None:
    assert corroboration(make_event(citations=citations)) == [expected]


NAMING = [
    *((kind, None, "no") for kind in ("resident", "observers", "unattributed")),
    *((kind, None, "no") for kind in ("anonymous-source", "anonymous-official")),
    *((kind, None, "yes") for kind in ("company", "document", "expert", "intelligence", "ngo")),
    *((kind, None, "yes") for kind in ("government-statement", "named-official", "un-panel")),
    *((kind, None, None) for kind in ("outlet-own-voice", "other-outlet")),
    ("company", "no", "no"),
    ("expert", "no", "no"),
    ("resident", "yes", "yes"),
    ("observers", "yes", "yes"),
]


@pytest.mark.parametrize(("attribution", "stated", "named"), NAMING)
def test_speaker_without_name_is_anonymous(
    attribution: str, stated: str | None, named: str | None
) -> None:
    """What the editor states decides; a step that says nothing is read by its kind."""
    step = make_step(attribution, "someone", **({"named": stated} if stated else {}))
    said = make_citation(chain=[step])
    assert (step.named, said.is_anonymous) == (named, named == "no")
    is_anonymous = corroboration(make_event(citations=[said])) == ["single-anonymous"]
    assert is_anonymous is (named == "no")


@pytest.mark.parametrize(
    ("attribution", "named"),
    [("anonymous-official", "yes"), ("named-official", "no"), ("unattributed", "yes")],
)
def test_kind_that_says_whether_it_is_named_binds(attribution: str, named: str) -> None:
    with pytest.raises(ValidationError, match="does not fit"):
        make_step(attribution, named=named)


def test_documented_is_added_to_corroboration() -> None:
    notice = make_citation(1, 1, chain=[make_step("document", "a notice")])
    assert corroboration(make_event(citations=[notice])) == ["single-source", "documented"]
    assert corroboration(make_event(citations=[notice, make_citation(2, 2)])) == [
        "independent",
        "documented",
    ]


@pytest.mark.parametrize(
    ("stages", "citations", "expected"),
    [
        (["planned"], [make_citation(kind="forecast")], "single-source"),
        (["planned", "announced"], [make_citation(kind="forecast")], "none"),
        (["in-force"], [make_citation(kind="forecast")], "none"),
        # Without stages, an event with forecasts only is a plan.
        ([], [make_citation(kind="forecast")], "single-source"),
        ([], [make_citation(kind="forecast"), make_citation(2, 2)], "single-source"),
        (["planned"], [make_citation(kind="forecast"), make_citation(2, 2)], "independent"),
    ],
)
def test_forecast_supports_only_plan(
    stages: list[str], citations: list[Citation], expected: str
) -> None:
    event = make_event(stages=[make_stage(step, "2019-03") for step in stages], citations=citations)
    assert corroboration(event) == [expected]


def test_support_is_not_inherited_by_part_or_whole() -> None:
    whole = make_event(1, citations=[make_citation(1, 1), make_citation(2, 2)])
    part = make_event(2, citations=[], links=[make_link("E1", "part-of")])
    assert corroboration(part, whole) == ["none"]
    assert corroboration(whole, part) == ["independent"]


def test_removed_source_counts_as_unnamed_outlet() -> None:
    """Citations of a purged source stay, but its outlet is unknown."""
    cited = make_event(citations=[make_citation(1, 99), make_citation(2, 1)])
    assert corroboration(cited, make_source(1)) == ["relayed"]
