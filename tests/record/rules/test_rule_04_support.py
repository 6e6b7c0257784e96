"""Supporting citations, and corroboration by the number of independent sources (rule 4)."""

import itertools
from typing import Any

import pytest
from pydantic import ValidationError

from app.kinds import Citation, EventForm, RecordForm, SourceForm
from app.record.rules import independence
from app.vocabulary.citations import CitationKind
from tests.make import (
    cited,
    facts_of,
    make_citation,
    make_code,
    make_event,
    make_law,
    make_source,
    make_step,
)
from tests.support.tables import differing, failing, misjudged

K = CitationKind
FIELDS = [K.DATE, K.NUMBER, K.SCOPE, K.EFFECT, K.LEGAL]
A_LAW = {"relation": "based-on", "reading": "source", "printed": "a law"}


def make_copy(extent: str, host_kind: str = "own") -> dict[str, str]:
    return {"host_kind": host_kind, "url": "https://example.org/notice", "extent": extent}


def corroboration(form: EventForm | str, *around: RecordForm) -> list[str]:
    """Return the levels of an event, or of one with these citations."""
    event = make_event(citations=form) if isinstance(form, str) else form
    found: list[str] = facts_of(event, *around).corroborations
    return found


def event_support(*citations: Citation, is_plan: bool = False, is_statement: bool = False) -> str:
    found = independence.event_support(citations, is_plan=is_plan, is_statement=is_statement)
    return " ".join(citation.id for citation in found)


