"""The page of one law: what it says, the events that name it, and who invokes it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup, escape

from app.dates.wording import in_words
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, inside
from app.record.filters import StatusFilters
from app.record.lists import backend
from app.record.payloads import event_payload
from app.site.components.text import insert
from app.site.components.urls import PageLink, page_link, with_filters
from app.site.events.event import forward_label, relation_in_words
from app.site.presenters.event import EventView
from app.site.presenters.page import NamedPage
from app.vocabulary.events import EventLink
from app.vocabulary.named import LegalRelation, Reading
from app.web.urls import url

EVADED = "evaded"
GROUPS: Mapping[str, tuple[str, set[LegalRelation]]] = {
    "done": (
        N_("Carried out or invoked"),
        {
            LegalRelation.BASED_ON,
            LegalRelation.SIGNS,
            LegalRelation.RATIFIES,
            LegalRelation.OTHER_SIDE_BROKE_IT,
        },
    ),
    "against": (
        N_("Breaches and possible breaches"),
        {LegalRelation.AGAINST, LegalRelation.POSSIBLY_AGAINST},
    ),
    EVADED: (N_("Reportedly evaded or not applied"), set()),
    "mentioned": (
        N_("Mentioned"),
        {LegalRelation.REFERS_TO, LegalRelation.TO_BECOME},
    ),
}
"""Groups of events by how they relate to the law. Links to other events make the group `EVADED`."""
EVADING_LINKS = {EventLink.EVADES, EventLink.NOT_APPLIED}


class LawEvent(NamedTuple):
    """An event that names the law, and how it relates to the law."""

    event: EventView
    relation: str
    law: str = ""
    """The law under this one that it names."""
    wording: str = ""


class LawEvents(NamedTuple):
    code: str
    title: str
    events: Sequence[LawEvent]


class LawPage(NamedPage):
    """The answer is since when the law applies and what the record has on it."""

    @property
    def answer(self) -> Markup:
        named = self.unnamed
        if self.events.count:
            groups = enumerate_words(
                _("{role} {count}").format(role=inside(group.title), count=len(group.events))
                for group in self.groups
                if group.code != EVADED
            )
            named = insert(
                _("Named in {events}: {groups}."), events=self.events.link, groups=groups
            )
        return Markup(" ").join(filter(None, [escape(self.since), named]))

    @property
    def since(self) -> str:
        """Since when it applies. Whether it still does, only the events that name it say."""
        if self.in_force:
            return _("It entered into force {date}.").format(date=self.in_force)
        if self.adopted:
            return _("Adopted {date}; since when it applies is not recorded.").format(
                date=self.adopted
            )
        return _("Since when it applies is not recorded.")

    @property
    def adopted(self) -> str:
        return in_words(self.full.adopted, lasts=False)

    @property
    def in_force(self) -> str:
        return in_words(self.full.in_force, lasts=False)

    @property
    def issuer(self) -> list[PageLink]:
        return [page_link(self.directory, "actor", self.full.issuer)] if self.full.issuer else []

    @cached_property
    def groups(self) -> list[LawEvents]:
        found = [
            LawEvents(
                key,
                self.title_of(key),
                list(self._evasions() if key == EVADED else self._events(relations)),
            )
            for key, (_title, relations) in GROUPS.items()
        ]
        return [group for group in found if group.events]

    def _events(self, relations: set[LegalRelation]) -> Iterator[LawEvent]:
        for row in self.event_rows:
            named = [
                legal
                for legal in event_payload(row)["form"].get("legal", ())
                if legal["relation"] in relations
                and self.code in self.directory.with_ancestors("law", legal.get("instrument", ""))
            ]
            # Where an event names the law twice, what a source says goes first.
            for legal in sorted(named, key=lambda each: each["reading"] == Reading.OURS)[:1]:
                law = legal["instrument"]
                yield LawEvent(
                    self.event_view(row),
                    relation_in_words(LegalRelation(legal["relation"]), Reading(legal["reading"])),
                    law=self.directory.label("law", law) if law != self.code else "",
                    wording=legal.get("printed", ""),
                )

    def _evasions(self) -> Iterator[LawEvent]:
        """Yield events that evade one that carries out the law, or show that it was not applied."""
        _title, relations = GROUPS["done"]
        done = {each.event.id: each.event for each in self._events(relations)}
        ids = {
            link["from"]
            for event in done.values()
            for link in event.payload["links_from"]
            if link["type"] in EVADING_LINKS
        }
        rows = backend.rows_by_id(self.db, self.edition, sorted(ids)).values()
        for row in sorted(rows, key=lambda row: row.sort_day or date.min, reverse=True):
            event = self.event_view(row)
            told = [
                _("{link}: {event}").format(
                    link=forward_label(event.payload, link), event=done[link["to"]].form["title"]
                )
                + (f" ({link['reason'].removesuffix('.')})" if link.get("reason") else "")
                for link in event.form.get("links", ())
                if link["to"] in done and link["type"] in EVADING_LINKS
            ]
            yield LawEvent(event, "; ".join(told))

    def title_of(self, group: str) -> str:
        return _(GROUPS[group][0])

    @property
    def status_address(self) -> str:
        return with_filters(url("status"), StatusFilters.made_of({"law": (self.code,)}, {}))
