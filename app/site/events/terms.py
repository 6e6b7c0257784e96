"""What an event says: places and terms, laws, support of fields, and where sources differ."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.documents import date_in_words
from app.i18n.translate import N_, _, inside
from app.kinds import Citation, EventForm, Legal, Term
from app.record.filters import EventFilters
from app.record.names.directory import Directory
from app.record.names.support_labels import level_label
from app.record.payloads import form_of
from app.record.reads.event_context import EventContext
from app.site.components.citations import CitationLink, citation_link
from app.site.components.links import PlaceLink, actor_page_link, place_link
from app.site.components.marks import (
    no_nationality_in_words,
    term_in_words,
)
from app.site.components.urls import PageLink
from app.site.presenters.estimate import EstimateView
from app.site.presenters.event import ACTOR_ROLE_LABELS, PLANNED_BY
from app.vocabulary.citations import CitationKind, Difference
from app.vocabulary.events import EventLink, Role, TermKey
from app.vocabulary.laws import NO_LEGAL_BASIS, LegalRelation, Reading
from app.vocabulary.support import Disputed
from app.web.urls import url


@dataclass(frozen=True)
class PlaceValue:
    """A place with the source's wording; empty if both are the same."""

    link: PlaceLink
    printed: str
    citation: str


@dataclass(frozen=True)
class PlaceRow:
    """Places in one role, such as "To"."""

    role: Role
    label: str
    places: Sequence[PlaceValue]

    @property
    def is_pictured(self) -> bool:
        return self.role == Role.SHOWN_ONLY


@dataclass(frozen=True)
class TermRow:
    """The terms of one role, such as "Exempt"."""

    label: str
    values: Sequence["TermValue"]
    role: str = ""
    """Code of the role, which the label explains; empty for a missing nationality."""


@dataclass(frozen=True)
class TermValue:
    """A term in words, with its citation.

    An actor with a page has its wording as `link`, between `words` and `after`.
    """

    words: str
    citation: str
    link: PageLink | None = None
    after: str = ""


class LegalRow:
    def __init__(self, legal: Legal, directory: Directory) -> None:
        self.name = directory.label("law", legal.instrument) if legal.instrument else _("Not named")
        self.relation = _(LEGAL_RELATION_LABELS[legal.relation][legal.reading])
        self.printed = legal.printed
        # Whether the event is based on it or breaks it, rather than mentions or plans it.
        self.is_basis = legal.relation not in NO_LEGAL_BASIS
        # Address of its page; empty if it has none.
        self.address = (
            url("law", code=legal.instrument) if legal.instrument in directory.laws else ""
        )


PLACE_ROLE_LABELS = {
    Role.AT: N_("Where"),
    Role.FROM: N_("From"),
    Role.VIA: N_("Through"),
    Role.TO: N_("To"),
    Role.LIVED: N_("Housed in"),
    Role.GATHERED: N_("Gathered in"),
    Role.SHOWN_ONLY: N_("Pictured only"),
}
TERM_ROLE_LABELS = {
    (TermKey.NATIONALITY, Role.TARGET): N_("Nationality"),
    (TermKey.GROUP, Role.TARGET): N_("People concerned"),
    (TermKey.PAPER, Role.TARGET): N_("Visas and permits"),
    (TermKey.SECTOR, Role.TARGET): N_("Industries"),
    (TermKey.RIGHT, Role.TARGET): N_("Right or service"),
    (TermKey.PAPER, Role.FROM): N_("Permit given up"),
    (TermKey.PAPER, Role.TO): N_("Permit received"),
    **{(TermKey.ACTOR, role): label for role, label in ACTOR_ROLE_LABELS.items()},
}
"""Labels by key and role; `ROLE_LABELS` has the roles whose label is the same for every key."""
ROLE_LABELS = {Role.EXEMPT: N_("Exempt"), Role.UNTIL_EXPIRY: N_("Until the permit expires")}


def place_rows(form: EventForm, directory: Directory) -> list[PlaceRow]:
    rows: dict[Role, list[PlaceValue]] = {}
    for term in form.terms:
        if term.key is TermKey.PLACE:
            rows.setdefault(term.role, []).append(_place_value(term, directory))
    return [
        PlaceRow(role, _(label), rows[role])
        for role, label in PLACE_ROLE_LABELS.items()
        if role in rows
    ]


