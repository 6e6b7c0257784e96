"""Rule 2: where a restriction stands, on a day or as of the newest report, on each of the two tracks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.dates import edtf
from app.forms import Citation, Stage
from app.forms.events import UNKNOWN
from app.vocabulary.citations import Certainty, Stance
from app.vocabulary.events import LADDER, Step, Track


@dataclass(frozen=True)
class DatedStep:
    """A step with the first and last day on which it may have been reached; none where its date is unknown."""

    step: Step
    earliest: date | None
    latest: date | None
    is_hedged: bool

    @property
    def rank(self) -> tuple[date, date, int]:
        """Greatest by latest day, then earliest, then ladder order; an unknown date comes before all others."""
        return self.latest or date.min, self.earliest or date.min, LADDER.index(self.step)


def dated(
    stages: Iterable[Stage], citations: Iterable[Citation], taken_back: Collection[str] = ()
) -> list[DatedStep]:
    """The steps with their days; a step that rests on a hedged citation, or on one taken back, is only possible."""
    by_id = {citation.id: citation for citation in citations}
    steps = []
    for stage in stages:
        days = edtf.parse(stage.date).whole if stage.date and stage.date != UNKNOWN else None
        citation = by_id.get(stage.citation)
        is_firm = (
            citation is not None  # its event may have been purged
            and citation.certainty is Certainty.FIRM
            and citation.stance is Stance.SUPPORTS
            and citation.id not in taken_back
        )
        days = days or edtf.Days()
        steps.append(DatedStep(stage.step, days.first, days.last, not is_firm))
    return steps


def stored(step: Mapping[str, Any]) -> DatedStep:
    """A step as the record keeps it."""
    earliest, latest = (
        step[end] and date.fromisoformat(step[end]) for end in ("earliest", "latest")
    )
    return DatedStep(Step(step["step"]), earliest, latest, step["hedged"])


def newest(steps: Sequence[DatedStep]) -> dict[Track, Step]:
    """The newest step of each track, possible reading, without regard to the day."""
    return {track: step.step for track, step in greatest(steps).items()}


def on_day(steps: Sequence[DatedStep], day: date, certain: bool) -> dict[Track, DatedStep]:
    """Where each track stood on that day: for certain, or possibly."""
    if certain:
        return greatest([s for s in steps if s.latest and s.latest <= day and not s.is_hedged])
    # What was reached "by May" may have been reached on any day before.
    return greatest(
        [s for s in steps if (s.earliest and s.earliest <= day) or (s.latest and not s.earliest)]
    )


def greatest(steps: Sequence[DatedStep]) -> dict[Track, DatedStep]:
    """The step of each track that none comes after."""
    found: dict[Track, DatedStep] = {}
    for step in steps:
        track = step.step.track
        if track not in found or step.rank > found[track].rank:
            found[track] = step
    return {track: found[track] for track in Track if track in found}
