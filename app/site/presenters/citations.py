"""Citations of a record: wording, chain of speakers, and the source."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from app.dates import edtf
from app.dates.wording import in_words
from app.documents import date_in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, inside
from app.kinds import ChainStep, Citation, SourceForm
from app.record.names.directory import Directory
from app.record.names.support_labels import kind_of_speaker
from app.record.rules import independence
from app.record.rules.independence import Sources
from app.site.components.urls import PageLink
from app.vocabulary.citations import Attribution, Certainty, CitationKind, Stance, speaker_group
from app.vocabulary.sources import Extent, PublishedBasis, TitleBasis
from app.web.urls import url


class Speaker(NamedTuple):
    """One step of an attribution chain. The group selects its symbol."""

    group: str
    words: str
    address: str
    """Page of the outlet; empty if the step is no outlet."""
    notes: Sequence[str]
    """Kind of speaker, number of speakers, and occasion."""


class CitationView(NamedTuple):
    """One citation with its attribution chain, which ends with the outlet that was read."""

    citation: Citation
    source: SourceForm | None
    """None if the source was removed for safety."""
    chain: Sequence[Speaker]
    about: PageLink | None
    """Its subject, if that is not the record: an event link or another citation."""
    taken_back: str
    """Who took it back later, in words; empty if nobody did."""

    @property
    def speakers(self) -> str:
        """Its speakers without the outlet, in words."""
        return enumerate_words(
            enumerate_words((step.words, *step.notes)) for step in self.chain[:-1]
        )

    @property
    def facts(self) -> list[str]:
        """Differing value, reserve, dates, and position in the source."""
        citation = self.citation
        facts = [
            _differing_value(citation),
            _certainty(citation),
            _date_of_statement(citation, self.source),
            _date_of_event(citation),
            inside(_(citation.locator.label)) if citation.locator else "",
            citation.locator_text,
        ]
        return [fact for fact in facts if fact]


def citation_views(
    citations: Sequence[Citation],
    sources: Sources,
    directory: Directory,
    links: Mapping[str, PageLink],
    page: str = "",
) -> list[CitationView]:
    """Return the citations of a record. `links` are its links by id; `page` is its address."""
    retractions = independence.retractions(citations)
    by_id = {citation.id: citation for citation in citations}

    def target(citation: Citation) -> PageLink | None:
        other = by_id.get(citation.about)
        if citation.about in links or other is None:
            return links.get(citation.about)
        return _citation_target(other, sources, directory, page)

    return [
        CitationView(
            citation,
            sources.get(citation.source),
            chain(citation, sources.get(citation.source), directory),
            target(citation),
            _taken_back_words(retractions.get(citation.id), directory),
        )
        for citation in citations
    ]


def _taken_back_words(retraction: Citation | None, directory: Directory) -> str:
    if retraction is None:
        return ""
    speaker = inside(_speaker(retraction.speaker, directory).words)
    return _("Later retracted ({speaker}); not counted").format(speaker=speaker)


def citation_link(citation: Citation, sources: Sources, directory: Directory) -> PageLink:
    """Return a link to a citation on the same page, labelled with its outlet and source."""
    source = sources.get(citation.source)
    outlet = directory.label("outlet", source.outlet) if source else _("removed")
    label = _("{outlet}, {source}").format(outlet=outlet, source=citation.source)
    return PageLink(label, f"#{citation.id}")


def _citation_target(
    citation: Citation, sources: Sources, directory: Directory, page: str
) -> PageLink:
    """Return the citation that another is about, headed by who says it there."""
    source = sources.get(citation.source)
    words = _("a statement by {speaker}, in {outlet}: {words}").format(
        speaker=inside(_speaker(citation.speaker, directory).words),
        outlet=directory.label("outlet", source.outlet) if source else citation.source,
        words=citation.paraphrase,
    )
    return PageLink(words, f"{page}#{citation.id}")


# Speakers ---------------------------------------------------------------------------------------


def chain(citation: Citation, source: SourceForm | None, directory: Directory) -> list[Speaker]:
    """Return the speakers and the outlet that was read, once if the outlet itself speaks."""
    steps = [_speaker(step, directory) for step in citation.chain]
    if source is None:
        return steps
    outlet = Speaker(
        "out", directory.label("outlet", source.outlet), url("outlet", code=source.outlet), ()
    )
    speaker = citation.speaker
    if len(steps) == 1 and speaker.attribution is Attribution.OWN_VOICE and not speaker.outlet:
        return [outlet._replace(notes=steps[0].notes)]
    return [*steps, outlet]


def _speaker(step: ChainStep, directory: Directory) -> Speaker:
    kind = kind_of_speaker(step.attribution, step.named)
    own_voice = step.attribution is Attribution.OWN_VOICE
    name = directory.label("outlet", step.outlet) if step.outlet else step.words
    if own_voice and not step.outlet:
        name = ""
    notes = [
        inside(kind) if own_voice or (name and name.casefold() != kind.casefold()) else "",
        step.words if step.words != name else "",
        _("{several} speakers").format(several=step.speakers_text) if step.speakers_text else "",
        step.occasion,
    ]
    return Speaker(
        group=speaker_group(step.attribution, step.named),
        words=name or kind,
        address=url("outlet", code=step.outlet) if step.outlet else "",
        notes=[note for note in notes if note],
    )


def attributed(step: ChainStep, outlet: str, words: str, directory: Directory) -> str:
    """Return words after their first speaker and the outlet that was read."""
    is_own_voice = step.attribution is Attribution.OWN_VOICE and not step.outlet
    speaker = outlet if is_own_voice else _speaker(step, directory).words
    if speaker == outlet:
        return _("{outlet}: {words}").format(outlet=outlet, words=words)
    message = _("{speaker}, in {outlet}: {words}")
    return message.format(speaker=speaker[:1].upper() + speaker[1:], outlet=outlet, words=words)


# Values and facts -------------------------------------------------------------------------------


def _differing_value(citation: Citation) -> str:
    if not (citation.field and citation.differs):
        return ""
    reason = _(citation.differs.label)
    if not citation.value:
        return reason
    return _("{reason}, {field}: {value}").format(
        reason=reason, field=inside(_(citation.field.label)), value=date_in_words(citation.value)
    )


RESERVES = {
    Certainty.HEDGED: N_("with reservations"),
    Certainty.ASKED: N_("as a rumour or question"),
}
"""A citation without reserve says nothing of it: “firm” would read as confirmed."""


def _certainty(citation: Citation) -> str:
    if citation.certainty is Certainty.FIRM:
        words = citation.certainty_text
        return _("wording: “{words}”").format(words=words) if words else ""
    how = _(RESERVES[citation.certainty])
    if not citation.certainty_text:
        return how
    return _("{how}: “{words}”").format(how=how, words=citation.certainty_text)


def _date_of_statement(citation: Citation, source: SourceForm | None) -> str:
    """Return the date of the statement, or "" if it is the day of publication."""
    is_day_of_report = source is not None and citation.said == source.published
    day = "" if is_day_of_report else in_words(citation.said, lasts=False)
    words = citation.said_text
    if words and not day:
        # “In recent days” may be when it happened, not the day of the statement.
        return _("date in the source: “{words}”").format(words=words)
    printed = _("(“{words}”)").format(words=words) if words else ""
    return _("said {day}").format(day=" ".join(filter(None, (day, printed)))) if day else ""


def _date_of_event(citation: Citation) -> str:
    """Return when the source says that it happened; it may be vaguer than the record's date."""
    if not citation.happened:
        return ""
    when = in_words(citation.happened)
    if citation.kind is CitationKind.FORECAST:
        return _("planned for, according to the source: {when}").format(when=when)
    return _("happened, according to the source: {when}").format(when=when)


