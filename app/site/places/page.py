"""The page of a place, of any size: how many people, rules, newest events, all estimates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.record.filters import EstimateFilters, EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.payloads import event_payload, form_of, named_place_codes
from app.record.rules.reported_status import is_our_reading
from app.record.rules.rule_groups import RuleGroup
from app.record.sql.rows import ListRow
from app.record.terms import TermPair
from app.site.cards import lists_of
from app.site.charts.estimates_chart import EstimatesChart
from app.site.components.links import address_of_places
from app.site.components.urls import PageLink, address, record_address
from app.site.pages import sentences_of_places
from app.site.presenters.estimate import EstimateView
from app.site.presenters.event import EventView
from app.site.presenters.place import (
    PlaceAnswer,
    PlaceView,
    estimates_at,
    newest_estimates,
)
from app.site.status.state import NOW, StateRule, states_of, status_address, workers_of
from app.vocabulary.events import EventLink, Step
from app.vocabulary.kinds import RecordKind
from app.vocabulary.named import PageKind
from app.vocabulary.record import PlaceKind

MAX_RULES = 4
MAX_FIGURES = 50
"""Newest estimates in the table: a row is a kilobyte."""
MAX_EVASIONS = 200
"""Reports of evasion that are read for a page, newest first."""


class PlaceWithin(NamedTuple):
    place: PlaceView
    events: int
    inside: "Sequence[PlaceWithin]"
    """Places within it, most events first."""


class PlaceSummary(PlaceView):
    """A place with its estimates and newest events, alone or beside others."""

    most_events = 3

    def __init__(
        self, db: Session, edition: IndexedEdition, code: str, directory: Directory
    ) -> None:
        super().__init__(code, directory)
        self.db, self.edition, self.on = db, edition, edition.at.date()
        self.events_filter = EventFilters.made_of({"place": (code,)}, {})
        self.seqs = [
            *newest_estimates(db, edition, directory, [code]),
            *self._newest_events(self.most_events),
        ]

    def take(self, read: Mapping[int, ListRow]) -> None:
        """Take the rows of `seqs`, which one SQL statement reads for all places of a page."""
        rows = [read[seq] for seq in self.seqs if seq in read]
        estimates = [row for row in rows if row.id[0] == RecordKind.ESTIMATE]
        self.newest = [row for row in rows if row.id[0] == RecordKind.EVENT]
        self.answer = PlaceAnswer(self.db, self.edition, self.directory, self.code, estimates)

    def _newest_events(self, most: int, *having: Iterable[TermPair]) -> Sequence[int]:
        """Return the `seq` of the newest events."""
        return backend.latest_rows(
            self.db, self.edition, self.events_filter, self.directory, most=most, having=having
        ).seqs

    @property
    def events_address(self) -> str:
        return address(self.events_filter)

    @property
    def events(self) -> list[EventView]:
        return [EventView(row, self.directory, self.on) for row in self.newest]

    @property
    def all_address(self) -> str:
        """The list of estimates, which includes places within this one."""
        return address(EstimateFilters.made_of({"place": (self.code,)}, {}))

    @cached_property
    def chart(self) -> EstimatesChart:
        return EstimatesChart.of(self.answer)


class PlacePage(PlaceSummary):
    """The page model of `site/places/page.html`."""

    most_events = 5

    def __init__(
        self, db: Session, edition: IndexedEdition, code: str, directory: Directory
    ) -> None:
        super().__init__(db, edition, code, directory)
        # Reports of evasion, oldest first.
        evades = [("stage", Step.EVASION), ("uses", f"event-link:{EventLink.EVADES}")]
        evasion = self._newest_events(MAX_EVASIONS, evades) if self.is_town else []
        read = backend.rows_by_seq(db, [*self.seqs, *evasion])
        self.take(read)
        self.evasion = [read[seq] for seq in reversed(evasion) if seq in read]
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
        self.at_sites = estimates_at(db, edition, directory, self.sites) if self.sites else []
        self.events_total = self.answer.events.total
        self.events_at = self.answer.events.within.get("place", {})
        self.related = lists_of(edition, self.noun, code)
        # What an editor wrote in place of the generated answer.
        written = sentences_of_places(db, edition, directory, PageKind.ANSWER, [code])
        self.written = written.get(code)
        # The rules last reported for it and for the places that contain it.
        asked, people = [(code, False)], self.answer.chosen
        [self.state] = states_of(db, edition, directory, asked, people=people)

    @property
    def other_rules(self) -> list[PageLink]:
        """What applies here to people of the other nationalities that are recorded here."""
        return [
            PageLink(workers_of([each], self.directory), self._rules_of([each]))
            for each in self.answer.other_nationalities
        ]

    @property
    def figures(self) -> list[EstimateView]:
        """The estimates of the table, in the order of the chart."""
        newest = {row.id for row in self.answer.rows[:MAX_FIGURES]}
        return [figure for figure in self.chart.figures if figure.id in newest]

    @property
    def compare_address(self) -> str:
        return address_of_places([self.code])

    @property
    def evasions(self) -> Iterator[tuple[EventView, list[tuple[PageLink, bool]]]]:
        """Yield reports of evasion, each with the rules that it evades, perhaps as we read it."""
        for row in self.evasion:
            payload = event_payload(row)
            yield (
                EventView(row, self.directory, self.on),
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
        return self._rules_of(self.answer.chosen)

    def _rules_of(self, people: Sequence[str]) -> str:
        asked = {"place": (self.code,), "nationality": people}
        return status_address(StatusFilters.made_of(asked, {}))

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
                for row in self.at_sites
                if code in named_place_codes(form_of(row)["terms"])
            ]
            events = address(EventFilters.made_of({"place": (code,)}, {}))
            yield PlaceView(code, self.directory), figures, self.events_at.get(code, 0), events
