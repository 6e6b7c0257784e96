"""The status of a measure in words: what was last reported, for when, and what is against it.

What it is follows from `app.record.rules.reported_status`; nothing else may word a status.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from app.dates.wording import in_words
from app.i18n.translate import N_, _, ngettext
from app.record.names.plan_labels import (
    announced_for_in_words,
    deadline_in_words,
    deadline_of,
    foretold_in_words,
    is_begin_unreported,
    planned_for_in_words,
)
from app.record.names.status_labels import (
    carried_out_in_words,
    dated_in_words,
    day_in_words,
    is_undated,
    last_reported_labels,
    report_in_words,
    step_label,
)
from app.record.payloads import EventPayload, PublishedEventLink
from app.record.reads.measures import LinkedEvent
from app.record.rules import reported_status, reported_steps
from app.record.rules.reported_status import (
    End,
    MeasureStatus,
    Objection,
    TrackStatus,
)
from app.record.rules.reported_steps import ReportedStep
from app.site.components.marks import Badge
from app.vocabulary.events import ENDS, EventLink, StatusGroup, Step, Track
from app.web.urls import url


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


def last_reported_badges(payload: EventPayload) -> list[Badge]:
    """Return the last reported step of each track, with the day for which it is reported."""
    return [Badge(code, label) for code, label in last_reported_labels(payload)]


# The status on a day -----------------------------------------------------------------------------


class StatusLine:
    """The last reported step of one track on a day."""

    def __init__(
        self,
        payload: EventPayload,
        track: TrackStatus,
        practice: ReportedStep | None,
        on: date,
        against: Sequence["ObjectionLine"],
    ) -> None:
        step = track.last
        day, report = day_in_words(payload, step), report_in_words(payload, step)
        later = _reported_later(payload, step, on)
        is_lapsed = track.end in ENDED_LABELS and not _is_reversed(against)
        foretold = foretold_in_words(payload, step)
        announced = announced_for_in_words(step)
        awaited = foretold or announced
        if is_undated(payload, step) and not awaited:
            if is_lapsed:
                reported = _("{stage}, date not known, first reported {day}")
            elif step.step is Step.PLANNED:
                reported = _("First reported: {day}")
            else:
                reported = _("Date not known; first reported {day}")
        elif track.group is StatusGroup.LAW:
            reported = _("Since {day}")
        elif is_lapsed:
            day = report if step.held else day
            reported = _("{stage}, last reported {day}")
        elif track.group is StatusGroup.DONE:
            reported = _("Reported for {day}")
        elif track.group is StatusGroup.UNCONFIRMED:
            day = report if step.held else day
            reported = _("Not confirmed since {day}")
        elif step.held and not later:
            reported = _("Since {day} (report of {report})")
        elif step.held:
            reported = _("Since {day}")
        elif reported_steps.is_late(step) and not later:
            reported = _("Reported for {day} (report of {report})")
        elif reported_steps.is_late(step):
            reported = _("Reported for {day}")
        elif foretold:
            reported = _("Reported: {report}")
        elif announced:
            reported = _("Reported: {day}")
        else:
            reported = _("Last reported: {day}")
        firm = track.firm
        self.track = _(track.track.label)
        self.step = (
            Badge("lapsed", _(ENDED_LABELS[track.end]))
            if is_lapsed
            else Badge(step.step, awaited or step_label(step))
        )
        # For which day it is reported, such as "Last reported: January 2025".
        self.reported = reported.format(stage=step_label(step), day=day, report=report)
        self.age = "" if foretold else age_in_words(step, on)
        # What follows from its age or its stated end; empty if it is recent.
        self.note = _note(payload, track, practice, on, against)
        # The last step reported without reserve, if it is another one.
        self.firm = (
            _("Stated firmly: {stage}, {day}").format(
                stage=_(firm.step.label), day=dated_in_words(payload, firm)
            )
            if firm
            else ""
        )
        # When it was reported, if that was only after the day asked for.
        self.later = later


def status_lines(
    payload: EventPayload, status: MeasureStatus, on: date, against: Sequence["ObjectionLine"]
) -> list[StatusLine]:
    """Return the line of the track that decides the group, then that of the other track.

    `against` is what linked events show: where there is any, something was reported since.
    """
    tracks = [status.main, *([status.other] if status.other else [])]
    practice = next((track.last for track in tracks if track.track is Track.PRACTICE), None)
    return [StatusLine(payload, track, practice, on, against) for track in tracks]


def _reported_later(payload: EventPayload, step: ReportedStep, on: date) -> str:
    if not (step.told and step.told.first and step.told.first > on):
        return ""
    return _("Reported later: {day}").format(day=report_in_words(payload, step))


ENDED_LABELS = {
    End.STATED: N_("Stated end passed"),
    End.TOLD_LATER: N_("Ended, according to a later report"),
}


def _is_reversed(against: Sequence["ObjectionLine"]) -> bool:
    return any(line.type == EventLink.REVERSES for line in against)


def _note(
    payload: EventPayload,
    track: TrackStatus,
    practice: ReportedStep | None,
    on: date,
    against: Sequence["ObjectionLine"],
) -> str:
    step = track.last
    end = _stated_end_in_words(payload, track)
    match track.end:
        case End.REPORTED:
            return _("Its end or easing was reported.") if step.step is Step.EASED else ""
        case End.STATED if against:
            return _("Stated end: {end}. Later reports exist.").format(end=end)
        case End.STATED:
            return _(
                "Stated end: {end}. The stated period has ended; nothing was reported since."
            ).format(end=end)
        case End.TOLD_LATER:
            return _("It ended {end}, according to a later report.").format(end=end)
        case End.OF_RULE_REPORTED:
            return _("The rule was reported as ended or eased on a later day.")
        case End.OF_RULE_SAME_DAY:
            return _("The rule was reported as ended or eased on the same day.")
        case End.OF_RULE_UNSURE:
            return _("The rule was reported as ended or eased on a day that may be later.")
        case End.OF_RULE_STATED:
            return _("The stated period of the rule has ended.")
    if step.step in ENDS:
        return ""
    if end:
        return _("Stated end: {end}.").format(end=end)
    if step.step is Step.ANNOUNCED and _is_overdue(payload, step, on):
        return _("Start not reported.")
    if not track.is_reached:
        return _("Its date may be later than that day.")
    if track.group is StatusGroup.UNCONFIRMED and practice and _is_later(practice, step):
        return _("In practice, a later day is reported.")
    if track.group is StatusGroup.UNCONFIRMED:
        return _("No report that we read confirms it for a later day.")
    return ""


APPLIED = {Step.ENFORCED, Step.EFFECT_SEEN, Step.DONE}
"""Steps in practice which show that a rule applied."""


def _is_later(practice: ReportedStep, rule: ReportedStep) -> bool:
    """Whether practice shows that a rule applied, surely after the day of the rule's own step."""
    begins, by = practice.days.earliest, rule.days.latest
    return bool(practice.step in APPLIED and begins and by and begins > by)


