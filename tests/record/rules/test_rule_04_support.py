"""Supporting citations, and corroboration by the number of independent sources (rule 4)."""

import itertools
from typing import Any

import pytest
from pydantic import ValidationError

from app.kinds import ChainStep, Citation, EventForm, RecordForm
from app.record.derivation.facts import EventFacts
from app.record.rules import independence
from app.vocabulary.citations import CitationKind
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_code,
    make_event,
    make_law,
    make_link,
    make_source,
    make_step,
)
from tests.support.notation import cited, stages
from tests.support.tables import differing

K = CitationKind
FIELDS = [K.DATE, K.NUMBER, K.SCOPE, K.EFFECT, K.LEGAL]
REPORTING: dict[tuple[CitationKind, str | None, str], bool] = {
    # kind, mark, what the event is: whether the citation reports the event
    (K.OCCURRENCE, None, "act"): True,
    (K.FORECAST, None, "act"): False,
    (K.FORECAST, None, "plan"): True,
    (K.STATEMENT, None, "act"): False,
    (K.STATEMENT, None, "statement"): True,
    (K.CAUSE, None, "act"): False,
    (K.CONTEXT, None, "act"): False,
    # Undecided: counts here, because nothing else supports the event.
    **{
        (kind, mark, "act"): mark != "no"
        for kind, mark in itertools.product(FIELDS, ("yes", "no", None))
    },
    # An answer decides, except for background.
    (K.STATEMENT, "yes", "act"): True,
    (K.STATEMENT, "no", "statement"): False,
    (K.FORECAST, "yes", "act"): True,
    (K.FORECAST, "no", "plan"): False,
    (K.OCCURRENCE, "no", "act"): False,
    (K.CAUSE, "yes", "act"): False,
    (K.CONTEXT, "yes", "act"): False,
}


ANONYMOUS, NAMED = (
    [make_step("resident", "a resident")],
    [make_step("named-official", "an ambassador")],
)
RELAYED = [make_step("other-outlet", outlet="outlet-1")]

RELAY = {"outlet": "outlet-1", "how": "relay"}


def make_copy(extent: str, host_kind: str = "own") -> dict[str, str]:
    return {"host_kind": host_kind, "url": "https://example.org/notice", "extent": extent}


def facts_of(form: EventForm, *around: RecordForm) -> EventFacts:
    return EventFacts(form, a_context(*a_small_world(), *around))


def corroboration(form: EventForm, *around: RecordForm) -> list[str]:
    return facts_of(form, *around).corroborations


def event_support(*citations: Citation, is_plan: bool = False, is_statement: bool = False) -> str:
    found = independence.event_support(citations, is_plan=is_plan, is_statement=is_statement)
    return " ".join(citation.id for citation in found)


def test_citations_that_report_event() -> None:
    def reports(kind: CitationKind, mark: str | None, what: str) -> bool:
        said = make_citation(kind=kind, reports_event=mark)
        return bool(event_support(said, is_plan=what == "plan", is_statement=what == "statement"))

    assert differing(reports, REPORTING) == {}


def test_undecided_citation_counts_only_alone() -> None:
    for kind in FIELDS:
        undecided = make_citation(2, 2, kind=kind)
        assert event_support(undecided) == "C2"
        assert event_support(undecided, make_citation(1)) == "C1"
        assert (
            event_support(undecided, make_citation(1, kind="number", reports_event="yes")) == "C1"
        )
        assert event_support(undecided, make_citation(1, kind="number", reports_event="no")) == "C2"


def test_citations_that_support_estimate() -> None:
    for kind in K:
        said = [make_citation(kind=kind, reports_event="no" if kind in FIELDS else None)]
        is_always = kind in {K.OCCURRENCE, *FIELDS}
        found = [bool(independence.estimate_support(said, is_plan=each)) for each in (False, True)]
        assert found == [is_always, is_always or kind is K.FORECAST], kind


