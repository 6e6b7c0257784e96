"""The rules last reported for a day in each of several places, in groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.filtering import NONE
from app.i18n.translate import _
from app.record.compare_filters import CompareFilters
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.reads import measures
from app.record.reads.measures import LinkedEvent
from app.record.rules import reported_status
from app.site.components.reported_status import (
    ObjectionLine,
    StatusLine,
    objection_lines,
    status_lines,
)
from app.site.components.urls import address
from app.site.status.on_day import (
    ANCHORS,
    HEADINGS,
    ReportedMeasure,
    covers_of,
    reported_on_day,
    status_address,
)
from app.vocabulary.events import StatusGroup
from app.web.urls import url

MAX_RULES = 3
"""Rules that a cell names; the others are counted."""
GROUPS = [group for group in StatusGroup if group is not StatusGroup.DONE]
"""Acts done once are no rules and have no status later."""


@dataclass(frozen=True)
class RuleLine:
    id: str
    title: str
    address: str
    line: StatusLine
    objections: Sequence[ObjectionLine]


@dataclass(frozen=True)
class RuleCell:
    """The rules of one group that name a place or a place within it, the latest first."""

    count: int
    shown: Sequence[RuleLine]
    more: int
    address: str
    """The group on the page of the place's rules."""


@dataclass(frozen=True)
class RuleRow:
    group: str
    label: str
    cells: Sequence[RuleCell]


@dataclass(frozen=True)
class WiderRules:
    """The rules for larger places that contain a place."""

    count: int
    recent: int
    """How many of them were reported in the past 24 months, or are laws without an end."""
    address: str


class ComparedRules:
    def __init__(
        self,
        db: Session,
        edition: IndexedEdition,
        filters: CompareFilters,
        directory: Directory,
        on: date,
    ) -> None:
        """Runs two SQL statements."""
        every, further = reported_on_day(
            db,
            edition,
            StatusFilters.made_of({"place": filters["place"], "on": [on.isoformat()]}, {}),
            directory,
        )
        rules = [each for each in every if each.status.group is not StatusGroup.DONE]
        named, wider = zip(
            *(_split(rules, code, directory) for code in filters["place"]), strict=True
        )
        shown = [
            each
            for found in named
            for group in GROUPS
            for each in _in_group(found, group)[:MAX_RULES]
        ]
        linked = measures.read_linked_events(
            db,
            edition,
            {o.event for each in shown for o in reported_status.objections(each.measure.payload)},
        )
        addresses = [
            status_address(StatusFilters.made_of({"place": [code], "on": [on.isoformat()]}, {}))
            for code in filters["place"]
        ]
        rows = [
            RuleRow(
                group,
                _(HEADINGS[group]),
                [
                    _cell(_in_group(found, group), f"{at}#{ANCHORS[group]}", linked, on)
                    for found, at in zip(named, addresses, strict=True)
                ],
            )
            for group in GROUPS
            if any(_in_group(found, group) for found in named)
        ]
        self.on = on
        # Groups with a rule in any place.
        self.rows = rows
        self.wider = [
            WiderRules(len(found), sum(each.status.group in OPEN_GROUPS for each in found), at)
            for found, at in zip(wider, addresses, strict=True)
        ]
        # Whether the rules for larger places are the same for all places.
        self.is_wider_shared = (
            len({tuple(sorted(e.measure.id for e in found)) for found in wider}) == 1
        )
        # How many rules in any of the places are about other people, goods or firms.
        self.further = further
        self.further_address = address(
            EventFilters.made_of({"place": filters["place"]}, {"stage": (NONE,)})
        )
        # Ids of the rules by group, for each place; larger places under `larger`.
        self.ids = [
            {
                **{str(group): [e.measure.id for e in _in_group(own, group)] for group in GROUPS},
                LARGER: [each.measure.id for each in larger],
            }
            for own, larger in zip(named, wider, strict=True)
        ]


LARGER = "larger"
OPEN_GROUPS = {StatusGroup.RECENT, StatusGroup.LAW}


def _split(
    rules: Sequence[ReportedMeasure], code: str, directory: Directory
) -> tuple[list[ReportedMeasure], list[ReportedMeasure]]:
    """Return the rules that name a place or one within it, and those for a larger place."""
    named = [each for each in rules if measures.is_in_places(each.measure, [code], directory)]
    covers = covers_of(StatusFilters.made_of({"place": [code]}, {}), directory)
    return named, [each for each in rules if covers(each.measure)]


def _in_group(found: Sequence[ReportedMeasure], group: StatusGroup) -> list[ReportedMeasure]:
    of_group = [each for each in found if each.status.group is group]
    return sorted(of_group, key=lambda each: each.status.main.last.day or date.min, reverse=True)


def _cell(
    found: Sequence[ReportedMeasure], address: str, linked: Mapping[str, LinkedEvent], on: date
) -> RuleCell:
    shown = [_line(each, linked, on) for each in found[:MAX_RULES]]
    return RuleCell(len(found), shown, len(found) - len(shown), address)


def _line(each: ReportedMeasure, linked: Mapping[str, LinkedEvent], on: date) -> RuleLine:
    payload = each.measure.payload
    against = objection_lines(payload, linked, on)
    main = status_lines(payload, each.status, on, against)[0]
    return RuleLine(
        each.measure.id,
        each.measure.form["title"],
        url("event", id=each.measure.id),
        main,
        against,
    )
