"""The stage of a measure, on a day or at present, on each of the two tracks (rule 2)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from app.dates import edtf
from app.dates.edtf import Days
from app.kinds import Citation, Stage
from app.kinds.events import UNKNOWN
from app.record.payloads import EventPayload, PublishedStep, Stored
from app.vocabulary.citations import Certainty, ReportsEvent, Stance
from app.vocabulary.events import LADDER, Step, Track
from app.vocabulary.support import ClaimCertainty

INTENTS = {Step.PLANNED, Step.ANNOUNCED}
"""Steps that say what is to come: they never take back what has taken effect."""


class DatedStep(NamedTuple):
    """A status change with its first and last possible day; None if unknown."""

    step: Step
    earliest: date | None
    latest: date | None
    is_hedged: bool

    @property
    def rank(self) -> tuple[date, date, int]:
        """Sort key of days: latest, then earliest, then ladder order; unknown dates first."""
        return self.latest or date.min, self.earliest or date.min, LADDER.index(self.step)


TOLD_WITH_EVENT = {Step.ANNOUNCED, Step.IN_FORCE, Step.ENFORCED, Step.DONE}
"""Steps that nobody can report without the event; a plan comes before it, an effect after it."""


def is_report_of(step: Step, citation: Citation, is_own: bool) -> bool:
    """Whether a citation reports a step; one of a linked event answers for that event only."""
    return citation.stance is not Stance.MENTIONS and not (
        is_own and step in TOLD_WITH_EVENT and citation.reports_event is ReportsEvent.NO
    )


def date_steps(
    stages: Iterable[Stage],
    citations: Iterable[Citation],
    taken_back: Collection[str] = (),
    own: Collection[str] = (),
) -> list[DatedStep]:
    """Return the steps with their days; `own` are the ids of the event's own citations.

    A step is hedged unless its citation is firm, supports it, and was not retracted. One whose
    citation does not report it has no day, so that no status comes from it.
    """
    by_id = {citation.id: citation for citation in citations}
    steps = []
    for stage in stages:
        citation = by_id.get(stage.citation)
        # The citation's event may have been purged.
        is_reported = citation is None or is_report_of(stage.step, citation, citation.id in own)
        days = _days_of(stage) if is_reported else edtf.Days()
        is_firm = (
            citation is not None
            and is_reported
            and citation.certainty is Certainty.FIRM
            and citation.stance is Stance.SUPPORTS
            and citation.id not in taken_back
        )
        steps.append(DatedStep(stage.step, days.first, days.last, not is_firm))
    return steps


def _days_of(stage: Stage) -> edtf.Days:
    """Return the days of a step. Without a date it dates from its first report or earlier."""
    if stage.date and stage.date != UNKNOWN:
        date_ = edtf.parse(stage.date)
        if is_open_ended(date_):  # "since May" was reached in May
            return date_.begins
        return date_.whole or edtf.Days()
    reported = edtf.parse(stage.first_reported).whole if stage.first_reported else None
    return edtf.Days(None, reported.last) if reported else edtf.Days()


def is_dated(stage: Stored) -> bool:
    """Whether a step has a day of its own; its first report is none."""
    return stage.get("date", "") not in {"", UNKNOWN}


def is_open_ended(date_: edtf.Edtf) -> bool:
    """Whether a date says since when something is so, and no end."""
    return date_.shape == "interval" and date_.parts[-1] == edtf.OPEN


STATES = {
    *(Step.IN_FORCE, Step.SUSPENDED, Step.EASED),
    *(Step.ENFORCED, Step.NOT_ENFORCED, Step.EFFECT_SEEN, Step.EVASION),
}
"""Steps that may still hold when a source reports them."""


def is_still_so(step: Step, date_text: str, happened: str) -> bool:
    """Whether a step was still so when it was reported (rule 2).

    Its own date says since when, or it begins an event with such a date.
    """
    if step not in STATES or date_text in {"", UNKNOWN}:
        return False
    begun = edtf.parse(date_text)
    if is_open_ended(begun):
        return True
    event = edtf.parse(happened) if happened else None
    return bool(event and is_open_ended(event) and begun.parts == event.parts[:1])


def limit_of_first_report(first_reported: str, *limits: str) -> str:
    """Return the last day on which the citation was stated or published, if that is earlier.

    An empty text means that the first report is not certainly later, or can't be read.
    """
    read = edtf.parse_or_none(first_reported)
    first = read and read.whole
    last_days = {
        text: limit.whole.last
        for text in limits
        if (limit := edtf.parse_or_none(text)) and limit.whole
    }
    days = [day for day in last_days.values() if day]
    if not (first and first.first and days) or len(days) < len(last_days):
        return ""
    text = max(last_days, key=lambda text: last_days[text] or date.min)
    return text if first.first > max(days) else ""


def parse_step(step: PublishedStep) -> DatedStep:
    earliest, latest = (
        date.fromisoformat(day) if day else None for day in (step["earliest"], step["latest"])
    )
    return DatedStep(Step(step["step"]), earliest, latest, step["hedged"])


def newest_steps(steps: Sequence[DatedStep]) -> dict[Track, Step]:
    """Return the newest step of each track, hedged steps included."""
    return {track: steps[position].step for track, position in last_positions(steps).items()}


def last_positions(steps: Sequence[DatedStep]) -> dict[Track, int]:
    """Return the position of the last step of each track; of equal steps, the one written last."""
    on_track = {
        track: [position for position, step in enumerate(steps) if step.step.track is track]
        for track in Track
    }
    return {
        track: (_last_of_rule if track is Track.LAW else _newest)(steps, positions)
        for track, positions in on_track.items()
        if positions
    }


def _newest(steps: Sequence[DatedStep], positions: Iterable[int]) -> int:
    return max(positions, key=lambda position: (steps[position].rank, position))


def _last_of_rule(steps: Sequence[DatedStep], positions: Sequence[int]) -> int:
    """Return the last step of the rule: what it says comes before its day.

    Plans and announcements take nothing back. Among steps that took effect, one that may be
    as late as the newest is the last if it is further along.
    """
    effective = [position for position in positions if steps[position].step not in INTENTS]
    last = _last_in_effect(steps, effective) if effective else None
    begun_again = [
        position
        for position in positions
        if steps[position].step in INTENTS
        and (last is None or _is_after_end(steps[position], steps[last]))
    ]
    if last is not None and not begun_again:
        return last
    furthest = max(LADDER.index(steps[position].step) for position in begun_again)
    return _newest(steps, [p for p in begun_again if LADDER.index(steps[p].step) == furthest])


def _last_in_effect(steps: Sequence[DatedStep], positions: Sequence[int]) -> int:
    newest = steps[_newest(steps, positions)]
    begins = newest.earliest or newest.latest
    as_late = [p for p in positions if not begins or (steps[p].latest or date.min) >= begins]
    furthest = max(LADDER.index(steps[position].step) for position in as_late)
    return _newest(steps, [p for p in as_late if LADDER.index(steps[p].step) == furthest])


def _is_after_end(step: DatedStep, last: DatedStep) -> bool:
    """Whether a plan or announcement surely comes after the end of a rule."""
    if last.step is not Step.ENDED:
        return False
    if last.latest is None:
        return step.latest is not None
    return step.earliest is not None and step.earliest > last.latest


# As reported --------------------------------------------------------------------------------------


class ReportedStep(NamedTuple):
    """A step with its stated end; `position` is its place among the event's stages."""

    position: int
    stage: Stored
    """The step as it was entered."""
    days: DatedStep
    stated_end: Days | None
    reported: str
    """When its citation was made or published; "" if not known."""
    told: Days | None = None
    """When its citation was made or published; None if not known, as in past editions."""
    held: Days | None = None
    """The possible days of a later report by which it was still so; None if none says that."""

    @property
    def step(self) -> Step:
        return self.days.step

    @property
    def planned_for(self) -> str:
        return str(self.stage.get("planned_for", ""))

    @property
    def day(self) -> date | None:
        """The day from which its age counts: the first possible one, so that none looks newer."""
        return (self.held and self.held.first) or self.first_day

    @property
    def first_day(self) -> date | None:
        """The first possible day on which it was reached, or else the last one."""
        return self.days.earliest or self.days.latest

    def was_reached(self, on: date) -> bool:
        return bool(self.days.latest and self.days.latest < on)

    @property
    def is_alleged(self) -> bool:
        return self.days.is_hedged


