"""Independent sources (rule 3), corroboration (rule 4), disputed fields (5), confirmations (13)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from app.kinds import (
    ChainStep,
    Citation,
    Copy,
    DerivedFrom,
    EventForm,
    JoinedSources,
    OutletForm,
    SourceForm,
)
from app.record.payloads import PublishedOrigin
from app.vocabulary.citations import (
    Attribution,
    Certainty,
    CitationKind,
    Counting,
    Derivation,
    Difference,
    Naming,
    ReportsEvent,
    Stance,
)
from app.vocabulary.sources import Extent, HostKind, SourceKind
from app.vocabulary.support import (
    DISPUTED_BY,
    ESTIMATE_KINDS,
    FIELD_KINDS,
    ClaimCertainty,
    Corroboration,
    Disputed,
)

Sources = Mapping[str, SourceForm]
"""Published sources by id."""
Outlets = Mapping[str, OutletForm]
"""Published outlets by code."""
OFFICIAL_DOCUMENTS = {SourceKind.GOVERNMENT, SourceKind.UN_DOCUMENT}
DOCUMENTS_SPEAK = {
    Attribution.DOCUMENT,
    Attribution.GOVERNMENT,
    Attribution.UN_PANEL,
    Attribution.OWN_VOICE,
}


def is_documented(support: Iterable[Citation], sources: Sources) -> bool:
    """Whether an official document that was read says so itself.

    A document that another report describes, or that passes on a report, does not count.
    """
    return any(
        (source := sources.get(citation.source)) is not None
        and source.kind in OFFICIAL_DOCUMENTS
        and any(_is_read_well(copy) for copy in source.copies)
        and not source.derived_from
        and len(citation.chain) == 1
        and citation.speaker.attribution in DOCUMENTS_SPEAK
        for citation in support
    )


def _is_read_well(copy: Copy) -> bool:
    """Whether a copy shows what a document says: the office's own in part, or any in full."""
    if copy.host_kind is HostKind.OWN:
        return copy.extent is not Extent.NONE
    return copy.extent is Extent.FULL


def _count_speakers(citations: Sequence[Citation], joined: Iterable[JoinedSources]) -> int:
    """Count the first speakers of the chains, each description once, and each voice once."""
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, citation in enumerate(citations):
        same[(*_speaker_key(citation), citation.speaker.named or "")].append(index)
    ids = {citation.id: index for index, citation in enumerate(citations)}
    voices = [
        [ids[id] for id in decision.members]
        for decision in joined
        if decision.how is Counting.ONE_VOICE and decision.members <= ids.keys()
    ]
    return len(_components(len(citations), [*same.values(), *voices]))


UNNAMED_OUTLET = ("outlet", "")
"""The node shared by all chains that begin with an unnamed outlet.

A group with no other node counts only if it is the only one.
"""


def citations_in_force(citations: Sequence[Citation]) -> list[Citation]:
    """Return the citations about the record itself that no source retracted."""
    retracted = retractions(citations)
    return [
        c
        for c in citations
        if not c.about and c.stance is not Stance.WITHDRAWS and c.id not in retracted
    ]


def retractions(citations: Sequence[Citation]) -> dict[str, Citation]:
    """Return the retracted citations of one record by id, each with the one that retracts it.

    A retraction names the citation that it retracts. Without a name, the outlet retracts all that
    its source says, and another speaker only citations of the same speaker there.
    """
    found: dict[str, Citation] = {}
    for by in citations:
        if by.stance is Stance.WITHDRAWS:
            found |= {c.id: by for c in citations if c is not by and _retracts(by, c)}
    return found


def _retracts(by: Citation, other: Citation) -> bool:
    if by.about:
        return other.id == by.about
    return other.source == by.source and (
        by.speaker.attribution is Attribution.OWN_VOICE or _speaker_key(other) == _speaker_key(by)
    )


def _speaker_key(citation: Citation) -> tuple[Attribution, str, str]:
    speaker = citation.speaker
    return speaker.attribution, speaker.words.casefold(), speaker.outlet


def _agreeing_citations(citations: Sequence[Citation]) -> list[Citation]:
    return [c for c in citations_in_force(citations) if c.stance is Stance.SUPPORTS]


