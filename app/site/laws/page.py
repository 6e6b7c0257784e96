"""The page of one law: what it says, the events that name it, and who invokes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dates.wording import in_words
from app.filtering import NONE
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.kinds import LawForm
from app.record.filters import (
    EventFilters,
    ListFilters,
    SourceFilters,
    StatusFilters,
)
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory, preferred_name
from app.record.payloads import (
    EventPayload,
    PublishedEventLink,
    PublishedLegal,
    event_payload,
    form_of,
)
from app.record.rules import reported_status
from app.record.sql.rows import ListRow
from app.site.components.links import actor_page_link, names_in_scripts
from app.site.components.marks import corroboration_badges
from app.site.components.urls import PageLink, address, record_address, with_filters
from app.site.events.related_events import forward_label
from app.site.events.terms import LEGAL_RELATION_LABELS
from app.site.lists.histogram import histogram_view
from app.vocabulary.events import EventLink
from app.vocabulary.laws import LegalRelation, Reading
from app.web.urls import url

MAX_EVENTS = 500
"""Events read for one page: a list with more is read to its newest."""
MAX_ACTORS = 5
MAX_DEADLINES = 5

EVADED = "evaded"
GROUPS: Mapping[str, tuple[str, frozenset[LegalRelation]]] = {
    "done": (
        N_("Carried out or invoked"),
        frozenset(
            {
                LegalRelation.BASED_ON,
                LegalRelation.SIGNS,
                LegalRelation.RATIFIES,
                LegalRelation.OTHER_SIDE_BROKE_IT,
            }
        ),
    ),
    "against": (
        N_("Breaches and possible breaches"),
        frozenset({LegalRelation.AGAINST, LegalRelation.POSSIBLY_AGAINST}),
    ),
    EVADED: (N_("Reportedly evaded or not applied"), frozenset()),
    "mentioned": (
        N_("Mentioned"),
        frozenset({LegalRelation.REFERS_TO, LegalRelation.TO_BECOME}),
    ),
}
"""Groups of events by how they relate to the law. Links to other events make the group `EVADED`."""
EVADING_LINKS = frozenset({EventLink.EVADES, EventLink.NOT_APPLIED})


@dataclass(frozen=True)
class LawEvent:
    """An event that names the law: its date, how it relates to the law, and its support."""

    id: str
    address: str
    title: str
    when: str
    relation: str
    law: str
    """The law under this one that it names; empty if it names this one."""
    wording: str
    support: str
    is_ours: bool
    """Whether the relation is the editors' reading alone."""


@dataclass(frozen=True)
class LawEvents:
    """A group of events, split by who states the relation to the law."""

    code: str
    title: str
    events: Sequence[LawEvent]

    @property
    def parts(self) -> Sequence[tuple[str, Sequence[LawEvent]]]:
        split = (
            (_("Stated by a source"), [each for each in self.events if not each.is_ours]),
            (_("The editors’ reading"), [each for each in self.events if each.is_ours]),
        )
        return [(title, events) for title, events in split if events]


@dataclass(frozen=True)
class LawActor:
    label: str
    address: str
    count: int
    list_address: str


@dataclass(frozen=True)
class LawDeadline:
    """A deadline, and the event that first had it."""

    words: str
    event: PageLink


class LawPage:
    """The page model of `site/laws/page.html`."""

    def __init__(
        self, db: Session, edition: IndexedEdition, row: Version, directory: Directory
    ) -> None:
        form = LawForm.model_validate(form_of(row))
        code, name = form.code, preferred_name(form.names)
        events, sources = (
            filters.made_of({"law": (code,)}, {}) for filters in (EventFilters, SourceFilters)
        )
        counted = backend.match(db, edition, events, directory).counts()
        rows = backend.read_page(
            db, edition, events.with_(sort="-happened"), directory, MAX_EVENTS
        ).rows
        legal = {each.id: list(_legal_of(each, code, directory)) for each in rows}
        by_source = sum(any(one["reading"] == Reading.SOURCE for one in legal[id]) for id in legal)
        self.form, self.row = form, row
        self.code = code
        self.name = name
        self.names = [each for each in names_in_scripts(form.names, directory) if each.lang]
        # Names of no single language, by which it is found too.
        self.other_names = [
            each.text for each in form.names if not each.language and each.text != name
        ]
        self.kind = _(form.kind.label)
        self.kind_address = f"{url('laws')}?kind={form.kind}"
        self.issuer = actor_page_link(directory, form.issuer) if form.issuer else None
        self.above = [
            law_link(directory, each) for each in directory.with_ancestors("law", code)[1:]
        ]
        self.below = [law_link(directory, each) for each in directory.directly_under("law", code)]
        self.adopted = _day(form.adopted)
        self.in_force = _day(form.in_force)
        # Of the events that carry it out, earliest first.
        self.deadlines = _deadlines(rows, legal)
        self.events = counted.total
        self.events_address = address(events)
        self.groups = [
            LawEvents(key, _(title), found)
            for key, (title, relations) in GROUPS.items()
            if (
                found := [
                    *_events(rows, legal, relations, code, directory),
                    *(_evasions(db, edition, rows, legal) if key == EVADED else ()),
                ]
            )
        ]
        # Events in which a source says how the event relates to the law.
        self.by_source = by_source
        # Events in which only the editors say so.
        self.by_editors = len(rows) - by_source
        self.histogram = histogram_view(
            db, edition, events, directory, counted.extent, least="year"
        )
        self.actors = _actors(counted.facets.get("actor", {}), events, directory)
        self.sources = backend.match(db, edition, sources, directory).total
        self.sources_address = address(sources)
        self.status_address = with_filters(
            url("status"), StatusFilters.made_of({"law": (code,)}, {})
        )
        self.changed = row.changed


