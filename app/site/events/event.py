"""The page of one event: its story, who says so, related events, facts and history."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.dates.edtf import Days
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, inside, ngettext
from app.kinds import EventForm, Term
from app.kinds.events import UNSTATED
from app.record.index.edition import IndexedEdition
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.names.status_labels import (
    Age,
    age,
    basis_reason,
    step_in_words,
)
from app.record.names.support_labels import independent_sources
from app.record.payloads import EventPayload, Stored, event_payload, form_of
from app.record.reads.event_context import (
    EventContext,
    event_context,
    read_context_rows,
    read_versions,
)
from app.record.rules.reported_status import AGAINST_A_MEASURE, BOTH_WAYS, is_our_reading
from app.record.rules.stages import reported_steps
from app.record.sql.rows import ListRow
from app.site.components.marks import no_nationality_in_words, term_in_words
from app.site.components.urls import PageLink, place_page_address, record_address
from app.site.events.independence import Origins, origins_view, story
from app.site.presenters.citations import CitedPage
from app.site.presenters.estimate import EstimateView
from app.site.presenters.event import ACTOR_ROLE_LABELS, PLANNED_BY, EventView
from app.vocabulary.events import JUDGEMENTS, EventLink, Role, TermKey
from app.vocabulary.named import NO_LEGAL_BASIS, LegalRelation, Reading
from app.web.urls import url

# Terms ------------------------------------------------------------------------------------------


class Value(NamedTuple):
    """A place, an actor or another term, with its citation if one alone says so."""

    words: str
    address: str = ""
    note: str = ""
    """The side on which an actor acts, and who says so."""
    printed: str = ""
    """The source's wording, if it is another one than that of the page at `address`."""
    citation: str = ""


class EventFact(NamedTuple):
    """The terms of one role, such as "Exempt". The role explains the label."""

    label: str
    role: str
    values: list[Value]


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
    """Return places, people, actors and other terms under their roles, the places first."""
    found: dict[str, EventFact] = {}
    if form.no_nationality:
        who = Value(no_nationality_in_words(form.no_nationality))
        found[_("Whom")] = EventFact(_("Whom"), Role.TARGET, [who])
    order = {pair: at for at, pair in enumerate(ROLE_LABELS)}
    for term in sorted(form.terms, key=lambda term: order.get((term.key, term.role), len(order))):
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
    label, address = directory.label(term.key, term.code) if term.code else "", ""
    if term.key is TermKey.PLACE and term.code:
        address = place_page_address(directory, term.code)
    elif term.key is TermKey.ACTOR and term.code in directory.actors:
        address = url("actor", code=term.code)
    elif term.key is TermKey.GROUP:
        label = inside(label)  # "North Korean, workers"
    # That the source's wording means this place or actor is our reading: it is shown beside it.
    printed = term.printed if address and term.printed.casefold() != label.casefold() else ""
    return Value(
        term_in_words(label, "" if address else term.printed, term.number),
        address,
        _note(term),
        printed,
        term.citation,
    )


def _note(term: Term) -> str:
    side = inside(_(term.side.label)) if term.side else ""
    is_unsure = term.key is TermKey.ACTOR and term.role in ACTS and not term.citation
    return ", ".join(filter(None, (side, _("according to the sources") if is_unsure else "")))


ACTS = {Role.ORDERS, Role.AGREES, Role.SAYS, Role.CARRIES_OUT}
"""Without a citation of its own, nothing says that such an actor is certain."""


def relation_in_words(relation: LegalRelation, reading: Reading) -> str:
    """Return how an event relates to a law, and who says so."""
    # l10n: how an event relates to a law, and who says so
    ours, source = _("{relation}, our reading"), _("{relation}, according to a source")
    return (ours if reading is Reading.OURS else source).format(relation=_(relation.label))


# Links ------------------------------------------------------------------------------------------


