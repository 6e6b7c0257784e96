"""What applied on a day: the question, and the measures that stood at each step, for certain or possibly."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.dates import edtf
from app.filtering import Dropped, Pairs
from app.i18n.translate import _
from app.record.editions import Reading
from app.record.filters import EventFilters, StatusFilters
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.reads import measures
from app.record.reads.measures import Cited, DatedStage, Measure
from app.record.rules import stages
from app.record.rules.stages import DatedStep
from app.site.components.urls import address, written
from app.site.lists.request import places_by_name
from app.vocabulary.events import Role, Step, Track
from app.vocabulary.record import PlaceKind
from app.web.urls import url

NEAR = 30
"""Days before and after in which a deadline or another event is near."""


# Query --------------------------------------------------------------------------------------------


def question(pairs: Pairs, directory: Directory) -> tuple[StatusFilters, list[Dropped]]:
    """Reads an address; places may be given by any of their names, several with commas between."""
    read, unknown = places_by_name(pairs, directory)
    filters, dropped = StatusFilters.from_pairs(read)
    return directory.led_on(filters), [*dropped, *unknown]


def day_of(filters: StatusFilters, edition: Reading) -> date:
    """The day asked about, or else that of the edition: nothing public depends on today's date."""
    return date.fromisoformat(filters.one("on")) if filters["on"] else edition.at.date()


def status_address(filters: StatusFilters, suffix: str = "") -> str:
    return written(url("status") + suffix, filters)


# Answer -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A measure that stood at a step on a day, and what that rests on."""

    measure: Measure
    track: Track
    step: Step
    is_certain: bool
    reached: Sequence[DatedStage]
    """The steps that say so: more than one where several reports are dated alike."""
    other: Step | None
    """Where it stood by the other reading, certain or possible."""


def standings(found: Iterable[Measure], on: date) -> list[Standing]:
    """Per measure and track the certain step, and the possible one where that is another."""
    return [
        standing
        for measure in found
        for track in Track
        for standing in _on_track(measure, track, on)
    ]


def _on_track(measure: Measure, track: Track, on: date) -> list[Standing]:
    certain = stages.on_day(measure.steps, on, certain=True).get(track)
    possible = stages.on_day(measure.steps, on, certain=False).get(track)

    def at(
        reached: Sequence[DatedStep], is_certain: bool, other: DatedStep | None = None
    ) -> Standing:
        resting = [stage for stage in measure.stages if stage.reached in reached]
        return Standing(
            measure, track, reached[0].step, is_certain, resting, other.step if other else None
        )

    if certain and possible and certain.step is possible.step:
        return [at([certain, possible], is_certain=True)]
    found = [at([certain], True, possible)] if certain else []
    return [*found, at([possible], False, certain)] if possible else found


@dataclass(frozen=True)
class Answer:
    """What the record says of that day, for the page and for the file."""

    on: date
    found: Sequence[Measure]
    stood: Sequence[Standing]
    cited: Mapping[str, Cited]
    near: edtf.Days
    acts: EventFilters
    """The list of other events near that day."""
    how_many_acts: int


def answer(db: Session, edition: Reading, filters: StatusFilters, directory: Directory) -> Answer:
    """Four statements, whatever is asked and found."""
    on = day_of(filters, edition)
    found = measures.measures(db, edition, filters, directory)
    stood = standings(found, on)
    cited = measures.cited(
        db, edition, [(s.measure, dated.stage) for s in stood for dated in s.reached]
    )
    near = edtf.Days(*days_around(on))
    acts = measures.acts_around(filters, near)
    return Answer(on, found, stood, cited, near, acts, backend.total(db, edition, acts, directory))


def days_around(on: date) -> tuple[date, date]:
    """The days near that day, as far as the calendar of the record goes."""
    first, last = date(edtf.FIRST_YEAR, 1, 1), date(edtf.LAST_YEAR, 12, 31)
    return max(on - timedelta(days=NEAR), first), min(on + timedelta(days=NEAR), last)


def covers_of(filters: StatusFilters, directory: Directory) -> Callable[[Measure], str]:
    """Says for which larger place a measure was ruled, if it names neither the place asked for nor one inside it."""
    asked = filters["place"]
    wider = measures.wider_than(asked, directory)

    def covers(measure: Measure) -> str:
        if not asked or measures.is_inside(measure, asked, directory):
            return ""
        return "; ".join(
            _whole(code, role, directory) for code, role in measure.places.items() if code in wider
        )

    return covers


def _whole(code: str, role: Role, directory: Directory) -> str:
    if directory.kind_of_place(code) is PlaceKind.WORLD:
        return _("worldwide")
    whole = _("for {place} as a whole") if role is Role.AT else _("{role} {place} as a whole")
    return whole.format(role=_(role.label).lower(), place=directory.label("place", code))


# JSON ---------------------------------------------------------------------------------------------


def as_json(
    db: Session, edition: Reading, filters: StatusFilters, directory: Directory
) -> dict[str, Any]:
    """Every measure with where it stood, by both readings, and the citations that say so."""
    told = answer(db, edition, filters, directory)
    covers = covers_of(filters, directory)
    return {
        "edition": edition.no,
        "on": told.on.isoformat(),
        "query": {key: list(filters[key]) for key in filters.included},
        "items": [
            {
                "id": standing.measure.id,
                "title": standing.measure.form["title"],
                "type": standing.measure.form["type"],
                "places": list(standing.measure.places),
                "covers": covers(standing.measure),
                "track": standing.track,
                "step": standing.step,
                "reading": "certain" if standing.is_certain else "possible",
                "reached": [_reached(dated, told.cited) for dated in standing.reached],
            }
            for standing in told.stood
        ],
        "deadlines": [
            {"id": measure.id, "title": measure.form["title"], "deadline": measure.form["deadline"]}
            for measure in told.found
            if measure.deadline and measure.deadline.overlaps(told.near)
        ],
        "other_events": {"count": told.how_many_acts, "list": address(told.acts, ".json")},
    }


def _reached(dated: DatedStage, cited: Mapping[str, Cited]) -> dict[str, Any]:
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
