"""Events related to an event by links, and the events that only name a larger place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyroaring import BitMap
from sqlalchemy.orm import Session

from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, ngettext
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.payloads import (
    EventPayload,
    PublishedCitation,
    PublishedEventLink,
    event_payload,
    form_of,
)
from app.record.reads.event_context import EventContext
from app.record.rules.containment import places_and_ancestors
from app.record.rules.reported_status import AGAINST_A_MEASURE, BOTH_WAYS, is_our_reading
from app.record.sql.rows import ListRow
from app.site.components.urls import record_address, with_filters
from app.site.presenters.citations import CitationLink, CitationTarget
from app.vocabulary.events import JUDGEMENTS, EventLink
from app.vocabulary.record import PlaceKind
from app.web.urls import url

# Links -------------------------------------------------------------------------------------------


class LinkRow(NamedTuple):
    label: str
    id: str
    address: str
    title: str
    when: str
    reason: str
    against: EventLink | None
    """What the other event shows against this one, if it does."""
    is_ours: bool
    """Whether the link is our reading: no source says so."""
    cited: Sequence[CitationLink]
    """Citations of the link itself."""


BACKWARD_LABELS = {
    EventLink.PART_OF: N_("Has the part"),
    EventLink.FOLLOWS: N_("Is followed by"),
    EventLink.IMPLEMENTS: N_("Implemented by"),
    EventLink.EFFECT_OF: N_("Resulted in"),
    EventLink.EVADES: N_("Evaded by"),
    EventLink.REVERSES: N_("Reversed by"),
    EventLink.PARTLY_REVERSES: N_("Reversed in part by"),
    EventLink.EXPLAINS: N_("Is explained by"),
    EventLink.ANSWERS: N_("Has the response"),
    EventLink.SAME_AS: N_("Possible duplicate of"),
    EventLink.CONTRADICTS: N_("Contradicts"),
    EventLink.NOT_APPLIED: N_("Not applied, as shown by"),
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


def forward_label(payload: EventPayload, link: PublishedEventLink) -> str:
    label = _(EventLink(link["type"]).label)
    # l10n: how an event relates to another, in the editors' view
    return _("{link} (our reading)").format(link=label) if _is_ours(payload, link) else label


def _is_ours(payload: EventPayload, link: PublishedEventLink) -> bool:
    return link["type"] in JUDGEMENTS or is_our_reading(payload, link.get("id", ""))


def _link_row(
    link: PublishedEventLink, other: ListRow, linking: EventPayload, *, is_own: bool
) -> LinkRow:
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
        against=type if type in (BOTH_WAYS if is_own else AGAINST_A_MEASURE) else None,
        is_ours=_is_ours(linking, link),
        cited=[CitationLink(each["id"], f"{page}#{each['id']}") for each in cited],
    )


def _says_so(citation: PublishedCitation, link: PublishedEventLink) -> bool:
    """Whether a citation speaks of the link, or the link names it as the one that says so."""
    is_about = bool(link.get("id")) and citation.get("about") == link.get("id")
    return is_about or bool(citation["id"] == link.get("citation"))


def link_targets(event: EventContext) -> dict[str, CitationTarget]:
    """Return the event's own links by id, as targets for citations of a link."""
    return {
        link.id: CitationTarget(
            _link_target_label(link.type, event.events[link.to]), record_address(link.to)
        )
        for link in event.form.links
        if link.to in event.events
    }


def _link_target_label(type: EventLink, other: ListRow) -> str:
    return _("the link “{label}” to: {title}").format(
        label=_(type.label), title=form_of(other)["title"]
    )


# Larger places ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class LargerPlaces:
    words: str
    address: str
    """What applies there, which includes the rules of larger places."""


def larger_places(
    db: Session, edition: IndexedEdition, filters: EventFilters, directory: Directory
) -> LargerPlaces | None:
    """Count the events that match but for their place, a larger one; None without any.

    The world is left out: what goes out to it from one country is no event of every other.
    """
    places = filters["place"]
    around = [
        code
        for code in places_and_ancestors(places, directory.places) - set(places)
        if directory.kind_of_place(code) is not PlaceKind.WORLD
    ]
    matching = backend.match(db, edition, filters, directory)
    others = matching.all_but("place") - matching.answers
    named = {code: others & matching.index.terms.of("names", code) for code in around}
    count = len(BitMap.union(BitMap(), *named.values()))
    if not count:
        return None
    labels = sorted(directory.label("place", code) for code, rows in named.items() if rows)
    words = ngettext(
        "{count} more event is only in a larger place: {{places}}.",
        "{count} more events are only in a larger place: {{places}}.",
        count,
    )
    kept = {key: filters[key] for key in ("place", "nationality", "edition")}
    return LargerPlaces(
        words.format(places=enumerate_words(labels)),
        with_filters(url("status"), StatusFilters.made_of(kept, {})),
    )
