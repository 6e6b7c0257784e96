"""The page of one source: its copies, its derivation, and the records that cite it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.dates.wording import in_words
from app.i18n.translate import N_, _
from app.kinds import ChainStep, Citation, Copy, SourceForm
from app.record.editions import SelectedEdition
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.names.speaker_labels import kind_of_speaker
from app.record.payloads import (
    cited_payload,
    event_payload,
    form_of,
    source_payload,
)
from app.record.rules import independence
from app.record.sql import rows as record_rows
from app.record.terms import term_numbers
from app.site.components.citations import (
    EXTENTS,
    STANCES,
    TITLE_BASIS_NOTES,
    CitationTarget,
    CitationView,
    citation_view,
    taken_back_words,
)
from app.site.components.estimate_line import estimate_view
from app.site.components.urls import record_address
from app.site.record_pages.page import RecordPage
from app.site.sources.sources import SourceCard, derivation_link, source_card
from app.vocabulary.citations import Attribution, Derivation, Stance
from app.vocabulary.kinds import CITING_KINDS, LISTED_KINDS, RecordKind
from app.vocabulary.sources import Extent, HostKind, Reliability
from app.vocabulary.speaker_groups import speaker_group
from app.web.urls import url


@dataclass(frozen=True)
class CopyView:
    """A copy of the source: its host and the extent read."""

    number: str
    host: str
    address: str
    unlinked: str
    """Why the address is not linked; empty if it is."""
    extent: str
    read_on: str
    archive: str
    sha256: str


@dataclass(frozen=True)
class DerivationBranch:
    """A source or outlet that the source derives from, or a source derived from it."""

    how: str
    source: SourceCard | None
    """None if the report was not read."""
    outlet: str
    outlet_address: str
    branches: Sequence["DerivationBranch"]


@dataclass(frozen=True)
class CitingRecord:
    """An event or estimate that cites this source, with its citations."""

    id: str
    address: str
    title: str
    kind: str
    when: str
    where: Sequence[str]
    said: Sequence[tuple[Stance, Sequence[CitationView]]]
    """Its citations by stance."""


@dataclass(frozen=True)
class IndirectRecord:
    """An event or estimate that cites a source derived from this one."""

    id: str
    address: str
    title: str
    through: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class SourceSpeaker:
    """A speaker in the source, with the number of citations attributed to them."""

    group: str
    words: str
    address: str
    """Page of the outlet if the speaker is one, otherwise empty."""
    kind: str
    statements: int


@dataclass(frozen=True)
class SourcePage:
    """The page model of `site/sources/page.html`."""

    card: SourceCard
    grade: Reliability
    title_note: str
    author: str
    language: str
    """Language of the source, which its author's name has, too; "" if unknown."""
    remark: str
    scale: str
    unlinked: str
    """Why the source is not linked; empty if it is."""
    copies: Sequence[CopyView]
    above: Sequence[DerivationBranch]
    relayed: Sequence[str]
    """Names of outlets whose reports it passes on, while none of these is known as its source."""
    below: Sequence[DerivationBranch]
    events: Sequence[CitingRecord]
    figures: Sequence[CitingRecord]
    through_others: Sequence[IndirectRecord]
    voices: Sequence[SourceSpeaker]
    added: int
    changed: int
    json_address: str


DERIVATIVE_LABELS = {
    Derivation.RELAY: N_("Repeated by"),
    Derivation.TRANSLATION: N_("Translated by"),
    Derivation.SYNDICATION: N_("Republished by"),
    Derivation.SUMMARY: N_("Summarised by"),
    Derivation.QUOTES: N_("Quoted by"),
}
UNLINKED_REASONS = {
    HostKind.MIRROR: N_("Shown without a link: an index or a site unrelated to the outlet."),
    HostKind.NONE: N_("No page of the source is known."),
}


