"""The bar of a rule: for how long it was reported, in pixels on a scale of years."""

from dataclasses import dataclass
from datetime import date

from app.dates.edtf import Days
from app.record.rules.reported_steps import reported_steps, steps_by
from app.site.status.on_day import ReportedMeasure
from app.vocabulary.events import ENDS, StatusGroup, Step

WIDTH = 330
MIN_WIDTH = 3.0
"""A shorter bar is widened, so that a single day can be seen."""


@dataclass(frozen=True)
class YearScale:
    """Whole years from the first report to the selected day."""

    first: int
    last: int
    width: int = WIDTH

    def x(self, day: date) -> float:
        start = date(self.first, 1, 1).toordinal()
        whole = date(self.last, 12, 31).toordinal() + 1 - start
        return round(min(max((day.toordinal() - start) / whole, 0), 1) * self.width, 1)


@dataclass(frozen=True)
class LifeBar:
    """Shapes, in pixels from the left edge; None where there is nothing to draw."""

    width: int
    bar: tuple[float, float]
    """Left edge and width of what was reported."""
    is_doubtful: bool
    """Whether it was alleged or is disputed."""
    runs: tuple[float, float] | None
    quiet: tuple[float, float] | None
    end: float | None
    eased: float | None
    deadline: float | None
    on: float


def life_bar(each: ReportedMeasure, on: date, scale: YearScale) -> LifeBar:
    first, last = _reported_days(each, on)
    status, now = each.status.main, scale.x(on)
    left, right = scale.x(first or on), scale.x(last or on)
    width = max(right - left, MIN_WIDTH)
    right = min(left + width, now)
    end = _end(status.stated_end, status.last.days.latest if _has_ended(each) else None)
    silent_to = min(scale.x(end), now) if end else now
    is_law = each.status.group is StatusGroup.LAW
    deadline = each.measure.deadline
    return LifeBar(
        width=scale.width,
        bar=(left, round(width, 1)),
        is_doubtful=status.last.is_alleged or bool(each.measure.payload["disputed"]),
        runs=(right, round(now - right, 1)) if is_law and now > right else None,
        quiet=(right, silent_to) if not is_law and silent_to > right else None,
        end=scale.x(end) if end and end <= on else None,
        eased=right if status.last.step is Step.EASED else None,
        deadline=scale.x(deadline.last)
        if deadline and deadline.last and scale.first <= deadline.last.year <= scale.last
        else None,
        on=now,
    )


def _has_ended(each: ReportedMeasure) -> bool:
    return each.status.main.last.step in ENDS


def _end(stated: Days | None, reported: date | None) -> date | None:
    return reported or (stated.last if stated else None)


def _reported_days(each: ReportedMeasure, on: date) -> tuple[date | None, date | None]:
    """Return the first day of a report and the last one on or before the selected day."""
    steps = steps_by(reported_steps(each.measure.payload), on)
    first = min((step.first_day for step in steps if step.first_day), default=None)
    return first, max((step.day for step in steps if step.day), default=None)