# Sources ----------------------------------------------------------------------------------------

PUBLISHED_BASIS_NOTES = {
    PublishedBasis.STATED: "",
    PublishedBasis.URL: N_("date from URL"),
    PublishedBasis.INDEX: N_("date from an index"),
    PublishedBasis.INFERRED: N_("date inferred by us"),
    PublishedBasis.GENERAL_KNOWLEDGE: N_("date widely documented"),
    PublishedBasis.UNKNOWN: "",
}
TITLE_BASIS_NOTES = {
    TitleBasis.PRINTED: "",
    TitleBasis.OWN_WORDS: N_("title is our description"),
    TitleBasis.UNCHECKED: N_("title not checked"),
    TitleBasis.FROM_URL: N_("title from URL"),
}


# The reports of a record -------------------------------------------------------------------------

SAYS: dict[str, str] = {
    CitationKind.DATE: N_("Date"),
    CitationKind.NUMBER: N_("Number"),
    CitationKind.SCOPE: N_("Details"),
    CitationKind.EFFECT: N_("Effect"),
    CitationKind.CAUSE: N_("Reason"),
    CitationKind.LEGAL: N_("Law"),
    CitationKind.FORECAST: N_("Forecast"),
    CitationKind.STATEMENT: N_("Statement"),
    CitationKind.CONTEXT: N_("Background"),
}
"""What a citation tells that does not report the event itself."""


