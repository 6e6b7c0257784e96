"""How an event was reported: its independent sources, and why citations count as one or not at all.

Each independent source is drawn as a small graph from the speakers to the outlets that were read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.dates.wording import in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, inside, ngettext
from app.kinds import ChainStep, Citation, DerivedFrom, JoinedSources, SourceForm
from app.record.names.directory import Directory
from app.record.names.speaker_labels import kind_of_speaker
from app.record.reads.event_context import EventContext
from app.record.rules import independence as rule
from app.record.rules.independence import UNNAMED_OUTLET
from app.record.rules.speakers import count_speakers
from app.site.components.citations import CitationLink, citation_link
from app.site.components.marks import decisions_in_words
from app.vocabulary.citations import (
    Attribution,
    CitationKind,
    Counting,
    Derivation,
    ReportsEvent,
    Stance,
)
from app.vocabulary.speaker_groups import speaker_group
from app.vocabulary.support import Corroboration

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


# View models -------------------------------------------------------------------------------------


class OriginView:
    """One independent source: its name, what its citations share, and its reporting graph."""

    def __init__(
        self, group: Sequence[Citation], event: EventContext, directory: Directory
    ) -> None:
        sources, joined = event.sources, event.form.joined_sources
        # Longest path first, so that shared nodes are in the first row.
        paths = sorted(
            {path: 0 for citation in group for path in _reporting_paths(citation, sources)},
            key=len,
            reverse=True,
        )
        reporting = graph(paths)
        texts = {
            node: _node_text(node, group, sources, directory) for path in paths for node in path
        }
        self.label = _origin_label(group, sources, directory)
        self.reasons = [
            *decisions_in_words(joined, group),
            *_shared_reasons(group, event, directory),
            *_speaker_count(group, joined),
        ]
        self.citations = _first_per_source(
            citation_link(citation, sources, directory) for citation in group
        )
        self.wide = wide_drawing(reporting, texts)
        self.narrow = narrow_drawing(reporting, texts)


@dataclass(frozen=True)
class Uncounted:
    """Citations that do not count as support, and the reason."""

    reason: str
    citations: Sequence[CitationLink]


@dataclass(frozen=True)
class Origins:
    heading: str
    sentence: str
    counted: Sequence[OriginView]
    uncounted: Sequence[Uncounted]


def origins_view(event: EventContext, directory: Directory) -> Origins:
    form, sources = event.form, event.sources
    by_id = {citation.id: citation for citation in form.citations}
    groups = [[by_id[id] for id in origin["citations"]] for origin in event.payload["origins"]]
    counted = {citation.id for group in groups for citation in group}
    return Origins(
        heading=_heading(len(groups)),
        sentence=_unread_sentence(event) or _sentence(groups, sources, form.joined_sources),
        counted=[OriginView(group, event, directory) for group in groups],
        uncounted=_uncounted([c for c in form.citations if c.id not in counted], event, directory),
    )


def _heading(count: int) -> str:
    if not count:
        return _("Why this counts as no support")
    return ngettext(
        "Why this counts as {count} independent source",
        "Why this counts as {count} independent sources",
        count,
    )


def _unread_sentence(event: EventContext) -> str:
    if Corroboration.UNREAD not in event.payload["corroboration"]:
        return ""
    return _("The editors have not read its sources, so they are not counted.")


def _sentence(
    groups: Sequence[Sequence[Citation]],
    sources: Mapping[str, SourceForm],
    joined: Sequence[JoinedSources],
) -> str:
    decided = {decision.how for group in groups for decision in _decisions(joined, group)}
    cited = {citation.source for group in groups for citation in group}
    if not groups:
        return _("No citation reports the event itself.")
    if len(groups) > 1 and Counting.SPLIT in decided:
        return _(
            "Each of these counts once. The editors count one as independent, for the reason "
            "given with it."
        )
    if len(groups) > 1:
        return _(
            "These reports differ in their first outlet, in their named speakers, bodies and "
            "documents, and in the texts they are based on."
        )
    if len(cited) == 1:
        return _("One report supports it.")
    if Counting.JOINED in decided:
        sentence = _(
            "{count} reports support it. The editors count some of them as one source, for the "
            "reason given."
        )
    elif len({sources[id].outlet for id in cited if id in sources}) == 1:
        sentence = _("{count} reports support it, all by one outlet, which counts once.")
    else:
        sentence = _(
            "{count} reports support it. All go back to the same report, which counts once."
        )
    return sentence.format(count=len(cited))


def _decisions(joined: Sequence[JoinedSources], group: Sequence[Citation]) -> list[JoinedSources]:
    return [each for each in joined if any(each.applies_to(citation) for citation in group)]


def _first_per_source(links: Iterable[CitationLink]) -> list[CitationLink]:
    """Return the first citation of each source, in the given order."""
    return list({link.label: link for link in reversed(list(links))}.values())[::-1]


def _origin_label(
    group: Sequence[Citation], sources: Mapping[str, SourceForm], directory: Directory
) -> str:
    """Return the names of the outlets where the group's chains begin."""
    outlets = dict.fromkeys(rule.origin_outlet(citation, sources) for citation in group)
    return enumerate_words(_outlet_label(code, directory) for code in outlets)


