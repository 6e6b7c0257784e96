"""Supporting citations that count as one independent source (rule 3)."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.forms import ChainStep, Citation, JoinedSources, OutletForm, SourceForm
from app.record.rules import independence
from tests.make import (
    make_citation,
    make_decision,
    make_estimate,
    make_event,
    make_outlet,
    make_source,
    make_step,
)

OUTLETS = {
    form.code: form
    for form in (*(make_outlet(n) for n in range(1, 6)), make_outlet(6, belongs_to="outlet-5"))
}
SOURCES = {form.id: form for form in (make_source(n, outlet=f"outlet-{n}") for n in range(1, 7))}


def origins_of(
    *citations: Citation,
    sources: dict[str, SourceForm] | None = None,
    outlets: dict[str, OutletForm] | None = None,
) -> list[tuple[str, ...]]:
    """Return the citations of each independent source."""
    found = independence.independent_sources(
        citations, SOURCES | (sources or {}), OUTLETS | (outlets or {})
    )
    return [origin.citations for origin in found]


def through(*outlets: str) -> list[ChainStep]:
    """Return an attribution chain, speaker first; "" is an unnamed outlet."""
    return [
        make_step("other-outlet", outlet=outlet, words="" if outlet else "a radio")
        for outlet in outlets
    ]


CASES: list[tuple[str, list[Citation], list[tuple[str, ...]]]] = [
    (
        "two newspapers, each in its own voice",
        [make_citation(1, 1), make_citation(2, 2)],
        [("C1",), ("C2",)],
    ),
    ("one newspaper, two articles", [make_citation(1, 1), make_citation(2, 1)], [("C1", "C2")]),
    (
        "two that relay the same outlet",
        [
            make_citation(1, 1, chain=through("outlet-4")),
            make_citation(2, 2, chain=through("outlet-4")),
        ],
        [("C1", "C2")],
    ),
    (
        "one that relays the other",
        [make_citation(1, 1), make_citation(2, 2, chain=through("outlet-1"))],
        [("C1", "C2")],
    ),
    (
        "relays of different outlets",
        [
            make_citation(1, 1, chain=through("outlet-3")),
            make_citation(2, 2, chain=through("outlet-4")),
        ],
        [("C1",), ("C2",)],
    ),
    (
        "the first outlet of a longer chain is the origin",
        [
            make_citation(1, 1, chain=through("outlet-3", "outlet-4")),
            make_citation(2, 2, chain=through("outlet-4")),
        ],
        [("C1",), ("C2",)],
    ),
    (
        "an outlet and a service of it",
        [make_citation(1, 5), make_citation(2, 6)],
        [("C1", "C2")],
    ),
    (
        "the same named official in two newspapers",
        [
            make_citation(1, 1, chain=[make_step("named-official", "Ambassador A")]),
            make_citation(2, 2, chain=[make_step("named-official", "ambassador a")]),
        ],
        [("C1", "C2")],
    ),
    (
        "the same words for people who are not named",
        [
            make_citation(1, 1, chain=[make_step("resident", "a resident of Dandong")]),
            make_citation(2, 2, chain=[make_step("resident", "a resident of Dandong")]),
        ],
        [("C1",), ("C2",)],
    ),
    (
        "the same words for a company head who is not named",
        [
            make_citation(1, 1, chain=[make_step("company", "a company head", named="no")]),
            make_citation(2, 2, chain=[make_step("company", "a company head", named="no")]),
        ],
        [("C1",), ("C2",)],
    ),
    (
        "the same resident, named in both",
        [
            make_citation(1, 1, chain=[make_step("resident", "Resident A", named="yes")]),
            make_citation(2, 2, chain=[make_step("resident", "Resident A", named="yes")]),
        ],
        [("C1", "C2")],
    ),
    (
        "the same document",
        [
            make_citation(1, 1, chain=[make_step("document", "border statistics")]),
            make_citation(2, 2, chain=[make_step("document", "Border statistics")]),
        ],
        [("C1", "C2")],
    ),
    (
        "an outlet further down the chain only passes it on",
        [
            make_citation(1, 1),
            make_citation(2, 2),
            make_citation(3, 3, chain=[*through("outlet-1"), *through("outlet-2")]),
        ],
        [("C1", "C3"), ("C2",)],
    ),
    (
        "relays without a name are one, alone",
        [make_citation(1, 1, chain=through("")), make_citation(2, 2, chain=through(""))],
        [("C1", "C2")],
    ),
    (
        "relays without a name do not count beside one with a name",
        [
            make_citation(1, 1, chain=through("")),
            make_citation(2, 2, chain=through("")),
            make_citation(3, 3),
        ],
        [("C3",)],
    ),
    ("nothing", [], []),
]


@pytest.mark.parametrize(("what", "citations", "expected"), CASES, ids=[case[0] for case in CASES])
def test_citations_that_count_as_one_source(
    what: str, citations: list[Citation], expected: list[tuple[str, ...]]
) -> None:
    assert origins_of(*citations) == expected


RADIO = through("")
DECISIONS: list[tuple[str, list[Citation], list[JoinedSources], list[tuple[str, ...]]]] = [
    (
        "two newspapers with the same report",
        [make_citation(1, 1), make_citation(2, 2)],
        [make_decision("S1", "S2")],
        [("C1", "C2")],
    ),
    (
        "one citation of each",
        [make_citation(1, 1), make_citation(2, 2), make_citation(3, 3)],
        [make_decision("C1", "C3")],
        [("C1", "C3"), ("C2",)],
    ),
    (
        "three in a row",
        [make_citation(1, 1), make_citation(2, 2), make_citation(3, 3)],
        [make_decision("S1", "S2"), make_decision("S2", "S3")],
        [("C1", "C2", "C3")],
    ),
    (
        "an outlet whose own reporter was there",
        [make_citation(1, 1), make_citation(2, 2, chain=through("outlet-1"))],
        [make_decision("S2")],
        [("C1",), ("C2",)],
    ),
    (
        "one of three that share a speaker",
        [make_citation(n, n, chain=[make_step("document", "a notice")]) for n in (1, 2, 3)],
        [make_decision("S2")],
        [("C1", "C3"), ("C2",)],
    ),
    (
        "a source that stands apart is still one source",
        [make_citation(1, 1), make_citation(2, 1), make_citation(3, 2, chain=through("outlet-1"))],
        [make_decision("S1")],
        [("C1", "C2"), ("C3",)],
    ),
    (
        "two that are one, apart from the third",
        [make_citation(n, n, chain=through("outlet-4")) for n in (1, 2, 3)],
        [make_decision("S1"), make_decision("S2"), make_decision("S1", "S2")],
        [("C1", "C2"), ("C3",)],
    ),
    (
        "a relay without a name that is known to be another's report",
        [make_citation(1, 1, chain=RADIO), make_citation(2, 2)],
        [make_decision("S1", "S2")],
        [("C1", "C2")],
    ),
    (
        "a relay without a name that stands apart",
        [make_citation(1, 1, chain=RADIO), make_citation(2, 2)],
        [make_decision("S1")],
        [("C1",), ("C2",)],
    ),
    (
        "a source that supports nothing here",
        [make_citation(1, 1), make_citation(2, 2)],
        [make_decision("S1", "S9")],
        [("C1",), ("C2",)],
    ),
]


@pytest.mark.parametrize(
    ("citations", "joined", "expected"),
    [case[1:] for case in DECISIONS],
    ids=[case[0] for case in DECISIONS],
)
def test_editors_join_and_split_sources(
    citations: list[Citation], joined: list[JoinedSources], expected: list[tuple[str, ...]]
) -> None:
    found = independence.independent_sources(citations, SOURCES, OUTLETS, joined)
    assert [origin.citations for origin in found] == expected


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"how": "joined", "member": "S1"}, "choose both"),
        ({"how": "joined", "member": "S1", "other": "S1"}, "choose both"),
        ({"how": "split", "member": "S1", "other": "S2"}, "remove the second one"),
        ({"how": "split", "member": "S9"}, "S9 is counted with others, but not cited here"),
        ({"how": "joined", "member": "C1", "other": "C9"}, "C9 is counted with others"),
        ({"how": "split", "member": "S1", "reason": ""}, "reason"),
    ],
)
@pytest.mark.parametrize("make", [make_event, make_estimate])
def test_decision_that_fits_no_source_is_refused(
    make: Any, values: dict[str, str], error: str
) -> None:
    cited = [make_citation(1, 1), make_citation(2, 2)]
    with pytest.raises(ValidationError, match=error):
        make(citations=cited, joined_sources=[{"reason": "Known to us.", **values}])


@pytest.mark.parametrize("how", ["relay", "translation", "syndication", "summary", "quotes"])
def test_source_and_its_parent_are_one_source(how: str) -> None:
    child = make_source(2, outlet="outlet-2", derived_from=[{"source": "S1", "how": how}])
    assert origins_of(make_citation(1, 1), make_citation(2, 2), sources={"S2": child}) == [
        ("C1", "C2")
    ]


def test_uncited_sources_join_their_derivatives() -> None:
    middle = make_source(2, outlet="outlet-2", derived_from=[{"source": "S1", "how": "relay"}])
    last = make_source(3, outlet="outlet-3", derived_from=[{"source": "S2", "how": "relay"}])
    cited = make_citation(1, 1), make_citation(3, 3)
    assert origins_of(*cited, sources={"S2": middle, "S3": last}) == [("C1", "C3")]


def test_sources_with_common_parent_are_one_source() -> None:
    one, other = (
        make_source(n, outlet=f"outlet-{n}", derived_from=[{"source": "S4", "how": "relay"}])
        for n in (1, 2)
    )
    assert origins_of(
        make_citation(1, 1), make_citation(2, 2), sources={"S1": one, "S2": other}
    ) == [("C1", "C2")]


def test_source_derived_from_outlet_joins_its_reports() -> None:
    relay = make_source(
        2, outlet="outlet-2", derived_from=[{"outlet": "outlet-1", "how": "translation"}]
    )
    assert origins_of(make_citation(1, 1), make_citation(2, 2), sources={"S2": relay}) == [
        ("C1", "C2")
    ]


def test_origin_has_outlets_sources_and_speakers() -> None:
    citations = [
        make_citation(1, 1, chain=[make_step("resident", "a resident")]),
        make_citation(2, 1, chain=[make_step("company", "a firm")]),
    ]
    (origin,) = independence.independent_sources(citations, SOURCES, OUTLETS)
    assert (origin.outlets, origin.sources, origin.speakers) == (("outlet-1",), ("S1",), 2)


@pytest.mark.parametrize(
    ("speakers", "number", "words"),
    [
        ([{}], 1, ()),
        ([{"speakers": 3}], 3, ()),
        ([{"speakers_text": "several"}], 1, ("several",)),
        ([{"speakers": 2}, {"speakers_text": "dozens of"}], 2, ("dozens of",)),
        ([{"words": "a cook", "speakers": 2}, {"words": "a trader"}], 3, ()),
        ([{"named": "no"}, {"named": "yes"}], 2, ()),
    ],
)
def test_speakers_are_counted_by_number_and_in_words(
    speakers: list[dict[str, Any]], number: int, words: tuple[str, ...]
) -> None:
    citations = [
        make_citation(n, 1, chain=[make_step("resident", **{"words": "someone", **step})])
        for n, step in enumerate(speakers, start=1)
    ]
    (origin,) = independence.independent_sources(citations, SOURCES, OUTLETS)
    assert (origin.speakers, origin.speakers_text) == (number, words)


@pytest.mark.parametrize(
    ("chain", "outlet"),
    [
        ([make_step()], "outlet-1"),
        ([make_step("resident", "a resident")], "outlet-1"),
        ([make_step("resident"), make_step("other-outlet", outlet="outlet-3")], "outlet-3"),
        ([make_step("resident"), make_step("other-outlet", words="a radio")], ""),
        ([make_step("government-statement", "a ministry", "outlet-4")], "outlet-4"),
    ],
)
def test_origin_outlet_of_chain(chain: list[ChainStep], outlet: str) -> None:
    assert independence.origin_outlet(make_citation(chain=chain), SOURCES) == outlet


PARTS: list[tuple[str, list[Citation], set[tuple[str, str]]]] = [
    ("its own report", [make_citation(1, 1)], {("alone", "outlet-1")}),
    (
        "a report that another passes on",
        [make_citation(1, 1), make_citation(2, 2, chain=through("outlet-1"))],
        {("alone", "outlet-1"), ("first", "outlet-1"), ("relayed", "outlet-2")},
    ),
    ("two origins", [make_citation(1, 1), make_citation(2, 2)], set()),
    ("a relay without a name", [make_citation(1, 1, chain=through(""))], {("relayed", "outlet-1")}),
    (
        "an outlet and a service of it, which are one origin",
        [make_citation(1, 5), make_citation(2, 6)],
        set(),
    ),
    ("a source that was removed", [make_citation(1, 9)], set()),
    ("nothing", [], set()),
]


@pytest.mark.parametrize(
    ("citations", "parts"), [case[1:] for case in PARTS], ids=[name for name, *_ in PARTS]
)
def test_roles_of_outlets(citations: list[Citation], parts: set[tuple[str, str]]) -> None:
    found = independence.independent_sources(citations, SOURCES, OUTLETS)
    assert independence.outlet_roles(found, citations, SOURCES) == parts
