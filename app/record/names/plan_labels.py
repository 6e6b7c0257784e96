"""What was to come, in words: plans, rules announced for a later day, steps foretold (rule 2)."""

from app.dates.wording import in_words
from app.i18n.translate import N_, _
from app.kinds.events import UNSTATED
from app.record.payloads import EventPayload
from app.record.rules import reported_status
from app.record.rules.reported_steps import ReportedStep, is_foretold
from app.vocabulary.events import Step, Track

FORETOLD = {
    Step.IN_FORCE: N_("Was to be in force from {day}, reported {report}"),
    Step.SUSPENDED: N_("Was to be suspended from {day}, reported {report}"),
    Step.EASED: N_("Was to be eased from {day}, reported {report}"),
    Step.ENDED: N_("Was to end {day}, reported {report}"),
    Step.ENFORCED: N_("Was to be enforced from {day}, reported {report}"),
    Step.NO_LONGER: N_("Was to end in practice {day}, reported {report}"),
}
"""For steps whose day is after the report: nobody reported that the day came."""


def foretold_in_words(payload: EventPayload, step: ReportedStep) -> str:
    """Return that a step was to come, and when that was reported; "" if it was reported after."""
    if not is_foretold(step) or step.step not in FORETOLD:
        return ""
    words = _(FORETOLD[step.step]).format(
        day=in_words(reported_status.stage_of(payload, step)["date"], lasts=False),
        report=in_words(payload["steps"][step.position].get("reported", ""), lasts=False),
    )
    return _("{sentence} (alleged)").format(sentence=words) if step.is_alleged else words


def announced_for_in_words(step: ReportedStep) -> str:
    """Return for which later day a rule was announced; "" if it is none or no day is stated."""
    if step.step is not Step.ANNOUNCED or not step.planned_for:
        return ""
    words = _("Announced for {when}").format(when=planned_for_in_words(step))
    return _("{sentence} (alleged)").format(sentence=words) if step.is_alleged else words


def is_begin_unreported(payload: EventPayload) -> bool:
    """Whether no step, link or effect of an announced rule tells that it began."""
    is_practised = any(step["track"] == Track.PRACTICE for step in payload["steps"])
    return not (is_practised or reported_status.is_practice_told(payload, ()))


UNBEGUN = N_("start not reported")


def plan_in_words(payload: EventPayload, step: ReportedStep) -> str:
    """Return for when something is planned or, failing that, by when it is to be done; or ""."""
    if planned_for := planned_for_in_words(step):
        # l10n: follows a status after a semicolon
        return _("planned for {when}").format(when=planned_for)
    if deadline := deadline_in_words(payload, step):
        # l10n: a deadline; follows a status after a semicolon
        return _("to be done by {when}").format(when=deadline)
    return ""


def planned_for_in_words(step: ReportedStep) -> str:
    """Return the planned time of a step as stated; the day of a report or an event is none."""
    return in_words(step.planned_for, lasts=False) if step.planned_for else ""


def deadline_in_words(payload: EventPayload, step: ReportedStep) -> str:
    text = deadline_of(payload, step)
    return in_words(text, lasts=False) if text else ""


def deadline_of(payload: EventPayload, step: ReportedStep) -> str:
    """Return the deadline of a step or else of its event (EDTF); "" if none is stated."""
    stage = reported_status.stage_of(payload, step)
    text = stage.get("deadline") or payload["form"].get("deadline", "")
    return "" if text == UNSTATED else text
