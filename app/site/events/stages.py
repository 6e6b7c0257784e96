"""The stages of a measure: the lane LanesDrawing, a table with citations, and missing reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.dates import edtf
from app.dates.wording import in_words
from app.i18n.formats import day as format_day
from app.i18n.translate import _
from app.kinds import EventForm, Stage
from app.kinds.events import UNKNOWN, UNSTATED
from app.record.names.date_labels import step_day_in_words
from app.record.names.directory import Directory
from app.record.payloads import PublishedStage, event_payload, form_of
from app.record.reads.event_context import EventContext
from app.record.reads.measures import LinkedEvent
from app.record.rules.measure_types import law_types
from app.record.rules.reported_status import (
    is_practice_told,
    last_reported,
    objections,
    status_on,
)
from app.record.rules.reported_steps import ReportedStep, reported_steps
from app.record.rules.stages import is_report_of
from app.site.components.citations import CitationLink, citation_link
from app.site.components.marks import Badge
from app.site.components.reported_status import (
    StatusLine,
    objection_lines,
    plan_note,
    status_lines,
)
from app.site.components.urls import record_address
from app.site.events.stage_lanes import DrawnStep, StageLanesView, stage_lanes_view
from app.vocabulary.citations import Certainty, Stance
from app.vocabulary.events import Step, Track


@dataclass(frozen=True)
class StageRow:
    track: str
    step: Badge
    date: str
    date_text: str
    details: Sequence[str]
    """Its first report, plan, deadline and stated end, as far as they are known."""
    remark: str
    rests_on: CitationLink | None
    doubt: str
    """Why the step is only alleged; empty if its citation is firm."""


@dataclass(frozen=True)
class StagesView:
    track: StageLanesView | None
    rows: Sequence[StageRow]
    day: str
    now: Sequence[StatusLine]
    """What was last reported by the day of the edition."""
    silences: Sequence[str]
    """Sentences on what no report says."""


def stages_view(event: EventContext, directory: Directory, on: date) -> StagesView | None:
    """Return the stages; None if the event has none. Plans before `on` count as past."""
    form, payload = event.form, event.payload
    if not form.stages:
        return None
    is_plan = {stage.step for stage in form.stages} == {Step.PLANNED}
    deadline = form.deadline if form.deadline != UNSTATED else ""
    written = payload["form"].get("stages", [])
    steps = [
        _drawn_step(stage, published, step["hedged"])
        for stage, published, step in zip(form.stages, written, payload["steps"], strict=True)
    ]
    planned_for = next((stage.planned_for for stage in form.stages if stage.planned_for), "")
    if is_plan and planned_for:
        day = _("{when}, not confirmed").format(when=in_words(planned_for, lasts=False))
        steps.append(
            DrawnStep(Track.LAW, Step.PLANNED, _("Planned for"), planned_for, day, is_plan=True)
        )
    against = objection_lines(payload, linked_events(event), on)
    status = status_on(payload, on, form.type in law_types(directory.codes))
    return StagesView(
        track=stage_lanes_view(
            steps,
            deadline,
            payload["deadline_words"],
            is_practice_told(payload, (other.payload for other in linked_events(event).values())),
        ),
        rows=[
            StageRow(
                track=_(stage.step.track.label),
                step=Badge(stage.step, _(stage.step.label)),
                date=_date_in_words(published),
                date_text=stage.date_text,
                details=_details(stage),
                remark=stage.remark,
                rests_on=_find_citation(stage, event, directory),
                doubt=_doubt(stage, form, step["hedged"], reported),
            )
            for stage, published, step, reported in zip(
                form.stages, written, payload["steps"], reported_steps(payload), strict=True
            )
        ],
        day=format_day(on),
        now=status_lines(payload, status, on, against) if status else (),
        silences=_silences(event, is_plan, deadline, on),
    )


def linked_events(event: EventContext) -> dict[str, LinkedEvent]:
    """Return the events linked with this one, as far as readers can see them."""
    return {
        id: LinkedEvent(event_payload(row), row.lo.first if row.lo else None)
        for id, row in event.events.items()
    }


def _details(stage: Stage) -> list[str]:
    """Return what is known of a step beside its day, as sentences."""
    days = {
        _("First reported: {day}"): stage.first_reported,
        _("Planned for: {day}"): stage.planned_for,
        _("Deadline: {day}"): stage.deadline,
        _("Stated end: {day}"): stage.valid_until,
    }
    return [
        label.format(day=in_words(day, lasts=False))
        for label, day in days.items()
        if day not in {"", UNSTATED}
    ]


def _silences(event: EventContext, is_plan: bool, deadline: str, on: date) -> list[str]:
    found = [_plan_note(event, on)] if is_plan else []
    if not objections(event.payload) and _is_outcome_unreported(event, deadline, on):
        found.append(
            _("The deadline has passed. No status change is reported for that day or later.")
        )
    return found


def _drawn_step(stage: Stage, published: PublishedStage, is_hedged: bool) -> DrawnStep:
    day = _date_in_words(published)
    below = _("{day}, alleged").format(day=day) if is_hedged else day
    return DrawnStep(
        stage.step.track,
        stage.step,
        _(stage.step.label),
        _date_or_empty(stage.date),
        below,
        is_hedged,
    )


def _date_or_empty(text: str) -> str:
    return "" if text == UNKNOWN else text


def _date_in_words(stage: PublishedStage) -> str:
    day = step_day_in_words(stage)
    if day and stage.get("date", "").endswith("/.."):
        return _("since {day}").format(day=day)
    return day or _("date not known")


def _find_citation(stage: Stage, event: EventContext, directory: Directory) -> CitationLink | None:
    """Return a link to the step's citation, on this page or a linked event's; None if removed."""
    for citation in event.form.citations:
        if citation.id == stage.citation:
            return citation_link(citation, event.sources, directory)
    for other in event.events.values():
        for cited in form_of(other).get("citations", []):
            if cited["id"] == stage.citation:
                label = _("a citation of {event}").format(event=other.id)
                return CitationLink(label, f"{record_address(other.id)}#{stage.citation}")
    return None


def _doubt(stage: Stage, form: EventForm, is_hedged: bool, reported: ReportedStep) -> str:
    if is_hedged:
        return _reason_for_doubt(stage, form)
    return _("Alleged, as the whole event is") if reported.is_alleged else ""


def _reason_for_doubt(stage: Stage, form: EventForm) -> str:
    citation = next(
        (citation for citation in form.citations if citation.id == stage.citation), None
    )
    if citation is None:
        return _("Alleged")
    if not is_report_of(stage.step, citation, is_own=True):
        return _("Not counted: the report mentions it, and does not report the event itself")
    if citation.certainty is not Certainty.FIRM:
        return _("Alleged: the source reports it with reservations")
    if citation.stance is not Stance.SUPPORTS:
        return _("Alleged: the source does not confirm it")
    return _("Alleged: the source later retracted it")


def _plan_note(event: EventContext, on: date) -> str:
    step = last_reported(event.payload)[Track.LAW]
    return plan_note(event.payload, step, on)


def _is_outcome_unreported(event: EventContext, deadline: str, on: date) -> bool:
    """Whether the deadline has passed without a practice step dated on or after it."""
    due = edtf.parse(deadline).whole if deadline else None
    if not (due and due.first and due.last and due.last < on):
        return False
    reported = [
        step["latest"] for step in event.payload["steps"] if step["track"] == Track.PRACTICE
    ]
    return not any(latest and date.fromisoformat(latest) >= due.first for latest in reported)