def event_support(
    citations: Sequence[Citation], *, is_plan: bool, is_statement: bool = False
) -> list[Citation]:
    """Return the citations that report the event itself.

    Undecided ones about a field are from before the question. They count if no other does.
    """
    kinds = {CitationKind.OCCURRENCE}
    kinds |= {CitationKind.FORECAST} if is_plan else set()
    kinds |= {CitationKind.STATEMENT} if is_statement else set()
    agreeing = [c for c in _agreeing_citations(citations) if c.kind not in BACKGROUND]
    reporting = [
        c
        for c in agreeing
        if c.reports_event is ReportsEvent.YES
        or (c.reports_event is None and c.kind in kinds and not c.reads_otherwise)
    ]
    return reporting or [
        c for c in agreeing if (c.is_about_field or c.reads_otherwise) and c.reports_event is None
    ]


BACKGROUND = {CitationKind.CAUSE, CitationKind.CONTEXT}
"""Kinds of citation that support no record."""


def estimate_support(citations: Sequence[Citation], *, is_plan: bool) -> list[Citation]:
    """Return the citations that support an estimate; forecasts unless it was observed."""
    kinds = ESTIMATE_KINDS | ({CitationKind.FORECAST} if is_plan else set())
    return [c for c in _agreeing_citations(citations) if c.kind in kinds]


def field_support(
    citations: Sequence[Citation], *, has_law: bool
) -> dict[CitationKind, list[Citation]]:
    """Return the citations that support each field of an event, whether or not they report it.

    The law is supported only where the event has one, by citations whose source names it. A
    citation with another reading supports its own value, not that of the event.
    """
    agreeing = [
        c for c in _agreeing_citations(citations) if c.differs is not Difference.OTHER_READING
    ]
    by_kind = {kind: [c for c in agreeing if c.kind is kind] for kind in FIELD_KINDS}
    by_kind[CitationKind.LEGAL] = [
        c for c in by_kind[CitationKind.LEGAL] if has_law and c.names_law
    ]
    return {kind: found for kind, found in by_kind.items() if found}


def origin_outlet(citation: Citation, sources: Sources) -> str:
    """Return the first outlet of the chain, or else the publisher; "" for an unnamed outlet."""
    for step in citation.chain:
        if step.outlet:
            return step.outlet
        if step.attribution is Attribution.OTHER_OUTLET:
            return ""
    source = sources.get(citation.source)
    return source.outlet if source else ""


def source_and_ancestors(source: str, sources: Sources) -> set[str]:
    """Return the source and all sources that it derives from, directly or indirectly."""
    found: set[str] = set()
    pending = [source]
    while pending:
        current = pending.pop()
        if current and current not in found:
            found.add(current)
            if form := sources.get(current):
                pending += [parent.source for parent in form.derived_from]
    return found


def sources_of(citation: Citation, sources: Sources) -> set[str]:
    """Return the source of a citation, and those that its words are passed on from."""
    found = {citation.source}
    for parent in parents_of(citation, sources):
        found |= source_and_ancestors(parent.source, sources)
    return found


def parents_of(citation: Citation, sources: Sources) -> Sequence[DerivedFrom]:
    """Return what the words of a citation are passed on from.

    Where its chain names other outlets, it is passed on from the last of these alone.
    """
    source = sources.get(citation.source)
    if source is None:
        return ()
    via = passed_on_by(citation, source)
    return [
        parent
        for parent in source.derived_from
        if not via
        or (sources[parent.source].outlet if parent.source in sources else parent.outlet) == via
    ]


def passed_on_by(citation: Citation, source: SourceForm) -> str | None:
    """Return the last other outlet of the chain: "" if it is not named, None if there is none."""
    outlets = [
        step.outlet
        for number, step in enumerate(citation.chain)
        if step.outlet != source.outlet
        and (step.outlet or (number and step.attribution is Attribution.OTHER_OUTLET))
    ]
    return outlets[-1] if outlets else None


def owners(outlet: str, outlets: Outlets) -> list[str]:
    """Return the outlet and its owners, topmost last."""
    found: list[str] = []
    while outlet and outlet not in found:
        found.append(outlet)
        outlet = outlets[outlet].belongs_to if outlet in outlets else ""
    return found


def owner(outlet: str, outlets: Outlets) -> str:
    """Return the topmost owner: all outlets of one owner count as one source."""
    return (owners(outlet, outlets) or [""])[-1]


def independent_sources(
    support: Sequence[Citation],
    sources: Sources,
    outlets: Outlets,
    joined: Sequence[JoinedSources] = (),
    *,
    is_law: bool = False,
) -> list[PublishedOrigin]:
    """Group citations by independent source: the connected components of shared nodes.

    The editors' decisions `joined` come first. `is_law`: whether they support a law.
    """
    shared: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, citation in enumerate(support):
        for node in citation_nodes(citation, sources, outlets, joined):
            shared[node].append(index)
    retold = law_and_retellings(support, sources, joined) if is_law else []
    shared["law", ""] = [index for index, each in enumerate(support) if each in retold]
    groups = _components(len(support), shared.values())
    unnamed = set(shared.get(UNNAMED_OUTLET, []))
    if any(not set(group) <= unnamed for group in groups):
        groups = [group for group in groups if not set(group) <= unnamed]
    return [_origin([support[index] for index in group], sources, joined) for group in groups]


