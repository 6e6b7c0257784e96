"""What stands beside an event: what it is linked with, what it is part of, what followed in the same place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.dates.bar import Bar, Strip, bar, strip
from app.dates.edtf import Days
from app.i18n.translate import N_, _
from app.record.filters import EventFilters
from app.record.names.directory import Directory
from app.record.reads.event_context import FOLLOWS_WITHIN, Around, must_follow, named_places
from app.record.sql.rows import Found
from app.site.components.badges import Mark, stage_marks
from app.site.components.citations import CitationLink, Target
from app.site.components.event_card import whole_years
from app.site.components.urls import address, record_address
from app.vocabulary.events import EventLink

# Links ------------------------------------------------------------------------------------------------------------


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
    """Citations that speak of the link itself."""


BACKWARDS = {
    EventLink.PART_OF: N_("Has the part"),
    EventLink.FOLLOWS: N_("Is followed by"),
    EventLink.IMPLEMENTS: N_("Is carried out by"),
    EventLink.EFFECT_OF: N_("Led, it is said, to"),
    EventLink.EVADES: N_("Is got round by"),
    EventLink.REVERSES: N_("Is reversed by"),
    EventLink.EXPLAINS: N_("Is explained by"),
    EventLink.ANSWERS: N_("Is answered by"),
    EventLink.SAME_AS: N_("Same as"),
    EventLink.CONTRADICTS: N_("Contradicted by"),
}


def links(event: Around) -> list[LinkRow]:
    """Links of this event, then those of others to it, but for parts of which there is no more to say: they are drawn.

    What was withdrawn or removed since is left out.
    """
    form = event.row.payload["form"]
    rows = [
        _link(link, event.events[link["to"]], EventLink(link["type"]).label, form, "")
        for link in form.get("links", [])
        if link["to"] in event.events
    ]
    for into in event.row.payload["links_from"]:
        if other := event.events.get(into["from"]):
            theirs = other.payload["form"]
            link = next(
                link
                for link in theirs["links"]
                if link["to"] == event.row.id and link["type"] == into["type"]
            )
            rows.append(
                _link(
                    link,
                    other,
                    BACKWARDS[EventLink(link["type"])],
                    theirs,
                    record_address(other.id),
                )
            )
    return [row for row in rows if row.reason or row.cited or not row.is_part]


def _link(
    link: Mapping[str, Any], other: Found, label: str, form: Mapping[str, Any], page: str
) -> LinkRow:
    """`form` is the event under which the link and the citations that speak of it stand, `page` its address."""
    cited = [
        citation
        for citation in form.get("citations", [])
        if citation.get("about") and _is_about(citation, link)
    ]
    return LinkRow(
        label=_(label),
        id=other.id,
        address=record_address(other.id),
        title=other.payload["form"]["title"],
        when=other.payload["happened_words"] or _("date not known"),
        reason=link.get("reason", ""),
        is_part=link["type"] == EventLink.PART_OF,
        cited=[CitationLink(citation["id"], f"{page}#{citation['id']}") for citation in cited],
    )


def _is_about(citation: Mapping[str, Any], link: Mapping[str, Any]) -> bool:
    return bool(citation["about"] == link.get("id"))


def link_targets(event: Around) -> dict[str, Target]:
    """The links of this event that its citations may speak of."""
    return {
        link.id: Target(_linked_with(link.type, event.events[link.to]), record_address(link.to))
        for link in event.form.links
        if link.to in event.events
    }


def _linked_with(type: EventLink, other: Found) -> str:
    return _("the link “{label}” to: {title}").format(
        label=_(type.label), title=other.payload["form"]["title"]
    )


# A whole and its parts --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartRow:
    id: str
    address: str
    title: str
    when: str
    stages: Sequence[Mark]
    """The newest step known on each track: a part may have begun while another is no more than planned."""
    bar: Bar | None
    is_here: bool


@dataclass(frozen=True)
class Parts:
    """A whole with its parts in order of time, all on one scale."""

    whole: PartRow
    parts: Sequence[PartRow]
    strip: Strip | None


PARTS_WIDTH = 240


def parts_of(event: Around) -> list[Parts]:
    """For each whole that the event is part of, and for the event itself if it has parts."""
    known = {**event.events, event.row.id: event.row}
    wholes = [
        link.to for link in event.form.links if link.type is EventLink.PART_OF and link.to in known
    ]
    found = []
    for whole in [*wholes, event.row.id]:
        parts = [other for other in known.values() if _is_part(other, whole)]
        if parts:
            parts.sort(key=lambda part: (part.sort_day or date.max, part.number))
            found.append(_parts(known[whole], parts, event.row.id))
    return found


def _is_part(event: Found, whole: str) -> bool:
    links = event.payload["form"].get("links", [])
    return any(link["to"] == whole and link["type"] == EventLink.PART_OF for link in links)


def _parts(whole: Found, parts: Sequence[Found], here: str) -> Parts:
    scale = whole_years([whole, *parts])
    return Parts(
        whole=_part(whole, scale, here),
        parts=[_part(part, scale, here) for part in parts],
        strip=strip(scale, None, PARTS_WIDTH),
    )


def _part(event: Found, scale: Days | None, here: str) -> PartRow:
    form = event.payload["form"]
    drawn = (event.span, event.lo, event.hi, form.get("happened", ""), form.get("deadline", ""))
    return PartRow(
        id=event.id,
        address=record_address(event.id),
        title=form["title"],
        when=event.payload["happened_words"] or _("date not known"),
        stages=stage_marks(event.payload),
        bar=bar(*drawn, scale, PARTS_WIDTH) if scale else None,
        is_here=event.id == here,
    )


# What followed ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FollowerRow:
    id: str
    address: str
    title: str
    type: str
    when: str
    places: Sequence[str]
    """Those that both events name."""
    is_sure: bool
    is_evasion: bool


@dataclass(frozen=True)
class Followers:
    rows: Sequence[FollowerRow]
    places: Sequence[str]
    more: int
    address: str
    """Everything that could have happened there in these days."""


def followers(event: Around, directory: Directory) -> Followers | None:
    """None where nobody knows when the event began, or it names no place but the world."""
    begins = event.row.lo
    places = named_places(event.row.payload["form"], directory)
    if begins is None or begins.first is None or not places:
        return None
    return Followers(
        rows=[_follower(other, begins, places, directory) for other in event.followers],
        places=[directory.label("place", code) for code in places],
        more=event.followed - len(event.followers),
        address=address(EventFilters.made_of(_those_days(begins, places), {})),
    )


def _those_days(begins: Days, places: Sequence[str]) -> dict[str, tuple[str, ...]]:
    asked = {"place": tuple(places), "from": (begins.first.isoformat() if begins.first else "",)}
    return {**asked, "to": ((begins.last + FOLLOWS_WITHIN).isoformat(),)} if begins.last else asked


def _follower(
    other: Found, begins: Days, places: Sequence[str], directory: Directory
) -> FollowerRow:
    form = other.payload["form"]
    named = {
        code
        for place in named_places(form, directory)
        for code in (place, directory.places[place].parent)
    }
    return FollowerRow(
        id=other.id,
        address=record_address(other.id),
        title=form["title"],
        type=directory.label("type", form["type"]),
        when=other.payload["happened_words"] or _("date not known"),
        places=[directory.label("place", code) for code in places if code in named],
        is_sure=must_follow(begins, other.lo or Days()),
        is_evasion=any(link["type"] == EventLink.EVADES for link in form.get("links", [])),
    )
