"""The independent sources of an event, and why citations count as one or not at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup, escape

from app.dates import edtf
from app.dates.wording import in_words
from app.i18n.formats import as_sentence, country_name, enumerate_words
from app.i18n.translate import N_, _, inside, ngettext
from app.kinds import Citation, DerivedFrom, SourceForm
from app.record.names.directory import Directory
from app.record.names.speaker_labels import kind_of_speaker
from app.record.names.status_labels import day_in_words, step_label
from app.record.payloads import event_payload
from app.record.reads.event_context import EventContext
from app.record.rules import independence as rule
from app.record.rules.independence import UNNAMED_OUTLET, origin_outlet, passed_on_by
from app.record.rules.reported_status import (
    is_our_reading,
    last_of_each_track,
    objections,
    stage_of,
)
from app.record.rules.reported_steps import reported_steps
from app.record.sql.rows import ListRow
from app.site.components.marks import decisions_in_words
from app.site.components.urls import record_address
from app.site.presenters.citations import CitationLink, citation_link, latest_day
from app.vocabulary.citations import (
    USUAL_NAMING,
    Attribution,
    Certainty,
    CitationKind,
    Derivation,
    Naming,
    ReportsEvent,
    Stance,
)
from app.vocabulary.events import EventLink, Step, Track
from app.vocabulary.support import Corroboration, Disputed

# The story --------------------------------------------------------------------------------------


REPORTED = {
    "itself": (N_("So {outlet} reported on {date}."), N_("So {outlet} reported ({date}).")),
    "named": (
        N_("So {outlet} reported on {date}, from {speaker}."),
        N_("So {outlet} reported ({date}), from {speaker}."),
    ),
    "unnamed": (
        N_("So {outlet} reported on {date}, from {speaker}, not named."),
        N_("So {outlet} reported ({date}), from {speaker}, not named."),
    ),
    "somebody": (
        N_("So {outlet} reported on {date}, from a source that it does not name."),
        N_("So {outlet} reported ({date}), from a source that it does not name."),
    ),
    "repeating": (
        N_("So {outlet} reported on {date}, repeating {speaker}."),
        N_("So {outlet} reported ({date}), repeating {speaker}."),
    ),
}
"""Who says so: with the day of the report, and with a date that is vaguer or not known."""
RESERVED = {
    Certainty.HEDGED: N_("The report has {link_start}reservations{link_end}."),
    Certainty.ASKED: N_("The report calls it a {link_start}rumour or question{link_end}."),
}
DISPUTED_BY = {
    Disputed.OCCURRENCE: N_("Denied by {who}: {says}"),
    Disputed.SCOPE: N_("How far it goes is disputed by {who}: {says}"),
    Disputed.DATE: N_("The date is disputed by {who}: {says}"),
    Disputed.NUMBER: N_("The number is disputed by {who}: {says}"),
    Disputed.CAUSE: N_("The reason is disputed by {who}: {says}"),
}
DISPUTED_THERE = {
    Disputed.OCCURRENCE: N_("{link_start}The same report{link_end} denies it: {says}"),
    Disputed.SCOPE: N_("{link_start}The same report{link_end} doubts how far it goes: {says}"),
    Disputed.DATE: N_("{link_start}The same report{link_end} gives another date: {says}"),
    Disputed.NUMBER: N_("{link_start}The same report{link_end} gives another number: {says}"),
    Disputed.CAUSE: N_("{link_start}The same report{link_end} gives another reason: {says}"),
}
ENDED_BY = {
    EventLink.REVERSES: N_("It was reversed ({date}): {title}."),
    EventLink.PARTLY_REVERSES: N_("It was reversed in part ({date}): {title}."),
    EventLink.EVADES: N_("It was reported to be evaded ({date}): {title}."),
}


MAX_OTHERS = 2
"""Reports of other sources that are quoted; the others are counted."""
OF_THE_OUTLET = {Attribution.OWN_VOICE, Attribution.UNATTRIBUTED}
"""Statements for which the report names nobody but itself."""


class Paragraph(NamedTuple):
    is_doubt: bool
    clauses: Sequence[Markup]


def story(event: EventContext, directory: Directory) -> list[Paragraph]:
    """Return what was reported, who disputes it, and what became of it."""
    parts = _Story(event, directory)
    paragraphs = (
        Paragraph(False, list(parts.reported())),
        Paragraph(True, list(parts.doubted())),
        Paragraph(False, list(parts.followed())),
    )
    return [each for each in paragraphs if each.clauses]


class _Story:
    def __init__(self, event: EventContext, directory: Directory) -> None:
        self.event, self.directory, self.payload = event, directory, event.payload
        self.by_id = {citation.id: citation for citation in event.form.citations}

    @cached_property
    def origins(self) -> list[list[Citation]]:
        """The citations of each independent source, an own report first, then the earliest."""
        groups = [
            [self.by_id[id] for id in origin["citations"]] for origin in self.payload["origins"]
        ]
        return sorted(
            (sorted(group, key=self._order) for group in groups),
            key=lambda group: self._order(group[0]),
        )

    def _order(self, citation: Citation) -> tuple[bool, date, int]:
        source = self.event.sources.get(citation.source)
        is_repeat = source is None or bool(source.derived_from or passed_on_by(citation, source))
        day = latest_day(source.published if source else "")
        return is_repeat, day, int(citation.id[1:])

    # Clauses --------------------------------------------------------------------------------------

    def _clause(self, message: str, citation: Citation, **parts: str) -> Markup:
        """Return a message of a citation, with a link to it."""
        link = Markup('<a href="#{}">').format(citation.id)
        return escape(_(message)).format(link_start=link, link_end=Markup("</a>"), **parts)

    def _link(self, citation: Citation, words: str) -> Markup:
        return Markup('<a href="#{}">{}</a>').format(citation.id, words)

    def _outlet(self, citation: Citation) -> str:
        source = self.event.sources.get(citation.source)
        return self.directory.label("outlet", source.outlet) if source else _("a removed source")

    def _linked_outlet(self, citation: Citation) -> Markup:
        """Return the outlet with its country, linked to the citation."""
        source = self.event.sources.get(citation.source)
        outlet = self.directory.outlets.get(source.outlet) if source else None
        country = country_name(outlet.country) if outlet and outlet.country else ""
        name = self._link(citation, self._outlet(citation))
        # l10n: an outlet and its country
        words = escape(_("{outlet} ({country})"))
        return words.format(outlet=name, country=country) if country else name

    # 1. What, when, who says ----------------------------------------------------------------------

    def reported(self) -> Iterator[Markup]:
        if not self.origins:
            cited = {each.source for each in self.by_id.values() if each.stance is Stance.MENTIONS}
            none = _("No report that we read supports this entry.")
            some = ngettext(
                "No report that we read supports this entry; {count} mentions it.",
                "No report that we read supports this entry; {count} mention it.",
                len(cited),
            )
            yield escape(some if cited else none)
            return
        first = self.origins[0][0]
        yield escape(as_sentence(first.paraphrase))
        yield self._who_says(first)
        if first.certainty in RESERVED:
            yield self._clause(RESERVED[first.certainty], first)
        yield from self._others(first)

    def _others(self, first: Citation) -> Iterator[Markup]:
        """Yield what the other sources say in their own words: less than the first, or more."""
        sources = self.event.sources
        leads = {
            origin_outlet(group[0], sources) or group[0].id: group[0]
            for group in reversed(self.origins)
        }
        others = [each for each in reversed(leads.values()) if each is not first]
        for each in others[:MAX_OTHERS]:
            yield escape(_("{outlet} reports the event, too: {says}")).format(
                outlet=self._first_outlet(each), says=as_sentence(each.paraphrase)
            )
        if more := len(others[MAX_OTHERS:]):
            message = ngettext(
                "{count} more report of it is listed below.",
                "{count} more reports of it are listed below.",
                more,
            )
            yield escape(message)

    def _first_outlet(self, citation: Citation) -> Markup:
        """Return the outlet, linked; for a repeat the first outlet, and where it was read."""
        origin = origin_outlet(citation, self.event.sources)
        source = self.event.sources.get(citation.source)
        if not (origin and source) or origin == source.outlet:
            return self._linked_outlet(citation)
        name = self._link(citation, self.directory.label("outlet", origin))
        # l10n: an outlet, and another that repeats it
        return escape(_("{outlet}, in {repeating}")).format(
            outlet=name, repeating=self._outlet(citation)
        )

    def _who_says(self, citation: Citation) -> Markup:
        source, speaker = self.event.sources.get(citation.source), citation.speaker
        published = source.published if source else ""
        naming = speaker.named or USUAL_NAMING.get(speaker.attribution)
        repeated = passed_on_by(citation, source) if source else ""
        is_own_voice = speaker.attribution is Attribution.OWN_VOICE
        is_itself = is_own_voice or speaker.words == self._outlet(citation)
        if repeated:
            how, who = "repeating", self.directory.label("outlet", repeated)
        elif is_itself:
            how, who = "itself", ""
        elif naming is Naming.UNNAMED:
            how, who = ("unnamed", speaker.words) if speaker.words else ("somebody", "")
        else:
            kind = inside(kind_of_speaker(speaker.attribution, speaker.named))
            how, who = "named", speaker.words or kind
        return self._clause(
            REPORTED[how][not edtf.is_one_day(published)],
            citation,
            outlet=self._linked_outlet(citation),
            date=in_words(published, lasts=False) if published else _("date not known"),
            speaker=who,
        )

    # 2. Who disputes it ---------------------------------------------------------------------------

    def doubted(self) -> Iterator[Markup]:
        """Yield one clause for each speaker that disputes a field."""
        leading = {citation.source for group in self.origins[:1] for citation in group[:1]}
        seen = set()
        for field, ids in self.payload["disputed"].items():
            for citation in (self.by_id[id] for id in ids if id in self.by_id):
                speaker = citation.speaker
                is_outlet = speaker.attribution in OF_THE_OUTLET or not speaker.words
                who = self._outlet(citation) if is_outlet else speaker.words
                if (field, who) in seen:
                    continue
                seen.add((field, who))
                is_there = citation.source in leading and is_outlet
                yield self._clause(
                    (DISPUTED_THERE if is_there else DISPUTED_BY)[Disputed(field)],
                    citation,
                    who=self._link(citation, who),
                    says=as_sentence(citation.paraphrase),
                )

    # 3. What became of it -------------------------------------------------------------------------

    def followed(self) -> Iterator[Markup]:
        yield from self._repeated()
        if self.origins:
            yield from self._silence()
        yield from self._status()
        yield from self._ended()

    def _repeated(self) -> Iterator[Markup]:
        """Yield what the first report that repeats the leading one says of it."""
        first = self.origins[0][0] if self.origins else None
        source = self.event.sources.get(first.source) if first else None
        for citation in self.by_id.values():
            repeating = self.event.sources.get(citation.source)
            if (
                source
                and repeating
                and citation.stance in {Stance.SUPPORTS, Stance.MENTIONS}
                and passed_on_by(citation, repeating) == source.outlet
            ):
                yield self._clause(
                    N_("{outlet}, repeating {repeated}, says: {says}"),
                    citation,
                    outlet=self._link(citation, self._outlet(citation)),
                    repeated=self.directory.label("outlet", source.outlet),
                    says=as_sentence(citation.paraphrase),
                )
                return

    def _silence(self) -> Iterator[Markup]:
        """Yield what no report says: these clauses are about all that was read."""
        steps = last_of_each_track(reported_steps(self.payload))
        law = steps.get(Track.LAW)
        is_open = (
            law is not None
            and law.step in {Step.PLANNED, Step.ANNOUNCED}
            and Track.PRACTICE not in steps
            and not any(self._objections())
            and not self.payload.get("carried_out_by")
            # Another report may tell what became of it.
            and len({each.source for each in self.by_id.values()}) == 1
        )
        is_alone = len(self.payload["origins"]) == 1
        supporting = {each.source for group in self.origins for each in group}
        if is_alone and len(supporting) > 1:
            yield escape(_("The other reports in support go back to the same source."))
        if is_alone and len(supporting) == 1 and is_open:
            yield escape(
                _(
                    "No other report supports it, and none that we read says whether it was "
                    "carried out or withdrawn."
                )
            )
        elif is_alone and len(supporting) == 1:
            yield escape(_("No other report supports it."))

    def _status(self) -> Iterator[Markup]:
        """Yield the last reported status, unless the leading citation reports it."""
        leading = {each.id for group in self.origins[:1] for each in group[:1]}
        for step in last_of_each_track(reported_steps(self.payload)).values():
            stage = stage_of(self.payload, step)
            citation = self.by_id.get(stage["citation"])
            day, until = day_in_words(self.payload, step), stage.get("valid_until", "")
            if citation and day and citation.id not in leading:
                message = N_("It was last {link_start}reported{link_end} as “{status}” for {date}.")
                if until:
                    message = N_(
                        "It was last {link_start}reported{link_end} as “{status}” for {date}; "
                        "stated end {until}."
                    )
                yield self._clause(
                    message,
                    citation,
                    status=step_label(step),
                    date=day,
                    until=in_words(until, lasts=False) if until else "",
                )

    def _ended(self) -> Iterator[Markup]:
        """Yield events of which a source says that they reversed or evaded it."""
        for type, other in self._objections():
            theirs = event_payload(other)
            link = Markup('<a href="{}">{}</a>').format(
                record_address(other.id), theirs["form"]["title"]
            )
            when = theirs["happened_words"] or _("date not known")
            yield escape(_(ENDED_BY[type])).format(title=link, date=when)

    def _objections(self) -> Iterator[tuple[EventLink, ListRow]]:
        for each in objections(self.payload):
            other = self.event.events.get(each.event)
            if other is None or each.type not in ENDED_BY:
                continue
            linking = self.payload if each.is_own else event_payload(other)
            if not is_our_reading(linking, each.link):
                yield each.type, other


# Independence -----------------------------------------------------------------------------------


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
