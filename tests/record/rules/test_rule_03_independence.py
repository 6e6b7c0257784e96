"""Supporting citations that count as one independent source, and speakers of one voice (rule 3)."""

from collections.abc import Iterable
from typing import Any

import pytest
from pydantic import ValidationError

from app.kinds import Copy, JoinedSources, SourceForm
from app.record.payloads import PublishedOrigin
from app.record.rules import independence
from tests.make import (
    cited,
    decisions,
    make_citation,
    make_estimate,
    make_event,
    make_outlet,
    make_source,
    make_step,
)
from tests.support.tables import differing, misjudged

OUTLETS = {
    form.code: form
    for form in (*(make_outlet(n) for n in range(1, 6)), make_outlet(6, belongs_to="outlet-5"))
}
SOURCES = {form.id: form for form in (make_source(n, outlet=f"outlet-{n}") for n in range(1, 7))}


def written(origins: Iterable[PublishedOrigin]) -> str:
    return "; ".join(" ".join(origin["citations"]) for origin in origins)


def origins_of(text: str, *sources: SourceForm) -> str:
    """Return the citations of each independent source, where these sources are others."""
    changed = SOURCES | {form.id: form for form in sources}
    return written(independence.independent_sources(cited(text), changed, OUTLETS))


def test_citations_that_count_as_one_source() -> None:
    origins = {
        # Two newspapers, each in its own voice; one newspaper, two articles.
        "S1; S2": "C1; C2",
        "S1; S1": "C1 C2",
        # Two that relay the same outlet, one that relays the other, relays of different outlets.
        "S1 via outlet-4; S2 via outlet-4": "C1 C2",
        "S1; S2 via outlet-1": "C1 C2",
        "S1 via outlet-3; S2 via outlet-4": "C1; C2",
        # The first outlet of a longer chain is the origin.
        "S1 via outlet-3 via outlet-4; S2 via outlet-4": "C1; C2",
        # An outlet and a service of it.
        "S5; S6": "C1 C2",
        # The same named official in two newspapers.
        "S1 by named-official Ambassador A; S2 by named-official ambassador a": "C1 C2",
        # The same words for people who are not named.
        "S1 by resident a resident of Dandong; S2 by resident a resident of Dandong": "C1; C2",
        "S1 by company a head, unnamed; S2 by company a head, unnamed": "C1; C2",
        # The same resident, named in both; the same document.
        "S1 by resident Resident A, named; S2 by resident Resident A, named": "C1 C2",
        "S1 by document border statistics; S2 by document Border statistics": "C1 C2",
        # An outlet further down the chain only passes it on.
        "S1; S2; S3 via outlet-1 via outlet-2": "C1 C3; C2",
        # Relays without a name are one, alone, and do not count beside one with a name.
        "S1 via a radio; S2 via a radio": "C1 C2",
        "S1 via a radio; S2 via a radio; S3": "C3",
        "": "",
    }

    def found(text: str) -> str:
        return written(independence.independent_sources(cited(text), SOURCES, OUTLETS))

    assert differing(found, origins) == {}


def test_editors_join_and_split_sources() -> None:
    origins = {
        # Two newspapers with the same report; one citation of each; three in a row.
        ("S1; S2", "S1=S2"): "C1 C2",
        ("S1; S2; S3", "C1=C3"): "C1 C3; C2",
        ("S1; S2; S3", "S1=S2, S2=S3"): "C1 C2 C3",
        # An outlet whose own reporter was there; one of three that share a speaker.
        ("S1; S2 via outlet-1", "S2"): "C1; C2",
        (
            "S1 by document a notice; S2 by document a notice; S3 by document a notice",
            "S2",
        ): "C1 C3; C2",
        # A source that counts apart is still one source.
        ("S1; S1; S2 via outlet-1", "S1"): "C1 C2; C3",
        # Two that are one, apart from the third.
        (
            "S1 via outlet-4; S2 via outlet-4; S3 via outlet-4",
            "S1, S2, S1=S2",
        ): "C1 C2; C3",
        # A relay without a name that is known to be another's report, or counts apart.
        ("S1 via a radio; S2", "S1=S2"): "C1 C2",
        ("S1 via a radio; S2", "S1"): "C1; C2",
        # A source that supports nothing here.
        ("S1; S2", "S1=S9"): "C1; C2",
    }

    def found(text: str, decided: str) -> str:
        joined = decisions(decided)
        return written(independence.independent_sources(cited(text), SOURCES, OUTLETS, joined))

    assert differing(found, origins) == {}