def reported_steps(payload: EventPayload) -> list[ReportedStep]:
    """Return the steps of a published event, in the order of its stages."""
    is_alleged = payload.get("certainty") == ClaimCertainty.ALLEGED
    dated = [parse_step(s | {"hedged": s["hedged"] or is_alleged}) for s in payload["steps"]]
    reported = [step.get("reported", "") for step in payload["steps"]]
    return steps_of(payload["form"], dated, reported)


def steps_of(
    form: Stored, dated: Sequence[DatedStep], reported: Sequence[str]
) -> list[ReportedStep]:
    """Return the steps of a form; `reported` is when each citation was made or published."""
    return [
        _reported_step(position, *each, form.get("happened", ""))
        for position, each in enumerate(zip(form.get("stages", []), dated, reported, strict=True))
    ]


def _reported_step(
    position: int, stage: Stored, dated: DatedStep, reported: str, happened: str
) -> ReportedStep:
    told = stated_days(reported)
    return ReportedStep(
        position,
        stage,
        dated,
        stated_days(stage.get("valid_until", "")),
        reported,
        told,
        held=_later_report(dated, told)
        if is_still_so(dated.step, stage.get("date", ""), happened)
        else None,
    )


def _later_report(dated: DatedStep, told: Days | None) -> Days | None:
    """Return the days of a report that may be later than its step, and is not earlier.

    Where its first day is not known, or before the step, the first day of the step is taken.
    """
    last, reached = told and told.last, dated.latest
    if not (told and last and reached and last > reached):
        return None
    begins = dated.earliest or reached
    return Days(max(told.first or begins, begins), last)


def steps_by(steps: Iterable[ReportedStep], on: date) -> list[ReportedStep]:
    """Return the steps whose first day has come; what held later than that day held then."""
    return [
        step._replace(held=_until(step.held, on) if step.was_reached(on) else None)
        if step.held
        else step
        for step in steps
        if step.first_day and step.first_day <= on
    ]


def _until(days: Days, on: date) -> Days:
    return Days(*(min(day, on) if day else None for day in (days.first, days.last)))


def stated_days(text: str) -> Days | None:
    """Return the days of a stated end or plan; None if none is stated."""
    return edtf.parse(text).whole if text else None


def is_foretold(step: ReportedStep) -> bool:
    """Whether its report is surely older than its day: it tells of what was to come."""
    told, first = step.told and step.told.last, step.days.earliest
    return bool(step.step not in INTENTS and told and first and told < first)