@pytest.mark.parametrize("stance", ["disputes", "mentions", "withdraws"])
def test_only_supporting_stance_counts(stance: str) -> None:
    said = make_citation(stance=stance)
    assert event_support(said, is_plan=True) == ""
    assert independence.estimate_support([said], is_plan=True) == []
    assert (
        independence.field_support([make_citation(stance=stance, kind="date")], has_law=True) == {}
    )


def test_statement_type_is_supported_by_statement() -> None:
    statement = make_event(type="answer", citations=[make_citation(kind="statement")])
    marked = make_code("answer", nature="statement")
    assert corroboration(statement, marked) == ["own-report"]
    assert corroboration(statement, make_code("answer", nature="act")) == ["none"]


def test_fields_have_support_of_their_own() -> None:
    event = make_event(
        citations=[
            make_citation(1, 1, chain=ANONYMOUS),
            make_citation(2, 1, kind="date", reports_event="no"),
            make_citation(3, 2, kind="date", reports_event="yes", chain=NAMED),
            make_citation(4, 2, kind="legal", reports_event="no", names_law=True),
            make_citation(5, 2, kind="cause"),
            make_citation(6, 1, kind="legal", reports_event="no"),
        ],
        legal=[{"relation": "based-on", "reading": "source", "printed": "a law"}],
    )
    found = facts_of(event).field_support
    assert {
        kind: (level, count, [citation.id for citation in support])
        for kind, (level, count, support) in found.items()
    } == {K.DATE: ("independent", 2, ["C2", "C3"]), K.LEGAL: ("own-report", 1, ["C4"])}
    assert corroboration(event) == ["independent"]


@pytest.mark.parametrize("relation", ["refers-to", "to-become"])
def test_law_that_is_mentioned_or_planned_is_no_legal_basis(relation: str) -> None:
    event = make_event(
        citations=[make_citation(1, kind="legal", reports_event="no", names_law=True)],
        legal=[{"relation": relation, "reading": "source", "instrument": "unscr-2397"}],
    )
    context = a_context(*a_small_world(), make_law(1, "unscr-2397"))
    facts = EventFacts(event, context)
    assert facts.field_support == {}
    assert facts.laws == {"unscr-2397"}, "it is found by the law all the same"


def test_field_counts_joined_sources_as_one() -> None:
    """A decision of the editors holds for the fields, too."""
    dates = [make_citation(n, n, kind="date", reports_event="yes") for n in (1, 2)]
    decision = {"how": "joined", "member": "S1", "other": "S2", "reason": "The same report."}
    event = make_event(citations=dates, joined_sources=[decision])
    [(level, count, _)] = facts_of(event).field_support.values()
    assert (level, count) == ("relayed", 1)


def test_remark_on_law_does_not_raise_support() -> None:
    said = [
        make_citation(1, 1, chain=ANONYMOUS),
        make_citation(2, 1, kind="legal", reports_event="no"),
    ]
    assert corroboration(make_event(citations=said)) == ["single-anonymous"]


def of_office(number: int, source: int = 1, **changes: Any) -> Citation:
    chain = [make_step("government-statement", "the ministry")]
    return make_citation(number, source, chain=chain, **changes)


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
        # An office retracts its own statement, of another source or of the same one.
        (
            [of_office(1), make_citation(2, 2), of_office(3, 2, stance="withdraws", about="C1")],
            ["C2"],
        ),
        ([of_office(1), make_citation(2), of_office(3, stance="withdraws")], ["C2"]),
        ([make_citation(1), make_citation(2, 2), make_citation(3, stance="withdraws")], ["C2"]),
        # A citation about a link or about another citation does not support the event.
        ([make_citation(1), make_citation(2, 2, about="C1")], ["C1"]),
    ],
)
def test_retracted_citations_do_not_count(citations: list[Citation], standing: list[str]) -> None:
    assert [citation.id for citation in independence.citations_in_force(citations)] == standing


