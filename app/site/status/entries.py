"""One measure on the page of a day, with its evidence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.dates.wording import in_words
from app.i18n.translate import _, ngettext
from app.record.names.directory import Directory
from app.record.reads.measures import Cited, DatedStage, Measure
from app.site.components.badges import Mark, corroboration_marks
from app.site.components.citations import Speaker, chain, published
from app.site.components.place_links import PlaceLink, place_links
from app.site.status.on_day import (
    Answer,
    Standing,
)
from app.vocabulary.citations import Certainty, Stance
from app.vocabulary.events import Step
from app.web.urls import url


@dataclass(frozen=True)
class Evidence:
    """What a step rests on: who said so, and where that stands in the record."""

    since: str
    age: str
    """How long that was before the day asked about, in whole years; empty under one."""
    printed: str
    remark: str
    says: str
    chain: Sequence[Speaker]
    published: str
    hedge: str
    address: str
    """Its place on the page of an event; empty where it can no longer be seen."""


@dataclass(frozen=True)
class MeasureEntry:
    """One measure under the step where it stood on one track."""

    id: str
    address: str
    title: str
    type: str
    places: Sequence[PlaceLink]
    covers: str
    """The larger place for the whole of which it was ruled; empty where it names the place asked for, or one inside."""
    support: Sequence[Mark]
    disputed: Sequence[str]
    evidence: Sequence[Evidence]
    other: Mark | None
    """Where it stood by the other reading, if that is another step."""
    reason: str
    """Why it stood there only possibly; empty if it did for certain."""
    plan: str
    """Of a plan: when it was to be, and that nothing confirms it once that has passed."""
    earlier: Sequence[tuple[Mark, str]]
    across: Mark | None
    """Where it stood on the other track."""


def step_mark(step: Step) -> Mark:
    return Mark(step, _(step.label))


def measure_entry(
    standing: Standing, told: Answer, covers: Callable[[Measure], str], directory: Directory
) -> MeasureEntry:
    measure, form = standing.measure, standing.measure.form
    across = [s for s in told.stood if s.measure is measure and s.track is not standing.track]
    return MeasureEntry(
        id=measure.id,
        address=url("event", id=measure.id),
        title=form["title"],
        type=directory.label("type", form["type"]),
        places=place_links(form["terms"], directory),
        covers=covers(measure),
        support=corroboration_marks(measure.payload, directory),
        disputed=[directory.label("disputed", code) for code in measure.payload["disputed"]],
        evidence=[_evidence(dated, told, directory) for dated in standing.reached],
        other=step_mark(standing.other) if standing.other else None,
        reason="" if standing.is_certain else _doubt(standing.reached[0], told.cited),
        plan=_plan(measure, told.on) if standing.step is Step.PLANNED else "",
        earlier=_earlier(standing, told.on),
        across=step_mark(across[0].step) if across else None,
    )


def _evidence(dated: DatedStage, told: Answer, directory: Directory) -> Evidence:
    stage = dated.stage
    found = told.cited.get(stage.citation)
    return Evidence(
        since=in_words(stage.date, lasts=False),
        age=_age(dated.reached.latest, told.on),
        printed=stage.date_text,
        remark=stage.remark,
        says=found.citation.paraphrase if found else _("What it rested on can no longer be seen."),
        chain=chain(found.citation, found.source, directory) if found else (),
        published=published(found.source) if found else "",
        hedge=_hedge(found),
        address=f"{url('event', id=found.event)}#{stage.citation}" if found else "",
    )


def _age(reached: date | None, on: date) -> str:
    if reached is None:
        return ""
    years = on.year - reached.year - ((on.month, on.day) < (reached.month, reached.day))
    return ngettext("{count} year before", "{count} years before", years) if years > 0 else ""


def _hedge(found: Cited | None) -> str:
    if found is None or found.citation.certainty is Certainty.FIRM:
        return ""
    how = _(found.citation.certainty.label).lower()
    printed = found.citation.certainty_text
    return _("{how}: “{words}”").format(how=how, words=printed) if printed else how


def _doubt(dated: DatedStage, cited: Mapping[str, Cited]) -> str:
    """Why a step was reached only possibly."""
    found = cited.get(dated.stage.citation)
    if not dated.reached.is_hedged:
        return _("It may have been reached only after that day.")
    if found is None:
        return _("What it rested on can no longer be seen.")
    if found.citation.certainty is not Certainty.FIRM:
        return _("The source puts it with reserve.")
    if found.citation.stance is not Stance.SUPPORTS:
        return _("The source does not vouch for it.")
    return _("The source took it back later.")


def _plan(measure: Measure, on: date) -> str:
    """When a plan was to be carried out. Once its day has passed it is still a plan: nothing confirms it (rule 2)."""
    planned_for = measure.payload["happened_words"]
    if not planned_for:
        return _("Planned; for when is not known.")
    if measure.begun_by and measure.begun_by < on:
        return _("Planned for {when}; that has passed. Planned, not confirmed.").format(
            when=planned_for
        )
    return _("Planned for {when}; not confirmed.").format(when=planned_for)


def _earlier(standing: Standing, on: date) -> list[tuple[Mark, str]]:
    """Other steps on this track that had been reached by then, or may have been: the way to where it stood."""
    shown = {standing.step, standing.other}
    return [
        (step_mark(dated.stage.step), in_words(dated.stage.date, lasts=False))
        for dated in standing.measure.stages
        if dated.stage.step.track is standing.track
        and dated.stage.step not in shown
        and dated.reached.earliest
        and dated.reached.earliest <= on
    ]