def _is_overdue(payload: EventPayload, step: ReportedStep, on: date) -> bool:
    """Whether the day of an announced rule has passed, and nothing tells that it began."""
    whole = reported_steps.stated_days(step.planned_for)
    return bool(whole and whole.last and whole.last < on) and is_begin_unreported(payload)


def _stated_end_in_words(payload: EventPayload, track: TrackStatus) -> str:
    if track.stated_end is None:
        return ""
    stages = payload["form"].get("stages", [])
    texts = [
        stage["valid_until"]
        for stage, step in zip(stages, reported_steps.reported_steps(payload), strict=True)
        if "valid_until" in stage
        and step.stated_end == track.stated_end
        and step.step.track is track.track
    ]
    return in_words(texts[-1], lasts=False) if texts else ""


def plan_note(payload: EventPayload, step: ReportedStep, on: date) -> str:
    """Return when a measure is planned for. After that day it is still only a plan (rule 2)."""
    planned_for = planned_for_in_words(step)
    if carried := reported_status.carried_out_by(payload, on):
        begun = [_("{sentence}.").format(sentence=carried_out_in_words(each)) for each in carried]
        plan = _("Planned for {when}.").format(when=planned_for) if planned_for else _("A plan.")
        return " ".join((plan, *(sentence[:1].upper() + sentence[1:] for sentence in begun)))
    if not planned_for:
        return _undated_plan_note(payload, step, on)
    whole = reported_steps.stated_days(step.planned_for)
    if whole and whole.last and whole.last < on:
        return _("Planned for {when}. That date has passed; start not reported.").format(
            when=planned_for
        )
    return _("Planned for {when}; not confirmed.").format(when=planned_for)


