"""One measure on the status page, with its stage and the evidence for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.dates.wording import in_words
from app.i18n.translate import _, ngettext
from app.record.names.directory import Directory
from app.record.reads.measures import DatedStage, Measure, StepCitation
from app.site.components.badges import Badge, corroboration_badges
from app.site.components.citations import Speaker, chain, publication_date
from app.site.components.place_links import PlaceLink, place_links
from app.site.status.on_day import (
    DayStatus,
    StageOnDay,
)
from app.vocabulary.citations import Certainty, Stance
from app.vocabulary.events import Step
from app.web.urls import url


@dataclass(frozen=True)
class Evidence:
    """The citation of a step: who reported it, and where the record has it."""

    since: str
    age: str
    """Whole years before the selected day, in words; empty if less than one."""
    printed: str
    remark: str
    says: str
    chain: Sequence[Speaker]
    published: str
    hedge: str
    address: str
    """Its anchor on an event's page; empty if it was removed."""


@dataclass(frozen=True)
class MeasureEntry:
    """One measure, listed under its stage on one track."""

    id: str
    address: str
    title: str
    type: str
    places: Sequence[PlaceLink]
    covers: str
    """The larger place it covers; empty if it names a selected place or one within it."""
    support: Sequence[Badge]
    disputed: Sequence[str]
    evidence: Sequence[Evidence]
    other: Badge | None
    """The possible stage of a certain one and vice versa; None if both are the same."""
    reason: str
    """Why the stage is only possible; empty if it is certain."""
    plan: str
    """For a plan: its date, and that it is not confirmed; otherwise empty."""
    earlier: Sequence[tuple[Badge, str]]
    across: Badge | None
    """Its stage on the other track."""


def step_mark(step: Step) -> Badge:
    return Badge(step, _(step.label))


def measure_entry(
    stage: StageOnDay, result: DayStatus, covers: Callable[[Measure], str], directory: Directory
) -> MeasureEntry:
    measure, form = stage.measure, stage.measure.form
    across = [
        other
        for other in result.stages
        if other.measure is measure and other.track is not stage.track
    ]
    return MeasureEntry(
        id=measure.id,
        address=url("event", id=measure.id),
        title=form["title"],
        type=directory.label("type", form["type"]),
        places=place_links(form["terms"], directory),
        covers=covers(measure),
        support=corroboration_badges(measure.payload),
        disputed=[directory.label("disputed", code) for code in measure.payload["disputed"]],
        evidence=[_evidence(dated, result, directory) for dated in stage.reached],
        other=step_mark(stage.other) if stage.other else None,
        reason="" if stage.is_certain else _reason_for_doubt(stage.reached[0], result.cited),
        plan=_plan_note(measure, result.on) if stage.step is Step.PLANNED else "",
        earlier=_earlier_stages(stage, result.on),
        across=step_mark(across[0].step) if across else None,
    )


def _evidence(dated: DatedStage, result: DayStatus, directory: Directory) -> Evidence:
    stage = dated.stage
    found = result.cited.get(stage.citation)
    return Evidence(
        since=in_words(stage.date, lasts=False),
        age=_years_before(dated.reached.latest, result.on),
        printed=stage.date_text,
        remark=stage.remark,
        says=found.citation.paraphrase if found else _("What it rested on can no longer be seen."),
        chain=chain(found.citation, found.source, directory) if found else (),
        published=publication_date(found.source) if found else "",
        hedge=_hedge(found),
        address=f"{url('event', id=found.event)}#{stage.citation}" if found else "",
    )


def _years_before(reached: date | None, on: date) -> str:
    if reached is None:
        return ""
    years = on.year - reached.year - ((on.month, on.day) < (reached.month, reached.day))
    return ngettext("{count} year before", "{count} years before", years) if years > 0 else ""


def _hedge(found: StepCitation | None) -> str:
    if found is None or found.citation.certainty is Certainty.FIRM:
        return ""
    how = _(found.citation.certainty.label).lower()
    printed = found.citation.certainty_text
    return _("{how}: “{words}”").format(how=how, words=printed) if printed else how


def _reason_for_doubt(dated: DatedStage, cited: Mapping[str, StepCitation]) -> str:
    """Return why a step is only possible."""
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


def _plan_note(measure: Measure, on: date) -> str:
    """Return when a measure is planned for. After that day it is still only a plan (rule 2)."""
    planned_for = measure.payload["happened_words"]
    if not planned_for:
        return _("Planned; for when is not known.")
    if measure.begun_by and measure.begun_by < on:
        return _("Planned for {when}; that has passed. Planned, not confirmed.").format(
            when=planned_for
        )
    return _("Planned for {when}; not confirmed.").format(when=planned_for)


def _earlier_stages(stage: StageOnDay, on: date) -> list[tuple[Badge, str]]:
    """Return the earlier stages on this track, certain or possible, with their dates."""
    shown = {stage.step, stage.other}
    return [
        (step_mark(dated.stage.step), in_words(dated.stage.date, lasts=False))
        for dated in stage.measure.stages
        if dated.stage.step.track is stage.track
        and dated.stage.step not in shown
        and dated.reached.earliest
        and dated.reached.earliest <= on
    ]
