"""The steps of a restriction as its page tells them: drawn on two lanes, listed with their proof, and the silences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.dates import edtf
from app.dates.wording import in_words
from app.forms import EventForm, Stage
from app.forms.events import UNKNOWN, UNSTATED
from app.i18n.translate import _
from app.record.names.directory import Directory
from app.record.reads.event_context import Around
from app.site.components.badges import Mark
from app.site.components.citations import CitationLink, link_to
from app.site.components.urls import record_address
from app.site.events.stage_lanes import DatedStep, TrackView, track_view
from app.vocabulary.citations import Certainty, Stance
from app.vocabulary.events import Step, Track


@dataclass(frozen=True)
class StageRow:
    track: str
    step: Mark
    date: str
    date_text: str
    remark: str
    rests_on: CitationLink | None
    doubt: str
    """Why it was reached only possibly; empty where that is firm."""


@dataclass(frozen=True)
class StagesView:
    track: TrackView | None
    rows: Sequence[StageRow]
    silences: Sequence[str]
    """What no report says."""


def stages_view(event: Around, directory: Directory, on: date) -> StagesView | None:
    """`on` is the edition's day, by which a plan or a deadline has passed. Only measures have steps."""
    form, payload = event.form, event.row.payload
    if not form.stages:
        return None
    stages = list(zip(form.stages, payload["steps"], strict=True))
    is_plan = {stage.step for stage in form.stages} == {Step.PLANNED}
    deadline = form.deadline if form.deadline != UNSTATED else ""
    steps = [_drawn(stage, step["hedged"]) for stage, step in stages]
    if is_plan and form.happened:
        day = _("{when}, not confirmed").format(when=payload["happened_words"])
        steps.append(
            DatedStep(Track.LAW, Step.PLANNED, _("Planned for"), form.happened, day, is_plan=True)
        )
    return StagesView(
        track=track_view(steps, deadline, payload["deadline_words"]),
        rows=[
            StageRow(
                track=_(stage.step.track.label),
                step=Mark(stage.step, _(stage.step.label)),
                date=_day(stage),
                date_text=stage.date_text,
                remark=stage.remark,
                rests_on=_rests_on(stage, event, directory),
                doubt=_doubt(stage, form) if step["hedged"] else "",
            )
            for stage, step in stages
        ],
        silences=_silences(event, is_plan, deadline, on),
    )


def _silences(event: Around, is_plan: bool, deadline: str, on: date) -> list[str]:
    found = [_plan(event, on)] if is_plan else []
    if _is_silent(event, deadline, on):
        found.append(
            _("The deadline has passed. No report that was read says what happened by then.")
        )
    return found


def _drawn(stage: Stage, is_hedged: bool) -> DatedStep:
    day = _day(stage)
    below = _("{day}, only possible").format(day=day) if is_hedged else day
    return DatedStep(
        stage.step.track, stage.step, _(stage.step.label), _known(stage.date), below, is_hedged
    )


def _known(text: str) -> str:
    return "" if text == UNKNOWN else text


def _day(stage: Stage) -> str:
    return in_words(stage.date, lasts=False) if _known(stage.date) else _("date not known")


def _rests_on(stage: Stage, event: Around, directory: Directory) -> CitationLink | None:
    """The citation, on this page or on that of a linked event; none where that was removed."""
    for citation in event.form.citations:
        if citation.id == stage.citation:
            return link_to(citation, event.sources, directory)
    for other in event.events.values():
        for cited in other.payload["form"].get("citations", []):
            if cited["id"] == stage.citation:
                label = _("a citation of {event}").format(event=other.id)
                return CitationLink(label, f"{record_address(other.id)}#{stage.citation}")
    return None


def _doubt(stage: Stage, form: EventForm) -> str:
    citation = next(
        (citation for citation in form.citations if citation.id == stage.citation), None
    )
    if citation is None:
        return _("Only possible")
    if citation.certainty is not Certainty.FIRM:
        return _("Only possible: the source puts it with reserve")
    if citation.stance is not Stance.SUPPORTS:
        return _("Only possible: the source does not vouch for it")
    return _("Only possible: the source took it back later")


def _plan(event: Around, on: date) -> str:
    when, begins = event.row.payload["happened_words"], event.row.lo
    if not when:
        return _("Planned; for when is not known. No report that was read says that it began.")
    if begins and begins.last and begins.last < on:
        said = _(
            "Planned for {when}; that has passed, and no report that was read says that it began."
        )
        return said.format(when=when)
    return _("Planned for {when}; not confirmed.").format(when=when)


def _is_silent(event: Around, deadline: str, on: date) -> bool:
    """Whether a deadline has passed and no step tells of what was done when it came, or later."""
    due = edtf.parse(deadline).whole if deadline else None
    if not (due and due.first and due.last and due.last < on):
        return False
    done = [
        step["latest"] for step in event.row.payload["steps"] if step["track"] == Track.PRACTICE
    ]
    return not any(latest and date.fromisoformat(latest) >= due.first for latest in done)
