"""The independent sources of an event, and why citations count as one or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, ngettext
from app.kinds import Citation, DerivedFrom, SourceForm
from app.record.names.directory import Directory
from app.record.reads.event_context import EventContext
from app.record.rules import independence as rule
from app.record.rules.independence import UNNAMED_OUTLET
from app.site.components.marks import decisions_in_words
from app.site.presenters.citations import CitationLink, citation_link
from app.vocabulary.citations import (
    CitationKind,
    Derivation,
    ReportsEvent,
    Stance,
)
from app.vocabulary.support import Corroboration


class OriginView:
    """One independent source: its name, what its citations share, and its citations."""

    def __init__(
        self, group: Sequence[Citation], event: EventContext, directory: Directory
    ) -> None:
        sources, joined = event.sources, event.form.joined_sources
        self.label = _origin_label(group, sources, directory)
        self.reasons = [
            *decisions_in_words(joined, group),
            *_shared_reasons(group, event, directory),
        ]
        self.citations = _first_per_source(
            citation_link(citation, sources, directory) for citation in group
        )


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
    form = event.form
    by_id = {citation.id: citation for citation in form.citations}
    groups = [[by_id[id] for id in origin["citations"]] for origin in event.payload["origins"]]
    counted = {citation.id for group in groups for citation in group}
    return Origins(
        heading=_heading(len(groups)),
        sentence=_sentence(event),
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


def _sentence(event: EventContext) -> str:
    origins = event.payload["origins"]
    if Corroboration.UNREAD in event.payload["corroboration"]:
        return _("The editors have not read its sources, so they are not counted.")
    if not origins:
        return _("No citation reports the event itself.")
    if len(origins) > 1:
        return _(
            "These reports differ in their first outlet, in their named speakers, bodies and "
            "documents, and in the texts they are based on, or the editors count them apart."
        )
    return ngettext(
        "{count} report supports it.",
        "{count} reports support it, and count once.",
        len(origins[0]["sources"]),
    )


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
