"""How old a reported status is, in words (rule 2)."""

from datetime import date

from app.i18n.translate import _, ngettext
from app.record.rules import reported_status, reported_steps
from app.record.rules.reported_steps import ReportedStep


def age_in_words(step: ReportedStep, on: date) -> str:
    """Return how long before a day a step is reported for: months up to 24, then years."""
    if step.day is None:
        return ""
    latest = step.days.latest
    if step.held:
        latest = step.held.last
    last = min(latest or step.day, on)
    is_vague = latest is None or (latest - step.day).days > reported_steps.MONTH
    if is_vague and _age(step.day, on) != _age(last, on):
        return _oldest_age(step.day, on)
    return _age(step.day, on)


def _oldest_age(day: date, on: date) -> str:
    """Return the greatest possible age, rounded up: a vague date may be that old."""
    months = reported_status.months_between(day, on)
    is_recent = reported_status.is_confirmed(day, on)
    if not months or (on.day == day.day and (is_recent or months % 12 == 0)):
        # l10n: the greatest possible age of a report
        return _("up to {age}").format(age=_age(day, on))
    if is_recent:
        return ngettext(
            "less than {count} month before", "less than {count} months before", months + 1
        )
    return ngettext(
        "less than {count} year before", "less than {count} years before", months // 12 + 1
    )


def _age(day: date, on: date) -> str:
    months = reported_status.months_between(day, on)
    if day >= on:
        return _("that day")
    if not months:
        return ngettext("{count} day before", "{count} days before", (on - day).days)
    if reported_status.is_confirmed(day, on):
        return ngettext("{count} month before", "{count} months before", months)
    return ngettext("{count} year before", "{count} years before", months // 12)
