"""The last reported status of a record in words, for readers' pages and the desk's preview."""

from app.dates.wording import in_words
from app.forms.events import UNKNOWN
from app.i18n.translate import _
from app.record.payloads import EventPayload
from app.record.rules import reported_status
from app.record.rules.reported_status import ReportedStep


def last_reported_labels(payload: EventPayload) -> list[tuple[str, str]]:
    """Return code and label of the last reported step of each track, with its day."""
    return [
        (step.step, _last_reported_in_words(payload, step))
        for step in reported_status.last_reported(payload).values()
    ]


def _last_reported_in_words(payload: EventPayload, step: ReportedStep) -> str:
    label, day = step_label(step), day_in_words(payload, step)
    if not day:
        return _("{stage}, day not known").format(stage=label)
    if end := reported_status.stage_of(payload, step).get("valid_until"):
        return _("{stage}, last reported {day}; stated end {end}").format(
            stage=label, day=day, end=in_words(end, lasts=False)
        )
    return _("{stage}, last reported {day}").format(stage=label, day=day)


def step_label(step: ReportedStep) -> str:
    label = _(step.step.label)
    return _("{stage} (alleged)").format(stage=label) if step.is_alleged else label


def day_in_words(payload: EventPayload, step: ReportedStep) -> str:
    """Return the day for which a step is reported, or that of its first report."""
    stage = reported_status.stage_of(payload, step)
    text = stage.get("date", "")
    if not text or text == UNKNOWN:
        text = stage.get("first_reported", "")
    return in_words(text, lasts=False) if text else ""
