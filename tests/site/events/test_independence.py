"""Independent sources of an event: counting, reasons, and the reporting graph."""

from typing import Any

from app.kinds import Citation, RecordForm
from app.record.derivation.rows import derive_row
from app.record.names.directory import Directory
from app.record.reads.event_context import EventContext
from app.record.sql.rows import ListRow
from app.site.events.independence import (
    NARROW_PIXELS,
    WIDE_PIXELS,
    Drawing,
    NodeText,
    Origins,
    Path,
    graph,
    narrow_drawing,
    origins_view,
    wide_drawing,
)
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_decision,
    make_event,
    make_outlet,
    make_source,
    make_step,
)
from tests.support.charts import overlapping


def origins_of(
    *citations: Citation, beside: tuple[RecordForm, ...] = (), **changes: Any
) -> Origins:
    event = make_event(1, citations=list(citations), **changes)
    context = a_context(*a_small_world(), *beside, event)
    payload = derive_row(event, context).payload
    row = ListRow(1, "E1", 1, payload, (), None, None, None, None, 1, 1)
    around = EventContext(event, row, context.sources, {}, (), (), 0)
    return origins_view(around, Directory.of([*a_small_world(), *beside]))


RELAY = make_source(3, outlet="outlet-2", derived_from=[{"source": "S1", "how": "relay"}])
TWICE = make_source(
    4,
    outlet="outlet-2",
    derived_from=[{"outlet": f"outlet-{n}", "how": "relay"} for n in (1, 3)],
)
MINISTRY = [make_step("government-statement", "Ministry of Labour")]


def labels(drawing: Drawing) -> list[str]:
    return [" ".join(line for _, line in node.lines) for node in drawing.nodes]


def anonymous(words: str) -> list[Any]:
    return [make_step("anonymous-source", words)]


# Words --------------------------------------------------------------------------------------------


TRADER, COOK = (anonymous(words) for words in ("a trader", "a cook"))
FROM_FIRST = [make_step("other-outlet", outlet="outlet-1")]
FROM_THIRD = [make_step("other-outlet", outlet="outlet-3")]
SEVERAL = [make_step("resident", speakers_text="several")]
JOINED = [make_decision("S1", "S2", "The same report, credited to two papers.")]
SPLIT = [make_decision("S2", reason="It had its own interview")]
TWO, SPOKEN = (
    [make_citation(n, n, **chain) for n in (1, 2)] for chain in ({}, {"chain": MINISTRY})
)
WORDS: list[tuple[Origins, str, list[str]]] = [
    (origins_of(make_citation(1, 1)), "One report supports it.", [""]),
    (origins_of(*TWO), "These reports differ", ["", ""]),
    (
        origins_of(make_citation(1, 1), make_citation(2, 3), beside=(make_source(3),)),
        "2 reports support it, all by one outlet, which counts once.",
        ["They have the same first outlet: Outlet-1."],
    ),
    (
        origins_of(make_citation(1, 1), make_citation(2, 3), beside=(RELAY,)),
        "All go back to the same report",
        ["S3 repeats S1."],
    ),
    (  # What is credited to another outlet is not passed on from this one.
        origins_of(
            make_citation(1, 3, chain=FROM_THIRD),
            make_citation(2, 2, chain=FROM_THIRD),
            beside=(RELAY, make_outlet(3)),
        ),
        "2 reports support it, all by one outlet, which counts once.",
        ["They have the same first outlet: Outlet-3."],
    ),
    (  # It has the report from the last outlet of its chain.
        origins_of(
            make_citation(1, 4, chain=[*FROM_FIRST, *FROM_THIRD]),
            make_citation(2, 1),
            beside=(TWICE, make_outlet(3)),
        ),
        "All go back to the same report",
        ["They have the same first outlet: Outlet-1. S4 repeats a report of Outlet-3."],
    ),
    (
        origins_of(*SPOKEN),
        "",
        ["They have the same named speaker, body or document: Ministry of Labour."],
    ),
    (
        origins_of(*TWO, joined_sources=JOINED),
        "The editors count some of them as one source",
        ["Counted as one source (S1, S2): “The same report, credited to two papers”."],
    ),
    (
        origins_of(*SPOKEN, joined_sources=SPLIT),
        "The editors count one as independent",
        ["", "Counted as independent (S2): “It had its own interview”."],
    ),
    (
        origins_of(
            make_citation(1, chain=TRADER),
            make_citation(2, chain=COOK),
            make_citation(3),
            make_citation(4, chain=FROM_FIRST),
        ),
        "",
        ["1 independent source, 2 speakers."],
    ),
    (
        origins_of(make_citation(1, chain=SEVERAL)),
        "",
        ["1 independent source, several speakers."],
    ),
    (
        origins_of(make_citation(1, chain=SEVERAL), make_citation(2, chain=COOK)),
        "",
        ["1 independent source, several speakers and others."],
    ),
]
"""What the page says, its sentence, and the reasons of each independent source."""