def source_page(
    db: Session, edition: SelectedEdition, row: Version, directory: Directory
) -> SourcePage:
    # One SQL statement reads the source's ancestors, its derivatives and all citing records.
    form, found = SourceForm.model_validate(form_of(row)), record_rows.list_row(row)
    is_derived = Version.kind.in_(LISTED_KINDS) & Version.terms.overlap(
        term_numbers([("rests-on", row.id)])
    )
    around = [
        record_rows.list_row(other)
        for other in db.scalars(
            select(Version).where(
                or_(is_derived, Version.id.in_(source_payload(row)["rests_on"])),
                edition.holds(),
                Version.is_live,
            )
        )
    ]
    around.sort(key=lambda other: (other.sort_day is None, other.sort_day, other.number))
    sources = {
        row.id: found,
        **{other.id: other for other in around if other.id[0] == RecordKind.SOURCE},
    }
    passing_on = {
        id for id, other in sources.items() if row.id in source_payload(other)["rests_on"]
    }
    citing = [other for other in around if row.id in other.payload.get("sources", ())]
    far = [other for other in around if other.id[0] in CITING_KINDS and other not in citing]
    cited = [
        (other, [Citation.model_validate(c) for c in cited_payload(other)["form"]["citations"]])
        for other in citing
    ]
    citing_records = [
        _citing_record(other, citations, form, directory) for other, citations in cited
    ]
    own = [
        citation
        for _other, citations in cited
        for citation in citations
        if citation.source == row.id
    ]
    card = source_card(found, directory)
    return SourcePage(
        card=card,
        grade=_reliability(form.outlet, directory),
        title_note=_(TITLE_BASIS_NOTES[form.title_basis])
        if TITLE_BASIS_NOTES[form.title_basis]
        else "",
        author=form.author,
        language=form.language,
        remark=form.remark,
        scale=str(found.sort_day.year) if found.sort_day else "",
        unlinked="" if card.link else _unlinked_reason(form),
        copies=[_copy_view(copy, directory.label("outlet", form.outlet)) for copy in form.copies],
        above=list(_derived_from(found, sources, directory)),
        relayed=_relayed_outlets(own, form.outlet, directory),
        below=list(_derivatives(row.id, sources, directory)),
        events=[each for each in citing_records if each.id[0] == RecordKind.EVENT],
        figures=[each for each in citing_records if each.id[0] == RecordKind.ESTIMATE],
        through_others=[_indirect_record(other, passing_on, directory) for other in far],
        voices=_speakers(own, form.outlet, directory),
        added=row.added,
        changed=row.changed,
        json_address=f"{record_address(row.id)}.json",
    )


def _reliability(outlet: str, directory: Directory) -> Reliability:
    return directory.outlets[outlet].reliability if outlet in directory.outlets else Reliability.F


# Copies -----------------------------------------------------------------------------------------


def _unlinked_reason(form: SourceForm) -> str:
    host = form.copies[0].host_kind if form.copies else HostKind.NONE
    return _(UNLINKED_REASONS.get(host, UNLINKED_REASONS[HostKind.NONE]))


def _copy_view(copy: Copy, outlet: str) -> CopyView:
    own = outlet if copy.host_kind is HostKind.OWN else _(copy.host_kind.label)
    return CopyView(
        number=copy.id,
        host=copy.host or own,
        address=copy.url,
        unlinked=_(UNLINKED_REASONS[copy.host_kind]) if copy.host_kind in UNLINKED_REASONS else "",
        extent=_(EXTENTS[copy.extent]),
        read_on=in_words(copy.read_on, lasts=False)
        if copy.read_on and copy.extent is not Extent.NONE
        else "",
        archive=copy.archive,
        sha256=copy.sha256,
    )


# Derivation -------------------------------------------------------------------------------------


def _derived_from(
    row: record_rows.ListRow, sources: Mapping[str, record_rows.ListRow], directory: Directory
) -> Iterator[DerivationBranch]:
    """Yield the tree of sources it derives from. publish() rejects cycles."""
    for parent in form_of(row).get("derived_from", []):
        tie = derivation_link(parent, directory)
        other = sources.get(parent.get("source", ""))
        if other:
            card = source_card(other, directory)
            yield DerivationBranch(
                tie.how,
                card,
                card.outlet,
                card.outlet_address,
                list(_derived_from(other, sources, directory)),
            )
        else:
            yield DerivationBranch(tie.how, None, tie.label, tie.address, ())