def test_retelling_a_law_adds_no_source_to_its_text() -> None:
    copy = Copy(url="https://un.example/1", host_kind="own", extent="full")
    sources = SOURCES | {"S9": make_source(9, kind="un-document", outlet="x", copies=[copy])}
    origins = {
        ("S1; S9 by document a law; S2; S3 by resident a man", True): "C1 C2 C3; C4",
        ("S1; S9 by document a law", False): "C1; C2",  # What is no law may be seen by others.
        ("S1; S2 by document a law", True): "C1; C2",  # Nobody read the text.
    }

    def found(text: str, is_law: bool, *decided: JoinedSources) -> str:
        return written(
            independence.independent_sources(cited(text), sources, OUTLETS, decided, is_law=is_law)
        )

    assert differing(found, origins) == {}
    assert found("S1; S9 by document a law", True, *decisions("S1")) == "C1; C2"


@pytest.mark.parametrize("make", [make_event, make_estimate])
def test_decision_that_fits_no_source_is_refused(make: Any) -> None:
    refusals = {
        ("joined", "S1", ""): "choose both",
        ("joined", "S1", "S1"): "choose both",
        ("split", "S1", "S2"): "remove the second one",
        ("split", "S9", ""): "S9 is counted with others, but not cited here",
        ("joined", "C1", "C9"): "C9 is counted with others",
        ("one-voice", "C1", "C9"): "C9 is counted with others",
        # One voice is of two citations.
        ("one-voice", "C1", ""): "two",
        ("one-voice", "C1", "C1"): "two",
        ("one-voice", "C1", "S2"): "two",
        ("split", "S1", "", ""): "reason",
    }

    def decide(how: str, member: str, other: str, reason: str = "Known to us.") -> None:
        decision = {"how": how, "member": member, "other": other, "reason": reason}
        make(citations=cited("S1; S2"), joined_sources=[decision])

    assert misjudged(ValidationError, decide, refusals) == {}


def derived(number: int, **parent: str) -> SourceForm:
    return make_source(number, outlet=f"outlet-{number}", derived_from=[{"how": "relay"} | parent])


def test_derived_sources_are_one_source() -> None:
    for how in ("relay", "translation", "syndication", "summary", "quotes"):
        assert origins_of("S1; S2", derived(2, source="S1", how=how)) == "C1 C2", how
    # Of an outlet without naming its report.
    assert origins_of("S1; S2", derived(2, outlet="outlet-1", how="translation")) == "C1 C2"
    # By way of a source that is not cited, or from one parent.
    assert origins_of("S1; S3", derived(2, source="S1"), derived(3, source="S2")) == "C1 C2"
    assert origins_of("S1; S2", derived(1, source="S4"), derived(2, source="S4")) == "C1 C2"


def test_origin_has_outlets_sources_and_speakers() -> None:
    citations = cited("S1 by resident a resident; S1 by company a firm")
    (origin,) = independence.independent_sources(citations, SOURCES, OUTLETS)
    assert (origin["outlets"], origin["sources"], origin["speakers"]) == (["outlet-1"], ["S1"], 2)


def test_speakers_are_counted_by_number_and_in_words() -> None:
    two, several, dozens = ({"speakers_text": words} for words in ("two", "several", "dozens of"))
    cases: list[tuple[list[dict[str, Any]], int, list[str]]] = [
        ([{}], 1, []),
        ([several], 1, ["several"]),
        ([two, dozens], 1, ["two", "dozens of"]),
        ([two | {"words": "a cook"}, {"words": "a trader"}], 2, ["two"]),
        ([{"named": "no"}, {"named": "yes"}], 2, []),
    ]
    for speakers, number, words in cases:
        citations = [
            make_citation(n, 1, chain=[make_step("resident", **{"words": "someone", **step})])
            for n, step in enumerate(speakers, start=1)
        ]
        (origin,) = independence.independent_sources(citations, SOURCES, OUTLETS)
        assert (origin["speakers"], origin["speakers_text"]) == (number, words)


