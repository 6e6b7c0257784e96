"""The independent sources of an event, and why citations count as one or not at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup, escape

from app.dates import edtf
from app.dates.edtf import Days
from app.dates.wording import in_words
from app.i18n.formats import as_sentence, country_name, enumerate_words
from app.i18n.translate import N_, _, inside, ngettext
from app.kinds import Citation
from app.record.names.directory import Directory
from app.record.names.support_labels import level_label
from app.record.payloads import event_payload
from app.record.reads.event_context import EventContext
from app.record.rules import independence as rule
from app.record.rules.independence import UNNAMED_OUTLET, origin_outlet, passed_on_by
from app.record.rules.reported_status import is_our_reading
from app.record.rules.rule_groups import law_types
from app.site.components.marks import decisions_in_words
from app.site.components.text import insert, link
from app.site.components.urls import PageLink, record_address
from app.site.presenters.citations import citation_link, latest_day
from app.vocabulary.citations import (
    USUAL_NAMING,
    Attribution,
    Certainty,
    CitationKind,
    Naming,
    ReportsEvent,
    Stance,
)
from app.vocabulary.events import EventLink
from app.vocabulary.support import Disputed

# The story --------------------------------------------------------------------------------------


REPORTED = {
    "itself": N_("So {outlet} reported ({date})."),
    "named": N_("So {outlet} reported ({date}), from {speaker}."),
    "unnamed": N_("So {outlet} reported ({date}), from {speaker}, not named."),
    "unattributed": N_("So {outlet} reported ({date}), without saying from whom."),
    "repeating": N_("So {outlet} reported ({date}), repeating {speaker}."),
}
RESERVED = {
    Certainty.HEDGED: N_("The report has {link_start}reservations{link_end}."),
    Certainty.ASKED: N_("The report calls it a {link_start}rumour or question{link_end}."),
}
DENIED_BY, DISPUTED_BY = N_("Denied by {who}: {says}"), N_("Disputed ({what}) by {who}: {says}")
SAID_BEFORE = N_("Said otherwise before that report, by {who}: {says}")
LATER = {
    EventLink.REVERSES: N_("It was reversed ({date}): {title}."),
    EventLink.PARTLY_REVERSES: N_("It was reversed in part ({date}): {title}."),
    EventLink.EVADES: N_("It was reported to be evaded ({date}): {title}."),
    EventLink.FOLLOWS: N_("It was followed by ({date}): {title}."),
}
MAX_LATER, MAX_OTHERS = 2, 2
"""Later events, and reports of other sources that are quoted."""
OF_THE_OUTLET = {Attribution.OWN_VOICE, Attribution.UNATTRIBUTED}
"""Statements for which the report names nobody but itself."""


def story(event: EventContext, directory: Directory) -> list[tuple[bool, Sequence[Markup]]]:
    """Return what was reported, who disputes it, and what became of it: whether it is a doubt, and
    its clauses.
    """
    parts = _Story(event, directory)
    paragraphs = (
        (False, list(parts.reported())),
        (True, list(parts.doubted())),
        (False, list(parts.followed())),
    )
    return [(is_doubt, clauses) for is_doubt, clauses in paragraphs if clauses]


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
        is_repeat = source is None or bool(
            source.derived_from or passed_on_by(citation, source) is not None
        )
        day = latest_day(source.published if source else "")
        return is_repeat, day, int(citation.id[1:])

    def _days(self, citation: Citation) -> Days:
        """Return when it was stated or else published; without bounds if that is not exact."""
        source = self.event.sources.get(citation.source)
        said = citation.said or (source.published if source else "")
        is_exact = said and not set("~?%").intersection(said)
        return (edtf.parse(said).whole if is_exact else None) or Days()

    # Clauses --------------------------------------------------------------------------------------

    def _clause(self, message: str, citation: Citation, **parts: str) -> Markup:
        """Return a message of a citation, with a link to it."""
        start = Markup('<a href="#{}">').format(citation.id)
        return insert(_(message), link_start=start, link_end=Markup("</a>"), **parts)

    def _outlet(self, citation: Citation) -> str:
        source = self.event.sources.get(citation.source)
        return self.directory.label("outlet", source.outlet) if source else _("a removed source")

    def _linked_outlet(self, citation: Citation) -> Markup:
        """Return the outlet with its country, linked to the citation."""
        source = self.event.sources.get(citation.source)
        outlet = self.directory.outlets.get(source.outlet) if source else None
        country = country_name(outlet.country) if outlet and outlet.country else ""
        name = link(self._outlet(citation), f"#{citation.id}")
        # l10n: an outlet and its country
        words = escape(_("{outlet} ({country})"))
        return words.format(outlet=name, country=country) if country else name

    # 1. What, when, who says ----------------------------------------------------------------------

    def reported(self) -> Iterator[Markup]:
        if not self.origins:
            yield escape(_("No report that we read supports this entry."))
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
            yield insert(
                _("{outlet} reports the event, too: {says}"),
                outlet=self._first_outlet(each),
                says=as_sentence(each.paraphrase),
            )

    def _first_outlet(self, citation: Citation) -> Markup:
        """Return the outlet, linked; for a repeat the first outlet, and where it was read."""
        origin, outlet = origin_outlet(citation, self.event.sources), self._outlet(citation)
        first = self.directory.label("outlet", origin) if origin else outlet
        if first == outlet:
            return self._linked_outlet(citation)
        # l10n: an outlet, and another that repeats it
        words = escape(_("{outlet}, in {repeating}"))
        return words.format(outlet=link(first, f"#{citation.id}"), repeating=outlet)

    def _who_says(self, citation: Citation) -> Markup:
        source, speaker = self.event.sources.get(citation.source), citation.speaker
        published = source.published if source else ""
        naming = speaker.named or USUAL_NAMING.get(speaker.attribution)
        repeated = passed_on_by(citation, source) if source else None
        who = speaker.words or inside(_(speaker.attribution.label))
        how = "unnamed" if naming is Naming.UNNAMED else "named"
        if repeated is not None:
            how, who = "repeating", _outlet_label(repeated, self.directory)
            is_other = who not in {speaker.words, self.directory.label("outlet", speaker.outlet)}
            if speaker.words and is_other and speaker.attribution not in OF_THE_OUTLET:
                words = _("{outlet}, which has it from {speaker}")
                who = words.format(outlet=who, speaker=speaker.words)
        elif speaker.attribution is Attribution.UNATTRIBUTED and not speaker.words:
            how = "unattributed"
        elif speaker.attribution is Attribution.OWN_VOICE or who == self._outlet(citation):
            how = "itself"
        return self._clause(
            REPORTED[how],
            citation,
            outlet=self._linked_outlet(citation),
            date=in_words(published, lasts=False) or _("date not known"),
            speaker=who,
        )

    # 2. Who disputes it ---------------------------------------------------------------------------

    def doubted(self) -> Iterator[Markup]:
        """Yield one clause for each speaker that disputes a field, with where that was read."""
        first = self.origins[0][0] if self.origins else None
        seen = set()
        for field, ids in self.payload["disputed"].items():
            for citation in (self.by_id[id] for id in ids if id in self.by_id):
                speaker, outlet = citation.speaker, self._outlet(citation)
                words = "" if speaker.attribution in OF_THE_OUTLET else speaker.words
                who = self.directory.label("outlet", speaker.outlet) if speaker.outlet else words
                if (field, who or outlet) in seen:
                    continue
                seen.add((field, who or outlet))
                if who not in {"", outlet}:
                    who = _("{speaker}, in {outlet}").format(speaker=who, outlet=outlet)
                else:
                    is_same = first and citation.source == first.source
                    who = _("the same report") if is_same else outlet
                message = DENIED_BY if field == Disputed.OCCURRENCE else DISPUTED_BY
                if self._is_before_all(citation):
                    message = SAID_BEFORE
                yield self._clause(
                    message,
                    citation,
                    who=link(who, f"#{citation.id}"),
                    what=inside(_(Disputed(field).label)),
                    says=as_sentence(citation.paraphrase),
                )

    def _is_before_all(self, citation: Citation) -> bool:
        """Whether it was stated before every report in support, so that it answers none."""
        began = [self._days(each).first for origin in self.origins for each in origin]
        day = self._days(citation).last
        return day is not None and bool(began) and all(other and day < other for other in began)

    # 3. What became of it -------------------------------------------------------------------------

    def followed(self) -> Iterator[Markup]:
        if len(self.origins) == 1:
            if len({each.source for each in self.origins[0]}) == 1:
                yield escape(_("No other report supports it."))
            else:
                message = _("The other reports in support {start}count as the same source{end}.")
                tags = {"start": Markup('<a href="#why">'), "end": Markup("</a>")}
                yield escape(message).format(**tags)
        yield from self._ended()

    def _ended(self) -> Iterator[Markup]:
        """Yield events that followed it, and those that reversed or evaded it.

        That it was reversed or evaded is written only if a source says so.
        """
        found = []
        for each in self.payload["links_from"]:
            other, type = self.event.events.get(each["from"]), EventLink(each["type"])
            if other and type in LATER:
                is_ours = is_our_reading(event_payload(other), each["id"])
                if type is EventLink.FOLLOWS or not is_ours:
                    found.append((LATER[type], other, is_ours))
        for message, other, is_ours in found[:MAX_LATER]:
            theirs = event_payload(other)
            sentence = insert(
                _(message),
                title=link(theirs["form"]["title"], record_address(other.id)),
                date=theirs["happened_words"] or _("date not known"),
            )
            yield insert(_("{sentence} (Our reading.)"), sentence=sentence) if is_ours else sentence


# Independence -----------------------------------------------------------------------------------


class Counted(NamedTuple):
    """Citations that count once, or not at all, or for one detail, and why."""

    label: str
    reasons: Sequence[str]
    citations: Sequence[PageLink]


class Origins(NamedTuple):
    heading: str
    sentence: str
    rows: Sequence[Counted]


FIELDS: Mapping[str, str] = {
    CitationKind.DATE: N_("Date: {level}"),
    CitationKind.NUMBER: N_("Number: {level}"),
    CitationKind.SCOPE: N_("How far it goes: {level}"),
    CitationKind.EFFECT: N_("Effect: {level}"),
    CitationKind.LEGAL: N_("Law: {level}"),
}


def origins_view(event: EventContext, directory: Directory) -> Origins:
    form, sources, payload = event.form, event.sources, event.payload
    by_id = {citation.id: citation for citation in form.citations}
    groups = [[by_id[id] for id in origin["citations"]] for origin in payload["origins"]]
    counted = {citation.id for group in groups for citation in group}
    uncounted: dict[str, list[Citation]] = {}
    for citation in form.citations:
        if citation.id not in counted:
            uncounted.setdefault(_uncounted_reason(citation, event), []).append(citation)

    def links(citations: Iterable[Citation]) -> list[PageLink]:
        """Return the first citation of each source."""
        first = {each.source: each for each in reversed([*citations])}
        return [citation_link(each, sources, directory) for each in reversed(first.values())]

    def outlets(group: Sequence[Citation]) -> str:
        """Return the names of the outlets where the chains begin."""
        codes = dict.fromkeys(rule.origin_outlet(citation, sources) for citation in group)
        return enumerate_words(_outlet_label(code, directory) for code in codes)

    rows = [
        Counted(
            outlets(group),
            [
                *decisions_in_words(form.joined_sources, group),
                *_shared_reasons(group, event, directory),
            ],
            links(group),
        )
        for group in groups
    ]
    rows += [
        Counted(_("Not counted"), [f"{reason}:"], links(some)) for reason, some in uncounted.items()
    ]
    # None in early editions.
    support = payload.get("field_support", {})
    rows += [
        Counted(
            _(words).format(
                level=level_label(support[kind]["corroboration"], support[kind]["independent"])
            ),
            (),
            links(by_id[id] for id in support[kind]["citations"]),
        )
        for kind, words in FIELDS.items()
        if kind in support
    ]
    heading = ngettext(
        "Why this counts as {count} independent source",
        "Why this counts as {count} independent sources",
        len(groups),
    )
    return Origins(
        heading if groups else _("Why this counts as no support"), _sentence(groups), rows
    )


def _sentence(groups: Sequence[Sequence[Citation]]) -> str:
    if not groups:
        return ""  # the rows say why
    if len(groups) > 1:
        return _(
            "These reports differ in their first outlet, in their named speakers, bodies and "
            "documents, and in the texts they are based on, or the editors count them apart."
        )
    return ngettext(
        "{count} report supports it.",
        "{count} reports support it, and count once.",
        len({citation.source for group in groups for citation in group}),
    )


def _outlet_label(code: str, directory: Directory) -> str:
    return directory.label("outlet", code) if code else _("an unnamed outlet")


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
        words = _("They have the same first outlet: {outlets}.")
        reasons.append(words.format(outlets=enumerate_words(outlets)))
    steps = (step for citation in group for step in citation.chain)
    names = dict.fromkeys(
        step.words for step in steps if ("speaker", step.words.casefold()) in shared
    )
    if names:
        words = _("They have the same named speaker, body or document: {names}.")
        reasons.append(words.format(names=enumerate_words(names)))
    if ids := [id for kind, id in shared if kind == "source"]:
        words = _("They go back to the same source: {ids}.")
        reasons.append(words.format(ids=enumerate_words(ids)))
    is_law = event.form.type in law_types(directory.codes)
    if is_law and (retold := rule.law_and_retellings(group, sources, joined)):
        words = _("They retell the text of the law in {id}.")
        reasons.append(words.format(id=retold[0].source))
    return reasons


NO_REPORTS = {*rule.BACKGROUND, CitationKind.FORECAST, CitationKind.STATEMENT}


def _uncounted_reason(citation: Citation, event: EventContext) -> str:
    """Return why a citation does not count as support."""
    if citation.about:
        return _("Is about a link or another citation")
    if citation.id in rule.retractions(event.form.citations):
        return _("Was later retracted")
    if citation.stance is not Stance.SUPPORTS:
        return _(citation.stance.label)
    # Early editions counted every citation about a field.
    is_asked = "certainty" in event.payload and (
        citation.is_about_field or citation.reads_otherwise
    )
    if citation.kind in NO_REPORTS:
        return _("Is about: {kind}").format(kind=inside(_(citation.kind.label)))
    if citation.reports_event is ReportsEvent.NO:
        return _("Does not report the event itself")
    if citation.reports_event is None and is_asked:
        return _("Not yet checked for whether it reports the event itself")
    source = event.sources.get(citation.source)
    if source and not rule.was_read(source):
        return _("Cites a source that the editors have not read")
    return _("Repeats an unnamed report, in addition to named ones")
