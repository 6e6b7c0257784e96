"""Citations of a record: wording, chain of speakers, and the source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from app.dates import edtf
from app.dates.wording import in_words
from app.documents import date_in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, inside
from app.kinds import ChainStep, Citation, EstimateForm, EventForm, SourceForm
from app.record.names.directory import Directory
from app.record.names.support_labels import kind_of_speaker
from app.record.rules import independence
from app.vocabulary.citations import Attribution, Certainty, CitationKind, Stance, speaker_group
from app.vocabulary.sources import Extent, PublishedBasis, TitleBasis
from app.web.urls import url


@dataclass(frozen=True)
class Speaker:
    """One step of an attribution chain. The group selects its symbol."""

    group: str
    words: str
    address: str
    """Page of the outlet; empty if the step is no outlet."""
    notes: Sequence[str]
    """Kind of speaker, number of speakers, and occasion."""


@dataclass(frozen=True)
class SourceLine:
    """The source of a citation."""

    id: str
    address: str
    title: str
    title_language: str
    title_notes: Sequence[str]
    link: str
    """Address of the source; empty if it must not be linked."""
    archive: str
    title_en: str = ""
    """Our translation of a title in another language."""


@dataclass(frozen=True)
class CitationTarget:
    """The subject of a citation that is not the record: an event link or another citation."""

    words: str
    address: str
    verb: str = ""
    """What the citation does to it, where the label of its stance does not fit."""


@dataclass(frozen=True)
class CitationLink:
    """A link to a citation on the same page, labelled with its outlet and source."""

    label: str
    address: str


class CitationView:
    """One citation with its attribution chain and source."""

    def __init__(
        self,
        citation: Citation,
        source: SourceForm | None,
        directory: Directory,
        about: CitationTarget | None = None,
        taken_back: str = "",
    ) -> None:
        """`source` is None if the source was removed for safety."""
        self.id = citation.id
        self.stance = citation.stance
        self.kind = citation.kind
        self.about = about
        # Who took it back later, in words; empty if nobody did.
        self.taken_back = taken_back
        self.paraphrase = citation.paraphrase
        self.quote = citation.quote
        self.quote_language = citation.quote_language
        self.quote_translation = citation.quote_translation
        # From the speaker to the outlet that was read.
        self.chain = chain(citation, source, directory)
        # The differing value and its field; empty if the citation agrees with the record.
        self.value = _differing_value(citation)
        # Kind of statement, reserve, date, and position in the source.
        self.facts = _facts(citation, source)
        self.source = source_line(source) if source else removed_source_line(citation.source)


STANCES = [Stance.SUPPORTS, Stance.DISPUTES, Stance.MENTIONS, Stance.WITHDRAWS]


def citation_views(
    form: EventForm | EstimateForm,
    sources: Mapping[str, SourceForm],
    directory: Directory,
    links: Mapping[str, CitationTarget],
) -> list[CitationView]:
    """Return the citations of a record. `links` are its event links by id."""
    retractions = independence.retractions(form.citations)
    by_id = {c.id: c for c in form.citations}
    return [
        CitationView(
            c,
            sources.get(c.source),
            directory,
            links.get(c.about) or _citation_target(c, by_id.get(c.about), sources, directory),
            taken_back=taken_back_words(retractions.get(c.id), directory),
        )
        for c in form.citations
    ]


def taken_back_words(retraction: Citation | None, directory: Directory) -> str:
    if retraction is None:
        return ""
    if independence.is_by_outlet(retraction):
        return _("Later retracted by the source; not counted")
    speaker = _speaker(retraction.speaker, directory).words
    return _("Later retracted by the speaker ({speaker}); not counted").format(
        speaker=inside(speaker)
    )


def citation_link(
    citation: Citation, sources: Mapping[str, SourceForm], directory: Directory
) -> CitationLink:
    source = sources.get(citation.source)
    outlet = directory.label("outlet", source.outlet) if source else _("removed")
    return CitationLink(
        _("{outlet}, {source}").format(outlet=outlet, source=citation.source), f"#{citation.id}"
    )


def _citation_target(
    by: Citation,
    citation: Citation | None,
    sources: Mapping[str, SourceForm],
    directory: Directory,
) -> CitationTarget | None:
    """Return the citation that another is about, headed by who says it there."""
    if citation is None:
        return None
    source = sources.get(citation.source)
    outlet = directory.label("outlet", source.outlet) if source else citation.source
    step = citation.speaker
    if step.attribution is Attribution.OWN_VOICE and not step.outlet:
        heading = _("a statement by {outlet}: {words}")
    elif step.outlet or step.words:
        heading = _("a statement by {speaker} (in {outlet}): {words}")
    else:
        heading = _("a statement in {outlet} ({speaker}): {words}")
    speaker = _speaker(step, directory).words
    return CitationTarget(
        heading.format(
            outlet=outlet,
            speaker=speaker if step.outlet or step.words else inside(speaker),
            words=citation.paraphrase,
        ),
        f"#{citation.id}",
        verb=_("Explains") if _explains_own_words(by, citation, sources) else "",
    )


EXPLAINING = {CitationKind.CAUSE, CitationKind.EFFECT, CitationKind.CONTEXT}


def _explains_own_words(
    by: Citation, citation: Citation, sources: Mapping[str, SourceForm]
) -> bool:
    """Whether speakers give a reason, effect or background of what they say themselves."""
    return (
        by.stance is Stance.SUPPORTS
        and by.kind in EXPLAINING
        and independence.is_same_speaker(by, citation, sources)
    )


# Speakers ---------------------------------------------------------------------------------------


def chain(citation: Citation, source: SourceForm | None, directory: Directory) -> list[Speaker]:
    """Return the speakers and the outlet that was read, once if the outlet itself speaks."""
    steps = [_speaker(step, directory) for step in citation.chain]
    if source is None:
        return steps
    outlet = Speaker(
        "out", directory.label("outlet", source.outlet), url("outlet", code=source.outlet), ()
    )
    if (
        len(steps) == 1
        and citation.speaker.attribution is Attribution.OWN_VOICE
        and not citation.speaker.outlet
    ):
        return [Speaker(outlet.group, outlet.words, outlet.address, steps[0].notes)]
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


def _facts(citation: Citation, source: SourceForm | None) -> list[str]:
    facts = [
        _certainty(citation),
        _date_of_statement(citation, source),
        _date_of_event(citation),
        inside(_(citation.locator.label)) if citation.locator else "",
        citation.locator_text,
    ]
    return [fact for fact in facts if fact]


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
    day = in_words(citation.said, lasts=False) if citation.said and not is_day_of_report else ""
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
EXTENTS = {
    Extent.FULL: N_("read in full"),
    Extent.EXCERPT: N_("excerpt read"),
    Extent.NONE: N_("not read"),
}
TITLE_BASIS_NOTES = {
    TitleBasis.PRINTED: "",
    TitleBasis.OWN_WORDS: N_("title is our description"),
    TitleBasis.UNCHECKED: N_("title not checked"),
    TitleBasis.FROM_URL: N_("title from URL"),
}


def source_line(source: SourceForm) -> SourceLine:
    is_ours = source.title_basis is TitleBasis.OWN_WORDS
    notes = [
        source.title_en if source.title_en != source.title else "",
        _(TITLE_BASIS_NOTES[source.title_basis] or ""),
    ]
    return SourceLine(
        id=source.id,
        address=url("source", id=source.id),
        title=source.title,
        title_language="" if is_ours else source.language,
        title_notes=[note for note in notes if note],
        link=source.url if source.is_linked else "",
        archive=next((copy.archive for copy in source.copies if copy.archive), ""),
        title_en=notes[0],
    )


def removed_source_line(id: str) -> SourceLine:
    """Return a placeholder for a source that was removed for safety."""
    return SourceLine(id, url("source", id=id), _("A source that was removed"), "", (), "", "")


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


class Said(NamedTuple):
    """A citation of a report, with what it does."""

    label: str
    citation: CitationView
    by: str
    """Its speakers, where they are others than those of the report's first citation."""