def test_corroboration_of_independent_sources() -> None:
    levels = {
        "": ["none"],
        "S1 (stance=disputes)": ["none"],
        "S1 (kind=cause); S2 (kind=context)": ["none"],
        "S1 by resident a resident": ["single-anonymous"],
        "S1 by resident a resident; S1 by resident a resident": ["single-anonymous"],
        "S1 by resident a resident; S1 by named-official an ambassador": ["single-named"],
        "S1; S1 by named-official an ambassador": ["single-named"],
        "S1": ["own-report"],
        # Another outlet's report is passed on, no named source. One without a name is anonymous.
        "S1 via outlet-1": ["own-report"],
        "S2 via outlet-1": ["passed-on"],
        "S2 via outlet-1; S2": ["own-report"],
        "S1 via some media": ["single-anonymous"],
        "S1 by other-outlet Two agencies, named": ["passed-on"],
        "S1; S2 via outlet-1": ["relayed"],
        "S1; S2": ["independent"],
        "S1; S2 (kind=cause)": ["own-report"],
        "S1; S2; S2 (stance=withdraws)": ["own-report"],
    }
    assert differing(lambda text: corroboration(make_event(citations=cited(text))), levels) == {}


def test_anonymous_source_is_said_beside_own_voice() -> None:
    levels = {
        "S1 by resident a resident; S1": ["own-report", "single-anonymous"],
        "S2 by resident a resident; S2 via outlet-1": ["passed-on", "single-anonymous"],
        # A citation that reports no event is none of its sources.
        "S1 (kind=cause) by resident a resident; S1": ["own-report"],
        "S1 by resident a resident; S1 by named-official an ambassador": ["single-named"],
    }
    for text, expected in levels.items():
        facts = facts_of(make_event(citations=cited(text)))
        assert facts.corroborations == expected, text
        assert {*expected} <= {*facts.corroboration_terms}


@pytest.mark.parametrize(
    ("extents", "level", "sources"),
    [
        ([], "own-report", ["S3"]),
        (["none"], "unread", []),
        (["none", "excerpt"], "own-report", ["S3"]),
    ],
)
def test_unread_source_counts_nowhere(extents: list[str], level: str, sources: list[str]) -> None:
    source = make_source(3, copies=[make_copy(extent) for extent in extents])
    facts = EventFacts(
        make_event(citations=[make_citation(1, 3)]), a_context(*a_small_world(), source)
    )
    assert facts.corroborations == [level]
    assert facts.supporting_sources == sources
    assert len(facts.origins) == len(sources)
    beside = make_event(citations=[make_citation(1, 3), make_citation(2, 2)])
    assert len(EventFacts(beside, facts.context).origins) == 1 + len(sources)


def test_own_report_is_of_outlet_that_was_read() -> None:
    levels = {
        ("relay", "outlet-1"): ["passed-on"],
        ("translation", "outlet-1"): ["passed-on"],
        ("relay", "outlet-2"): ["own-report"],
        # Who quotes a report may still have its own.
        ("quotes", "outlet-1"): ["own-report"],
    }

    def found(how: str, parent: str) -> list[str]:
        source = make_source(3, outlet="outlet-2", derived_from=[{"outlet": parent, "how": how}])
        return corroboration(make_event(citations=[make_citation(1, 3)]), source)

    assert differing(found, levels) == {}


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
    ("other-outlet", "yes", "yes"),
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
    # Another outlet without a code is anonymous, unless the editor states its name.
    assert is_anonymous is (named == "no" or (attribution == "other-outlet" and named is None))


@pytest.mark.parametrize(
    ("attribution", "named"),
    [("anonymous-official", "yes"), ("named-official", "no"), ("unattributed", "yes")],
)
def test_kind_that_says_whether_it_is_named_binds(attribution: str, named: str) -> None:
    with pytest.raises(ValidationError, match="does not fit"):
        make_step(attribution, named=named)


DOCUMENT = [make_step("document", "a notice")]


