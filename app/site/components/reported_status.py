"""The status of a measure in words: what was last reported, for when, and what is against it.

What it is follows from `app.record.rules.reported_status`; nothing else may word a status.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from app.i18n.translate import N_, _, ngettext
from app.record.names.status_labels import (
    last_reported_labels,
)
from app.record.payloads import EventPayload, PublishedEventLink
from app.record.reads.measures import LinkedEvent
from app.record.rules import reported_status, reported_steps
from app.record.rules.reported_status import (
    Objection,
)
from app.record.rules.reported_steps import ReportedStep
from app.site.components.marks import Badge
from app.vocabulary.events import EventLink
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
