"""Citations of a record: wording, chain of speakers, and the source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.dates.wording import in_words
from app.documents import date_in_words
from app.i18n.translate import N_, _, inside
from app.kinds import ChainStep, Citation, Copy, EstimateForm, EventForm, SourceForm
from app.record.names.directory import Directory
from app.record.names.speaker_labels import kind_of_speaker
from app.record.rules import independence
from app.vocabulary.citations import Attribution, Certainty, CitationKind, Stance
from app.vocabulary.sources import Extent, HostKind, PublishedBasis, TitleBasis
from app.vocabulary.speaker_groups import speaker_group
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
    facts: Sequence[str]
    """Language, date of publication with its basis, and the copies with the extent read."""
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
        self.source = (
            source_line(source, directory) if source else removed_source_line(citation.source)
        )


@dataclass(frozen=True)
class CitationGroup:
    """Citations of one stance. The group without a stance is about links and other citations."""

    stance: str
    label: str
    citations: Sequence[CitationView]
    sources: int


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


def citation_groups(
    form: EventForm | EstimateForm,
    sources: Mapping[str, SourceForm],
    directory: Directory,
    links: Mapping[str, CitationTarget],
    counted: set[str] | None = None,
) -> list[CitationGroup]:
    """Group the citations of a record by stance.

    With `counted`, supporting citations that are not in it have a group of their own.
    """
    views = citation_views(form, sources, directory, links)
    direct = [view for view in views if not view.about]
    apart = [
        view
        for view in direct
        if counted is not None and view.stance is Stance.SUPPORTS and view.id not in counted
    ]
    groups: list[tuple[str, str, list[CitationView]]] = [
        (stance, _(stance.label), [v for v in direct if v.stance is stance and v not in apart])
        for stance in STANCES
    ]
    without_event = _("{stance}, without reporting the event itself")
    groups.insert(1, ("", without_event.format(stance=_(Stance.SUPPORTS.label)), apart))
    return [
        CitationGroup(stance, label, some, len({view.source.id for view in some}))
        for stance, label, some in [
            *groups,
            ("", _("About a link or another citation"), [v for v in views if v.about]),
        ]
        if some
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
HOSTS = {
    HostKind.OWN: "",
    HostKind.REPUBLISHER: N_("as republished by {host}"),
    HostKind.MIRROR: N_("on {host}, an unrelated site that we do not link to"),
    HostKind.NONE: N_("no page known"),
}
TITLE_BASIS_NOTES = {
    TitleBasis.PRINTED: "",
    TitleBasis.OWN_WORDS: N_("title is our description"),
    TitleBasis.UNCHECKED: N_("title not checked"),
    TitleBasis.FROM_URL: N_("title from URL"),
}


def source_line(source: SourceForm, directory: Directory) -> SourceLine:
    is_ours = source.title_basis is TitleBasis.OWN_WORDS
    notes = [
        source.title_en if source.title_en != source.title else "",
        _(TITLE_BASIS_NOTES[source.title_basis] or ""),
    ]
    facts = [
        directory.label("language", source.language) if source.language else "",
        publication_date(source),
        *(copy_read(copy) for copy in _copies_to_tell(source)),
        "" if any(copy.archive for copy in source.copies) else _("no archived copy"),
    ]
    return SourceLine(
        id=source.id,
        address=url("source", id=source.id),
        title=source.title,
        title_language="" if is_ours else source.language,
        title_notes=[note for note in notes if note],
        link=source.url if source.is_linked else "",
        archive=next((copy.archive for copy in source.copies if copy.archive), ""),
        facts=[fact for fact in facts if fact],
        title_en=notes[0],
    )


def _copies_to_tell(source: SourceForm) -> list[Copy]:
    """Return the copies that were read; all of them if none was."""
    return [copy for copy in source.copies if copy.extent is not Extent.NONE] or source.copies


def removed_source_line(id: str) -> SourceLine:
    """Return a placeholder for a source that was removed for safety."""
    return SourceLine(id, url("source", id=id), _("A source that was removed"), "", (), "", "", ())


def publication_date(source: SourceForm) -> str:
    """Return the date of publication with its basis, in words."""
    if not source.published:
        return _("date of publication unknown")
    day = _("published {day}").format(day=in_words(source.published, lasts=False))
    basis = PUBLISHED_BASIS_NOTES[source.published_basis]
    return f"{day} ({_(basis)})" if basis else day


def copy_read(copy: Copy) -> str:
    """Return the extent read, the date and the host of a copy, in words."""
    read, host = _(EXTENTS[copy.extent]), HOSTS[copy.host_kind]
    if copy.read_on:
        read = _("{read} on {day}").format(read=read, day=in_words(copy.read_on, lasts=False))
    if not host:
        return read
    where = _(host).format(host=copy.host or _("an unnamed site"))
    return f"{read}, {where}"