class LinkRow(NamedTuple):
    label: str
    id: str
    address: str
    title: str
    when: str
    reason: str
    is_against: bool
    """Whether the other event shows something against this one."""
    is_ours: bool
    """Whether the link is our reading: no source says so."""
    cited: Sequence[PageLink]
    """Citations of the link itself."""


BACKWARD_LABELS = {
    EventLink.PART_OF: N_("Has the part"),
    EventLink.FOLLOWS: N_("Is followed by"),
    EventLink.IMPLEMENTS: N_("Implemented by"),
    EventLink.EFFECT_OF: N_("Resulted in"),
    EventLink.EVADES: N_("Reported to be evaded by"),
    EventLink.REVERSES: N_("Reported to be reversed by"),
    EventLink.PARTLY_REVERSES: N_("Reported to be reversed in part by"),
    EventLink.EXPLAINS: N_("Is explained by"),
    EventLink.ANSWERS: N_("Has the response"),
    EventLink.SAME_AS: N_("Possible duplicate of"),
    EventLink.CONTRADICTS: N_("Contradicts"),
    EventLink.NOT_APPLIED: N_("Reported not to be applied by"),
    EventLink.DISAGREES: N_("Does not agree with"),
}


def links(event: EventContext) -> list[LinkRow]:
    """Return the event's links, then the links of other events to this event.

    Links to withdrawn or purged events are left out.
    """
    rows = [
        _link_row(link, event.events[link["to"]], event.payload, is_own=True)
        for link in event.payload["form"].get("links", [])
        if link["to"] in event.events
    ]
    for into in event.payload["links_from"]:
        if other := event.events.get(into["from"]):
            link = next(
                link
                for link in form_of(other)["links"]
                if link["to"] == event.row.id and link["type"] == into["type"]
            )
            rows.append(_link_row(link, other, event_payload(other), is_own=False))
    return rows


def forward_label(payload: EventPayload, link: Stored) -> str:
    label = _(EventLink(link["type"]).label)
    # l10n: how an event relates to another, in the editors' view
    return _("{link} (our reading)").format(link=label) if _is_ours(payload, link) else label


def _is_ours(payload: EventPayload, link: Stored) -> bool:
    return link["type"] in JUDGEMENTS or is_our_reading(payload, link.get("id", ""))


def _link_row(link: Stored, other: ListRow, linking: EventPayload, *, is_own: bool) -> LinkRow:
    """Return a row. `linking` is the event that has the link and its citations."""
    type = EventLink(link["type"])
    cited = [each for each in linking["form"].get("citations", []) if _says_so(each, link)]
    page = "" if is_own else record_address(other.id)
    return LinkRow(
        label=_(type.label if is_own else BACKWARD_LABELS[type]),
        id=other.id,
        address=record_address(other.id),
        title=form_of(other)["title"],
        when=event_payload(other)["happened_words"] or _("date not known"),
        reason=link.get("reason", ""),
        is_against=type in (BOTH_WAYS if is_own else AGAINST_A_MEASURE),
        is_ours=_is_ours(linking, link),
        cited=[PageLink(each["id"], f"{page}#{each['id']}") for each in cited],
    )


def _says_so(citation: Stored, link: Stored) -> bool:
    """Whether a citation speaks of the link, or the link names it as the one that says so."""
    is_about = bool(link.get("id")) and citation.get("about") == link.get("id")
    return is_about or bool(citation["id"] == link.get("citation"))


# The page ---------------------------------------------------------------------------------------


class StatusStep(NamedTuple):
    """A reported status, newest first, with its citation on this page or that of another event."""

    label: str
    day: str
    age: Age | None
    address: str
    notes: Sequence[str]


