"""Independent sources of an event: counting, reasons, and the reporting graph."""

import itertools
from typing import Any

from app.forms import Citation, RecordForm
from app.record.derivation.rows import derive_row
from app.record.names.directory import Directory
from app.record.reads.event_context import EventContext
from app.record.sql.rows import ListRow
from app.site.components.citation_chain import (
    NARROW_PIXELS,
    WIDE_PIXELS,
    Drawing,
    NodeText,
    Path,
    graph,
    narrow_drawing,
    wide_drawing,
)
from app.site.events.independence import Origins, origins_view
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


def origins_of(
    *citations: Citation, beside: tuple[RecordForm, ...] = (), **changes: Any
) -> Origins:
    event = make_event(1, citations=list(citations), **changes)
    context = a_context(*a_small_world(), *beside, event)
    payload = derive_row(event, context).payload
    row = ListRow(1, "E1", 1, payload, (), None, None, None, None, 1, 1)
    around = EventContext(event, row, context.sources, {}, (), (), 0)
    return origins_view(around, Directory.of([*a_small_world(), *beside]))


def labels(drawing: Drawing) -> list[str]:
    return [" ".join(line for _, line in node.lines) for node in drawing.nodes]


def anonymous(words: str) -> list[Any]:
    return [make_step("anonymous-source", words)]


# Words --------------------------------------------------------------------------------------------


def test_one_source_is_one_independent_source() -> None:
    view = origins_of(make_citation(1, 1))
    assert (view.heading, view.sentence) == (
        "Why this counts as 1 independent source",
        "One report supports it.",
    )
    (origin,) = view.counted
    assert (origin.label, origin.reasons) == ("Outlet-1", [])
    assert [(link.label, link.address) for link in origin.citations] == [("Outlet-1, S1", "#C1")]


def test_unrelated_outlets_are_two_independent_sources() -> None:
    view = origins_of(make_citation(1, 1), make_citation(2, 2))
    assert view.heading == "Why this counts as 2 independent sources"
    assert "These reports differ" in view.sentence
    assert [origin.label for origin in view.counted] == ["Outlet-1", "Outlet-2"]


def test_outlet_with_two_sources_counts_once() -> None:
    view = origins_of(make_citation(1, 1), make_citation(2, 3), beside=(make_source(3),))
    assert view.sentence == "2 reports support it, all by one outlet, which counts once."
    assert view.counted[0].reasons == ["They have the same first outlet: Outlet-1."]


def test_relay_and_relayed_source_count_once() -> None:
    relay = make_source(3, outlet="outlet-2", derived_from=[{"source": "S1", "how": "relay"}])
    view = origins_of(make_citation(1, 1), make_citation(2, 3), beside=(relay,))
    assert "All go back to the same report" in view.sentence
    assert view.counted[0].reasons == ["S3 repeats S1."]


def test_shared_named_speaker_is_named_as_reason() -> None:
    ministry = [make_step("government-statement", "Ministry of Labour")]
    view = origins_of(make_citation(1, 1, chain=ministry), make_citation(2, 2, chain=ministry))
    assert view.counted[0].reasons == [
        "They have the same named speaker, body or document: Ministry of Labour."
    ]


def test_joined_and_split_sources_are_shown_with_the_reason() -> None:
    joined = origins_of(
        make_citation(1, 1),
        make_citation(2, 2),
        joined_sources=[make_decision("S1", "S2", "The same report, credited to two papers.")],
    )
    assert "The editors count some of them as one source" in joined.sentence
    assert joined.counted[0].reasons == [
        "Counted as one source (S1, S2): “The same report, credited to two papers”."
    ]
    ministry = [make_step("government-statement", "Ministry of Labour")]
    split = origins_of(
        make_citation(1, 1, chain=ministry),
        make_citation(2, 2, chain=ministry),
        joined_sources=[make_decision("S2", reason="It had its own interview")],
    )
    assert "The editors count one as independent" in split.sentence
    assert [origin.reasons for origin in split.counted] == [
        [],
        ["Counted as independent (S2): “It had its own interview”."],
    ]


def test_several_speakers_of_one_outlet_count_once() -> None:
    trader, cook = (
        make_citation(1, chain=anonymous("a trader")),
        make_citation(2, chain=anonymous("a cook")),
    )
    relay = make_citation(4, chain=[make_step("other-outlet", outlet="outlet-1")])
    assert origins_of(trader, cook, make_citation(3), relay).counted[0].reasons == [
        "1 independent source, 2 speakers."
    ]
    several = make_citation(1, chain=[make_step("resident", speakers_text="several")])
    assert origins_of(several).counted[0].reasons == ["1 independent source, several speakers."]


def test_unnamed_company_head_is_shown_as_not_named() -> None:
    """In two reports the same words are no shared speaker."""
    head = [make_step("company", "a company head", named="no")]
    view = origins_of(make_citation(1, 1, chain=head), make_citation(2, 2, chain=head))
    nodes = [node for origin in view.counted for node in origin.wide.nodes if node.group == "anon"]
    assert [[note for _, note in node.notes] for node in nodes] == [["company, not named"]] * 2


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
    )
    said = {each.reason: [link.address for link in each.citations] for each in view.uncounted}
    assert said == {
        "Is about a link or another citation": ["#C7", "#C8"],
        "Was later retracted": ["#C6"],
        "Disputes it": ["#C2"],
        "Only mentions it": ["#C3"],
        "Is about the cause, which does not support the event": ["#C4"],
        "Is a forecast, while the entry is more than a plan": ["#C5"],
    }


def test_relay_of_unnamed_report_is_uncounted() -> None:
    view = origins_of(
        make_citation(1, 1),
        make_citation(2, 2, chain=[make_step("other-outlet", "regional radio")]),
    )
    assert [each.reason for each in view.uncounted] == [
        "Repeats an unnamed report, in addition to named ones"
    ]


def test_event_without_support_has_no_independent_source() -> None:
    view = origins_of(make_citation(1, 1, stance="mentions"))
    assert (view.heading, view.counted) == ("Why this counts as no support", [])


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
    relay = make_source(3, outlet="outlet-2", derived_from=[{"source": "S1", "how": "relay"}])
    view = origins_of(
        make_citation(1, 1, chain=anonymous("a trader")),
        make_citation(2, 1, chain=anonymous("a cook")),
        make_citation(3, 3, chain=[make_step("other-outlet", outlet="outlet-1")]),
        beside=(relay,),
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


def test_unnamed_speakers_of_two_sources_are_two_nodes() -> None:
    view = origins_of(
        make_citation(1, 1, chain=[make_step("resident")]),
        make_citation(2, 3, chain=[make_step("resident")]),
        beside=(make_source(3),),
    )
    assert labels(view.counted[0].wide).count("Resident") == 2


def test_outlets_relaying_each_other_make_no_cycle() -> None:
    told = graph([(("a",), ("b",)), (("b",), ("a",))])
    assert told.edges == [(("a",), ("b",))]
    assert told.levels == {("a",): 0, ("b",): 1}


def test_node_is_right_of_its_predecessors() -> None:
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
        for one, other in itertools.combinations(boxes, 2):
            assert (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )
