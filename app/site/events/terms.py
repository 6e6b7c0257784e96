"""What an event says: places and terms, laws, and the support of its details."""

from collections.abc import Mapping
from typing import NamedTuple

from app.i18n.translate import N_, _, inside
from app.kinds import EventForm, Legal, Term
from app.record.names.directory import Directory
from app.record.names.support_labels import level_label
from app.record.reads.event_context import EventContext
from app.site.components.links import actor_page_link
from app.site.components.marks import no_nationality_in_words, term_in_words
from app.site.components.urls import PageLink, place_page_address
from app.site.presenters.citations import CitationLink, citation_link
from app.site.presenters.event import ACTOR_ROLE_LABELS, PLANNED_BY
from app.vocabulary.citations import CitationKind
from app.vocabulary.events import Role, TermKey
from app.vocabulary.laws import LegalRelation, Reading
from app.web.urls import url


class Value(NamedTuple):
    """A place, an actor or another term, with its citation if one alone says so.

    What has a page is `link`, between `words` and `after`; an actor is linked by its wording.
    """

    words: str
    link: PageLink | None = None
    after: str = ""
    printed: str = ""
    """The source's wording for a place, if it is another one."""
    citation: str = ""


class EventFact(NamedTuple):
    """The terms of one role, such as "Exempt". The role explains the label."""

    label: str
    role: str
    values: list[Value]


class LegalRow:
    def __init__(self, legal: Legal, directory: Directory) -> None:
        self.name = directory.label("law", legal.instrument) if legal.instrument else _("Not named")
        self.relation = relation_in_words(legal.relation, legal.reading)
        self.printed = legal.printed
        # Address of its page; empty if it has none.
        self.address = (
            url("law", code=legal.instrument) if legal.instrument in directory.laws else ""
        )


ROLE_LABELS: dict[tuple[str, str], str] = {
    (TermKey.PLACE, Role.AT): N_("Where"),
    (TermKey.PLACE, Role.FROM): N_("From"),
    (TermKey.PLACE, Role.VIA): N_("Through"),
    (TermKey.PLACE, Role.TO): N_("To"),
    (TermKey.PLACE, Role.LIVED): N_("Housed in"),
    (TermKey.PLACE, Role.GATHERED): N_("Gathered in"),
    (TermKey.PLACE, Role.SHOWN_ONLY): N_("Pictured only"),
    (TermKey.NATIONALITY, Role.TARGET): N_("Whom"),
    (TermKey.GROUP, Role.TARGET): N_("Whom"),
    (TermKey.PAPER, Role.TARGET): N_("Visas and permits"),
    (TermKey.SECTOR, Role.TARGET): N_("Industries"),
    (TermKey.RIGHT, Role.TARGET): N_("Right or service"),
    (TermKey.PAPER, Role.FROM): N_("Permit given up"),
    (TermKey.PAPER, Role.TO): N_("Permit received"),
    **{(TermKey.ACTOR, role): label for role, label in ACTOR_ROLE_LABELS.items()},
    **{(key, Role.EXEMPT): N_("Exempt") for key in TermKey},
    **{(key, Role.UNTIL_EXPIRY): N_("Until the permit expires") for key in TermKey},
}
"""Labels by key and role, in the order in which an event shows them."""


def facts(form: EventForm, directory: Directory) -> list[EventFact]:
    """Return places, people, actors and other terms under their roles."""
    found: dict[str, EventFact] = {}
    if form.no_nationality:
        who = Value(no_nationality_in_words(form.no_nationality))
        found[_("Whom")] = EventFact(_("Whom"), Role.TARGET, [who])
    order = list(ROLE_LABELS)
    known = [term for term in form.terms if (term.key, term.role) in ROLE_LABELS]
    others = [term for term in form.terms if (term.key, term.role) not in ROLE_LABELS]
    for term in [*sorted(known, key=lambda term: order.index((term.key, term.role))), *others]:
        label = _role_label(term, form)
        found.setdefault(label, EventFact(label, term.role, [])).values.append(
            _value(term, directory)
        )
    wheres = {_(label) for (key, _role), label in ROLE_LABELS.items() if key == TermKey.PLACE}
    return sorted(found.values(), key=lambda fact: fact.label not in wheres)


def _role_label(term: Term, form: EventForm) -> str:
    if form.is_only_planned and term.role is Role.CARRIES_OUT:
        return _(PLANNED_BY)
    if known := ROLE_LABELS.get((term.key, term.role)):
        return _(known)
    # l10n: a value and its role in an event
    return _("{what}: {role}").format(what=_(term.key.label), role=inside(_(term.role.label)))


def _value(term: Term, directory: Directory) -> Value:
    label = directory.label(term.key, term.code) if term.code else ""
    if term.key is TermKey.PLACE:
        link = PageLink(label, place_page_address(directory, term.code)) if term.code else None
        printed = "" if term.printed.casefold() == label.casefold() else term.printed
        return (
            Value("", link, printed=printed, citation=term.citation)
            if link
            else Value(term.printed, citation=term.citation)
        )
    if term.key is TermKey.GROUP:
        label = inside(label)  # "North Korean, workers"
    if term.key is not TermKey.ACTOR or term.code not in directory.actors:
        name = term_in_words(label, term.printed, term.number)
        return Value(_with_part(name, term), citation=term.citation)
    # The source's wording is kept: that it means this actor is our reading.
    page = actor_page_link(directory, term.code)
    words = term.printed or page.label
    before, _link, after = _with_part(term_in_words(LINK, "", term.number), term).partition(LINK)
    return Value(before, PageLink(words, page.address), after, citation=term.citation)


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


def relation_in_words(relation: LegalRelation, reading: Reading) -> str:
    """Return how an event relates to a law, and who says so."""
    # l10n: how an event relates to a law, and who says so
    ours, source = _("{relation}, our reading"), _("{relation}, according to a source")
    return (ours if reading is Reading.OURS else source).format(relation=_(relation.label))


FIELDS: Mapping[str, str] = {
    CitationKind.DATE: N_("Date: {level}"),
    CitationKind.NUMBER: N_("Number: {level}"),
    CitationKind.SCOPE: N_("How far it goes: {level}"),
    CitationKind.EFFECT: N_("Effect: {level}"),
    CitationKind.LEGAL: N_("Law: {level}"),
}


def field_support(
    event: EventContext, directory: Directory
) -> list[tuple[str, list[CitationLink]]]:
    """Return the support of each field with citations of its own; none in early editions."""
    by_id = {citation.id: citation for citation in event.form.citations}
    found = event.payload.get("field_support", {})
    return [
        (
            _(sentence).format(
                level=level_label(found[kind]["corroboration"], found[kind]["independent"])
            ),
            [citation_link(by_id[id], event.sources, directory) for id in found[kind]["citations"]],
        )
        for kind, sentence in FIELDS.items()
        if kind in found
    ]
