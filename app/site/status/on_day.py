"""The stages of measures on a date, certain and possible: query, result and JSON."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.dates import edtf
from app.filtering import DroppedParameter, Pairs
from app.i18n.translate import _
from app.record.editions import SelectedEdition
from app.record.filters import EventFilters, StatusFilters
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.names.place_search import places_by_name
from app.record.reads import measures
from app.record.reads.measures import DatedStage, Measure, StepCitation
from app.record.rules import stages
from app.record.rules.stages import DatedStep
from app.site.components.urls import address, with_filters
from app.vocabulary.events import Role, Step, Track
from app.vocabulary.record import PlaceKind
from app.web.urls import url

NEARBY_DAYS = 30
"""Deadlines and other events are listed if they are this many days before or after."""


# Query ------------------------------------------------------------------------------------------


def parse_filters(
    pairs: Pairs, directory: Directory
) -> tuple[StatusFilters, list[DroppedParameter]]:
    """Parse a query string. Places may be given by name, several separated by commas."""
    read, unknown = places_by_name(pairs, directory)
    filters, dropped = StatusFilters.from_pairs(read)
    return directory.led_on(filters), [*dropped, *unknown]


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
class DayStatus:
    """Measures, stages and citations on a day, for the page and the JSON file."""

    on: date
    measures: Sequence[Measure]
    stages: Sequence[StageOnDay]
    cited: Mapping[str, StepCitation]
    nearby: edtf.Days
    other_events: EventFilters
    """Filters of the list of other events nearby."""
    other_event_count: int


def day_status(
    db: Session, edition: SelectedEdition, filters: StatusFilters, directory: Directory
) -> DayStatus:
    # Runs four SQL statements, whatever the query.
    on = day_of(filters, edition)
    found = measures.read_measures(db, edition, filters, directory)
    reached = stages_on_day(found, on)
    cited = measures.read_step_citations(
        db, edition, [(stage.measure, dated.stage) for stage in reached for dated in stage.reached]
    )
    nearby = edtf.Days(*days_around(on))
    other_events = measures.other_events_filters(filters, nearby)
    count = backend.count_rows(db, edition, other_events, directory)
    return DayStatus(on, found, reached, cited, nearby, other_events, count)


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

    def covers(measure: Measure) -> str:
        if not selected or measures.is_in_places(measure, selected, directory):
            return ""
        return "; ".join(
            _scope_in_words(code, role, directory)
            for code, role in measure.places.items()
            if code in wider
        )

    return covers


def _scope_in_words(code: str, role: Role, directory: Directory) -> str:
    if directory.kind_of_place(code) is PlaceKind.WORLD:
        return _("worldwide")
    whole = _("for {place} as a whole") if role is Role.AT else _("{role} {place} as a whole")
    return whole.format(role=_(role.label).lower(), place=directory.label("place", code))


# JSON -------------------------------------------------------------------------------------------


def as_json(
    db: Session, edition: SelectedEdition, filters: StatusFilters, directory: Directory
) -> dict[str, Any]:
    """Return each measure's certain and possible stages with their citations, as JSON."""
    result = day_status(db, edition, filters, directory)
    covers = covers_of(filters, directory)
    return {
        "edition": edition.no,
        "on": result.on.isoformat(),
        "query": {key: list(filters[key]) for key in filters.included},
        "items": [
            {
                "id": stage.measure.id,
                "title": stage.measure.form["title"],
                "type": stage.measure.form["type"],
                "places": list(stage.measure.places),
                "covers": covers(stage.measure),
                "track": stage.track,
                "step": stage.step,
                "reading": "certain" if stage.is_certain else "possible",
                "reached": [_reached_as_json(dated, result.cited) for dated in stage.reached],
            }
            for stage in result.stages
        ],
        "deadlines": [
            {"id": measure.id, "title": measure.form["title"], "deadline": measure.form["deadline"]}
            for measure in result.measures
            if measure.deadline and measure.deadline.overlaps(result.nearby)
        ],
        "other_events": {
            "count": result.other_event_count,
            "list": address(result.other_events, ".json"),
        },
    }


def _reached_as_json(dated: DatedStage, cited: Mapping[str, StepCitation]) -> dict[str, Any]:
    found = cited.get(dated.stage.citation)
    return {
        "date": dated.stage.date,
        "earliest": dated.reached.earliest and dated.reached.earliest.isoformat(),
        "latest": dated.reached.latest and dated.reached.latest.isoformat(),
        "hedged": dated.reached.is_hedged,
        "citation": dated.stage.citation,
        "event": found.event if found else None,
        "source": found.citation.source if found else None,
    }
