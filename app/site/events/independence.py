"""Why an event counts as so many independent origins: who stands at the beginning, who passed it on, what joins them.

Each origin is a small drawing from the speakers to the outlets that were read, and a sentence that says the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.dates.wording import in_words
from app.forms import ChainStep, Citation, SourceForm
from app.i18n.translate import N_, _, inside, ngettext
from app.record.names.directory import Directory
from app.record.reads.event_context import Around
from app.record.rules import independence as rule
from app.record.rules.independence import UNNAMED
from app.site.components.badges import speaker_group
from app.site.components.citation_chain import Drawing, Node, NodeText, Path, graph, narrow, wide
from app.site.components.citations import CitationLink, link_to
from app.vocabulary.citations import Attribution, CitationKind, Derivation, Stance
from app.vocabulary.support import CORROBORATES

# What is shown ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OriginView:
    """One independent origin: its name, what joins its citations, and the drawing of its chains."""

    label: str
    reasons: Sequence[str]
    citations: Sequence[CitationLink]
    wide: Drawing
    narrow: Drawing


@dataclass(frozen=True)
class Uncounted:
    """Citations that lend no support, and why."""

    reason: str
    citations: Sequence[CitationLink]


@dataclass(frozen=True)
class Origins:
    heading: str
    sentence: str
    counted: Sequence[OriginView]
    uncounted: Sequence[Uncounted]


def origins_view(event: Around, directory: Directory) -> Origins:
    form, sources = event.form, event.sources
    by_id = {citation.id: citation for citation in form.citations}
    groups = [[by_id[id] for id in origin["citations"]] for origin in event.row.payload["origins"]]
    counted = {citation.id for group in groups for citation in group}
    return Origins(
        heading=_heading(len(groups)),
        sentence=_sentence(groups, sources),
        counted=[_origin(group, sources, directory) for group in groups],
        uncounted=_uncounted([c for c in form.citations if c.id not in counted], event, directory),
    )


def _heading(count: int) -> str:
    if not count:
        return _("Why this counts as no support")
    return ngettext(
        "Why this counts as one origin", "Why this counts as {count} independent origins", count
    )


def _sentence(groups: Sequence[Sequence[Citation]], sources: Mapping[str, SourceForm]) -> str:
    cited = {citation.source for group in groups for citation in group}
    if not groups:
        return _("No citation that vouches for it lends support.")
    if len(groups) > 1:
        return _(
            "No two of these share the outlet where they begin, a named speaker, body or document, or a text that one"
            " is made from."
        )
    if len(cited) == 1:
        return _("One source lends support.")
    if len({sources[id].outlet for id in cited if id in sources}) == 1:
        said = _(
            "{count} sources lend support, all of one outlet: it counts once, however often it writes."
        )
    else:
        said = _(
            "{count} sources lend support, and all begin in one place: a report that is passed on counts once."
        )
    return said.format(count=len(cited))


def _origin(
    group: Sequence[Citation], sources: Mapping[str, SourceForm], directory: Directory
) -> OriginView:
    # The longest first: what joins them stands in the first row.
    paths = sorted(
        {path: 0 for citation in group for path in _paths(citation, sources)}, key=len, reverse=True
    )
    told = graph(paths)
    texts = {node: _node_text(node, group, sources, directory) for path in paths for node in path}
    return OriginView(
        label=_name(group, sources, directory),
        reasons=[*_joined(group, sources, directory), *_speakers(paths)],
        citations=_one_each(link_to(citation, sources, directory) for citation in group),
        wide=wide(told, texts),
        narrow=narrow(told, texts),
    )


def _one_each(links: Iterable[CitationLink]) -> list[CitationLink]:
    """The first citation of each source: on the page the others stand beside it."""
    return list({link.label: link for link in reversed(list(links))}.values())[::-1]


def _name(
    group: Sequence[Citation], sources: Mapping[str, SourceForm], directory: Directory
) -> str:
    """The outlets where its chains begin."""
    outlets = dict.fromkeys(rule.origin_outlet(citation, sources) for citation in group)
    return ", ".join(_outlet(code, directory) for code in outlets)


def _outlet(code: str, directory: Directory) -> str:
    return directory.label("outlet", code) if code else _("an outlet that is not named")


# What joins, and what does not count ------------------------------------------------------------------------------

HOW = {
    Derivation.RELAY: N_("{source} passes on {parent}"),
    Derivation.TRANSLATION: N_("{source} translates {parent}"),
    Derivation.SYNDICATION: N_("{source} prints {parent} again"),
    Derivation.SUMMARY: N_("{source} sums up {parent}"),
    Derivation.QUOTES: N_("{source} quotes {parent}"),
}


def _joined(
    group: Sequence[Citation], sources: Mapping[str, SourceForm], directory: Directory
) -> list[str]:
    """What the citations of one origin share, where they come from several sources."""
    cited = list(dict.fromkeys(citation.source for citation in group))
    if len(cited) == 1:
        return []
    by: dict[tuple[str, str], set[str]] = {}
    for citation in group:
        for node in rule.nodes(citation, sources, directory.outlets):
            by.setdefault(node, set()).add(citation.source)
    shared = [node for node, some in sorted(by.items()) if len(some) > 1 and node != UNNAMED]
    reasons = []
    if outlets := [_outlet(code, directory) for kind, code in shared if kind == "outlet"]:
        reasons.append(
            _("They share the outlet where they begin: {outlets}.").format(
                outlets=", ".join(outlets)
            )
        )
    if names := [
        step.words
        for c in group
        for step in c.chain
        if ("speaker", step.words.casefold()) in shared
    ]:
        said = _("They share a named speaker, body or document: {names}.")
        reasons.append(said.format(names=", ".join(dict.fromkeys(names))))
    return reasons + [f"{made}." for made in dict.fromkeys(_made_from(cited, sources, directory))]


def _speakers(paths: Iterable[Path]) -> list[str]:
    count = len({node for path in paths for node in path if node[0] == "speaker"})
    return [_("{count} speakers, but one origin.").format(count=count)] if count > 1 else []


def _made_from(
    cited: Sequence[str], sources: Mapping[str, SourceForm], directory: Directory
) -> list[str]:
    """Which source is made from which report, for the sources cited and all that they rest on."""
    found = []
    for id in dict.fromkeys(
        above for source in cited for above in sorted(rule.rests_on(source, sources), key=_number)
    ):
        for parent in sources[id].derived_from if id in sources else ():
            of = parent.source or _("a report of {outlet}").format(
                outlet=_outlet(parent.outlet, directory)
            )
            found.append(_(HOW[parent.how]).format(source=id, parent=of))
    return found


def _number(id: str) -> int:
    return int(id[1:])


UNCOUNTED = {
    "about": N_("Speaks of a link or another citation"),
    "gone": N_("Was taken back later"),
    Stance.DISPUTES: N_("Disputes it"),
    Stance.MENTIONS: N_("Only mentions it"),
    Stance.WITHDRAWS: N_("Takes back what was said"),
    CitationKind.CAUSE: N_("Speaks of why, which supports no fact"),
    CitationKind.CONTEXT: N_("Speaks of the background"),
    CitationKind.STATEMENT: N_("Says what somebody said about it"),
    CitationKind.FORECAST: N_("Speaks of what is to come, where more than a plan is claimed"),
    "unnamed": N_("Passes on a report that it does not name, beside others that are named"),
}


def _uncounted(
    citations: Sequence[Citation], event: Around, directory: Directory
) -> list[Uncounted]:
    gone = rule.taken_back(event.form.citations)
    found: dict[str, list[CitationLink]] = {}
    for citation in citations:
        found.setdefault(_why_not(citation, gone), []).append(
            link_to(citation, event.sources, directory)
        )
    return [
        Uncounted(_(words), _one_each(found[reason]))
        for reason, words in UNCOUNTED.items()
        if reason in found
    ]


def _why_not(citation: Citation, gone: set[str]) -> str:
    if citation.about:
        return "about"
    if citation.id in gone:
        return "gone"
    if citation.stance is not Stance.SUPPORTS:
        return citation.stance
    return "unnamed" if citation.kind in CORROBORATES else citation.kind


# From the speaker to the outlet -----------------------------------------------------------------------------------


def _paths(citation: Citation, sources: Mapping[str, SourceForm]) -> list[Path]:
    """From the speaker over each relay to the outlet that was read; what that is made from stands before it."""
    steps = [node for step in citation.chain if (node := _node(step, citation))]
    return [_once([*steps, *lineage]) for lineage in _lineages(citation.source, sources)]


def _node(step: ChainStep, citation: Citation) -> Node | None:
    """An outlet, or a speaker; one without a name is another in each source, and an outlet that speaks is no other."""
    if step.outlet:
        return ("outlet", step.outlet)
    if step.attribution is Attribution.OWN_VOICE:
        return None
    return ("speaker", step.attribution, step.words, "" if step.words else citation.source)


def _lineages(
    source: str, sources: Mapping[str, SourceForm], below: tuple[str, ...] = ()
) -> list[Path]:
    """The outlets through which a source came, one path for each report that it is made from."""
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


def _once(nodes: Sequence[Node]) -> Path:
    """Each node once: an outlet that translates itself is one."""
    return tuple(dict.fromkeys(nodes))


def _node_text(
    node: Node, group: Sequence[Citation], sources: Mapping[str, SourceForm], directory: Directory
) -> NodeText:
    if node[0] == "speaker":
        kind = _(Attribution(node[1]).label)
        label = node[2] or kind
        return NodeText(
            speaker_group(node[1]),
            label[:1].upper() + label[1:],
            inside(kind) if node[2] and node[2].casefold() != kind.casefold() else "",
        )
    if node[0] == "removed":
        return NodeText("out", _("A source that was removed"), node[1])
    read = [
        form
        for id in dict.fromkeys(
            above for c in group for above in sorted(rule.rests_on(c.source, sources), key=_number)
        )
        if (form := sources.get(id)) and form.outlet == node[1]
    ]
    days = (
        [in_words(form.published, lasts=False) for form in read if form.published]
        if len(read) == 1
        else []
    )
    note = ", ".join([*days, *(form.id for form in read)]) or _("its own report was not read")
    return NodeText("out", directory.label("outlet", node[1]), note)
