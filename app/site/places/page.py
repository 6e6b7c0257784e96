"""The page of a place, of any size: how many people, rules, newest events, all estimates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.record.filters import EstimateFilters, EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.payloads import event_payload, form_of, named_place_codes
from app.record.reads.measures import people_of
from app.record.rules.containment import parents_of
from app.record.rules.reported_status import is_our_reading
from app.record.rules.rule_groups import RuleGroup
from app.record.sql.rows import ListRow
from app.site.charts.estimates_chart import EstimatesChart
from app.site.components.headcounts import nationalities
from app.site.components.links import address_of_places, related_lists
from app.site.components.urls import PageLink, address, record_address, with_filters
from app.site.events.event import larger_places
from app.site.pages import sentences_of_places
from app.site.presenters.estimate import EstimateView
from app.site.presenters.event import EventView, event_view
from app.site.presenters.place import MAX_ESTIMATES, PlaceAnswer, PlaceView, estimates_at
from app.site.status.state import NOW, StateRule, state_of, workers_of
from app.vocabulary.events import EventLink, Step
from app.vocabulary.pages import PageKind
from app.vocabulary.record import PlaceKind
from app.web.urls import url

MAX_NEWEST_EVENTS = 5
MAX_RULES = 4
MAX_EVASIONS = 200
"""Reports of evasion that are read for a page, newest first."""


class PlaceWithin(NamedTuple):
    place: PlaceView
    events: int
    inside: "Sequence[PlaceWithin]"
    """Places within it, most events first."""


class PlacePage(PlaceView):
    """The page model of `site/places/page.html`."""

    def __init__(
        self, db: Session, edition: IndexedEdition, code: str, directory: Directory
    ) -> None:
        super().__init__(code, directory)
        self.edition, self.on = edition, edition.at.date()
        children = [other for other in directory.children.get(code, ()) if other != code]
        sites = [each for each in children if directory.kind_of_place(each) is PlaceKind.SITE]
        # Workplaces named by reports, which have no page of their own.
        self.sites = sites if self.is_town else []
        # For a region: its members that it does not contain administratively, too.
        self.inside = [each for each in children if each not in sites] + [
            other.code
            for other in directory.places.values()
            if code in other.regions and other.code not in children
        ]
        self.found = estimates_at(db, edition, directory, [code, *self.sites])
        # Estimates of the place itself.
        self.own = [row for row in self.found if code in named_place_codes(form_of(row)["terms"])]
        # How many events are in the place and the places within it, and in each of these.
        counts = backend.match(db, edition, self.events_filter, directory).counts()
        self.events_total = counts.total
        self.events_at = counts.within.get("place", {})
        self.newest, evasion = _newest_events(db, edition, self.events_filter, directory)
        self.evasion = evasion if self.is_town else []
        self.larger = larger_places(db, edition, self.events_filter, directory)
        self._counts = counts
        self.people, self.other_people = self._whom(people_of(edition))
        self.answer = PlaceAnswer(self.own, code, self.on, directory, self.people)
        self.related = related_lists(edition, code)
        # What an editor wrote in place of the generated answer.
        written = sentences_of_places(db, edition, directory, PageKind.ANSWER, [code])
        self.written = written.get(code)
        # The rules last reported for it and for the places that contain it.
        self.state = state_of(db, edition, directory, code, people=self.people)

    def _whom(self, usual: list[str]) -> tuple[list[str], list[str]]:
        """Return the nationality that the page is about, and the others recorded here.

        It is that of the whole record, if anything here is about these people.
        """
        found = Counter(dict(self._counts.within.get("nationality", {})))
        found.update(code for row in self.own for code in nationalities(form_of(row)))
        coded = {form.code for form in self.directory.codes.values() if form.list == "nationality"}
        known = [code for code, count in found.most_common() if count and code in coded]
        people = usual if not known or set(usual) & set(known) else known[:1]
        return people, [code for code in known if code not in people]

    @property
    def other_rules(self) -> list[PageLink]:
        """What applies here to people of the other nationalities that are recorded here."""
        return [
            PageLink(
                workers_of([each], self.directory),
                with_filters(
                    url("status"),
                    StatusFilters.made_of({"place": (self.code,), "nationality": (each,)}, {}),
                ),
            )
            for each in self.other_people
        ]

    @property
    def lies_in(self) -> list[str]:
        """Codes of the places that contain it, nearest first; of a town, up to its country."""
        return self.above if self.is_town else [*parents_of(self.code, self.directory.places)]

    @property
    def events_filter(self) -> EventFilters:
        return EventFilters.made_of({"place": (self.code,)}, {})

    @property
    def events_address(self) -> str:
        return address(self.events_filter)

    @property
    def compare_address(self) -> str:
        return address_of_places([self.code])

    @property
    def all_address(self) -> str:
        """The list of estimates, which includes places within this one."""
        return address(EstimateFilters.made_of({"place": (self.code,)}, {}))

    # Estimates ------------------------------------------------------------------------------------

    @cached_property
    def chart(self) -> EstimatesChart:
        return EstimatesChart.of(self.answer)

    @property
    def are_all(self) -> bool:
        """False if the place has more estimates than a page shows."""
        return len(self.found) < MAX_ESTIMATES

    # Events ---------------------------------------------------------------------------------------

    @property
    def events(self) -> list[EventView]:
        return [event_view(row, self.directory, self.on) for row in self.newest]

    @property
    def evasions(self) -> Iterator[tuple[EventView, list[tuple[PageLink, bool]]]]:
        """Yield reports of evasion, each with the rules that it evades, perhaps as we read it."""
        for row in self.evasion:
            payload = event_payload(row)
            yield (
                event_view(row, self.directory, self.on),
                [
                    (
                        PageLink(link["to"], record_address(link["to"])),
                        is_our_reading(payload, link.get("id", "")),
                    )
                    for link in payload["form"].get("links", [])
                    if link["type"] == EventLink.EVADES
                ],
            )

    # Rules ----------------------------------------------------------------------------------------

    @property
    def rules(self) -> list[StateRule]:
        """The newest rules that are reported in force or unclear, or else the newest old one."""
        now = [rule for rule in self.state.group(*NOW) if not rule.is_law]
        return now[:MAX_RULES] or self.state.group(RuleGroup.OLDER)[:1]

    @property
    def rules_address(self) -> str:
        people = () if self.people == people_of(self.edition) else self.people
        asked = {"place": (self.code,), "nationality": people}
        return with_filters(url("status"), StatusFilters.made_of(asked, {}))

    # Places within --------------------------------------------------------------------------------

    @property
    def places_within(self) -> "list[PlaceWithin]":
        """The places directly within it, each with those within it; of the world, without."""
        depth = 1 if self.form.kind is PlaceKind.WORLD else 2
        return self._within(self.inside, depth)

    def _within(self, codes: Iterable[str], depth: int) -> "list[PlaceWithin]":
        found = [
            PlaceWithin(
                PlaceView(code, self.directory),
                self.events_at.get(code, 0),
                self._within(self.directory.children.get(code, ()), depth - 1),
            )
            for code in (codes if depth else ())
        ]
        return sorted(found, key=lambda each: (-each.events, each.place.label))

    @property
    def workplaces(self) -> Iterator[tuple[PlaceView, list[EstimateView], int, str]]:
        """Yield each with its estimates, and the number and address of its events."""
        for code in self.sites:
            figures = [
                EstimateView(row, self.directory, at=code)
                for row in self.found
                if code in named_place_codes(form_of(row)["terms"])
            ]
            events = address(EventFilters.made_of({"place": (code,)}, {}))
            yield PlaceView(code, self.directory), figures, self.events_at.get(code, 0), events


# Queries ----------------------------------------------------------------------------------------


def _newest_events(
    db: Session, edition: IndexedEdition, here: EventFilters, directory: Directory
) -> tuple[list[ListRow], list[ListRow]]:
    """Return the newest events of a place, and its reports of evasion, oldest first."""
    evades = [("stage", Step.EVASION), ("uses", f"event-link:{EventLink.EVADES}")]
    latest = backend.latest_rows(db, edition, here, directory, most=MAX_NEWEST_EVENTS).seqs
    evasion = backend.latest_rows(
        db, edition, here, directory, most=MAX_EVASIONS, having=[evades]
    ).seqs
    by_seq = backend.rows_by_seq(db, [*latest, *evasion])

    def existing(seqs: Sequence[int]) -> list[ListRow]:
        return [by_seq[seq] for seq in seqs if seq in by_seq]

    return existing(latest), existing([*reversed(evasion)])