def law_and_retellings(
    support: Sequence[Citation], sources: Sources, joined: Sequence[JoinedSources]
) -> list[Citation]:
    """Return the text of a law, and reports that retell it in their outlet's own voice.

    They count once, unless editors split one. Empty if nobody read the text or retold it.
    """
    texts = [each for each in support if is_documented([each], sources)]
    split = {decision.member for decision in joined if decision.how is Counting.SPLIT}
    retold = [
        each
        for each in support
        if each.speaker.attribution is Attribution.OWN_VOICE
        and each not in texts
        and split.isdisjoint({each.id, each.source})
    ]
    return [*texts[:1], *retold] if texts and retold else []


def citation_nodes(
    citation: Citation,
    sources: Sources,
    outlets: Outlets,
    joined: Sequence[JoinedSources] = (),
) -> set[tuple[str, str]]:
    """Return the decisions, outlets, speakers and sources behind a citation.

    Two citations with a common node count as one source. What the editors split has no node but
    that of the decision, and of those that join it with another.
    """
    decided = {
        (decision.how.value, decision.member if decision.how is Counting.SPLIT else str(number))
        for number, decision in enumerate(joined)
        if decision.applies_to(citation) and decision.how is not Counting.TWO_VOICES
    }
    if any(how == Counting.SPLIT for how, _name in decided):
        return decided
    return decided | _shared_nodes(citation, sources, outlets)


def _shared_nodes(citation: Citation, sources: Sources, outlets: Outlets) -> set[tuple[str, str]]:
    found = {("outlet", owner(origin_outlet(citation, sources), outlets))}
    for step in citation.chain:
        if step.named is Naming.NAMED and step.words:
            found.add(("speaker", step.words.casefold()))
    parents = list(parents_of(citation, sources))
    for source in sources_of(citation, sources):
        found.add(("source", source))
        if source != citation.source and source in sources:
            parents += sources[source].derived_from
    return found | {("outlet", owner(each.outlet, outlets)) for each in parents if each.outlet}


def citations_read(support: Sequence[Citation], sources: Sources) -> list[Citation]:
    """Return the citations whose source was read. Only these are counted."""
    return [c for c in support if c.source not in sources or was_read(sources[c.source])]


def was_read(source: SourceForm) -> bool:
    """Whether somebody read the source: not if each copy of it is marked as not read."""
    return not source.copies or any(copy.extent is not Extent.NONE for copy in source.copies)


def corroboration(
    origins: Sequence[PublishedOrigin],
    support: Sequence[Citation],
    sources: Sources,
    outlets: Outlets,
) -> Corroboration:
    """Return the level of support. `origins` are those of the citations that were read."""
    if support and not citations_read(support, sources):
        return Corroboration.UNREAD
    if not origins:
        return Corroboration.NONE
    counted = counted_citations(origins, support)
    if len(origins) > 1:
        return Corroboration.INDEPENDENT
    if len({citation.source for citation in counted}) > 1:
        return Corroboration.RELAYED
    identified = [citation for citation in counted if not citation.is_anonymous]
    if any(citation.speaker.attribution not in OUTLETS_SPEAK for citation in identified):
        return Corroboration.SINGLE_NAMED
    of_outlets = [citation for citation in identified if _is_outlets_own(citation.speaker)]
    if not of_outlets:
        return Corroboration.SINGLE_ANONYMOUS
    is_passed_on = all(_is_passed_on(citation, sources, outlets) for citation in of_outlets)
    return Corroboration.PASSED_ON if is_passed_on else Corroboration.OWN_REPORT


def counted_citations(
    origins: Iterable[PublishedOrigin], support: Iterable[Citation]
) -> list[Citation]:
    """Return the supporting citations that independent sources count."""
    counted = {id for origin in origins for id in origin["citations"]}
    return [citation for citation in support if citation.id in counted]


def _is_outlets_own(step: ChainStep) -> bool:
    return (
        step.attribution is Attribution.OWN_VOICE or bool(step.outlet) or step.named is Naming.NAMED
    )


