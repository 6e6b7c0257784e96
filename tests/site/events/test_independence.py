"""Independent sources of an event: counting, and reasons."""

from typing import Any

from app.kinds import Citation, RecordForm
from app.site.events.independence import Origins, origins_view
from tests.make import (
    make_citation,
    make_decision,
    make_event,
    make_outlet,
    make_source,
    make_step,
)
from tests.support.event_pages import event_in_context


def origins_of(
    *citations: Citation, beside: tuple[RecordForm, ...] = (), **changes: Any
) -> Origins:
    event = make_event(1, citations=list(citations), **changes)
    return origins_view(*event_in_context(event, *beside))


RELAY = make_source(3, outlet="outlet-2", derived_from=[{"source": "S1", "how": "relay"}])
TWICE = make_source(
    4,
    outlet="outlet-2",
    derived_from=[{"outlet": f"outlet-{n}", "how": "relay"} for n in (1, 3)],
)
MINISTRY = [make_step("government-statement", "Ministry of Labour")]


# Words --------------------------------------------------------------------------------------------


FROM_FIRST = [make_step("other-outlet", outlet="outlet-1")]
FROM_THIRD = [make_step("other-outlet", outlet="outlet-3")]
JOINED = [make_decision("S1", "S2", "The same report, credited to two papers.")]
SPLIT = [make_decision("S2", reason="It had its own interview")]
TWO, SPOKEN = (
    [make_citation(n, n, **chain) for n in (1, 2)] for chain in ({}, {"chain": MINISTRY})
)
WORDS: list[tuple[Origins, str, list[str]]] = [
    (origins_of(make_citation(1, 1)), "1 report supports it.", [""]),
    (origins_of(*TWO), "These reports differ", ["", ""]),
    (
        origins_of(make_citation(1, 1), make_citation(2, 3), beside=(make_source(3),)),
        "2 reports support it, and count once.",
        ["They have the same first outlet: Outlet-1."],
    ),
    (
        origins_of(make_citation(1, 1), make_citation(2, 3), beside=(RELAY,)),
        "2 reports support it, and count once.",
        ["They go back to the same source: S1."],
    ),
    (  # What is credited to another outlet is not passed on from this one.
        origins_of(
            make_citation(1, 3, chain=FROM_THIRD),
            make_citation(2, 2, chain=FROM_THIRD),
            beside=(RELAY, make_outlet(3)),
        ),
        "2 reports support it, and count once.",
        ["They have the same first outlet: Outlet-3."],
    ),
    (  # It has the report from the last outlet of its chain.
        origins_of(
            make_citation(1, 4, chain=[*FROM_FIRST, *FROM_THIRD]),
            make_citation(2, 1),
            beside=(TWICE, make_outlet(3)),
        ),
        "2 reports support it, and count once.",
        ["They have the same first outlet: Outlet-1."],
    ),
    (
        origins_of(*SPOKEN),
        "",
        ["They have the same named speaker, body or document: Ministry of Labour."],
    ),
    (
        origins_of(*TWO, joined_sources=JOINED),
        "2 reports support it, and count once.",
        ["Counted as one source (S1, S2): “The same report, credited to two papers”."],
    ),
    (
        origins_of(*SPOKEN, joined_sources=SPLIT),
        "or the editors count them apart",
        ["", "Counted as independent (S2): “It had its own interview”."],
    ),
]
"""What the page says, its sentence, and the reasons of each independent source."""


def test_count_of_independent_sources_is_explained() -> None:
    for view, sentence, reasons in WORDS:
        count = "1 independent source" if len(reasons) == 1 else "2 independent sources"
        assert view.heading == f"Why this counts as {count}", reasons
        assert sentence in view.sentence
        assert [" ".join(origin.reasons) for origin in view.rows] == reasons
    (origin,) = WORDS[0][0].rows
    assert [(link.label, link.address) for link in origin.citations] == [("Outlet-1, S1", "#C1")]
    assert [origin.label for origin in WORDS[1][0].rows] == ["Outlet-1", "Outlet-2"]


def test_uncounted_citations_are_listed_with_reason() -> None:
    view = origins_of(
        make_citation(1, 1),
        make_citation(2, 1, stance="disputes"),
        make_citation(3, 1, stance="mentions"),
        make_citation(4, 1, kind="cause"),
        make_citation(5, 1, kind="forecast"),
        make_citation(6, 2),
        make_citation(7, 2, stance="withdraws", about="C6"),
        make_citation(8, 1, about="C2"),
        make_citation(9, 2, chain=[make_step("other-outlet", "regional radio")]),
    )
    said = {
        reason.rstrip(":"): [link.address for link in each.citations]
        for each in view.rows
        if each.label == "Not counted"
        for reason in each.reasons
    }
    assert said == {
        "Is about a link or another citation": ["#C7", "#C8"],
        "Was later retracted": ["#C6"],
        "Disputes": ["#C2"],
        "Mentions": ["#C3"],
        "Is about: cause": ["#C4"],
        "Is about: forecast": ["#C5"],
        "Repeats an unnamed report, in addition to named ones": ["#C9"],
    }
    none = origins_of(make_citation(1, 1, stance="mentions"))
    assert (none.heading, len(none.rows)) == ("Why this counts as no support", 1)
