"""What was last reported of measures by a date: the query and its result."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.dates import edtf
from app.i18n.translate import N_, _
from app.kinds import Stage
from app.record.editions import SelectedEdition
from app.record.filters import StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.reads import measures
from app.record.reads.measures import DatedStage, Measure
from app.record.rules import measure_types, reported_status, stages
from app.record.rules.containment import place_and_ancestors
from app.record.rules.reported_status import MeasureStatus
from app.record.rules.stages import DatedStep
from app.site.components.urls import with_filters
from app.site.presenters.estimate import PLACE_ROLES
from app.vocabulary.events import Role, StatusGroup, Step, Track
from app.vocabulary.record import PlaceKind
from app.web.urls import url

NEARBY_DAYS = 30
"""Deadlines and other events are listed if they are this many days before or after."""


# Query ------------------------------------------------------------------------------------------


def day_of(filters: StatusFilters, edition: SelectedEdition) -> date:
    # The default is the edition's day: public pages must not depend on today's date.
    return date.fromisoformat(filters.one("on")) if filters["on"] else edition.at.date()


def status_address(filters: StatusFilters, suffix: str = "") -> str:
    return with_filters(url("status") + suffix, filters)


# Result -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StageOnDay:
    """The stage of a measure on one track, with the steps that it follows from."""

    measure: Measure
    track: Track
    step: Step
    is_certain: bool
    reached: Sequence[DatedStage]
    """Several if the certain and the possible step differ, or reports have the same date."""
    other: Step | None
    """The possible stage of a certain one and vice versa; None if both are the same."""


def stages_on_day(found: Iterable[Measure], on: date) -> list[StageOnDay]:
    """Return the certain stage of each measure and track, and the possible one if it differs."""
    return [
        stage
        for measure in found
        for track in Track
        for stage in _stages_on_track(measure, track, on)
    ]


def _stages_on_track(measure: Measure, track: Track, on: date) -> list[StageOnDay]:
    certain = stages.steps_on_day(measure.steps, on, certain=True).get(track)
    possible = stages.steps_on_day(measure.steps, on, certain=False).get(track)

    def at(
        reached: Sequence[DatedStep], is_certain: bool, other: DatedStep | None = None
    ) -> StageOnDay:
        steps = [stage for stage in measure.stages if stage.reached in reached]
        return StageOnDay(
            measure, track, reached[0].step, is_certain, steps, other.step if other else None
        )

    if certain and possible and certain.step is possible.step:
        return [at([certain, possible], is_certain=True)]
    found = [at([certain], True, possible)] if certain else []
    return [*found, at([possible], False, certain)] if possible else found


@dataclass(frozen=True)
class ReportedMeasure:
    """A measure, and what was last reported of it by the day."""

    measure: Measure
    status: MeasureStatus


class DayStatus:
    """Measures, their statuses and citations on a day, for the page and the files."""

    def __init__(
        self, db: Session, edition: IndexedEdition, filters: StatusFilters, directory: Directory
    ) -> None:
        on = day_of(filters, edition)
        people = measures.chosen_people(edition, filters)
        every = measures.read_measures(db, edition, filters, directory)
        reported, further = _reported_for(people, every, filters, on, directory)
        found = [measure for measure in every if _is_for(measure, people)]
        rules = _rules(found, directory)
        reached = stages_on_day(rules, on)
        cited = measures.read_step_citations(db, edition, _cited_steps(reported, reached))
        linked = measures.read_linked_events(
            db,
            edition,
            {
                o.event
                for each in reported
                for o in reported_status.objections(each.measure.payload)
            },
        )
        undated = [m for m in rules if not any(s.earliest or s.latest for s in m.steps)]
        nearby = edtf.Days(*days_around(on))
        other_events = measures.other_events_filters(filters, nearby)
        count = backend.match(db, edition, other_events, directory).total
        self.on = on
        # Measures and other events with a deadline; only those in `reported` have a status.
        self.measures = found
        # Those of the place before those of a larger one, the newest first in both.
        self.reported = reported
        # Nationalities whose rules these are; empty if all rules are shown.
        self.people = people
        # How many measures with a status are about other people, goods or firms.
        self.further = further
        # Measures of which no step has a day: no day finds them.
        self.undated = undated
        # The certain and possible stages, which the JSON file keeps.
        self.stages = reached
        self.linked = linked
        self.cited = cited
        self.nearby = nearby
        # Filters of the list of other events nearby.
        self.other_events = other_events
        self.other_event_count = count


def reported_on_day(
    db: Session, edition: IndexedEdition, filters: StatusFilters, directory: Directory
) -> tuple[list[ReportedMeasure], int]:
    """Return the measures of `DayStatus`, and how many it leaves out, with one SQL statement."""
    every = measures.read_measures(db, edition, filters, directory)
    people = measures.chosen_people(edition, filters)
    return _reported_for(people, every, filters, day_of(filters, edition), directory)


def _reported_for(
    people: Sequence[str],
    every: Sequence[Measure],
    filters: StatusFilters,
    on: date,
    directory: Directory,
) -> tuple[list[ReportedMeasure], int]:
    """Return the measures about some people, and how many are about others, goods or firms."""
    reported = _reported(_rules(every, directory), on, covers_of(filters, directory), directory)
    found = [each for each in reported if _is_for(each.measure, people)]
    return found, len(reported) - len(found)


def _is_for(measure: Measure, people: Sequence[str]) -> bool:
    return not people or measure_types.is_for(measure.form, people)


def _rules(found: Iterable[Measure], directory: Directory) -> list[Measure]:
    return [
        measure
        for measure in found
        if measure_types.is_measure(measure.form["type"], directory.codes) and measure.stages
    ]


def _reported(
    rules: Iterable[Measure], on: date, covers: Callable[[Measure], str], directory: Directory
) -> list[ReportedMeasure]:
    laws = measure_types.law_types(directory.codes)
    found = []
    for measure in rules:
        is_law = measure.form["type"] in laws
        if status := reported_status.status_on(measure.payload, on, is_law):
            found.append(ReportedMeasure(measure, status))
    found.sort(key=lambda each: each.status.main.last.day or date.min, reverse=True)
    found.sort(key=lambda each: bool(covers(each.measure)))
    return found


def _cited_steps(
    reported: Iterable[ReportedMeasure], reached: Iterable[StageOnDay]
) -> list[tuple[Measure, Stage]]:
    """Return the steps whose citations the page and the files show."""
    steps = [(stage.measure, dated.stage) for stage in reached for dated in stage.reached]
    for each in reported:
        tracks = [each.status.main, *([each.status.other] if each.status.other else [])]
        steps += [(each.measure, each.measure.stages[t.last.position].stage) for t in tracks]
    return steps


def in_group(result: DayStatus, group: StatusGroup) -> list[ReportedMeasure]:
    return [each for each in result.reported if each.status.group is group]


def days_around(on: date) -> tuple[date, date]:
    """Return the first and last nearby day, within the years that the record allows."""
    first, last = date(edtf.FIRST_YEAR, 1, 1), date(edtf.LAST_YEAR, 12, 31)
    return max(on - timedelta(days=NEARBY_DAYS), first), min(on + timedelta(days=NEARBY_DAYS), last)


def covers_of(filters: StatusFilters, directory: Directory) -> Callable[[Measure], str]:
    """Return a function that names the larger place a measure covers.

    The function returns an empty string if the measure names a selected place or one within it.
    """
    selected = filters["place"]
    wider = measures.ancestors_of(selected, directory)
    laws = measure_types.law_types(directory.codes)

    def covers(measure: Measure) -> str:
        if not selected or measures.is_in_places(measure, selected, directory):
            return ""
        within = {
            place
            for code in measure.places
            for place in place_and_ancestors(code, directory.places) - {code}
        }
        found = [
            code
            for code in measure.places
            if code in wider and measures.applies_within(measure, code, directory)
        ]
        nearest = [code for code in found if code not in within] or found
        is_law = measure.form["type"] in laws
        return "; ".join(
            _scope_in_words(code, measure.places[code], is_law, code not in within, directory)
            for code in nearest
        )

    return covers


def _scope_in_words(
    code: str, role: Role, is_law: bool, is_nearest: bool, directory: Directory
) -> str:
    """Return which larger place it is; that no nearer one is known does not make it hold there."""
    if directory.kind_of_place(code) is PlaceKind.WORLD:
        return _("worldwide")
    label = directory.label("place", code)
    if role is not Role.AT:
        where = _(PLACE_ROLES.get(role, N_("in {place}"))).format(place=label)
    else:
        where = (_("for {place}") if is_law else _("in {place}")).format(place=label)
    return (
        _("{where}, no more precise place given").format(where=where)
        if is_nearest and not is_law
        else where
    )
