"""One source as a reader sees it: what it is, where it was found, what it passes on, and all that rests on it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.dates.wording import in_words
from app.forms import Citation, Copy, SourceForm
from app.i18n.translate import N_, _
from app.record.editions import Reading
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.rules import independence
from app.record.sql import rows as queries
from app.record.terms import term_numbers
from app.site.components.badges import speaker_group
from app.site.components.citations import (
    EXTENTS,
    STANCES,
    TITLES,
    CitationView,
    Target,
    citation_view,
)
from app.site.components.estimate_line import figure_view
from app.site.components.urls import record_address
from app.site.record_pages.page import RecordPage
from app.site.sources.sources import SourceCard, card_of, passed_on
from app.vocabulary.citations import Attribution, Derivation, Stance
from app.vocabulary.sources import Extent, HostKind, Reliability
from app.web.urls import url


@dataclass(frozen=True)
class CopyView:
    """One copy: where it is, and how much of it was read."""

    host: str
    address: str
    unlinked: str
    """Why its address is shown but does not lead there; empty where it does."""
    extent: str
    read_on: str
    archive: str
    sha256: str


@dataclass(frozen=True)
class Tie:
    """A branch of the tree of reports that this one belongs to."""

    how: str
    source: SourceCard | None
    """None where the report was not read."""
    outlet: str
    outlet_address: str
    branches: Sequence["Tie"]


@dataclass(frozen=True)
class Resting:
    """An event or figure that cites this source, with what the source says about it."""

    id: str
    address: str
    title: str
    kind: str
    when: str
    where: Sequence[str]
    said: Sequence[tuple[Stance, Sequence[CitationView]]]
    """Its citations by what they do to the record."""


@dataclass(frozen=True)
class FarResting:
    """An event or figure that cites not this source, but one that passes it on."""

    id: str
    address: str
    title: str
    through: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Voice:
    """Somebody who speaks in the source, and in how many of its citations."""

    group: str
    words: str
    address: str
    """Page of the outlet, where it is one."""
    kind: str
    statements: int


@dataclass(frozen=True)
class SourcePage:
    """Everything that `site/sources/page.html` prints."""

    card: SourceCard
    grade: str
    title_note: str
    author: str
    published_text: str
    rights: str
    remark: str
    scale: str
    unlinked: str
    """Why there is no link to it; empty where there is one."""
    copies: Sequence[CopyView]
    above: Sequence[Tie]
    below: Sequence[Tie]
    events: Sequence[Resting]
    figures: Sequence[Resting]
    through_others: Sequence[FarResting]
    voices: Sequence[Voice]
    added: int
    changed: int
    json_address: str


PASSED_ON_BY = {
    Derivation.RELAY: N_("Passed on by"),
    Derivation.TRANSLATION: N_("Translated by"),
    Derivation.SYNDICATION: N_("Printed again by"),
    Derivation.SUMMARY: N_("Summed up by"),
    Derivation.QUOTES: N_("Quoted by"),
}
UNLINKED = {
    HostKind.MIRROR: N_(
        "Shown but not linked: an index or a host that has nothing to do with the outlet."
    ),
    HostKind.NONE: N_("No page is known."),
}


def one_source(db: Session, edition: Reading, row: Version, directory: Directory) -> SourcePage:
    """One statement: all that this source rests on, and all that rests on it."""
    form, found = SourceForm.model_validate(row.payload["form"]), queries.found(row)
    rests_on_it = Version.kind.in_(("S", "E", "M")) & Version.terms.overlap(
        term_numbers([("rests-on", row.id)])
    )
    around = [
        queries.found(other)
        for other in db.scalars(
            select(Version).where(
                or_(rests_on_it, Version.id.in_(row.payload["rests_on"])),
                edition.holds(),
                Version.state == "live",
            )
        )
    ]
    around.sort(key=lambda other: (other.sort_day is None, other.sort_day, other.number))
    sources = {row.id: found, **{other.id: other for other in around if other.id[0] == "S"}}
    passing_on = {id for id, other in sources.items() if row.id in other.payload["rests_on"]}
    citing = [other for other in around if row.id in other.payload.get("sources", ())]
    far = [other for other in around if other.id[0] in "EM" and other not in citing]
    cited = [
        (other, [Citation.model_validate(c) for c in other.payload["form"]["citations"]])
        for other in citing
    ]
    resting = [_resting(other, citations, form, directory) for other, citations in cited]
    own = [
        citation
        for _other, citations in cited
        for citation in citations
        if citation.source == row.id
    ]
    card = card_of(found, directory)
    return SourcePage(
        card=card,
        grade=_(_reliability(form.outlet, directory).label),
        title_note=_(TITLES[form.title_basis]) if TITLES[form.title_basis] else "",
        author=form.author,
        published_text=form.published_text,
        rights=form.rights,
        remark=form.remark,
        scale=str(found.sort_day.year) if found.sort_day else "",
        unlinked="" if card.link else _unlinked(form),
        copies=[_copy(copy, directory.label("outlet", form.outlet)) for copy in form.copies],
        above=list(_above(found, sources, directory)),
        below=list(_below(row.id, sources, directory)),
        events=[each for each in resting if each.id[0] == "E"],
        figures=[each for each in resting if each.id[0] == "M"],
        through_others=[_far(other, passing_on, directory) for other in far],
        voices=_voices(own, form.outlet, directory),
        added=row.added,
        changed=row.changed,
        json_address=f"{record_address(row.id)}.json",
    )


def _reliability(outlet: str, directory: Directory) -> Reliability:
    return directory.outlets[outlet].reliability if outlet in directory.outlets else Reliability.F


# Copies -------------------------------------------------------------------------------------------


def _unlinked(form: SourceForm) -> str:
    host = form.copies[0].host_kind if form.copies else HostKind.NONE
    return _(UNLINKED.get(host, UNLINKED[HostKind.NONE]))


def _copy(copy: Copy, outlet: str) -> CopyView:
    own = outlet if copy.host_kind is HostKind.OWN else _(copy.host_kind.label)
    return CopyView(
        host=copy.host or own,
        address=copy.url,
        unlinked=_(UNLINKED[copy.host_kind]) if copy.host_kind in UNLINKED else "",
        extent=_(EXTENTS[copy.extent]),
        read_on=in_words(copy.read_on, lasts=False)
        if copy.read_on and copy.extent is not Extent.NONE
        else "",
        archive=copy.archive,
        sha256=copy.sha256,
    )


# Derivation ---------------------------------------------------------------------------------------


def _above(
    row: queries.Found, sources: Mapping[str, queries.Found], directory: Directory
) -> Iterator[Tie]:
    """What a source rests on, and what that rests on in turn. There are no cycles: the door refuses them."""
    for parent in row.payload["form"].get("derived_from", []):
        tie = passed_on(parent, directory)
        other = sources.get(parent.get("source", ""))
        if other:
            card = card_of(other, directory)
            yield Tie(
                tie.how,
                card,
                card.outlet,
                card.outlet_address,
                list(_above(other, sources, directory)),
            )
        else:
            yield Tie(tie.how, None, tie.label, tie.address, ())


def _below(id: str, sources: Mapping[str, queries.Found], directory: Directory) -> Iterator[Tie]:
    """Who passed a source on, and who passed that on in turn."""
    for other in sources.values():
        for parent in other.payload["form"].get("derived_from", []):
            if parent.get("source") == id:
                card, how = card_of(other, directory), _(PASSED_ON_BY[Derivation(parent["how"])])
                yield Tie(
                    how,
                    card,
                    card.outlet,
                    card.outlet_address,
                    list(_below(other.id, sources, directory)),
                )


# Records that cite the source ---------------------------------------------------------------------


def _resting(
    row: queries.Found, citations: Sequence[Citation], source: SourceForm, directory: Directory
) -> Resting:
    gone = independence.taken_back(citations)
    address = record_address(row.id)
    statements = {citation.id: citation.paraphrase for citation in citations}
    views = [
        citation_view(
            citation, source, directory, _target(citation, statements, address), citation.id in gone
        )
        for citation in citations
        if citation.source == source.id
    ]
    said = [(stance, [view for view in views if view.stance is stance]) for stance in STANCES]
    title, kind, when, where = _title(row, directory)
    return Resting(
        row.id, address, title, kind, when, where, [(stance, some) for stance, some in said if some]
    )


def _target(citation: Citation, statements: Mapping[str, str], address: str) -> Target | None:
    if not citation.about:
        return None
    said = statements.get(citation.about)
    target = (
        _("what is said there: {words}").format(words=said)
        if said
        else _("how it stands to another")
    )
    return Target(target, f"{address}#{citation.about}")


def _title(row: queries.Found, directory: Directory) -> tuple[str, str, str, Sequence[str]]:
    """What an event or figure is called, of what kind it is, of what time and where."""
    if row.id[0] == "E":
        form = row.payload["form"]
        return (
            form["title"],
            directory.label("type", form["type"]),
            row.payload["happened_words"],
            (),
        )
    figure = figure_view(row, directory)
    title = _("{figure}: {population}").format(figure=figure.words, population=figure.population)
    return title, figure.counts, figure.time, [place.label for place in figure.places]


def _far(row: queries.Found, passing_on: Collection[str], directory: Directory) -> FarResting:
    through = [(id, record_address(id)) for id in row.payload["sources"] if id in passing_on]
    return FarResting(row.id, record_address(row.id), _title(row, directory)[0], through)


def _voices(citations: Iterable[Citation], publisher: str, directory: Directory) -> list[Voice]:
    """Who speaks, most often first; people who are described alike may still be several."""
    counted = Counter((c.speaker.attribution, c.speaker.words, c.speaker.outlet) for c in citations)
    return [
        _voice(*speaker, publisher, directory, count) for speaker, count in counted.most_common()
    ]


def _voice(  # noqa: PLR0917 - what tells two speakers apart, and what one of them is shown with
    attribution: Attribution,
    said_by: str,
    outlet: str,
    publisher: str,
    directory: Directory,
    statements: int,
) -> Voice:
    code = outlet or (publisher if attribution is Attribution.OWN_VOICE and not said_by else "")
    name = said_by or (directory.label("outlet", code) if code else "")
    kind = _(attribution.label)
    address = url("outlet", code=code) if code and not said_by else ""
    return Voice(
        speaker_group(attribution), name or kind, address, kind if name else "", statements
    )


SOURCE = RecordPage("source", "site/sources/page.html", one_source)