def _outlet_label(code: str, directory: Directory) -> str:
    return directory.label("outlet", code) if code else _("an unnamed outlet")


# Shared nodes, and citations that do not count --------------------------------------------------

DERIVATION_SENTENCES = {
    Derivation.RELAY: N_("{source} repeats {parent}"),
    Derivation.TRANSLATION: N_("{source} translates {parent}"),
    Derivation.SYNDICATION: N_("{source} republishes {parent}"),
    Derivation.SUMMARY: N_("{source} summarises {parent}"),
    Derivation.QUOTES: N_("{source} quotes {parent}"),
}


def _shared_reasons(
    group: Sequence[Citation], event: EventContext, directory: Directory
) -> list[str]:
    """Return sentences on what the group's sources share; none for a single source."""
    sources, joined = event.sources, event.form.joined_sources
    cited = list(dict.fromkeys(citation.source for citation in group))
    if len(cited) == 1:
        return []
    sources_of_node: dict[tuple[str, str], set[str]] = {}
    for citation in group:
        for node in rule.citation_nodes(citation, sources, directory.outlets, joined):
            sources_of_node.setdefault(node, set()).add(citation.source)
    shared = [
        node
        for node, some in sorted(sources_of_node.items())
        if len(some) > 1 and node != UNNAMED_OUTLET
    ]
    reasons = []
    if outlets := [_outlet_label(code, directory) for kind, code in shared if kind == "outlet"]:
        reasons.append(
            _("They have the same first outlet: {outlets}.").format(
                outlets=enumerate_words(outlets)
            )
        )
    if names := [
        step.words
        for c in group
        for step in c.chain
        if ("speaker", step.words.casefold()) in shared
    ]:
        sentence = _("They have the same named speaker, body or document: {names}.")
        reasons.append(sentence.format(names=enumerate_words(dict.fromkeys(names))))
    return reasons + [
        f"{made}." for made in dict.fromkeys(_derivation_sentences(group, sources, directory))
    ]


def _speaker_count(group: Sequence[Citation], joined: Sequence[JoinedSources]) -> list[str]:
    """Say that several speakers are one source. An outlet is no further speaker."""
    outlets = {Attribution.OWN_VOICE, Attribution.OTHER_OUTLET}
    quoted = [c for c in group if not c.speaker.outlet and c.speaker.attribution not in outlets]
    counted = count_speakers(quoted, joined)
    if counted.words:
        several = enumerate_words(counted.words)
        if counted.number > len(counted.words):
            sentence = _("1 independent source, {several} speakers and others.")
        else:
            sentence = _("1 independent source, {several} speakers.")
        return [sentence.format(several=several)]
    if counted.number > 1:
        sentence = _("1 independent source, {count} speakers.")
        return [sentence.format(count=counted.number)]
    return []


def _derivation_sentences(
    group: Sequence[Citation], sources: Mapping[str, SourceForm], directory: Directory
) -> list[str]:
    """Return one sentence for each derivation of the citations and their sources' ancestors."""
    parents: dict[str, list[DerivedFrom]] = {}
    for citation in group:
        parents.setdefault(citation.source, []).extend(rule.parents_of(citation, sources))
        for above in sorted(rule.sources_of(citation, sources), key=_number):
            if above != citation.source and above in sources:
                parents[above] = sources[above].derived_from
    return [
        _(DERIVATION_SENTENCES[parent.how]).format(
            source=id,
            parent=parent.source
            or _("a report of {outlet}").format(outlet=_outlet_label(parent.outlet, directory)),
        )
        for id, found in parents.items()
        for parent in found
    ]


def _number(id: str) -> int:
    return int(id[1:])


