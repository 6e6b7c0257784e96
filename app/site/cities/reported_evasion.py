"""Reported evasion in a city: each report with the rules that began up to 90 days before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from app.dates.edtf import Days
from app.i18n.translate import _
from app.record.payloads import event_payload, form_of
from app.record.reads.event_context import MAX_FOLLOWING_TIME, certainly_follows
from app.record.rules.reported_status import is_our_reading
from app.record.sql.rows import ListRow
from app.site.components.urls import record_address
from app.vocabulary.events import EventLink, Step
from app.web.templates import render_part


@dataclass(frozen=True)
class PrecedingRule:
    """A rule that began up to 90 days before a report; `is_named` if the report links to it.

    `is_ours` if no source says that the report is of its evasion.
    """

    id: str
    title: str
    address: str
    when: str
    is_sure: bool
    is_named: bool
    is_ours: bool


class ReportedEvasion:
    """A report of evasion with the rules that precede it."""

    def __init__(self, report: ListRow, rules: Sequence[ListRow]) -> None:
        named, when = _linked_ids(report, EventLink.EVADES), report.lo or Days()
        # A whole that the report is part of, or an event that links to it, is not a rule it evades.
        own = {
            report.id,
            *_linked_ids(report, EventLink.PART_OF),
            *(link["from"] for link in event_payload(report)["links_from"]),
        }
        before = [
            rule for rule in rules if rule.id not in own and _could_follow(rule.lo or Days(), when)
        ]
        others = [id for id in named if id not in {rule.id for rule in before}]
        ours = _evaded_as_we_read(report)
        self.id = report.id
        self.title = form_of(report)["title"]
        self.address = record_address(report.id)
        self.when = event_payload(report)["happened_words"] or _("date not known")
        self.rules = [
            PrecedingRule(
                id=rule.id,
                title=form_of(rule)["title"],
                address=record_address(rule.id),
                when=event_payload(rule)["happened_words"],
                is_sure=certainly_follows(rule.lo or Days(), when),
                is_named=rule.id in named,
                is_ours=rule.id in ours,
            )
            for rule in sorted(before, key=lambda rule: rule.id not in named)
        ]
        # Ids of linked rules that are not among `rules`: elsewhere, or not within 90 days.
        self.others = [id for id in others if id not in ours]
        # Ids of those that it evades in our reading only.
        self.others_as_we_read = [id for id in others if id in ours]

    @cached_property
    def drawn(self) -> Markup:
        return render_part("site/cities/_reported_evasion.html", way=self)


NO_RULES = {Step.EVASION, Step.PLANNED, Step.DONE}
"""An event with no other step than these has no rule that could be evaded."""


def reported_evasions(rows: Sequence[ListRow]) -> list[ReportedEvasion]:
    """Return the reports of evasion, oldest first, each with the earlier rules among `rows`."""
    rules = [row for row in rows if set(_stages_of(row)) - NO_RULES]
    reports = [
        row for row in rows if _linked_ids(row, EventLink.EVADES) or Step.EVASION in _stages_of(row)
    ]
    made = [ReportedEvasion(report, rules) for report in reversed(reports)]
    return [way for way in made if way.rules or way.others or way.others_as_we_read]


def _evaded_as_we_read(report: ListRow) -> set[str]:
    """Return the rules that it evades, though no source says so."""
    payload = event_payload(report)
    return {
        link["to"]
        for link in payload["form"].get("links", [])
        if link["type"] == EventLink.EVADES and is_our_reading(payload, link.get("id", ""))
    }


def _stages_of(row: ListRow) -> list[str]:
    return [step["step"] for step in event_payload(row)["steps"]]


def _linked_ids(row: ListRow, type_: EventLink) -> list[str]:
    return [link["to"] for link in form_of(row).get("links", []) if link["type"] == type_]


def _could_follow(rule: Days, report: Days) -> bool:
    """Whether the report may date from the rule's first day or the 90 days after it."""
    if not (rule.first and report.first):
        return False
    return report.overlaps(Days(rule.first, rule.last and rule.last + MAX_FOLLOWING_TIME))