def _is_passed_on(citation: Citation, sources: Sources, outlets: Outlets) -> bool:
    """Whether the outlet that speaks is not the one that was read. One owner is one outlet."""
    source = sources.get(citation.source)
    if source is None:
        return False
    # An outlet that is only described, such as "two agencies", is another one, too.
    speaks = [origin_outlet(citation, sources)]
    for parent in parents_of(citation, sources):
        above = sources.get(parent.source)
        outlet = above.outlet if above else parent.outlet
        if outlet and parent.how is not Derivation.QUOTES:
            speaks.append(outlet)
    read = owner(source.outlet, outlets)
    return any(owner(outlet, outlets) != read for outlet in speaks)


OUTLETS_SPEAK = {Attribution.OWN_VOICE, Attribution.OTHER_OUTLET}
"""An outlet's own words are not a named source. An outlet without a name is anonymous."""


def claim_certainty(
    origins: Sequence[PublishedOrigin],
    support: Sequence[Citation],
    sources: Sources,
) -> ClaimCertainty | None:
    """Return how firmly the independent sources put it; None without support.

    A report that drops the reserve of the one that it repeats makes nothing firm.
    """
    if not origins:
        return None
    by_id = {citation.id: citation for citation in support}
    for origin in origins:
        group = [by_id[id] for id in origin["citations"]]
        first = [citation for citation in group if not _is_repeated(citation, sources)]
        if any(citation.certainty is Certainty.FIRM for citation in first or group):
            return ClaimCertainty.FIRM
    return ClaimCertainty.ALLEGED


def _is_repeated(citation: Citation, sources: Sources) -> bool:
    """Whether the source that was read passes on the report of another."""
    source = sources.get(citation.source)
    return source is None or bool(
        parents_of(citation, sources) or origin_outlet(citation, sources) != source.outlet
    )


def outlet_roles(
    found: Sequence[PublishedOrigin],
    support: Sequence[Citation],
    sources: Sources,
) -> set[tuple[str, str]]:
    """Return the roles of outlets in a statement, as pairs of role and outlet.

    * `first`: another outlet repeats its report.
    * `relayed`: it repeats a report of another outlet, named or unnamed.
    * `alone`: it is the only origin outlet.
    """
    begun = [
        (origin_outlet(citation, sources), citation.source)
        for citation in counted_citations(found, support)
    ]
    chains = [(begins, sources[id].outlet if id in sources else "") for begins, id in begun]
    parts = {("first", begins) for begins, printed in chains if begins != printed}
    parts |= {("relayed", printed) for begins, printed in chains if begins != printed}
    if len(found) == len(found[0]["outlets"] if found else ()) == 1:
        parts.add(("alone", found[0]["outlets"][0]))
    return {(part, outlet) for part, outlet in parts if outlet}


def _components(size: int, groups: Iterable[Sequence[int]]) -> list[list[int]]:
    """Return the connected components of indices 0 to `size` - 1 (union by the smallest index)."""
    parent = list(range(size))

    def root(index: int) -> int:
        while parent[index] != index:
            index = parent[index]
        return index

    for group in groups:
        for index in group[1:]:
            first, second = sorted((root(group[0]), root(index)))
            parent[second] = first
    found: dict[int, list[int]] = defaultdict(list)
    for index in range(size):
        found[root(index)].append(index)
    return list(found.values())


def _origin(
    citations: Sequence[Citation],
    sources: Sources,
    joined: Sequence[JoinedSources],
) -> PublishedOrigin:
    return PublishedOrigin(
        outlets=_unique(origin_outlet(citation, sources) for citation in citations),
        sources=_unique(citation.source for citation in citations),
        citations=_unique(citation.id for citation in citations),
        speakers=_count_speakers(citations, joined),
        speakers_text=_unique(filter(None, (each.speaker.speakers_text for each in citations))),
    )


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


# Disputes -----------------------------------------------------------------------------------------


def disputed_fields(citations: Sequence[Citation]) -> dict[Disputed, list[str]]:
    """Map each disputed field to the ids of the citations that dispute it.

    "Could not verify" is a mention, so it disputes nothing.
    """
    found: dict[Disputed, list[str]] = {}
    for citation in citations_in_force(citations):
        if citation.stance is Stance.DISPUTES:
            found.setdefault(citation.field or DISPUTED_BY[citation.kind], []).append(citation.id)
    return {field: found[field] for field in Disputed if field in found}


def citations_to_reconfirm(before: EventForm, after: EventForm) -> list[str]:
    """Return the ids of citations to confirm if date, type, scope or title of an event changed."""

    def cited_fields(event: EventForm) -> tuple[object, ...]:
        return event.when, event.deadline, event.type, event.title, event.terms

    if cited_fields(before) == cited_fields(after):
        return []
    remaining = {citation.id for citation in after.citations}
    return [citation.id for citation in before.citations if citation.id in remaining]