def test_citations_that_report_event() -> None:
    reporting: dict[tuple[CitationKind, str | None, str], bool] = {
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

    def reports(kind: CitationKind, mark: str | None, what: str) -> bool:
        said = make_citation(kind=kind, reports_event=mark)
        return bool(event_support(said, is_plan=what == "plan", is_statement=what == "statement"))

    assert differing(reports, reporting) == {}


def test_undecided_citation_counts_only_alone() -> None:
    for kind in FIELDS:
        undecided = make_citation(2, 2, kind=kind)
        assert event_support(undecided) == "C2"
        assert event_support(undecided, make_citation(1)) == "C1"
        for answer, counts in (("yes", "C1"), ("no", "C2")):
            decided = make_citation(1, kind="number", reports_event=answer)
            assert event_support(undecided, decided) == counts


def test_citations_that_support_estimate() -> None:
    for kind in K:
        said = [make_citation(kind=kind, reports_event="no" if kind in FIELDS else None)]
        is_always = kind in {K.OCCURRENCE, *FIELDS}
        found = [bool(independence.estimate_support(said, is_plan=each)) for each in (False, True)]
        assert found == [is_always, is_always or kind is K.FORECAST], kind


def test_only_supporting_stance_counts() -> None:
    for stance in ("disputes", "mentions", "withdraws"):
        said = make_citation(stance=stance)
        assert event_support(said, is_plan=True) == ""
        assert independence.estimate_support([said], is_plan=True) == []
        dates = [make_citation(stance=stance, kind="date")]
        assert independence.field_support(dates, has_law=True) == {}


def test_other_reading_reports_the_event_only_with_an_answer() -> None:
    reading = {"field": "scope", "value": "any year", "differs": "other-reading"}
    for changes, counts in (
        ({}, False),
        ({"reports_event": "yes"}, True),
        ({"reports_event": "no"}, False),
        ({"field": "date"}, False),
        # Another number is no other event, and another value is no other reading.
        ({"field": "number"}, True),
        ({"differs": "rival"}, True),
    ):
        other = make_citation(2, 2, **reading | changes)
        assert event_support(make_citation(1), other) == ("C1 C2" if counts else "C1"), changes
    assert event_support(make_citation(1, **reading)) == "C1", "where nothing else supports it"


def test_statement_type_is_supported_by_statement() -> None:
    statement = make_event(type="answer", citations="S1 (kind=statement)")
    levels = {"statement": ["own-report"], "act": ["none"]}
    found = differing(
        lambda nature: corroboration(statement, make_code("answer", nature=nature)), levels
    )
    assert found == {}


def test_fields_have_support_of_their_own() -> None:
    text = "S1 by resident a resident; S1 (kind=date, reports_event=no); "
    text += "S2 (kind=date, reports_event=yes) by named-official an ambassador; "
    # Of a law, who names it; and no headline that says it otherwise than the text.
    text += "S2 (kind=legal, reports_event=no, names_law=yes); S2 (kind=cause); "
    text += "S1 (kind=legal, reports_event=no); "
    text += "S1 (kind=date, field=date, differs=other-reading, value=2018, reports_event=no)"
    event = make_event(citations=text, legal=[A_LAW])
    found = {
        kind: (level, count, [citation.id for citation in support])
        for kind, (level, count, support) in facts_of(event).field_support.items()
    }
    assert found == {
        K.DATE: ("independent", 2, ["C2", "C3"]),
        K.LEGAL: ("own-report", 1, ["C4"]),
    }
    assert corroboration(event) == ["independent"]
    without_law = facts_of(event.model_copy(update={"legal": []})).field_support
    assert without_law.keys() == {K.DATE}


@pytest.mark.parametrize("relation", ["refers-to", "to-become"])
def test_law_that_is_mentioned_or_planned_is_no_legal_basis(relation: str) -> None:
    law = {"relation": relation, "reading": "source", "instrument": "unscr-2397"}
    said = cited("S1 (kind=legal, reports_event=no, names_law=yes)")
    facts = facts_of(make_event(citations=said, legal=[law]), make_law(1, "unscr-2397"))
    assert facts.field_support == {}
    assert facts.laws == {"unscr-2397"}, "it is found by the law all the same"


def test_field_counts_joined_sources_as_one() -> None:
    """A decision of the editors holds for the fields, too."""
    dates = cited("S1 (kind=date, reports_event=yes); S2 (kind=date, reports_event=yes)")
    decision = {"how": "joined", "member": "S1", "other": "S2", "reason": "The same report."}
    event = make_event(citations=dates, joined_sources=[decision])
    [(level, count, _)] = facts_of(event).field_support.values()
    assert (level, count) == ("relayed", 1)


def test_retracted_citations_do_not_count() -> None:
    office = "by government-statement the ministry"
    standing = {
        "S1; S2": "C1 C2",
        # A source retracts one citation, or all of its own.
        "S1; S1; S1 (stance=withdraws, about=C1)": "C2",
        "S1; S1; S1 (stance=withdraws)": "",
        "S1; S2; S1 (stance=withdraws)": "C2",
        # An office retracts its own statement, of another source or of the same one.
        f"S1 {office}; S2; S2 (stance=withdraws, about=C1) {office}": "C2",
        f"S1 {office}; S1; S1 (stance=withdraws) {office}": "C2",
        # A citation about a link or about another citation does not support the event.
        "S1; S2 (about=C1)": "C1",
    }

    def found(text: str) -> str:
        return " ".join(each.id for each in independence.citations_in_force(cited(text)))

    assert differing(found, standing) == {}


def test_corroboration_of_independent_sources() -> None:
    levels = {
        "": ["none"],
        "S1 (stance=disputes)": ["none"],
        "S1 (kind=cause); S2 (kind=context)": ["none"],
        "S1 (kind=context, reports_event=yes)": ["none"],
        "S1 by resident a resident": ["single-anonymous"],
        "S1 by resident a resident; S1 by resident a resident": ["single-anonymous"],
        # A remark on law does not raise it.
        "S1 by resident one; S1 (kind=legal, reports_event=no)": ["single-anonymous"],
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
        # The outlet of a purged source is not known.
        "S99; S1": ["own-report"],
        # An anonymous source comes beside the own voice.
        "S1 by resident a resident; S1": ["own-report", "single-anonymous"],
        "S2 by resident a resident; S2 via outlet-1": ["passed-on", "single-anonymous"],
        # A citation that reports no event is none of its sources.
        "S1 (kind=cause) by resident a resident; S1": ["own-report"],
        "S1 by resident a resident; S1 by named-official an ambassador": ["single-named"],
    }
    assert differing(corroboration, levels) == {}
    # The retired level finds its successors.
    terms = {
        "S1 by resident a resident; S1": {"own-report", "single-anonymous", "single-source"},
        "S1 by named-official an ambassador": {"single-named", "single-source"},
        "S1": {"own-report", "single-source"},
    }

    def found(text: str) -> object:
        return {*facts_of(make_event(citations=text)).corroboration_terms}

    assert differing(found, terms) == {}


def test_unread_source_counts_nowhere() -> None:
    for extents, level, sources in (
        ([], "own-report", ["S3"]),
        (["none"], "unread", []),
        (["none", "excerpt"], "own-report", ["S3"]),
    ):
        source = make_source(3, copies=[make_copy(extent) for extent in extents])
        facts = facts_of(make_event(citations="S3"), source)
        assert (facts.corroborations, facts.supporting_sources) == ([level], sources)
        beside = facts_of(make_event(citations="S3; S2"), source)
        assert (len(facts.origins), len(beside.origins)) == (len(sources), 1 + len(sources))


def test_own_report_is_of_outlet_that_was_read() -> None:
    levels = {
        ("relay", "outlet-1"): ["passed-on"],
        ("translation", "outlet-1"): ["passed-on"],
        ("relay", "outlet-2"): ["own-report"],
        # Who quotes a report may still have its own.
        ("quotes", "outlet-1"): ["own-report"],
    }

    def found(how: str, parent: str) -> list[str]:
        derived = [{"outlet": parent, "how": how}]
        return corroboration("S3", make_source(3, outlet="outlet-2", derived_from=derived))

    assert differing(found, levels) == {}


def test_speaker_without_name_is_anonymous() -> None:
    """What the editor states decides; a step that says nothing is read by its kind."""
    for kinds, stated, named in (
        ("resident observers unattributed anonymous-source anonymous-official", None, "no"),
        ("company document expert intelligence ngo", None, "yes"),
        ("government-statement named-official un-panel", None, "yes"),
        ("outlet-own-voice other-outlet", None, None),
        ("company expert", "no", "no"),
        ("resident observers other-outlet", "yes", "yes"),
    ):
        for attribution in kinds.split():
            step = make_step(attribution, "someone", **({"named": stated} if stated else {}))
            said = make_citation(chain=[step])
            assert (step.named, said.is_anonymous) == (named, named == "no"), attribution
            is_anonymous = corroboration(make_event(citations=[said])) == ["single-anonymous"]
            # Another outlet without a code is anonymous, unless the editor states its name.
            is_unknown = attribution == "other-outlet" and named is None
            assert is_anonymous is (named == "no" or is_unknown), attribution
    refusals = {
        ("anonymous-official", "yes"): "does not fit",
        ("named-official", "no"): "does not fit",
        ("unattributed", "yes"): "does not fit",
    }
    made = misjudged(ValidationError, lambda kind, named: make_step(kind, named=named), refusals)
    assert made == {}


def test_official_document_must_be_read() -> None:
    cases = [
        # The kind of source, the copy that was read, and who says it.
        ("government", "own full", " by document a notice", True),
        ("un-document", "own full", " by un-panel the panel", True),
        ("government", "own full", " by government-statement a ministry", True),
        ("government", "own full", "", True),
        # Not read, or known from elsewhere.
        ("government", "", " by document a notice", False),
        ("government", "own none", " by document a notice", False),
        ("government", "own excerpt", " by document a notice", True),
        # Elsewhere than at its office, in full or in part.
        ("government", "republisher full", " by document a notice", True),
        ("government", "republisher excerpt", " by document a notice", False),
        # A document that a report describes, or that passes on a report.
        ("news", "own full", " by document a notice", False),
        ("government", "own full", " by document a notice via outlet-1", False),
        ("government", "own full", " via outlet-1", False),
        ("government", "own full", " by resident a resident", False),
    ]

    def read(kind: str, copy: str, **changes: Any) -> SourceForm:
        host, _, extent = copy.partition(" ")
        copies = [make_copy(extent, host)] if copy else []
        return make_source(9, kind=kind, copies=copies, **changes)

    def is_documented(kind: str, copy: str, said: str) -> bool:
        return "documented" in corroboration(f"S9{said}", read(kind, copy))

    assert failing(cases, is_documented) == []
    levels = {
        "S9 by document a notice": ["single-named", "documented"],
        "S9 by document a notice; S2": ["independent", "documented"],
    }
    official = read("government", "own full")
    assert differing(lambda text: corroboration(text, official), levels) == {}
    relayed = [{"outlet": "outlet-1", "how": "relay"}]
    relay = read("government", "own full", derived_from=relayed)
    assert "documented" not in corroboration("S9 by document a notice", relay)


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
    assert differing(lambda text: facts_of(make_event(citations=text)).certainty, certainty) == {}


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
        return corroboration(make_event(stages=steps, citations=text))

    assert differing(found, levels) == {}


def test_support_is_not_inherited_by_part_or_whole() -> None:
    whole = make_event(1, citations="S1; S2")
    part = make_event(2, citations=[], links="E1 part-of")
    assert corroboration(part, whole) == ["none"]
    assert corroboration(whole, part) == ["independent"]