def _undated_plan_note(payload: EventPayload, step: ReportedStep, on: date) -> str:
    """Return by when a plan without a day is to be done, if that is stated."""
    unbegun = _("Start not reported.")
    day, deadline = day_in_words(payload, step), deadline_in_words(payload, step)
    plan = _("A plan, reported {day}").format(day=day) if day else _("A plan")
    if not deadline:
        plan = _("{plan}; planned date not stated.").format(plan=plan)
        return " ".join((plan, unbegun))
    plan = _("{plan}; to be done by {deadline}.").format(plan=plan, deadline=deadline)
    whole = reported_steps.stated_days(deadline_of(payload, step))
    has_passed = bool(whole and whole.last and whole.last < on)
    return " ".join(
        (plan, _("The deadline has passed."), unbegun) if has_passed else (plan, unbegun)
    )


# Links -------------------------------------------------------------------------------------------


class ObjectionLine:
    """A linked event that shows that a measure was not applied, evaded, reversed or disagrees."""

    def __init__(self, payload: EventPayload, objection: Objection, other: LinkedEvent) -> None:
        theirs = other.payload
        linking = payload if objection.is_own else theirs
        is_read = reported_status.is_our_reading(linking, objection.link)
        labels = OBJECTION_LABELS | READ_LABELS if is_read else OBJECTION_LABELS
        self.type = objection.type
        self.label = _(labels[objection.type])
        self.id = objection.event
        self.address = url("event", id=objection.event)
        self.title = theirs["form"]["title"]
        self.when = theirs["happened_words"]
        self.reason = _reason(linking["form"].get("links", []), objection.link)
        self.is_alleged = reported_status.is_alleged(theirs)
        # Whether its type is always our reading.
        self.is_ours = objection.type in OURS


OBJECTION_LABELS = {
    EventLink.NOT_APPLIED: N_("Not applied, in the editors’ reading:"),
    EventLink.REVERSES: N_("Reportedly reversed:"),
    EventLink.PARTLY_REVERSES: N_("Reportedly reversed in part:"),
    EventLink.EVADES: N_("Reportedly evaded:"),
    EventLink.DISAGREES: N_("Does not agree, in the editors’ reading, with:"),
    EventLink.CONTRADICTS: N_("Contradicts, in the editors’ judgement:"),
}


READ_LABELS = {
    EventLink.REVERSES: N_("Reversed, in the editors’ reading:"),
    EventLink.PARTLY_REVERSES: N_("Reversed in part, in the editors’ reading:"),
    EventLink.EVADES: N_("Evaded, in the editors’ reading:"),
}
"""For links that no source makes, or for which an editor gives a reason."""
OURS = frozenset({EventLink.NOT_APPLIED, EventLink.DISAGREES, EventLink.CONTRADICTS})
"""Types of link that are always the editors' reading."""


def objection_lines(
    payload: EventPayload, linked: Mapping[str, LinkedEvent], on: date
) -> list[ObjectionLine]:
    """Return what linked events show, without those that begin after the day or were removed."""
    return [
        ObjectionLine(payload, objection, linked[objection.event])
        for objection in reported_status.objections(payload)
        if objection.event in linked and _has_begun(linked[objection.event], on)
    ]


def _has_begun(row: LinkedEvent, on: date) -> bool:
    return row.begins is None or row.begins <= on


def _reason(links: Iterable[PublishedEventLink], id: str) -> str:
    return next((link.get("reason", "") for link in links if link.get("id") == id), "")