def _place_value(term: Term, directory: Directory) -> PlaceValue:
    if not term.code:
        return PlaceValue(PlaceLink(term.printed, "", ()), "", term.citation)
    name = directory.label("place", term.code)
    link = place_link(term.code, EventFilters, directory, name)
    printed = "" if term.printed.casefold() == name.casefold() else term.printed
    return PlaceValue(link, printed, term.citation)


def term_rows(form: EventForm, directory: Directory) -> list[TermRow]:
    rows: dict[tuple[str, str], list[TermValue]] = {}
    if form.no_nationality:
        value = TermValue(no_nationality_in_words(form.no_nationality), "")
        rows[_(TermKey.NATIONALITY.label), ""] = [value]
    for term in form.terms:
        if term.key is not TermKey.PLACE:
            value = _term_value(term, directory)
            label = PLANNED_BY if form.is_only_planned and term.role is Role.CARRIES_OUT else ""
            words = _(label) if label else _role_label(term)
            rows.setdefault((words, term.role), []).append(value)
    return [TermRow(label, values, role) for (label, role), values in rows.items()]


def _role_label(term: Term) -> str:
    if known := TERM_ROLE_LABELS.get((term.key, term.role)) or ROLE_LABELS.get(term.role):
        return _(known)
    # l10n: a value and its role in an event
    return _("{what}: {role}").format(what=_(term.key.label), role=inside(_(term.role.label)))


def _term_value(term: Term, directory: Directory) -> TermValue:
    if term.key is not TermKey.ACTOR or term.code not in directory.actors:
        label = directory.label(term.key, term.code) if term.code else ""
        name = term_in_words(label, term.printed, term.number)
        return TermValue(_with_part(name, term), term.citation)
    # The source's wording is kept: that it means this actor is our reading.
    page = actor_page_link(directory, term.code)
    words = term.printed or page.label
    before, _link, after = _with_part(term_in_words(LINK, "", term.number), term).partition(LINK)
    return TermValue(before, term.citation, PageLink(words, page.address), after)


LINK = "\0"
"""Placeholder of a link in a sentence: a character that occurs in no name."""


def _with_part(name: str, term: Term) -> str:
    """Return the name with the side on which it acts, and who says so."""
    if term.side:
        # l10n: an actor and whose country it acts for
        name = _("{name}, {side}").format(name=name, side=inside(_(term.side.label)))
    if term.key is TermKey.ACTOR and term.role in ACTS and not term.citation:
        return _("{name}, according to the sources").format(name=name)
    return name


ACTS = {Role.ORDERS, Role.AGREES, Role.SAYS, Role.CARRIES_OUT}
"""Without a citation of its own, nothing says that such an actor is certain."""


LEGAL_RELATION_LABELS = {
    LegalRelation.BASED_ON: {
        Reading.SOURCE: N_("Based on it, according to a source"),
        Reading.OURS: N_("Based on it, in the editors’ reading"),
    },
    LegalRelation.AGAINST: {
        Reading.SOURCE: N_("Against it, according to a source"),
        Reading.OURS: N_("Against it, in the editors’ reading"),
    },
    LegalRelation.POSSIBLY_AGAINST: {
        Reading.SOURCE: N_("Possibly against it, according to a source"),
        Reading.OURS: N_("Possibly against it, in the editors’ reading"),
    },
    LegalRelation.SIGNS: {
        Reading.SOURCE: N_("Signs or adopts it, according to a source"),
        Reading.OURS: N_("Signs or adopts it, in the editors’ reading"),
    },
    LegalRelation.RATIFIES: {
        Reading.SOURCE: N_("Ratifies it, according to a source"),
        Reading.OURS: N_("Ratifies it, in the editors’ reading"),
    },
    LegalRelation.OTHER_SIDE_BROKE_IT: {
        Reading.SOURCE: N_("Because the other side breaks it, according to a source"),
        Reading.OURS: N_("Because the other side breaks it, in the editors’ reading"),
    },
    LegalRelation.REFERS_TO: {
        Reading.SOURCE: N_("Refers to it, according to a source"),
        Reading.OURS: N_("Refers to it, in the editors’ reading"),
    },
    LegalRelation.TO_BECOME: {
        Reading.SOURCE: N_("Is a plan for it, according to a source"),
        Reading.OURS: N_("Is a plan for it, in the editors’ reading"),
    },
}


def legal_rows(form: EventForm, directory: Directory) -> list[LegalRow]:
    return [LegalRow(legal, directory) for legal in form.legal]