def test_origin_outlet_of_chain() -> None:
    outlets = {
        "S1": "outlet-1",
        "S1 by resident a resident": "outlet-1",
        "S1 by resident one via outlet-3": "outlet-3",
        "S1 by resident one via a radio": "",
    }
    assert (
        differing(lambda text: independence.origin_outlet(cited(text)[0], SOURCES), outlets) == {}
    )
    said = make_citation(chain=[make_step("government-statement", "a ministry", "outlet-4")])
    assert independence.origin_outlet(said, SOURCES) == "outlet-4"


def test_roles_of_outlets() -> None:
    roles = {
        "S1": {("alone", "outlet-1")},
        # A report that another passes on.
        "S1; S2 via outlet-1": {
            ("alone", "outlet-1"),
            ("first", "outlet-1"),
            ("relayed", "outlet-2"),
        },
        "S1; S2": set(),
        "S1 via a radio": {("relayed", "outlet-1")},
        # An outlet and a service of it, which are one origin; a source that was removed; nothing.
        "S5; S6": set(),
        "S9": set(),
        "": set(),
    }

    def found(text: str) -> object:
        origins = independence.independent_sources(cited(text), SOURCES, OUTLETS)
        return independence.outlet_roles(origins, cited(text), SOURCES)

    assert differing(found, roles) == {}


# Voices -------------------------------------------------------------------------------------------


def voices(text: str, *joined: str, relayed: bool = True, how: str = "one-voice") -> str:
    """Return the citations of each independent source, and the number of its speakers.

    `M1` is the ministry in S1, `D2` its deputy minister in S2, which relays S1. A decision is
    two citations of one voice, or of two (`how`), such as `C1=C2`.
    """
    steps = {
        "M": make_step("government-statement", "the ministry", named="yes"),
        "D": make_step("named-official", "the deputy minister", named="yes"),
        "R": make_step("resident", "a cook"),
    }
    citations = [
        make_citation(n, int(said[1]), chain=[steps[said[0]]])
        for n, said in enumerate(text.split(), start=1)
    ]
    one_voice = [
        JoinedSources(how=how, member=member, other=other, reason="He speaks for it.")
        for member, other in (each.split("=") for each in joined)
    ]
    second = derived(2, source="S1") if relayed else SOURCES["S2"]
    found = independence.independent_sources(
        citations, SOURCES | {"S2": second}, OUTLETS, one_voice
    )
    return "; ".join(f"{' '.join(each['citations'])}: {each['speakers']}" for each in found)


def test_office_and_official_are_two_speakers_unless_they_are_one_voice() -> None:
    assert voices("M1 D1") == "C1 C2: 2"
    assert voices("M1 D1", "C1=C2") == "C1 C2: 1"
    assert voices("M1 D1 D1 R1", "C1=C2", "C3=C4") == "C1 C2 C3 C4: 1", "joined at any remove"
    # One voice in two newspapers is one source.
    assert voices("M1 D2", relayed=False) == "C1: 1; C2: 1"
    assert voices("M1 D2", "C1=C2", relayed=False) == "C1 C2: 1"
    assert voices("M1 D2", "C1=C2", relayed=False, how="two-voices") == "C1: 1; C2: 1"


def test_own_words_of_a_relay_that_are_split_share_nothing_with_it() -> None:
    sources = SOURCES | {"S2": derived(2, source="S1")}
    apart = JoinedSources(how="split", member="C2", reason="The newspaper asked by itself.")
    for decided, expected in (([], "C1 C2"), ([apart], "C1; C2")):
        found = independence.independent_sources(cited("S1; S2"), sources, OUTLETS, decided)
        assert written(found) == expected
