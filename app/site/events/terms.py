"""The terms of an event by role: places, permits, people, actors and legal instruments."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.i18n.translate import N_, _, inside
from app.kinds import EventForm, Legal, Term
from app.record.filters import EventFilters
from app.record.names.directory import Directory
from app.site.components.actor_links import actor_page_link
from app.site.components.named_actors import ACTOR_ROLE_LABELS, PLANNED_BY
from app.site.components.place_links import PlaceLink, place_link
from app.site.components.term_doubt import NO_DOUBT, TermDoubt, no_nationality_in_words, term_doubt
from app.site.components.term_words import term_in_words
from app.site.components.urls import PageLink
from app.vocabulary.events import Role, TermKey
from app.vocabulary.laws import NO_LEGAL_BASIS, LegalRelation, Reading
from app.web.urls import url


@dataclass(frozen=True)
class PlaceValue:
    """A place with the source's wording; empty if both are the same."""

    link: PlaceLink
    printed: str
    doubt: TermDoubt


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
    """A term in words, with its certainty and citation.

    An actor with a page has its wording as `link`, between `words` and `after`.
    """

    words: str
    doubt: TermDoubt
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
        return PlaceValue(PlaceLink(term.printed, "", ()), "", term_doubt(term))
    name = directory.label("place", term.code)
    link = place_link(term.code, EventFilters, directory, name)
    printed = "" if term.printed.casefold() == name.casefold() else term.printed
    return PlaceValue(link, printed, term_doubt(term))


def term_rows(form: EventForm, directory: Directory) -> list[TermRow]:
    rows: dict[tuple[str, str], list[TermValue]] = {}
    if form.no_nationality:
        value = TermValue(no_nationality_in_words(form.no_nationality), NO_DOUBT)
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
        return TermValue(_with_part(name, term), term_doubt(term))
    # The source's wording is kept: that it means this actor is our reading.
    page = actor_page_link(directory, term.code)
    words = term.printed or page.label
    before, _link, after = _with_part(term_in_words(LINK, "", term.number), term).partition(LINK)
    return TermValue(before, term_doubt(term), PageLink(words, page.address), after)


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
