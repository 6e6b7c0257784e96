"""The last reported status of a record in words, for readers' pages and the desk's preview."""

from collections.abc import Sequence
from dataclasses import replace

from app.dates import edtf
from app.dates.wording import in_words, words
from app.i18n.translate import _
from app.record.names.date_labels import stated_end_in_words, step_day_in_words
from app.record.names.plan_labels import (
    UNBEGUN,
    announced_for_in_words,
    foretold_in_words,
    is_begin_unreported,
    plan_in_words,
)
from app.record.payloads import EventPayload, PublishedCarrier
from app.record.rules import reported_status
from app.record.rules.reported_steps import ReportedStep, is_late, reported_steps
from app.record.rules.stages import is_dated
from app.vocabulary.events import Step


def last_reported_labels(payload: EventPayload) -> list[tuple[str, str]]:
    """Return code and label of the last reported step of each track, with its day."""
    steps = reported_steps(payload)
    return [
        (step.step, _last_reported_in_words(payload, step, steps))
        for step in reported_status.last_of_each_track(steps).values()
    ]


def _last_reported_in_words(
    payload: EventPayload, step: ReportedStep, steps: Sequence[ReportedStep]
) -> str:
    label, day = step_label(step), day_in_words(payload, step)
    if step.step is Step.PLANNED and (carried := payload.get("carried_out_by")):
        # l10n: a plan, and the event that carries it out
        return _("{stage}; {carried_out}").format(
            stage=label, carried_out=carried_out_in_words(carried[0])
        )
    stated = _stated_end_in_words(payload, step, steps)
    if awaited := foretold_in_words(payload, step) or announced_for_in_words(step):
        is_unbegun = step.step is Step.ANNOUNCED and is_begin_unreported(payload)
        return "; ".join(filter(None, (awaited, stated, _(UNBEGUN) if is_unbegun else "")))
    plan = plan_in_words(payload, step) if step.step is Step.PLANNED else ""
    if not day:
        reported = label if plan else _("{stage}, day not known").format(stage=label)
        return "; ".join(filter(None, (reported, plan, stated)))
    if is_undated(payload, step):
        reported = _first_reported(label, day, step)
        return "; ".join(filter(None, (reported, plan, stated)))
    if step.step is Step.DONE:
        # l10n: a status and the day for which it is reported
        return _("{stage}, {day}").format(stage=label, day=day)
    report = report_in_words(payload, step)
    if step.held:
        sentence = _("{stage} since {day} (report of {report})")
    elif is_late(step):
        sentence = _("{stage}, reported for {day} (report of {report})")
    else:
        sentence = _("{stage}, last reported {day}")
    sentence = sentence.format(stage=label, day=day, report=report)
    return "; ".join(filter(None, (sentence, plan, stated)))


def _stated_end_in_words(
    payload: EventPayload, step: ReportedStep, steps: Sequence[ReportedStep]
) -> str:
    """Return the stated end that holds for a last step, also an earlier one's."""
    stage = reported_status.stage_of(payload, reported_status.ends_by(steps, step) or step)
    end = stated_end_in_words(stage)
    # l10n: the end of a measure as a source states it
    return _("stated end {end}").format(end=end) if end else ""


def carried_out_in_words(carrier: PublishedCarrier) -> str:
    """Return by which event a plan is carried out, and since when, without saying more."""
    if carrier["is_alleged"] and carrier["is_ours"]:
        sentence = _("possibly carried out by {event} (editors’ reading)")
    elif carrier["is_ours"]:
        sentence = _("carried out by {event} (editors’ reading)")
    else:
        sentence = _("reportedly carried out by {event}")
    carried_out = sentence.format(event=carrier["event"])
    if not carrier["when"]:
        return carried_out
    return _("{carried_out}, {when}").format(carried_out=carried_out, when=carrier["when"])


def step_label(step: ReportedStep) -> str:
    label = _(step.step.label)
    # l10n: a status that no source states firmly
    return _("{stage} (alleged)").format(stage=label) if step.is_alleged else label


def day_in_words(payload: EventPayload, step: ReportedStep) -> str:
    """Return the day for which a step is reported, or that of its first report."""
    stage = reported_status.stage_of(payload, step)
    if day := step_day_in_words(stage):
        return day
    reported = stage.get("first_reported", "")
    return in_words(reported, lasts=False) if reported else ""


def is_undated(payload: EventPayload, step: ReportedStep) -> bool:
    """Whether no day of a step is known, only that of its first report."""
    stage = reported_status.stage_of(payload, step)
    return bool(stage.get("first_reported")) and not is_dated(stage)


def dated_in_words(payload: EventPayload, step: ReportedStep) -> str:
    """Return the day for which a step is reported, or that only its first report is dated."""
    day = day_in_words(payload, step)
    if not is_undated(payload, step):
        return day
    return _("date not known, first reported {day}").format(day=day)


def _first_reported(label: str, day: str, step: ReportedStep) -> str:
    if step.step is Step.PLANNED:  # a plan has no day of its own
        return _("{stage}, first reported {day}").format(stage=label, day=day)
    return _("{stage}, date not known, first reported {day}").format(stage=label, day=day)


def report_in_words(payload: EventPayload, step: ReportedStep) -> str:
    """Return when the citation of a step was made or published; "" if not known."""
    text = payload["steps"][step.position].get("reported", "")
    if not text:
        return ""
    reported = edtf.parse(text)
    if reported.shape == "by":  # "by a report of 2 May 2024 or earlier"
        reported = replace(reported, shape="interval")
    return words(reported, lasts=False)
