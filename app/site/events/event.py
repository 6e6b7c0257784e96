"""The page of one event: its story, who says so, related events, facts and history."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.dates.edtf import Days
from app.i18n.formats import enumerate_words
from app.i18n.translate import _, ngettext
from app.kinds import EventForm
from app.kinds.events import UNSTATED
from app.record.index.edition import IndexedEdition
from app.record.models import Version
from app.record.names.age import Age, age
from app.record.names.date_labels import basis_reason, stated_end_in_words
from app.record.names.directory import Directory
from app.record.names.plan_labels import (
    announced_for_in_words,
    foretold_in_words,
    planned_for_in_words,
)
from app.record.names.status_labels import dated_in_words, step_label
from app.record.reads.event_context import (
    EventContext,
    EventVersion,
    event_context,
    read_context_rows,
    read_versions,
)
from app.record.rules.reported_status import stage_of
from app.record.rules.reported_steps import reported_steps
from app.site.events.independence import Origins, origins_view
from app.site.events.related_events import LinkRow, link_targets, links
from app.site.events.story import Paragraph, story
from app.site.events.terms import EventFact, LegalRow, facts, field_support
from app.site.presenters.citations import CitationLink, CitationTarget, CitedPage
from app.site.presenters.estimate import EstimateView
from app.site.presenters.event import EventView
from app.site.presenters.title import RevisionRow, revision_rows
from app.vocabulary.events import EventLink
from app.vocabulary.laws import NO_LEGAL_BASIS
from app.web.templates import render_part


class StatusStep(NamedTuple):
    """A reported status, newest first, with its citation on this page or that of another event."""

    label: str
    day: str
    age: Age | None
    address: str
    notes: Sequence[str]


class EventPage(CitedPage, EventView):
    full: EventForm

    def __init__(
        self,
        row: Version,
        context: EventContext,
        revisions: Sequence[EventVersion],
        on: date,
        directory: Directory,
    ) -> None:
        super().__init__(row, directory, on)
        self.context, self.versions, self.full = context, revisions, context.form
        self.read_sources = context.sources
        self.added = row.added

    @property
    def when_label(self) -> str:
        return _("Planned for") if self.full.is_only_planned else _("When")

    @property
    def when_notes(self) -> list[str]:
        """The source's words for the date, and what is ours in it."""
        text = self.full.happened_text
        reason = basis_reason(self.full.happened_basis, self.full.happened_basis_reason)
        return [
            note for note in (_("“{words}”").format(words=text) if text else "", reason) if note
        ]

    @property
    def due(self) -> str:
        """By when it was to be done; empty if no source says that there is a deadline."""
        return _("not stated") if self.full.deadline == UNSTATED else self.deadline

    @property
    def story(self) -> list[Paragraph]:
        return story(self.context, self.directory)

    @property
    def facts(self) -> list[EventFact]:
        return facts(self.full, self.directory)

    @property
    def laws(self) -> list[tuple[str, list[LegalRow]]]:
        """The laws that it is based on or breaks, and those that it mentions or plans."""
        rows = [(legal, LegalRow(legal, self.directory)) for legal in self.full.legal]
        groups = (
            (_("Law"), [row for legal, row in rows if legal.relation not in NO_LEGAL_BASIS]),
            (_("Laws mentioned"), [row for legal, row in rows if legal.relation in NO_LEGAL_BASIS]),
        )
        return [group for group in groups if group[1]]

    # Status ---------------------------------------------------------------------------------------

    @property
    def steps(self) -> list[StatusStep]:
        """What was reported of its status, the newest first."""
        found = []
        for step in reversed(reported_steps(self.payload)):
            stage = stage_of(self.payload, step)
            awaited = foretold_in_words(self.payload, step) or announced_for_in_words(step)
            planned, end = "" if awaited else planned_for_in_words(step), stated_end_in_words(stage)
            text, remark = stage.get("date_text", ""), stage.get("remark", "")
            notes = (
                _("planned for {when}").format(when=planned) if planned else "",
                _("stated end {end}").format(end=end) if end else "",
                _("“{words}”").format(words=text) if text else "",
                remark,
            )
            found.append(
                StatusStep(
                    awaited or step_label(step),
                    "" if awaited else dated_in_words(self.payload, step),
                    age(Days(step.days.earliest, step.days.latest), self.on),
                    self._citation_address(stage["citation"]),
                    [note for note in notes if note],
                )
            )
        return found

    def _citation_address(self, id: str) -> str:
        """Return the address of a citation, on this page or a linked event's; "" if removed."""
        if any(citation.id == id for citation in self.full.citations):
            return f"#{id}"
        others = self.context.events.items()
        return next(
            (
                f"{EventView(row, self.directory, self.on).address}#{id}"
                for _id, row in others
                if any(cited["id"] == id for cited in row.payload["form"].get("citations", []))
            ),
            "",
        )

    # Who says so ----------------------------------------------------------------------------------

    @property
    def targets(self) -> Mapping[str, CitationTarget]:
        return link_targets(self.context)

    @cached_property
    def origins(self) -> Origins:
        return origins_view(self.context, self.directory)

    @property
    def sources_in_words(self) -> str:
        """How many independent sources and reports there are."""
        independent, reports = len(self.payload["origins"]), len(self.payload["sources"])
        return enumerate_words(
            (
                ngettext("{count} independent source", "{count} independent sources", independent),
                ngettext("{count} report", "{count} reports", reports),
            )
        )

    @property
    def fields(self) -> list[tuple[str, list[CitationLink]]]:
        """The support of each detail that has citations of its own."""
        return field_support(self.context, self.directory)

    @property
    def figures(self) -> list[EstimateView]:
        return [EstimateView(figure, self.directory) for figure in self.context.figures]

    # Other events, and its history ----------------------------------------------------------------

    @cached_property
    def linked(self) -> list[LinkRow]:
        return links(self.context)

    @property
    def links(self) -> list[LinkRow]:
        return [link for link in self.linked if link.against is None]

    @property
    def objections(self) -> list[tuple[str, bool, list[LinkRow]]]:
        """What other events show against it: a sentence, whether it is our reading, the events."""
        found: dict[tuple[Callable[[int], str], bool], list[LinkRow]] = {}
        for link in self.linked:
            if link.against:
                found.setdefault((SUGGESTED[link.against], link.is_ours), []).append(link)
        return [(sentence(len(some)), is_ours, some) for (sentence, is_ours), some in found.items()]

    @property
    def revisions(self) -> list[RevisionRow]:
        return revision_rows(self.versions, self.directory)

    @cached_property
    def body(self) -> Markup:
        return render_part("site/events/_body.html", event=self)