def test_count_of_independent_sources_is_explained() -> None:
    for view, sentence, reasons in WORDS:
        count = "1 independent source" if len(reasons) == 1 else "2 independent sources"
        assert view.heading == f"Why this counts as {count}", reasons
        assert sentence in view.sentence
        assert [" ".join(origin.reasons) for origin in view.counted] == reasons
    (origin,) = WORDS[0][0].counted
    assert [(link.label, link.address) for link in origin.citations] == [("Outlet-1, S1", "#C1")]
    assert [origin.label for origin in WORDS[1][0].counted] == ["Outlet-1", "Outlet-2"]


def test_unnamed_speakers_of_two_sources_are_two_nodes() -> None:
    """In two reports the same words are no shared speaker."""
    head = [make_step("company", "a company head", named="no")]
    view = origins_of(make_citation(1, 1, chain=head), make_citation(2, 2, chain=head))
    nodes = [node for origin in view.counted for node in origin.wide.nodes if node.group == "anon"]
    assert [[note for _, note in node.notes] for node in nodes] == [["company, not named"]] * 2
    residents = [make_citation(n, n * 2 - 1, chain=[make_step("resident")]) for n in (1, 2)]
    view = origins_of(*residents, beside=(make_source(3),))
    assert labels(view.counted[0].wide).count("Resident") == 2


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
    said = {each.reason: [link.address for link in each.citations] for each in view.uncounted}
    assert said == {
        "Is about a link or another citation": ["#C7", "#C8"],
        "Was later retracted": ["#C6"],
        "Disputes it": ["#C2"],
        "Only mentions it": ["#C3"],
        "Is about the cause, which does not support the event": ["#C4"],
        "Is a forecast, while the entry is more than a plan": ["#C5"],
        "Repeats an unnamed report, in addition to named ones": ["#C9"],
    }
    none = origins_of(make_citation(1, 1, stance="mentions"))
    assert (none.heading, none.counted) == ("Why this counts as no support", [])


def test_purged_source_is_drawn_as_removed() -> None:
    event = make_event(1, citations=[make_citation(1, 1)])
    context = a_context(*a_small_world(), event)
    row = ListRow(1, "E1", 1, derive_row(event, context).payload, (), None, None, None, None, 1, 1)
    view = origins_view(
        EventContext(event, row, {}, {}, (), (), 0),
        Directory.of(a_small_world()),
    )
    assert labels(view.counted[0].wide) == ["A source that was removed"]


# Drawing ------------------------------------------------------------------------------------------


def test_graph_joins_speakers_at_outlet_before_relay() -> None:
    view = origins_of(
        make_citation(1, 1, chain=TRADER),
        make_citation(2, 1, chain=COOK),
        make_citation(3, 3, chain=FROM_FIRST),
        beside=(RELAY,),
    )
    drawing = view.counted[0].wide
    at = dict(zip(labels(drawing), drawing.nodes, strict=True))
    assert at["A trader"].x == at["A cook"].x < at["Outlet-1"].x < at["Outlet-2"].x
    assert at["A trader"].y == at["Outlet-1"].y == at["Outlet-2"].y < at["A cook"].y
    assert len(drawing.arrows) == 3


def test_unread_report_is_marked_as_not_read() -> None:
    relay = make_source(3, outlet="outlet-3", derived_from=[{"outlet": "outlet-2", "how": "relay"}])
    drawing = origins_of(make_citation(1, 3), beside=(make_outlet(3), relay)).counted[0].wide
    notes = [" ".join(text for _, text in node.notes) for node in drawing.nodes]
    assert dict(zip(labels(drawing), notes, strict=True)) == {
        "Outlet-2": "its own report has not been read",
        "Outlet-3": "20 June 2019, S3",
    }


def test_node_is_right_of_its_predecessors_without_a_cycle() -> None:
    told = graph([(("a",), ("b",)), (("b",), ("a",))])
    assert told.edges == [(("a",), ("b",))]
    assert told.levels == {("a",): 0, ("b",): 1}
    told = graph([(("a",), ("c",)), (("a",), ("b",), ("c",)), (("x",), ("a",))])
    assert told.levels == {("x",): 0, ("a",): 1, ("b",): 2, ("c",): 3}


def test_labels_neither_overlap_nor_leave_the_drawing() -> None:
    long = (
        "An official of the bureau for foreign affairs of a city at the border, who was not named"
    )
    paths: list[Path] = [(("s", str(n)), ("o", str(n % 3)), ("r",)) for n in range(7)]
    told = graph(paths)
    texts = {node: NodeText("anon", long, "official, not named") for path in paths for node in path}
    for drawing, width in (
        (wide_drawing(told, texts), WIDE_PIXELS),
        (narrow_drawing(told, texts), NARROW_PIXELS),
    ):
        boxes = []
        for node in drawing.nodes:
            lines = [*node.lines, *node.notes]
            right = node.text_x + max(len(text) for _, text in lines) * 6
            boxes.append((node.x, node.y, right, lines[-1][0]))
        assert all(
            x >= 0 and right <= width and bottom <= drawing.height for x, _, right, bottom in boxes
        )
        assert overlapping(boxes) == []