UNCOUNTED_REASONS = {
    "about": N_("Is about a link or another citation"),
    "gone": N_("Was later retracted"),
    "unread": N_("Cites a source that the editors have not read"),
    Stance.DISPUTES: N_("Disputes it"),
    Stance.MENTIONS: N_("Only mentions it"),
    Stance.WITHDRAWS: N_("Retracts a statement"),
    CitationKind.CAUSE: N_("Is about the cause, which does not support the event"),
    CitationKind.CONTEXT: N_("Is about the background"),
    CitationKind.STATEMENT: N_("Reports a statement about it"),
    CitationKind.FORECAST: N_("Is a forecast, while the entry is more than a plan"),
    ReportsEvent.NO: N_("Does not report the event itself"),
    "undecided": N_("Not yet checked for whether it reports the event itself"),
    "unnamed": N_("Repeats an unnamed report, in addition to named ones"),
}


def _uncounted(
    citations: Sequence[Citation], event: EventContext, directory: Directory
) -> list[Uncounted]:
    gone = rule.retracted_citations(event.form.citations)
    # Early editions counted every citation about a field.
    is_asked = "certainty" in event.payload
    found: dict[str, list[CitationLink]] = {}
    for citation in citations:
        reason = _uncounted_reason(citation, gone, is_asked=is_asked)
        source = event.sources.get(citation.source)
        if reason == "unnamed" and source and not rule.was_read(source):
            reason = "unread"
        found.setdefault(reason, []).append(citation_link(citation, event.sources, directory))
    return [
        Uncounted(_(words), _first_per_source(found[reason]))
        for reason, words in UNCOUNTED_REASONS.items()
        if reason in found
    ]


def _uncounted_reason(citation: Citation, gone: set[str], *, is_asked: bool) -> str:
    if citation.about:
        return "about"
    if citation.id in gone:
        return "gone"
    if citation.stance is not Stance.SUPPORTS:
        return citation.stance
    if citation.kind in rule.BACKGROUND:
        return citation.kind
    if citation.reports_event is not None:
        return "unnamed" if citation.reports_event is ReportsEvent.YES else ReportsEvent.NO
    if (citation.is_about_field or citation.reads_otherwise) and is_asked:
        return "undecided"
    return citation.kind if citation.kind in UNCOUNTED_REASONS else "unnamed"


# Reporting paths --------------------------------------------------------------------------------


def _reporting_paths(citation: Citation, sources: Mapping[str, SourceForm]) -> list[Path]:
    """Return the paths from the speaker through each relay to the outlet that was read.

    The outlets that a source is derived from come before the source's own outlet.
    """
    steps = [node for step in citation.chain if (node := _chain_node(step, citation))]
    lineages = _lineages(citation.source, sources)
    return [_without_repeats([*steps, *lineage]) for lineage in lineages]


def _chain_node(step: ChainStep, citation: Citation) -> Node | None:
    """Return the node of a step; None for an outlet's own voice, which the path has already.

    Unnamed speakers in different sources are different nodes.
    """
    if step.outlet:
        return ("outlet", step.outlet)
    if step.attribution is Attribution.OWN_VOICE:
        return None
    source = "" if step.words else citation.source
    return ("speaker", step.attribution, step.words, source, step.named or "")


def _lineages(
    source: str, sources: Mapping[str, SourceForm], below: tuple[str, ...] = ()
) -> list[Path]:
    """Return the outlets that led to a source: one path for each report it is derived from."""
    if source in below:
        return [()]
    form = sources.get(source)
    if form is None:
        return [(("removed", source),)]
    above: list[Path] = []
    for parent in form.derived_from:
        unread: list[Path] = [(("outlet", parent.outlet),)]
        above += _lineages(parent.source, sources, (*below, source)) if parent.source else unread
    return [(*path, ("outlet", form.outlet)) for path in above or [()]]


def _without_repeats(nodes: Sequence[Node]) -> Path:
    """Return a path with each node once: an outlet may translate its own report."""
    return tuple(dict.fromkeys(nodes))


def _node_text(
    node: Node, group: Sequence[Citation], sources: Mapping[str, SourceForm], directory: Directory
) -> NodeText:
    if node[0] == "speaker":
        kind = kind_of_speaker(node[1], node[4])
        label = node[2] or kind
        return NodeText(
            speaker_group(node[1], node[4]),
            label[:1].upper() + label[1:],
            inside(kind) if node[2] and node[2].casefold() != kind.casefold() else "",
        )
    if node[0] == "removed":
        return NodeText("out", _("A source that was removed"), node[1])
    read = [
        form
        for id in dict.fromkeys(
            above
            for c in group
            for above in sorted(rule.source_and_ancestors(c.source, sources), key=_number)
        )
        if (form := sources.get(id)) and form.outlet == node[1]
    ]
    days = (
        [in_words(form.published, lasts=False) for form in read if form.published]
        if len(read) == 1
        else []
    )
    note = enumerate_words([*days, *(form.id for form in read)]) or _(
        "its own report has not been read"
    )
    return NodeText("out", directory.label("outlet", node[1]), note)
