"""The steps of a measure with their stated ends (rule 2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from app.dates import edtf
from app.dates.edtf import Days
from app.kinds import Stage
from app.record.payloads import EventPayload, PublishedStage
from app.record.rules import stages
from app.record.rules.stages import DatedStep
from app.vocabulary.events import Step
from app.vocabulary.support import ClaimCertainty


@dataclass(frozen=True)
class ReportedStep:
    """A step with its stated end; `position` is its place among the event's stages."""

    position: int
    days: DatedStep
    stated_end: Days | None
    planned_for: str
    told: Days | None = None
    """When its citation was made or published; None if not known, as in past editions."""
    held: Days | None = None
    """The possible days of a later report by which it was still so; None if none says that."""

    @property
    def step(self) -> Step:
        return self.days.step

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
    written = payload["form"].get("stages", [])
    happened = payload["form"].get("happened", "")
    is_alleged = payload.get("certainty") == ClaimCertainty.ALLEGED
    dated = [
        stages.parse_step(step | {"hedged": step["hedged"] or is_alleged})
        for step in payload["steps"]
    ]
    return [
        _reported_step(position, stage, dated[position], step.get("reported", ""), happened)
        for position, (stage, step) in enumerate(zip(written, payload["steps"], strict=True))
    ]


def steps_of(
    written: Sequence[Stage],
    dated: Sequence[DatedStep],
    reported: Sequence[str],
    happened: str,
) -> list[ReportedStep]:
    """Return the steps of a form; `reported` is when each citation was made or published."""
    as_published = [
        cast(PublishedStage, stage.model_dump(mode="json", exclude_defaults=True))
        for stage in written
    ]
    return [
        _reported_step(position, *each, happened)
        for position, each in enumerate(zip(as_published, dated, reported, strict=True))
    ]


def _reported_step(
    position: int, stage: PublishedStage, dated: DatedStep, reported: str, happened: str
) -> ReportedStep:
    told = stated_days(reported)
    is_still_so = stages.is_still_so(dated.step, stage.get("date", ""), happened)
    return ReportedStep(
        position,
        dated,
        stated_days(stage.get("valid_until", "")),
        stage.get("planned_for", ""),
        told,
        held=_later_report(dated, told) if is_still_so else None,
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
        replace(step, held=_until(step.held, on) if step.held and step.was_reached(on) else None)
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
    return bool(step.step not in stages.INTENTS and told and first and told < first)