def _not_applied(count: int) -> str:
    return ngettext(
        "{count} later report suggests that it was not fully applied",
        "{count} later reports suggest that it was not fully applied",
        count,
    )


def _reversed(count: int) -> str:
    return ngettext(
        "{count} report suggests that it was reversed",
        "{count} reports suggest that it was reversed",
        count,
    )


def _partly_reversed(count: int) -> str:
    return ngettext(
        "{count} report suggests that it was reversed in part",
        "{count} reports suggest that it was reversed in part",
        count,
    )


def _evaded(count: int) -> str:
    return ngettext(
        "{count} report suggests that it was evaded",
        "{count} reports suggest that it was evaded",
        count,
    )


def _unfitting(count: int) -> str:
    return ngettext(
        "{count} report does not fit with it", "{count} reports do not fit with it", count
    )


SUGGESTED = {
    EventLink.NOT_APPLIED: _not_applied,
    EventLink.REVERSES: _reversed,
    EventLink.PARTLY_REVERSES: _partly_reversed,
    EventLink.EVADES: _evaded,
    EventLink.DISAGREES: _unfitting,
    EventLink.CONTRADICTS: _unfitting,
}


def event_page(
    db: Session, edition: IndexedEdition, row: Version, directory: Directory
) -> EventPage:
    """Return the page model. Runs two SQL statements."""
    rows = read_context_rows(db, edition, row)
    versions = read_versions(db, edition, row.id)
    on = edition.at.date()
    return EventPage(row, event_context(row, rows), versions, on, directory)