class EventPage(CitedPage, EventView):
    full: EventForm

    def __init__(
        self,
        db: Session,
        edition: IndexedEdition,
        row: Version,
        directory: Directory,
    ) -> None:
        """Runs two SQL statements."""
        super().__init__(row, directory, edition.at.date())
        self.context = event_context(row, read_context_rows(db, edition, row))
        self.revisions = read_versions(db, edition, row.id)
        self.full, self.read_sources = self.context.form, self.context.sources
        self.added = row.added

    @property
    def when_label(self) -> str:
        return _("Planned for") if self.full.is_only_planned else _("When")

    @property
    def when_notes(self) -> list[str]:
        """The source's words for the date, and what is ours in it."""
        text = self.full.happened_text
        reason = basis_reason(self.full.happened_basis, self.full.happened_basis_reason)
        return [
            note for note in (_("“{words}”").format(words=text) if text else "", reason) if note
        ]

    @property
    def due(self) -> str:
        """By when it was to be done; empty if no source says that there is a deadline."""
        return _("not stated") if self.full.deadline == UNSTATED else self.deadline

    @property
    def story(self) -> list[tuple[bool, Sequence[Markup]]]:
        return story(self.context, self.directory)

    @property
    def facts(self) -> list[EventFact]:
        return facts(self.full, self.directory)

    @property
    def laws(self) -> list[tuple[str, str, str, str]]:
        """Name, page, relation and wording of the laws, those that it only mentions last."""
        return [
            (
                self.directory.label("law", legal.instrument)
                if legal.instrument
                else _("“{words}”").format(words=legal.printed)
                if legal.printed
                else _("Not named"),
                url("law", code=legal.instrument)
                if legal.instrument in self.directory.laws
                else "",
                relation_in_words(legal.relation, legal.reading),
                legal.printed if legal.instrument else "",
            )
            for legal in sorted(self.full.legal, key=lambda each: each.relation in NO_LEGAL_BASIS)
        ]

    # Status ---------------------------------------------------------------------------------------

    @property
    def steps(self) -> list[StatusStep]:
        """What was reported of its status, the newest first."""
        found = []
        for step in reversed(reported_steps(self.payload)):
            stage = step.stage
            label, day, notes = step_in_words(self.payload, step)
            if text := stage.get("date_text"):
                notes.append(_("“{words}”").format(words=text))
            if remark := stage.get("remark"):
                notes.append(remark)
            found.append(
                StatusStep(
                    label,
                    day,
                    age(Days(step.days.earliest, step.days.latest), self.on),
                    self._citation_address(stage["citation"]),
                    notes,
                )
            )
        return found

    def _citation_address(self, id: str) -> str:
        """Return the address of a citation, on this page or a linked event's; "" if removed."""
        for row in (self.row, *self.context.events.values()):
            if any(cited["id"] == id for cited in form_of(row).get("citations", [])):
                return f"{'' if row is self.row else record_address(row.id)}#{id}"
        return ""

    # Who says so ----------------------------------------------------------------------------------

    @property
    def targets(self) -> Mapping[str, PageLink]:
        words, events = _("the link “{label}” to: {title}"), self.context.events
        return {
            link.id: PageLink(
                words.format(label=_(link.type.label), title=form_of(events[link.to])["title"]),
                record_address(link.to),
            )
            for link in self.full.links
            if link.to in events
        }

    @cached_property
    def origins(self) -> Origins:
        return origins_view(self.context, self.directory)

    @property
    def sources_in_words(self) -> str:
        """How many independent sources and reports there are."""
        independent, reports = len(self.payload["origins"]), len(self.payload["sources"])
        return enumerate_words(
            (
                independent_sources(independent),
                ngettext("{count} report", "{count} reports", reports),
            )
        )

    @property
    def figures(self) -> list[EstimateView]:
        return [EstimateView(figure, self.directory) for figure in self.context.figures]

    # Other events, and its history ----------------------------------------------------------------

    @cached_property
    def linked(self) -> list[LinkRow]:
        return links(self.context)

    @property
    def links(self) -> list[LinkRow]:
        return [link for link in self.linked if not link.is_against]

    @property
    def objections(self) -> list[LinkRow]:
        """What other events show against it."""
        return [link for link in self.linked if link.is_against]
