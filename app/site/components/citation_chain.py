"""Layout of the attribution chain: speakers on the left, outlets on the right, arrows between.

There is a layout for wide and one for narrow screens. Both are positions in pixels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Node = tuple[str, ...]
"""The key of a speaker or an outlet."""
Path = tuple[Node, ...]


@dataclass(frozen=True)
class NodeText:
    """The text at a speaker or outlet, and the group that selects its symbol."""

    group: str
    label: str
    note: str


@dataclass(frozen=True)
class Graph:
    """Speakers and outlets. `edges` lead from informant to recipient, one level up or more."""

    paths: Sequence[Path]
    edges: Sequence[tuple[Node, Node]]
    levels: Mapping[Node, int]


def graph(paths: Sequence[Path]) -> Graph:
    edges: dict[tuple[Node, Node], None] = {}
    for path in paths:
        for edge in pairwise(path):
            # Outlets that repeat each other's reports would make a cycle.
            if not _is_reachable(edges, edge[1], edge[0]):
                edges[edge] = None
    levels = {node: 0 for path in paths for node in path}
    for _round in levels:
        for one, other in edges:
            levels[other] = max(levels[other], levels[one] + 1)
    return Graph(paths, list(edges), levels)


def _is_reachable(edges: Mapping[tuple[Node, Node], None], start: Node, end: Node) -> bool:
    reached, waiting = set[Node](), [start]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += [other for one, other in edges if one == here]
    return end in reached


WIDE_PIXELS, NARROW_PIXELS = 640, 358
LABEL_LETTER_PIXELS, NOTE_LETTER_PIXELS = 8.4, 7
"""Pixels per letter of a label (bold) and of a note, in the widest font of the stylesheet."""
LINE_PIXELS = 16
"""Line height in pixels."""
SYMBOL_PIXELS = 22
"""Pixels from the left edge of a symbol to its text."""
ARROW_PIXELS = 44
"""Pixels for an arrow between two columns."""
INDENT_PIXELS = 22
"""Pixels by which each level is indented in the narrow layout."""
GAP_PIXELS = 12


@dataclass(frozen=True)
class PlacedNode:
    """A symbol with its text, in pixels. `lines` and `notes` are baselines with their text."""

    group: str
    x: float
    y: float
    lines: Sequence[tuple[float, str]]
    notes: Sequence[tuple[float, str]]

    @property
    def text_x(self) -> float:
        return self.x + SYMBOL_PIXELS


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    nodes: Sequence[PlacedNode]
    arrows: Sequence[str]
    """SVG paths of the arrows."""


def wide_drawing(graph: Graph, texts: Mapping[Node, NodeText]) -> Drawing:
    """Return a layout with a column for each level.

    A node is at the height of its first informant, or below the last node in its column.
    """
    step = WIDE_PIXELS / (max(graph.levels.values()) + 1)
    room = step - SYMBOL_PIXELS - ARROW_PIXELS
    placed: dict[Node, PlacedNode] = {}
    next_y = dict.fromkeys(graph.levels.values(), 0.0)
    for path in graph.paths:
        informant_y = 0.0
        for node in path:
            level = graph.levels[node]
            if node not in placed:
                placed[node] = _place(
                    texts[node], round(level * step), max(next_y[level], informant_y), room
                )
                next_y[level] = _bottom(placed[node]) + GAP_PIXELS
            informant_y = placed[node].y
    arrows = []
    for one, other in graph.edges:
        here, there = placed[one], placed[other]
        start = (
            here.text_x
            + min(max(len(words) * LABEL_LETTER_PIXELS for _y, words in here.lines), room)
            + 8
        )
        y, to_y, end = here.y + 7, there.y + 7, there.x - 6
        route = f"H{end}" if y == to_y else f"H{end - 14}V{to_y}H{end}"
        arrows.append(f"M{round(start)} {y}{route}m-6-5 6 5-6 5")
    return Drawing(WIDE_PIXELS, _height(placed), list(placed.values()), arrows)


def narrow_drawing(graph: Graph, texts: Mapping[Node, NodeText]) -> Drawing:
    """Return a layout in one column, informants first, each level indented."""
    placed: dict[Node, PlacedNode] = {}
    top = 0.0
    for node in sorted(graph.levels, key=lambda node: graph.levels[node]):
        x = graph.levels[node] * INDENT_PIXELS
        placed[node] = _place(texts[node], x, top, NARROW_PIXELS - x - SYMBOL_PIXELS)
        top = _bottom(placed[node]) + GAP_PIXELS
    arrows = []
    for one, other in graph.edges:
        here, there = placed[one], placed[other]
        arrows.append(f"M{here.x + 7} {here.y + 16}V{there.y + 7}H{there.x - 3}m-5-4 5 4-5 4")
    return Drawing(NARROW_PIXELS, _height(placed), list(placed.values()), arrows)


def _place(text: NodeText, x: float, top: float, room: float) -> PlacedNode:
    lines = _wrapped(text.label, int(room / LABEL_LETTER_PIXELS))
    notes = _wrapped(text.note, int(room / NOTE_LETTER_PIXELS))
    first = top + 12
    return PlacedNode(
        text.group,
        x,
        top,
        [(first + LINE_PIXELS * index, line) for index, line in enumerate(lines)],
        [(first + LINE_PIXELS * (len(lines) + index), note) for index, note in enumerate(notes)],
    )


def _bottom(node: PlacedNode) -> float:
    return [*node.lines, *node.notes][-1][0] + 4


def _height(placed: Mapping[Node, PlacedNode]) -> int:
    return round(max(_bottom(node) for node in placed.values())) + 1


def _wrapped(text: str, most: int) -> list[str]:
    """Break text into lines of at most `most` letters. A longer word has its own line."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
