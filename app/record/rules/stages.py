"""The stage of a measure, on a day or at present, on each of the two tracks (rule 2)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.dates import edtf
from app.forms import Citation, Stage
from app.forms.events import UNKNOWN
from app.record.payloads import PublishedStep
from app.vocabulary.citations import Certainty, Stance
from app.vocabulary.events import LADDER, Step, Track


@dataclass(frozen=True)
class DatedStep:
    """A status change with its first and last possible day; None if unknown."""

    step: Step
    earliest: date | None
    latest: date | None
    is_hedged: bool

    @property
    def rank(self) -> tuple[date, date, int]:
        """Sort key: latest day, then earliest, then ladder order; unknown dates first."""
        return self.latest or date.min, self.earliest or date.min, LADDER.index(self.step)


def date_steps(
    stages: Iterable[Stage], citations: Iterable[Citation], taken_back: Collection[str] = ()
) -> list[DatedStep]:
    """Return the steps with their days.

    A step is hedged unless its citation is firm, supports it, and was not retracted.
    """
    by_id = {citation.id: citation for citation in citations}
    steps = []
    for stage in stages:
        days = _days_of(stage)
        citation = by_id.get(stage.citation)
        is_firm = (
            citation is not None  # its event may have been purged
            and citation.certainty is Certainty.FIRM
            and citation.stance is Stance.SUPPORTS
            and citation.id not in taken_back
        )
        steps.append(DatedStep(stage.step, days.first, days.last, not is_firm))
    return steps


def _days_of(stage: Stage) -> edtf.Days:
    """Return the days of a step. Without a date it dates from its first report or earlier."""
    if stage.date and stage.date != UNKNOWN:
        return edtf.parse(stage.date).whole or edtf.Days()
    reported = edtf.parse(stage.first_reported).whole if stage.first_reported else None
    return edtf.Days(None, reported.last) if reported else edtf.Days()


def limit_of_first_report(first_reported: str, *limits: str) -> str:
    """Return the last day on which the citation was stated or published, if that is earlier.

    An empty text means that the first report is not certainly later.
    """
    first = edtf.parse(first_reported).whole
    last_days = {text: whole.last for text in limits if text and (whole := edtf.parse(text).whole)}
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
    return {track: step.step for track, step in latest_by_track(steps).items()}


def steps_on_day(steps: Sequence[DatedStep], day: date, certain: bool) -> dict[Track, DatedStep]:
    """Return the step of each track that was certainly, or possibly, reached by a day."""
    if certain:
        return latest_by_track(
            [s for s in steps if s.latest and s.latest <= day and not s.is_hedged]
        )
    # A step "by May" has no earliest day: it may have been reached on any day before.
    return latest_by_track(
        [s for s in steps if (s.earliest and s.earliest <= day) or (s.latest and not s.earliest)]
    )


def latest_by_track(steps: Sequence[DatedStep]) -> dict[Track, DatedStep]:
    """Return the step of each track with the highest rank."""
    found: dict[Track, DatedStep] = {}
    for step in steps:
        track = step.step.track
        if track not in found or step.rank > found[track].rank:
            found[track] = step
    return {track: found[track] for track in Track if track in found}
