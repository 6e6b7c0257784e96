"""Related events: links both ways, wholes and their parts, later events in the same place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pyroaring import BitMap
from sqlalchemy.orm import Session

from app.dates.bar import Bar, Strip, strip
from app.dates.edtf import Days
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, ngettext
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.payloads import (
    EventPayload,
    PublishedCitation,
    PublishedEvent,
    PublishedEventLink,
    event_payload,
    form_of,
)
from app.record.reads.event_context import (
    MAX_FOLLOWING_TIME,
    EventContext,
    certainly_follows,
    named_places,
)
from app.record.rules.containment import places_and_ancestors
from app.record.rules.reported_status import is_our_reading
from app.record.sql.rows import ListRow
from app.site.components.citations import CitationLink, CitationTarget
from app.site.components.marks import Badge
from app.site.components.reported_status import last_reported_badges
from app.site.components.urls import address, record_address, with_filters
from app.site.presenters.event import event_bar, whole_years
from app.vocabulary.events import EventLink
from app.vocabulary.record import PlaceKind
from app.web.urls import url

# Links -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LinkRow:
    label: str
    id: str
    address: str
    title: str
    when: str
    reason: str
    is_part: bool
    cited: Sequence[CitationLink]
    """Citations of the link itself."""


FORWARD_LABELS = {
    EventLink.IMPLEMENTS: N_("Reportedly implements"),
    EventLink.EFFECT_OF: N_("Reportedly a result of"),
    EventLink.EVADES: N_("Reportedly evades"),
    EventLink.REVERSES: N_("Reportedly reverses"),
    EventLink.PARTLY_REVERSES: N_("Reportedly reverses in part"),
    EventLink.NOT_APPLIED: N_("Shows that it was not applied, in the editors’ reading"),
}
BACKWARD_LABELS = {
    EventLink.PART_OF: N_("Has the part"),
    EventLink.FOLLOWS: N_("Is followed by"),
    EventLink.IMPLEMENTS: N_("Reportedly implemented by"),
    EventLink.EFFECT_OF: N_("Reportedly resulted in"),
    EventLink.EVADES: N_("Reportedly evaded by"),
    EventLink.REVERSES: N_("Reportedly reversed by"),
    EventLink.PARTLY_REVERSES: N_("Reportedly reversed in part by"),
    EventLink.EXPLAINS: N_("Is explained by"),
    EventLink.ANSWERS: N_("Has the response"),
    EventLink.SAME_AS: N_("Possible duplicate of"),
    EventLink.CONTRADICTS: N_("Contradicts"),
    EventLink.NOT_APPLIED: N_("Not applied, in the editors’ reading, as shown by"),
    EventLink.DISAGREES: N_("Does not agree with"),
}
OUR_FORWARD_LABELS = {
    EventLink.IMPLEMENTS: N_("Implements, in the editors’ reading"),
    EventLink.EFFECT_OF: N_("Result, in the editors’ reading, of"),
    EventLink.EVADES: N_("Evades, in the editors’ reading"),
    EventLink.REVERSES: N_("Reverses, in the editors’ reading"),
    EventLink.PARTLY_REVERSES: N_("Reverses in part, in the editors’ reading"),
}
"""For links that no source makes, or for which an editor gives a reason."""
OUR_BACKWARD_LABELS = {
    EventLink.IMPLEMENTS: N_("Implemented, in the editors’ reading, by"),
    EventLink.EFFECT_OF: N_("Resulted, in the editors’ reading, in"),
    EventLink.EVADES: N_("Evaded, in the editors’ reading, by"),
    EventLink.REVERSES: N_("Reversed, in the editors’ reading, by"),
    EventLink.PARTLY_REVERSES: N_("Reversed in part, in the editors’ reading, by"),
}


def links(event: EventContext) -> list[LinkRow]:
    """Return the event's links, then the links of other events to this event.

    A plain part, without reason or citation, is left out: `parts_of` draws it.
    Links to withdrawn or purged events are left out too.
    """
    payload = event.payload
    form = payload["form"]
    rows = [
        _link_row(link, event.events[link["to"]], forward_label(payload, link), form, "")
        for link in form.get("links", [])
        if link["to"] in event.events
    ]
    for into in payload["links_from"]:
        if other := event.events.get(into["from"]):
            theirs = form_of(other)
            link = next(
                link
                for link in theirs["links"]
                if link["to"] == event.row.id and link["type"] == into["type"]
            )
            label = _backward_label(event_payload(other), link)
            rows.append(_link_row(link, other, label, theirs, record_address(other.id)))
    return [row for row in rows if row.reason or row.cited or not row.is_part]


def forward_label(payload: EventPayload, link: PublishedEventLink) -> str:
    type = EventLink(link["type"])
    if is_our_reading(payload, link.get("id", "")):
        return _ours(type, OUR_FORWARD_LABELS, FORWARD_LABELS.get(type, type.label))
    return _(FORWARD_LABELS.get(type, type.label))


def _backward_label(payload: EventPayload, link: PublishedEventLink) -> str:
    type = EventLink(link["type"])
    if is_our_reading(payload, link.get("id", "")):
        return _ours(type, OUR_BACKWARD_LABELS, BACKWARD_LABELS[type])
    return _(BACKWARD_LABELS[type])


def _ours(type: EventLink, labels: Mapping[EventLink, str], label: str) -> str:
    """Return the label of a link that no source makes. Some links are always our judgement."""
    if type in labels:
        return _(labels[type])
    if type is EventLink.NOT_APPLIED:
        return _(label)
    return _("{link}, in the editors’ reading").format(link=_(label))


def _link_row(
    link: PublishedEventLink, other: ListRow, label: str, form: PublishedEvent, page: str
) -> LinkRow:
    """Return a row. `form` is the event that has the link and its citations, `page` its address."""
    cited = [citation for citation in form.get("citations", []) if _says_so(citation, link)]
    return LinkRow(
        label=label,
        id=other.id,
        address=record_address(other.id),
        title=form_of(other)["title"],
        when=event_payload(other)["happened_words"] or _("date not known"),
        reason=link.get("reason", ""),
        is_part=link["type"] == EventLink.PART_OF,
        cited=[CitationLink(citation["id"], f"{page}#{citation['id']}") for citation in cited],
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


# A whole and its parts --------------------------------------------------------------------------


@dataclass(frozen=True)
class PartRow:
    id: str
    address: str
    title: str
    when: str
    stages: Sequence[Badge]
    """The latest stage on each track."""
    bar: Bar | None
    is_here: bool
    is_ours: bool = False
    """Whether it is a part in our reading only: no source says so."""


@dataclass(frozen=True)
class WholeWithParts:
    """A whole with its parts by date, with bars on one scale."""

    whole: PartRow
    parts: Sequence[PartRow]
    strip: Strip | None


PARTS_BAR_WIDTH = 240


def parts_of(event: EventContext) -> list[WholeWithParts]:
    """Return each whole that the event is part of, then the event itself if it has parts."""
    known = {**event.events, event.row.id: event.row}
    wholes = [
        link.to for link in event.form.links if link.type is EventLink.PART_OF and link.to in known
    ]
    found = []
    for whole in [*wholes, event.row.id]:
        parts = [other for other in known.values() if _is_part(other, whole)]
        if parts:
            parts.sort(key=lambda part: (part.sort_day or date.max, part.number))
            found.append(_whole_with_parts(known[whole], parts, event.row.id))
    return found


def _is_part(event: ListRow, whole: str) -> bool:
    links = form_of(event).get("links", [])
    return any(link["to"] == whole and link["type"] == EventLink.PART_OF for link in links)


def _is_part_in_our_reading(event: ListRow, whole: str) -> bool:
    payload = event_payload(event)
    return any(
        is_our_reading(payload, link.get("id", ""))
        for link in payload["form"].get("links", [])
        if link["to"] == whole and link["type"] == EventLink.PART_OF
    )


def _whole_with_parts(whole: ListRow, parts: Sequence[ListRow], here: str) -> WholeWithParts:
    scale = whole_years([whole, *parts])
    return WholeWithParts(
        whole=_part_row(whole, scale, here),
        parts=[
            replace(_part_row(part, scale, here), is_ours=_is_part_in_our_reading(part, whole.id))
            for part in parts
        ],
        strip=strip(scale, None, PARTS_BAR_WIDTH),
    )


def _part_row(event: ListRow, scale: Days | None, here: str) -> PartRow:
    payload = event_payload(event)
    form = payload["form"]
    return PartRow(
        id=event.id,
        address=record_address(event.id),
        title=form["title"],
        when=payload["happened_words"] or _("date not known"),
        stages=last_reported_badges(payload),
        bar=event_bar(event, scale, PARTS_BAR_WIDTH),
        is_here=event.id == here,
    )


# Later events -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class FollowerRow:
    id: str
    address: str
    title: str
    type: str
    when: str
    places: Sequence[str]
    """Places that both events name."""
    is_sure: bool
    evaded: Sequence[str]
    """Ids of the measures that it is said to evade."""
    evaded_as_we_read: Sequence[str]
    """Ids of those that it evades in our reading only."""


@dataclass(frozen=True)
class Followers:
    rows: Sequence[FollowerRow]
    places: Sequence[str]
    more: int
    address: str
    """The timeline, filtered by these places and by the following days."""


def followers(event: EventContext, directory: Directory) -> Followers | None:
    """Return later events in the same places; None if the start is unknown or no place is named.

    The world does not count as a named place.
    """
    begins = event.row.lo
    places = named_places(event.payload["form"], directory)
    if begins is None or begins.first is None or not places:
        return None
    return Followers(
        rows=[_follower_row(other, begins, places, directory) for other in event.followers],
        places=[directory.label("place", code) for code in places],
        more=event.followed - len(event.followers),
        address=address(EventFilters.made_of(_follower_filters(begins, places), {})),
    )


def _follower_filters(begins: Days, places: Sequence[str]) -> dict[str, tuple[str, ...]]:
    query = {"place": tuple(places), "from": (begins.first.isoformat() if begins.first else "",)}
    return (
        {**query, "to": ((begins.last + MAX_FOLLOWING_TIME).isoformat(),)} if begins.last else query
    )


def _follower_row(
    other: ListRow, begins: Days, places: Sequence[str], directory: Directory
) -> FollowerRow:
    payload = event_payload(other)
    form = payload["form"]
    named = {
        code
        for place in named_places(form, directory)
        for code in (place, directory.places[place].parent)
    }
    evaded = [link for link in form.get("links", []) if link["type"] == EventLink.EVADES]
    return FollowerRow(
        id=other.id,
        address=record_address(other.id),
        title=form["title"],
        type=directory.label("type", form["type"]),
        when=event_payload(other)["happened_words"] or _("date not known"),
        places=[directory.label("place", code) for code in places if code in named],
        is_sure=certainly_follows(begins, other.lo or Days()),
        evaded=[link["to"] for link in evaded if not is_our_reading(payload, link.get("id", ""))],
        evaded_as_we_read=[
            link["to"] for link in evaded if is_our_reading(payload, link.get("id", ""))
        ],
    )


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
