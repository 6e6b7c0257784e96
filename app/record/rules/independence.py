"""Rules 3 and 4: how many independent origins support a statement, and what that makes of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.forms import Citation, OutletForm, SourceForm
from app.vocabulary.citations import NAMED, Attribution, CitationKind, Stance
from app.vocabulary.support import CORROBORATES, Corroboration

UNNAMED = ("outlet", "")
"""The one node that all unnamed relays share; it counts only when nothing else does."""


@dataclass(frozen=True)
class Origin:
    """Supporting citations that rest on each other or on the same outlet, speaker or document."""

    outlets: tuple[str, ...]
    sources: tuple[str, ...]
    citations: tuple[str, ...]
    speakers: int


def standing(citations: Sequence[Citation]) -> list[Citation]:
    """The citations that speak of the record itself and were not taken back."""
    gone = taken_back(citations)
    return [
        c
        for c in citations
        if not c.about and c.stance is not Stance.WITHDRAWS and c.id not in gone
    ]


def taken_back(citations: Sequence[Citation]) -> set[str]:
    """The citations of one record that a source takes back: the one it speaks of or, if it names none, all its own."""
    named = {c.about for c in citations if c.stance is Stance.WITHDRAWS and c.about}
    takers = {c.source for c in citations if c.stance is Stance.WITHDRAWS and not c.about}
    return {c.id for c in citations if c.id in named or c.source in takers}


def supporting(citations: Sequence[Citation], is_plan: bool) -> list[Citation]:
    """The standing citations that lend support; a forecast does so only for what is no more than a plan."""
    kinds = CORROBORATES | ({CitationKind.FORECAST} if is_plan else set())
    return [c for c in standing(citations) if c.stance is Stance.SUPPORTS and c.kind in kinds]


def origin_outlet(citation: Citation, sources: Mapping[str, SourceForm]) -> str:
    """The outlet where the chain begins: the first one in it, else the publisher; empty for a relay without a name."""
    for step in citation.chain:
        if step.outlet:
            return step.outlet
        if step.attribution is Attribution.OTHER_OUTLET:
            return ""
    source = sources.get(citation.source)
    return source.outlet if source else ""


def rests_on(source: str, sources: Mapping[str, SourceForm]) -> set[str]:
    """The source and all sources that it derives from, at any remove."""
    found: set[str] = set()
    waiting = [source]
    while waiting:
        here = waiting.pop()
        if here and here not in found:
            found.add(here)
            if form := sources.get(here):
                waiting += [parent.source for parent in form.derived_from]
    return found


def owners(outlet: str, outlets: Mapping[str, OutletForm]) -> list[str]:
    """The outlet and all that it is a service of, the last one owning the rest."""
    found: list[str] = []
    while outlet and outlet not in found:
        found.append(outlet)
        outlet = outlets[outlet].belongs_to if outlet in outlets else ""
    return found


def owner(outlet: str, outlets: Mapping[str, OutletForm]) -> str:
    """An outlet and those that it is a service of are one origin, known by the last of them."""
    return (owners(outlet, outlets) or [""])[-1]


def independent(
    support: Sequence[Citation],
    sources: Mapping[str, SourceForm],
    outlets: Mapping[str, OutletForm],
) -> list[Origin]:
    """The distinct origins of the supporting citations: connected components over what they share."""
    shared: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, citation in enumerate(support):
        for node in nodes(citation, sources, outlets):
            shared[node].append(index)
    groups = _components(len(support), shared.values())
    unnamed = set(shared.get(UNNAMED, []))
    if any(not set(group) <= unnamed for group in groups):
        groups = [group for group in groups if not set(group) <= unnamed]
    return [_origin([support[index] for index in group], sources) for group in groups]


def nodes(
    citation: Citation, sources: Mapping[str, SourceForm], outlets: Mapping[str, OutletForm]
) -> set[tuple[str, str]]:
    """What a citation rests on; two that share any of it are one origin."""
    found = {("outlet", owner(origin_outlet(citation, sources), outlets))}
    for step in citation.chain:
        if step.attribution in NAMED and step.words:
            found.add(("speaker", step.words.casefold()))
    for source in rests_on(citation.source, sources):
        found.add(("source", source))
        if form := sources.get(source):
            found |= {
                ("outlet", owner(parent.outlet, outlets))
                for parent in form.derived_from
                if parent.outlet
            }
    return found


def corroboration(origins: Sequence[Origin], support: Sequence[Citation]) -> Corroboration:
    if not origins:
        return Corroboration.NONE
    if len(origins) > 1:
        return Corroboration.INDEPENDENT
    if len({citation.source for citation in support}) > 1:
        return Corroboration.RELAYED
    anonymous = all(citation.is_anonymous for citation in support)
    return Corroboration.SINGLE_ANONYMOUS if anonymous else Corroboration.SINGLE_SOURCE


def parts_played(
    found: Sequence[Origin], support: Sequence[Citation], sources: Mapping[str, SourceForm]
) -> set[tuple[str, str]]:
    """Which part each outlet plays in a statement: `first` where another passes on what began with it, `relayed` where
    it passes on what began with another, named or not, and `alone` where all begins with it."""
    counted = {id for origin in found for id in origin.citations}
    begun = [
        (origin_outlet(citation, sources), citation.source)
        for citation in support
        if citation.id in counted
    ]
    chains = [(begins, sources[id].outlet if id in sources else "") for begins, id in begun]
    parts = {("first", begins) for begins, printed in chains if begins != printed}
    parts |= {("relayed", printed) for begins, printed in chains if begins != printed}
    if len(found) == len(found[0].outlets if found else ()) == 1:
        parts.add(("alone", found[0].outlets[0]))
    return {(part, outlet) for part, outlet in parts if outlet}


def is_documented(support: Iterable[Citation]) -> bool:
    return any(citation.speaker.attribution is Attribution.DOCUMENT for citation in support)


def _components(size: int, groups: Iterable[Sequence[int]]) -> list[list[int]]:
    """Indices joined by any group that holds both (union by the smallest index)."""
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


def _origin(citations: Sequence[Citation], sources: Mapping[str, SourceForm]) -> Origin:
    return Origin(
        outlets=_unique(origin_outlet(citation, sources) for citation in citations),
        sources=_unique(citation.source for citation in citations),
        citations=_unique(citation.id for citation in citations),
        speakers=len(
            {
                (c.speaker.attribution, c.speaker.words.casefold(), c.speaker.outlet)
                for c in citations
            }
        ),
    )


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