def _day(date: str) -> str:
    return in_words(date, lasts=False) if date else ""


def law_link(directory: Directory, code: str) -> PageLink:
    return PageLink(directory.label("law", code), url("law", code=code))


def _legal_of(row: ListRow, code: str, directory: Directory) -> Iterator[PublishedLegal]:
    """Yield the rows of an event that name this law or one under it."""
    for legal in event_payload(row)["form"].get("legal", ()):
        if code in directory.with_ancestors("law", legal.get("instrument", "")):
            yield legal


def _events(
    rows: Sequence[ListRow],
    legal_of: Mapping[str, Sequence[PublishedLegal]],
    relations: frozenset[LegalRelation],
    code: str,
    directory: Directory,
) -> Iterator[LawEvent]:
    for row in rows:
        payload = event_payload(row)
        # Where an event names the law twice, what a source says goes first.
        for legal in sorted(legal_of[row.id], key=lambda each: each["reading"] == Reading.OURS):
            relation = LegalRelation(legal["relation"])
            if relation in relations:
                named = legal.get("instrument", "")
                yield LawEvent(
                    row.id,
                    record_address(row.id),
                    payload["form"]["title"],
                    payload["happened_words"] or _("date not known"),
                    _(LEGAL_RELATION_LABELS[relation][Reading(legal["reading"])]),
                    directory.label("law", named) if named != code else "",
                    legal.get("printed", ""),
                    enumerate_words(mark.label for mark in corroboration_badges(payload)),
                    legal["reading"] == Reading.OURS,
                )
                break


def _evasions(
    db: Session,
    edition: IndexedEdition,
    rows: Sequence[ListRow],
    legal_of: Mapping[str, Sequence[PublishedLegal]],
) -> Iterator[LawEvent]:
    """Yield events with a link to one that carries out the law, newest first."""
    carried_out = {row.id: row for row in rows if _is_carried_out(legal_of[row.id])}
    ids = {
        link["from"]
        for row in carried_out.values()
        for link in event_payload(row)["links_from"]
        if link["type"] in EVADING_LINKS
    }
    found = select(Version).where(Version.id.in_(ids), edition.holds(), Version.is_live)
    for row in db.scalars(found.order_by(Version.sort_day.desc().nulls_last(), Version.number)):
        payload = event_payload(row)
        links = [
            link
            for link in payload["form"].get("links", [])
            if link["to"] in carried_out and link["type"] in EVADING_LINKS
        ]
        relations = [_link_in_words(payload, link, carried_out[link["to"]]) for link in links]
        yield LawEvent(
            row.id,
            record_address(row.id),
            payload["form"]["title"],
            payload["happened_words"] or _("date not known"),
            "; ".join(relations),
            "",
            "",
            enumerate_words(mark.label for mark in corroboration_badges(payload)),
            all(reported_status.is_our_reading(payload, link.get("id", "")) for link in links),
        )


def _link_in_words(payload: EventPayload, link: PublishedEventLink, to: ListRow) -> str:
    """Return what the link says, of which event, and the editors' reason for it."""
    words = _("{link}: {event}").format(
        link=forward_label(payload, link), event=event_payload(to)["form"]["title"]
    )
    if reason := link.get("reason", ""):
        return _("{words} ({reason})").format(words=words, reason=reason.removesuffix("."))
    return words


def _is_carried_out(legal: Sequence[PublishedLegal]) -> bool:
    _title, relations = GROUPS["done"]
    return any(LegalRelation(one["relation"]) in relations for one in legal)


def _deadlines(
    rows: Sequence[ListRow], legal_of: Mapping[str, Sequence[PublishedLegal]]
) -> list[LawDeadline]:
    """Return each deadline of events that carry the law out once, with the earliest event."""
    found: dict[str, LawDeadline] = {}
    oldest_first = list(reversed(rows))
    for row in sorted(oldest_first, key=lambda row: form_of(row).get("deadline", "")):
        words = event_payload(row)["deadline_words"]
        if words and _is_carried_out(legal_of[row.id]):
            found.setdefault(words, LawDeadline(words, PageLink(row.id, record_address(row.id))))
    return list(found.values())[:MAX_DEADLINES]


def _actors(counts: Mapping[str, int], events: ListFilters, directory: Directory) -> list[LawActor]:
    """Return the actors that most of the events name, without bodies that are only above them."""
    above = {
        parent
        for code, count in counts.items()
        for parent in directory.with_ancestors("actor", code)[1:]
        if counts.get(parent) == count
    }
    found = [
        LawActor(
            directory.label("actor", code),
            url("actor", code=code),
            count,
            address(events.with_(actor=code)),
        )
        for code, count in counts.items()
        if count and code != NONE and code in directory.actors and code not in above
    ]
    return sorted(found, key=lambda actor: (-actor.count, actor.label))[:MAX_ACTORS]