class Report(NamedTuple):
    """A source with what it says of the event."""

    first: CitationView
    note: str
    """What is ours in its title."""
    archive: str
    facts: Sequence[str]
    """Its date, its language, and how much of it was read."""
    said: Sequence[tuple[str, CitationView, str]]
    """What each citation does, and its speakers if they are others than those of the first."""


def latest_day(published: str) -> date:
    """Return the last possible day of publication: "23 April" sorts before "April"."""
    whole = edtf.parse(published).whole if published else None
    return (whole and whole.last) or date.max


class CitedPage:
    """A record on its page: who says so, report by report."""

    full: Any
    payload: Any
    directory: Directory
    read_sources: Sources

    @property
    def targets(self) -> Mapping[str, PageLink]:
        """Its links by id, of which citations may speak."""
        raise NotImplementedError

    @cached_property
    def source_reports(self) -> list[Report]:
        """The sources, those that count first, then by date of publication."""
        by_source: dict[str, list[Citation]] = {}
        for citation in self.full.citations:
            by_source.setdefault(citation.source, []).append(citation)
        return [self._report(by_source[id]) for id in sorted(by_source, key=self._order_of_source)]

    @cached_property
    def counted(self) -> set[str]:
        """Ids of the citations that count as support."""
        return {id for origin in self.payload["origins"] for id in origin["citations"]}

    def _order_of_source(self, id: str) -> tuple[object, ...]:
        source = self.read_sources.get(id)
        cited = [citation for citation in self.full.citations if citation.source == id]
        is_counted = any(citation.id in self.counted for citation in cited)
        return not is_counted, latest_day(source.published if source else ""), int(id[1:])

    def _report(self, citations: Sequence[Citation]) -> Report:
        citations = sorted(citations, key=lambda each: each.id not in self.counted)
        views = [self.citations[citation.id] for citation in citations]
        first = views[0]
        said = [
            (
                self._label(view.citation),
                view,
                # An outlet that speaks itself is alone in the chain.
                "" if view.chain == first.chain else view.speakers or view.chain[-1].words,
            )
            for view in views
        ]
        source = first.source
        note = TITLE_BASIS_NOTES[source.title_basis] if source else ""
        archives = [copy.archive for copy in source.copies if copy.archive] if source else []
        return Report(
            first, _(note) if note else "", next(iter(archives), ""), self._facts_of(source), said
        )

    def _facts_of(self, source: SourceForm | None) -> list[str]:
        if source is None:
            return []
        basis = PUBLISHED_BASIS_NOTES[source.published_basis]
        order = list(Extent)
        copy = min(source.copies, key=lambda copy: order.index(copy.extent), default=None)
        read = inside(_((copy.extent if copy else Extent.NONE).label))
        if copy and copy.read_on and copy.extent is not Extent.NONE:
            day = in_words(copy.read_on, lasts=False)
            read = _("{read} on {day}").format(read=read, day=day)
        language = self.directory.label("language", source.language) if source.language else ""
        facts = (
            in_words(source.published, lasts=False) or _("date not known"),
            _(basis) if basis else "",
            _("in {language}").format(language=language) if language else "",
            read,
        )
        return [fact for fact in facts if fact]

    def _label(self, citation: Citation) -> str:
        if citation.stance in {Stance.DISPUTES, Stance.WITHDRAWS} or citation.about:
            return _(citation.stance.label)
        source = self.read_sources.get(citation.source)
        if citation.id in self.counted or citation.kind is CitationKind.OCCURRENCE:
            if source and independence.passed_on_by(citation, source) is not None:
                return _("Repeats")
            return _("Reports") if citation.stance is Stance.SUPPORTS else _(citation.stance.label)
        if citation.stance is Stance.MENTIONS:
            return _(citation.stance.label)
        return _(SAYS[citation.kind])

    @cached_property
    def citations(self) -> dict[str, CitationView]:
        form = self.full
        views = citation_views(form.citations, self.read_sources, self.directory, self.targets)
        return {view.citation.id: view for view in views}