@dataclass(frozen=True)
class FieldSupportView:
    """The level of support of one field, and the citations that speak of it."""

    code: str
    words: str
    citations: Sequence[CitationLink]


SENTENCES: Mapping[str, str] = {
    CitationKind.DATE: N_("Date: {level}"),
    CitationKind.NUMBER: N_("Number: {level}"),
    CitationKind.SCOPE: N_("Scope: {level}"),
    CitationKind.EFFECT: N_("Effect: {level}"),
    CitationKind.LEGAL: N_("Legal basis: {level}"),
}


def field_support(event: EventContext, directory: Directory) -> list[FieldSupportView]:
    """Return a row for each field with citations of its own; none in early editions."""
    by_id = {citation.id: citation for citation in event.form.citations}
    found = event.payload.get("field_support", {})
    return [
        FieldSupportView(
            code=found[kind]["corroboration"],
            words=_(sentence).format(
                level=level_label(found[kind]["corroboration"], found[kind]["independent"])
            ),
            citations=[
                citation_link(by_id[id], event.sources, directory)
                for id in found[kind]["citations"]
            ],
        )
        for kind, sentence in SENTENCES.items()
        if kind in found
    ]


@dataclass(frozen=True)
class DisputingCitation:
    """A citation that disputes a field, with its paraphrase."""

    citation: CitationLink
    says: str


@dataclass(frozen=True)
class DisputeView:
    """A disputed field with the citations that dispute it."""

    label: str
    against: Sequence[DisputingCitation]


@dataclass(frozen=True)
class DifferenceView:
    """A value in a source that differs from the record, with the recorded values."""

    field: str
    printed: str
    is_error: bool
    on_record: Sequence[str]
    reason: str
    citation: CitationLink


def disputes(event: EventContext, directory: Directory) -> list[DisputeView]:
    by_id = {citation.id: citation for citation in event.form.citations}
    return [
        DisputeView(
            directory.label("disputed", field),
            [
                DisputingCitation(
                    citation_link(by_id[id], event.sources, directory), by_id[id].paraphrase
                )
                for id in ids
            ],
        )
        for field, ids in event.payload["disputed"].items()
    ]


def differences(
    event: EventContext, figures: Sequence[EstimateView], directory: Directory
) -> list[DifferenceView]:
    return [
        DifferenceView(
            field=_(citation.field.label),
            printed=date_in_words(citation.value),
            is_error=citation.differs is Difference.ERROR,
            on_record=_recorded_values(citation, event, figures, directory),
            reason=_(citation.differs.label),
            citation=citation_link(citation, event.sources, directory),
        )
        for citation in event.form.citations
        if citation.value
        and citation.field
        and citation.differs in {Difference.ERROR, Difference.RIVAL}
        and not _is_recorded(citation, figures)
    ]


def _is_recorded(citation: Citation, figures: Sequence[EstimateView]) -> bool:
    """Whether an estimate of the event has all the numbers of the differing value."""
    numbers = set(re.findall(r"\d[\d,]*", citation.value))
    return citation.field is Disputed.NUMBER and any(
        numbers and numbers <= set(re.findall(r"\d[\d,]*", figure.words)) for figure in figures
    )


def _recorded_values(
    citation: Citation,
    event: EventContext,
    figures: Sequence[EstimateView],
    directory: Directory,
) -> list[str]:
    """Return the recorded values of a field; none if the field exists only as prose.

    Whom or what an event covers has many values: only the law of an error is compared.
    """
    form, payload = event.form, event.payload
    match citation.field:
        case Disputed.DATE:
            deadline = payload["deadline_words"]
            found = [
                payload["happened_words"],
                deadline and _("deadline {day}").format(day=deadline),
            ]
        case Disputed.NUMBER:
            found = [figure.words for figure in figures]
        case Disputed.SCOPE if citation.differs is Difference.ERROR:
            found = [
                directory.label("law", each.instrument) for each in form.legal if each.instrument
            ]
        case Disputed.CAUSE:
            found = _titles_of_causes(event)
        case _:
            found = []
    return [each for each in found if each]


def _titles_of_causes(event: EventContext) -> list[str]:
    """Return the titles of events linked as a cause or as an explanation."""
    links = [link.to for link in event.form.links if link.type is EventLink.EFFECT_OF]
    links += [
        link["from"] for link in event.payload["links_from"] if link["type"] == EventLink.EXPLAINS
    ]
    return [form_of(event.events[id])["title"] for id in links if id in event.events]
