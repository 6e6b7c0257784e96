"""The drawing of who told whom: speakers on the left, the outlets that were read on the right, what joins them between.

Two drawings of the same, for a wide and for a narrow page; both are data, in pixels, and nothing here knows of events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Node = tuple[str, ...]
"""A speaker or an outlet, by whatever tells it from others."""
Path = tuple[Node, ...]


@dataclass(frozen=True)
class NodeText:
    """What is written at a speaker or outlet, and the shape of its group."""

    group: str
    label: str
    note: str


@dataclass(frozen=True)
class Graph:
    """Speakers and outlets with who told whom; each a level further right than all that it rests on."""

    paths: Sequence[Path]
    edges: Sequence[tuple[Node, Node]]
    levels: Mapping[Node, int]


def graph(paths: Sequence[Path]) -> Graph:
    edges: dict[tuple[Node, Node], None] = {}
    for path in paths:
        for edge in pairwise(path):
            # Two outlets that pass on each other's reports would go round in a circle.
            if not _leads(edges, edge[1], edge[0]):
                edges[edge] = None
    levels = {node: 0 for path in paths for node in path}
    for _round in levels:
        for one, other in edges:
            levels[other] = max(levels[other], levels[one] + 1)
    return Graph(paths, list(edges), levels)


def _leads(edges: Mapping[tuple[Node, Node], None], start: Node, end: Node) -> bool:
    reached, waiting = set[Node](), [start]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += [other for one, other in edges if one == here]
    return end in reached


WIDE, NARROW = 640, 358
BOLD, DIM = 8.4, 7
"""Pixels that a letter takes: of a label, in bold, and of a note, in the widest type in use."""
LINE = 16
"""Pixels from one line of text to the next."""
MARK = 22
"""Pixels from the left edge of a mark to its words."""
ARROW = 44
"""Pixels that an arrow needs between two columns."""
INDENT = 22
"""Pixels by which each level is moved to the right where there is no room for columns."""
APART = 12


@dataclass(frozen=True)
class Placed:
    """A mark with its words, in pixels. `lines` and `notes` are texts with the line that they stand on."""

    group: str
    x: float
    y: float
    lines: Sequence[tuple[float, str]]
    notes: Sequence[tuple[float, str]]

    @property
    def text_x(self) -> float:
        return self.x + MARK


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    nodes: Sequence[Placed]
    arrows: Sequence[str]
    """Lines that end in an arrow's head, as paths."""


def wide(graph: Graph, texts: Mapping[Node, NodeText]) -> Drawing:
    """A column for each level; each stands beside what it first rests on, or under what is in its column already."""
    step = WIDE / (max(graph.levels.values()) + 1)
    room = step - MARK - ARROW
    placed: dict[Node, Placed] = {}
    free = dict.fromkeys(graph.levels.values(), 0.0)
    for path in graph.paths:
        beside = 0.0
        for node in path:
            level = graph.levels[node]
            if node not in placed:
                placed[node] = _place(
                    texts[node], round(level * step), max(free[level], beside), room
                )
                free[level] = _bottom(placed[node]) + APART
            beside = placed[node].y
    arrows = []
    for one, other in graph.edges:
        here, there = placed[one], placed[other]
        start = here.text_x + min(max(len(words) * BOLD for _y, words in here.lines), room) + 8
        y, to_y, end = here.y + 7, there.y + 7, there.x - 6
        way = f"H{end}" if y == to_y else f"H{end - 14}V{to_y}H{end}"
        arrows.append(f"M{round(start)} {y}{way}m-6-5 6 5-6 5")
    return Drawing(WIDE, _height(placed), list(placed.values()), arrows)


def narrow(graph: Graph, texts: Mapping[Node, NodeText]) -> Drawing:
    """One below the other, the speakers first; each level further in, so that lines lead down to what rests on them."""
    placed: dict[Node, Placed] = {}
    top = 0.0
    for node in sorted(graph.levels, key=lambda node: graph.levels[node]):
        x = graph.levels[node] * INDENT
        placed[node] = _place(texts[node], x, top, NARROW - x - MARK)
        top = _bottom(placed[node]) + APART
    arrows = []
    for one, other in graph.edges:
        here, there = placed[one], placed[other]
        arrows.append(f"M{here.x + 7} {here.y + 16}V{there.y + 7}H{there.x - 3}m-5-4 5 4-5 4")
    return Drawing(NARROW, _height(placed), list(placed.values()), arrows)


def _place(text: NodeText, x: float, top: float, room: float) -> Placed:
    lines = _wrapped(text.label, int(room / BOLD))
    notes = _wrapped(text.note, int(room / DIM))
    first = top + 12
    return Placed(
        text.group,
        x,
        top,
        [(first + LINE * index, line) for index, line in enumerate(lines)],
        [(first + LINE * (len(lines) + index), note) for index, note in enumerate(notes)],
    )


def _bottom(node: Placed) -> float:
    return [*node.lines, *node.notes][-1][0] + 4


def _height(placed: Mapping[Node, Placed]) -> int:
    return round(max(_bottom(node) for node in placed.values())) + 1


def _wrapped(text: str, most: int) -> list[str]:
    """Lines of at most so many letters; a word that is longer has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
