"""The steps of a measure with their stated ends, entered or calculated from a length (rule 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from app.dates import durations, edtf
from app.dates.edtf import Days
from app.forms import Stage
from app.record.payloads import EventPayload, PublishedStage
from app.record.rules import stages
from app.record.rules.stages import DatedStep
from app.vocabulary.events import Step


@dataclass(frozen=True)
class ReportedStep:
    """A step with its stated end; `position` is its place among the event's stages."""

    position: int
    days: DatedStep
    stated_end: Days | None
    """Calculated from its stated length if no end is stated."""
    planned_for: str
    told: Days | None = None
    """When its citation was made or published; None if not known, as in past editions."""
    is_end_calculated: bool = False

    @property
    def step(self) -> Step:
        return self.days.step

    @property
    def day(self) -> date | None:
        """The day from which its age counts: the first possible one, so that none looks newer."""
        return self.days.earliest or self.days.latest

    @property
    def is_alleged(self) -> bool:
        return self.days.is_hedged


def reported_steps(payload: EventPayload) -> list[ReportedStep]:
    """Return the steps of a published event, in the order of its stages."""
    written = payload["form"].get("stages", [])
    return [
        _reported_step(position, stage, stages.parse_step(step), step.get("reported", ""))
        for position, (stage, step) in enumerate(zip(written, payload["steps"], strict=True))
    ]


def steps_of(
    written: Sequence[Stage], dated: Sequence[DatedStep], reported: Sequence[str]
) -> list[ReportedStep]:
    """Return the steps of a form; `reported` is when each citation was made or published."""
    as_published = [
        cast(PublishedStage, stage.model_dump(mode="json", exclude_defaults=True))
        for stage in written
    ]
    return [
        _reported_step(position, *each)
        for position, each in enumerate(zip(as_published, dated, reported, strict=True))
    ]


def _reported_step(
    position: int, stage: PublishedStage, dated: DatedStep, reported: str
) -> ReportedStep:
    return ReportedStep(
        position,
        dated,
        stated_days(stage.get("valid_until", "")) or _calculated_end(stage, dated),
        stage.get("planned_for", ""),
        stated_days(reported),
        is_end_calculated=not stage.get("valid_until"),
    )


def _calculated_end(stage: PublishedStage, dated: DatedStep) -> Days | None:
    """Return when a step ends by its stated length; None if its beginning is not known.

    A plan or announcement begins when it is planned for; its own day is no beginning.
    """
    if not (length := stage.get("duration")):
        return None
    if planned_for := stage.get("planned_for"):
        begins = stated_days(planned_for)
    elif dated.step in stages.INTENTS or not stages.is_dated(stage):
        begins = None
    else:
        begins = Days(dated.earliest, dated.latest)
    return durations.parse(length).end_of(begins) if begins else None


def days_of_change(step: ReportedStep) -> set[date]:
    """Return the days on which this step may change a status: its own, and that after its end.

    The last day of a vague date changes nothing, unless no earlier one is known.
    """
    end = step.stated_end.last if step.stated_end else None
    after = end + timedelta(days=1) if end and end < date.max else None
    return {changes for changes in (step.day, after) if changes}


def stated_days(text: str) -> Days | None:
    """Return the days of a stated end or plan; None if none is stated."""
    return edtf.parse(text).whole if text else None