def _derivatives(
    id: str, sources: Mapping[str, record_rows.ListRow], directory: Directory
) -> Iterator[DerivationBranch]:
    """Yield the tree of sources derived from this one."""
    for other in sources.values():
        for parent in form_of(other).get("derived_from", []):
            if parent.get("source") == id:
                card, how = (
                    source_card(other, directory),
                    _(DERIVATIVE_LABELS[Derivation(parent["how"])]),
                )
                yield DerivationBranch(
                    how,
                    card,
                    card.outlet,
                    card.outlet_address,
                    list(_derivatives(other.id, sources, directory)),
                )


# Records that cite the source -------------------------------------------------------------------


def _citing_record(
    row: record_rows.ListRow,
    citations: Sequence[Citation],
    source: SourceForm,
    directory: Directory,
) -> CitingRecord:
    retractions = independence.retractions(citations)
    address = record_address(row.id)
    statements = {citation.id: citation.paraphrase for citation in citations}
    views = [
        citation_view(
            citation,
            source,
            directory,
            _link_target(citation, statements, address),
            taken_back_words(retractions.get(citation.id), directory),
        )
        for citation in citations
        if citation.source == source.id
    ]
    by_stance = [(stance, [view for view in views if view.stance is stance]) for stance in STANCES]
    title, kind, when, where = _heading(row, directory)
    return CitingRecord(
        row.id,
        address,
        title,
        kind,
        when,
        where,
        [(stance, some) for stance, some in by_stance if some],
    )


def _link_target(
    citation: Citation, statements: Mapping[str, str], address: str
) -> CitationTarget | None:
    if not citation.about:
        return None
    statement = statements.get(citation.about)
    target = (
        _("in the source: {words}").format(words=statement)
        if statement
        else _("relation to another source")
    )
    return CitationTarget(target, f"{address}#{citation.about}")


def _heading(row: record_rows.ListRow, directory: Directory) -> tuple[str, str, str, Sequence[str]]:
    """Return title, kind, time and places of an event or estimate."""
    if row.id[0] == RecordKind.EVENT:
        payload = event_payload(row)
        form = payload["form"]
        return (
            form["title"],
            directory.label("type", form["type"]),
            payload["happened_words"],
            (),
        )
    figure = estimate_view(row, directory)
    title = _("{figure}: {population}").format(figure=figure.words, population=figure.population)
    return title, figure.counts, figure.time, [place.label for place in figure.places]


def _indirect_record(
    row: record_rows.ListRow, passing_on: Collection[str], directory: Directory
) -> IndirectRecord:
    through = [(id, record_address(id)) for id in cited_payload(row)["sources"] if id in passing_on]
    return IndirectRecord(row.id, record_address(row.id), _heading(row, directory)[0], through)


def _relayed_outlets(
    citations: Iterable[Citation], publisher: str, directory: Directory
) -> list[str]:
    """Return the outlets that its chains name, or describe as "some media"."""
    steps = (
        step
        for citation in citations
        for step in citation.chain
        if step.attribution is Attribution.OTHER_OUTLET or step.outlet
    )
    names = (
        directory.label("outlet", step.outlet) if step.outlet else step.words or _("another outlet")
        for step in steps
        if step.outlet != publisher
    )
    return list(dict.fromkeys(names))


def _speakers(
    citations: Iterable[Citation], publisher: str, directory: Directory
) -> list[SourceSpeaker]:
    """Return the speakers, most citations first.

    Speakers with the same description are one entry, even if they may be different people.
    """
    counted: Counter[tuple[str, str, str, str]] = Counter()
    steps: dict[tuple[str, str, str, str], ChainStep] = {}
    for citation in citations:
        step = citation.speaker
        key = (step.attribution, step.words, step.outlet, step.named or "")
        counted[key] += 1
        steps.setdefault(key, step)
    return [
        _speaker(steps[key], publisher, directory, count) for key, count in counted.most_common()
    ]


def _speaker(
    step: ChainStep, publisher: str, directory: Directory, statements: int
) -> SourceSpeaker:
    is_publisher = step.attribution is Attribution.OWN_VOICE and not step.words
    code = step.outlet or (publisher if is_publisher else "")
    name = step.words or (directory.label("outlet", code) if code else "")
    kind = kind_of_speaker(step.attribution, step.named)
    address = url("outlet", code=code) if code and not step.words else ""
    group = speaker_group(step.attribution, step.named)
    return SourceSpeaker(group, name or kind, address, kind if name else "", statements)


SOURCE = RecordPage("source", "site/sources/page.html", source_page)