@pytest.mark.parametrize(
    ("source", "chain", "is_documented"),
    [
        ({"kind": "government"}, DOCUMENT, True),
        ({"kind": "un-document"}, [make_step("un-panel", "the panel")], True),
        ({"kind": "government"}, [make_step("government-statement", "a ministry")], True),
        ({"kind": "government"}, [make_step()], True),
        # Not read, or known from elsewhere.
        ({"kind": "government", "copies": []}, DOCUMENT, False),
        ({"kind": "government", "copies": [make_copy("none")]}, DOCUMENT, False),
        ({"kind": "government", "copies": [make_copy("excerpt")]}, DOCUMENT, True),
        # Elsewhere than at its office, in full or in part.
        ({"kind": "government", "copies": [make_copy("full", "republisher")]}, DOCUMENT, True),
        ({"kind": "government", "copies": [make_copy("excerpt", "republisher")]}, DOCUMENT, False),
        # A document that a report describes, or that passes on a report.
        ({"kind": "news"}, DOCUMENT, False),
        ({"kind": "government"}, [*DOCUMENT, *RELAYED], False),
        ({"kind": "government"}, RELAYED, False),
        ({"kind": "government"}, ANONYMOUS, False),
        ({"kind": "government", "derived_from": [RELAY]}, DOCUMENT, False),
    ],
)
def test_official_document_must_be_read(
    source: dict[str, object], chain: list[ChainStep], is_documented: bool
) -> None:
    read = make_source(9, **{"copies": [make_copy("full")]} | source)
    cited = make_event(citations=[make_citation(1, 9, chain=chain)])
    assert ("documented" in corroboration(cited, read)) is is_documented


def test_official_document_is_added_to_level() -> None:
    read = make_source(9, kind="government", copies=[make_copy("full")])
    notice = make_citation(1, 9, chain=DOCUMENT)
    assert corroboration(make_event(citations=[notice]), read) == ["single-named", "documented"]
    both = make_event(citations=[notice, make_citation(2, 2)])
    assert corroboration(both, read) == ["independent", "documented"]


def test_event_without_firm_support_is_alleged() -> None:
    certainty = {
        "": None,
        "S1": "firm",
        "S1 (certainty=hedged)": "alleged",
        "S1 (certainty=asked)": "alleged",
        "S1 (certainty=hedged); S2": "firm",
        # A relay that drops the reserve of the report that it repeats makes nothing firm.
        "S1 (certainty=hedged); S2 via outlet-1": "alleged",
        "S2 via outlet-1": "firm",
        # Only citations that support the event make it firm.
        "S1 (certainty=hedged); S2 (kind=legal, reports_event=no); S2 (stance=mentions)": "alleged",
    }
    assert (
        differing(lambda text: facts_of(make_event(citations=cited(text))).certainty, certainty)
        == {}
    )


@pytest.mark.parametrize(
    ("chain", "levels"),
    [(NAMED, ["single-named", "single-source"]), ([make_step()], ["own-report", "single-source"])],
)
def test_retired_level_finds_its_successors(chain: list[ChainStep], levels: list[str]) -> None:
    event = make_event(citations=[make_citation(chain=chain)])
    assert facts_of(event).corroboration_terms == levels


def test_forecast_supports_only_plan() -> None:
    levels = {
        ("planned 2019-03", "S1 (kind=forecast)"): ["own-report"],
        ("planned 2019-03, announced 2019-03", "S1 (kind=forecast)"): ["none"],
        ("in-force 2019-03", "S1 (kind=forecast)"): ["none"],
        # Without stages, an event with forecasts only is a plan.
        ("", "S1 (kind=forecast)"): ["own-report"],
        ("", "S1 (kind=forecast); S2"): ["own-report"],
        ("planned 2019-03", "S1 (kind=forecast); S2"): ["independent"],
    }

    def found(steps: str, text: str) -> list[str]:
        return corroboration(make_event(stages=stages(steps), citations=cited(text)))

    assert differing(found, levels) == {}


def test_support_is_not_inherited_by_part_or_whole() -> None:
    whole = make_event(1, citations=[make_citation(1, 1), make_citation(2, 2)])
    part = make_event(2, citations=[], links=[make_link("E1", "part-of")])
    assert corroboration(part, whole) == ["none"]
    assert corroboration(whole, part) == ["independent"]


def test_removed_source_counts_as_unnamed_outlet() -> None:
    """Citations of a purged source stay, but its outlet is unknown."""
    cited = make_event(citations=[make_citation(1, 99), make_citation(2, 1)])
    assert corroboration(cited, make_source(1)) == ["own-report"]