class Report(NamedTuple):
    """A source with what it says of the event."""

    first: CitationView
    facts: Sequence[str]
    """Its date, its language, and how much of it was read."""
    said: Sequence[Said]


def latest_day(published: str) -> date:
    """Return the last possible day of publication: "23 April" sorts before "April"."""
    whole = edtf.parse(published).whole if published else None
    return (whole and whole.last) or date.max


class CitedPage:
    """A record on its page: who says so, report by report."""

    full: Any
    payload: Any
    directory: Directory
    read_sources: Mapping[str, SourceForm]

    @property
    def targets(self) -> Mapping[str, CitationTarget]:
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
        return Report(
            first,
            self._facts_of(citations[0].source),
            [
                Said(
                    self._label(citation),
                    view,
                    "" if view.chain == first.chain else self._speakers(view),
                )
                for citation, view in zip(citations, views, strict=True)
            ],
        )

    def _facts_of(self, id: str) -> list[str]:
        source = self.read_sources.get(id)
        if source is None:
            return []
        basis = PUBLISHED_BASIS_NOTES[source.published_basis]
        order = list(Extent)
        copies = sorted(source.copies, key=lambda copy: order.index(copy.extent))
        extent = copies[0].extent if copies else Extent.NONE
        read = _(EXTENTS[extent])
        if extent is not Extent.NONE and copies[0].read_on:
            day = in_words(copies[0].read_on, lasts=False)
            read = _("{read} on {day}").format(read=read, day=day)
        language = self.directory.label("language", source.language) if source.language else ""
        facts = (
            in_words(source.published, lasts=False) if source.published else _("date not known"),
            _(basis) if basis else "",
            _("in {language}").format(language=language) if language else "",
            read,
        )
        return [fact for fact in facts if fact]

    def _speakers(self, view: CitationView) -> str:
        return enumerate_words(
            enumerate_words((step.words, *step.notes)) for step in view.chain[:-1]
        )

    def _label(self, citation: Citation) -> str:
        if citation.stance in {Stance.DISPUTES, Stance.WITHDRAWS} or citation.about:
            return _(citation.stance.label)
        source = self.read_sources.get(citation.source)
        if citation.id in self.counted or citation.kind is CitationKind.OCCURRENCE:
            if source and independence.passed_on_by(citation, source):
                return _("Repeats")
            return _("Reports") if citation.stance is Stance.SUPPORTS else _(citation.stance.label)
        if citation.stance is Stance.MENTIONS:
            return _(citation.stance.label)
        return _(SAYS[citation.kind])

    @cached_property
    def citations(self) -> dict[str, CitationView]:
        views = citation_views(self.full, self.read_sources, self.directory, self.targets)
        return {view.id: view for view in views}
