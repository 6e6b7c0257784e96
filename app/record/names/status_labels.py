"""Ages, dates, plans and the last reported status in words, for pages and the desk's preview."""

from dataclasses import dataclass, replace
from datetime import date

from app.dates import edtf
from app.dates.edtf import Days
from app.dates.wording import beginning_in_words, in_words, words
from app.i18n.formats import length
from app.i18n.translate import N_, _, inside
from app.kinds.events import UNKNOWN, UNSTATED
from app.record.payloads import EventPayload, PublishedCarrier, Stored
from app.record.rules import reported_status
from app.record.rules.reported_status import months_between
from app.record.rules.stages import ReportedStep, is_dated, is_foretold, reported_steps
from app.vocabulary.events import Step
from app.vocabulary.record import DateBasis

OLD_MONTHS = 24
"""From here on an age is in whole years, and marked as old."""
EXACT_DAYS = 31
"""A date to the month is exact enough for an age."""


@dataclass(frozen=True)
class Age:
    length: str
    """Such as "14 months", or "at least 3 years" since a date that is vaguer than a month."""
    is_old: bool

    @property
    def words(self) -> str:
        return _("{length} ago").format(length=self.length)


def age(days: Days, on: date) -> Age | None:
    """Return the full months, from 24 on the full years, since the last possible day.

    None without a day, and for a vague date that may be of the last month.
    """
    last = days.last or days.first
    if last is None:
        return None
    months = months_between(last, on)
    is_vague = days.first is None or (last - days.first).days >= EXACT_DAYS
    if not months:
        return None if is_vague else Age(_("less than a month"), is_old=False)
    is_old = months >= OLD_MONTHS
    words = length(months // 12, "duration-year") if is_old else length(months, "duration-month")
    return Age(_("at least {age}").format(age=words) if is_vague else words, is_old)


BASIS_NOTES: dict[str, str] = {
    DateBasis.CONVERTED: N_("{date} (our conversion)"),
    DateBasis.YEAR_INFERRED: N_("{date} (year inferred by us)"),
    DateBasis.BOTH: N_("{date} (our conversion, year inferred by us)"),
    DateBasis.DAY_INFERRED: N_("{date} (day inferred by us)"),
    DateBasis.ALL_INFERRED: N_("{date} (date inferred by us)"),
}


def with_basis(date: str, basis: str | None) -> str:
    """Return a date in words with a mark of what is ours in it."""
    return _(BASIS_NOTES[basis]).format(date=date) if date and basis else date


def basis_reason(basis: str | None, reason: str) -> str:
    """Return why a date is not simply that of the source, as a sentence; empty if it is."""
    if not basis:
        return ""
    what = _(DateBasis(basis).label)
    # l10n: what the editors added to a date, and why
    return _("{what}: {reason}").format(what=what, reason=reason) if reason else what


def step_day_in_words(stage: Stored) -> str:
    """Return the day for which a step is reported; empty if it is not known.

    Its first report is not that day.
    """
    text = stage.get("date", "")
    # "Since May" was reached in May.
    return beginning_in_words(text) if text not in {"", UNKNOWN} else ""


def stated_end_in_words(stage: Stored) -> str:
    """Return the stated end of a step; empty if none is stated."""
    text = stage.get("valid_until", "")
    return in_words(text, lasts=False)


def awaited_in_words(step: ReportedStep) -> str:
    """Return that a step was to come, which nobody reported that it did; "" if it was not."""
    if is_foretold(step):
        return _("Foretold for {day}: {stage} (report of {report})").format(
            day=day_in_words(step),
            stage=inside(step_label(step)),
            report=report_in_words(step),
        )
    if step.step is not Step.ANNOUNCED or not step.planned_for:
        return ""
    words = _("Announced for {when}").format(when=planned_for_in_words(step))
    return _("{sentence} (alleged)").format(sentence=words) if step.is_alleged else words


def planned_for_in_words(step: ReportedStep) -> str:
    """Return the planned time of a step as stated; the day of a report or an event is none."""
    return in_words(step.planned_for, lasts=False)


def deadline_in_words(payload: EventPayload, step: ReportedStep) -> str:
    """Return the deadline of a step or else of its event; "" if none is stated."""
    text = step.stage.get("deadline") or payload["form"].get("deadline", "")
    return "" if text == UNSTATED else in_words(text, lasts=False)


def step_in_words(payload: EventPayload, step: ReportedStep) -> tuple[str, str, list[str]]:
    """Return the label of a step, the day for which it is reported, and what else is stated."""
    awaited = awaited_in_words(step)
    notes = []
    if step.planned_for and not awaited:
        notes.append(_("planned for {when}").format(when=planned_for_in_words(step)))
    if step.step is Step.PLANNED and (carried := payload.get("carried_out_by")):
        notes.append(carried_out_in_words(carried[0]))
    if end := stated_end_in_words(step.stage):
        notes.append(_("stated end {end}").format(end=end))
    if awaited:
        return awaited, "", notes
    day = dated_in_words(step)
    if step.held:
        report = report_in_words(step)
        day = _("since {day}, last reported {report}").format(day=day, report=report)
    return step_label(step), day, notes


def last_reported_labels(payload: EventPayload) -> list[tuple[str, str]]:
    """Return code and label of the last reported step of each track, with its day."""
    found: list[tuple[str, str]] = []
    for step in reported_status.last_of_each_track(reported_steps(payload)).values():
        label, day, notes = step_in_words(payload, step)
        # l10n: a status and the day for which it is reported
        words = _("{stage}, {day}").format(stage=label, day=day) if day else label
        found.append((step.step, "; ".join((words, *notes))))
    return found


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


def day_in_words(step: ReportedStep) -> str:
    """Return the day for which a step is reported, or that of its first report."""
    if day := step_day_in_words(step.stage):
        return day
    return in_words(step.stage.get("first_reported", ""), lasts=False)


def dated_in_words(step: ReportedStep) -> str:
    """Return the day for which a step is reported, or that only its first report is dated."""
    day = day_in_words(step)
    if is_dated(step.stage) or not step.stage.get("first_reported"):
        return day
    return _("date not known, first reported {day}").format(day=day)


def report_in_words(step: ReportedStep) -> str:
    """Return when the citation of a step was made or published; "" if not known."""
    if not step.reported:
        return ""
    reported = edtf.parse(step.reported)
    if reported.shape == "by":  # "by a report of 2 May 2024 or earlier"
        reported = replace(reported, shape="interval")
    return words(reported, lasts=False)
