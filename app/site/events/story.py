"""The story of an event, made from its citations: no clause can be made without its source."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup, escape

from app.dates import edtf
from app.dates.wording import in_words
from app.i18n.formats import as_sentence, country_name
from app.i18n.translate import N_, _, inside, ngettext
from app.kinds import Citation
from app.record.names.directory import Directory
from app.record.names.speaker_labels import kind_of_speaker
from app.record.names.status_labels import day_in_words, step_label
from app.record.payloads import event_payload
from app.record.reads.event_context import EventContext
from app.record.rules.independence import origin_outlet, passed_on_by
from app.record.rules.reported_status import (
    is_our_reading,
    last_of_each_track,
    objections,
    stage_of,
)
from app.record.rules.reported_steps import reported_steps
from app.record.sql.rows import ListRow
from app.site.components.urls import record_address
from app.site.presenters.citations import latest_day
from app.vocabulary.citations import USUAL_NAMING, Attribution, Certainty, Naming, Stance
from app.vocabulary.events import EventLink, Step, Track
from app.vocabulary.support import Disputed

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
